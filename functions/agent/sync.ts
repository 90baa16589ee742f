import type { Bundle, BundleHead, Cluster } from '../../db/model/cluster.ts';
import type { TenantStore } from '../../db/stores.ts';
import { envelopeSchema, type Pack } from '../../engine/delivery/bundle.ts';
import { addressesOf } from '../../engine/delivery/pack.ts';
import {
  BEAT_SECONDS,
  type Capabilities,
  MAX_SYNC_BYTES,
  PROTOCOL_VERSION,
  type SignedBundle,
  type SyncAnswer,
  syncRequestSchema,
} from '../../engine/delivery/protocol.ts';
import { Fault } from '../../engine/fault.ts';
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
  if (heads.length === 0) return { ...beat, unchanged: true };
  const { bundles, more } = await gather(store, cluster, heads, held);
  return { ...beat, unchanged: false, bundles, more };
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
): Promise<{ bundles: SignedBundle[]; more: boolean }> {
  const bundles: SignedBundle[] = [];
  let bytes = 0;
  for (const { application } of heads) {
    if (bytes > MAX_SYNC_BYTES) return { bundles, more: true };
    const bundle = await store.bundles.get(application, { owner: cluster.owner, id: cluster.id });
    if (bundle === undefined) continue;
    const signed = await signedBundle(store, bundle, held.get(application));
    bytes += JSON.stringify(signed).length;
    bundles.push(signed);
  }
  return { bundles, more: false };
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
