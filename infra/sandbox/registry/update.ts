// PUT, and the last step of every patch.

import { equalJson, type Json } from '../json.ts';
import type { KubeObject, StoredObject } from '../kube-object.ts';
import { trackUpdate, withManaged } from '../ownership/field-manager.ts';
import { validationOf } from '../validation/kinds.ts';
import { metadataUpdateProblems } from '../validation/metadata.ts';
import { type Cluster, timestamp } from './cluster.ts';
import { createNamed, problemsOf, store } from './create.ts';
import { decodeBody } from './decode-object.ts';
import { fieldManagerOf } from './field-manager-of.ts';
import { prepareUpdate } from './prepare.ts';
import { kindName, type ResourceType, resourceName } from './resource-type.ts';
import { conflict, type FieldProblem, invalid, invalidValue, modified } from './status-error.ts';
import {
  checkName,
  find,
  findRequired,
  inVersion,
  keyIn,
  placed,
  type Target,
  type WriteOptions,
  type Written,
} from './target.ts';
import { warningsOf } from './warnings.ts';

/** Kinds that are only updated by someone who says which version was read. */
const CONDITIONAL = new Set([
  'policy/PodDisruptionBudget',
  'coordination.k8s.io/Lease',
  'admissionregistration.k8s.io/MutatingWebhookConfiguration',
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration',
  'apiextensions.k8s.io/CustomResourceDefinition',
]);

/** Kinds that a PUT makes when they are not there. */
const CREATED = new Set([
  '/endpoints',
  '/events',
  '/limitranges',
  '/services',
  'coordination.k8s.io/leases',
  'rbac.authorization.k8s.io/clusterrolebindings',
  'rbac.authorization.k8s.io/clusterroles',
  'rbac.authorization.k8s.io/rolebindings',
  'rbac.authorization.k8s.io/roles',
]);

export function replace(cluster: Cluster, target: Target, body: Json, options: WriteOptions): Written {
  const { type } = target;
  const object = decodeBody(type, body, options);
  const here = placed(checkName(object, target), target);
  if (target.subresource === '' && CREATED.has(type.storage) && !find(cluster, target)) {
    return createNamed(cluster, target, here, options);
  }
  const live = inVersion(type, findRequired(cluster, target)) as StoredObject; // a stored one
  checkUid(target, here, live);
  const tracked = trackUpdate(fieldManagerOf(type, target.subresource), live, here, {
    manager: options.manager,
    now: timestamp(cluster),
  });
  return { object: persist(cluster, target, { next: tracked, live }, options), created: false };
}

function checkUid({ type, namespace, name }: Target, next: KubeObject, live: StoredObject): void {
  const given = next.metadata.uid;
  if (!given || given === live.metadata.uid) return;
  const key = `/registry/${[type.plural, namespace, name].filter((part) => part !== '').join('/')}`;
  const text = `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${given}, UID in object meta: ${live.metadata.uid}`;
  throw conflict(resourceName(type), name, text);
}

/**
 * Stores the next state of an object (both in the request's version) and gives it back. Without a change nothing is
 * stored; an object on its way out whose last finalizer goes is removed.
 */
export function persist(
  cluster: Cluster,
  target: Target,
  { next, live }: { readonly next: KubeObject; readonly live: StoredObject },
  options: WriteOptions,
): KubeObject {
  const { type, name } = target;
  const given = next.metadata.resourceVersion;
  if (given === undefined || given === '' || given === '0') checkUnconditional(target);
  else if (given !== live.metadata.resourceVersion) throw modified(resourceName(type), name);
  const prepared = prepareUpdate(cluster, target, next, live);
  const versioned: KubeObject = {
    ...prepared,
    metadata: { ...prepared.metadata, resourceVersion: live.metadata.resourceVersion },
  };
  const problems = updateProblems(type, versioned, live);
  if (problems.length > 0) throw invalid(kindName(type), name, problems);
  for (const warning of warningsOf(type, versioned, live)) options.warn(warning);
  if (isUnchanged(versioned, live)) return live;
  if (options.dryRun) return versioned;
  if (live.metadata.deletionTimestamp !== undefined && isFinished(type, versioned)) {
    cluster.store.delete(type.storage, keyIn(target));
    return versioned;
  }
  return inVersion(type, store(cluster, type, versioned));
}

function updateProblems(type: ResourceType, next: KubeObject, live: StoredObject): FieldProblem[] {
  const own = validationOf(type.group, type.kind).update(next, live);
  return [...metadataUpdateProblems(next, live), ...problemsOf(type, next), ...own];
}

function checkUnconditional({ type, name }: Target): void {
  if (!type.custom && !CONDITIONAL.has(`${type.group}/${type.kind}`)) return;
  const problem = invalidValue('metadata.resourceVersion', 0, 'must be specified for an update');
  throw invalid({ group: type.group, name: type.plural }, name, [problem]);
}

function isFinished(type: ResourceType, object: KubeObject): boolean {
  if ((object.metadata.finalizers ?? []).length > 0) return false;
  if (type.storage === '/namespaces') return false;
  return (object.metadata.deletionGracePeriodSeconds ?? 0) === 0;
}

/** A write that changes nothing but the times of managedFields changes nothing. */
function isUnchanged(next: KubeObject, live: StoredObject): boolean {
  if (!equalJson(withManaged(next, []), withManaged(live, []))) return false;
  const timeless = (object: KubeObject) =>
    (object.metadata.managedFields ?? []).map(({ time: _, ...entry }) => entry);
  return equalJson(timeless(next), timeless(live));
}
