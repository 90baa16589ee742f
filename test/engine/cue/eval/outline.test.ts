import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Outline } from '../../../../engine/cue/eval/outline.ts';
import type { Data, Value } from '../../../../engine/cue/index.ts';
import { dataOf } from '../../../../engine/render/data.ts';
import { evaluated, json, templateOf } from '../program.ts';

const SCHEMAS = [
  '[...{name: string, value?: string, from?: {key: string}}]',
  '[...{port: int, protocol: *"TCP" | "UDP", expose: *false | bool, name?: string}]',
  '{[string]: string}',
  '{...}',
  '_',
  '{b?: int, a: string, nested: {y: *1 | int, x: {z: true}}}',
  '{c!: int, a?: string | int, ...}',
  'close({a?: string})',
  '{a: string, b: a}',
  '#D',
  '[...#D]',
];

const DATA = [
  [],
  [{ name: 'x', value: 'y' }, { name: 'z' }],
  [{ value: 'y', name: 'x', from: { key: 'k' }, more: 1 }],
  [{ port: 80 }, { port: 443, protocol: 'UDP', expose: true, name: 'tls' }],
  [{ port: 80, protocol: 'ICMP' }],
  {},
  { b: 'two', a: 'one' },
  { a: 'x', b: 2, nested: { x: { z: true } }, other: [1, { q: null }] },
  { a: 'x', nested: {} },
  { nested: { x: { z: false } } },
  { c: 3, zz: { d: [1.5] } },
  { c: 'three' },
  { n: 1 },
  { '\u0001odd': 1, '#a': 2, _h: 3 },
  'text',
  7,
];

const USES = [
  'out: parameter.p',
  'out: {parameter.p}',
  'out: {a: parameter.p, b: a, c: len(parameter.p)}',
  'out: [for k, v in parameter.p {key: k, value: v, name: v.name}]',
  'out: [for v in parameter.p if v.name != _|_ {v.name}]',
  'out: [if parameter.p != _|_ {parameter.p}, 1][0]',
  'out: parameter.p & {more: 1, ...}',
  'parameter: p: {}\nout: parameter.p',
  'parameter: {if parameter.q == _|_ {p: {added: 1}}}\nout: parameter.p',
  'out: parameter.p[0].name',
];

/** JSON text with the names in the order in which data is bound. */
function sorted(data: unknown): string {
  if (Array.isArray(data)) return `[${data.map(sorted).join()}]`;
  if (typeof data !== 'object' || data === null) return JSON.stringify(data);
  const fields = Object.entries(data).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, value]) => `${JSON.stringify(name)}: ${sorted(value)}`).join()}}`;
}

interface Facts {
  readonly [question: string]: unknown;
}

function facts(value: Value): Facts {
  const text = value.toJSONText();
  return {
    kind: value.incompleteKind(),
    code: value.error()?.code,
    valid: value.validate()?.code,
    concrete: value.validate({ concrete: true })?.code,
    json: text.ok ? text.value : text.error.code,
    fields: value.fields({ optional: true, hidden: true })?.map((f) => [f.label, f.constraint]),
    elements: value.elements()?.map((e) => e.incompleteKind()),
    allows: value.allows('other'),
  };
}

test('data bound to a schema means what the same text appended would mean', () => {
  let compared = 0;
  for (const schema of SCHEMAS) {
    for (const data of DATA) {
      for (const use of USES) {
        const text = `#D: {n?: int, name?: string}\nparameter: {p?: ${schema}, q?: int}\n${use}\n`;
        const bound = templateOf(text).evaluate({ bindings: { parameter: dataOf({ p: data }) } });
        const appended = evaluated(`${text}parameter: ${sorted({ p: data })}`);
        for (const path of ['out', 'parameter.p', 'parameter', 'parameter.p.nested', 'parameter.p.0'])
          assert.deepEqual(
            facts(bound.lookup(path)),
            facts(appended.lookup(path)),
            `${text}${JSON.stringify(data)}: ${path}`,
          );
        compared++;
      }
    }
  }
  assert.equal(compared, SCHEMAS.length * DATA.length * USES.length);
});

test('what an outline says stays said after somebody has looked at the arcs', () => {
  const bindings = { p: dataOf({ list: [{ a: 'x', b: { c: 1 } }] }) };
  const value = templateOf('p: {list: [...{b: {d: *2 | int, c: int}, a: string}]}').evaluate({ bindings });
  const before = json(value);
  const list = value.lookup('p.list');
  assert.ok(list.vertex.deref().outline instanceof Outline, 'nothing has been looked at yet');
  assert.deepEqual(
    list
      .lookup('0.b')
      .fields()
      ?.map(({ name }) => name),
    ['d', 'c'],
  );
  assert.equal(list.vertex.deref().outline, null);
  assert.equal(json(value), before);
  assert.equal(before, '{"p":{"list":[{"b":{"d":2,"c":1},"a":"x"}]}}');
});

test('data that a definition does not allow is refused, however plain its schema is', () => {
  const bindings = { p: dataOf({ known: { a: 1 }, other: { b: 2 } }) };
  const value = templateOf('#P: {known?: {a: int}}\np: #P').evaluate({ bindings });
  assert.equal(value.validate()?.message, 'p.other: field not allowed');
});

test('data counts against the budget of vertices, looked at or not', () => {
  const items: Data = Array.from({ length: 1000 }, () => ({ type: 'struct', fields: new Map([['a', 'x']]) }));
  const template = templateOf('p: [...{a: string}]');
  const spend = (nodes: number) => template.evaluate({ bindings: { p: items }, budget: { nodes } });
  assert.equal(spend(1500).validate()?.code, 'budget');
  const enough = spend(2100);
  assert.equal(enough.validate(), null);
  const { nodes, steps } = enough.ctx;
  assert.equal(enough.lookup('p.999.a').string(), 'x');
  assert.deepEqual([enough.ctx.nodes, enough.ctx.steps - steps < 10], [nodes, true]);
});
