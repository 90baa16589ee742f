/** Data as a Go program sees it that decodes CUE into `interface{}`: what templates print and compare. */
import * as decimal from '../number/decimal.ts';
import { asInt } from '../number/number.ts';
import type { Data } from './builtin.ts';
import { isList, isNumber } from './builtin.ts';

import { compareText } from './utf8.ts';

/** An integer of a Go type; a literal of a template is an `int`, a value of CUE an `int64`. */
interface GoInt {
  readonly type: 'int' | 'int64' | 'uint8';
  readonly value: bigint;
}
type GoMap = ReadonlyMap<string, GoValue>;
/**
 * `undefined` is no value at all (a missing key), null is nil, a number a float64, a bigint an int beyond 64 bits,
 * a map has its keys in order.
 */
export type GoValue =
  | undefined
  | null
  | boolean
  | number
  | bigint
  | string
  | GoInt
  | Uint8Array
  | readonly GoValue[]
  | GoMap;

export function goInt(value: bigint | number, type: GoInt['type'] = 'int'): GoInt {
  return { type, value: BigInt(value) };
}

export function fromData(value: Data): GoValue {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (value instanceof Uint8Array) return value;
  if (isList(value)) return value.map(fromData);
  if (!isNumber(value)) {
    const entries = [...value.fields].sort(([a], [b]) => compareText(a, b));
    return new Map(entries.map(([key, item]) => [key, fromData(item)]));
  }
  const whole = asInt(value);
  if (whole === null) return typeof value === 'bigint' ? null : decimal.toFloat(value.value);
  return BigInt.asIntN(64, whole) === whole ? goInt(whole, 'int64') : whole;
}

export function isGoList(value: GoValue): value is readonly GoValue[] {
  return Array.isArray(value);
}

export function isGoMap(value: GoValue): value is GoMap {
  return value instanceof Map;
}

export function isGoInt(value: GoValue): value is GoInt {
  return typeof value === 'object' && value !== null && 'type' in value && 'value' in value;
}

/** The name of the Go type, for messages and %T. */
export function goType(value: GoValue): string {
  if (value === undefined || value === null) return '<nil>';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return 'float64';
  if (typeof value === 'bigint') return '*big.Int';
  if (typeof value === 'string') return 'string';
  if (value instanceof Uint8Array) return '[]uint8';
  if (isGoList(value)) return '[]interface {}';
  return isGoInt(value) ? value.type : 'map[string]interface {}';
}

/** What `if` takes for true. */
export function isTrue(value: GoValue): boolean {
  if (value === undefined || value === null) return false;
  if (isGoInt(value)) return value.value !== 0n;
  if (typeof value === 'bigint') return true;
  if (typeof value !== 'object') return Boolean(value);
  return isGoMap(value) ? value.size > 0 : value.length > 0;
}
