// Who owns whom, kept up to date with the store.

import { keyOf, type StoredObject } from '../kube-object.ts';
import type { Cluster } from '../registry/cluster.ts';
import type { Change } from '../store/store.ts';

export interface Place {
  readonly resource: string;
  readonly key: string;
}

export class Owners {
  readonly #store: Cluster['store'];
  readonly #places = new Map<string, Place>();
  /** owner's uid → `resource key` of what it owns */
  readonly #owned = new Map<string, Map<string, Place>>();

  constructor({ store }: Cluster) {
    this.#store = store;
    for (const resource of store.resources())
      for (const object of store.list(resource)) this.#enter(resource, object);
  }

  /** Must see every change before anyone asks. */
  note({ type, resource, object, previous }: Change): void {
    if (previous) this.#leave(resource, previous);
    if (type !== 'DELETED') this.#enter(resource, object);
  }

  /** Where the object with this uid is, if it is. */
  find(uid: string): Place | undefined {
    return this.#places.get(uid);
  }

  owned(uid: string): readonly Place[] {
    return [...(this.#owned.get(uid)?.values() ?? [])];
  }

  /** The objects of one resource that an owner controls, by key. */
  controlled<T extends StoredObject>(owner: StoredObject, resource: string): T[] {
    const found: T[] = [];
    for (const place of this.owned(owner.metadata.uid)) {
      if (place.resource !== resource) continue;
      const object = this.#store.get(place.resource, place.key);
      const controls = object?.metadata.ownerReferences?.some(
        ({ uid, controller }) => controller && uid === owner.metadata.uid,
      );
      if (object && controls) found.push(object as T); // the kind's own shape
    }
    return found.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  }

  #enter(resource: string, object: StoredObject): void {
    const place = { resource, key: keyOf(object) };
    this.#places.set(object.metadata.uid, place);
    for (const { uid } of object.metadata.ownerReferences ?? []) {
      const owned = this.#owned.get(uid) ?? new Map<string, Place>();
      owned.set(`${place.resource} ${place.key}`, place);
      this.#owned.set(uid, owned);
    }
  }

  #leave(resource: string, object: StoredObject): void {
    const key = keyOf(object);
    this.#places.delete(object.metadata.uid);
    for (const { uid } of object.metadata.ownerReferences ?? []) {
      const owned = this.#owned.get(uid);
      owned?.delete(`${resource} ${key}`);
      if (owned?.size === 0) this.#owned.delete(uid);
    }
  }
}

/** The reference by which a controller owns what it makes. */
export function ownedBy(owner: StoredObject) {
  const { apiVersion, kind } = owner;
  const { name, uid } = owner.metadata;
  return { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
}

/** The key of the controller of an object, if it is of this kind. */
export function controllerKey(object: StoredObject, kind: string): string[] {
  const owner = object.metadata.ownerReferences?.find((one) => one.controller === true && one.kind === kind);
  if (!owner) return [];
  return [object.metadata.namespace ? `${object.metadata.namespace}/${owner.name}` : owner.name];
}
