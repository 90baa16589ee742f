/**
 * JSON Patch (RFC 6902) and JSON Merge Patch (RFC 7396), as KubeVela's library applies them (evanphx/json-patch): on
 * texts, so that numbers keep theirs. What is given, trees of JSON (`jsonTree`), is not changed.
 */
import { opened } from './patch-parts.ts';
import type { ListNode, OpenNode, PatchField, PatchNode, StructNode } from './patch-tree.ts';
import { fieldOf, noFields, noTags, scalarLeaf } from './patch-tree.ts';

export type PatchOutcome =
  | { readonly ok: true; readonly value: PatchNode }
  | { readonly ok: false; readonly message: string };

class PatchFailure {
  readonly message: string;
  constructor(message: string) {
    this.message = message;
  }
}

/** Applies the operations in order. The first that fails gives the message; negative indices count from the end. */
export function applyJsonPatch(document: PatchNode, operations: PatchNode): PatchOutcome {
  const list = opened(operations);
  if (list.kind !== 'list') return { ok: false, message: 'the operations of a JSON patch must be a list' };
  let current = document;
  for (const [i, operation] of list.elements.entries()) {
    const fields = opened(operation);
    const next =
      fields.kind === 'struct'
        ? applyOperation(current, fields)
        : new PatchFailure('an operation must be a map');
    if (next instanceof PatchFailure) return { ok: false, message: `operation ${i}: ${next.message}` };
    current = next;
  }
  return { ok: true, value: current };
}

function applyOperation(document: PatchNode, operation: StructNode): PatchNode | PatchFailure {
  const op = textIn(operation, 'op');
  const path = textIn(operation, 'path');
  if (op === null || path === null) return new PatchFailure('op and path must be strings');
  // An absent value is null.
  const value = valueIn(operation, 'value') ?? nothing();
  switch (op) {
    case 'add':
      return change(document, path, 'add', value);
    case 'replace':
      return change(document, path, 'replace', value);
    case 'remove':
      return change(document, path, 'remove', value);
    case 'test':
      return test(document, path, value);
    case 'copy':
    case 'move':
      return copyOrMove(document, op, textIn(operation, 'from'), path);
    default:
      return new PatchFailure(`"${op}" is no operation; there are add, remove, replace, move, copy and test`);
  }
}

const nothing = (): PatchNode => scalarLeaf({ type: 'null' });

function valueIn(struct: StructNode, name: string): PatchNode | undefined {
  return fieldOf(struct, name)?.value;
}

function textIn(struct: StructNode, name: string): string | null {
  const value = valueIn(struct, name);
  const node = value === undefined ? null : opened(value);
  return node?.kind === 'leaf' && node.scalar?.type === 'string' ? node.scalar.value : null;
}

function copyOrMove(
  document: PatchNode,
  op: 'copy' | 'move',
  from: string | null,
  path: string,
): PatchNode | PatchFailure {
  if (from === null) return new PatchFailure(`${op} needs a from`);
  const value = read(document, from);
  if (value === undefined) return new PatchFailure(`${op}: there is nothing at ${from}`);
  const rest = op === 'move' ? change(document, from, 'remove', value) : document;
  return rest instanceof PatchFailure ? rest : change(rest, path, 'add', value);
}

function test(document: PatchNode, path: string, expected: PatchNode): PatchNode | PatchFailure {
  const value = read(document, path) ?? nothing();
  return sameJson(value, expected) ? document : new PatchFailure(`testing value ${path} failed`);
}

/** Whether two trees are the same JSON in their texts: 1 is not 1.0. The order of fields does not count. */
function sameJson(left: PatchNode, right: PatchNode): boolean {
  const [a, b] = [opened(left), opened(right)];
  if (a.kind === 'leaf') return b.kind === 'leaf' && a.literal === b.literal;
  if (a.kind === 'list') {
    return (
      b.kind === 'list' &&
      a.elements.length === b.elements.length &&
      a.elements.every((element, i) => sameJson(element, b.elements[i] ?? nothing()))
    );
  }
  if (b.kind !== 'struct' || a.fields.length !== b.fields.length) return false;
  return a.fields.every(({ label, value }) => {
    const other = valueIn(b, label);
    return other !== undefined && sameJson(value, other);
  });
}

