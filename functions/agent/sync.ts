import type { Bundle, BundleHead, Cluster } from '../../db/model/cluster.ts';
import type { TenantStore } from '../../db/stores.ts';
import { envelopeSchema, type Pack } from '../../engine/delivery/bundle.ts';
import { addressesOf } from '../../engine/delivery/pack.ts';
import {
  BEAT_SECONDS,
  type Capabilities,
  MAX_PLANS,
  MAX_SYNC_BYTES,
  type PlanRequest,
  PROTOCOL_VERSION,
  type SignedBundle,
  type SyncAnswer,
  syncRequestSchema,
} from '../../engine/delivery/protocol.ts';
import { Fault } from '../../engine/fault.ts';
import { readPart } from '../plans/stored.ts';
import { type AgentDeps, type AgentRequest, authenticateAgent } from './authenticate.ts';
import { parseMessage } from './message.ts';

/**
 * What has changed for an agent's cluster since the sequences that it names. Idempotent: it takes nothing away, so
 * an answer that gets lost is given again.
 */
export async function syncAgent(deps: AgentDeps, request: AgentRequest): Promise<SyncAnswer> {
  const { agent, cluster } = await authenticateAgent(deps, request);
  const { have, capabilities } = parseMessage(syncRequestSchema, request.body);
  const store = deps.stores.of(cluster.owner);
  await store.agents.seen(agent.id, deps.clock.now(), capabilities === undefined ? {} : said(capabilities));
  const held = new Map(have.map(({ application, sequence }) => [application, sequence]));
  // The agent takes its owner's Applications only; what others may bring stands in its own cluster, not here.
  const heads = (await store.bundles.forCluster(cluster.id)).filter(
    ({ tenant, application, sequence }) =>
      tenant === cluster.owner && sequence > (held.get(application) ?? 0),
  );
  const beat = { v: PROTOCOL_VERSION, beatSeconds: BEAT_SECONDS } as const;
  const { bundles, more, bytes } = await gather(store, cluster, heads, held);
  // What is to be delivered comes first, and alone where it fills an answer.
  const plans = more ? [] : await plansFor(store, cluster, { now: deps.clock.now(), bytes });
  if (heads.length === 0 && plans.length === 0) return { ...beat, unchanged: true };
  // After a rotation, so that an agent knows the key before it needs it.
  const keys = deps.hub.keys.length > 1 ? { keys: [...deps.hub.keys] } : {};
  return { ...beat, unchanged: false, bundles, more, ...keys, ...(plans.length > 0 && { plans }) };
}

/** Live plans that wait for this cluster, oldest first, up to the size of an answer. */
async function plansFor(
  store: TenantStore,
  { id }: Cluster,
  { now, bytes }: { readonly now: number; readonly bytes: number },
): Promise<PlanRequest[]> {
  const plans: PlanRequest[] = [];
  let size = bytes;
  for (const row of await store.plans.forCluster(id, now, MAX_PLANS)) {
    const { applications } = await readPart(store, row);
    const plan = { id: row.id, applications: applications.map(({ wanted }) => wanted) };
    size += JSON.stringify(plan).length;
    if (size > MAX_SYNC_BYTES) break;
    plans.push(plan);
  }
  return plans;
}

function said({ kubernetes, agent, kinds }: Capabilities) {
  return { version: agent, kubernetes: { version: kubernetes }, capabilities: { kinds } };
}

/** Bundles in the order given, up to the size of an answer; always at least one. */
async function gather(
  store: TenantStore,
  cluster: Cluster,
  heads: readonly BundleHead[],
  held: ReadonlyMap<string, number>,
): Promise<{ bundles: SignedBundle[]; more: boolean; bytes: number }> {
  const bundles: SignedBundle[] = [];
  let bytes = 0;
  for (const { application } of heads) {
    if (bytes > MAX_SYNC_BYTES) return { bundles, more: true, bytes };
    const bundle = await store.bundles.get(application, { owner: cluster.owner, id: cluster.id });
    if (bundle === undefined) continue;
    const signed = await signedBundle(store, bundle, held.get(application));
    bytes += JSON.stringify(signed).length;
    bundles.push(signed);
  }
  return { bundles, more: false, bytes };
}

async function signedBundle(
  store: TenantStore,
  bundle: Bundle,
  sequence: number | undefined,
): Promise<SignedBundle> {
  const pack = await store.blobs.getJson(bundle.objects);
  if (typeof pack !== 'object' || pack === null) {
    throw new Fault('store.unreadable', 'A bundle cannot be read.', {
      internal: `bundle of ${bundle.application}`,
    });
  }
  const { previous } = bundle;
  const held = previous !== undefined && previous.sequence === sequence ? previous.envelope : undefined;
  const known = held === undefined ? new Set<string>() : addressesOf(parseEnvelope(held));
  // What the queue side stored: objects by address.
  const objects = Object.entries(pack as Pack).filter(([address]) => !known.has(address));
  return { index: parseEnvelope(bundle.envelope), objects: Object.fromEntries(objects) };
}

function parseEnvelope(text: string) {
  return envelopeSchema.parse(JSON.parse(text));
}
