// Accepts CustomResourceDefinitions, serves their kinds, and removes their objects with them.

import { isObject, type JsonObject, listOf, objectOf, stringOf } from '../json.ts';
import type { StoredObject } from '../kube-object.ts';
import { CLEANUP, DEFINITIONS } from '../registry/remove.ts';
import type { Change } from '../store/store.ts';
import type { Client } from './client.ts';
import type { Condition } from './kinds.ts';
import type { Controller } from './runtime.ts';

export function definitionController(client: Client): Controller {
  for (const definition of client.list(DEFINITIONS)) {
    if (isEstablished(definition)) client.cluster.resources.define(definition);
  }
  return {
    name: 'definition',
    concerns: (change) => concerned(client, change),
    reconcile: (name) => {
      const definition = client.get(DEFINITIONS, name);
      if (definition) settle(client, definition);
      return undefined;
    },
  };
}

function concerned(client: Client, { type, resource, object }: Change): string[] {
  if (resource !== DEFINITIONS) {
    // the last object of a kind that is going
    return type === 'DELETED'
      ? client
          .list(DEFINITIONS)
          .filter((one) => storageOf(one) === resource)
          .map((one) => one.metadata.name)
      : [];
  }
  if (type !== 'DELETED') return [object.metadata.name];
  client.cluster.resources.undefine(object.metadata.name);
  // names that it held may be free for others now
  return client.list(DEFINITIONS).map((one) => one.metadata.name);
}

function storageOf(definition: StoredObject): string {
  const spec = objectOf(definition['spec']);
  return `${stringOf(spec['group'])}/${stringOf(objectOf(spec['names'])['plural'])}`;
}

function isEstablished(definition: StoredObject): boolean {
  return conditionsOf(definition).some(({ type, status }) => type === 'Established' && status === 'True');
}

function conditionsOf(definition: StoredObject): Condition[] {
  return listOf(objectOf(definition['status'])['conditions']).filter(isObject) as Condition[]; // decoded by its type
}

function settle(client: Client, definition: StoredObject): void {
  if (definition.metadata.deletionTimestamp !== undefined) {
    if (definition.metadata.finalizers?.includes(CLEANUP)) removeObjects(client, definition);
    return;
  }
  const taken = conflictOf(client, definition);
  const established = isEstablished(definition) || taken === undefined;
  client.updateStatus(definition, statusOf(client, definition, taken));
  if (established) client.cluster.resources.define(definition);
}

/** A sentence when another definition of the group holds one of the names. */
function conflictOf(client: Client, definition: StoredObject): string | undefined {
  const names = objectOf(objectOf(definition['spec'])['names']);
  const wanted = [names['plural'], names['singular'], ...listOf(names['shortNames'])].map((one) =>
    stringOf(one ?? ''),
  );
  const group = objectOf(definition['spec'])['group'];
  for (const other of client.list(DEFINITIONS)) {
    if (other.metadata.name === definition.metadata.name || objectOf(other['spec'])['group'] !== group)
      continue;
    const held = objectOf(objectOf(other['status'])['acceptedNames']);
    const taken = [held['plural'], held['singular'], ...listOf(held['shortNames'])].map((one) =>
      stringOf(one ?? ''),
    );
    const name = wanted.find((one) => one !== '' && taken.includes(one));
    if (name !== undefined) return `${JSON.stringify(name)} is already in use`;
    for (const field of ['kind', 'listKind'] as const) {
      if (stringOf(held[field]) !== '' && held[field] === names[field])
        return `${JSON.stringify(names[field])} is already in use`;
    }
  }
  return undefined;
}

function statusOf(client: Client, definition: StoredObject, taken: string | undefined): JsonObject {
  const status = objectOf(definition['status']);
  const names = objectOf(objectOf(definition['spec'])['names']);
  const conditions = [...conditionsOf(definition)];
  const set = (type: string, holds: boolean, reason: string, message: string) => {
    const at = conditions.findIndex((one) => one.type === type);
    const same = conditions[at]?.status === (holds ? 'True' : 'False');
    const condition = {
      type,
      status: holds ? 'True' : 'False',
      lastTransitionTime: client.now,
      reason,
      message,
    };
    if (same) return;
    if (at >= 0) conditions[at] = condition;
    else conditions.push(condition);
  };
  if (taken === undefined) {
    set('NamesAccepted', true, 'NoConflicts', 'no conflicts found');
    set('Established', true, 'InitialNamesAccepted', 'the initial names have been accepted');
  } else {
    set('NamesAccepted', false, 'PluralConflict', taken);
    if (!isEstablished(definition)) set('Established', false, 'NotAccepted', 'not all names are accepted');
  }
  const stored = listOf(objectOf(definition['spec'])['versions'])
    .filter(isObject)
    .filter((version) => version['storage'] === true)
    .map((version) => stringOf(version['name']));
  const storedVersions = [...new Set([...listOf(status['storedVersions']).map(stringOf), ...stored])];
  return {
    ...status,
    conditions,
    acceptedNames: taken === undefined ? { ...names } : (status['acceptedNames'] ?? {}),
    storedVersions,
  };
}

function removeObjects(client: Client, definition: StoredObject): void {
  const resource = storageOf(definition);
  if (client.cluster.resources.ofStorage(resource)?.custom?.definition === definition.metadata.name) {
    for (const object of client.list(resource)) {
      if (object.metadata.deletionTimestamp === undefined) client.delete(resource, object);
    }
    if (client.list(resource).length > 0) return;
  }
  client.removeFinalizer(DEFINITIONS, definition, CLEANUP);
}
