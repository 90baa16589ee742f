/** Follows every kind of which something is held, by the owner label, in one watch a kind for all Applications. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ObjectRef } from '../engine/delivery/bundle.ts';
import { ownerLabel } from '../engine/delivery/ownership.ts';
import type { JsonObject } from '../engine/json.ts';
import type { KubeApi } from './kube/api.ts';
import type { Discovery } from './kube/discovery.ts';
import type { KubeError } from './kube/errors.ts';
import type { Located } from './kube/objects.ts';
import { Reflector } from './kube/reflector.ts';

export interface WatchEvents {
  changed(object: JsonObject): void;
  gone(object: JsonObject): void;
  failed(kind: string, error: KubeError): void;
}

interface Followed {
  readonly reflector: Reflector;
  /** Once the first list is in, what the cache does not hold is not there (or has lost its label). */
  synced: boolean;
}

export class Watches {
  private readonly api: KubeApi;
  private readonly discovery: Discovery;
  private readonly events: WatchEvents;
  private readonly followed = new Map<string, Followed>();

  constructor(api: KubeApi, discovery: Discovery, events: WatchEvents) {
    this.api = api;
    this.discovery = discovery;
    this.events = events;
  }

  /** Sees to it that the kinds of these objects are followed. Kinds that are not served are left out. */
  async follow(refs: readonly ObjectRef[]): Promise<void> {
    const kinds = new Map(refs.map((ref) => [`${ref.apiVersion}/${ref.kind}`, ref]));
    for (const [key, { apiVersion, kind }] of kinds) {
      if (this.followed.has(key)) continue;
      const served = await this.discovery.find(apiVersion, kind);
      if (served === undefined || this.followed.has(key)) continue;
      const followed: Followed = {
        reflector: new Reflector(this.api, served, ownerLabel, {
          changed: (object) => this.events.changed(object),
          gone: (object) => this.events.gone(object),
          synced: () => {
            followed.synced = true;
          },
          failed: (error) => {
            followed.synced = false;
            this.events.failed(key, error);
          },
        }),
        synced: false,
      };
      this.followed.set(key, followed);
      void followed.reflector.run();
    }
  }

  /** Waits until the kinds of these objects have been listed, or so long. */
  async listed(refs: readonly ObjectRef[], ms: number): Promise<void> {
    const wanted = refs.flatMap(({ apiVersion, kind }) => this.followed.get(`${apiVersion}/${kind}`) ?? []);
    const deadline = performance.now() + ms;
    while (wanted.some(({ synced }) => !synced) && performance.now() < deadline) await sleep(20);
  }

  /** The object as the watch last saw it; undefined where it did not, or cannot say. */
  get(at: Located, apiVersion: string): JsonObject | undefined {
    const followed = this.followed.get(`${apiVersion}/${at.kind.kind}`);
    return followed?.synced ? followed.reflector.get(at.namespace, at.name) : undefined;
  }

  stop(): void {
    for (const { reflector } of this.followed.values()) reflector.stop();
    this.followed.clear();
  }
}
