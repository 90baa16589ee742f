/** A live plan as the API answers it: what is known so far, and of which cluster. */
import type { Plan, PlanPart } from '../../db/model/access.ts';
import type { Target } from '../../db/model/cluster.ts';
import type { TenantStore } from '../../db/stores.ts';
import type { AskedApplication } from '../../db/submission/planned.ts';
import { type ObjectRef, refKey, refOf } from '../../engine/delivery/bundle.ts';
import { BEAT_SECONDS, BEATS_UNTIL_UNREACHABLE, type PlanAnswer } from '../../engine/delivery/protocol.ts';
import { masked } from '../../engine/diff/mask.ts';
import type { PlanId } from '../../engine/ids.ts';
import type { JsonObject } from '../../engine/json.ts';
import type { Deps } from '../deps.ts';
import { timestamp } from '../openapi.ts';
import type { LivePlanView, PlannedClusterView, PlannedObjectView } from './schema.ts';
import { readAnswer, readPart, readPlan, type StoredPart } from './stored.ts';

/** Undefined: the tenant has no such plan (any more). */
export async function livePlanView(
  deps: Pick<Deps, 'clock'>,
  store: TenantStore,
  id: PlanId,
): Promise<LivePlanView | undefined> {
  const now = deps.clock.now();
  const plan = await store.plans.get(id, now);
  if (plan === undefined) return undefined;
  const { applications, unasked, warnings } = await readPlan(store, plan);
  const parts = await Promise.all(plan.parts.map((part) => opened(store, part)));
  const waits = plan.parts.some(({ state }) => state === 'pending');
  const targets = waits ? await store.clusters.targets() : [];
  const clusters = parts.map((part) => clusterView(part, plan, { now, targets }));
  return {
    id,
    live: true,
    state: plan.state === 'ready' && unasked.length > 0 ? 'failed' : plan.state,
    createdAt: timestamp(plan.createdAt),
    expiresAt: timestamp(plan.expiresAt),
    clusters: [...clusters, ...unasked.map((cluster) => ({ ...cluster, state: 'failed' as const }))],
    applications: applications.map(({ application, complete }) => ({
      application,
      complete,
      objects: parts.flatMap((part) =>
        part.stored.applications
          .filter(({ wanted: { application: one } }) => isSame(one, application))
          .flatMap((asked) => objectViews(part, asked)),
      ),
    })),
    warnings: [...warnings],
  };
}

interface Named {
  readonly namespace: string;
  readonly name: string;
}

const isSame = (a: Named, b: Named) => a.namespace === b.namespace && a.name === b.name;

interface Part {
  readonly row: PlanPart;
  readonly stored: StoredPart;
  readonly answer: PlanAnswer | undefined;
}

async function opened(store: TenantStore, row: PlanPart): Promise<Part> {
  return { row, stored: await readPart(store, row), answer: await readAnswer(store, row) };
}

function clusterView(
  { row, stored: { name }, answer }: Part,
  plan: Plan,
  { now, targets }: { readonly now: number; readonly targets: readonly Target[] },
): PlannedClusterView {
  if (row.state !== 'pending') {
    return { name, state: row.state, ...(answer?.state === 'failed' && { message: answer.message }) };
  }
  if (plan.state === 'expired') {
    return { name, state: 'expired', message: 'The agent of the cluster did not answer in time.' };
  }
  const seen = targets.find(({ id }) => id === row.cluster)?.lastSeenAt;
  const silent = seen === undefined || now - seen > BEAT_SECONDS * BEATS_UNTIL_UNREACHABLE * 1000;
  const since = seen === undefined ? 'never was heard of' : `was last heard of at ${timestamp(seen)}`;
  const message = silent
    ? `The cluster cannot be reached now: its agent ${since}.`
    : 'Its agent has not answered yet.';
  return { name, state: 'pending', message };
}

/** What is wanted of one Application in one cluster, with what the cluster says of each object. */
function objectViews(
  { stored, answer }: Part,
  { wanted, components }: AskedApplication,
): PlannedObjectView[] {
  if (answer?.state !== 'ready') return [];
  const said = answer.applications.find(({ application }) => application === wanted.application.uid);
  const byKey = new Map(said?.objects.map((one) => [refKey(one.ref), one]));
  const view = (ref: ObjectRef, component: string, object?: JsonObject): PlannedObjectView[] => {
    const plan = byKey.get(refKey(ref));
    if (plan === undefined) return [];
    const { ref: _, ...told } = plan;
    const { apiVersion, kind, namespace = '', name } = ref;
    const place = { component, cluster: stored.name, apiVersion, kind, namespace, name };
    return [{ ...place, ...told, ...(object !== undefined && { object: masked(object) }) }];
  };
  const objects = wanted.objects.flatMap((object, index) => {
    const ref = refOf(object);
    return ref === undefined ? [] : view(ref, components[index] ?? '', object);
  });
  return [...objects, ...wanted.leaving.flatMap((ref) => view(ref, ''))];
}
