import { newId } from '../../db/ids.ts';
import type { AskedCluster } from '../../db/submission/planned.ts';
import type { ClusterId, PlanId } from '../../engine/ids.ts';
import type { PlanInput } from '../applications/plan.ts';
import type { Deps } from '../deps.ts';
import { detailOf, invalid } from '../issues.ts';
import type { Principal } from '../middleware/request-context.ts';
import { keep } from './stored.ts';

/** How long a plan can be answered and read. */
const PLAN_MS = 10 * 60 * 1000;
const MAX_PENDING = 10;

/**
 * Asks the clusters of a submission what it would do there. Their agents are woken; the answer comes later. Faults
 * `application.invalid`, and `rate.limited` where ten plans of the tenant wait already.
 */
export async function createPlan(deps: Deps, principal: Principal, input: PlanInput): Promise<PlanId> {
  const { tenant, actor } = principal;
  const planned = await deps.submissions.livePlan({ ...input, tenant }, deps.hub.id);
  if (!planned.ok) throw invalid(planned);
  const store = deps.stores.of(tenant);
  const { applications, clusters } = planned.value;
  const asked = clusters.filter((cluster) => cluster.kind === 'own');
  const unasked = clusters.flatMap((cluster) => whyNot(cluster));
  const now = deps.clock.now();
  const id = newId('plan', now);
  const warnings = (planned.warnings ?? []).map(detailOf);
  await store.plans.create(actor, {
    id,
    request: await keep(store, { v: 1, applications, unasked, warnings }),
    parts: await Promise.all(
      asked.map(async ({ id: cluster, name, applications: wanted }) => ({
        cluster,
        request: await keep(store, { v: 1, name, applications: wanted }),
      })),
    ),
    expiresAt: now + PLAN_MS,
    maxPending: MAX_PENDING,
  });
  await Promise.all(asked.map((cluster) => wake(deps, cluster.id)));
  return id;
}

function whyNot(cluster: AskedCluster): { name: string; message: string }[] {
  const { kind, name } = cluster;
  switch (kind) {
    case 'own':
      return [];
    case 'granted':
      return [{ name, message: "The cluster is another tenant's: its agent plans for its owner only." }];
    case 'missing':
      return [{ name, message: 'No accepted cluster answers to this name.' }];
    default:
      return kind satisfies never;
  }
}

/** A hint that gets lost costs time only: the agent asks at its next beat. */
async function wake(deps: Pick<Deps, 'wake' | 'log'>, cluster: ClusterId): Promise<void> {
  try {
    await deps.wake.hint(cluster);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    deps.log({ level: 'warn', event: 'wake.failed', error: reason });
  }
}
