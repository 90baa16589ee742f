/** Patch trees from CUE values and from JSON, and back. */
import type { Libraries, Value } from '../cue/index.ts';
import { CueError, compile, parse } from '../cue/index.ts';
import type { JsonDraft, JsonValue } from '../json.ts';
import { isArray, isObject, put } from '../json.ts';
import { dataOf } from './data.ts';
import { textOfTree } from './patch-text.ts';
import type { PatchField, PatchNode, Scalar, ScalarNode } from './patch-tree.ts';
import { noFields, noTags, scalarLeaf } from './patch-tree.ts';
import { tagsOf } from './tags.ts';
import type { Unified, Unifier } from './unify.ts';

/**
 * A value taken apart. Where a part cannot be worked out at all, its error is answered: printed, it would refer to
 * names that do not exist outside the template.
 */
export function treeOfValue(value: Value): PatchNode | CueError {
  const kind = value.kind();
  if (kind === 'struct') return structOf(value);
  if (kind === 'list') return listOf(value);
  if (kind !== '_|_') return scalarOf(value);
  return value.error() ?? { kind: 'leaf', scalar: null, literal: null, value };
}

function structOf(value: Value): PatchNode | CueError {
  const fields: PatchField[] = [];
  let optional: Map<string, Value> | null = null;
  for (const entry of value.fields({ optional: true }) ?? []) {
    if (entry.constraint !== 'member') {
      optional ??= new Map();
      optional.set(entry.name, entry.value);
      continue;
    }
    const node = treeOfValue(entry.value);
    if (node instanceof CueError) return node;
    const docs = entry.value.docs();
    const tags = docs.length === 0 ? noTags : tagsOf(docs.flatMap((group) => group.lines));
    fields.push({ label: entry.name, value: node, tags });
  }
  // That a struct is closed, or takes fields by pattern, does not print.
  return { kind: 'struct', fields, optional: optional ?? noFields };
}

function listOf(value: Value): PatchNode | CueError {
  const elements: PatchNode[] = [];
  for (const element of value.elements() ?? []) {
    const node = treeOfValue(element);
    if (node instanceof CueError) return node;
    elements.push(node);
  }
  const open = value.length()?.isOpen ?? false;
  return { kind: 'list', elements, open, rest: open ? value : null };
}

function scalarOf(value: Value): ScalarNode | CueError {
  const read = value.toData();
  if (!read.ok) return read.error;
  const data = read.value;
  if (data === null) return scalarLeaf({ type: 'null' });
  if (typeof data === 'boolean') return scalarLeaf({ type: 'bool', value: data });
  if (typeof data === 'string') return scalarLeaf({ type: 'string', value: data });
  if (typeof data === 'bigint') return scalarLeaf({ type: 'int', text: String(data) });
  const text = value.toJSONText();
  if (!text.ok) return text.error;
  if (text.value.startsWith('"')) return scalarLeaf({ type: 'bytes', value: text.value.slice(1, -1) });
  return scalarLeaf({ type: value.kind() === 'int' ? 'int' : 'float', text: text.value });
}

/** JSON as a tree in which lists and maps stay open: what KubeVela makes of a JSON patch's result. */
export function treeOfJson(value: JsonValue): PatchNode {
  if (isArray(value)) return { kind: 'list', elements: value.map(treeOfJson), open: true, rest: null };
  if (isObject(value)) {
    const fields = Object.entries(value).map(([label, v]) => ({ label, value: treeOfJson(v), tags: noTags }));
    return { kind: 'struct', fields, optional: noFields };
  }
  if (value === null) return scalarLeaf({ type: 'null' });
  if (typeof value === 'boolean') return scalarLeaf({ type: 'bool', value });
  if (typeof value === 'string') return scalarLeaf({ type: 'string', value });
  const text = JSON.stringify(value);
  return scalarLeaf({ type: /[.e]/.test(text) ? 'float' : 'int', text });
}

