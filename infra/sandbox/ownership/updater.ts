// Who owns which field after a write. The rules are those of Kubernetes' server-side apply: a manager owns what it
// set; applying what another manager holds with a different value is a conflict; what a manager stops applying goes,
// unless somebody else owns it.

import { equalJson, type Json, type JsonObject, objectOf } from '../json.ts';
import type { MapNode } from '../schema/node.ts';
import { type Comparison, compare } from './compare.ts';
import type { FieldSet } from './field-set.ts';
import { FieldSet as Fields } from './field-set.ts';
import { merge, removeFields } from './merge.ts';
import type { Path } from './path-element.ts';
import { fieldSetOf } from './typed.ts';

export interface Ownership {
  readonly set: FieldSet;
  readonly apiVersion: string;
  readonly applied: boolean;
}

/** By manager identifier. */
export type Managers = ReadonlyMap<string, Ownership>;

export interface Conflict {
  readonly manager: string;
  readonly path: Path;
}

/** The versions that a kind is served in. */
export interface Versions {
  /** undefined: the version is not served (any more) */
  nodeOf(apiVersion: string): MapNode | undefined;
  convert(object: JsonObject, apiVersion: string): JsonObject;
}

export interface Write {
  readonly versions: Versions;
  readonly apiVersion: string;
  readonly live: JsonObject;
  readonly managers: Managers;
  /** the identifier of who writes */
  readonly manager: string;
  /** fields that this endpoint does not take: the status beside the spec, and the other way round */
  readonly ignored: FieldSet;
}

export type Applied =
  | { readonly ok: true; readonly object: JsonObject; readonly changed: boolean; readonly managers: Managers }
  | { readonly ok: false; readonly conflicts: readonly Conflict[] };

/** Takes over a finished object: whoever wrote it owns what it changed. */
export function updateOwnership(write: Write, next: JsonObject): Managers {
  const comparison = comparisonAt(write, next, write.apiVersion);
  const rest = settle(write, next, write.managers, true);
  // settle gives no conflicts when forced
  const managers = new Map(rest.ok ? rest.managers : write.managers);
  const before = managers.get(write.manager)?.set ?? new Fields();
  const set = before
    .difference(comparison.removed)
    .union(comparison.modified)
    .union(comparison.added)
    .without(write.ignored);
  if (set.isEmpty) managers.delete(write.manager);
  else managers.set(write.manager, { set, apiVersion: write.apiVersion, applied: false });
  return managers;
}

/** Applies a configuration: the merged object and its owners, or the conflicts that force would settle. */
export function applyConfiguration(write: Write, applied: JsonObject, force: boolean): Applied {
  const node = requiredNode(write);
  const merged = objectOf(merge(node, write.live, applied));
  const last = write.managers.get(write.manager);
  const managers = new Map(write.managers);
  const set = fieldSetOf(node, applied).without(write.ignored);
  managers.set(write.manager, { set, apiVersion: write.apiVersion, applied: true });
  const object = prune({ ...write, managers }, merged, last);
  const settled = settle(write, object, managers, force);
  if (!settled.ok) return settled;
  return { ok: true, object, changed: !equalJson(write.live, object), managers: settled.managers };
}

type Settled =
  | { readonly ok: true; readonly managers: Managers }
  | { readonly ok: false; readonly conflicts: readonly Conflict[] };

/** Takes from every other manager what the write changed under it. */
function settle(write: Write, next: JsonObject, managers: Managers, force: boolean): Settled {
  const comparisons = new Map<string, Comparison>();
  const conflicts: Conflict[] = [];
  const result = new Map<string, Ownership>();
  for (const [manager, ownership] of managers) {
    if (manager === write.manager) {
      result.set(manager, ownership);
      continue;
    }
    if (!write.versions.nodeOf(ownership.apiVersion)) continue;
    const comparison =
      comparisons.get(ownership.apiVersion) ?? comparisonAt(write, next, ownership.apiVersion);
    comparisons.set(ownership.apiVersion, comparison);
    const lost = ownership.set.intersection(comparison.modified.union(comparison.added));
    for (const path of lost.paths()) conflicts.push({ manager, path });
    result.set(manager, { ...ownership, set: ownership.set.difference(lost).difference(comparison.removed) });
  }
  if (!force && conflicts.length > 0) {
    conflicts.sort((a, b) => (a.manager < b.manager ? -1 : a.manager > b.manager ? 1 : 0));
    return { ok: false, conflicts };
  }
  for (const [manager, { set }] of result) if (set.isEmpty) result.delete(manager);
  return { ok: true, managers: result };
}

function comparisonAt(write: Write, next: JsonObject, apiVersion: string): Comparison {
  const node = write.versions.nodeOf(apiVersion);
  if (!node) return { added: new Fields(), modified: new Fields(), removed: new Fields() };
  const { added, modified, removed } = compare(
    node,
    write.versions.convert(write.live, apiVersion),
    write.versions.convert(next, apiVersion),
  );
  const { ignored } = write;
  return {
    added: added.without(ignored),
    modified: modified.without(ignored),
    removed: removed.without(ignored),
  };
}

function requiredNode(write: Write): MapNode {
  const node = write.versions.nodeOf(write.apiVersion);
  if (!node) throw new Error(`no type for ${write.apiVersion}`);
  return node;
}

/** Drops what the manager applied last time and no longer does, unless somebody else owns it. */
function prune(write: Write, merged: JsonObject, last: Ownership | undefined): JsonObject {
  if (!last || last.set.isEmpty) return merged;
  const { versions } = write;
  const node = versions.nodeOf(last.apiVersion);
  if (!node) return merged;
  const whole = versions.convert(merged, last.apiVersion);
  const lastSet = last.set.withNamedFields(node);
  let pruned = objectOf(removeFields(node, whole, lastSet));
  pruned = keepOwned(write, whole, pruned, last.apiVersion);
  // what the manager never owned stays, even when nobody does
  const gone = fieldsAt(node, whole).difference(fieldsAt(node, pruned)).intersection(lastSet);
  return versions.convert(objectOf(removeFields(node, whole, gone)), write.apiVersion);
}

function fieldsAt(node: MapNode, object: Json): FieldSet {
  return fieldSetOf(node, object).withNamedFields(node);
}

/** Puts back what any manager, the applying one included, still owns. */
function keepOwned(write: Write, whole: JsonObject, pruned: JsonObject, version: string): JsonObject {
  const owned = new Map<string, FieldSet>();
  for (const { apiVersion, set } of write.managers.values()) {
    owned.set(apiVersion, owned.get(apiVersion)?.union(set) ?? set);
  }
  // the version that was pruned first: the others may be unable to express what is missing
  const versions = [...owned.keys()].sort((a, b) => Number(b === version) - Number(a === version));
  let result = pruned;
  for (const apiVersion of versions) {
    const node = write.versions.nodeOf(apiVersion);
    const set = owned.get(apiVersion);
    if (!node || !set) continue;
    const all = write.versions.convert(whole, apiVersion);
    const kept = write.versions.convert(result, apiVersion);
    const remove = fieldsAt(node, all).difference(fieldsAt(node, kept).union(set.withNamedFields(node)));
    result = objectOf(removeFields(node, all, remove));
  }
  return write.versions.convert(result, version);
}
