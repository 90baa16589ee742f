import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Vertex } from '../../../../engine/cue/eval/value.ts';
import { linearOrder } from '../../../../engine/cue/export/linear-order.ts';
import { orderArcs } from '../../../../engine/cue/export/order.ts';
import { compile, parse } from '../../../../engine/cue/index.ts';
import { libraries } from '../../../../engine/definitions/libraries.ts';

function vertexOf(text: string): Vertex {
  const parsed = parse({ name: 'order.cue', text });
  assert.ok(parsed.ok, text);
  const compiled = compile([parsed.value], { libraries });
  assert.ok(compiled.ok, text);
  const { vertex } = compiled.value.evaluate().lookup('x');
  return vertex.deref();
}

const names = (arcs: readonly Vertex[]) => arcs.map(({ label }) => label);

const programs = [
  'x: {c: 1, a: 2}\nx: {b: 3, a: int}',
  's: {z: 1, y: 2}\nx: {d: 1, s, b: 2}',
  's: {z: 1, y: 2}\nx: {b: 1, if true {k: 2, a: 3}, s, if s.z == 1 {c: 4}}',
  'x: {for k in ["q", "p", "o"] {"\\(k)": 1, m: 2}, a: 3}',
  'x: {for k in ["q", "p"] if k != "" {r: (k): 1, if k == "q" {l: 1}}}',
  '#D: {g: int, f: 1}\nx: #D & {g: 2, e: 3}',
  's: {z: 1}\nt: {s, b: 1}\nx: {t, a: 1}',
  'x: {[string]: int, c: 1}\nx: a: 2',
  'x: {b: 1, if b == 1 {k: 2, a: 3}, for k in ["q"] {"\\(k)": 1}}',
];

test('where no graph is needed the order is the graph’s', () => {
  let linear = 0;
  for (const text of programs) {
    const vertex = vertexOf(text);
    const direct = linearOrder(vertex);
    if (direct === null) continue;
    linear++;
    assert.deepEqual(names(direct), names(orderArcs(vertex)), text);
  }
  assert.ok(linear >= 4, `${linear} of ${programs.length} without a graph`);
});

test('operands of & are left to the graph', () => {
  assert.equal(linearOrder(vertexOf('x: {c: 1, a: 2} & {b: 3}')), null);
});