/** The JSON of a tree, defaults taken; the error of the first leaf that has none. */
export function jsonOfTree(node: PatchNode): JsonValue | CueError {
  if (node.kind === 'leaf') return node.scalar === null ? jsonOfValue(node.value) : jsonOfScalar(node.scalar);
  if (node.kind === 'list') {
    const out: JsonValue[] = [];
    for (const element of node.elements) {
      const value = jsonOfTree(element);
      if (value instanceof CueError) return value;
      out.push(value);
    }
    return out;
  }
  const out: JsonDraft = {};
  for (const field of node.fields) {
    const value = jsonOfTree(field.value);
    if (value instanceof CueError) return value;
    put(out, field.label, value);
  }
  return out;
}

function jsonOfScalar(scalar: Scalar): JsonValue {
  if (scalar.type === 'null') return null;
  return 'text' in scalar ? Number(scalar.text) : scalar.value;
}

/** The JSON of a value, or what keeps it from being concrete. */
export function jsonOfValue(value: Value): JsonValue | CueError {
  const text = value.toJSONText();
  // The engine's text is JSON.
  return text.ok ? (JSON.parse(text.value) as JsonValue) : text.error;
}

/** Unifies what is not concrete, by CUE itself. */
export class CueUnifier implements Unifier {
  readonly #libraries: Libraries;

  constructor(libraries: Libraries) {
    this.#libraries = libraries;
  }

  leaves(a: PatchNode, b: PatchNode): Unified {
    const left = openValue(a);
    const right = openValue(b);
    if (left !== null && isTop(left)) return { type: 'node', node: b };
    if (right !== null && isTop(right)) return { type: 'node', node: a };
    const merged =
      (left === null ? filled(right, a) : right === null ? filled(left, b) : null) ?? this.#byText(a, b);
    if (merged === null) return { type: 'undecided' };
    const error = merged.error();
    if (error !== null) return conflict(error);
    const tree = treeOfValue(merged);
    return tree instanceof CueError ? conflict(tree) : { type: 'node', node: tree };
  }

  #byText(a: PatchNode, b: PatchNode): Value | null {
    const parsed = parse({ name: 'patch', text: `merged: ${textOfTree(a)} & ${textOfTree(b)}` });
    const compiled = parsed.ok ? compile([parsed.value], { libraries: this.#libraries }) : null;
    return compiled?.ok ? compiled.value.evaluate().lookup(['merged']) : null;
  }

  /** What an open list asks of its elements up to a length: the list unified with that many times `_`. */
  rest(list: Value, length: number): readonly PatchNode[] | null {
    const parsed = parse({ name: 'rest', text: `[${'_, '.repeat(length)}]` });
    const compiled = parsed.ok ? compile([parsed.value], { libraries: this.#libraries }) : null;
    if (compiled === null || !compiled.ok) return null;
    const tree = treeOfValue(list.unify(compiled.value.evaluate()));
    return tree instanceof CueError || tree.kind !== 'list' ? null : tree.elements;
  }
}

function conflict(error: CueError): Unified {
  return { type: 'conflict', path: [], message: error.diagnostics[0]?.message ?? error.message };
}

/** `_`: it asks for nothing. */
function isTop(value: Value): boolean {
  return value.incompleteKind() === '_' && value.default() === null;
}

function openValue(node: PatchNode): Value | null {
  return node.kind === 'leaf' && node.scalar === null ? node.value : null;
}

/** A value unified with concrete data; null where the other side is open in some part. */
function filled(value: Value | null, node: PatchNode): Value | null {
  if (value === null || isOpen(node)) return null;
  const json = jsonOfTree(node);
  return json instanceof CueError ? null : value.fill([], dataOf(json));
}

/** Whether JSON cannot stand for the node: it is not concrete somewhere, or holds a float, which JSON may read as an int. */
function isOpen(node: PatchNode): boolean {
  if (node.kind === 'leaf') return node.scalar === null || node.scalar.type === 'float';
  if (node.kind === 'list') return node.open || node.elements.some(isOpen);
  return node.fields.some((field) => isOpen(field.value));
}
