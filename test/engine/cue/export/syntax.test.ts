import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toOpenApi } from '../../../../engine/cue/export/openapi.ts';
import { FINAL_SYNTAX, type SyntaxOptions, syntaxOf } from '../../../../engine/cue/export/syntax.ts';
import { compile, parse } from '../../../../engine/cue/index.ts';
import { formatNode } from '../../../../engine/cue/syntax/format.ts';
import { libraries } from '../../../../engine/definitions/libraries.ts';
import { corpusTexts } from '../../../support/cue-texts.ts';
import { at, evaluated } from './values.ts';

function printed(text: string, path: string, options: SyntaxOptions = { docs: true }): string {
  const value = at(text, path);
  return formatNode(syntaxOf(value, options).expr, { simplify: true });
}

test('scalars, types and bounds print as they are written', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['1', '1'],
    ['1.50', '1.50'],
    ['1e3', '1e+3'],
    ['"a\\tb"', '"a\\tb"'],
    ["'\\x00'", "'\\x00'"],
    ['null', 'null'],
    ['_', '_'],
    ['string', 'string'],
    ['>=1', '>=1'],
    ['int & >=0 & <=255', 'uint8'],
    ['>=1 & <=5', '>=1 & <=5'],
    ['*1 | int', '*1 | int'],
    ['[...string]', '[...string]'],
    ['[1, 2]', '[1, 2]'],
  ];
  for (const [text, wanted] of cases) assert.equal(printed(`a: ${text}`, 'a'), wanted, text);
});

test('references are resolved, and what is incomplete stays an expression', () => {
  assert.equal(printed('x: 5\na: {b: x, c: x + y}\ny: int', 'a'), '{\n\tb: 5\n\tc: x + y\n}');
});

test('docs of all declarations stand above their field', () => {
  const text = 'a: {\n\t// one\n\tb: 1\n}\na: {\n\t// two\n\tb: int\n}';
  assert.equal(printed(text, 'a'), '{\n\t// one\n\n\t// two\n\tb: 1\n}');
  assert.equal(printed(text, 'a', {}), '{\n\tb: 1\n}');
});

test('optional fields and definitions are shown, hidden fields are not', () => {
  assert.equal(printed('a: {b?: int, c!: int, #d: 1, _e: 2}', 'a'), '{\n\tb?: int\n\tc!: int\n\t#d: 1\n}');
});

test('the final form takes defaults and leaves out what is no data', () => {
  assert.equal(
    printed('a: {b: *1 | int, c?: int, #d: 1, e: [...int]}', 'a', FINAL_SYNTAX),
    '{\n\tb: 1\n\te: []\n}',
  );
});

test('an error stands in its place with its message', () => {
  assert.match(
    printed('a: {b: 1 & 2, c: 3}', 'a'),
    /^\{\n\tb: _\|_ \/\/ a\.b: conflicting values \d and \d\n\tc: 3\n\}$/,
  );
});

test('what does not exist prints as the error that it is, and what nobody asked for before is worked out', () => {
  const root = evaluated('a: {b: 1 + 1}');
  assert.equal(formatNode(syntaxOf(root.lookup('a')).expr), '{\n\tb: 2\n}');
  assert.match(formatNode(syntaxOf(root.lookup('a.c')).expr), /^_\|_ .*field not found: c/);
  assert.deepEqual(toOpenApi(root.lookup('c')), { ok: false, path: [], message: 'field not found: c' });
});

test('the packages of validators are told', () => {
  const value = at('import "strings"\na: strings.MinRunes(3)', 'a');
  const { expr, imports } = syntaxOf(value);
  assert.deepEqual(imports, ['strings']);
  assert.equal(formatNode(expr), 'strings.MinRunes(3)');
});

/** JSON as data: `-0`, which no literal spells, is 0. */
function plain(json: string): string {
  return JSON.stringify(JSON.parse(json));
}

test('a printed concrete value reads back as the same data', () => {
  let checked = 0;
  for (const text of corpusTexts('budget')) {
    const parsed = parse({ name: 'test.cue', text });
    const compiled = parsed.ok ? compile([parsed.value], { libraries }) : null;
    if (compiled === null || !compiled.ok) continue;
    const value = compiled.value.evaluate({ budget: { steps: 20_000, nodes: 2000 } });
    const json = value.toJSONText();
    if (!json.ok || json.value.length > 10_000 || value.error() !== null) continue;
    const { expr } = syntaxOf(value, FINAL_SYNTAX);
    const printedText = formatNode(expr);
    const again = evaluated(printedText).toJSONText();
    assert.ok(again.ok, text);
    assert.equal(plain(again.value), plain(json.value), text);
    checked++;
  }
  assert.ok(checked > 200, `${checked} programs`);
});

test('a value that grows without measure ends with the budget', () => {
  const lines = Array.from({ length: 40 }, (_, i) => `s${i + 1}: {l: s${i}, r: s${i}}`);
  const value = at(`s0: {v: 1}\n${lines.join('\n')}`, 's40');
  assert.equal(syntaxOf(value).expr.type, 'bottom');
  const made = toOpenApi(value);
  assert.ok(!made.ok && made.message.startsWith('out of budget'));
});
