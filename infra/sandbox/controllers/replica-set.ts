import type { Client } from './client.ts';
import { isOver, isReady, type Pod, type Workload } from './kinds.ts';
import { controllerKey, type Owners } from './owners.ts';
import { adopt, createPod } from './pods-of.ts';
import type { Controller } from './runtime.ts';

export const REPLICA_SETS = 'apps/replicasets';
const PODS = '/pods';
const AT_ONCE = 500;

export function replicaSetController(client: Client, owners: Owners): Controller {
  return {
    name: 'replica-set',
    concerns: ({ type, resource, object }) => {
      if (resource === PODS) return controllerKey(object, 'ReplicaSet');
      return resource === REPLICA_SETS && type !== 'DELETED'
        ? [`${object.metadata.namespace}/${object.metadata.name}`]
        : [];
    },
    reconcile: (key) => {
      const set = client.get<Workload>(REPLICA_SETS, key);
      if (set) reconcile(client, owners, set);
      return undefined;
    },
  };
}

function reconcile(client: Client, owners: Owners, set: Workload): void {
  if (set.metadata.deletionTimestamp === undefined) adopt(client, set, PODS);
  const living = () => owners.controlled<Pod>(set, PODS).filter((pod) => !isOver(pod));
  const active = living().filter((pod) => pod.metadata.deletionTimestamp === undefined);
  if (set.metadata.deletionTimestamp === undefined) {
    const missing = Math.min(set.spec.replicas - active.length, AT_ONCE);
    for (let i = 0; i < missing; i++) {
      createPod(client, set, { generateName: `${set.metadata.name}-` });
    }
    for (const pod of [...active].sort(expendableFirst).slice(0, Math.max(0, -missing)))
      client.delete(PODS, pod);
  }
  const pods = living();
  const going = pods.filter((pod) => pod.metadata.deletionTimestamp !== undefined).length;
  const staying = pods.filter((pod) => pod.metadata.deletionTimestamp === undefined);
  const ready = staying.filter(isReady).length;
  const current = client.get<Workload>(REPLICA_SETS, `${set.metadata.namespace}/${set.metadata.name}`);
  if (!current) return;
  client.updateStatus(current, {
    ...current.status,
    replicas: staying.length,
    fullyLabeledReplicas: staying.length,
    readyReplicas: ready,
    availableReplicas: ready,
    terminatingReplicas: going,
    observedGeneration: set.metadata.generation ?? 1,
  });
}

/** Pods that do not work go first, then the youngest. */
export function expendableFirst(a: Pod, b: Pod): number {
  const rank = (pod: Pod) => (isReady(pod) ? 1 : 0);
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  return a.metadata.creationTimestamp < b.metadata.creationTimestamp ? 1 : -1;
}
