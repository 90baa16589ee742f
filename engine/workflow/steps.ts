/** The steps of an Application's workflow: given, referred to, or generated (pkg/workflow/step/generator.go). */
import { isObject } from '../json.ts';
import type {
  ApplicationSpec,
  AppPolicy,
  Component,
  WorkflowExecuteMode,
  WorkflowObject,
  WorkflowStep,
  WorkflowSubStep,
} from '../oam/application.ts';
import { environmentsOf } from '../policy/env-binding.ts';
import type { Result } from '../result.ts';
import { fail, ok, pointer } from '../result.ts';

export interface WorkflowPlan {
  readonly steps: readonly WorkflowStep[];
  readonly mode: Required<WorkflowExecuteMode>;
}

/** Steps that the engine itself carries out; no definition is looked up for them. */
export const builtinStepTypes: ReadonlySet<string> = new Set([
  'suspend',
  'apply-component',
  'builtin-apply-component',
  'step-group',
  // KubeVela has a definition whose template only calls the engine.
  'deploy',
]);

/**
 * The steps that run and in which mode. `policies` are the Application's own, named. `workflows` are the Workflow
 * objects of its namespace. Issues: `parse.workflow-ref-and-steps`, `parse.workflow-not-found`.
 */
export function planWorkflow(
  spec: ApplicationSpec,
  policies: readonly AppPolicy[],
  workflows: readonly WorkflowObject[],
): Result<WorkflowPlan> {
  const given = spec.workflow;
  const referred = given?.ref === undefined ? null : workflows.find((w) => w.metadata.name === given.ref);
  if (given?.ref !== undefined) {
    if (given.steps !== undefined) return fail(refAndSteps);
    if (referred === undefined) return fail(workflowNotFound(given.ref));
  }
  const asked = given?.mode ?? referred?.mode;
  const mode = {
    steps: asked?.steps ?? (given === undefined ? 'DAG' : 'StepByStep'),
    subSteps: asked?.subSteps ?? 'DAG',
  } as const;
  const steps = referred?.steps ?? given?.steps ?? [];
  if (steps.length > 0) return ok({ steps, mode });
  const generated = generateSteps(spec.components, policies);
  return generated.ok ? ok({ steps: generated.value, mode }) : generated;
}

const refAndSteps = {
  code: 'parse.workflow-ref-and-steps',
  path: '/spec/workflow',
  message: 'A workflow has either steps or a ref, not both.',
};

function workflowNotFound(name: string): { code: string; path: string; message: string; actual: string } {
  return {
    code: 'parse.workflow-not-found',
    path: '/spec/workflow/ref',
    message: `There is no Workflow "${name}" in the Application's namespace.`,
    actual: name,
  };
}

function generateSteps(
  components: readonly Component[],
  policies: readonly AppPolicy[],
): Result<readonly WorkflowStep[]> {
  const deploys = deploySteps(components, policies);
  if (deploys.length > 0) return ok(deploys);
  const environments = environmentSteps(policies);
  if (!environments.ok || environments.value.length > 0) return environments;
  return ok(components.map(applyComponentStep));
}

/** One `deploy` a topology, each with all overrides; without a topology one for the overrides or for ref-objects. */
function deploySteps(
  components: readonly Component[],
  policies: readonly AppPolicy[],
): readonly WorkflowStep[] {
  const overrides = policies.filter((p) => p.type === 'override').map((p) => p.name);
  const topologies = policies.filter((p) => p.type === 'topology').map((p) => p.name);
  if (topologies.length > 0) {
    return topologies.map((topology) => ({
      name: `deploy-${topology}`,
      type: 'deploy',
      properties: { policies: [...overrides, topology] },
    }));
  }
  const needed = overrides.length > 0 || components.some((c) => c.type === 'ref-objects');
  return needed ? [{ name: 'deploy', type: 'deploy', properties: { policies: overrides } }] : [];
}

function environmentSteps(policies: readonly AppPolicy[]): Result<readonly WorkflowStep[]> {
  const steps: WorkflowStep[] = [];
  for (const policy of policies) {
    if (policy.type !== 'env-binding' || policy.properties === undefined) continue;
    const environments = environmentsOf(policy);
    if (!environments.ok) return environments;
    for (const env of environments.value) {
      steps.push({
        name: `deploy-${policy.name}-${env}`,
        type: 'deploy2env',
        properties: { policy: policy.name, env },
      });
    }
  }
  return ok(steps);
}

function applyComponentStep(component: Component): WorkflowStep {
  return {
    name: component.name,
    type: 'apply-component',
    properties: { component: component.name },
    ...(component.dependsOn?.length ? { dependsOn: component.dependsOn } : {}),
  };
}

/** Unnamed steps get `step-<i>`, sub-steps `step-<i>-<j>`, as KubeVela's admission names them. */
export function nameSteps(steps: readonly WorkflowStep[]): readonly WorkflowStep[] {
  return steps.map((step, i) => ({
    ...step,
    name: step.name ?? `step-${i}`,
    ...(step.subSteps === undefined
      ? {}
      : { subSteps: step.subSteps.map((sub, j) => ({ ...sub, name: sub.name ?? `step-${i}-${j}` })) }),
  }));
}

/** All steps with their sub-steps, each after its group, with the indices that lead to it. */
export function flatSteps(
  steps: readonly WorkflowStep[],
): readonly { readonly step: WorkflowSubStep; readonly path: readonly (string | number)[] }[] {
  return steps.flatMap((step, i) => [
    { step, path: [i] },
    ...(step.subSteps ?? []).map((sub, j) => ({ step: sub, path: [i, 'subSteps', j] })),
  ]);
}

/** Pointer to a field of a step in the Application; to what the step comes from where it does not stand there. */
export type StepPlace = (...field: readonly string[]) => string;

/** `path`: as `flatSteps` gives it. A generated step comes from the policy that it names. */
export function stepPlace(
  { workflow, policies = [] }: ApplicationSpec,
  step: WorkflowSubStep,
  path: readonly (string | number)[],
): StepPlace {
  if (workflow?.ref !== undefined) return () => '/spec/workflow/ref';
  if (workflow?.steps?.length) return (...field) => pointer(['spec', 'workflow', 'steps', ...path, ...field]);
  const source = isObject(step.properties) ? step.properties['policy'] : undefined;
  const policy = policies.findIndex(({ name }) => name === source);
  return () => (policy < 0 ? '/spec' : pointer(['spec', 'policies', policy]));
}
