// Numbered pods with claims of their own, one after the other unless they may come in parallel.

import { equalJson, type JsonObject } from '../json.ts';
import type { Client } from './client.ts';
import { isOver, isReady, type Pod, type StatefulSet } from './kinds.ts';
import { controllerKey, type Owners, ownedBy } from './owners.ts';
import { adopt, createPod, templateHash } from './pods-of.ts';
import type { Controller } from './runtime.ts';

const SETS = 'apps/statefulsets';
const REVISIONS = 'apps/controllerrevisions';
const PODS = '/pods';
const CLAIMS = '/persistentvolumeclaims';
const HASH = 'controller-revision-hash';

export function statefulSetController(client: Client, owners: Owners): Controller {
  return {
    name: 'stateful-set',
    concerns: ({ type, resource, object }) => {
      if (resource === PODS) return controllerKey(object, 'StatefulSet');
      return resource === SETS && type !== 'DELETED'
        ? [`${object.metadata.namespace}/${object.metadata.name}`]
        : [];
    },
    reconcile: (key) => {
      const set = client.get<StatefulSet>(SETS, key);
      if (set) reconcile(client, owners, set);
      return undefined;
    },
  };
}

function revisionName(set: StatefulSet): string {
  return `${set.metadata.name}-${templateHash(set.spec.template)}`;
}

function reconcile(client: Client, owners: Owners, set: StatefulSet): void {
  const updateRevision = revisionName(set);
  const before = String(set.status['currentRevision'] ?? '');
  const currentRevision = before === '' ? updateRevision : before;
  if (set.metadata.deletionTimestamp === undefined) {
    adopt(client, set, PODS);
    recordRevision(client, owners, set, updateRevision);
    step(client, set, podsByNumber(owners, set), { currentRevision, updateRevision });
  }
  const live = client.get<StatefulSet>(SETS, `${set.metadata.namespace}/${set.metadata.name}`);
  if (!live) return;
  const pods = [...podsByNumber(owners, live).values()].filter((pod) => !isOver(pod));
  const ready = pods.filter(isReady);
  const at = (revision: string) => pods.filter((pod) => pod.metadata.labels?.[HASH] === revision).length;
  const updated = at(updateRevision);
  const done =
    updated === live.spec.replicas && ready.length === live.spec.replicas && pods.length === updated;
  const status: JsonObject = {
    ...live.status,
    observedGeneration: live.metadata.generation ?? 1,
    replicas: pods.length,
    readyReplicas: ready.length,
    availableReplicas: ready.length,
    currentReplicas: done ? updated : at(currentRevision),
    updatedReplicas: updated,
    currentRevision: done ? updateRevision : currentRevision,
    updateRevision,
    collisionCount: 0,
  };
  client.updateStatus(live, status);
}

function podsByNumber(owners: Owners, set: StatefulSet): Map<number, Pod> {
  const found = new Map<number, Pod>();
  for (const pod of owners.controlled<Pod>(set, PODS)) {
    const number = Number(pod.metadata.name.slice(set.metadata.name.length + 1));
    if (Number.isInteger(number)) found.set(number, pod);
  }
  return found;
}

function recordRevision(client: Client, owners: Owners, set: StatefulSet, name: string): void {
  const known = owners.controlled(set, REVISIONS);
  if (known.some((revision) => revision.metadata.name === name)) return;
  const highest = Math.max(0, ...known.map((revision) => Number(revision['revision'] ?? 0)));
  client.create(REVISIONS, {
    metadata: {
      name,
      namespace: set.metadata.namespace ?? '',
      labels: { ...set.spec.template.metadata.labels, [HASH]: name },
      ownerReferences: [ownedBy(set)],
    },
    data: { spec: { template: { ...set.spec.template, $patch: 'replace' } } },
    revision: highest + 1,
  });
}

interface Revisions {
  readonly currentRevision: string;
  readonly updateRevision: string;
}

/** Brings the set one step forward: missing pods from below, surplus and outdated ones from above. */
function step(
  client: Client,
  set: StatefulSet,
  pods: ReadonlyMap<number, Pod>,
  { updateRevision }: Revisions,
): void {
  const ordered = set.spec.podManagementPolicy !== 'Parallel';
  for (let number = 0; number < set.spec.replicas; number++) {
    const pod = pods.get(number);
    if (pod && isOver(pod)) client.delete(PODS, pod, undefined, 0);
    if (!pod) createNumbered(client, set, number, updateRevision);
    // the next one waits for this one
    if (
      ordered &&
      (!pod || !isReady(pod) || pod.metadata.deletionTimestamp !== undefined) &&
      !outdated(pod, updateRevision)
    )
      return;
  }
  const surplus = [...pods].filter(([number]) => number >= set.spec.replicas).sort(([a], [b]) => b - a);
  for (const [, pod] of surplus) {
    if (pod.metadata.deletionTimestamp === undefined) client.delete(PODS, pod);
    if (ordered) return;
  }
  if (set.spec.updateStrategy.type === 'RollingUpdate') replaceOutdated(client, set, pods, updateRevision);
}

function outdated(pod: Pod | undefined, revision: string): boolean {
  return pod !== undefined && pod.metadata.labels?.[HASH] !== revision;
}

function replaceOutdated(
  client: Client,
  set: StatefulSet,
  pods: ReadonlyMap<number, Pod>,
  revision: string,
): void {
  const first = set.spec.updateStrategy.rollingUpdate?.partition ?? 0;
  for (let number = set.spec.replicas - 1; number >= first; number--) {
    const pod = pods.get(number);
    if (!pod) return;
    if (outdated(pod, revision)) {
      if (pod.metadata.deletionTimestamp === undefined) client.delete(PODS, pod);
      return;
    }
    if (!isReady(pod)) return;
  }
}

function createNumbered(client: Client, set: StatefulSet, number: number, revision: string): void {
  const name = `${set.metadata.name}-${number}`;
  const namespace = set.metadata.namespace ?? '';
  const volumes: JsonObject[] = [];
  for (const template of set.spec.volumeClaimTemplates ?? []) {
    const claimName = `${template.metadata.name}-${name}`;
    if (!client.get(CLAIMS, `${namespace}/${claimName}`)) {
      const labels = { ...template.metadata.labels, ...set.spec.selector.matchLabels };
      client.create(CLAIMS, {
        metadata: { ...template.metadata, name: claimName, namespace, labels },
        spec: template.spec,
      });
    }
    volumes.push({ name: template.metadata.name ?? '', persistentVolumeClaim: { claimName } });
  }
  const given = (set.spec.template.spec.volumes ?? []).filter(
    (one) => !volumes.some((own) => equalJson(own['name'], one['name'])),
  );
  createPod(
    client,
    set,
    {
      name,
      generateName: `${set.metadata.name}-`,
      labels: {
        'statefulset.kubernetes.io/pod-name': name,
        'apps.kubernetes.io/pod-index': String(number),
        [HASH]: revision,
      },
    },
    {
      hostname: name,
      subdomain: String(set.spec['serviceName'] ?? ''),
      ...(volumes.length > 0 ? { volumes: [...given, ...volumes] } : {}),
    },
  );
}
