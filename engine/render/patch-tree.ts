/**
 * The tree on which patches are merged: what CUE would print for a value, taken apart. Structs, lists and concrete
 * scalars are nodes; everything else (a default, a type, a bound) is a leaf that keeps its CUE value. KubeVela
 * merges on the printed syntax tree (workflow/pkg/cue/model/sets), and its rules are about how a value prints, so
 * this tree has exactly the distinctions that the printed form has. Nodes are changed in place while one patch is
 * prepared, as KubeVela's are: `replace` and `retainKeys` put a node of the patch into the base, so both share it.
 * Most of an object is touched by no patch: those parts stay whole values, and are taken apart when one meets them.
 */

import type { Value } from '../cue/index.ts';
import type { JsonValue } from '../json.ts';

export type PatchNode = OpenNode | WholeNode;
export type OpenNode = StructNode | ListNode | LeafNode;

export interface StructNode {
  readonly kind: 'struct';
  fields: PatchField[];
  /** Fields that are declared and absent (`x?: T`), with what they must be. */
  optional: ReadonlyMap<string, Value>;
  /** Its JSON, once asked for. Whatever changes below a node gives a new node. */
  json?: JsonValue | undefined;
}

export interface PatchField {
  readonly label: string;
  value: PatchNode;
  /** Markers of the field's doc comments: `patchKey`, `patchStrategy`. */
  readonly tags: Tags;
}

export interface ListNode {
  readonly kind: 'list';
  elements: PatchNode[];
  /** The list may have more elements (it prints with `...`). */
  open: boolean;
  /** The list itself where more elements have to be of a type (`[...T]`); null where they may be anything. */
  rest: Value | null;
  json?: JsonValue | undefined;
}

/** A part of a concrete object that nothing has looked into so far. */
export interface WholeNode {
  readonly kind: 'whole';
  readonly value: Value;
  /** Whether it is a field's value: a list has room for more elements there. */
  readonly inField: boolean;
  /** The node taken apart, once it was needed. */
  parts: OpenNode | null;
  json?: JsonValue | undefined;
}

export type LeafNode = ScalarNode | OpenLeaf;

export interface ScalarNode {
  readonly kind: 'leaf';
  readonly scalar: Scalar;
  /** The literal as it prints: keys of lists are compared by it. */
  readonly literal: string;
}

/** Not concrete: a default that may still give way, a type, a bound. */
export interface OpenLeaf {
  readonly kind: 'leaf';
  readonly scalar: null;
  readonly literal: null;
  readonly value: Value;
}

export type Scalar =
  | { readonly type: 'null' }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'string'; readonly value: string }
  /** Base64, as JSON has it. */
  | { readonly type: 'bytes'; readonly value: string; readonly bytes: Uint8Array }
  /** Decimal text as CUE prints it. */
  | { readonly type: 'int' | 'float'; readonly text: string };

export type Tags = ReadonlyMap<string, string>;
export const noTags: Tags = new Map();

export const noFields: ReadonlyMap<string, Value> = new Map();

export function emptyStruct(): StructNode {
  return { kind: 'struct', fields: [], optional: noFields };
}

export function scalarLeaf(scalar: Scalar): ScalarNode {
  return { kind: 'leaf', scalar, literal: literalText(scalar) };
}

function literalText(scalar: Scalar): string {
  switch (scalar.type) {
    case 'null':
      return 'null';
    case 'bool':
      return String(scalar.value);
    case 'string':
      return JSON.stringify(scalar.value);
    case 'bytes':
      return `'${JSON.stringify(scalar.value)}'`;
    case 'int':
    case 'float':
      return scalar.text;
    default:
      return scalar satisfies never;
  }
}

/** The first field of a struct with this label. */
export function fieldOf(node: StructNode, label: string): PatchField | undefined {
  return node.fields.find((f) => f.label === label);
}
