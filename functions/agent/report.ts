import type { Cluster, ReportedObject } from '../../db/model/cluster.ts';
import type { TenantStore } from '../../db/stores.ts';
import { refKey } from '../../engine/delivery/bundle.ts';
import {
  type BundleReport,
  type ObjectPlan,
  type ObjectReport,
  type PlanAnswer,
  PROTOCOL_VERSION,
  type ReportAnswer,
  reportRequestSchema,
} from '../../engine/delivery/protocol.ts';
import { maskedChange } from '../../engine/diff/mask.ts';
import { healthOf } from '../../engine/health/index.ts';
import type { Announcement } from '../../queues/messages.ts';
import { announce } from '../outbox.ts';
import { keep } from '../plans/stored.ts';
import { type AgentDeps, type AgentRequest, authenticateWrite } from './authenticate.ts';
import { parseMessage } from './message.ts';

/** Stores what an agent says of its cluster, and makes due what waits for it. Nothing is decided here. */
export async function takeReports(deps: AgentDeps, request: AgentRequest): Promise<ReportAnswer> {
  const { cluster, counter } = await authenticateWrite(deps, request);
  const { reports, plans = [] } = parseMessage(reportRequestSchema, request.body);
  const store = deps.stores.of(cluster.owner);
  const messages: Announcement[] = [];
  for (const report of reports) messages.push(...(await takeReport(store, cluster, report)));
  await announce(deps, messages);
  for (const answer of plans) await takeAnswer(store, cluster, answer);
  return { v: PROTOCOL_VERSION, counter };
}

/** An answer to what was not asked, or is over, is passed by. */
async function takeAnswer(store: TenantStore, { id }: Cluster, answer: PlanAnswer): Promise<void> {
  const result = await keep(store, hidden(answer));
  await store.plans.finish(answer.id, id, { state: answer.state, result });
}

/** Secret values are hidden by the agent; an agent that forgot must not matter. */
function hidden(answer: PlanAnswer): PlanAnswer {
  if (answer.state === 'failed') return answer;
  const object = ({ ref, changes, ...rest }: ObjectPlan): ObjectPlan => ({
    ref,
    ...rest,
    ...(changes !== undefined && { changes: changes.map((change) => maskedChange(ref, change)) }),
  });
  return {
    ...answer,
    applications: answer.applications.map((one) => ({ ...one, objects: one.objects.map(object) })),
  };
}

async function takeReport(
  store: TenantStore,
  { owner, id }: Cluster,
  report: BundleReport,
): Promise<readonly Announcement[]> {
  const { application, sequence, complete } = report;
  const cluster = { owner, id };
  const objects = report.objects.map(reported);
  const gone = await silentlyGone(store, cluster, report);
  const stored = await store.inventory.report({
    application,
    cluster,
    sequence,
    complete,
    objects: [...objects, ...gone],
    event: { cluster: id, sequence },
  });
  return stored?.messages ?? [];
}

function reported({ ref, outcome, reason, message, live, drift }: ObjectReport): ReportedObject {
  const health = live === undefined ? undefined : healthOf(live);
  const missing = outcome === 'missing' ? { health: 'missing' as const, healthMessage: '' } : {};
  return {
    ref: refKey(ref),
    outcome,
    ...(reason !== undefined && { reason }),
    ...(message !== undefined && { message }),
    ...(health !== undefined && { health: health.status, healthMessage: health.message }),
    ...missing,
    ...(live !== undefined && { live }),
    ...(drift !== undefined && { drift }),
  };
}

/**
 * Objects that left the Application, of which the agent knows nothing: it was never given them, or said so in a
 * report that was lost. What it still has it names in `left`.
 */
async function silentlyGone(
  store: TenantStore,
  cluster: { readonly owner: string; readonly id: string },
  { application, complete, left, objects }: BundleReport,
): Promise<ReportedObject[]> {
  if (!complete || left === undefined) return [];
  const known = new Set([...left, ...objects.map(({ ref }) => refKey(ref))]);
  const rows = await store.inventory.list(application);
  return rows
    .filter(
      ({ wanted, ref, cluster: where }) => wanted === 'leaving' && where.id === cluster.id && !known.has(ref),
    )
    .map(({ ref }) => ({ ref, outcome: 'deleted' as const }));
}
