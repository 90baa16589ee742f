// One pod on the one node.

import type { Client } from './client.ts';
import { isOver, isReady, type Pod, type Workload } from './kinds.ts';
import { controllerKey, type Owners } from './owners.ts';
import { createPod, templateHash } from './pods-of.ts';
import type { Controller } from './runtime.ts';

const SETS = 'apps/daemonsets';
const PODS = '/pods';
const HASH = 'controller-revision-hash';

export function daemonSetController(client: Client, owners: Owners): Controller {
  return {
    name: 'daemon-set',
    concerns: ({ type, resource, object }) => {
      if (resource === PODS) return controllerKey(object, 'DaemonSet');
      return resource === SETS && type !== 'DELETED'
        ? [`${object.metadata.namespace}/${object.metadata.name}`]
        : [];
    },
    reconcile: (key) => {
      const set = client.get<Workload>(SETS, key);
      if (set) reconcile(client, owners, set);
      return undefined;
    },
  };
}

function reconcile(client: Client, owners: Owners, set: Workload): void {
  const hash = templateHash(set.spec.template);
  const pods = () => owners.controlled<Pod>(set, PODS);
  if (set.metadata.deletionTimestamp === undefined) {
    for (const pod of pods()) {
      const old = pod.metadata.labels?.[HASH] !== hash && strategyOf(set) === 'RollingUpdate';
      if ((old || isOver(pod)) && pod.metadata.deletionTimestamp === undefined) client.delete(PODS, pod);
    }
    if (pods().length === 0) {
      createPod(client, set, {
        generateName: `${set.metadata.name}-`,
        labels: { [HASH]: hash },
      });
    }
  }
  const live = client.get<Workload>(SETS, `${set.metadata.namespace}/${set.metadata.name}`);
  if (!live) return;
  const there = pods().filter((pod) => pod.metadata.deletionTimestamp === undefined);
  const ready = there.filter(isReady).length;
  const { numberUnavailable: _, numberAvailable: __, updatedNumberScheduled: ___, ...status } = live.status;
  client.updateStatus(live, {
    ...status,
    desiredNumberScheduled: 1,
    currentNumberScheduled: Math.min(1, there.length),
    numberMisscheduled: 0,
    numberReady: ready,
    ...(ready > 0 ? { numberAvailable: ready } : { numberUnavailable: 1 }),
    updatedNumberScheduled: there.filter((pod) => pod.metadata.labels?.[HASH] === hash).length,
    observedGeneration: live.metadata.generation ?? 1,
  });
}

function strategyOf(set: Workload): string {
  const strategy = set.spec['updateStrategy'];
  return typeof strategy === 'object' && strategy !== null && !Array.isArray(strategy)
    ? String(strategy['type'])
    : '';
}
