import type { Cluster } from '../registry/cluster.ts';
import { Client } from './client.ts';
import { daemonSetController } from './daemon-set.ts';
import { definitionController } from './definition.ts';
import { deploymentController } from './deployment.ts';
import { garbageCollector } from './garbage.ts';
import { jobController } from './job.ts';
import { namespaceController } from './namespace.ts';
import { outsideController } from './outside.ts';
import { Owners } from './owners.ts';
import { podController } from './pod.ts';
import { replicaSetController } from './replica-set.ts';
import { runControllers } from './runtime.ts';
import { statefulSetController } from './stateful-set.ts';

export interface ControllerOptions {
  readonly podDelayMs: number;
  /** the cluster's CA in PEM, which every namespace gets */
  readonly ca: string;
}

/** Starts every controller; gives the function that stops them. */
export function startControllers(cluster: Cluster, { podDelayMs, ca }: ControllerOptions): () => void {
  const manager = new Client(cluster, 'kube-controller-manager');
  const kubelet = new Client(cluster, 'kubelet');
  const server = new Client(cluster, 'kube-apiserver');
  const definitions = definitionController(server);
  const namespaces = namespaceController(manager, ca);
  const owners = new Owners(cluster);
  // before the controllers: they ask who owns whom
  const unsubscribe = cluster.store.subscribe((change) => owners.note(change));
  const stop = runControllers(cluster, [
    definitions,
    namespaces,
    deploymentController(manager, owners),
    replicaSetController(manager, owners),
    statefulSetController(manager, owners),
    daemonSetController(manager, owners),
    jobController(manager, owners),
    podController(kubelet, podDelayMs),
    outsideController(manager),
    garbageCollector(manager, owners),
  ]);
  return () => {
    unsubscribe();
    stop();
  };
}
