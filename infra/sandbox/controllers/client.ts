// How controllers read and write: through the same verbs as everybody, under their own field manager.

import { equalJson, type JsonObject } from '../json.ts';
import { type KubeObject, keyOf, type StoredObject } from '../kube-object.ts';
import type { Cluster } from '../registry/cluster.ts';
import { timestamp } from '../registry/cluster.ts';
import { create, store } from '../registry/create.ts';
import { type DeleteOptions, type Propagation, removeObject } from '../registry/remove.ts';
import type { ResourceType, Subresource } from '../registry/resource-type.ts';
import { StatusError } from '../registry/status-error.ts';
import type { Target, WriteOptions } from '../registry/target.ts';
import { replace } from '../registry/update.ts';

export class Client {
  readonly cluster: Cluster;
  readonly #manager: string;

  constructor(cluster: Cluster, manager: string) {
    this.cluster = cluster;
    this.#manager = manager;
  }

  get now(): string {
    return timestamp(this.cluster);
  }

  get nowMs(): number {
    return this.cluster.now().getTime();
  }

  /** `T` is the kind's own shape, which decoding has made sure of. */
  get<T extends StoredObject>(resource: string, key: string): T | undefined {
    return this.cluster.store.get(resource, key) as T | undefined; // see above
  }

  list<T extends StoredObject>(resource: string, namespace?: string): T[] {
    return this.cluster.store.list(resource, namespace) as T[]; // see above
  }

  /** Makes an object; one of that name that is already there is left alone. */
  create(resource: string, object: JsonObject & { metadata: JsonObject & { namespace?: string } }): void {
    const type = this.#type(resource);
    const body = { ...object, kind: type.kind, apiVersion: type.apiVersion };
    try {
      create(this.cluster, this.#target(type, object.metadata.namespace ?? '', ''), body, this.#options);
    } catch (error) {
      if (!(error instanceof StatusError && error.reason === 'AlreadyExists')) throw error;
    }
  }

  updateStatus(live: StoredObject, status: JsonObject): void {
    if (equalJson(live['status'], status)) return;
    this.#replace({ ...live, status }, 'status');
  }

  /** Writes the status with what metadata the kind lets go with it. */
  writeStatus(next: KubeObject): void {
    this.#replace(next, 'status');
  }

  update(next: KubeObject): void {
    this.#replace(next, '');
  }

  /** Sets what nobody's request could, such as the node of a pod: no owner is recorded. */
  put(resource: string, next: StoredObject): void {
    store(this.cluster, this.#type(resource), next);
  }

  delete(resource: string, live: StoredObject, propagation?: Propagation, graceSeconds?: number): void {
    const options: DeleteOptions = {
      dryRun: false,
      propagation,
      graceSeconds,
      uid: undefined,
      resourceVersion: undefined,
    };
    removeObject(this.cluster, this.#type(resource), live, options);
  }

  /** Takes a finalizer off; the object goes if it was the last and it is being deleted. */
  removeFinalizer(resource: string, live: StoredObject, finalizer: string): void {
    const finalizers = (live.metadata.finalizers ?? []).filter((one) => one !== finalizer);
    if (
      live.metadata.deletionTimestamp !== undefined &&
      finalizers.length === 0 &&
      resource !== '/namespaces'
    ) {
      this.cluster.store.delete(resource, keyOf(live));
      return;
    }
    this.put(resource, { ...live, metadata: { ...live.metadata, finalizers } });
  }

  #replace(object: KubeObject, subresource: Subresource): void {
    const type = this.cluster.resources.ofKind(object.apiVersion, object.kind);
    if (!type) return;
    const target = this.#target(type, object.metadata.namespace ?? '', object.metadata.name ?? '');
    replace(this.cluster, { ...target, subresource }, object, this.#options);
  }

  #type(resource: string): ResourceType {
    const type = this.cluster.resources.ofStorage(resource);
    if (!type) throw new StatusError(404, 'NotFound', `no resource ${resource}`);
    return type;
  }

  #target(type: ResourceType, namespace: string, name: string): Target {
    return { type, namespace, name, subresource: '' };
  }

  get #options(): WriteOptions {
    return { dryRun: false, manager: this.#manager, validation: 'Ignore', warn: () => undefined };
  }
}
