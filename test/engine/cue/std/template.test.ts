import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { isBuiltinError } from '../../../../engine/cue/std/builtin.ts';
import { quoteJson } from '../../../../engine/cue/std/json-text.ts';
import { executeTemplate } from '../../../../engine/cue/std/template-exec.ts';
import type { Encoded } from './table.ts';
import { decode, testEnv } from './table.ts';

interface Table {
  readonly data: Encoded;
  readonly cases: readonly { readonly template: string; readonly json?: string; readonly error?: string }[];
}
const table: Table = JSON.parse(readFileSync(new URL('template.json', import.meta.url), 'utf8'));
const data = decode(table.data);

/** Templates that are answered otherwise, with the reason. */
const KNOWN_GAPS: ReadonlyMap<string, string> = new Map([
  ['{{1i}}', 'there are no complex numbers'],
  ['{{printf "%[1]d" 1}}', 'a format cannot name its arguments by number'],
]);

function answer(template: string): string {
  const text = executeTemplate(template, data, testEnv());
  return isBuiltinError(text) ? text.code : quoteJson(text);
}

test('templates give what Go gives', () => {
  const wrong = table.cases
    .filter(({ template }) => !KNOWN_GAPS.has(template))
    .map(({ template, json, error }) => ({ template, expected: json ?? error, actual: answer(template) }))
    .filter(({ expected, actual }) => expected !== actual);
  assert.deepEqual(wrong, []);
});

test('every known gap of templates is still one', () => {
  const gaps = table.cases.filter(({ template }) => KNOWN_GAPS.has(template));
  assert.equal(gaps.length, KNOWN_GAPS.size);
  for (const { template, json, error } of gaps) assert.notEqual(answer(template), json ?? error, template);
});

test('a template that prints without bound runs out of its budget', () => {
  const loops = '{{range 1000000000}}xxxxxxxxxxxxxxxx{{end}}';
  const wide = '{{printf "%999999d%999999d" 1 1}}';
  const doubling = '{{define "d"}}{{.}}{{template "d" (print . .)}}{{end}}{{template "d" "x"}}';
  for (const template of [loops, wide, doubling]) {
    const text = executeTemplate(template, data, testEnv(1_000_000));
    assert.ok(isBuiltinError(text), template);
  }
});

test('a template that calls itself ends in an error', () => {
  const text = executeTemplate('{{define "r"}}{{template "r"}}{{end}}{{template "r"}}', data, testEnv());
  assert.ok(isBuiltinError(text));
});

test('deep nesting is refused and does not exhaust the stack', () => {
  const blocks = '{{if 1}}'.repeat(50_000) + '{{end}}'.repeat(50_000);
  const parentheses = `{{${'('.repeat(50_000)}1${')'.repeat(50_000)}}}`;
  for (const template of [blocks, parentheses]) {
    assert.ok(isBuiltinError(executeTemplate(template, data, testEnv())));
  }
});
