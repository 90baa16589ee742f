/** The keywords of OpenAPI schemas: their order, the formats of numbers, and data as JSON. */
import * as Kind from '../eval/kind.ts';
import { toFloat } from '../number/decimal.ts';
import { asDecimal } from '../number/number.ts';
import { encodeBase64 } from '../std/base64-text.ts';
import type { Data } from '../std/builtin.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type Schema = Record<string, Json>;

/** Formats of values that print as these. */
export const FORMATS: ReadonlyMap<string, string> = new Map([
  ['int32', 'int32'],
  ['int64', 'int64'],
  ['float64', 'double'],
  ['float32', 'float'],
  ['bytes', 'binary'],
  ['time.Time()', 'date-time'],
  ['time.Time', 'date-time'],
  ['time.Format("2006-01-02")', 'date'],
  ['time.Format("2006-01-02T15:04:05.999999999Z07:00")', 'date-time'],
]);
/** Bounds that a format says already. */
const FORMAT_BOUNDS: ReadonlyMap<string, readonly [number, number]> = new Map([
  ['int32', [-2147483648, 2147483647]],
  ['int64', [-(2 ** 63), 2 ** 63]],
  ['float', [-3.4028234663852886e38, 3.4028234663852886e38]],
  ['double', [-Number.MAX_VALUE, Number.MAX_VALUE]],
]);

/** The order of a schema's keys: these first, the others by name. */
const KEY_ORDER: readonly string[] = [
  'description',
  'type',
  'format',
  'required',
  'properties',
  'minProperties',
  'maxProperties',
  'minimum',
  'exclusiveMinimum',
  'maximum',
  'exclusiveMaximum',
  'minItems',
  'maxItems',
  'minLength',
  'maxLength',
  'items',
  'enum',
  'default',
];

export function sortedKeys(schema: Schema): Schema {
  const rank = (key: string): number => {
    const at = KEY_ORDER.indexOf(key);
    return at < 0 ? KEY_ORDER.length : at;
  };
  const keys = Object.keys(schema).sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : a > b ? 1 : 0));
  const out: Schema = {};
  for (const key of keys) put(out, key, schema[key] ?? null);
  return out;
}

/** Sets a key whatever it is called. */
export function put(target: Schema, key: string, value: Json): void {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}

export function has(target: Schema, key: string): boolean {
  return Object.hasOwn(target, key);
}

/** The type of a value that may be of these kinds, null apart; empty if there is no one type. */
export function typeOf(kind: number): string {
  switch (kind & ~Kind.NULL_KIND) {
    case Kind.BOOL_KIND:
      return 'boolean';
    case Kind.FLOAT_KIND:
    case Kind.NUMBER_KIND:
      return 'number';
    case Kind.INT_KIND:
      return 'integer';
    case Kind.BYTES_KIND:
    case Kind.STRING_KIND:
      return 'string';
    case Kind.STRUCT_KIND:
      return 'object';
    case Kind.LIST_KIND:
      return 'array';
    default:
      return '';
  }
}

/** Takes out the bounds that the format says already. */
export function dropFormatBounds(schema: Schema, format: string): void {
  const bounds = FORMAT_BOUNDS.get(format);
  if (bounds === undefined) return;
  if (schema['minimum'] === bounds[0]) delete schema['minimum'];
  if (schema['maximum'] === bounds[1]) delete schema['maximum'];
}

export function toJsonData(data: Data): Json {
  if (data === null || typeof data === 'boolean' || typeof data === 'string') return data;
  if (typeof data === 'bigint') return Number(data);
  if (data instanceof Uint8Array) return encodeBase64(data);
  if (isListData(data)) return data.map(toJsonData);
  if (data.type !== 'struct') return toFloat(asDecimal(data));
  const out: Schema = {};
  for (const [key, value] of data.fields) put(out, key, toJsonData(value));
  return out;
}

function isListData(data: Data): data is readonly Data[] {
  return Array.isArray(data);
}
