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
  const inApplied = new Set(applied.map((item) => item.element.id));
  const out: Json[] = [];
  for (const { element, live: alone, applied: given } of interleaved(live, applied, inLive, inApplied)) {
    const merged = merge(node.item, given === undefined ? alone : inLive.get(element.id), given);
    if (merged !== undefined) out.push(merged);
  }
  return out;
}

interface Step {
  readonly element: PathElement;
  /** of an item that only the live list holds */
  readonly live: Json | undefined;
  readonly applied: Json | undefined;
}

/** Goes through both lists at once; an item that both hold comes once, when its turn among the applied ones is. */
function* interleaved(
  live: readonly Item[],
  applied: readonly Item[],
  inLive: ReadonlyMap<string, unknown>,
  inApplied: ReadonlySet<string>,
): Generator<Step> {
  const shared = applied.map(({ element }) => element.id).filter((id) => inLive.has(id));
  const done = new Set<string>();
  let next = 0;
  for (let l = 0, a = 0; l < live.length || a < applied.length; ) {
    const [fromLive, fromApplied] = [live[l], applied[a]];
    const id = fromLive?.element.id ?? '';
    const both = fromLive !== undefined && fromApplied !== undefined;
    if (
      both &&
      id !== fromApplied.element.id &&
      inApplied.has(id) &&
      next < shared.length &&
      shared[next] !== id
    ) {
      l++; // its turn is later
      continue;
    }
    if (fromLive && !inApplied.has(id)) {
      yield { element: fromLive.element, live: fromLive.value, applied: undefined };
      l++;
      continue;
    }
    if (fromLive && (done.has(id) || id === fromApplied?.element.id)) l++;
    if (!fromApplied) continue;
    done.add(fromApplied.element.id);
    yield { element: fromApplied.element, live: undefined, applied: fromApplied.value };
    a++;
    if (shared[next] === fromApplied.element.id) next++;
  }
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
