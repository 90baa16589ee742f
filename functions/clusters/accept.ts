import type { Cluster } from '../../db/model/cluster.ts';
import { Fault } from '../../engine/fault.ts';
import { isId } from '../../engine/ids.ts';
import type { Deps } from '../deps.ts';
import type { Principal } from '../middleware/request-context.ts';

export interface Acceptance {
  readonly agent?: string | undefined;
  readonly namespaces: readonly { readonly namespace: string; readonly serviceAccount: string }[];
  readonly clusterScopedAccount?: string | undefined;
}

/** The second step of enrolment: the tenant takes the agent that waits. Fault `resource.conflict` where none waits. */
export async function acceptAgent(
  deps: Pick<Deps, 'stores' | 'clock' | 'hub'>,
  { tenant, actor }: Principal,
  name: string,
  acceptance: Acceptance,
): Promise<Cluster> {
  const store = deps.stores.of(tenant);
  const cluster = await store.clusters.get(name);
  if (cluster === undefined) throw new Fault('resource.not_found', 'There is no such cluster.');
  const waiting = (await store.agents.ofCluster(cluster.id)).filter(({ state }) => state === 'pending');
  const agent = acceptance.agent ?? (waiting.length === 1 ? waiting[0]?.id : undefined);
  if (agent === undefined || !isId('agent', agent)) {
    throw new Fault(
      'resource.conflict',
      `${waiting.length} agents wait to be accepted for ${name}; name one.`,
    );
  }
  const { namespaces, clusterScopedAccount } = acceptance;
  const accepted = await store.clusters.accept(actor, name, agent, { namespaces, clusterScopedAccount });
  if (accepted === undefined) throw new Fault('resource.not_found', 'There is no such cluster.');
  return accepted;
}
