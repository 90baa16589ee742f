import type { KubeObject, StoredObject } from '../kube-object.ts';
import type { Cluster } from './cluster.ts';
import { type ResourceType, resourceName, type Subresource } from './resource-type.ts';
import { badRequest, notFound } from './status-error.ts';

/** Where a request points. */
export interface Target {
  readonly type: ResourceType;
  /** '' for a cluster-scoped object and for all namespaces */
  readonly namespace: string;
  /** '' for a collection */
  readonly name: string;
  readonly subresource: Subresource;
}

export type FieldValidation = 'Ignore' | 'Warn' | 'Strict';

export interface WriteOptions {
  readonly dryRun: boolean;
  /** who writes: fieldManager, or the start of the User-Agent */
  readonly manager: string;
  readonly validation: FieldValidation;
  /** told to the client beside the answer, whatever that is */
  readonly warn: (text: string) => void;
}

export interface Written {
  readonly object: KubeObject;
  readonly created: boolean;
}

export function keyIn(target: Target): string {
  return target.namespace === '' ? target.name : `${target.namespace}/${target.name}`;
}

export function find(cluster: Cluster, target: Target): StoredObject | undefined {
  return cluster.store.get(target.type.storage, keyIn(target));
}

export function findRequired(cluster: Cluster, target: Target): StoredObject {
  const found = find(cluster, target);
  if (!found) throw notFound(resourceName(target.type), target.name);
  return found;
}

/** The object in the version that the request speaks. */
export function inVersion(type: ResourceType, object: KubeObject): KubeObject {
  return type.versions.convert(object, type.apiVersion) as KubeObject; // conversion keeps the shape
}

/** The object in the request's namespace; another one in the body is an error. */
export function placed(object: KubeObject, target: Target): KubeObject {
  const { namespace, ...metadata } = object.metadata;
  if (!target.type.namespaced) {
    if (namespace) throw badRequest('namespace is not allowed on this type');
    return { ...object, metadata };
  }
  if (namespace && namespace !== target.namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  return { ...object, metadata: { ...metadata, namespace: target.namespace } };
}

export function checkName(object: KubeObject, target: Target): KubeObject {
  const { name } = object.metadata;
  if (name && name !== target.name) {
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${target.name})`);
  }
  return { ...object, metadata: { ...object.metadata, name: target.name } };
}
