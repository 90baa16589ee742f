// What the API server itself sets on an object before it is stored.

import { randomUUID } from 'node:crypto';
import { defaultsOf } from '../defaults/kinds.ts';
import {
  copyJson,
  equalJson,
  isObject,
  type Json,
  type JsonObject,
  objectOf,
  stringOf,
  valueAt,
} from '../json.ts';
import type { KubeObject, StoredObject } from '../kube-object.ts';
import { decode, newDecoding } from '../schema/decode.ts';
import { admitPod, preparePod } from './admit-pod.ts';
import { type Cluster, timestamp } from './cluster.ts';
import { ordered } from './decode-object.ts';
import { firstGeneration, nextGeneration } from './generation.ts';
import { podSpecPath, type ResourceType } from './resource-type.ts';
import { allocateAddresses, keepAddresses } from './service-address.ts';
import type { Target } from './target.ts';

const TEMPLATE_GENERATION = 'deprecated.daemonset.template.generation';

/** A new object with its system fields, without a status of its own. May refuse it. */
export function prepareCreate(cluster: Cluster, type: ResourceType, given: KubeObject): KubeObject {
  const {
    resourceVersion: _,
    deletionTimestamp: __,
    deletionGracePeriodSeconds: ___,
    selfLink: ____,
    ...metadata
  } = given.metadata;
  const generation = firstGeneration(type);
  const object: KubeObject = {
    ...given,
    metadata: {
      ...metadata,
      uid: randomUUID(),
      creationTimestamp: timestamp(cluster),
      ...(generation === undefined ? {} : { generation }),
    },
  };
  const bare = withoutStatus(type, object);
  dropFields(type, bare);
  prepareKind(cluster, type, bare);
  return type.custom ? bare : ordered(type, bare);
}

function withoutStatus(type: ResourceType, object: KubeObject): KubeObject {
  if (!type.subresources.has('status') || type.kind === 'Node') return ordered(type, object);
  const { status: _, ...rest } = object;
  const bare = ordered(type, rest as KubeObject); // only the status is gone
  if (type.custom) return bare;
  const decoded = decode(type.node, { status: {} }, newDecoding());
  bare['status'] = decoded['status'] ?? {};
  defaultsOf(type.group, type.kind)(bare);
  return bare;
}

/** Takes out, in place, what the API knows and does not keep: fields of features that are off. */
function dropFields(type: ResourceType, draft: KubeObject): void {
  const path = podSpecPath(type);
  if (path) delete objectOf(valueAt(draft, ...path))['workloadRef'];
  if (type.storage === 'coordination.k8s.io/leases') {
    delete objectOf(draft['spec'])['strategy'];
    delete objectOf(draft['spec'])['preferredHolder'];
  }
  if (type.storage === '/persistentvolumeclaims' && !isKnownSource(objectOf(draft['spec'])['dataSource'])) {
    delete objectOf(draft['spec'])['dataSource'];
  }
  if (type.storage === '/serviceaccounts' && Array.isArray(draft['secrets'])) {
    draft['secrets'] = draft['secrets'].map((secret) => {
      const { name } = objectOf(secret);
      return name === undefined ? {} : { name };
    });
  }
}

/** A claim is filled from another claim or from a snapshot. */
function isKnownSource(source: Json | undefined): boolean {
  const { apiGroup, kind } = objectOf(source);
  if (kind === 'PersistentVolumeClaim') return stringOf(apiGroup) === '';
  return kind === 'VolumeSnapshot' && apiGroup === 'snapshot.storage.k8s.io';
}

/** Changes a draft that nobody else holds. */
function prepareKind(cluster: Cluster, type: ResourceType, draft: KubeObject): void {
  switch (`${type.group}/${type.kind}`) {
    case '/Namespace':
      objectOf(draft['spec'])['finalizers'] = ['kubernetes'];
      break;
    case '/Pod':
      admitPod(cluster, draft);
      preparePod(draft);
      break;
    case '/Service':
      allocateAddresses(cluster, draft);
      break;
    case '/PersistentVolumeClaim':
      draft.metadata.finalizers = [
        ...new Set([...(draft.metadata.finalizers ?? []), 'kubernetes.io/pvc-protection']),
      ];
      break;
    case '/PersistentVolume':
      draft.metadata.finalizers = [
        ...new Set([...(draft.metadata.finalizers ?? []), 'kubernetes.io/pv-protection']),
      ];
      objectOf(draft['status'])['lastPhaseTransitionTime'] = timestamp(cluster);
      break;
    case 'apps/DaemonSet':
      draft.metadata.annotations = { ...draft.metadata.annotations, [TEMPLATE_GENERATION]: '1' };
      break;
    case 'batch/Job':
      selectOwnPods(draft);
      defaultsOf(type.group, type.kind)(draft);
      break;
    default:
  }
}

