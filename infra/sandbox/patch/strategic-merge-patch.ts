// Kubernetes' strategic merge patch: a merge patch that knows by the type which lists merge by a key. Directives:
// $patch (replace, delete, merge), $retainKeys, $deleteFromPrimitiveList/x and $setElementOrder/x.

import { equalJson, isObject, type Json, type JsonObject, listOf, setKey, stringOf } from '../json.ts';
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
    if (Array.isArray(result[field])) setKey(result, field, ordered(node, result[field], listOf(order)));
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
    return mergeMap(node?.kind === 'map' ? node : undefined, isObject(before) ? before : {}, value);
  }
  if (!Array.isArray(value)) return value;
  if (node?.kind !== 'list' || !node.patch.includes('merge')) return value.map(stripped);
  return node.patchKey === '' ? mergeSet(listOf(before), value) : mergeByKey(node, listOf(before), value);
}

function plain(patch: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(patch).filter(([key]) => !key.startsWith('$')));
}

function stripped(item: Json): Json {
  return isObject(item) ? plain(item) : item;
}

function mergeSet(before: readonly Json[], patch: readonly Json[]): Json[] {
  return [...before, ...patch.filter((item) => !before.some((one) => equalJson(one, item)))];
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
  return result;
}

/** Items named in the order stand in it; others keep their place behind what they followed. */
function ordered(node: Node | undefined, list: readonly Json[], order: readonly Json[]): Json[] {
  const key = node?.kind === 'list' ? node.patchKey : '';
  const identity = (item: Json) =>
    isObject(item) && key !== '' ? stringOf(item[key]) || JSON.stringify(item[key]) : JSON.stringify(item);
  const rank = new Map(order.map((item, i) => [identity(item), i]));
  const named = list.filter((item) => rank.has(identity(item)));
  named.sort((a, b) => (rank.get(identity(a)) ?? 0) - (rank.get(identity(b)) ?? 0));
  const result: Json[] = [];
  for (const item of list) {
    const next = rank.has(identity(item)) ? named.shift() : item;
    if (next !== undefined) result.push(next);
  }
  return result;
}
