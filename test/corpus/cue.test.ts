import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type CaseResult, runCase } from './run.ts';
import { suite } from './suites/cue.ts';

const HERE = dirname(fileURLToPath(import.meta.url));
/** The largest share of cases that may be known gaps. */
const MOST_GAPS = 0.01;

/** Cases that do not pass yet, each with the reason. */
const gaps: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(join(HERE, 'known-gaps/cue.json'), 'utf8'),
);
const cases = suite.cases(join(HERE, suite.folder));
const features = [...new Set(cases.map(({ path }) => dirname(path)))].sort();

function explain({ path, differences }: CaseResult): string {
  const [first] = differences;
  return `${path}: ${first?.at}: expected ${JSON.stringify(first?.expected)}, got ${JSON.stringify(first?.actual)}`;
}

for (const feature of features) {
  test(`CUE answers as v0.14.1 does: ${feature}`, async () => {
    const results: CaseResult[] = [];
    for (const one of cases) if (dirname(one.path) === feature) results.push(await runCase(one));
    const failed = results.filter(({ differences }) => differences.length > 0);
    const unknown = failed.filter(({ path }) => gaps[path] === undefined);
    assert.deepEqual(unknown.map(explain), [], 'cases fail that are no known gaps');
    const closed = results.filter(
      ({ path, differences }) => differences.length === 0 && gaps[path] !== undefined,
    );
    assert.deepEqual(
      closed.map(({ path }) => path),
      [],
      'known gaps pass: take them off the list',
    );
  });
}

test('the known gaps are cases, few, and each has its reason', () => {
  const paths = new Set(cases.map(({ path }) => path));
  for (const [path, reason] of Object.entries(gaps)) {
    assert.ok(paths.has(path), path);
    assert.ok(reason.length > 10, path);
  }
  assert.ok(cases.length > 1000, `${cases.length} cases`);
  assert.ok(Object.keys(gaps).length <= cases.length * MOST_GAPS);
});
