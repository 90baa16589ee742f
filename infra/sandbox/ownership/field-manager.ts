// Keeps metadata.managedFields true over creates, updates, patches and applies.

import { isObject, type Json, type JsonObject } from '../json.ts';
import type { KubeObject, ManagedFieldsEntry } from '../kube-object.ts';
import { FieldSet } from './field-set.ts';
import { decodeManaged, encodeManaged, type Managed, managerId, NO_MANAGERS } from './managed-fields.ts';
import { fieldElement, type Path } from './path-element.ts';
import { problemsOf } from './typed.ts';
import {
  applyConfiguration,
  type Conflict,
  type Managers,
  type Ownership,
  updateOwnership,
  type Versions,
  type Write,
} from './updater.ts';

/** Above this number, the oldest updaters of a version become one. */
const MAX_UPDATERS = 10;
const CURRENT = '"current-operation"';

/** System fields, which nobody owns. */
const STRIPPED = FieldSet.of(
  fieldPath('apiVersion'),
  fieldPath('kind'),
  fieldPath('metadata'),
  ...[
    'name',
    'namespace',
    'creationTimestamp',
    'selfLink',
    'uid',
    'clusterName',
    'generation',
    'managedFields',
    'resourceVersion',
  ].map((name) => fieldPath('metadata', name)),
);

export function fieldPath(...names: string[]): Path {
  return names.map(fieldElement);
}

export interface FieldManager {
  readonly versions: Versions;
  readonly apiVersion: string;
  /** '' for the object itself */
  readonly subresource: string;
  readonly ignored: FieldSet;
  /** an object of this version with no field given */
  readonly empty: KubeObject;
}

export interface Moment {
  readonly manager: string;
  /** RFC 3339, whole seconds */
  readonly now: string;
}

/** The new object with its managedFields. `live` is undefined on create. */
export function trackUpdate(
  by: FieldManager,
  live: KubeObject | undefined,
  next: KubeObject,
  moment: Moment,
): KubeObject {
  const managed = managedBefore(by, live, next);
  const bare = withManaged(next, []);
  if (managed.managers.size === 0 && live) return bare;
  if (!isOwnable(by, bare) || (live && !isOwnable(by, live))) return bare;
  return withManaged(
    bare,
    encodeManaged(update(by, { live: live ?? by.empty, next: bare }, managed, moment)),
  );
}

/** Items that lack every key cannot be owned: such an object loses its managedFields, as on the API server. */
function isOwnable(by: FieldManager, object: KubeObject): boolean {
  const node = by.versions.nodeOf(by.apiVersion);
  return node === undefined || problemsOf(node, object, true).length === 0;
}

export type TrackedApply =
  | { readonly ok: true; readonly object: KubeObject }
  | { readonly ok: false; readonly conflicts: readonly Conflict[] };

/** The object after an apply, before defaults. `live` is undefined on create. */
export function trackApply(
  by: FieldManager,
  live: KubeObject | undefined,
  applied: JsonObject,
  { force, ...moment }: Moment & { readonly force: boolean },
): TrackedApply {
  const base = withManaged(live ?? by.empty, []);
  let managed = decodeManaged(live?.metadata.managedFields) ?? NO_MANAGERS;
  if (managed.managers.size === 0 && live) {
    // an object that nobody tracked: what it holds belongs to whoever wrote it before
    managed = update(by, { live: by.empty, next: base }, managed, {
      ...moment,
      manager: 'before-first-apply',
    });
  }
  const id = managerId({
    manager: moment.manager,
    operation: 'Apply',
    apiVersion: by.apiVersion,
    subresource: by.subresource,
  });
  const result = applyConfiguration(writeOf(by, base, managed.managers, id), applied, force);
  if (!result.ok) return result;
  const times = new Map(managed.times);
  if (result.changed) times.set(id, moment.now);
  const managers = strip(result.managers, id);
  const object = result.changed ? (result.object as KubeObject) : base; // merged from KubeObjects
  return { ok: true, object: withManaged(object, encodeManaged({ managers, times })) };
}

