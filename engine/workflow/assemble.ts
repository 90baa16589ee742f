/** Turns a rendered Application into what its run works on: a plan of steps, and targets with all they need later. */
import type { Definition } from '../definitions/definition.ts';
import type { JsonObject } from '../json.ts';
import type { Component, WorkflowStep } from '../oam/application.ts';
import type { Rendering as Rendered, RenderedEntry } from '../render/application.ts';
import { type ClusterVersion, componentContext, sharedContext } from '../render/context.ts';
import type { ApplicationPlan, PlannedTrait } from '../render/plan.ts';
import { fail, type Issue, ok, type Result } from '../result.ts';
import { LOCAL } from './destinations.ts';
import { milliseconds } from './duration.ts';
import type {
  HealthTemplates,
  RenderedObject,
  RenderedTarget,
  RenderedTrait,
  Rendering,
} from './rendering.ts';
import type { Placement, PlannedStep, PlannedTarget } from './run.ts';

export interface AssembleInput {
  readonly plan: ApplicationPlan;
  readonly rendered: Rendered;
  /** `<app>-v<n>`. */
  readonly revision: string;
  readonly clusterVersion: (cluster: string) => ClusterVersion;
}

/** Issues: `workflow-step-unsupported` for a type of step that runs cannot take yet. */
export function assembleRendering(input: AssembleInput): Result<Rendering> {
  const { plan, rendered } = input;
  const targets = renderedTargets(input);
  const steps = plan.workflow.steps.map((step) => stepOf(step, plan, rendered.entries, targets));
  const issues = steps.flatMap((step) => (step.ok ? [] : step.issues));
  if (issues.length > 0) return fail(...issues);
  const { steps: mode, subSteps } = plan.workflow.mode;
  return ok({
    v: 1,
    plan: { mode: { steps: mode, subSteps }, steps: steps.flatMap((step) => (step.ok ? [step.value] : [])) },
    templates: templatesOf(plan),
    targets,
  });
}

/** What goes where, whatever the steps do with it. */
export function renderedTargets(input: AssembleInput): readonly RenderedTarget[] {
  return input.rendered.entries.map((entry) => targetOf(input, entry));
}

function keyOf({ kind, namespace, name, version }: Definition): string {
  return `${kind}/${namespace}/${name}${version === undefined ? '' : `@${version}`}`;
}

function templatesOf(plan: ApplicationPlan): Record<string, HealthTemplates> {
  const used = plan.components.flatMap(({ definition, traits }) => [
    definition,
    ...traits.map((trait) => trait.definition),
  ]);
  return Object.fromEntries(used.map((definition) => [keyOf(definition), definition.status]));
}

function placementOf({ placement }: RenderedEntry, plan: ApplicationPlan): Placement {
  return {
    cluster: placement?.cluster || LOCAL,
    namespace: placement?.namespace || plan.namespace,
    replicaKey: placement?.replicaKey ?? '',
  };
}

function targetOf({ plan, revision, clusterVersion }: AssembleInput, entry: RenderedEntry): RenderedTarget {
  const { component: rendered, placement } = entry;
  const planned = plan.components.find(({ name }) => name === rendered.name);
  const cluster = placement?.cluster ?? '';
  const { metadata, spec } = plan.application;
  const shared = sharedContext({
    name: metadata.name,
    namespace: plan.namespace,
    revision,
    metadata,
    components: spec.components,
  });
  // The whole Application is in there once for each component; its status templates have no use for that.
  const { components: _, ...context } = componentContext(shared, rendered.name, plan.namespace, {
    cluster,
    namespace: placement?.namespace ?? '',
    replicaKey: placement?.replicaKey ?? '',
    componentRevision: '',
    clusterVersion: clusterVersion(cluster),
  });
  const workload: RenderedObject = { role: 'workload', output: '', manifest: rendered.workload };
  const auxiliaries = rendered.objects.filter(({ role }) => role === 'auxiliary');
  return {
    component: rendered.name,
    placement: placementOf(entry, plan),
    workload: planned === undefined ? noWorkload : workloadOf(planned.definition),
    templates: planned === undefined ? '' : keyOf(planned.definition),
    parameter: planned?.properties ?? {},
    context,
    objects: [
      ...(rendered.skipWorkload ? [] : [workload]),
      ...auxiliaries.map(({ object, resource }) => ({
        role: 'auxiliary' as const,
        output: resource,
        manifest: object,
      })),
    ],
    traits: traitsOf(planned?.traits ?? [], entry),
  };
}

const noWorkload = { apiVersion: '', kind: '' };

/** `spec.workload.definition` of a component definition (common.WorkloadTypeDescriptor). */
function workloadOf({ spec }: Definition): { apiVersion: string; kind: string } {
  const definition = childOf(childOf(spec, 'workload'), 'definition');
  const text = (key: string) => (typeof definition[key] === 'string' ? definition[key] : '');
  return { apiVersion: text('apiVersion'), kind: text('kind') };
}

function childOf(object: JsonObject, key: string): JsonObject {
  const value = object[key];
  // Arrays have no fields of these names either.
  return typeof value === 'object' && value !== null ? (value as JsonObject) : {};
}

/** Every trait, those without objects too; of two traits of one type the first takes the objects of both. */
function traitsOf(traits: readonly PlannedTrait[], { component }: RenderedEntry): RenderedTrait[] {
  return traits.map(({ type, definition, properties }, index) => {
    const first = traits.findIndex((other) => other.type === type) === index;
    const objects = component.objects.filter(
      (object) => first && object.role === 'trait' && object.type === type,
    );
    return {
      type,
      templates: keyOf(definition),
      parameter: properties ?? {},
      objects: objects.map(({ object, resource }) => ({ role: 'trait', output: resource, manifest: object })),
    };
  });
}

function stepOf(
  step: WorkflowStep,
  plan: ApplicationPlan,
  entries: readonly RenderedEntry[],
  targets: readonly RenderedTarget[],
): Result<PlannedStep> {
  const { name = '', type, dependsOn = [] } = step;
  const timeoutMs = step.timeout === undefined ? undefined : milliseconds(step.timeout);
  const base = { name, type, dependsOn, ...(timeoutMs !== undefined && { timeoutMs }) };
  const sources = new Map(plan.components.map(({ name: component, source }) => [component, source]));
  const chosen = targets.filter((target, i) => isOfStep(step, target, entries[i]));
  if (type === 'apply-component' || type === 'builtin-apply-component') {
    return ok({ ...base, targets: chosen.map((target) => plannedTarget(target, undefined)) });
  }
  if (type !== 'deploy') return fail(unsupported(step));
  return ok({
    ...base,
    targets: chosen.map((target) => plannedTarget(target, sources.get(target.component))),
  });
}

function isOfStep(step: WorkflowStep, target: RenderedTarget, entry: RenderedEntry | undefined): boolean {
  if (step.type === 'deploy') return entry?.placement?.step === step.name;
  const properties = step.properties as JsonObject | undefined;
  return target.component === (properties?.['component'] ?? step.name);
}

/** Within a deploy step components wait for each other; an apply-component step has one, and waits as a step. */
function plannedTarget(
  { component, placement }: RenderedTarget,
  source: Component | undefined,
): PlannedTarget {
  return { component, placement, dependsOn: source?.dependsOn ?? [] };
}

function unsupported({ name = '', type }: WorkflowStep): Issue {
  return {
    code: 'workflow-step-unsupported',
    path: '/spec/workflow/steps',
    message: `The workflow step ${name} is of type ${type}, which this service cannot run yet.`,
  };
}