/** A job finds its pods by its own uid, unless it brings a selector. */
function selectOwnPods(job: KubeObject): void {
  const spec = objectOf(job['spec']);
  if (spec['manualSelector'] === true) return;
  const uid = job.metadata.uid ?? '';
  const template = objectOf(spec['template']);
  const metadata = objectOf(template['metadata']);
  const labels: JsonObject = isObject(metadata['labels']) ? metadata['labels'] : {};
  labels['controller-uid'] = uid;
  labels['batch.kubernetes.io/controller-uid'] = uid;
  labels['job-name'] = job.metadata.name ?? '';
  labels['batch.kubernetes.io/job-name'] = job.metadata.name ?? '';
  metadata['labels'] = labels;
  const selector = objectOf(spec['selector']);
  const own = { 'batch.kubernetes.io/controller-uid': uid };
  spec['selector'] = { ...selector, matchLabels: { ...objectOf(selector['matchLabels']), ...own } };
}

/** The object as an update may leave it: system fields and the other half of the object stay. */
export function prepareUpdate(
  cluster: Cluster,
  { type, subresource }: Target,
  next: KubeObject,
  live: StoredObject,
): KubeObject {
  const draft = subresource === 'status' ? statusOnly(type, next, live) : specOnly(cluster, type, next, live);
  const { metadata: old } = live;
  const metadata = {
    ...draft.metadata,
    uid: draft.metadata.uid || old.uid,
    creationTimestamp: old.creationTimestamp,
  };
  if (old.deletionTimestamp !== undefined) metadata.deletionTimestamp = old.deletionTimestamp;
  else delete metadata.deletionTimestamp;
  const grace = metadata.deletionGracePeriodSeconds ?? old.deletionGracePeriodSeconds;
  if (grace !== undefined) metadata.deletionGracePeriodSeconds = grace;
  const prepared: KubeObject = { ...draft, metadata };
  const generation = subresource === 'status' ? old.generation : nextGeneration(type, prepared, live);
  if (generation === undefined) delete metadata.generation;
  else metadata.generation = generation;
  return prepared;
}

function specOnly(cluster: Cluster, type: ResourceType, next: KubeObject, live: StoredObject): KubeObject {
  const draft = ordered(type, next);
  if (type.subresources.has('status')) {
    if (live['status'] === undefined) delete draft['status'];
    else draft['status'] = copyJson(live['status']);
  }
  dropFields(type, draft);
  keepKind(cluster, type, draft, live);
  return draft;
}

/** What a kind keeps through an update, in place. */
function keepKind(cluster: Cluster, type: ResourceType, draft: KubeObject, live: StoredObject): void {
  switch (`${type.group}/${type.kind}`) {
    case '/Service':
      keepAddresses(draft, live);
      allocateAddresses(cluster, draft);
      if (objectOf(draft['spec'])['type'] !== 'LoadBalancer') objectOf(draft['status'])['loadBalancer'] = {};
      break;
    case '/Secret':
      if (stringOf(draft['type']) === '') draft['type'] = live['type'] ?? '';
      break;
    case '/Namespace':
      draft['spec'] = live['spec'] ?? {};
      break;
    case 'apps/DaemonSet': {
      const before = Number(live.metadata.annotations?.[TEMPLATE_GENERATION] ?? 1);
      const changed = !equalJson(objectOf(draft['spec'])['template'], objectOf(live['spec'])['template']);
      const generation = String(before + (changed ? 1 : 0));
      draft.metadata.annotations = { ...draft.metadata.annotations, [TEMPLATE_GENERATION]: generation };
      break;
    }
    default:
  }
}

/** A status write may touch metadata only where the kind lets it. */
function statusOnly(type: ResourceType, next: KubeObject, live: StoredObject): KubeObject {
  const { status, metadata } = next;
  const kept: KubeObject = { ...live, ...(status === undefined ? {} : { status }) };
  if (status === undefined) delete kept['status'];
  const managed = metadata.managedFields;
  const { managedFields: _, ...before } = live.metadata;
  const oldMetadata = {
    ...before,
    ...(managed ? { managedFields: managed } : {}),
    resourceVersion: metadata.resourceVersion ?? '',
  };
  if (type.custom || type.group === 'apiextensions.k8s.io') return { ...kept, metadata: oldMetadata };
  const free = { ...metadata };
  if (type.kind === 'Deployment') setOrDrop(free, 'labels', before.labels);
  if (type.kind === 'Pod') setOrDrop(free, 'ownerReferences', before.ownerReferences);
  return { ...kept, metadata: free };
}

function setOrDrop(target: JsonObject, key: string, value: JsonObject[string] | undefined): void {
  if (value === undefined) delete target[key];
  else target[key] = value;
}

const empties = new WeakMap<ResourceType, KubeObject>();

/** An object of the kind with nothing given: what a create is compared with. */
export function emptyObject(type: ResourceType): KubeObject {
  const known = empties.get(type);
  if (known) return known;
  const decoded = type.custom ? {} : decode(type.node, {}, newDecoding());
  const made: KubeObject = { ...decoded, apiVersion: type.apiVersion, kind: type.kind, metadata: {} };
  empties.set(type, made);
  return made;
}
