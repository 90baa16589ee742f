import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { test } from 'node:test';
import * as engine from '../../../engine/cue/index.ts';
import { libraries } from '../../../engine/definitions/libraries.ts';

test('the example of the README prints what it says', () => {
  const readme = readFileSync(new URL('../../../engine/cue/README.md', import.meta.url), 'utf8');
  const [, example = ''] = /```ts\nimport \{[^\n]*\n([\s\S]*?)```/.exec(readme) ?? [];
  const printed: unknown[] = [];
  const body = stripTypeScriptTypes(example);
  new Function('compile', 'parse', 'libraries', 'print', body)(
    engine.compile,
    engine.parse,
    libraries,
    (x: unknown) => printed.push(x),
  );
  assert.deepEqual(printed, ['{"replicas":3}']);
  assert.ok(example.trimEnd().split('\n').length <= 11);
});