/** What stands before the first slash does not count, as in the library. */
function segmentsOf(path: string): readonly string[] {
  return path
    .split('/')
    .slice(1)
    .map((s) => s.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function read(document: PatchNode, path: string): PatchNode | undefined {
  let here: PatchNode | undefined = document;
  for (const segment of segmentsOf(path)) {
    const node: OpenNode | null = here === undefined ? null : opened(here);
    if (node?.kind === 'list') here = node.elements[indexIn(segment, node.elements.length)];
    else if (node?.kind === 'struct') here = valueIn(node, segment);
    else return undefined;
  }
  return here;
}

/** The index a segment means in a list of this length; -1 where it means none. */
function indexIn(segment: string, length: number): number {
  if (!/^-?(?:0|[1-9][0-9]{0,9})$/.test(segment)) return -1;
  const index = Number(segment);
  return index < 0 ? index + length : index;
}

type Change = 'add' | 'replace' | 'remove';

function change(document: PatchNode, path: string, how: Change, value: PatchNode): PatchNode | PatchFailure {
  const segments = segmentsOf(path);
  if (segments.length === 0) {
    return path === '' && how !== 'remove'
      ? value
      : new PatchFailure(`${how}: ${path === '' ? 'the whole document' : path} is no place`);
  }
  return changeAt(document, segments, { path, how, value });
}

interface Request {
  readonly path: string;
  readonly how: Change;
  readonly value: PatchNode;
}

function changeAt(node: PatchNode, segments: readonly string[], request: Request): PatchNode | PatchFailure {
  const [segment = '', ...rest] = segments;
  const { how, path } = request;
  const here = opened(node);
  if (here.kind === 'list') return changeList(here, segment, rest, request);
  if (here.kind !== 'struct') return new PatchFailure(`${how} for path ${path}: the path does not exist`);
  const before = valueIn(here, segment);
  if (rest.length > 0) {
    if (before === undefined) return new PatchFailure(`${how} for path ${path}: the path does not exist`);
    const inner = changeAt(before, rest, request);
    return inner instanceof PatchFailure ? inner : withKey(here, segment, inner);
  }
  // The library takes `replace` of a missing key as `add`.
  if (how === 'remove' && before === undefined)
    return new PatchFailure(`${how} for path ${path}: there is no key ${segment}`);
  return how === 'remove' ? withoutKey(here, segment) : withKey(here, segment, request.value);
}

function changeList(
  here: ListNode,
  segment: string,
  rest: readonly string[],
  request: Request,
): PatchNode | PatchFailure {
  const { how, path, value } = request;
  const { elements } = here;
  const last = rest.length === 0;
  if (last && how === 'add') {
    const index = segment === '-' ? elements.length : indexIn(segment, elements.length + 1);
    if (index < 0 || index > elements.length)
      return new PatchFailure(`add for path ${path}: the index is out of bounds`);
    return withElements(here, elements.toSpliced(index, 0, value));
  }
  const index = indexIn(segment, elements.length);
  const before = elements[index];
  if (before === undefined) return new PatchFailure(`${how} for path ${path}: the index is out of bounds`);
  if (last)
    return withElements(here, how === 'remove' ? elements.toSpliced(index, 1) : elements.with(index, value));
  const inner = changeAt(before, rest, request);
  return inner instanceof PatchFailure ? inner : withElements(here, elements.with(index, inner));
}

function withElements({ open }: ListNode, elements: PatchNode[]): ListNode {
  return { kind: 'list', elements, open, rest: null };
}

function withFields(fields: PatchField[]): StructNode {
  return { kind: 'struct', fields, optional: noFields };
}

function withKey({ fields }: StructNode, label: string, value: PatchNode): StructNode {
  const field = { label, value, tags: noTags };
  const index = fields.findIndex((f) => f.label === label);
  return withFields(index < 0 ? [...fields, field] : fields.with(index, field));
}

function withoutKey({ fields }: StructNode, label: string): StructNode {
  return withFields(fields.filter((f) => f.label !== label));
}

/** A null removes, maps merge, anything else replaces. */
export function applyMergePatch(document: PatchNode, patch: PatchNode): PatchNode {
  const [before, asked] = [opened(document), opened(patch)];
  if (asked.kind !== 'struct') return patch;
  if (before.kind !== 'struct') return pruneNulls(patch);
  const merged = new Map(before.fields.map(({ label, value }) => [label, value]));
  for (const { label, value } of asked.fields) {
    const old = merged.get(label);
    if (isNull(value)) merged.delete(label);
    else if (old === undefined || opened(old).kind !== 'struct') merged.set(label, pruneNulls(value));
    else merged.set(label, applyMergePatch(old, value));
  }
  return withFields([...merged].map(([label, value]) => ({ label, value, tags: noTags })));
}

function isNull(node: PatchNode): boolean {
  const { kind, ...leaf } = opened(node);
  return kind === 'leaf' && 'scalar' in leaf && leaf.scalar?.type === 'null';
}

/** Maps lose their nulls, also inside lists; a null that is an element stays. */
function pruneNulls(tree: PatchNode): PatchNode {
  const node = opened(tree);
  if (node.kind === 'list') return withElements(node, node.elements.map(pruneNulls));
  if (node.kind !== 'struct') return node;
  return withFields(
    node.fields
      .filter(({ value }) => !isNull(value))
      .map(({ label, value }) => ({ label, value: pruneNulls(value), tags: noTags })),
  );
}
