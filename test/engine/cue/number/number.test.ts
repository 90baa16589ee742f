import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import * as decimal from '../../../../engine/cue/number/decimal.ts';
import type { CueNumber } from '../../../../engine/cue/number/number.ts';
import * as number from '../../../../engine/cue/number/number.ts';

interface Case {
  readonly a: string;
  readonly op: '+' | '-' | '*' | '/' | '<' | '==';
  readonly b: string;
  readonly text?: string;
  readonly kind?: string;
  readonly error?: string;
}
const cases: readonly Case[] = JSON.parse(readFileSync(new URL('arithmetic.json', import.meta.url), 'utf8'));

/** A literal as CUE reads it: the minus is an operator. */
function read(text: string): CueNumber {
  const digits = text.replace(/^-/, '');
  if (/^\d+$/.test(digits)) return BigInt(text);
  const value = decimal.fromString(digits);
  assert.ok(!decimal.isNumberError(value));
  const float: CueNumber = { type: 'float', value };
  return text.startsWith('-') ? number.neg(float) : float;
}

function answer({ a, op, b }: Case): Omit<Case, 'a' | 'op' | 'b'> {
  const [x, y] = [read(a), read(b)];
  if (op === '<') return { text: String(number.compare(x, y) < 0), kind: 'bool' };
  if (op === '==') return { text: String(number.compare(x, y) === 0), kind: 'bool' };
  const run = { '+': number.add, '-': number.sub, '*': number.mul, '/': number.quo }[op];
  const result = run(x, y);
  if (decimal.isNumberError(result)) return { error: result.message };
  return { text: number.formatNumber(result), kind: number.numberKind(result) };
}

test('arithmetic gives the digits, the kind and the errors of the real CUE', () => {
  const wrong = cases.map((one) => ({ expected: one, actual: { ...one, ...answer(one) } }));
  assert.deepEqual(
    wrong.map(({ actual }) => actual),
    cases,
  );
});

test('int division is Euclidean for div and mod and truncates for quo and rem', () => {
  const nonZero = fc.bigInt().filter((n) => n !== 0n);
  fc.assert(
    fc.property(fc.bigInt(), nonZero, (a, b) => {
      const [div, mod, quo, rem] = (['div', 'mod', 'quo', 'rem'] as const).map((op) =>
        number.intDivision(op, a, b),
      );
      assert.ok(typeof div === 'bigint' && typeof mod === 'bigint');
      assert.equal(div * b + mod, a);
      assert.ok(mod >= 0n && mod < (b < 0n ? -b : b));
      assert.equal(quo, a / b);
      assert.equal(rem, a % b);
    }),
  );
  assert.deepEqual(number.intDivision('mod', 1n, 0n), decimal.numberError('division by zero'));
});

test('ints of up to 34 digits are exact bigints', () => {
  const int = fc.bigInt(-(10n ** 16n), 10n ** 16n);
  fc.assert(
    fc.property(int, int, (a, b) => {
      assert.equal(number.add(a, b), a + b);
      assert.equal(number.sub(a, b), a - b);
      if (a * b !== 0n) assert.equal(number.mul(a, b), a * b);
    }),
  );
});

test('an int beyond 34 digits keeps the form that it prints', () => {
  const nines = 99999999999999999999n;
  const product = number.mul(nines, nines);
  assert.ok(!decimal.isNumberError(product));
  assert.equal(number.formatNumber(product), '9.999999999999999999800000000000000E+39');
  assert.equal(number.numberKind(product), 'int');
  assert.equal(number.asInt(product), 9999999999999999999800000000000000000000n);
});

test('zero times a negative int is -0, and unary minus gives no -0', () => {
  const zero = number.mul(0n, -1n);
  assert.ok(!decimal.isNumberError(zero));
  assert.equal(number.formatNumber(zero), '-0');
  assert.equal(number.compare(zero, 0n), 0);
  assert.equal(number.neg(zero), 0n);
});

test('an int and a float of the same value compare as equal', () => {
  assert.equal(number.compare(1n, read('1.00')), 0);
  assert.equal(number.asInt(read('1.0')), null);
});
