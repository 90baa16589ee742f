/** Package `list`: what works on concrete data, and what moves elements about as they are. */

import { listFunctions } from '../eval/list-functions.ts';
import type { Decimal, NumberError } from '../number/decimal.ts';
import * as decimal from '../number/decimal.ts';
import type { BuiltinEnv, BuiltinError, Data, ListView, StdPackage } from './builtin.ts';
import { evalError, isBuiltinError } from './builtin.ts';
import { fromDecimal, functionsOf, overBudget, rearrangementOf } from './define.ts';
import { compareText } from './utf8.ts';

const define = functionsOf('list');
const rearrangement = rearrangementOf('list');

const LIST = { kind: 'list' } as const;
const INT = { kind: 'int' } as const;
const ELEMENT_BYTES = 64;

function drop<T>(items: readonly T[], count: bigint): readonly T[] | BuiltinError {
  if (count < 0n) return evalError('negative index');
  return count > items.length ? [] : items.slice(Number(count));
}

function take<T>(items: readonly T[], count: bigint): readonly T[] | BuiltinError {
  if (count < 0n) return evalError('negative index');
  return count > items.length ? items : items.slice(0, Number(count));
}

function slice<T>(items: readonly T[], start: bigint, end: bigint): readonly T[] | BuiltinError {
  if (start < 0n) return evalError('negative index');
  if (start > end) return evalError(`invalid index: ${start} > ${end}`);
  if (start > items.length || end > items.length) return evalError('slice bounds out of range');
  return items.slice(Number(start), Number(end));
}

function repeat<T>(items: readonly T[], count: bigint, env: BuiltinEnv): readonly T[] | BuiltinError {
  if (count < 0n) return evalError('negative count');
  if (items.length === 0) return [];
  if (!env.charge(items.length * Number(count) * ELEMENT_BYTES)) return overBudget();
  return Array.from({ length: Number(count) }, () => items).flat();
}

function concat<T>(items: readonly T[], view: ListView<T>, env: BuiltinEnv): readonly T[] | BuiltinError {
  const result: T[] = [];
  for (const item of items) {
    const inner = view.elements(item);
    if (isBuiltinError(inner)) return inner;
    if (!env.charge(inner.length * ELEMENT_BYTES)) return overBudget();
    for (const element of inner) result.push(element);
  }
  return result;
}

/** Replaces lists by their elements down to a depth; a negative depth means all the way. */
function flatten<T>(items: readonly T[], depth: bigint, view: ListView<T>): readonly T[] | BuiltinError {
  const result: T[] = [];
  for (const item of items) {
    const resolved = view.resolved(item);
    if (depth === 0n || !view.isList(resolved)) {
      result.push(resolved);
      continue;
    }
    const inner = view.elements(resolved);
    const flat = isBuiltinError(inner) ? inner : flatten(inner, depth - 1n, view);
    if (isBuiltinError(flat)) return flat;
    for (const element of flat) result.push(element);
  }
  return result;
}

const REARRANGEMENTS = [
  rearrangement('Drop', [LIST, INT], (items, [n = 0n]) => drop(items, n)),
  rearrangement('Take', [LIST, INT], (items, [n = 0n]) => take(items, n)),
  rearrangement('Slice', [LIST, INT, INT], (items, [start = 0n, end = 0n]) => slice(items, start, end)),
  rearrangement('Repeat', [LIST, INT], (items, [n = 0n], _view, env) => repeat(items, n, env)),
  rearrangement('Concat', [LIST], (items, _numbers, view, env) => concat(items, view, env)),
  rearrangement('Reverse', [LIST], (items) => items.toReversed()),
  rearrangement('FlattenN', [{ kind: 'any' }, INT], (items, [depth = 0n], view, env) => {
    const flat = flatten(items, depth, view);
    return isBuiltinError(flat) || env.charge(flat.length * ELEMENT_BYTES) ? flat : overBudget();
  }),
];

