import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Decimal } from '../../../../engine/cue/number/decimal.ts';
import * as decimal from '../../../../engine/cue/number/decimal.ts';

function read(text: string): Decimal {
  const value = decimal.fromString(text);
  assert.ok(!decimal.isNumberError(value), text);
  return value;
}

function exact(value: Decimal | decimal.NumberError): Decimal {
  assert.ok(!decimal.isNumberError(value));
  return value;
}

/** Decimals whose sums and differences need no rounding. */
const small = fc
  .record({ coefficient: fc.bigInt(-(10n ** 12n), 10n ** 12n), exponent: fc.integer({ min: -8, max: 8 }) })
  .map(({ coefficient, exponent }) =>
    decimal.finite(coefficient < 0n, coefficient < 0n ? -coefficient : coefficient, exponent),
  );
const any = fc
  .record({
    negative: fc.boolean(),
    coefficient: fc.bigInt(0n, 10n ** 50n),
    exponent: fc.integer({ min: -300, max: 300 }),
  })
  .map(({ negative, coefficient, exponent }) => decimal.finite(negative, coefficient, exponent));

/** The value times 10^8, exact for `small`. */
function scaled(value: Decimal): bigint {
  const magnitude = value.coefficient * 10n ** BigInt(value.exponent + 8);
  return value.negative ? -magnitude : magnitude;
}

test('sums and differences that fit are those of scaled bigints', () => {
  fc.assert(
    fc.property(small, small, (a, b) => {
      assert.equal(
        decimal.compare(exact(decimal.add(a, b)), decimal.finite(false, 0n, 0)),
        sign(scaled(a) + scaled(b)),
      );
      const sum = decimal.toBigint(exact(decimal.mul(exact(decimal.add(a, b)), read('1e8'))));
      const difference = decimal.toBigint(exact(decimal.mul(exact(decimal.sub(a, b)), read('1e8'))));
      assert.equal(sum, scaled(a) + scaled(b));
      assert.equal(difference, scaled(a) - scaled(b));
    }),
  );
});

function sign(value: bigint): number {
  return value < 0n ? -1 : value > 0n ? 1 : 0;
}

test('addition and multiplication commute', () => {
  fc.assert(
    fc.property(any, any, (a, b) => {
      assert.deepEqual(decimal.add(a, b), decimal.add(b, a));
      assert.deepEqual(decimal.mul(a, b), decimal.mul(b, a));
    }),
  );
});

test('adding and subtracting the same number gives the value back where nothing is rounded', () => {
  fc.assert(
    fc.property(small, small, (a, b) => {
      const back = exact(decimal.sub(exact(decimal.add(a, b)), b));
      assert.equal(decimal.compare(back, a), 0);
    }),
  );
});

test('the printed form reads back as the same digits and exponent', () => {
  fc.assert(
    fc.property(any, (value) => {
      const back = read(decimal.format(value));
      assert.equal(decimal.compare(back, value), 0);
      assert.equal(back.coefficient, value.coefficient);
      assert.equal(back.negative, value.negative);
    }),
  );
});

test('results have at most 34 digits', () => {
  fc.assert(
    fc.property(any, any, (a, b) => {
      for (const result of [decimal.add(a, b), decimal.sub(a, b), decimal.mul(a, b), decimal.quo(a, b)]) {
        if (!decimal.isNumberError(result)) assert.ok(decimal.digitCount(result.coefficient) <= 34);
      }
    }),
  );
});

test('comparison agrees with the sign of the difference', () => {
  fc.assert(
    fc.property(any, any, (a, b) => {
      assert.equal(decimal.compare(a, b), decimal.sign(exact(decimal.sub(a, b))));
    }),
  );
});

test('a quotient times the divisor is the dividend to within the last digit', () => {
  fc.assert(
    fc.property(any, any, (a, b) => {
      fc.pre(!decimal.isZero(b) && !decimal.isZero(a));
      const product = exact(decimal.mul(exact(decimal.divide(a, b)), b));
      const error = exact(decimal.sub(exact(decimal.round(a)), product));
      const bound = { ...decimal.abs(a), exponent: a.exponent - 32 };
      assert.ok(decimal.compare(decimal.abs(error), bound) <= 0);
    }),
  );
});

test('a whole number is recognised however it is written', () => {
  for (const text of ['3', '3.0', '3.000', '3e5', '0', '0.00', '-7.0', '120e-1'])
    assert.ok(decimal.isInt(read(text)), text);
  for (const text of ['0.5', '1e-1', '123.4560', '1e-400']) assert.ok(!decimal.isInt(read(text)), text);
  assert.equal(decimal.toBigint(read('-1.20e3')), -1200n);
  assert.equal(decimal.toBigint(read('1.5')), null);
});

test('rounding goes away from zero at the half', () => {
  assert.equal(decimal.format(exact(decimal.round(read('-2.5'), 1))), '-3');
  assert.equal(decimal.format(exact(decimal.round(read('2.5'), 1, 'half-even'))), '2');
  assert.equal(decimal.format(exact(decimal.round(read('99.99'), 3))), '100');
});

test('what would leave the range is an error, not a giant number', () => {
  const huge = read('1e100000');
  const tiny = read('1e-100000');
  for (const result of [
    decimal.mul(huge, huge),
    decimal.mul(tiny, tiny),
    decimal.quo(tiny, huge),
    decimal.add(huge, tiny),
  ]) {
    assert.ok(decimal.isNumberError(result));
  }
  assert.ok(decimal.isNumberError(decimal.fromString('1e200000')));
  assert.ok(decimal.isNumberError(decimal.fromString('9'.repeat(200_000))));
  assert.equal(decimal.compare(huge, tiny), 1);
});

test('text that is no number is refused', () => {
  for (const text of ['', '.', 'e5', '1e', '1.2.3', '1_000', ' 1', '0x10', 'inf', 'NaN', '--1']) {
    assert.ok(decimal.isNumberError(decimal.fromString(text)), text);
  }
});

test('a float64 keeps its shortest digits', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      assert.ok(Object.is(decimal.toFloat(decimal.fromFloat(value)), value));
    }),
  );
});
