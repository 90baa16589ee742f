/**
 * CUE's numbers. An int is a bigint; a float is a decimal. Results are rounded to 34 digits even for ints, and an
 * int product may be -0: such an int keeps the decimal form that it prints (9.99…E+39), as `{type: 'int'}`.
 */

import type { Decimal, NumberError } from './decimal.ts';
import * as decimal from './decimal.ts';
import { isNumberError, numberError } from './decimal.ts';

/** A number that is no plain bigint: every float, and the rare int that rounding has scaled or that is -0. */
export interface DecimalNumber {
  readonly type: 'int' | 'float';
  readonly value: Decimal;
  /** As the program writes it (`0x10`), for who asks for it. */
  readonly text?: string;
}
export type CueNumber = bigint | DecimalNumber;

/** Ints below this magnitude are exact in 34 digits. */
const EXACT = 10n ** 34n;

export function makeNumber(type: 'int' | 'float', value: Decimal): CueNumber {
  const plain = type === 'int' && value.form === 'finite' && value.exponent === 0;
  if (!plain || (value.negative && value.coefficient === 0n)) return { type, value };
  return value.negative ? -value.coefficient : value.coefficient;
}

export function numberKind(a: CueNumber): 'int' | 'float' {
  return typeof a === 'bigint' ? 'int' : a.type;
}

export function asDecimal(a: CueNumber): Decimal {
  return typeof a === 'bigint' ? decimal.fromBigint(a) : a.value;
}

/** The bigint that an int is; null for a float, even a whole one. */
export function asInt(a: CueNumber): bigint | null {
  if (typeof a === 'bigint') return a;
  return a.type === 'int' ? decimal.toBigint(a.value) : null;
}

function isExact(a: bigint): boolean {
  return a < EXACT && a > -EXACT;
}

type Operation = (a: Decimal, b: Decimal) => Decimal | NumberError;

function apply(operation: Operation, a: CueNumber, b: CueNumber): CueNumber | NumberError {
  const result = operation(asDecimal(a), asDecimal(b));
  if (isNumberError(result)) return numberError(`failed arithmetic: ${result.message}`);
  return makeNumber(numberKind(a) === 'int' && numberKind(b) === 'int' ? 'int' : 'float', result);
}

/** a + b: an int for two ints, else a float; rounded to 34 digits. Errors carry CUE's `failed arithmetic` message. */
export function add(a: CueNumber, b: CueNumber): CueNumber | NumberError {
  if (typeof a === 'bigint' && typeof b === 'bigint') {
    const sum = a + b;
    if (isExact(sum)) return sum;
  }
  return apply(decimal.add, a, b);
}

export function sub(a: CueNumber, b: CueNumber): CueNumber | NumberError {
  if (typeof a === 'bigint' && typeof b === 'bigint') {
    const difference = a - b;
    if (isExact(difference)) return difference;
  }
  return apply(decimal.sub, a, b);
}

export function mul(a: CueNumber, b: CueNumber): CueNumber | NumberError {
  if (typeof a === 'bigint' && typeof b === 'bigint') {
    const product = a * b;
    // 0 × -1 is -0 in CUE, which no bigint can be.
    if (product !== 0n ? isExact(product) : a >= 0n && b >= 0n) return product;
  }
  return apply(decimal.mul, a, b);
}

/** a / b, a float even for ints. Errors: `division by zero`, `division undefined` (0/0). */
export function quo(a: CueNumber, b: CueNumber): CueNumber | NumberError {
  const result = decimal.quo(asDecimal(a), asDecimal(b));
  if (isNumberError(result)) return numberError(`failed arithmetic: ${result.message}`);
  return { type: 'float', value: result };
}

/** The integer operations of the language: `div` and `mod` are Euclidean (0 ≤ mod < |b|), `quo` and `rem` truncate. */
export type IntOperator = 'div' | 'mod' | 'quo' | 'rem';

/** Error: b is 0. */
export function intDivision(operator: IntOperator, a: bigint, b: bigint): bigint | NumberError {
  if (b === 0n) return numberError('division by zero');
  const quotient = a / b;
  const remainder = a % b;
  switch (operator) {
    case 'quo':
      return quotient;
    case 'rem':
      return remainder;
    case 'div':
      if (remainder >= 0n) return quotient;
      return b > 0n ? quotient - 1n : quotient + 1n;
    case 'mod':
      return remainder >= 0n ? remainder : remainder + (b < 0n ? -b : b);
    default:
      return operator satisfies never;
  }
}

/** Unary minus: exact, never rounded; -0 is 0. */
export function neg(a: CueNumber): CueNumber {
  return typeof a === 'bigint' ? -a : makeNumber(a.type, decimal.neg(a.value));
}

/** Compares by value whatever the kinds: 1 equals 1.0. */
export function compare(a: CueNumber, b: CueNumber): -1 | 0 | 1 {
  if (typeof a === 'bigint' && typeof b === 'bigint') return a < b ? -1 : a > b ? 1 : 0;
  return decimal.compare(asDecimal(a), asDecimal(b));
}

/** The text CUE prints and marshals: 3, 3.0, 1E+3, -0. */
export function formatNumber(a: CueNumber): string {
  return typeof a === 'bigint' ? a.toString() : decimal.format(a.value);
}
