import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { knownGaps } from './known-gaps/cue-more.ts';
import { runCase } from './run.ts';
import { suite } from './suites/cue.ts';

const cases = suite.cases(join(import.meta.dirname, 'cue-more'));

describe('programs over the standard packages mean what the real CUE says', () => {
  for (const one of cases) {
    it(one.path, async () => {
      const { differences } = await runCase(one);
      const gap = knownGaps[one.path];
      if (gap === undefined) assert.deepEqual(differences, []);
      else assert.notEqual(differences.length, 0, `passes now, so it is no known gap: ${gap}`);
    });
  }
});

it('every known gap names a program over the standard packages', () => {
  const paths = new Set(cases.map((one) => one.path));
  assert.deepEqual(
    Object.keys(knownGaps).filter((path) => !paths.has(path)),
    [],
  );
});