interface Transition {
  readonly live: KubeObject;
  readonly next: KubeObject;
}

function update(by: FieldManager, { live, next }: Transition, managed: Managed, moment: Moment): Managed {
  const id = managerId({
    manager: moment.manager,
    operation: 'Update',
    apiVersion: by.apiVersion,
    subresource: by.subresource,
  });
  const write = writeOf(by, withManaged(live, []), managed.managers, CURRENT);
  const managers = new Map(strip(updateOwnership(write, next), CURRENT));
  const times = new Map(managed.times);
  const current = managers.get(CURRENT);
  if (current) {
    managers.delete(CURRENT);
    const previous = managers.get(id);
    managers.set(id, previous ? { ...current, set: current.set.union(previous.set) } : current);
    times.set(id, moment.now);
  }
  return capUpdaters({ managers, times });
}

function writeOf(by: FieldManager, live: KubeObject, managers: Managers, manager: string): Write {
  return { versions: by.versions, apiVersion: by.apiVersion, live, managers, manager, ignored: by.ignored };
}

function strip(managers: Managers, id: string): Managers {
  const ownership = managers.get(id);
  if (!ownership) return managers;
  const result = new Map(managers);
  const set = ownership.set.difference(STRIPPED);
  if (set.isEmpty) result.delete(id);
  else result.set(id, { ...ownership, set });
  return result;
}

/**
 * What counts as the owners before an update: those in the request where it carries some, else the live ones.
 * An empty list, or one empty entry, resets them.
 */
function managedBefore(by: FieldManager, live: KubeObject | undefined, next: KubeObject): Managed {
  const before = decodeManaged(live?.metadata.managedFields) ?? NO_MANAGERS;
  if (by.subresource !== '') return before;
  const given = next.metadata['managedFields'];
  if (isReset(given)) return NO_MANAGERS;
  const decoded = decodeManaged(given as ManagedFieldsEntry[] | undefined); // decoding made it so
  return decoded && decoded.managers.size > 0 ? decoded : before;
}

function isReset(given: Json | undefined): boolean {
  if (!Array.isArray(given)) return false;
  if (given.length === 0) return true;
  return given.length === 1 && isObject(given[0]) && Object.keys(given[0]).length === 0;
}

export function withManaged(object: KubeObject, entries: readonly ManagedFieldsEntry[]): KubeObject {
  const { managedFields: _, ...metadata } = object.metadata;
  return {
    ...object,
    metadata: entries.length > 0 ? { ...metadata, managedFields: [...entries] } : metadata,
  };
}

function capUpdaters(managed: Managed): Managed {
  const updaters = [...managed.managers].filter(([, ownership]) => !ownership.applied).map(([id]) => id);
  if (updaters.length <= MAX_UPDATERS) return managed;
  const managers = new Map(managed.managers);
  const times = new Map(managed.times);
  const time = (id: string) => times.get(id) ?? '';
  updaters.sort((a, b) => (time(a) < time(b) || (time(a) === time(b) && a < b) ? -1 : 1));
  const firstOf = new Map<string, string>();
  let count = updaters.length;
  for (const id of updaters) {
    if (count <= MAX_UPDATERS) break;
    const ownership = managers.get(id) as Ownership; // ids come from managers
    const bucket = managerId({
      manager: 'ancient-changes',
      operation: 'Update',
      apiVersion: ownership.apiVersion,
      subresource: '',
    });
    const first = firstOf.get(ownership.apiVersion);
    if (first === undefined) {
      firstOf.set(ownership.apiVersion, id);
      continue;
    }
    const held = managers.get(bucket) ?? managers.get(first);
    if (!managers.has(bucket)) managers.delete(first);
    managers.delete(id);
    managers.set(bucket, { ...ownership, set: held ? ownership.set.union(held.set) : ownership.set });
    times.set(bucket, time(id));
    count--;
  }
  return { managers, times };
}
