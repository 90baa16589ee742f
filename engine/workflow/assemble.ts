/** Turns a rendered Application into what its run works on: a plan of steps, and targets with all they need later. */
import type { Definition } from '../definitions/definition.ts';
import type { JsonObject } from '../json.ts';
import type { WorkflowStep } from '../oam/application.ts';
import type { Rendering as Rendered, RenderedEntry } from '../render/application.ts';
import { type ClusterVersion, componentContext, sharedContext } from '../render/context.ts';
import type { ApplicationPlan } from '../render/plan.ts';
import { fail, ok, type Result } from '../result.ts';
import { LOCAL } from './destinations.ts';
import { milliseconds } from './duration.ts';
import { unsupportedSteps } from './executable.ts';
import {
  type HealthTemplates,
  planOf,
  type RenderedObject,
  type RenderedTarget,
  type RenderedTrait,
  type Rendering,
} from './rendering.ts';
import { type Placement, type PlannedStep, type PlannedTarget, type TargetName, targetKey } from './run.ts';

export interface AssembleInput {
  readonly plan: ApplicationPlan;
  readonly rendered: Rendered;
  /** `<app>-v<n>`. */
  readonly revision: string;
  readonly clusterVersion: (cluster: string) => ClusterVersion;
}

/** Issues: `workflow-step-unsupported` for what runs cannot take yet (`unsupportedSteps`). */
export function assembleRendering(input: AssembleInput): Result<Rendering> {
  const { plan, rendered } = input;
  const targets = renderedTargets(input);
  const issues = unsupportedSteps(plan);
  if (issues.length > 0) return fail(...issues);
  const { steps: mode, subSteps } = plan.workflow.mode;
  const planned = plan.workflow.steps.map((step) => stepOf(step, rendered.entries, targets));
  return ok({
    v: 1,
    plan: planOf({
      plan: {
        mode: { steps: mode, subSteps },
        steps: planned,
        ...(plan.applied.length > 0 && { applied: plan.applied }),
      },
      targets,
    }),
    templates: templatesOf(rendered.entries),
    targets,
  });
}

/** Whether a target is what a rendering of a component at a place makes. */
export function isTargetAt(
  target: TargetName,
  component: string,
  placement: RenderedEntry['placement'],
  plan: ApplicationPlan,
): boolean {
  return targetKey(target) === targetKey({ component, placement: placementOf(placement, plan) });
}

/** A target with its traits of stage PostDispatch as they were rendered by themselves. */
export function completedTarget(target: RenderedTarget, entry: RenderedEntry): RenderedTarget {
  const rendered = traitsOf(entry);
  const traits = target.traits.map((trait, i) =>
    trait.late === undefined
      ? trait
      : { ...trait, late: 'rendered' as const, objects: rendered[i]?.objects ?? [] },
  );
  return { ...target, traits };
}

/** What goes where, whatever the steps do with it. */
export function renderedTargets(input: AssembleInput): readonly RenderedTarget[] {
  return input.rendered.entries.map((entry) => targetOf(input, entry));
}

/** Two versions of one definition may be used beside each other, under two types. */
function keyOf({ kind, namespace }: Definition, type: string): string {
  return `${kind}/${namespace}/${type}`;
}

function templatesOf(entries: readonly RenderedEntry[]): Record<string, HealthTemplates> {
  const used = entries.flatMap(({ planned }) => [planned, ...planned.traits]);
  return Object.fromEntries(used.map(({ definition, type }) => [keyOf(definition, type), definition.status]));
}

function placementOf(placement: RenderedEntry['placement'], plan: ApplicationPlan): Placement {
  return {
    cluster: placement?.cluster || LOCAL,
    namespace: placement?.namespace || plan.namespace,
    replicaKey: placement?.replicaKey ?? '',
  };
}

function targetOf({ plan, revision, clusterVersion }: AssembleInput, entry: RenderedEntry): RenderedTarget {
  const { component: rendered, placement, planned } = entry;
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
    placement: placementOf(placement, plan),
    workload: workloadOf(planned.definition),
    templates: keyOf(planned.definition, planned.type),
    parameter: planned.properties ?? {},
    context,
    objects: [
      ...(rendered.skipWorkload ? [] : [workload]),
      ...auxiliaries.map(({ object, resource }) => ({
        role: 'auxiliary' as const,
        output: resource,
        manifest: object,
      })),
    ],
    traits: traitsOf(entry),
  };
}

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
function traitsOf({ component, planned: { traits } }: RenderedEntry): RenderedTrait[] {
  return traits.map(({ type, definition, properties }, index) => {
    const first = traits.findIndex((other) => other.type === type) === index;
    const objects = component.objects.filter(
      (object) => first && object.role === 'trait' && object.type === type,
    );
    const late = component.pendingTraits.includes(type) ? 'awaited' : 'rendered';
    return {
      type,
      templates: keyOf(definition, type),
      parameter: properties ?? {},
      objects: objects.map(({ object, resource }) => ({ role: 'trait', output: resource, manifest: object })),
      ...(definition.attributes.stage === 'PostDispatch' && { late }),
      ...(definition.attributes.stage === 'PreDispatch' && { stage: 'PreDispatch' }),
    };
  });
}

function stepOf(
  step: WorkflowStep,
  entries: readonly RenderedEntry[],
  targets: readonly RenderedTarget[],
): PlannedStep {
  const { name = '', type, dependsOn = [] } = step;
  const timeoutMs = step.timeout === undefined ? undefined : milliseconds(step.timeout);
  const base = { name, type, dependsOn, ...(timeoutMs !== undefined && { timeoutMs }) };
  const chosen = targets.flatMap(({ component, placement }, i): PlannedTarget[] => {
    const entry = entries[i];
    if (entry === undefined || !isOfStep(step, entry)) return [];
    // Within a deploy step components wait for each other; an apply-component step has one, and waits as a step.
    const needed = type === 'deploy' ? (entry.planned.source.dependsOn ?? []) : [];
    return [{ component, placement, dependsOn: needed }];
  });
  return { ...base, targets: chosen };
}

function isOfStep(step: WorkflowStep, { component, placement }: RenderedEntry): boolean {
  if (step.type === 'deploy') return placement?.step === step.name;
  const properties = step.properties as JsonObject | undefined;
  return component.name === (properties?.['component'] ?? step.name);
}
