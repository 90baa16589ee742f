import assert from 'node:assert/strict';
import { test } from 'node:test';
import { standardPackages } from '../../../../engine/cue/packages.ts';
import type { Data } from '../../../../engine/cue/std/builtin.ts';
import { isBuiltinError, kindOf } from '../../../../engine/cue/std/builtin.ts';
import { callBuiltin, testEnv } from './table.ts';

const LONG = 'x'.repeat(10_000);

/** Calls whose result would be far larger than a small budget. */
const BLOWING_UP: readonly (readonly [string, readonly Data[]])[] = [
  ['strings.Repeat', ['ab', 10n ** 15n]],
  ['strings.Replace', [LONG, '', LONG, -1n]],
  ['strings.Replace', [LONG, 'x', LONG, -1n]],
  ['strings.Join', [Array.from({ length: 1000 }, () => LONG), LONG]],
  ['strings.Runes', [LONG.repeat(100)]],
  ['strings.Split', [LONG.repeat(100), '']],
  ['list.Repeat', [[1n, 2n], 10n ** 15n]],
  ['list.Range', [0n, 10n ** 15n, 1n]],
  ['math.Pow', [10n, 99_999n]],
  ['math.Pow10', [99_999n]],
  ['math/bits.Lsh', [1n, 10n ** 18n]],
  ['math/bits.Set', [0n, 10n ** 18n, 1n]],
  ['regexp.ReplaceAll', ['x', LONG, LONG]],
  ['regexp.FindAll', ['x?', LONG.repeat(20), -1n]],
  ['strconv.FormatFloat', [1n, 102n, 10n ** 15n, 64n]],
  ['text/template.Execute', ['{{range 1000000000}}x{{end}}', null]],
  ['encoding/json.Indent', ['[1,2,3]', LONG, LONG]],
];

for (const [name, args] of BLOWING_UP) {
  test(`${name} gives up when its result does not fit the budget`, () => {
    const outcome = callBuiltin(name, args, testEnv(50_000));
    assert.ok(isBuiltinError(outcome));
  });
}

test('no function charges nothing for a large result', () => {
  const unlimited = testEnv(Number.POSITIVE_INFINITY);
  const charged: number[] = [];
  const counting = {
    ...unlimited,
    charge: (bytes: number) => {
      charged.push(bytes);
      return true;
    },
  };
  for (const [name, args] of [
    ['strings.ToUpper', [LONG]],
    ['encoding/base64.Encode', [null, LONG]],
    ['encoding/json.Marshal', [[LONG]]],
    ['encoding/yaml.Marshal', [[LONG]]],
    ['encoding/hex.Dump', [LONG]],
    ['net.QueryEscape', [LONG]],
    ['crypto/sha256.Sum256', [LONG]],
  ] as const) {
    charged.length = 0;
    callBuiltin(name, args, counting);
    assert.ok(charged.reduce((sum, bytes) => sum + bytes, 0) >= LONG.length, name);
  }
});

test('arguments of every kind give a value or an error, never a throw', () => {
  const samples: readonly Data[] = [
    ...[null, true, 0n, -5n, 10n ** 40n, '', 'a b', '😀', '{{.', '((', '%zz', '2020-01-01T00:00:00Z'],
    ...[new Uint8Array([0xff, 0x00]), [], [1n, 'a', null], [[1n], [2n]]],
    { type: 'struct', fields: new Map<string, Data>([['a', 1n]]) },
    { type: 'float', value: { form: 'finite', negative: true, coefficient: 15n, exponent: -1 } },
    { type: 'float', value: { form: 'nan', negative: false, coefficient: 0n, exponent: 0 } },
    { type: 'float', value: { form: 'infinite', negative: true, coefficient: 0n, exponent: 0 } },
    { type: 'int', value: { form: 'finite', negative: false, coefficient: 123n, exponent: 5 } },
  ];
  for (const found of standardPackages) {
    for (const { qualifiedName, params } of found.functions) {
      for (let seed = 0; seed < 60; seed++) {
        const args = params.map((_, i) => samples[(seed * (7 + 2 * i) + i) % samples.length] ?? null);
        const outcome = callBuiltin(qualifiedName, args, testEnv(1_000_000));
        assert.ok(outcome !== undefined, qualifiedName);
      }
    }
  }
});

test('a package lists each name once', () => {
  for (const { path, functions, rearrangements = [], constants, evaluatorOwned = [] } of standardPackages) {
    const names = [
      ...functions.map((one) => one.name),
      ...rearrangements.map((one) => one.name),
      ...(constants?.keys() ?? []),
      ...evaluatorOwned.map((one) => one.name.slice(path.length + 1)),
    ];
    assert.equal(new Set(names).size, names.length, path);
    for (const value of constants?.values() ?? []) assert.notEqual(kindOf(value), 'null', path);
  }
});
