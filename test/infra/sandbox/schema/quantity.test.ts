import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  compareQuantities,
  parseQuantity,
  printQuantity,
} from '../../../../infra/sandbox/schema/quantity.ts';

function canonical(text: string): string | undefined {
  const parsed = parseQuantity(text);
  return parsed && printQuantity(parsed);
}

test('quantities take the form that the API server stores', () => {
  const expected = {
    '1000m': '1',
    '0.5': '500m',
    '1024Mi': '1Gi',
    '1.5Gi': '1536Mi',
    '2000': '2k',
    '1e3': '1e3',
    '129e6': '129e6',
    '0.1m': '100u',
    '1000Ki': '1000Ki',
    '512': '512',
    '-5m': '-5m',
    '0': '0',
    '0Gi': '0',
    '.5': '500m',
    '1.': '1',
  };
  for (const [given, wanted] of Object.entries(expected)) assert.equal(canonical(given), wanted, given);
});

test('what is no quantity is none', () => {
  for (const text of ['', 'x', '1x', '1 Gi', 'Gi', '1ki', '--1', '1e', `1${'0'.repeat(200)}`]) {
    assert.equal(parseQuantity(text), undefined, text);
  }
});

test('quantities compare by value, whatever their suffix', () => {
  assert.equal(compareQuantities('1000m', '1'), 0);
  assert.equal(compareQuantities('1Gi', '1G'), 1);
  assert.equal(compareQuantities('1m', '1'), -1);
});
