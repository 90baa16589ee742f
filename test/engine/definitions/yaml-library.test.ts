import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Data } from '../../../engine/cue/std/builtin.ts';
import { isBuiltinError } from '../../../engine/cue/std/builtin.ts';
import { formatJson } from '../../../engine/cue/std/json-text.ts';
import { MAX_YAML_DEPTH, yamlLibrary } from '../../../engine/definitions/yaml-library.ts';

function refusal(text: string): string {
  const documents = yamlLibrary.parse(text);
  assert.ok(isBuiltinError(documents), text.slice(0, 100));
  return documents.message;
}

const character = fc.oneof(
  fc.constantFrom(...'ab01 -:#,?{}[]&*!|>\'"%@`\n\t~.=<', 'é', '😀', 'true', 'null'),
  fc.string({ minLength: 1, maxLength: 1 }),
);
const text = fc.string({ unit: character, maxLength: 12 });
const { value } = fc.letrec<{ value: Data }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    text,
    fc.constantFrom<Data>(null, true, false, 0n, -7n, 123456789012345678n),
    fc.array(tie('value'), { maxLength: 3 }),
    fc
      .uniqueArray(fc.tuple(text, tie('value')), { selector: ([key]) => key, maxLength: 3 })
      .map((entries): Data => ({ type: 'struct', fields: new Map(entries) })),
  ),
}));

/** What libyaml itself loses or refuses: a leading or lone line break of a block scalar, keys read as merges. */
function survives(data: Data): boolean {
  return !/\\n|"<<"/.test(formatJson(data));
}

test('printed data reads back as the same data', () => {
  fc.assert(
    fc.property(value, (data) => {
      fc.pre(survives(data));
      const documents = yamlLibrary.parse(yamlLibrary.stringify(data));
      assert.ok(!isBuiltinError(documents), yamlLibrary.stringify(data));
      assert.equal(formatJson(documents[0] ?? null), formatJson(data));
    }),
    { numRuns: 500 },
  );
});

test('aliases are counted as what they stand for', () => {
  const levels = Array.from(
    { length: 12 },
    (_, i) => `l${i + 1}: &l${i + 1} [${Array(10).fill(`*l${i}`).join(',')}]`,
  );
  assert.match(refusal(`l0: &l0 [a]\n${levels.join('\n')}\n`), /too many nodes/);
});

test('deep nesting is refused and does not exhaust the stack', () => {
  for (const bomb of [
    '['.repeat(100_000),
    '{a: '.repeat(50_000),
    '- '.repeat(100_000),
    '? '.repeat(50_000),
  ]) {
    assert.match(refusal(bomb), /nested too deeply|yaml:/);
  }
  const fine = yamlLibrary.parse('['.repeat(MAX_YAML_DEPTH - 1) + ']'.repeat(MAX_YAML_DEPTH - 1));
  assert.ok(!isBuiltinError(fine));
});

test('a document that is too long is refused unread', () => {
  assert.match(refusal(`a: ${'x'.repeat(5 * 1024 * 1024)}`), /too long/);
});

test('an anchor that contains itself is an error', () => {
  assert.match(refusal('a: &x [1, *x]'), /contains itself/);
});

test('much text with lines too far left ends, read or refused', () => {
  const lines = (count: number) => Array.from({ length: count }, (_, i) => `k${i}: "x\ny"\n`).join('');
  assert.ok(!isBuiltinError(yamlLibrary.parse(lines(50))));
  assert.match(refusal(lines(20_000)), /not closed/);
  const wide = `${' '.repeat(400_000)}a: "${'\n'.repeat(400_000)}"`;
  assert.match(refusal(wide), /not closed/);
  assert.ok(isBuiltinError(yamlLibrary.parse('a: [\n'.repeat(150_000))));
  assert.ok(isBuiltinError(yamlLibrary.parse(`a: [\n${'1,\n'.repeat(20_000)}}`)));
  assert.ok(!isBuiltinError(yamlLibrary.parse(`a: [\n${'1,\n'.repeat(10_000)}]`)));
});
