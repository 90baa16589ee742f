import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { runCase } from './run.ts';
import { suite } from './suites/schema.ts';

const shared = process.env['MAINSHEET_CORPUS'];

describe('the schema of every parameter is KubeVela’s', {
  skip: shared === undefined && 'MAINSHEET_CORPUS is not set',
}, () => {
  if (shared === undefined) return;
  for (const one of suite.cases(join(shared, 'schema'))) {
    it(one.path, async () => assert.deepEqual((await runCase(one)).differences, []));
  }
});
