// Lays an applied value over the live one, and takes fields out of a value.

import { isObject, type Json, type JsonObject, setKey } from '../json.ts';
import { type ListNode, type MapNode, type Node, nodeAt } from '../schema/node.ts';
import type { FieldSet } from './field-set.ts';
import { fieldElement, type PathElement } from './path-element.ts';
import { itemElement, type Shape, shapeOf } from './typed.ts';

/** The live value with the applied one laid over it: maps and keyed lists by entry, everything else replaced. */
export function merge(node: Node, live: Json | undefined, applied: Json | undefined): Json | undefined {
  const liveShape = shapeOf(node, live);
  const appliedShape = shapeOf(node, applied);
  const shape = applied === undefined ? liveShape : appliedShape;
  return mergeAs(shape, live, applied);
}

function mergeAs(shape: Shape, live: Json | undefined, applied: Json | undefined): Json | undefined {
  const replaced = applied === undefined ? live : applied;
  switch (shape.kind) {
    case 'scalar':
      return replaced;
    case 'list': {
      if (shape.node.as === 'atomic' || (isEmptyList(live) && isEmptyList(applied))) return replaced;
      const merged = mergeItems(shape.node, listed(live), listed(applied));
      return merged.length > 0 ? merged : undefined;
    }
    case 'map': {
      if (shape.node.atomic || (isEmptyMap(live) && isEmptyMap(applied))) return replaced;
      const merged = mergeEntries(shape.node, mapped(live), mapped(applied));
      return Object.keys(merged).length > 0 ? merged : undefined;
    }
    default:
      return shape satisfies never;
  }
}

function listed(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

function mapped(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

function isEmptyList(value: Json | undefined): boolean {
  return listed(value).length === 0;
}

function isEmptyMap(value: Json | undefined): boolean {
  return Object.keys(mapped(value)).length === 0;
}

function mergeEntries(node: MapNode, live: JsonObject, applied: JsonObject): JsonObject {
  const result: JsonObject = {};
  for (const key of new Set([...Object.keys(live), ...Object.keys(applied)])) {
    const type = nodeAt(node, key);
    if (!type) continue;
    const merged = merge(type, own(live, key), own(applied, key));
    if (merged !== undefined) setKey(result, key, merged);
  }
  return result;
}

function own(of: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(of, key) ? of[key] : undefined;
}

interface Item {
  readonly element: PathElement;
  readonly value: Json;
}

function identified(node: ListNode, list: readonly Json[]): Item[] {
  const items: Item[] = [];
  for (const value of list) {
    const element = itemElement(node, value);
    if (typeof element !== 'string') items.push({ element, value });
  }
  return items;
}

/**
 * Items that both hold stand in the applied order; what only the live list holds stays where it was between them.
 * A live item that is there twice is replaced, not merged, when it is applied.
 */
function mergeItems(node: ListNode, liveList: readonly Json[], appliedList: readonly Json[]): Json[] {
  const live = identified(node, liveList);
  const applied = identified(node, appliedList);
  const inLive = new Map<string, Json | undefined>();
  for (const { element, value } of live) inLive.set(element.id, inLive.has(element.id) ? null : value);
  const inApplied = new Map(applied.map((item) => [item.element.id, item.value]));
  const shared = applied.filter((item) => inLive.has(item.element.id)).map((item) => item.element.id);
  const done = new Set<string>();
  const out: Json[] = [];
  let nextShared = 0;

  const put = (liveItem: Json | undefined, appliedItem: Json | undefined) => {
    const merged = merge(node.item, liveItem, appliedItem);
    if (merged !== undefined) out.push(merged);
  };
  for (let l = 0, a = 0; l < live.length || a < applied.length; ) {
    const fromLive = live[l];
    const fromApplied = applied[a];
    if (fromLive && fromApplied) {
      const id = fromLive.element.id;
      if (id === fromApplied.element.id) {
        done.add(id);
        put(inLive.get(id), fromApplied.value);
        l++;
        a++;
        nextShared++;
        continue;
      }
      if (inApplied.has(id) && nextShared < shared.length && shared[nextShared] !== id) {
        l++;
        continue;
      }
    }
    if (fromLive) {
      if (!inApplied.has(fromLive.element.id)) {
        put(fromLive.value, undefined);
        l++;
        continue;
      }
      if (done.has(fromLive.element.id)) l++;
    }
    if (fromApplied) {
      const id = fromApplied.element.id;
      done.add(id);
      put(inLive.get(id), fromApplied.value);
      a++;
      if (shared[nextShared] === id) nextShared++;
    }
  }
  return out;
}

/** The value without the fields of the set. A map or list that loses everything becomes null. */
export function removeFields(node: Node, value: Json, remove: FieldSet): Json {
  const shape = shapeOf(node, value);
  switch (shape.kind) {
    case 'scalar':
      return value;
    case 'list': {
      if (shape.node.as === 'atomic' || !Array.isArray(value)) return null;
      const kept = keptItems(shape.node, value, remove);
      return kept.length > 0 ? kept : null;
    }
    case 'map': {
      if (shape.node.atomic || !isObject(value)) return null;
      const kept = keptEntries(shape.node, value, remove);
      return Object.keys(kept).length > 0 ? kept : null;
    }
    default:
      return shape satisfies never;
  }
}

function keptItems(node: ListNode, list: readonly Json[], remove: FieldSet): Json[] {
  const kept: Json[] = [];
  for (const item of list) {
    const element = itemElement(node, item);
    if (typeof element === 'string') continue;
    if (remove.members.has(element.id)) continue;
    const below = remove.under(element);
    kept.push(below && !below.isEmpty ? removeFields(node.item, item, below) : item);
  }
  return kept;
}

function keptEntries(node: MapNode, map: JsonObject, remove: FieldSet): JsonObject {
  const kept: JsonObject = {};
  for (const [key, value] of Object.entries(map)) {
    const element = fieldElement(key);
    if (remove.members.has(element.id)) continue;
    const below = remove.under(element);
    const type = nodeAt(node, key);
    setKey(kept, key, type && below && !below.isEmpty ? removeFields(type, value, below) : value);
  }
  return kept;
}
