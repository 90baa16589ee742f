import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { runCase } from './run.ts';
import { suite } from './suites/health-kubevela.ts';

describe('definitions judge live objects as in KubeVela', () => {
  for (const one of suite.cases(join(import.meta.dirname, 'health-kubevela'))) {
    it(one.path, async () => assert.deepEqual((await runCase(one)).differences, []));
  }
});
