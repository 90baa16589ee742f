import { newId } from '../../db/ids.ts';
import { hashToken, randomText } from '../../db/keys.ts';
import type { Cluster } from '../../db/model/cluster.ts';
import { tokenText } from '../../engine/delivery/protocol.ts';
import type { Deps } from '../deps.ts';
import type { Principal } from '../middleware/request-context.ts';

const TOKEN_LIFE_MS = 60 * 60 * 1000;

/**
 * Names a cluster and makes a token for its agent. The token carries the hash of the hub's signing key, so that the
 * agent knows the hub before it trusts a bundle.
 */
export async function inviteCluster(
  deps: Pick<Deps, 'stores' | 'clock' | 'hub'>,
  { tenant, actor }: Principal,
  name: string,
): Promise<{ cluster: Cluster; token: string }> {
  const now = deps.clock.now();
  const secret = randomText(43);
  const cluster = await deps.stores.of(tenant).clusters.invite(actor, {
    id: newId('cluster', now),
    name,
    tokenHash: await hashToken(secret),
    expiresAt: now + TOKEN_LIFE_MS,
  });
  return { cluster, token: await tokenText(secret, deps.hub) };
}
