/** Reading, applying and deleting one object. All throw KubeError. */

import { canonicalize } from '../../engine/delivery/canonical.ts';
import type { ServedKind } from '../../engine/delivery/protocol.ts';
import { isArray, isObject, type JsonObject, type JsonValue } from '../../engine/json.ts';
import type { KubeApi } from './api.ts';
import { pathOf } from './discovery.ts';
import { isNotFound } from './errors.ts';

export interface Located {
  readonly kind: ServedKind;
  /** Undefined for kinds without namespace. */
  readonly namespace: string | undefined;
  readonly name: string;
}

export interface ApplyHow {
  readonly manager: string;
  readonly force: boolean;
}

export interface Objects {
  /** Undefined: there is none. */
  read(at: Located): Promise<JsonObject | undefined>;
  /** Server-side apply; gives the object as it is then. */
  apply(at: Located, manifest: JsonObject, how: ApplyHow): Promise<JsonObject>;
  /** Asks for deletion in the background. Undefined: there was none, or another one than `uid`. */
  remove(at: Located, uid: string): Promise<'asked' | 'gone'>;
  /** References of all objects of a kind with this owner label. */
  listOwned(kind: ServedKind, selector: string): Promise<readonly JsonObject[]>;
}

/** The same cluster, where an apply only tells what it would do. */
export function dryRunOf(api: KubeApi): Pick<Objects, 'read' | 'apply'> {
  const { read } = objectsOf(api);
  return { read, apply: (at, manifest, how) => apply(api, at, manifest, { ...how, dryRun: 'All' }) };
}

function apply(
  api: KubeApi,
  at: Located,
  manifest: JsonObject,
  { manager, force, dryRun }: ApplyHow & { readonly dryRun?: 'All' },
): Promise<JsonObject> {
  return api.json({
    method: 'PATCH',
    path: pathOf(at.kind, at.namespace, at.name),
    query: { fieldManager: manager, ...(force && { force: 'true' }), dryRun },
    contentType: 'application/apply-patch+yaml',
    body: manifest,
  });
}

export function objectsOf(api: KubeApi): Objects {
  return {
    async read(at) {
      try {
        return await api.json({ method: 'GET', path: pathOf(at.kind, at.namespace, at.name) });
      } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
      }
    },
    apply: (at, manifest, how) => apply(api, at, manifest, how),
    async remove(at, uid) {
      try {
        const options = {
          apiVersion: 'v1',
          kind: 'DeleteOptions',
          propagationPolicy: 'Background',
          preconditions: { uid },
        };
        await api.json({ method: 'DELETE', path: pathOf(at.kind, at.namespace, at.name), body: options });
        return 'asked';
      } catch (error) {
        if (isNotFound(error)) return 'gone';
        throw error;
      }
    },
    async listOwned(kind, selector) {
      const found: JsonObject[] = [];
      let next: string | undefined;
      do {
        const page = await api.json({
          method: 'GET',
          path: pathOf(kind),
          query: { labelSelector: selector, limit: '500', continue: next },
          accept: 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json',
        });
        found.push(...(isArray(page['items']) ? page['items'].filter(isObject) : []));
        next = continueOf(page);
      } while (next !== undefined);
      return found;
    },
  };
}

/** The token of a list's next page; undefined: this was the last. */
export function continueOf(list: JsonObject): string | undefined {
  const token = metadataOf(list)['continue'];
  return typeof token === 'string' && token !== '' ? token : undefined;
}

export function metadataOf(object: JsonObject): JsonObject {
  return isObject(object['metadata']) ? object['metadata'] : {};
}

export function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

export function uidOf(object: JsonObject): string {
  return textOf(metadataOf(object)['uid']);
}

export function resourceVersionOf(object: JsonObject): string {
  return textOf(metadataOf(object)['resourceVersion']);
}

export function isTerminating(object: JsonObject): boolean {
  return metadataOf(object)['deletionTimestamp'] !== undefined;
}

/**
 * What server-side apply has noted as this manager's fields, as text; '' where it holds none. Any write of
 * somebody else to a field of ours changes it, which is how a change is noticed without comparing values.
 */
export function fieldsHeld(object: JsonObject, manager: string): string {
  const fields = entryOf(object, manager)?.['fieldsV1'];
  return fields === undefined ? '' : canonicalize(fields);
}

/** The same with the time of the manager's last change: differs after an apply that changed anything of ours. */
export function lastWrite(object: JsonObject, manager: string): string {
  const entry = entryOf(object, manager);
  return entry === undefined ? '' : canonicalize(entry);
}

function entryOf(object: JsonObject, manager: string): JsonObject | undefined {
  const entries = metadataOf(object)['managedFields'];
  if (!isArray(entries)) return undefined;
  return entries
    .filter(isObject)
    .find((entry) => entry['manager'] === manager && entry['operation'] === 'Apply');
}
