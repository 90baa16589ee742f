// DELETE of one object and of a collection.

import { isObject, type Json, type JsonObject, listOf, numberOf, objectOf, stringOf } from '../json.ts';
import { type KubeObject, keyOf, type StoredObject } from '../kube-object.ts';
import { type Cluster, timestamp } from './cluster.ts';
import { store } from './create.ts';
import { kindName, type ResourceType, resourceName } from './resource-type.ts';
import {
  badRequest,
  conflict,
  invalid,
  invalidValue,
  methodNotAllowed,
  notFound,
  unsupported,
} from './status-error.ts';
import { find, inVersion, type Target } from './target.ts';

export type Propagation = 'Foreground' | 'Background' | 'Orphan';

export interface DeleteOptions {
  readonly dryRun: boolean;
  readonly propagation: Propagation | undefined;
  readonly graceSeconds: number | undefined;
  readonly uid: string | undefined;
  readonly resourceVersion: string | undefined;
}

const POLICIES: readonly Propagation[] = ['Foreground', 'Background', 'Orphan'];
const OPTIONS = { group: 'meta.k8s.io', name: 'DeleteOptions' };
/** Kinds whose deletion answers the object instead of a Status. */
const RETURNED = new Set([
  '/namespaces',
  '/persistentvolumeclaims',
  '/persistentvolumes',
  '/pods',
  '/podtemplates',
  '/resourcequotas',
  '/serviceaccounts',
  '/services',
  'storage.k8s.io/storageclasses',
]);
/** The finalizers by which the garbage collector works. */
export const ORPHAN = 'orphan';
export const FOREGROUND = 'foregroundDeletion';
export const DEFINITIONS = 'apiextensions.k8s.io/customresourcedefinitions';
/** Holds a definition until its objects are gone. */
export const CLEANUP = 'customresourcecleanup.apiextensions.k8s.io';

/** Options from the body, where there is one, else from the query. */
export function deleteOptions(body: Json, query: URLSearchParams): DeleteOptions {
  if (body !== null && !isObject(body)) throw badRequest('the delete options are no object');
  const given = isObject(body) ? body : {};
  const dryRun = listOf(given['dryRun']).map(stringOf).concat(query.getAll('dryRun'));
  if (dryRun.some((one) => one !== 'All'))
    throw invalid(OPTIONS, '', [unsupported('dryRun', dryRun, ['All'])]);
  const policy = stringOf(given['propagationPolicy']) || query.get('propagationPolicy') || undefined;
  const propagation = POLICIES.find((one) => one === policy);
  if (policy !== undefined && !propagation) {
    throw invalid(OPTIONS, '', [unsupported('propagationPolicy', policy, [...POLICIES, 'nil'])]);
  }
  const orphans = given['orphanDependents'];
  if (typeof orphans === 'boolean' && propagation) {
    const text = 'orphanDependents and deletionPropagation cannot be both set';
    throw invalid(OPTIONS, '', [invalidValue('propagationPolicy', propagation, text)]);
  }
  const grace = given['gracePeriodSeconds'] ?? numericQuery(query.get('gracePeriodSeconds'));
  const preconditions = objectOf(given['preconditions']);
  return {
    dryRun: dryRun.length > 0,
    propagation: typeof orphans === 'boolean' ? (orphans ? 'Orphan' : 'Background') : propagation,
    graceSeconds: typeof grace === 'number' ? Math.max(grace, grace < 0 ? 1 : 0) : undefined,
    uid: stringOf(preconditions['uid']) || undefined,
    resourceVersion: stringOf(preconditions['resourceVersion']) || undefined,
  };
}

function numericQuery(text: string | null): number | undefined {
  return text !== null && /^-?\d+$/.test(text) ? Number(text) : undefined;
}

/** What a DELETE answers: the object while it is still there, a Status when it is gone at once. */
export function remove(cluster: Cluster, target: Target, options: DeleteOptions): JsonObject {
  if (target.subresource !== '') throw methodNotAllowed();
  const { type } = target;
  const live = find(cluster, target);
  if (!live) throw notFound(resourceName(type), target.name);
  checkPreconditions(type, live, options);
  const left = removeObject(cluster, type, live, options);
  if (left) return inVersion(type, left);
  if (RETURNED.has(type.storage)) return inVersion(type, live);
  const details: JsonObject = { name: target.name };
  if (type.group !== '') details['group'] = type.group;
  details['kind'] = type.plural;
  details['uid'] = live.metadata.uid;
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details };
}

