import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { knownGaps } from './known-gaps.ts';
import type { Case } from './table.ts';
import { answerOf, readTable } from './table.ts';

function nameOf({ call, args }: Case): string {
  return `${call}(${args.map((arg) => JSON.stringify(arg)).join(', ')})`;
}

function isKnownGap({ call, args: [first] }: Case): boolean {
  const text = typeof first === 'string' ? first : JSON.stringify(first);
  return knownGaps.some((gap) => gap.call === call && gap.first === text);
}

function agrees(one: Case): boolean {
  const { call: _call, args: _args, ...expected } = one;
  try {
    assert.deepEqual(answerOf(one), expected);
    return true;
  } catch (error) {
    if (error instanceof assert.AssertionError) return false;
    throw error;
  }
}

const TABLES = readdirSync(import.meta.dirname).filter(
  (name) => name.endsWith('.json') && name !== 'template.json',
);

for (const table of TABLES) {
  test(`every call of ${table} gives what the real CUE gives`, () => {
    const cases = readTable(table);
    assert.ok(cases.length > 0);
    const wrong = cases.filter((one) => !isKnownGap(one) && !agrees(one));
    assert.deepEqual(
      wrong.map((one) => ({ call: nameOf(one), expected: one.json ?? one.error, actual: answerOf(one) })),
      [],
    );
  });
}

test('every known gap is still one', () => {
  const gaps = TABLES.flatMap((table) => readTable(table)).filter(isKnownGap);
  assert.deepEqual(gaps.filter(agrees).map(nameOf), []);
  assert.equal(new Set(gaps.map(nameOf)).size, knownGaps.length);
});
