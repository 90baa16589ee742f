/** Patch trees as JSON and as CUE data. */
import type { Data, Value } from '../cue/index.ts';
import { CueError } from '../cue/index.ts';
import type { JsonDraft, JsonValue } from '../json.ts';
import { put } from '../json.ts';
import type { ContextUse } from './context-use.ts';
import { decimalData } from './data.ts';
import type { LeafNode, ListNode, PatchNode, Scalar, StructNode, WholeNode } from './patch-tree.ts';

/** What a conversion to JSON may do, and what it came across. */
export interface Reading {
  /** How much may still be read as data, in characters; what goes beyond is printed, which the budget counts. */
  left: number;
  /** There may have been a whole number that JavaScript does not hold with all its digits. */
  large: boolean;
}

export function newReading(): Reading {
  return { left: 1 << 16, large: false };
}

/** The JSON of a tree, defaults taken; the error of the first leaf that has none. Nodes keep theirs. */
export function jsonOfTree(node: PatchNode, reading: Reading = newReading()): JsonValue | CueError {
  if (node.kind === 'leaf')
    return node.scalar === null ? jsonOfValue(node.value, reading) : jsonOfScalar(node.scalar, reading);
  if (node.json !== undefined) return node.json;
  const json = jsonOfNode(node, reading);
  if (!(json instanceof CueError)) node.json = json;
  return json;
}

function jsonOfNode(node: StructNode | ListNode | WholeNode, reading: Reading): JsonValue | CueError {
  if (node.kind === 'whole') return jsonOfValue(node.value, reading);
  if (node.kind === 'list') {
    const out: JsonValue[] = [];
    for (const element of node.elements) {
      const value = jsonOfTree(element, reading);
      if (value instanceof CueError) return value;
      out.push(value);
    }
    return out;
  }
  const out: JsonDraft = {};
  for (const field of node.fields) {
    const value = jsonOfTree(field.value, reading);
    if (value instanceof CueError) return value;
    put(out, field.label, value);
  }
  return out;
}

function jsonOfScalar(scalar: Scalar, reading: Reading): JsonValue {
  if (scalar.type === 'null') return null;
  if (!('text' in scalar)) return scalar.value;
  if (scalar.type === 'int' && scalar.text.length > 15) reading.large = true;
  return Number(scalar.text);
}

/** The JSON of a value, or what keeps it from being concrete. */
export function jsonOfValue(value: Value, reading: Reading = newReading()): JsonValue | CueError {
  if (reading.left > 0) {
    const data = value.toData();
    const json = data.ok ? jsonOfData(data.value, reading) : undefined;
    if (json !== undefined) return json;
  }
  const text = value.toJSONText();
  if (!text.ok) return text.error;
  if (/[0-9]{16}/.test(text.value)) reading.large = true;
  // The engine's text is JSON.
  return JSON.parse(text.value) as JsonValue;
}

/** Undefined for what only the engine can print, and beyond the allowance. */
function jsonOfData(data: Data, reading: Reading): JsonValue | undefined {
  if (typeof data === 'string') {
    reading.left -= data.length;
    return reading.left < 0 ? undefined : data;
  }
  if (typeof data === 'bigint') {
    const number = Number(data);
    if (!Number.isSafeInteger(number)) reading.large = true;
    return number;
  }
  if (data === null || typeof data === 'boolean') return data;
  reading.left -= 2;
  if (reading.left < 0) return undefined;
  if (isItems(data)) {
    const out: JsonValue[] = [];
    for (const item of data) {
      const json = jsonOfData(item, reading);
      if (json === undefined) return undefined;
      out.push(json);
    }
    return out;
  }
  if (!('fields' in data)) return undefined;
  const out: JsonDraft = {};
  for (const [name, item] of data.fields) {
    const json = jsonOfData(item, reading);
    if (json === undefined) return undefined;
    put(out, name, json);
  }
  return out;
}

function isItems(data: Exclude<Data, string>): data is readonly Data[] {
  return Array.isArray(data);
}

/** The parts of a tree that `use` names as CUE data, in the tree's order, numbers as they are, defaults taken. */
export function dataOfTree(node: PatchNode, use: ContextUse = 'all'): Data | CueError {
  switch (node.kind) {
    case 'leaf':
      return dataOfLeaf(node);
    case 'whole':
      return dataOfValue(node.value, use);
    case 'list':
      return dataOfList(node);
    case 'struct':
      return dataOfStruct(node, use);
    default:
      return node satisfies never;
  }
}

function dataOfLeaf(leaf: LeafNode): Data | CueError {
  if (leaf.scalar === null) return dataOfValue(leaf.value, 'all');
  const { scalar } = leaf;
  switch (scalar.type) {
    case 'null':
      return null;
    case 'bool':
    case 'string':
      return scalar.value;
    case 'bytes':
      return scalar.bytes;
    case 'int':
    case 'float':
      return decimalData(scalar.text, scalar.type);
    default:
      return scalar satisfies never;
  }
}

function dataOfList({ elements }: ListNode): Data | CueError {
  const items: Data[] = [];
  for (const element of elements) {
    const item = dataOfTree(element);
    if (item instanceof CueError) return item;
    items.push(item);
  }
  return items;
}

function dataOfStruct(node: StructNode, use: ContextUse): Data | CueError {
  const fields = new Map<string, Data>();
  for (const field of node.fields) {
    const inner = use === 'all' ? use : use.get(field.label);
    if (inner === undefined) continue;
    const item = dataOfTree(field.value, inner);
    if (item instanceof CueError) return item;
    fields.set(field.label, item);
  }
  return { type: 'struct', fields };
}

function dataOfValue(value: Value, use: ContextUse): Data | CueError {
  if (use !== 'all' && value.kind() === 'struct') {
    const fields = new Map<string, Data>();
    for (const [name, inner] of use) {
      const field = value.lookup([name]);
      if (!field.exists()) continue;
      const item = dataOfValue(field, inner);
      if (item instanceof CueError) return item;
      fields.set(name, item);
    }
    return { type: 'struct', fields };
  }
  const data = value.toData();
  return data.ok ? data.value : data.error;
}

/**
 * A whole number of 64 bits that JavaScript would write with other digits, as text; null for none. Larger ones are
 * floats to Kubernetes and are rounded there in the same way (apimachinery pkg/util/json).
 */
export function inexactNumber(node: PatchNode): string | null {
  const data = dataOfTree(node);
  return data instanceof CueError ? null : inexactIn(data);
}

function inexactIn(data: Data): string | null {
  if (typeof data === 'bigint') {
    const text = String(data);
    return BigInt.asIntN(64, data) === data && String(Number(data)) !== text ? text : null;
  }
  if (typeof data !== 'object' || data === null) return null;
  const items = 'fields' in data ? data.fields.values() : Array.isArray(data) ? data : [];
  for (const item of items) {
    const found = inexactIn(item);
    if (found !== null) return found;
  }
  return null;
}
