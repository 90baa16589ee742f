import assert from 'node:assert/strict';
import { test } from 'node:test';
import { templateOf } from '../../../engine/definitions/definition.ts';
import { definitionDocs } from '../../../engine/definitions/docs.ts';
import { libraries } from '../../../engine/definitions/libraries.ts';
import { parseDefinitions } from '../../../engine/definitions/parse.ts';
import { parameterSchema } from '../../../engine/definitions/schema.ts';

/** The rows of the tables of parameters on a definition's page: name, required, default. */
function rows(parameter: string): readonly (readonly string[])[] {
  const text = `box: {\n\ttype: "component"\n\tdescription: "A box."\n}\ntemplate: {\n\toutput: {}\n\tparameter: ${parameter}\n}\n`;
  const parsed = parseDefinitions(text, 'cue', 'box.cue');
  assert.ok(parsed.ok);
  const [definition] = parsed.value;
  const template = definition === undefined ? null : templateOf(definition);
  assert.ok(definition !== undefined && template !== null);
  const schema = parameterSchema(template, { libraries });
  assert.ok(schema.ok);
  return definitionDocs(definition, schema.value, null)
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| Name'))
    .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| /, '').trim()))
    .map(([name = '', , required = '', fallback = '']) => [name, required, fallback]);
}

test('a page tells what must be given', () => {
  assert.deepEqual(rows('{\n\t\ta: string\n\t\tb?: string\n\t\tc: *"x" | string\n\t}'), [
    ['a', 'yes', ''],
    ['b', '', ''],
    ['c', '', '`"x"`'],
  ]);
});

test('a list with a default need not be given, at any depth', () => {
  assert.deepEqual(
    rows('{\n\t\ta: *[] | [...string]\n\t\tb: [...{c: *["sh", "-c"] | [...string], d: int}]\n\t}'),
    [
      ['a', '', '`[]`'],
      ['b', 'yes', ''],
      ['c', '', '`["sh","-c"]`'],
      ['d', 'yes', ''],
    ],
  );
});
