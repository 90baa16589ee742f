/** Follows all objects of one kind that carry a label: list, then watch, and again when the watch is lost. */
import type { ServedKind } from '../../engine/delivery/protocol.ts';
import { isArray, isObject, type JsonObject } from '../../engine/json.ts';
import { Backoff } from '../backoff.ts';
import type { KubeApi } from './api.ts';
import { apiVersionOf, pathOf } from './discovery.ts';
import { KubeError } from './errors.ts';
import { continueOf, metadataOf, resourceVersionOf, textOf } from './objects.ts';

/** How long one watch is asked to last; the server ends it, and the next one goes on where it ended. */
const WATCH_SECONDS = 300;
const GRACE_MS = 15_000;
const QUICK_END_MS = 2000;

export interface ReflectorEvents {
  changed(object: JsonObject): void;
  gone(object: JsonObject): void;
  /** The first list is in. */
  synced(): void;
  /** The kind cannot be followed now; it is tried again. */
  failed(error: KubeError): void;
}

export class Reflector {
  private readonly api: KubeApi;
  private readonly kind: ServedKind;
  private readonly selector: string;
  private readonly events: ReflectorEvents;
  private readonly stopped = new AbortController();
  private readonly cache = new Map<string, JsonObject>();

  constructor(api: KubeApi, kind: ServedKind, selector: string, events: ReflectorEvents) {
    this.api = api;
    this.kind = kind;
    this.selector = selector;
    this.events = events;
  }

  get(namespace: string | undefined, name: string): JsonObject | undefined {
    return this.cache.get(`${namespace ?? ''}/${name}`);
  }

  stop(): void {
    this.stopped.abort();
  }

  /** Runs until stopped. */
  async run(): Promise<void> {
    const backoff = new Backoff({ firstMs: 500, capMs: 60_000 });
    while (!this.stopped.signal.aborted) {
      try {
        let version = await this.list();
        this.events.synced();
        while (!this.stopped.signal.aborted) {
          const started = performance.now();
          version = await this.watch(version);
          // A server that ends every watch at once is no reason to ask it without a pause.
          if (performance.now() - started < QUICK_END_MS) await backoff.wait(this.stopped.signal);
          else backoff.reset();
        }
      } catch (error) {
        if (this.stopped.signal.aborted) return;
        const known = error instanceof KubeError ? error : new KubeError(0, '', String(error));
        // 410: the place to go on from is too old. That is no failure, only a reason to list again.
        if (known.status !== 410) this.events.failed(known);
        await backoff.wait(this.stopped.signal);
      }
    }
  }

  private async list(): Promise<string> {
    const seen = new Set<string>();
    let next: string | undefined;
    let version = '';
    do {
      const page = await this.api.json({
        method: 'GET',
        path: pathOf(this.kind),
        query: { labelSelector: this.selector, limit: '500', continue: next },
        signal: this.stopped.signal,
      });
      for (const item of isArray(page['items']) ? page['items'] : []) {
        if (!isObject(item)) continue;
        // Items of a list do not name their kind.
        const object = { apiVersion: apiVersionOf(this.kind), kind: this.kind.kind, ...item };
        seen.add(keyOf(object));
        this.put(object);
      }
      version = resourceVersionOf(page);
      next = continueOf(page);
    } while (next !== undefined);
    for (const [key, object] of this.cache) if (!seen.has(key)) this.drop(object);
    return version;
  }

  private async watch(from: string): Promise<string> {
    const deadline = AbortSignal.timeout(WATCH_SECONDS * 1000 + GRACE_MS);
    const lines = this.api.lines({
      method: 'GET',
      path: pathOf(this.kind),
      query: {
        watch: 'true',
        labelSelector: this.selector,
        resourceVersion: from,
        allowWatchBookmarks: 'true',
        timeoutSeconds: String(WATCH_SECONDS),
      },
      signal: AbortSignal.any([this.stopped.signal, deadline]),
    });
    let version = from;
    for await (const line of lines) version = this.take(line) ?? version;
    return version;
  }

  /** One event of a watch; gives the version to go on from. */
  private take(line: string): string | undefined {
    const event: unknown = JSON.parse(line);
    if (typeof event !== 'object' || event === null || !('type' in event) || !('object' in event))
      return undefined;
    // The watch protocol: `object` is an object of the kind, a bookmark of it, or a Status.
    const object = event.object as JsonObject;
    switch (event.type) {
      case 'ADDED':
      case 'MODIFIED':
        this.put(object);
        return resourceVersionOf(object);
      case 'DELETED':
        this.drop(object);
        return resourceVersionOf(object);
      case 'BOOKMARK':
        return resourceVersionOf(object);
      default: {
        const code = typeof object['code'] === 'number' ? object['code'] : 0;
        throw new KubeError(code, textOf(object['reason']), textOf(object['message']));
      }
    }
  }

  private put(object: JsonObject): void {
    const key = keyOf(object);
    const before = this.cache.get(key);
    this.cache.set(key, object);
    if (before === undefined || resourceVersionOf(before) !== resourceVersionOf(object)) {
      this.events.changed(object);
    }
  }

  private drop(object: JsonObject): void {
    this.cache.delete(keyOf(object));
    this.events.gone(object);
  }
}

function keyOf(object: JsonObject): string {
  const { namespace, name } = metadataOf(object);
  return `${textOf(namespace)}/${textOf(name)}`;
}
