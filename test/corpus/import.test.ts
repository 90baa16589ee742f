import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { runCase } from './run.ts';
import { suite } from './suites/import.ts';

const own = join(import.meta.dirname, 'import');

describe('definitions are loaded and refused as KubeVela does', () => {
  for (const one of suite.cases(own))
    it(one.path, async () => assert.deepEqual((await runCase(one)).differences, []));
});

describe('also published ones', () => {
  const shared = process.env['MAINSHEET_CORPUS'];
  const folder = shared === undefined ? '' : join(shared, 'import');
  if (!existsSync(folder)) return it('the shared cases', { skip: 'the corpus has no folder import' });
  for (const one of suite.cases(folder))
    it(one.path, async () => assert.deepEqual((await runCase(one)).differences, []));
});
