import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Decimal, NumberError } from '../../../../engine/cue/number/decimal.ts';
import * as decimal from '../../../../engine/cue/number/decimal.ts';
import { cbrt, exp, ln, log2, log10, pow } from '../../../../engine/cue/number/functions.ts';

function read(text: string): Decimal {
  return sure(decimal.fromString(text));
}

function sure(value: Decimal | NumberError): Decimal {
  assert.ok(!decimal.isNumberError(value));
  return value;
}

/** |a - b| ≤ 10^exponent */
function isNear(a: Decimal, b: Decimal, exponent: number): boolean {
  return decimal.compare(decimal.abs(sure(decimal.sub(a, b))), decimal.finite(false, 1n, exponent)) <= 0;
}

const positive = fc
  .record({ coefficient: fc.bigInt(1n, 10n ** 20n), exponent: fc.integer({ min: -30, max: 10 }) })
  .map(({ coefficient, exponent }) => decimal.finite(false, coefficient, exponent));

test('the exponential undoes the logarithm', () => {
  fc.assert(
    fc.property(positive, (x) => {
      const back = sure(exp(sure(ln(x))));
      const magnitude = x.exponent + decimal.digitCount(x.coefficient);
      assert.ok(isNear(back, x, magnitude - 31));
    }),
  );
});

test('the logarithm of a product is the sum of the logarithms', () => {
  fc.assert(
    fc.property(positive, positive, (x, y) => {
      const product = { ...x, coefficient: x.coefficient * y.coefficient, exponent: x.exponent + y.exponent };
      assert.ok(isNear(sure(ln(product, 60)), sure(decimal.add(sure(ln(x)), sure(ln(y)))), -30));
    }),
  );
});

test('the cube of a cube root is the number', () => {
  fc.assert(
    fc.property(positive, (x) => {
      const root = sure(cbrt(x));
      const cube = sure(decimal.mul(sure(decimal.mul(root, root)), root));
      assert.ok(isNear(cube, x, x.exponent + decimal.digitCount(x.coefficient) - 32));
    }),
  );
});

test('whole powers are exact while they fit', () => {
  fc.assert(
    fc.property(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 1, max: 20 }), (base, exponent) => {
      fc.pre(base !== 0);
      const expected = BigInt(base) ** BigInt(exponent);
      assert.equal(decimal.toBigint(sure(pow(read(String(base)), read(String(exponent))))), expected);
    }),
  );
});

test('logarithms of powers are whole', () => {
  assert.equal(decimal.toBigint(sure(log10(read('1e57')))), 57n);
  assert.equal(decimal.toBigint(sure(log2(read('1024')))), 10n);
  assert.deepEqual(ln(read('1.00')), decimal.ZERO);
});

test('results that do not exist or leave the range are errors', () => {
  const refused = [
    ln(read('-1')),
    pow(read('0'), read('0')),
    pow(read('-2'), read('0.5')),
    pow(read('10'), read('1e6')),
    pow(read('1.5'), read('1e90000')),
    exp(read('1e6')),
    exp(read('-1e6')),
  ];
  for (const result of refused) assert.ok(decimal.isNumberError(result));
});

test('a power of one with a giant exponent ends', () => {
  assert.deepEqual(pow(read('1'), read('1e99999')), decimal.ONE);
  assert.equal(decimal.format(sure(pow(read('-1'), read('1e99999')))), '1');
});
