/** Unifies two patch trees as CUE unifies the values they print: equal or compatible, or a conflict with its path. */
import type { Value } from '../cue/index.ts';
import { opened, openLeaf } from './patch-parts.ts';
import type {
  LeafNode,
  ListNode,
  OpenNode,
  PatchField,
  PatchNode,
  Scalar,
  StructNode,
} from './patch-tree.ts';

export type Unified =
  | { readonly type: 'node'; readonly node: PatchNode }
  | { readonly type: 'conflict'; readonly path: readonly (string | number)[]; readonly message: string }
  /** An expression meets something: only CUE can tell. */
  | { readonly type: 'undecided' };

/** Decides what the trees alone cannot. */
export interface Unifier {
  /** Two nodes of which one at least is not concrete. */
  leaves(a: OpenNode, b: OpenNode): Unified;
  /** What an open list asks of its elements between two indices; null where it cannot be worked out. */
  rest(list: Value, from: number, to: number): readonly PatchNode[] | null;
}

export function unify(a: PatchNode, b: PatchNode, unifier: Unifier): Unified {
  return unifyAt(a, b, [], unifier);
}

type Path = readonly (string | number)[];

function unifyAt(left: PatchNode, right: PatchNode, path: Path, unifier: Unifier): Unified {
  if (left === right) return { type: 'node', node: left };
  const a = opened(left);
  const b = opened(right);
  if (a.kind === 'struct' && b.kind === 'struct') return unifyStructs(a, b, path, unifier);
  if (a.kind === 'list' && b.kind === 'list') return unifyLists(a, b, path, unifier);
  if ((a.kind === 'leaf' && a.scalar === null) || (b.kind === 'leaf' && b.scalar === null)) {
    const merged = unifier.leaves(a, b);
    return merged.type === 'conflict' ? { ...merged, path: [...path, ...merged.path] } : merged;
  }
  if (a.kind === 'leaf' && b.kind === 'leaf') return unifyScalars(a, b, path);
  return conflict(
    path,
    `conflicting values ${printed(a)} and ${printed(b)} (mismatched types ${typeName(a)} and ${typeName(b)})`,
  );
}

function unifyStructs(a: StructNode, b: StructNode, path: Path, unifier: Unifier): Unified {
  if (b.fields.length === 0 && b.optional.size === 0) return { type: 'node', node: a };
  if (a.fields.length === 0 && a.optional.size === 0) return { type: 'node', node: b };
  const fields: PatchField[] = [];
  const right = new Map(b.fields.map((f) => [f.label, f]));
  for (const field of a.fields) {
    const other = right.get(field.label);
    right.delete(field.label);
    const at = [...path, field.label];
    const merged =
      other === undefined
        ? declared(field.value, b.optional, at, unifier)
        : unifyAt(field.value, other.value, at, unifier);
    if (merged.type !== 'node') return merged;
    fields.push({ label: field.label, value: merged.node, tags: field.tags });
  }
  for (const field of right.values()) {
    const merged = declared(field.value, a.optional, [...path, field.label], unifier);
    if (merged.type !== 'node') return merged;
    fields.push({ ...field, value: merged.node });
  }
  const optional = b.optional.size === 0 ? a.optional : new Map([...b.optional, ...a.optional]);
  return { type: 'node', node: { kind: 'struct', fields, optional } };
}

/** A field that comes to a struct which may declare it as optional. */
function declared(value: PatchNode, optional: StructNode['optional'], path: Path, unifier: Unifier): Unified {
  const asked = optional.get(String(path.at(-1)));
  if (asked === undefined) return { type: 'node', node: value };
  const merged = unifier.leaves(opened(value), openLeaf(asked));
  return merged.type === 'conflict' ? { ...merged, path: [...path, ...merged.path] } : merged;
}

function unifyLists(a: ListNode, b: ListNode, path: Path, unifier: Unifier): Unified {
  const [shorter, longer] = a.elements.length <= b.elements.length ? [a, b] : [b, a];
  if (shorter.elements.length < longer.elements.length && !shorter.open) {
    return conflict(path, `incompatible list lengths (${a.elements.length} and ${b.elements.length})`);
  }
  const rest = restOf(shorter, longer.elements.length, unifier);
  if (rest === null) return { type: 'undecided' };
  const elements: PatchNode[] = [];
  for (const [i, element] of longer.elements.entries()) {
    const other = shorter.elements[i] ?? rest[i - shorter.elements.length];
    if (other === undefined) {
      elements.push(element);
      continue;
    }
    const [left, right] = longer === a ? [element, other] : [other, element];
    const merged = unifyAt(left, right, [...path, i], unifier);
    if (merged.type !== 'node') return merged;
    elements.push(merged.node);
  }
  const open = a.open && b.open;
  // Two types for more elements: the patch's is kept, both are seldom there.
  return { type: 'node', node: { kind: 'list', elements, open, rest: open ? (b.rest ?? a.rest) : null } };
}

/** The constraints of an open list on elements beyond its own; empty where there are none. */
function restOf(list: ListNode, length: number, unifier: Unifier): readonly PatchNode[] | null {
  if (list.rest === null || list.elements.length >= length) return [];
  return unifier.rest(list.rest, list.elements.length, length);
}

function unifyScalars(a: LeafNode, b: LeafNode, path: Path): Unified {
  const left = a.scalar as Scalar;
  const right = b.scalar as Scalar;
  if (equalScalars(left, right)) return { type: 'node', node: a };
  const mismatch = left.type === right.type ? '' : ` (mismatched types ${left.type} and ${right.type})`;
  return conflict(path, `conflicting values ${printed(a)} and ${printed(b)}${mismatch}`);
}

/** An int never equals a float; floats are equal by value, however they are written. */
export function equalScalars(a: Scalar, b: Scalar): boolean {
  switch (a.type) {
    case 'null':
      return b.type === 'null';
    case 'bool':
      return b.type === 'bool' && a.value === b.value;
    case 'string':
      return b.type === 'string' && a.value === b.value;
    case 'bytes':
      return b.type === 'bytes' && a.value === b.value;
    case 'int':
      return b.type === 'int' && a.text === b.text;
    case 'float':
      return (
        b.type === 'float' && (a.text === b.text || canonicalDecimal(a.text) === canonicalDecimal(b.text))
      );
    default:
      return a satisfies never;
  }
}

/** Digits without zeros at either end, and the exponent: equal for equal numbers. */
function canonicalDecimal(text: string): string {
  const match = /^(-?)([0-9]*)\.?([0-9]*)(?:[eE]([-+]?[0-9]+))?$/.exec(text);
  if (match === null) return text;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const trimmed = digits.replace(/0+$/, '');
  if (trimmed === '') return '0';
  return `${sign}${trimmed}e${Number(exponent) - fraction.length + (digits.length - trimmed.length)}`;
}

function conflict(path: Path, message: string): Unified {
  return { type: 'conflict', path, message };
}

function printed(node: OpenNode): string {
  if (node.kind === 'struct') return '{…}';
  if (node.kind === 'list') return '[…]';
  const { scalar } = node;
  if (scalar === null) return 'an expression';
  if (scalar.type === 'null') return 'null';
  return 'text' in scalar ? scalar.text : JSON.stringify(scalar.value);
}

function typeName(node: OpenNode): string {
  return node.kind === 'leaf' ? (node.scalar?.type ?? 'an expression') : node.kind;
}
