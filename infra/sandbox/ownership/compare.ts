// Which fields differ between two values of one type.

import { equalJson, isObject, type Json } from '../json.ts';
import { type ListNode, type MapNode, type Node, nodeAt } from '../schema/node.ts';
import { FieldSet } from './field-set.ts';
import { fieldElement, type Path, type PathElement } from './path-element.ts';
import { itemElement, type Shape, shapeOf } from './typed.ts';

export interface Comparison {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

/** `undefined` stands for a value that is not there at all, which null is not. */
export function compare(node: Node, from: Json | undefined, to: Json | undefined): Comparison {
  const comparison = { added: new FieldSet(), modified: new FieldSet(), removed: new FieldSet() };
  if (from !== undefined || to !== undefined) walk(node, { from, to, path: [] }, comparison);
  return comparison;
}

interface Pair {
  readonly from: Json | undefined;
  readonly to: Json | undefined;
  readonly path: Path;
}

function walk(node: Node, pair: Pair, into: Comparison): void {
  const fromShape = shapeOf(node, pair.from);
  const toShape = shapeOf(node, pair.to);
  let isLeaf: boolean;
  if (pair.to === undefined) isLeaf = visit(fromShape, pair, into);
  else if (pair.from === undefined || fromShape.kind === toShape.kind) isLeaf = visit(toShape, pair, into);
  else {
    visit(fromShape, pair, into);
    isLeaf = visit(toShape, pair, into);
  }
  if (isLeaf) return;
  if (pair.from === undefined) into.added.insert(pair.path);
  else if (pair.to === undefined) into.removed.insert(pair.path);
}

/** Tells whether the pair was compared as one value. */
function visit(shape: Shape, pair: Pair, into: Comparison): boolean {
  switch (shape.kind) {
    case 'scalar':
      return leaf(pair, into);
    case 'list':
      if (shape.node.as === 'atomic' || (noItems(pair.from) && noItems(pair.to))) return leaf(pair, into);
      items(shape.node, pair, into);
      return false;
    case 'map':
      if (shape.node.atomic || (noEntries(pair.from) && noEntries(pair.to))) return leaf(pair, into);
      entries(shape.node, pair, into);
      return false;
    default:
      return shape satisfies never;
  }
}

function leaf({ from, to, path }: Pair, into: Comparison): boolean {
  if (from === undefined) into.added.insert(path);
  else if (to === undefined) into.removed.insert(path);
  else if (!equalJson(from, to)) into.modified.insert(path);
  return true;
}

// A value of another kind counts as empty, as it does where the API server reads it.
function noItems(value: Json | undefined): boolean {
  return !Array.isArray(value) || value.length === 0;
}

function noEntries(value: Json | undefined): boolean {
  return !isObject(value) || Object.keys(value).length === 0;
}

function entries(node: MapNode, { from, to, path }: Pair, into: Comparison): void {
  const before = isObject(from) ? from : {};
  const after = isObject(to) ? to : {};
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const type = nodeAt(node, key);
    if (!type) continue;
    const inner = [...path, fieldElement(key)];
    walk(type, { from: own(before, key), to: own(after, key), path: inner }, into);
  }
}

function own(of: { [key: string]: Json }, key: string): Json | undefined {
  return Object.hasOwn(of, key) ? of[key] : undefined;
}

interface Grouped {
  readonly element: PathElement;
  readonly from: Json[];
  readonly to: Json[];
}

function items(node: ListNode, pair: Pair, into: Comparison): void {
  const groups = new Map<string, Grouped>();
  for (const side of ['from', 'to'] as const) {
    const list = pair[side];
    for (const item of Array.isArray(list) ? list : []) {
      const element = itemElement(node, item);
      if (typeof element === 'string') continue;
      const group = groups.get(element.id) ?? { element, from: [], to: [] };
      group[side].push(item);
      groups.set(element.id, group);
    }
  }
  for (const group of groups.values()) compareItem(node, pair.path, group, into);
}

function compareItem(node: ListNode, at: Path, { element, from, to }: Grouped, into: Comparison): void {
  const path = [...at, element];
  if (from.length <= 1 && to.length <= 1) {
    walk(node.item, { from: from[0], to: to[0], path }, into);
  } else if (from.length >= 2 && to.length >= 2) {
    if (!equalJson(from, to)) into.modified.insert(path);
  } else if (from.length >= 2) {
    if (to.length > 0) walk(node.item, { from: undefined, to: to[0], path }, into);
    into.removed.insert(path);
  } else {
    if (from.length > 0) walk(node.item, { from: from[0], to: undefined, path }, into);
    into.added.insert(path);
  }
}
