/**
 * What a run has rendered, as it is stored: everything that delivering it, judging its health and delivering it
 * again later needs. It holds the definitions' status templates too, so that a definition that has changed since
 * does not change how an older revision is judged.
 */
import type { JsonObject } from '../json.ts';
import { type Plan, type TargetName, targetKey } from './run.ts';

export type ObjectRole = 'workload' | 'auxiliary' | 'trait' | 'policy';

export interface RenderedObject {
  readonly role: ObjectRole;
  /** Key under `outputs`; '' for the workload and where there is none. */
  readonly output: string;
  readonly manifest: JsonObject;
}

/** How a definition judges what was made of it; key into `Rendering.templates`, '' for a definition without. */
export type TemplateKey = string;

export interface RenderedTrait {
  readonly type: string;
  readonly templates: TemplateKey;
  readonly parameter: JsonObject;
  readonly objects: readonly RenderedObject[];
  /** Of stage PostDispatch: it has no objects while it is awaited. Absent: it goes with the workload. */
  readonly late?: 'awaited' | 'rendered';
  /** Its objects are applied before the workload; absent for any other stage. */
  readonly stage?: 'PreDispatch';
}

/** One component in one place. */
export interface RenderedTarget extends TargetName {
  /** Of the component's definition; both '' where it names none. */
  readonly workload: { readonly apiVersion: string; readonly kind: string };
  readonly templates: TemplateKey;
  readonly parameter: JsonObject;
  /** `context` of the templates without `output`, `outputs` and `status`. */
  readonly context: JsonObject;
  /** Workload and auxiliaries in the order of the template. */
  readonly objects: readonly RenderedObject[];
  readonly traits: readonly RenderedTrait[];
}

export interface HealthTemplates {
  readonly healthPolicy: string;
  readonly customStatus: string;
  readonly details: string;
}

export interface Rendering {
  readonly v: 1;
  readonly plan: Plan;
  readonly templates: Readonly<Record<TemplateKey, HealthTemplates>>;
  readonly targets: readonly RenderedTarget[];
}

/** What the traits of stage PostDispatch of a target wait for; undefined: it has none. */
export function lateOf({ traits }: RenderedTarget): 'awaited' | 'rendered' | undefined {
  const late = traits.flatMap((trait) => trait.late ?? []);
  return late.includes('awaited') ? 'awaited' : late[0];
}

/** A rendering's plan as a run begins with it: also one that an earlier run has got some way with. */
export function planOf({ plan, targets }: Pick<Rendering, 'plan' | 'targets'>): Plan {
  const late = new Map(targets.map((target) => [targetKey(target), lateOf(target)]));
  const steps = plan.steps.map((step) => ({
    ...step,
    targets: step.targets.map(({ late: _, ...target }) => {
      const waits = late.get(targetKey(target));
      return waits === undefined ? target : { ...target, late: waits };
    }),
  }));
  return { ...plan, steps };
}

/** Objects that are applied before all others. */
export function earlyObjectsOf({ traits }: RenderedTarget): ReadonlySet<RenderedObject> {
  return new Set(traits.flatMap(({ stage, objects }) => (stage === 'PreDispatch' ? objects : [])));
}

/** All objects of a target, in the order in which they were rendered. */
export function objectsOf(target: RenderedTarget): readonly RenderedObject[] {
  return [...target.objects, ...target.traits.flatMap(({ objects }) => objects)];
}
