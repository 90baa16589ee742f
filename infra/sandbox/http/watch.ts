// A watch: the state at the start where it is asked for, then every change, until its time is over.

import type { ServerResponse } from 'node:http';
import type { JsonObject } from '../json.ts';
import type { Cluster } from '../registry/cluster.ts';
import { checkRevision, eventFor, type ListOptions, type WatchEvent } from '../registry/read.ts';
import { expired, StatusError } from '../registry/status-error.ts';
import { inVersion, type Target } from '../registry/target.ts';
import type { Change } from '../store/store.ts';
import { type Output, shaped } from './output.ts';

const BOOKMARK_MS = 60_000;
const DEFAULT_SECONDS = 30 * 60;
const MAX_SECONDS = 60 * 60;
const MAX_UNSENT_BYTES = 16 * 1024 * 1024;
export const MAX_WATCHES = 500;

export interface WatchRequest {
  readonly cluster: Cluster;
  readonly target: Target;
  readonly options: ListOptions;
  readonly query: URLSearchParams;
  readonly output: Output;
}

export class Watches {
  readonly #open = new Set<() => void>();

  start(request: WatchRequest, response: ServerResponse): void {
    if (this.#open.size >= MAX_WATCHES) {
      throw new StatusError(429, 'TooManyRequests', 'too many requests, please try again later', {
        retryAfterSeconds: 1,
      });
    }
    const revision = request.options.resourceVersion;
    // a client that knows a later revision than the server waits for it
    if (revision !== '' && !/^\d+$/.test(revision)) checkRevision(request.cluster, revision);
    const watch = new Watch(request, response);
    const stop = () => watch.stop();
    this.#open.add(stop);
    response.on('close', () => {
      this.#open.delete(stop);
      watch.stop();
    });
    watch.run();
  }

  stop(): void {
    for (const stop of [...this.#open]) stop();
  }
}

class Watch {
  readonly #request: WatchRequest;
  readonly #response: ServerResponse;
  readonly #unsubscribe: () => void;
  readonly #bookmarks: NodeJS.Timeout | undefined;
  readonly #end: NodeJS.Timeout;
  #pending: string[] = [];
  #flushing = false;
  #ended = false;
  /** changes up to here are sent */
  #from = 0;

  constructor(request: WatchRequest, response: ServerResponse) {
    this.#request = request;
    this.#response = response;
    this.#unsubscribe = request.cluster.store.subscribe((change) => this.#change(change));
    const asked = Number(request.query.get('timeoutSeconds') ?? DEFAULT_SECONDS);
    const seconds = Number.isFinite(asked) && asked > 0 ? Math.min(asked, MAX_SECONDS) : DEFAULT_SECONDS;
    this.#end = setTimeout(() => this.#finish(), seconds * 1000);
    this.#end.unref();
    if (this.#wantsBookmarks) {
      this.#bookmarks = setInterval(() => this.#bookmark({}), BOOKMARK_MS);
      this.#bookmarks.unref();
    }
  }

  get #wantsBookmarks(): boolean {
    return this.#request.query.get('allowWatchBookmarks') === 'true';
  }

  run(): void {
    this.#response.writeHead(200, {
      'content-type': 'application/json',
      'cache-control': 'no-cache, private',
    });
    this.#response.flushHeaders();
    const { store } = this.#request.cluster;
    const { resourceVersion } = this.#request.options;
    const initial = this.#request.query.get('sendInitialEvents') === 'true';
    if (resourceVersion === '' || resourceVersion === '0' || initial) {
      this.#from = store.revision;
      this.#initial();
      if (initial) this.#bookmark({ 'k8s.io/initial-events-end': 'true' });
      return;
    }
    const missed = store.since(Number(resourceVersion));
    this.#from = Math.max(Number(resourceVersion), store.revision);
    if (!missed) {
      this.#push('ERROR', expired(`too old resource version: ${resourceVersion} (${store.revision})`).body());
      this.#finish();
      return;
    }
    for (const change of missed) this.#send(change);
  }

  stop(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#unsubscribe();
    clearTimeout(this.#end);
    clearInterval(this.#bookmarks);
    this.#response.destroy();
  }

  #initial(): void {
    const { cluster, target, options } = this.#request;
    for (const object of cluster.store.list(target.type.storage, target.namespace)) {
      const named = target.name === '' || object.metadata.name === target.name;
      if (named && options.matches(object))
        this.#emit({ type: 'ADDED', object: inVersion(target.type, object) });
    }
  }

  #change(change: Change): void {
    // a revision that the client knows of, before this server did
    if (change.revision > this.#from) this.#send(change);
  }

  #send(change: Change): void {
    const event = eventFor(this.#request.target, this.#request.options.matches, change);
    if (event) this.#emit(event);
  }

  #emit({ type, object }: WatchEvent): void {
    this.#push(type, shaped(object, this.#request.output));
  }

  #bookmark(annotations: JsonObject): void {
    const { cluster, target } = this.#request;
    const metadata: JsonObject = { resourceVersion: String(cluster.store.revision), creationTimestamp: null };
    if (Object.keys(annotations).length > 0) metadata['annotations'] = annotations;
    this.#push('BOOKMARK', { kind: target.type.kind, apiVersion: target.type.apiVersion, metadata });
  }

  #push(type: string, object: JsonObject): void {
    if (this.#ended) return;
    this.#pending.push(`${JSON.stringify({ type, object })}\n`);
    if (!this.#flushing) void this.#flush();
  }

  /** Nothing is told before it is on disk. */
  async #flush(): Promise<void> {
    this.#flushing = true;
    try {
      while (this.#pending.length > 0 && !this.#ended) {
        await this.#request.cluster.store.durable();
        const lines = this.#pending.splice(0);
        if (this.#response.writableLength > MAX_UNSENT_BYTES) this.stop();
        else this.#response.write(lines.join(''));
      }
    } catch {
      this.stop();
    } finally {
      this.#flushing = false;
    }
  }

  #finish(): void {
    this.#unsubscribe();
    clearTimeout(this.#end);
    clearInterval(this.#bookmarks);
    const close = () => {
      if (this.#pending.length > 0 || this.#flushing) setImmediate(close);
      else {
        this.#ended = true;
        this.#response.end();
      }
    };
    close();
  }
}
