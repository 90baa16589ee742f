/**
 * What a delivery would do in the cluster, found out by trying it: each object is applied as a dry run under the rules
 * of ownership and force, and compared with the live one. Nothing is written. Of objects that are not the
 * Application's own nothing is told but that they are there.
 */
import { type ObjectRef, refKey, refOf } from '../engine/delivery/bundle.ts';
import { addressOf } from '../engine/delivery/canonical.ts';
import { type FieldConflict, type Owner, ownershipOf } from '../engine/delivery/ownership.ts';
import type { ObjectPlan, Wanted } from '../engine/delivery/protocol.ts';
import { type ChangeBudget, liveChanges, withinBudget } from '../engine/diff/live.ts';
import { isObject, type JsonObject, utf8Length } from '../engine/json.ts';
import { type Desired, driftRuleOf, locate, type Writer, type Written, writeOver } from './apply-object.ts';
import type { Discovery } from './kube/discovery.ts';
import { isTerminating, resourceVersionOf } from './kube/objects.ts';
import { missingKind, type Refused, refusalOf } from './refusal.ts';

/** How often an object is looked at again that changes while it is compared. */
const LOOKS = 3;

/** A cluster in which an apply is only tried. */
export interface TrialCluster extends Writer {
  readonly discovery: Discovery;
}

export interface PlanInput {
  readonly wanted: Wanted;
  readonly owner: Owner;
  readonly budget: ChangeBudget;
  /** Address of what was last applied as this object by this agent; undefined: nothing. */
  applied(key: string): string | undefined;
}

/** One plan an object, in the order given; what would go comes last. Never throws for what one object meets. */
export async function planApplication(cluster: TrialCluster, input: PlanInput): Promise<ObjectPlan[]> {
  const { wanted } = input;
  const plans: ObjectPlan[] = [];
  for (const manifest of wanted.objects) {
    const ref = refOf(manifest);
    if (ref !== undefined) plans.push(await planObject(cluster, input, { ref, manifest }));
  }
  const hopeful = plans.map((plan) => madeByThePlan(plan, plans, wanted.objects));
  for (const ref of wanted.leaving) {
    const plan = await planRemoval(cluster, input, ref);
    if (plan !== undefined) hopeful.push(plan);
  }
  return hopeful;
}

interface Entry {
  readonly ref: ObjectRef;
  readonly manifest: JsonObject;
}

async function planObject(
  cluster: TrialCluster,
  { wanted, owner, applied, budget }: PlanInput,
  { ref, manifest }: Entry,
): Promise<ObjectPlan> {
  const { drift } = wanted;
  const repeated = applied(refKey(ref)) === addressOf(manifest);
  const desired = { ref, manifest, owner, namespace: wanted.application.namespace, repeated, drift };
  try {
    const tried = await tryApply(cluster, desired);
    if (!tried.ok) return refusal(ref, tried.refused);
    const reports = repeated && driftRuleOf(manifest, drift) === 'report';
    return { ref, ...told(tried.written, reports, budget) };
  } catch (error) {
    return refusal(ref, refusalOf(error, ref));
  }
}

async function tryApply(cluster: TrialCluster, desired: Desired): ReturnType<typeof writeOver> {
  const at = await locate(cluster, desired.ref, desired.namespace);
  if (at === undefined) return { ok: false, refused: missingKind(desired.ref) };
  for (let looks = 1; ; looks++) {
    const tried = await writeOver(cluster, desired, { at, live: await cluster.objects.read(at) });
    // A dry run gives the version that it stood on: another one is somebody's write in between, and not ours to tell.
    const before = tried.ok ? tried.written.before : undefined;
    const moved = tried.ok && before && resourceVersionOf(before) !== resourceVersionOf(tried.written.live);
    if (!moved || looks === LOOKS) return tried;
  }
}

function told(
  { before, live, overwritten, yielded }: Written,
  reports: boolean,
  budget: ChangeBudget,
): Omit<ObjectPlan, 'ref'> {
  const conflicts = [...conflictsOf(overwritten, false), ...conflictsOf(yielded, true)].slice(0, 50);
  budget.bytes -= utf8Length(JSON.stringify(conflicts));
  const met = conflicts.length === 0 || budget.bytes < 0 ? {} : { conflicts };
  if (before === undefined) {
    return reports
      ? { action: 'drifted', message: 'somebody deleted it, and it is only reported' }
      : { action: 'create' };
  }
  const { changes, omitted } = withinBudget(liveChanges(before, live), budget);
  if (changes.length + omitted === 0) return { action: 'unchanged', ...met };
  return {
    action: reports ? 'drifted' : 'update',
    ...(reports && { message: 'somebody changed it, and it is only reported' }),
    changes: [...changes],
    ...(omitted > 0 && { omitted }),
    ...met,
  };
}

function conflictsOf(conflicts: readonly FieldConflict[], kept: boolean) {
  return conflicts.map(({ manager, field }) => ({
    manager: manager.slice(0, 256),
    field: field.slice(0, 512),
    kept,
  }));
}

function refusal(ref: ObjectRef, { reason, message }: Refused): ObjectPlan {
  return { ref, action: 'refused', reason, message: message.slice(0, 2048) };
}

/** An object whose namespace or kind the same plan makes is not refused for the want of it. */
function madeByThePlan(
  plan: ObjectPlan,
  plans: readonly ObjectPlan[],
  objects: readonly JsonObject[],
): ObjectPlan {
  const { ref, reason } = plan;
  const created = (kind: string, name?: string) =>
    plans.some(
      (one) => one.action === 'create' && one.ref.kind === kind && (name ?? one.ref.name) === one.ref.name,
    );
  if (reason === 'missing-namespace' && ref.namespace !== undefined && created('Namespace', ref.namespace))
    return { ref, action: 'create', message: 'not tried: its namespace is made with it' };
  const group = ref.apiVersion.includes('/') ? ref.apiVersion.slice(0, ref.apiVersion.indexOf('/')) : '';
  if (
    reason === 'missing-kind' &&
    created('CustomResourceDefinition') &&
    objects.some((one) => defines(one, group, ref.kind))
  )
    return { ref, action: 'create', message: 'not tried: its kind is made with it' };
  return plan;
}

function defines({ kind, spec }: JsonObject, group: string, served: string): boolean {
  if (kind !== 'CustomResourceDefinition' || !isObject(spec)) return false;
  return spec['group'] === group && isObject(spec['names']) && spec['names']['kind'] === served;
}

/** What pruning would do; undefined where the object is gone already. */
async function planRemoval(
  cluster: TrialCluster,
  { wanted, owner }: PlanInput,
  ref: ObjectRef,
): Promise<ObjectPlan | undefined> {
  try {
    const at = await locate(cluster, ref, wanted.application.namespace);
    const live = at === undefined ? undefined : await cluster.objects.read(at);
    if (live === undefined) return undefined;
    if (ownershipOf(live, owner).kind !== 'ours')
      return refusal(ref, { reason: 'not-managed', message: notOurs, transient: false });
    return { ref, action: 'delete', ...(isTerminating(live) && { message: 'it is being deleted' }) };
  } catch (error) {
    return refusal(ref, refusalOf(error, ref));
  }
}

const notOurs = 'left in place: it is not managed by this application any more';
