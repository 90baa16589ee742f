import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluated, json } from '../program.ts';

const DATA = `all: [{name: "a", spec: {x: 1, y: [2, 3]}}, {name: "b", spec: {x: 4, y: []}}]`;

function nodes(text: string): number {
  const value = evaluated(text);
  assert.equal(value.validate({ concrete: true }), null, text);
  return value.ctx.nodes;
}

test('an embedded value that is there already costs one vertex, whatever its size', () => {
  const base = nodes(DATA);
  assert.equal(nodes(`${DATA}\nlist: [for v in all {v}]`) - base, 3);
  assert.equal(nodes(`${DATA}\nlist: [for v in all {if v.name == "c" {twice: true}, v}]`) - base, 3);
});

test('what embeds data shares it only as long as nothing more is said of it', () => {
  const value = evaluated(`${DATA}\nlist: [for v in all {v}] & [...{kind: "K"}]`);
  const first = '{"name":"a","spec":{"x":1,"y":[2,3]},"kind":"K"}';
  assert.equal(json(value.lookup('list')), `[${first},{"name":"b","spec":{"x":4,"y":[]},"kind":"K"}]`);
  assert.equal(value.lookup('all.0.kind').exists(), false);
});
