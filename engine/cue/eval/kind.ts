/** Kinds of values as a bit set, and their names in messages. */

export type Kind = number;

export const BOTTOM_KIND = 0;
export const NULL_KIND = 1;
export const BOOL_KIND = 2;
export const INT_KIND = 4;
export const FLOAT_KIND = 8;
export const NUMBER_KIND = 12;
export const STRING_KIND = 16;
export const BYTES_KIND = 32;
export const FUNC_KIND = 64;
export const LIST_KIND = 128;
export const STRUCT_KIND = 256;
export const COMPOSITE_KIND = 384;
export const TOP_KIND = 511;
export const SCALAR_KINDS = 63;

const NAMES: readonly (readonly [Kind, string])[] = [
  [NULL_KIND, 'null'],
  [BOOL_KIND, 'bool'],
  [INT_KIND, 'int'],
  [FLOAT_KIND, 'float'],
  [STRING_KIND, 'string'],
  [BYTES_KIND, 'bytes'],
  [FUNC_KIND, 'func'],
  [LIST_KIND, 'list'],
  [STRUCT_KIND, 'struct'],
];

/** `int`, `(int|string)`, `number`, `_`, `_|_`. */
export function kindName(kind: Kind): string {
  if (kind === TOP_KIND) return '_';
  if (kind === BOTTOM_KIND) return '_|_';
  const names: string[] = [];
  let rest = kind;
  if ((rest & NUMBER_KIND) === NUMBER_KIND) {
    rest &= ~NUMBER_KIND;
  }
  for (const [bit, name] of NAMES) if ((rest & bit) !== 0) names.push(name);
  if ((kind & NUMBER_KIND) === NUMBER_KIND) names.push('number');
  return names.length === 1 ? names[0]! : `(${names.join('|')})`;
}
