// Gives every namespace its ServiceAccount and CA, and empties those that are deleted.

import type { Change } from '../store/store.ts';
import type { Client } from './client.ts';
import type { Controller } from './runtime.ts';

const ROOT_CA = 'kube-root-ca.crt';
const FIRST = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];

export function namespaceController(client: Client, ca: string): Controller {
  for (const name of FIRST) {
    if (!client.get('/namespaces', name)) client.create('/namespaces', { metadata: { name } });
  }
  return {
    name: 'namespace',
    concerns: (change) => concerned(client, change),
    reconcile: (name) => {
      const namespace = client.get('/namespaces', name);
      if (!namespace) return undefined;
      if (namespace.metadata.deletionTimestamp !== undefined) empty(client, name);
      else furnish(client, name, ca);
      return undefined;
    },
  };
}

function concerned(client: Client, { type, resource, object }: Change): string[] {
  if (resource === '/namespaces') return type === 'DELETED' ? [] : [object.metadata.name];
  const { namespace } = object.metadata;
  if (namespace === undefined) return [];
  const own = resource === '/serviceaccounts' || resource === '/configmaps';
  if (type === 'DELETED' && own) return [namespace];
  const gone = client.get('/namespaces', namespace)?.metadata.deletionTimestamp !== undefined;
  return gone ? [namespace] : [];
}

function furnish(client: Client, namespace: string, ca: string): void {
  if (!client.get('/serviceaccounts', `${namespace}/default`)) {
    client.create('/serviceaccounts', { metadata: { name: 'default', namespace } });
  }
  const config = client.get('/configmaps', `${namespace}/${ROOT_CA}`);
  if (!config)
    client.create('/configmaps', { metadata: { name: ROOT_CA, namespace }, data: { 'ca.crt': ca } });
}

function empty(client: Client, name: string): void {
  let left = 0;
  for (const resource of client.cluster.store.resources()) {
    if (!client.cluster.resources.ofStorage(resource)?.namespaced) continue;
    for (const object of client.list(resource, name)) {
      if (object.metadata.deletionTimestamp === undefined || resource === '/pods') {
        client.delete(resource, object, 'Background', 0);
      }
      if (client.get(resource, `${name}/${object.metadata.name}`)) left++;
    }
  }
  const namespace = client.get('/namespaces', name);
  if (left > 0 || !namespace || (namespace.metadata.finalizers ?? []).length > 0) return;
  client.cluster.store.delete('/namespaces', name);
}
