import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type OpenApiResult, toOpenApi } from '../../../../engine/cue/export/openapi.ts';
import { at } from './values.ts';

function result(text: string): OpenApiResult {
  const value = at(text, 'p');
  return toOpenApi(value);
}

/** The schema of the field `p`. */
function schema(text: string): unknown {
  const answer = result(text);
  assert.ok(answer.ok, answer.ok ? '' : answer.message);
  return answer.schema;
}

test('types, bounds and patterns become keywords', () => {
  const cases: readonly (readonly [string, unknown])[] = [
    ['string', { type: 'string' }],
    ['int', { type: 'integer' }],
    ['number', { type: 'number' }],
    ['bool', { type: 'boolean' }],
    ['bytes', { type: 'string', format: 'binary' }],
    ['int32', { type: 'integer', format: 'int32' }],
    ['_', {}],
    ['null | string', { type: 'string', nullable: true }],
    ['>=1 & <10', { type: 'number', minimum: 1, maximum: 10, exclusiveMaximum: true }],
    ['=~"^a"', { type: 'string', pattern: '^a' }],
    ['=~"a" & !~"b"', { type: 'string', allOf: [{ pattern: 'a' }, { not: { pattern: 'b' } }] }],
    ['"x"', { type: 'string', enum: ['x'] }],
    ['"a" | *"b"', { type: 'string', enum: ['b', 'a'], default: 'b' }],
    ['*5 | int', { type: 'integer', default: 5 }],
    ['[...string]', { type: 'array', items: { type: 'string' } }],
    ['[string]: int', { type: 'object', additionalProperties: { type: 'integer' } }],
    ['{...}', { type: 'object', additionalProperties: {} }],
  ];
  for (const [text, wanted] of cases) assert.deepEqual(schema(`p: ${text}`), wanted, text);
});

test('fields without a question mark are required, and docs describe them', () => {
  assert.deepEqual(
    schema('p: {\n\t// +usage=the a\n\ta: string\n\tb?: int\n\tc: *1 | int\n\t#d: 1\n\t_e: 2\n}'),
    {
      type: 'object',
      required: ['a', 'c'],
      properties: {
        a: { description: '+usage=the a', type: 'string' },
        b: { type: 'integer' },
        c: { type: 'integer', default: 1 },
      },
    },
  );
});

test('references are expanded', () => {
  assert.deepEqual(schema('#E: {name: string}\np: [...#E]'), {
    type: 'array',
    items: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
  });
});

test('alternatives share their fields and differ in what they require', () => {
  assert.deepEqual(schema('p: {a: string} | {b: int}'), {
    type: 'object',
    properties: { a: { type: 'string' }, b: { type: 'integer' } },
    oneOf: [{ required: ['a'] }, { required: ['b'] }],
  });
  assert.deepEqual(schema('p: *1 | number | string'), { default: 1, oneOf: [{}, {}] });
});

test('a yielded field repeats its alternatives, as CUE does', () => {
  assert.deepEqual(schema('p: {if true {m: *"" | "Memory"}}'), {
    type: 'object',
    required: ['m'],
    properties: { m: { type: 'string', enum: ['', 'Memory', 'Memory'], default: '' } },
  });
});

test('what OpenAPI cannot say is refused with its path', () => {
  const refused = result('p: {a: {b: !="x"}}');
  assert.ok(!refused.ok);
  assert.deepEqual(refused.path, ['parameter', 'a', 'b']);
  assert.equal(refused.message, 'unsupported op != for string type');
  const incomplete = result('p: *{a: int} | {b: 1}');
  assert.ok(!incomplete.ok);
});

test('a type that contains itself is refused, not followed', () => {
  assert.ok(!result('#T: {v: int, kids: [...#T]}\np: #T').ok);
});
