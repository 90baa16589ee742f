/**
 * What runs can carry out. What they cannot is refused where an Application is submitted, since leaving a step or its
 * condition out would deliver something else than was asked for.
 */
import { isObject } from '../json.ts';
import type { WorkflowSubStep } from '../oam/application.ts';
import type { ApplicationPlan } from '../render/plan.ts';
import type { Issue } from '../result.ts';
import { pointer } from '../result.ts';
import { flatSteps, type StepPlace, stepPlace } from './steps.ts';

/** Types of steps that runs take: the one list of them. */
export const executableStepTypes = ['apply-component', 'builtin-apply-component', 'deploy'] as const;
export type ExecutableStepType = (typeof executableStepTypes)[number];

export function isExecutable(type: string): type is ExecutableStepType {
  return executableStepTypes.some((one) => one === type);
}

type Planned = Pick<ApplicationPlan, 'application' | 'workflow'>;

/** Types of policies that are taken and do not rule the delivery yet: the one list of them. */
export const unenforcedPolicyTypes: ReadonlySet<string> = new Set([
  'garbage-collect',
  'apply-once',
  'read-only',
  'take-over',
  'shared-resource',
  'resource-update',
]);

/**
 * Warnings `policy-not-enforced`: what policies ask for that a run leaves out without being wrong, namely rules for the
 * delivery, and objects of their own.
 */
export function unenforcedPolicies(
  plan: Pick<ApplicationPlan, 'policies' | 'renderedPolicies' | 'application'>,
): readonly Issue[] {
  const own = plan.application.spec.policies?.length ?? 0;
  const rules = plan.policies.flatMap(({ name, type }, index): readonly Issue[] => {
    if (!unenforcedPolicyTypes.has(type)) return [];
    const path = index < own ? pointer(['spec', 'policies', index, 'type']) : '/spec/policies';
    const message = `The policy "${name}" of type ${type} is taken, and not enforced yet.`;
    return [{ code: 'policy-not-enforced', path, message, actual: type }];
  });
  const objects = plan.renderedPolicies.map(({ name, definition, path }): Issue => {
    const message = `The objects of policy "${name}" of type ${definition.name} are rendered, and not applied yet.`;
    return {
      code: 'policy-not-enforced',
      path: path.replace(/\/properties$/, '/type'),
      message,
      actual: definition.name,
    };
  });
  return [...rules, ...objects];
}

/** An issue `workflow-step-unsupported` for each step, and each part of one, that a run of this plan could not take. */
export function unsupportedSteps(plan: Planned): readonly Issue[] {
  const steps = flatSteps(plan.workflow.steps).flatMap(({ step, path }) => {
    const at = stepPlace(plan.application.spec, step, path);
    return isExecutable(step.type) ? unsupportedParts(step, at) : [unsupportedType(step, at('type'))];
  });
  return [...steps, ...componentInputs(plan)];
}

const named = ({ name = '' }: WorkflowSubStep): string => `The workflow step "${name}"`;

function unsupportedType(step: WorkflowSubStep, path: string): Issue {
  return {
    code: 'workflow-step-unsupported',
    path,
    message: `${named(step)} is of type ${step.type}, which this service cannot run yet.`,
    expected: `one of ${executableStepTypes.join(', ')}`,
    actual: step.type,
  };
}

function unsupportedParts(step: WorkflowSubStep, at: StepPlace): readonly Issue[] {
  const issues: Issue[] = [];
  const unsupported = (what: string, path: string, actual: string): void => {
    const message = `${named(step)} ${what}, which this service cannot do yet.`;
    issues.push({ code: 'workflow-step-unsupported', path, message, expected: 'nothing', actual });
  };
  if (step.if) unsupported('runs on a condition', at('if'), step.if);
  if (step.inputs?.length) {
    const names = step.inputs.map(({ from }) => from).join(', ');
    unsupported('takes inputs of other steps', at('inputs'), names);
  }
  const auto = isObject(step.properties) ? step.properties['auto'] : undefined;
  if (step.type === 'deploy' && auto === false)
    unsupported('waits for an approval', at('properties', 'auto'), 'false');
  return issues;
}

/** Values that a component takes of a step: without them it would be another component. */
function componentInputs({ application }: Planned): readonly Issue[] {
  return application.spec.components.flatMap(({ name, inputs = [] }, index) =>
    inputs.length === 0
      ? []
      : [
          {
            code: 'workflow-step-unsupported',
            path: pointer(['spec', 'components', index, 'inputs']),
            message: `The component "${name}" takes inputs of other steps, which this service cannot do yet.`,
            expected: 'nothing',
            actual: inputs.map(({ from }) => from).join(', '),
          },
        ],
  );
}
