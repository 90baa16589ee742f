// The type of a value: one description serves field ownership, decoding, pruning and defaults.

import type { Json } from '../json.ts';

export type ScalarFormat =
  | 'string'
  | 'int32'
  | 'int64'
  | 'number'
  | 'boolean'
  | 'bytes'
  | 'quantity'
  | 'int-or-string'
  | 'time'
  | 'micro-time';

export interface ScalarNode {
  readonly kind: 'scalar';
  readonly format: ScalarFormat;
}

export interface ListNode {
  readonly kind: 'list';
  readonly item: Node;
  readonly as: 'atomic' | 'set' | 'map';
  /** of a map list */
  readonly keys: readonly string[];
  /** strategic merge patch: how the list is patched, and by which key */
  readonly patch: string;
  readonly patchKey: string;
}

export interface MapNode {
  readonly kind: 'map';
  readonly name: string;
  readonly fields: ReadonlyMap<string, Field>;
  /** the type of keys that are no field; undefined: there are none */
  readonly rest: Node | undefined;
  readonly atomic: boolean;
}

export interface Field {
  readonly node: Node;
  readonly presence: 'always' | 'null' | 'set' | 'filled';
  readonly default: Json | undefined;
  readonly enum: readonly string[] | undefined;
  readonly required: boolean;
}

/** `open` takes anything and owns map entries one by one; `any` takes anything as one value. */
export type Node = ScalarNode | ListNode | MapNode | { readonly kind: 'open' } | { readonly kind: 'any' };

export const OPEN: Node = { kind: 'open' };
export const ANY: Node = { kind: 'any' };
export const OPEN_LIST: ListNode = {
  kind: 'list',
  item: ANY,
  as: 'atomic',
  keys: [],
  patch: '',
  patchKey: '',
};
export const OPEN_MAP: MapNode = { kind: 'map', name: '', fields: new Map(), rest: OPEN, atomic: false };
export const ANY_MAP: MapNode = { kind: 'map', name: '', fields: new Map(), rest: ANY, atomic: true };

/** The type of a key in a map; undefined where the map has no such field. */
export function nodeAt(map: MapNode, key: string): Node | undefined {
  return map.fields.get(key)?.node ?? map.rest;
}
