// GET of one object, of a list in pages, and the changes for watches.

import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../json.ts';
import type { KubeObject, StoredObject } from '../kube-object.ts';
import type { Change } from '../store/store.ts';
import type { Cluster } from './cluster.ts';
import type { ResourceType } from './resource-type.ts';
import { parseFieldSelector, parseSelector, selects } from './selector.ts';
import { badRequest, expired, StatusError } from './status-error.ts';
import { findRequired, inVersion, type Target } from './target.ts';

const MAX_PAGES = 200;
const PAGE_MS = 5 * 60 * 1000;

export interface ListOptions {
  readonly matches: (object: KubeObject) => boolean;
  readonly selective: boolean;
  readonly limit: number;
  readonly continue: string;
  readonly resourceVersion: string;
}

export function listOptions(type: ResourceType, query: URLSearchParams): ListOptions {
  const labels = query.get('labelSelector') ?? '';
  const fields = query.get('fieldSelector') ?? '';
  const selector = parseSelector(labels);
  const byFields = parseFieldSelector(fields, `${type.group}/${type.kind}`);
  const limit = Number(query.get('limit') ?? 0);
  return {
    matches: (object) => selects(selector, object.metadata.labels) && byFields(object),
    selective: labels !== '' || fields !== '',
    limit: Number.isInteger(limit) && limit > 0 ? limit : 0,
    continue: query.get('continue') ?? '',
    resourceVersion: query.get('resourceVersion') ?? '',
  };
}

export function read(cluster: Cluster, target: Target): KubeObject {
  return inVersion(target.type, findRequired(cluster, target));
}

interface Rest {
  readonly items: readonly StoredObject[];
  readonly revision: number;
  readonly until: number;
}

/** Holds what later pages of a list show: the state of the moment when the first was read. */
export class Pages {
  readonly #rests = new Map<string, Rest>();

  take(token: string, now: number): Rest {
    const rest = this.#rests.get(token);
    if (rest && rest.until > now) return rest;
    if (!/^[0-9a-f-]{36}$/.test(token)) throw badRequest('invalid continue token: continue key is not valid');
    throw expired(
      'The provided continue parameter is too old to display a consistent list result. You must start a new list without the continue parameter.',
    );
  }

  keep(items: readonly StoredObject[], revision: number, now: number): string {
    for (const [token, rest] of this.#rests) if (rest.until <= now) this.#rests.delete(token);
    const oldest = this.#rests.keys().next();
    if (this.#rests.size >= MAX_PAGES && !oldest.done) this.#rests.delete(oldest.value);
    const token = randomUUID();
    this.#rests.set(token, { items, revision, until: now + PAGE_MS });
    return token;
  }
}

export function list(cluster: Cluster, target: Target, options: ListOptions, pages: Pages): JsonObject {
  const { type } = target;
  checkRevision(cluster, options.resourceVersion);
  const now = cluster.now().getTime();
  const all = options.continue === '' ? undefined : pages.take(options.continue, now);
  const items =
    all?.items ??
    cluster.store.list(type.storage, target.namespace).filter((object) => options.matches(object));
  const revision = all?.revision ?? cluster.store.revision;
  const page = options.limit > 0 ? items.slice(0, options.limit) : items;
  const rest = items.slice(page.length);
  const metadata: JsonObject = { resourceVersion: String(revision) };
  if (rest.length > 0) {
    metadata['continue'] = pages.keep(rest, revision, now);
    if (!options.selective) metadata['remainingItemCount'] = rest.length;
  }
  return {
    kind: type.listKind,
    apiVersion: type.apiVersion,
    metadata,
    items: page.map((object) => listItem(type, object)),
  };
}

/** Built-in kinds leave kind and apiVersion to the list. */
function listItem(type: ResourceType, object: StoredObject): JsonObject {
  const shown = inVersion(type, object);
  if (type.custom) return shown;
  const { kind: _, apiVersion: __, ...rest } = shown;
  return rest;
}

/** 504 for a revision that is still to come. */
export function checkRevision(cluster: Cluster, text: string): void {
  if (text === '' || text === '0') return;
  if (!/^\d+$/.test(text)) {
    throw badRequest(
      `resourceVersion: Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`,
    );
  }
  const current = cluster.store.revision;
  if (Number(text) <= current) return;
  const causes = [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version', field: '' }];
  throw new StatusError(504, 'Timeout', `Timeout: Too large resource version: ${text}, current: ${current}`, {
    causes,
    retryAfterSeconds: 1,
  });
}

export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: KubeObject;
}

/** What a change means to one watch: leaving its selection is a deletion, entering it an addition. */
export function eventFor(
  target: Target,
  matches: ListOptions['matches'],
  change: Change,
): WatchEvent | undefined {
  if (change.resource !== target.type.storage) return undefined;
  if (target.namespace !== '' && change.object.metadata.namespace !== target.namespace) return undefined;
  if (target.name !== '' && change.object.metadata.name !== target.name) return undefined;
  const is = change.type !== 'DELETED' && matches(change.object);
  const was = change.previous !== undefined && matches(change.previous);
  if (!is && !was) return undefined;
  if (is) return { type: was ? 'MODIFIED' : 'ADDED', object: inVersion(target.type, change.object) };
  // gone from the selection: the last state that was in it, under the revision of the change
  const last = change.type === 'DELETED' ? change.object : (change.previous ?? change.object);
  const metadata = { ...last.metadata, resourceVersion: change.object.metadata.resourceVersion };
  return { type: 'DELETED', object: inVersion(target.type, { ...last, metadata }) };
}