function checkPreconditions(type: ResourceType, live: StoredObject, options: DeleteOptions): void {
  const { uid, resourceVersion, name } = live.metadata;
  if (options.uid !== undefined && options.uid !== uid) {
    const text = `the UID in the precondition (${options.uid}) does not match the UID in record (${uid}). The object might have been deleted and then recreated`;
    throw conflict(kindName(type), name, text);
  }
  if (options.resourceVersion !== undefined && options.resourceVersion !== resourceVersion) {
    const text = `the ResourceVersion in the precondition (${options.resourceVersion}) does not match the ResourceVersion in record (${resourceVersion}). The object might have been modified`;
    throw conflict(kindName(type), name, text);
  }
}

/** Deletes or marks as deleting; gives the object while it stays. */
export function removeObject(
  cluster: Cluster,
  type: ResourceType,
  live: StoredObject,
  options: DeleteOptions,
): KubeObject | undefined {
  const grace = gracePeriod(type, live, options);
  if (grace === 'pending') return live;
  const finalizers = finalizersFor(type, live, options);
  if (grace === 0 && finalizers.length === 0 && type.storage !== '/namespaces') {
    if (!options.dryRun) cluster.store.delete(type.storage, keyOf(live));
    return undefined;
  }
  const marked = markDeleting(cluster, type, live, { finalizers, grace });
  if (marked === live || options.dryRun) return marked;
  return store(cluster, type, marked);
}

/** Only pods on a node are given time; shorter time than is left may still be asked for. */
function gracePeriod(type: ResourceType, live: StoredObject, options: DeleteOptions): number | 'pending' {
  if (type.storage !== '/pods') return 0;
  const left =
    live.metadata.deletionTimestamp === undefined
      ? undefined
      : (live.metadata.deletionGracePeriodSeconds ?? 0);
  const spec = objectOf(live['spec']);
  const phase = stringOf(objectOf(live['status'])['phase']);
  const given = options.graceSeconds;
  if (left !== undefined) return left === 0 ? 0 : given === undefined || given >= left ? 'pending' : given;
  if (stringOf(spec['nodeName']) === '' || phase === 'Succeeded' || phase === 'Failed') return 0;
  return given ?? numberOf(spec['terminationGracePeriodSeconds']);
}

function finalizersFor(type: ResourceType, live: StoredObject, { propagation }: DeleteOptions): string[] {
  const before = live.metadata.finalizers ?? [];
  const wanted =
    propagation === undefined
      ? before.find((one) => one === ORPHAN || one === FOREGROUND)
      : { Orphan: ORPHAN, Foreground: FOREGROUND, Background: undefined }[propagation];
  const others = before.filter((one) => one !== ORPHAN && one !== FOREGROUND);
  const first = live.metadata.deletionTimestamp === undefined;
  if (type.storage === DEFINITIONS && first && !others.includes(CLEANUP)) others.push(CLEANUP);
  return wanted === undefined ? others : [...others, wanted];
}

function markDeleting(
  cluster: Cluster,
  type: ResourceType,
  live: StoredObject,
  { finalizers, grace }: { readonly finalizers: readonly string[]; readonly grace: number },
): KubeObject {
  const { metadata } = live;
  const first = metadata.deletionTimestamp === undefined;
  const same = finalizers.length === (metadata.finalizers ?? []).length;
  if (!first && same && metadata.deletionGracePeriodSeconds === grace) return live;
  const end = new Date(cluster.now().getTime() + grace * 1000).toISOString();
  const marked: KubeObject = {
    ...live,
    metadata: {
      ...metadata,
      deletionTimestamp: first ? `${end.slice(0, 19)}Z` : (metadata.deletionTimestamp ?? timestamp(cluster)),
      ...(type.storage === '/namespaces' ? {} : { deletionGracePeriodSeconds: grace }),
      ...(first && metadata.generation !== undefined ? { generation: metadata.generation + 1 } : {}),
      finalizers: [...finalizers],
    },
  };
  if (finalizers.length === 0) delete marked.metadata.finalizers;
  if (type.storage === '/namespaces')
    marked['status'] = { ...objectOf(live['status']), phase: 'Terminating' };
  return marked;
}
