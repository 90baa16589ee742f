// One step of a field path: a field, a list item by its keys, a set's item by its value, or an index.

import { isObject, type Json } from '../json.ts';

export type PathElement =
  | { readonly kind: 'field'; readonly id: string; readonly name: string }
  | { readonly kind: 'key'; readonly id: string; readonly keys: readonly (readonly [string, Json])[] }
  | { readonly kind: 'value'; readonly id: string; readonly value: Json }
  | { readonly kind: 'index'; readonly id: string; readonly index: number };

export type Path = readonly PathElement[];

export function fieldElement(name: string): PathElement {
  return { kind: 'field', id: `f:${name}`, name };
}

/** An item of a map list; the keys are sorted by name, so that equal items have equal ids. */
export function keyElement(keys: readonly (readonly [string, Json])[]): PathElement {
  const sorted = [...keys].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const body = sorted.map(([name, value]) => `${quoted(name)}:${encoded(value)}`).join(',');
  return { kind: 'key', id: `k:{${body}}`, keys: sorted };
}

export function valueElement(value: Json): PathElement {
  return { kind: 'value', id: `v:${encoded(value)}`, value };
}

/** Reads the form that managedFields carry (`f:name`, `k:{…}`, `v:…`, `i:0`); undefined when it is none. */
export function parseElement(id: string): PathElement | undefined {
  const body = id.slice(2);
  switch (id.slice(0, 2)) {
    case 'f:':
      return fieldElement(body);
    case 'i:':
      return /^-?\d+$/.test(body) ? { kind: 'index', id, index: Number(body) } : undefined;
    case 'k:': {
      const keys = parsed(body);
      return isObject(keys) ? keyElement(Object.entries(keys)) : undefined;
    }
    case 'v:': {
      const value = parsed(body);
      return value === undefined ? undefined : valueElement(value);
    }
    default:
      return undefined;
  }
}

/** Fields before keyed items before values before indexes; within a kind by content. */
export function compareElements(a: PathElement, b: PathElement): number {
  if (a.kind === 'field' && b.kind === 'field') return compareStrings(a.name, b.name);
  if (a.kind === 'key' && b.kind === 'key') return compareKeys(a.keys, b.keys);
  if (a.kind === 'value' && b.kind === 'value') return compareValues(a.value, b.value);
  if (a.kind === 'index' && b.kind === 'index') return a.index - b.index;
  return RANK[a.kind] - RANK[b.kind];
}

const RANK = { field: 0, key: 1, value: 2, index: 3 } as const;

/** The path as error messages print it: `.spec.containers[name="a"].image`. */
export function printPath(path: Path): string {
  return path.map(printElement).join('');
}

export function printElement(element: PathElement): string {
  switch (element.kind) {
    case 'field':
      return `.${element.name}`;
    case 'key':
      return `[${element.keys.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(',')}]`;
    case 'value':
      return `[=${JSON.stringify(element.value)}]`;
    case 'index':
      return `[${element.index}]`;
    default:
      return element satisfies never;
  }
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json; // what JSON.parse gives is Json
  } catch {
    return undefined;
  }
}

// The API server's encoder also escapes what could end a script element.
function encoded(value: Json): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function quoted(name: string): string {
  return encoded(name);
}

function compareStrings(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareKeys(
  a: readonly (readonly [string, Json])[],
  b: readonly (readonly [string, Json])[],
): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const [aName, aValue] = a[i] as readonly [string, Json]; // i is below both lengths
    const [bName, bValue] = b[i] as readonly [string, Json];
    const order = compareStrings(aName, bName) || compareValues(aValue, bValue);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareValues(a: Json, b: Json): number {
  const rank = valueRank(a) - valueRank(b);
  if (rank !== 0) return rank;
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') return compareStrings(a, b);
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  return compareStrings(JSON.stringify(a), JSON.stringify(b));
}

function valueRank(value: Json): number {
  if (typeof value === 'number') return 0;
  if (typeof value === 'string') return 1;
  if (typeof value === 'boolean') return 2;
  if (Array.isArray(value)) return 3;
  return value === null ? 5 : 4;
}
