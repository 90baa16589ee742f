// The scale subresource: an autoscaling/v1 Scale that stands for an object's replicas.

import { isObject, type Json, type JsonObject, numberOf, objectOf, stringOf, valueAt } from '../json.ts';
import type { KubeObject, StoredObject } from '../kube-object.ts';
import { fieldPath, withManaged } from '../ownership/field-manager.ts';
import { FieldSet } from '../ownership/field-set.ts';
import { decodeManaged, encodeManaged } from '../ownership/managed-fields.ts';
import type { Cluster } from './cluster.ts';
import type { ScalePaths } from './resource-type.ts';
import { printSelector } from './selector.ts';
import { badRequest, invalid, invalidValue, noSuchResource } from './status-error.ts';
import { findRequired, inVersion, type Target, type WriteOptions, type Written } from './target.ts';
import { persist } from './update.ts';

export function readScale(cluster: Cluster, target: Target): JsonObject {
  return scaleOf(target, inVersion(target.type, findRequired(cluster, target)));
}

function pathsOf(target: Target): ScalePaths {
  if (!target.type.scale) throw noSuchResource();
  return target.type.scale;
}

export function scaleOf(target: Target, object: KubeObject): JsonObject {
  const paths = pathsOf(target);
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const metadata: JsonObject = {};
  for (const [key, value] of Object.entries({ name, namespace, uid, resourceVersion, creationTimestamp })) {
    if (value !== undefined) metadata[key] = value;
  }
  const replicas = numberOf(valueAt(object, ...paths.spec));
  const own = valueAt(object, 'spec', 'selector');
  const text = paths.selector.length > 0 ? stringOf(valueAt(object, ...paths.selector)) : '';
  const selector = target.type.custom ? text : isObject(own) ? printSelector(own) : '';
  const status: JsonObject = { replicas: numberOf(valueAt(object, ...paths.status)) };
  if (selector !== '') status['selector'] = selector;
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata,
    spec: replicas === 0 ? {} : { replicas },
    status,
  };
}

/** Takes a whole Scale, as a PUT or a patch makes it. */
export function writeScale(cluster: Cluster, target: Target, scale: Json, options: WriteOptions): Written {
  if (!isObject(scale) || scale['kind'] !== 'Scale')
    throw badRequest('the object provided is unrecognized (must be of type Scale)');
  const replicas = numberOf(valueAt(scale, 'spec', 'replicas'));
  if (replicas < 0) {
    const problem = invalidValue('spec.replicas', replicas, 'must be greater than or equal to 0');
    throw invalid({ group: 'autoscaling', name: 'Scale' }, target.name, [problem]);
  }
  const live = inVersion(target.type, findRequired(cluster, target)) as StoredObject; // a stored one
  const given = stringOf(valueAt(scale, 'metadata', 'resourceVersion'));
  const next = withReplicas(live, pathsOf(target).spec, replicas) as KubeObject; // only a number is set
  const versioned = {
    ...next,
    metadata: { ...next.metadata, resourceVersion: given || live.metadata.resourceVersion },
  };
  const disownedNext = disowned(versioned, pathsOf(target).spec);
  const object = persist(cluster, target, { next: disownedNext, live }, options);
  return { object: scaleOf(target, object) as KubeObject, created: false }; // kind, apiVersion, metadata are there
}

/** As the API server has it, replicas set here are nobody's afterwards; only an apply owns them. */
function disowned(object: KubeObject, path: readonly string[]): KubeObject {
  const managed = decodeManaged(object.metadata.managedFields);
  if (!managed) return object;
  const replicas = FieldSet.of(fieldPath(...path));
  const managers = new Map(
    [...managed.managers].map(([id, own]) => [id, { ...own, set: own.set.difference(replicas) }]),
  );
  for (const [id, { set }] of managers) if (set.isEmpty) managers.delete(id);
  return withManaged(object, encodeManaged({ managers, times: managed.times }));
}

function withReplicas(object: JsonObject, path: readonly string[], replicas: number): JsonObject {
  const [first, ...rest] = path;
  if (first === undefined) return object;
  const inner = rest.length === 0 ? replicas : withReplicas(objectOf(object[first]), rest, replicas);
  return { ...object, [first]: inner };
}
