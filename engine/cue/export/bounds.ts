/** Prints a conjunction of bounds with the names that CUE has for ranges: `uint8`, `int & >=0` … */

import { INT_KIND, SCALAR_KINDS } from '../eval/kind.ts';
import { TAG_BOUND, TAG_NUM, TAG_TYPE } from '../eval/tag.ts';
import type { BoundValue, Value } from '../eval/value.ts';
import { fromString, isNumberError } from '../number/decimal.ts';
import type { CueNumber } from '../number/number.ts';
import { compare, formatNumber } from '../number/number.ts';

interface Range {
  readonly name: string;
  readonly low: CueNumber;
  readonly high: CueNumber;
}

function int(name: string, bits: number, signed: boolean): Range {
  const size = 2n ** BigInt(signed ? bits - 1 : bits);
  return { name, low: signed ? -size : 0n, high: size - 1n };
}

function float(name: string, high: string): Range {
  return { name, low: decimal(`-${high}`), high: decimal(high) };
}

function decimal(text: string): CueNumber {
  const value = fromString(text);
  return isNumberError(value) ? 0n : { type: 'float', value };
}

const INT_RANGES: readonly Range[] = [
  ...[8, 16, 32, 64, 128].map((bits) => int(`int${bits}`, bits, true)),
  ...[8, 16, 32, 64, 128].map((bits) => int(`uint${bits}`, bits, false)),
];
const FLOAT_RANGES: readonly Range[] = [
  float('float32', '3.40282346638528859811704183484516925440e+38'),
  float('float64', '1.797693134862315708145274237317043567981e+308'),
];

interface Limit {
  readonly bound: BoundValue;
  readonly number: CueNumber;
}

/** What a conjunction's bounds come to: names to print, and the bounds that the names do not cover. */
export interface SimpleBounds {
  readonly names: readonly string[];
  readonly bounds: readonly BoundValue[];
  /** What took no part. */
  readonly others: readonly Value[];
}

/** Null where there is no lower and upper bound to simplify. */
export function simplifyBounds(values: readonly Value[]): SimpleBounds | null {
  let isInt = false;
  let low: Limit | null = null;
  let high: Limit | null = null;
  const others: Value[] = [];
  for (const value of values) {
    if (value.tag === TAG_TYPE && (value.kind & SCALAR_KINDS) === INT_KIND) {
      isInt = true;
      continue;
    }
    if (value.tag !== TAG_BOUND || value.value.tag !== TAG_NUM) {
      others.push(value);
      continue;
    }
    if (value.kind === INT_KIND) isInt = true;
    const limit: Limit = { bound: value, number: value.value.value };
    if (value.op === '>' || value.op === '>=') low = tighter(low, limit, 1);
    else if (value.op === '<' || value.op === '<=') high = tighter(high, limit, -1);
    else others.push(value);
  }
  return low === null || high === null ? null : nameRange(isInt, low, high, others);
}

/** Of two limits the one that allows less; of equal ones the strict. */
function tighter(old: Limit | null, limit: Limit, side: 1 | -1): Limit {
  if (old === null) return limit;
  const order = compare(limit.number, old.number) * side;
  const isStrict = limit.bound.op === '>' || limit.bound.op === '<';
  return order > 0 || (order === 0 && isStrict) ? limit : old;
}

interface Left {
  low: Limit | null;
  high: Limit | null;
}

function nameRange(isInt: boolean, low: Limit, high: Limit, others: readonly Value[]): SimpleBounds {
  const left: Left = { low, high };
  const names: string[] = [];
  const named = isInt ? matchRange(left, low, high, INT_RANGES) : null;
  if (named !== null) names.push(named);
  else {
    if (isInt) {
      const isNegative = compare(low.number, 0n) < 0;
      names.push(isNegative ? 'int' : 'uint');
      if (!isNegative && compare(low.number, 0n) === 0 && low.bound.op === '>=') left.low = null;
    }
    const float = isInt && left.low === null ? null : matchRange(left, low, high, FLOAT_RANGES);
    if (float !== null) names.push(float);
  }
  const bounds = [left.low, left.high].flatMap((limit) => (limit === null ? [] : [limit.bound]));
  return { names, bounds, others };
}

function matchRange(left: Left, low: Limit, high: Limit, ranges: readonly Range[]): string | null {
  for (const { name, low: from, high: to } of ranges) {
    const isZero = compare(low.number, 0n) === 0;
    if (!isZero && low.bound.op === '>=' && compare(low.number, from) === 0) {
      const order = compare(high.number, to);
      if (order > 0) continue;
      if (order === 0 && high.bound.op === '<=') left.high = null;
      left.low = null;
      return name;
    }
    if (high.bound.op !== '<=' || compare(high.number, to) !== 0) continue;
    const order = compare(low.number, from);
    if (order < 0) continue;
    if (order === 0 && low.bound.op === '>=') left.low = null;
    left.high = null;
    return name;
  }
  return null;
}

/** A float's text with a point or an exponent in it. */
export function numberText(value: CueNumber): string {
  const text = formatNumber(value);
  const isFloat = typeof value !== 'bigint' && value.type === 'float';
  return isFloat && !/[eE.]/.test(text) ? `${text}.` : text;
}
