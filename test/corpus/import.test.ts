import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { defaultFolder, runCase } from './run.ts';
import { suite } from './suites/import.ts';

const own = join(import.meta.dirname, 'import');

describe('definitions are loaded and refused as KubeVela does', () => {
  for (const one of suite.cases(own))
    it(one.path, async () => assert.deepEqual((await runCase(one)).differences, []));
});

// A shared corpus may have more of them.
const folder = defaultFolder(suite);
describe('also those of the shared corpus', () => {
  for (const one of folder === own ? [] : suite.cases(folder))
    it(one.path, async () => assert.deepEqual((await runCase(one)).differences, []));
});
