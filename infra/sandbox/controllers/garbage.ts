// Deletes what has lost its owners, and does what foreground and orphaning deletions ask for.

import { keyOf, type StoredObject } from '../kube-object.ts';
import { FOREGROUND, ORPHAN } from '../registry/remove.ts';
import type { Change } from '../store/store.ts';
import type { Client } from './client.ts';
import type { Owners, Place } from './owners.ts';
import type { Controller } from './runtime.ts';

export function garbageCollector(client: Client, owners: Owners): Controller {
  const place = (key: string): Place => {
    const at = key.indexOf(' ');
    return { resource: key.slice(0, at), key: key.slice(at + 1) };
  };
  return {
    name: 'garbage-collector',
    concerns: (change) => concerned(change, owners),
    reconcile: (key) => {
      const { resource, key: name } = place(key);
      const object = client.get(resource, name);
      if (object) collect(client, owners, resource, object);
      return undefined;
    },
  };
}

function id({ resource, key }: Place): string {
  return `${resource} ${key}`;
}

function concerned({ type, resource, object, previous }: Change, owners: Owners): string[] {
  const keys = owners.owned(object.metadata.uid).map(id);
  const own = id({ resource, key: keyOf(object) });
  const watched =
    object.metadata.ownerReferences !== undefined || object.metadata.deletionTimestamp !== undefined;
  if (type !== 'DELETED' && watched) keys.push(own);
  // an owner that waits for what it owns may have waited for this one
  for (const { uid } of previous?.metadata.ownerReferences ?? []) {
    const owner = owners.find(uid);
    if (owner) keys.push(id(owner));
  }
  return type === 'MODIFIED' && object.metadata.deletionTimestamp === undefined
    ? watched
      ? [own]
      : []
    : keys;
}

function collect(client: Client, owners: Owners, resource: string, object: StoredObject): void {
  const { metadata } = object;
  if (metadata.deletionTimestamp !== undefined) {
    if (metadata.finalizers?.includes(ORPHAN)) orphan(client, owners, resource, object);
    else if (metadata.finalizers?.includes(FOREGROUND)) deleteOwned(client, owners, resource, object);
    return;
  }
  const references = metadata.ownerReferences ?? [];
  if (references.length === 0) return;
  const there = references.filter(({ uid }) => owners.find(uid));
  const waiting = there.filter(({ uid }) => isForeground(client, owners.find(uid)));
  if (there.length === 0) client.delete(resource, object);
  else if (waiting.length === there.length) {
    const hasOwned = owners.owned(metadata.uid).length > 0;
    client.delete(resource, object, hasOwned ? 'Foreground' : undefined);
  } else if (there.length < references.length) {
    client.update({ ...object, metadata: { ...metadata, ownerReferences: there } });
  }
}

function isForeground(client: Client, place: Place | undefined): boolean {
  const owner = place && client.get(place.resource, place.key);
  return (
    owner?.metadata.deletionTimestamp !== undefined &&
    (owner.metadata.finalizers?.includes(FOREGROUND) ?? false)
  );
}

function orphan(client: Client, owners: Owners, resource: string, owner: StoredObject): void {
  for (const place of owners.owned(owner.metadata.uid)) {
    const object = client.get(place.resource, place.key);
    if (!object) continue;
    const left = (object.metadata.ownerReferences ?? []).filter(({ uid }) => uid !== owner.metadata.uid);
    const { ownerReferences: _, ...metadata } = object.metadata;
    client.update({
      ...object,
      metadata: left.length > 0 ? { ...metadata, ownerReferences: left } : metadata,
    });
  }
  client.removeFinalizer(resource, owner, ORPHAN);
}

/** The owner goes when nothing that it owns holds it back any more. */
function deleteOwned(client: Client, owners: Owners, resource: string, owner: StoredObject): void {
  let blocked = false;
  for (const place of owners.owned(owner.metadata.uid)) {
    const object = client.get(place.resource, place.key);
    if (!object) continue;
    const reference = object.metadata.ownerReferences?.find(({ uid }) => uid === owner.metadata.uid);
    if (object.metadata.deletionTimestamp === undefined) {
      const hasOwned = owners.owned(object.metadata.uid).length > 0;
      client.delete(place.resource, object, hasOwned ? 'Foreground' : undefined);
    }
    if (reference?.blockOwnerDeletion && client.get(place.resource, place.key)) blocked = true;
  }
  if (!blocked) client.removeFinalizer(resource, owner, FOREGROUND);
}
