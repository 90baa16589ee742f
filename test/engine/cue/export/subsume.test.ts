import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  RAW,
  SCHEMA,
  SIMPLIFY,
  type SubsumeOptions,
  type Subsumption,
  subsumes,
} from '../../../../engine/cue/export/subsume.ts';
import { evaluated } from './values.ts';

function compare(a: string, b: string, options: SubsumeOptions): Subsumption {
  const root = evaluated(`a: ${a}\nb: ${b}`);
  const [x, y] = [root.lookup('a'), root.lookup('b')];
  x.kind();
  y.kind();
  return subsumes(root.ctx, x.vertex, y.vertex, options);
}

test('a value admits what is more specific, and nothing else', () => {
  const pairs: readonly (readonly [string, string])[] = [
    ['_', 'int'],
    ['number', 'int'],
    ['int', '1'],
    ['>=1', '>=2'],
    ['>1', '2'],
    ['<=5', '<5'],
    ['!=1', '>1'],
    ['string', '"a"'],
    ['1 | 2', '1'],
    ['int | string', '1 | "a"'],
    ['{a: int}', '{a: 1}'],
    ['{a: int}', '{a: 1, b: 2}'],
    ['[...int]', '[1, 2]'],
    ['[int]', '[1]'],
  ];
  for (const [a, b] of pairs) {
    assert.equal(compare(a, b, RAW), 'yes', `${a} admits ${b}`);
    assert.equal(compare(b, a, RAW), 'no', `${b} does not admit ${a}`);
    assert.equal(compare(a, a, RAW), 'yes', a);
  }
});

test('closedness counts, but not between schemas', () => {
  assert.equal(compare('close({a: int})', '{a: 1}', RAW), 'no');
  assert.equal(compare('close({a: int})', '{a: 1}', SCHEMA), 'yes');
});

test('a default stands for its disjunction where asked', () => {
  assert.equal(compare('*1 | int', '2', RAW), 'yes');
  assert.equal(compare('*1 | int', '2', SIMPLIFY), 'no');
  assert.equal(compare('1', '*1 | int', RAW), 'no');
  assert.equal(compare('1', '*1 | int', SCHEMA), 'yes');
});

test('patterns that cannot be compared leave it open', () => {
  assert.equal(compare('{[=~"a"]: int, [=~"b"]: int}', '{[=~"c"]: int}', RAW), 'unknown');
});
