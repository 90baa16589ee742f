/** Patch trees from CUE values: taken apart at once, or where something looks into them. */
import type { Value } from '../cue/index.ts';
import { CueError } from '../cue/index.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { isArray, isObject, own } from '../json.ts';
import type { LeafNode, OpenLeaf, OpenNode, PatchField, PatchNode, Scalar, WholeNode } from './patch-tree.ts';
import { fieldOf, noFields, noTags, type StructNode, scalarLeaf } from './patch-tree.ts';
import { tagsOf } from './tags.ts';

/**
 * A value taken apart. Where a part cannot be worked out at all, its error is answered: printed, it would refer to
 * names that do not exist outside the template.
 */
export function treeOfValue(value: Value): OpenNode | CueError {
  const kind = value.kind();
  if (kind === 'struct') return structOf(value);
  if (kind === 'list') return listOf(value);
  if (kind !== '_|_') return scalarOf(value, kind);
  return value.error() ?? openLeaf(value);
}

export function openLeaf(value: Value): OpenLeaf {
  return { kind: 'leaf', scalar: null, literal: null, value };
}

function structOf(value: Value): OpenNode | CueError {
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

function listOf(value: Value): OpenNode | CueError {
  const elements: PatchNode[] = [];
  for (const element of value.elements() ?? []) {
    const node = treeOfValue(element);
    if (node instanceof CueError) return node;
    elements.push(node);
  }
  const open = value.length()?.isOpen ?? false;
  return { kind: 'list', elements, open, rest: open ? value : null };
}

function scalarOf(value: Value, kind: string): LeafNode | CueError {
  const read = value.toData();
  if (!read.ok) return read.error;
  const data = read.value;
  if (data === null) return scalarLeaf({ type: 'null' });
  if (typeof data === 'boolean') return scalarLeaf({ type: 'bool', value: data });
  if (typeof data === 'string') return scalarLeaf({ type: 'string', value: data });
  if (typeof data === 'bigint') return scalarLeaf({ type: 'int', text: String(data) });
  const text = value.toJSONText();
  if (!text.ok) return text.error;
  if (data instanceof Uint8Array)
    return scalarLeaf({ type: 'bytes', value: text.value.slice(1, -1), bytes: data });
  return scalarLeaf({ type: kind === 'int' ? 'int' : 'float', text: text.value });
}

/**
 * The JSON of a tree as a tree, as KubeVela reads what it has printed: defaults taken, lists closed, bytes as text.
 * The error of what is not concrete.
 */
export function jsonTree(tree: PatchNode): OpenNode | CueError {
  const node = tree.kind === 'whole' ? treeOfValue(tree.value) : tree;
  if (node instanceof CueError) return node;
  if (node.kind === 'leaf') return node.scalar === null ? defaultOf(node.value) : jsonLeaf(node.scalar);
  if (node.kind === 'list') {
    const elements: PatchNode[] = [];
    for (const element of node.elements) {
      const json = jsonTree(element);
      if (json instanceof CueError) return json;
      elements.push(json);
    }
    return { kind: 'list', elements, open: false, rest: null };
  }
  const fields: PatchField[] = [];
  for (const { label, value } of node.fields) {
    const json = jsonTree(value);
    if (json instanceof CueError) return json;
    fields.push({ label, value: json, tags: noTags });
  }
  return { kind: 'struct', fields, optional: noFields };
}

function defaultOf(value: Value): OpenNode | CueError {
  const text = value.toJSONText();
  const chosen = value.default();
  if (!text.ok) return text.error;
  if (chosen === null) return openLeaf(value);
  const tree = treeOfValue(chosen);
  return tree instanceof CueError || isOpenLeaf(tree) ? tree : jsonTree(tree);
}

function isOpenLeaf(node: OpenNode): boolean {
  return node.kind === 'leaf' && node.scalar === null;
}

function jsonLeaf(scalar: Scalar): LeafNode {
  return scalarLeaf(scalar.type === 'bytes' ? { type: 'string', value: scalar.value } : scalar);
}

/** A concrete value as a node that is taken apart where a patch meets it. */
export function wholeOf(value: Value, inField: boolean, json?: JsonValue): WholeNode {
  return { kind: 'whole', value, inField, parts: null, json };
}

/** The node itself, a whole one taken apart by one level. */
export function opened(node: PatchNode): OpenNode {
  if (node.kind !== 'whole') return node;
  node.parts ??= partsOf(node);
  return node.parts;
}

function partsOf({ value, inField, json }: WholeNode): OpenNode {
  const kind = value.kind();
  if (kind === 'struct') return fieldsOf(value, isObject(json) ? json : null);
  if (kind === 'list') {
    const known = isArray(json) ? json : [];
    const elements = (value.elements() ?? []).map((element, i) => wholeOf(element, false, known[i]));
    const open = value.length()?.isOpen ?? false;
    return { kind: 'list', elements, open: open || inField, rest: open ? value : null };
  }
  const scalar = kind === '_|_' ? openLeaf(value) : scalarOf(value, kind);
  return scalar instanceof CueError ? openLeaf(value) : scalar;
}

/** Markers count in patches, not in what is patched. */
function fieldsOf(value: Value, json: JsonObject | null): StructNode {
  const fields: PatchField[] = [];
  let optional: Map<string, Value> | null = null;
  for (const entry of value.fields({ optional: true }) ?? []) {
    const { name } = entry;
    if (entry.constraint !== 'member') {
      optional ??= new Map();
      optional.set(name, entry.value);
      continue;
    }
    const known = json === null ? undefined : own(json, name);
    fields.push({ label: name, value: wholeOf(entry.value, true, known), tags: noTags });
  }
  return { kind: 'struct', fields, optional: optional ?? noFields };
}

/** The node at a path of labels and list indices, or null. A declared field prints and is found as well. */
export function lookUp(node: PatchNode, path: readonly (string | number)[]): OpenNode | null {
  let here = opened(node);
  for (const step of path) {
    let next: PatchNode | undefined;
    if (here.kind === 'struct') next = fieldOf(here, String(step))?.value ?? declaredIn(here, String(step));
    else if (here.kind === 'list') next = here.elements[Number(step)];
    if (next === undefined) return null;
    here = opened(next);
  }
  return here;
}

function declaredIn(node: StructNode, label: string): OpenLeaf | undefined {
  const value = node.optional.get(label);
  return value === undefined ? undefined : openLeaf(value);
}
