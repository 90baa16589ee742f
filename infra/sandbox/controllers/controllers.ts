import type { Cluster } from '../registry/cluster.ts';
export function startControllers(cluster: Cluster, _options: { podDelayMs: number; ca: string }): () => void {
  for (const d of cluster.store.list('apiextensions.k8s.io/customresourcedefinitions')) cluster.resources.define(d);
  return () => undefined;
}
