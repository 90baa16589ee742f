/**
 * What the clusters' reports amount to: for each component and place an observation for the run, and its entry in
 * KubeVela's `status.services`. Pure: the inventory of one moment in, facts out.
 */
import { refKey, refOf } from '../delivery/bundle.ts';
import type { Outcome, Refusal } from '../delivery/protocol.ts';
import { judgeService, type ServiceVerdict, type StatusEvaluator } from '../health/service.ts';
import type { ClusterId } from '../ids.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { contentHash } from '../oam/revision.ts';
import { lateOf, objectsOf, type RenderedObject, type RenderedTarget, type Rendering } from './rendering.ts';
import type { ClusterReport, Destination, ObjectProblem, Observation } from './run.ts';

/** One row of the inventory, with the live object. */
export interface InventoryFact {
  readonly cluster: ClusterId;
  /** `refKey`. */
  readonly ref: string;
  readonly wanted: 'yes' | 'leaving';
  readonly outcome: 'pending' | Outcome;
  readonly reason: Refusal | '';
  readonly message: string;
  /** Sequence of the last report that told of it; 0: none. */
  readonly reportedSequence: number;
  readonly live?: JsonObject;
}

/** One entry of `status.services` (apis/core.oam.dev/common/types.go, ApplicationComponentStatus). */
export interface ServiceStatus {
  readonly name: string;
  readonly namespace: string;
  /** Absent where the Application names no cluster. */
  readonly cluster?: string;
  readonly workloadDefinition: { readonly apiVersion: string; readonly kind: string };
  readonly healthy: boolean;
  readonly workloadHealthy: boolean;
  readonly message?: string;
  readonly details?: Readonly<Record<string, string>>;
  readonly traits?: readonly ServiceTraitStatus[];
}

export interface ServiceTraitStatus {
  readonly type: string;
  readonly healthy: boolean;
  readonly pending?: boolean;
  readonly message?: string;
  readonly details?: Readonly<Record<string, string>>;
}

export interface DigestInput {
  readonly rendering: Rendering;
  readonly destinations: readonly Destination[];
  readonly inventory: readonly InventoryFact[];
  /** Newest sequence that each cluster has said to be done with. */
  readonly done: ReadonlyMap<ClusterId, number>;
  /** Orders this digest among others of the run: grows with each load. */
  readonly counter: number;
  readonly evaluate: StatusEvaluator;
}

export interface Digest {
  readonly reports: readonly ClusterReport[];
  /** Of the targets of which anything was reported, sorted by cluster, namespace, name. */
  readonly services: readonly ServiceStatus[];
}

export function digest(input: DigestInput): Digest {
  const reports: ClusterReport[] = [];
  const services: ServiceStatus[] = [];
  for (const destination of input.destinations) {
    const rows = input.inventory.filter(({ cluster }) => cluster === destination.cluster);
    const seen = digestCluster(input, destination, rows);
    reports.push(seen.report);
    services.push(...seen.services);
  }
  return { reports, services: services.sort(byPlace) };
}

function byPlace(a: ServiceStatus, b: ServiceStatus): number {
  const key = ({ cluster = '', namespace, name }: ServiceStatus) => `${cluster}/${namespace}/${name}`;
  return key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0;
}

function digestCluster(
  input: DigestInput,
  { cluster, names }: Destination,
  inventory: readonly InventoryFact[],
): { report: ClusterReport; services: ServiceStatus[] } {
  const byRef = new Map(inventory.map((row) => [row.ref, row]));
  const done = input.done.get(cluster) ?? 0;
  const targets: ClusterReport['targets'][number][] = [];
  const services: ServiceStatus[] = [];
  for (const target of input.rendering.targets) {
    if (!names.includes(target.placement.cluster)) continue;
    const rows = rowsOf(target, byRef);
    const facts = factsOf([...rows.values()], done);
    if (facts === undefined) continue;
    const { component, placement } = target;
    const verdict = judgeService(target, {
      templates: input.rendering.templates,
      live: (object) => rows.get(object)?.live,
      evaluate: input.evaluate,
    });
    const stamp = { sequence: facts.sequence, counter: input.counter };
    const liveStatus = lateOf(target) === undefined ? {} : { liveStatus: statusHash(statusOf(target, rows)) };
    const observed = { stamp, ...observationOf(facts, verdict) };
    targets.push({
      component,
      placement,
      observed: observed.kind === 'present' ? { ...observed, ...liveStatus } : observed,
    });
    services.push(serviceOf(target, facts, verdict));
  }
  const leftovers = inventory.filter(({ wanted }) => wanted === 'leaving').map(({ ref }) => ref);
  return {
    report: { cluster, stamp: { sequence: done, counter: input.counter }, targets, leftovers },
    services,
  };
}

