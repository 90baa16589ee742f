import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { knownGaps } from './known-gaps/render.ts';
import { runCase } from './run.ts';
import type { CorpusCase } from './suite.ts';
import { suite } from './suites/render.ts';

const shared = process.env['MAINSHEET_CORPUS'];

async function holds(one: CorpusCase): Promise<void> {
  const { differences } = await runCase(one);
  const gap = knownGaps[one.path];
  if (gap !== undefined) assert.notEqual(differences.length, 0, `passes now, so it is no known gap: ${gap}`);
  else assert.deepEqual(differences, []);
}

describe('what KubeVela renders, Mainsheet renders', () => {
  for (const one of suite.cases(join(import.meta.dirname, 'render'))) it(one.path, () => holds(one));
});

describe('also for published Applications', {
  skip: shared === undefined && 'MAINSHEET_CORPUS is not set',
}, () => {
  if (shared === undefined) return;
  const own = /^(?:custom|synth)\//;
  for (const one of suite.cases(join(shared, 'render')))
    if (!own.test(one.path)) it(one.path, () => holds(one));
});

it('every known gap names a case', () => {
  const folders = [
    join(import.meta.dirname, 'render'),
    ...(shared === undefined ? [] : [join(shared, 'render')]),
  ];
  const paths = new Set(folders.flatMap((folder) => suite.cases(folder).map((one) => one.path)));
  const own = /^(?:custom|synth)\//;
  const unknown = Object.keys(knownGaps).filter(
    (path) => !paths.has(path) && (shared !== undefined || own.test(path)),
  );
  assert.deepEqual(unknown, []);
});
