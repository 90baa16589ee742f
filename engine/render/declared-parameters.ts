/**
 * Parameters of steps and of policies that render nothing, held against what their definitions declare: nothing else
 * evaluates them before a run does. Those of components, traits and other policies are told as they are rendered.
 */
import { unknownParameters } from '../definitions/check-parameters.ts';
import { type DefinitionKind, templateOf } from '../definitions/definition.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { isArray, isObject } from '../json.ts';
import { nearestName } from '../oam/nearest.ts';
import { internalPolicyTypes } from '../policy/kinds.ts';
import type { Issue, Result } from '../result.ts';
import { fail, ok, pointer } from '../result.ts';
import { flatSteps, stepPlace } from '../workflow/steps.ts';
import { dataFor, dataOf } from './data.ts';
import type { ApplicationPlan } from './plan.ts';
import type { RenderEnvironment } from './template.ts';
import { wrongParameters } from './template-issues.ts';

interface Use {
  readonly kind: Extract<DefinitionKind, 'policy' | 'workflowstep'>;
  readonly type: string;
  /** JSON pointer to the properties. */
  readonly path: string;
  readonly properties: JsonValue | undefined;
  /** Outputs of other steps fill in what is not there yet. */
  readonly open: boolean;
}

/**
 * Fails with what is wrong or missing; warns of what a step does not declare (policies are read by KubeVela itself,
 * which knows more than some of their definitions). `environments`: with the packages of each kind.
 */
export function checkDeclaredParameters(
  plan: ApplicationPlan,
  environments: Readonly<Record<Use['kind'], RenderEnvironment>>,
): Result<null> {
  const issues: Issue[] = [];
  const warnings: Issue[] = [];
  for (const use of [...policyUses(plan), ...stepUses(plan)]) {
    const found = check(use, plan, environments[use.kind]);
    if (!found.ok) issues.push(...found.issues);
    warnings.push(...(found.warnings ?? []));
  }
  issues.push(...unknownComponents(plan));
  return issues.length > 0 ? { ...fail(...issues), warnings } : ok(null, warnings);
}

/** Steps that apply a component which the Application does not have: a run would do nothing and call it done. */
function unknownComponents({ workflow, application, components }: ApplicationPlan): readonly Issue[] {
  const names = components.map(({ name }) => name);
  return flatSteps(workflow.steps).flatMap(({ step, path }): readonly Issue[] => {
    if (step.type !== 'apply-component' && step.type !== 'builtin-apply-component') return [];
    const component = isObject(step.properties) ? step.properties['component'] : undefined;
    if (typeof component !== 'string' || names.includes(component)) return [];
    const near = nearestName(component, names);
    return [
      {
        code: 'component-not-found',
        path: stepPlace(application.spec, step, path)('properties', 'component'),
        message: `There is no component "${component}".${near === null ? '' : ` Did you mean "${near}"?`}`,
        expected: near ?? `one of ${names.join(', ')}`,
        actual: component,
      },
    ];
  });
}

function policyUses({ policies }: ApplicationPlan): readonly Use[] {
  return policies.flatMap(({ type, properties }, index) => {
    if (!internalPolicyTypes.has(type)) return [];
    return [
      {
        kind: 'policy',
        type,
        properties,
        path: pointer(['spec', 'policies', index, 'properties']),
        open: false,
      },
    ];
  });
}

function stepUses({ workflow, application }: ApplicationPlan): readonly Use[] {
  return flatSteps(workflow.steps).map(({ step, path }) => ({
    kind: 'workflowstep',
    type: step.type,
    properties: step.properties,
    path: stepPlace(application.spec, step, path)('properties'),
    open: (step.inputs?.length ?? 0) > 0,
  }));
}

function check(use: Use, plan: ApplicationPlan, { cache, budget }: RenderEnvironment): Result<null> {
  const { type, path } = use;
  const properties = isObject(use.properties) && !isArray(use.properties) ? use.properties : {};
  const found = plan.registry.lookup(use.kind, type, path, plan.lookup);
  const template = found.ok ? templateOf(found.value) : null;
  const compiled = template === null ? null : cache.get(template);
  const declared = compiled?.ok === true ? compiled.use.parameter() : null;
  if (compiled?.ok !== true || declared === null) return ok(null);
  const bindings = {
    parameter: dataOf(properties),
    context: dataFor(contextOf(plan), compiled.use.context),
  };
  const value = compiled.template.evaluate({ bindings, ...(budget === undefined ? {} : { budget }) });
  const subject = { title: type, type, path, properties };
  const wrong = wrongParameters(value.lookup(['parameter']), subject, compiled.use).filter(
    ({ code }) => !(use.open && code === 'parameter.required'),
  );
  const warnings = use.kind === 'policy' ? [] : unknownParameters(properties, declared, { type, path });
  return wrong.length > 0 ? { ...fail(...wrong), warnings } : ok(null, warnings);
}

function contextOf({ application, namespace }: ApplicationPlan): JsonObject {
  const { name } = application.metadata;
  return { name, appName: name, namespace };
}