/** The live workload's `status`, as traits of stage PostDispatch see it; undefined: it has none, or is not there. */
export function liveStatusOf(
  target: RenderedTarget,
  inventory: readonly InventoryFact[],
): JsonValue | undefined {
  return statusOf(target, rowsOf(target, new Map(inventory.map((row) => [row.ref, row]))));
}

function statusOf(
  { objects }: RenderedTarget,
  rows: ReadonlyMap<RenderedObject, InventoryFact | undefined>,
): JsonValue | undefined {
  const workload = objects.find(({ role }) => role === 'workload');
  return workload === undefined ? undefined : rows.get(workload)?.live?.['status'];
}

function statusHash(status: JsonValue | undefined): string {
  return contentHash(status ?? null);
}

/**
 * The inventory's row of each rendered object. An object that names no namespace was delivered into the
 * placement's, unless its kind has none.
 */
function rowsOf(
  target: RenderedTarget,
  byRef: ReadonlyMap<string, InventoryFact>,
): Map<RenderedObject, InventoryFact | undefined> {
  const rows = objectsOf(target).map((object) => {
    const ref = refOf(object.manifest);
    if (ref === undefined) return [object, undefined] as const;
    const placed = byRef.get(refKey({ ...ref, namespace: ref.namespace ?? target.placement.namespace }));
    const { namespace: _, ...bare } = ref;
    return [object, placed ?? byRef.get(refKey(bare))] as const;
  });
  return new Map(rows);
}

interface Facts {
  /** The bundle of which this is told: for a whole target the lowest sequence among its objects. */
  readonly sequence: number;
  /** All objects are there as their newest bundle has them. */
  readonly whole: boolean;
  readonly problems: readonly ObjectProblem[];
}

/** Undefined: nothing was told of these objects yet. */
function factsOf(rows: readonly (InventoryFact | undefined)[], done: number): Facts | undefined {
  // A component without objects is there as soon as its cluster has done a bundle.
  if (rows.length === 0) return done === 0 ? undefined : { sequence: done, whole: true, problems: [] };
  const told = rows.filter((row) => row !== undefined).filter((row) => row.reportedSequence > 0);
  if (told.length === 0) return undefined;
  const problems = told.filter(({ outcome }) => outcome === 'refused').map(problemOf);
  const whole = told.length === rows.length && told.every(isThere);
  const sequences = told.map(({ reportedSequence }) => reportedSequence);
  return { sequence: whole ? Math.min(...sequences) : Math.max(...sequences), whole, problems };
}

function isThere({ outcome, wanted }: InventoryFact): boolean {
  return wanted === 'yes' && outcome !== 'pending' && outcome !== 'refused' && outcome !== 'missing';
}

function problemOf({ ref, reason, message }: InventoryFact): ObjectProblem {
  const [, kind = '', namespace = '', name = ''] = ref.split('/');
  const object = namespace === '' ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
  return { object, reason: reason === '' ? 'other' : reason, message };
}

type Seen = Observation extends infer O ? (O extends Observation ? Omit<O, 'stamp'> : never) : never;

function observationOf({ whole, problems }: Facts, verdict: ServiceVerdict): Seen {
  if (problems.length > 0) return { kind: 'refused', problems };
  if (!whole) return { kind: 'absent', message: 'not all of its objects are there' };
  const { healthy, workloadHealthy, message } = verdict;
  const traits = verdict.traits.map(({ type, healthy, pending, message }) => ({
    type,
    healthy,
    message,
    ...(pending && { pending }),
  }));
  return { kind: 'present', healthy, workloadHealthy, message, traits, details: verdict.details };
}

function serviceOf(
  target: RenderedTarget,
  { whole, problems }: Facts,
  verdict: ServiceVerdict,
): ServiceStatus {
  const { component, placement, workload } = target;
  const refused = problems.map(({ message }) => message).join('; ');
  const message = refused || verdict.message;
  return {
    name: component,
    namespace: placement.namespace,
    // Without a deploy step KubeVela names no cluster, in the context as in the status.
    ...(target.context['cluster'] !== '' && { cluster: placement.cluster }),
    workloadDefinition: workload,
    healthy: whole && verdict.healthy,
    workloadHealthy: whole && verdict.workloadHealthy,
    ...(message !== '' && { message }),
    ...(Object.keys(verdict.details).length > 0 && { details: verdict.details }),
    ...(verdict.traits.length > 0 && { traits: verdict.traits.map(traitOf) }),
  };
}

function traitOf(verdict: ServiceVerdict['traits'][number]): ServiceTraitStatus {
  const { type, healthy, pending, message, details } = verdict;
  return {
    type,
    healthy,
    ...(pending && { pending }),
    ...(message !== '' && { message }),
    ...(Object.keys(details).length > 0 && { details }),
  };
}