function whole(result: Decimal | NumberError, env: BuiltinEnv): Data | BuiltinError {
  if (decimal.isNumberError(result)) return result;
  const digits = Math.max(result.exponent, 0);
  return env.charge(ELEMENT_BYTES + digits) ? fromDecimal(result) : overBudget();
}

type Fold = (a: Decimal, b: Decimal) => Decimal | NumberError;

function fold(items: readonly Decimal[], start: Decimal, step: Fold): Decimal | NumberError {
  let result = start;
  for (const item of items) {
    const next = step(item, result);
    if (decimal.isNumberError(next)) return next;
    result = next;
  }
  return result;
}

/** The first of the extreme items: 1 for the largest, -1 for the smallest. */
function extreme(items: readonly Decimal[], direction: 1 | -1): Decimal | NumberError {
  const [first, ...rest] = items;
  if (!first) return decimal.numberError('empty list');
  return rest.reduce((best, item) => (decimal.compare(item, best) === direction ? item : best), first);
}

function average(items: readonly Decimal[]): Decimal | NumberError {
  if (items.length === 0) return decimal.numberError('empty list');
  const sum = fold(items, decimal.ZERO, decimal.add);
  return decimal.isNumberError(sum) ? sum : decimal.quo(sum, decimal.fromBigint(BigInt(items.length)));
}

function range(
  [start, limit, step]: readonly [Decimal, Decimal, Decimal],
  env: BuiltinEnv,
): readonly Data[] | BuiltinError {
  if (decimal.isZero(step)) return evalError('step must be non zero');
  const before = step.negative ? 1 : -1;
  if (decimal.compare(start, limit) === -before) {
    return evalError(
      step.negative
        ? 'end must be less than start when step is negative'
        : 'end must be greater than start when step is positive',
    );
  }
  const items: Data[] = [];
  for (let value = start; decimal.compare(value, limit) === before; ) {
    const item = whole(value, env);
    if (isBuiltinError(item)) return item;
    items.push(item);
    const next = decimal.add(step, value);
    if (decimal.isNumberError(next)) return next;
    // A step too small to move 34 digits would go on for ever.
    if (decimal.compare(next, value) === 0) return evalError('step is too small for the range');
    value = next;
  }
  return items;
}

function isSortedText(items: readonly string[]): boolean {
  return items.every((item, index) => index === 0 || compareText(items[index - 1] ?? '', item) <= 0);
}

const FUNCTIONS = [
  define('Avg', ['decimals'], 'number', ([items], env) => whole(average(items), env)),
  define('Max', ['decimals'], 'number', ([items], env) => whole(extreme(items, 1), env)),
  define('Min', ['decimals'], 'number', ([items], env) => whole(extreme(items, -1), env)),
  define('Product', ['decimals'], 'number', ([items], env) =>
    whole(fold(items, decimal.ONE, decimal.mul), env),
  ),
  define('Sum', ['decimals'], 'number', ([items], env) => whole(fold(items, decimal.ZERO, decimal.add), env)),
  define('Range', ['decimal', 'decimal', 'decimal'], 'list', (args, env) => range(args, env)),
  define('SortStrings', ['strings'], 'list', ([items], env) =>
    env.charge(items.length * ELEMENT_BYTES) ? items.toSorted(compareText) : overBudget(),
  ),
  define('IsSortedStrings', ['strings'], 'bool', ([items]) => isSortedText(items)),
];

const COMPARERS = `{
	Comparer: {T: _, x: T, y: T, less: bool}
	Ascending: {Comparer, T: number | string, x: T, y: T, less: x < y}
	Descending: {Comparer, T: number | string, x: T, y: T, less: x > y}
}`;

export const list: StdPackage = {
  path: 'list',
  functions: FUNCTIONS,
  rearrangements: REARRANGEMENTS,
  source: COMPARERS,
  evaluatorOwned: listFunctions,
};
