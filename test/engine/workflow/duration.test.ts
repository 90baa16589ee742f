import assert from 'node:assert/strict';
import { it } from 'node:test';
import { milliseconds } from '../../../engine/workflow/duration.ts';

it('reads durations as Go does', () => {
  const cases: readonly [string, number][] = [
    ['3s', 3000],
    ['1h30m', 5_400_000],
    ['1.5s', 1500],
    ['.5m', 30_000],
    ['300ms', 300],
    ['1µs', 0.001],
    ['0', 0],
    ['-2s', -2000],
    ['+2s', 2000],
  ];
  for (const [text, expected] of cases) assert.equal(milliseconds(text), expected, text);
});

it('refuses what Go refuses', () => {
  for (const text of ['', '3', 's', '3 s', '3sx', '1d', '--1s', '.s', '1e3s']) {
    assert.equal(milliseconds(text), undefined, text);
  }
});
