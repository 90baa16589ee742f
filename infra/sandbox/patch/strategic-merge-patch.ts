// Kubernetes' strategic merge patch: a merge patch that knows by the type which lists merge by a key. Directives:
// $patch (replace, delete, merge), $retainKeys, $deleteFromPrimitiveList/x and $setElementOrder/x.

import { equalJson, isObject, type Json, type JsonObject, listOf, setKey } from '../json.ts';
import { goPlain } from '../ownership/typed.ts';
import { type ListNode, type MapNode, type Node, nodeAt } from '../schema/node.ts';

const DELETE_FROM = '$deleteFromPrimitiveList/';
const SET_ORDER = '$setElementOrder/';

/** An item of a list that merges by a key came without it. */
export class MissingMergeKey extends Error {}

/** Throws MissingMergeKey. */
export function applyStrategicPatch(type: MapNode, target: JsonObject, patch: JsonObject): JsonObject {
  return mergeMap(type, target, patch);
}

function mergeMap(type: MapNode | undefined, target: JsonObject, patch: JsonObject): JsonObject {
  if (patch['$patch'] === 'replace') return plain(patch);
  if (patch['$patch'] === 'delete') return {};
  const result: JsonObject = retained(target, patch);
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith(DELETE_FROM)) {
      const field = key.slice(DELETE_FROM.length);
      const gone = listOf(value);
      setKey(
        result,
        field,
        listOf(result[field]).filter((item) => !gone.some((one) => equalJson(one, item))),
      );
    } else if (key.startsWith('$')) {
      // order and retained keys are dealt with beside the fields they speak of
    } else if (value === null) delete result[key];
    else {
      const before = Object.hasOwn(result, key) ? result[key] : undefined;
      setKey(result, key, mergeField(type && nodeAt(type, key), before, value));
    }
  }
  for (const [key, order] of Object.entries(patch)) {
    if (!key.startsWith(SET_ORDER)) continue;
    const field = key.slice(SET_ORDER.length);
    const node = type && nodeAt(type, field);
    const patchKey = node?.kind === 'list' ? node.patchKey : '';
    const before = listOf(target[field]);
    if (Array.isArray(result[field]))
      setKey(result, field, ordered(result[field], listOf(order), before, patchKey));
  }
  return result;
}

function retained(target: JsonObject, patch: JsonObject): JsonObject {
  const keys = patch['$retainKeys'];
  if (!Array.isArray(keys)) return { ...target };
  return Object.fromEntries(Object.entries(target).filter(([key]) => keys.includes(key)));
}

function mergeField(node: Node | undefined, before: Json | undefined, value: Json): Json {
  if (isObject(value)) {
    if (!isObject(before)) return taken(value);
    return mergeMap(node?.kind === 'map' ? node : undefined, before, value);
  }
  if (!Array.isArray(value)) return value;
  if (!Array.isArray(before) || node?.kind !== 'list' || !node.patch.includes('merge')) return taken(value);
  return node.patchKey === '' ? mergeSet(before, value) : mergeByKey(node, before, value);
}

/** A value that meets nothing: itself, without nulls and directives. */
function taken(value: Json): Json {
  if (Array.isArray(value))
    return value.filter((item) => !isObject(item) || item['$patch'] !== 'delete').map(taken);
  if (!isObject(value)) return value;
  const result: JsonObject = {};
  for (const [key, of] of Object.entries(value))
    if (!key.startsWith('$') && of !== null) setKey(result, key, taken(of));
  return result;
}

function plain(patch: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(patch).filter(([key]) => !key.startsWith('$')));
}

function mergeSet(before: readonly Json[], patch: readonly Json[]): Json[] {
  const merged = [...before, ...patch.filter((item) => !before.some((one) => equalJson(one, item)))];
  return ordered(merged, patch, before, '');
}

function mergeByKey(node: ListNode, before: readonly Json[], patch: readonly Json[]): Json[] {
  const items = patch.filter(isObject);
  if (items.some((item) => item['$patch'] === 'replace')) {
    return items.filter((item) => item['$patch'] === undefined).map(plain);
  }
  const key = node.patchKey;
  const type = node.item.kind === 'map' ? node.item : undefined;
  const result = [...before];
  for (const item of items) {
    if (item[key] === undefined) {
      throw new MissingMergeKey(`map: ${goPlain(item)} does not contain declared merge key: ${key}`);
    }
    const at = result.findIndex((one) => isObject(one) && equalJson(one[key], item[key]));
    if (item['$patch'] === 'delete') {
      if (at >= 0) result.splice(at, 1);
    } else if (at >= 0)
      result[at] = mergeMap(type, result[at] as JsonObject, item); // found as an object
    else result.push(mergeMap(type, {}, item));
  }
  return ordered(result, items, before, key);
}

/**
 * Items that the patch names stand in its order; the others keep theirs, each before the first named item that it
 * preceded in the list as it was.
 */
function ordered(
  merged: readonly Json[],
  patch: readonly Json[],
  before: readonly Json[],
  key: string,
): Json[] {
  const identity = (item: Json) => JSON.stringify(isObject(item) && key !== '' ? (item[key] ?? null) : item);
  // of items that share a key, the first counts
  const rankIn = (list: readonly Json[]) =>
    new Map(list.map((item, i) => [identity(item), i] as const).reverse());
  const patchRank = rankIn(patch);
  const liveRank = rankIn(before);
  const rank = (ranks: Map<string, number>, item: Json) =>
    ranks.get(identity(item)) ?? Number.MAX_SAFE_INTEGER;
  const named = merged.filter((item) => patchRank.has(identity(item)));
  const others = merged.filter((item) => !patchRank.has(identity(item)));
  named.sort((a, b) => rank(patchRank, a) - rank(patchRank, b));
  others.sort((a, b) => rank(liveRank, a) - rank(liveRank, b));
  const result: Json[] = [];
  let o = 0;
  for (const item of named) {
    const at = liveRank.get(identity(item));
    for (let other = others[o]; other !== undefined && at !== undefined; other = others[++o]) {
      if (rank(liveRank, other) >= at) break;
      result.push(other);
    }
    result.push(item);
  }
  return [...result, ...others.slice(o)];
}
