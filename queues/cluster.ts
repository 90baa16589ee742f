/** The pull adapter of the Cluster port: the bundle lies in the store, the cluster's agent is told to fetch it. */
import type { Cluster, Wake } from './ports.ts';

export function pullCluster(wake: Wake): Cluster {
  return { carry: ({ cluster }) => wake.hint(cluster) };
}
