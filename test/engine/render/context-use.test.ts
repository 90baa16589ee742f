import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parse } from '../../../engine/cue/index.ts';
import type { ContextUse } from '../../../engine/render/context-use.ts';
import { contextUse } from '../../../engine/render/context-use.ts';

type Plain = 'all' | { readonly [name: string]: Plain };

function used(text: string): Plain {
  const parsed = parse({ name: 'template', text });
  assert.ok(parsed.ok);
  return plain(contextUse(parsed.value));
}
function plain(use: ContextUse): Plain {
  return use === 'all' ? use : Object.fromEntries([...use].map(([name, inner]) => [name, plain(inner)]));
}

describe('what a template reads of its context', () => {
  it('is nothing where it does not name it', () => {
    assert.deepEqual(used('output: metadata: name: parameter.context'), {});
  });
  it('is the paths that it writes out', () => {
    assert.deepEqual(used('a: context.output.spec.replicas\nb: context["output"].kind\nc: context.name'), {
      name: 'all',
      output: { kind: 'all', spec: { replicas: 'all' } },
    });
  });
  it('is all below a path that is taken whole, ranged over or indexed by a value', () => {
    assert.deepEqual(used('a: context.output.spec\nb: context.output.spec.x'), { output: { spec: 'all' } });
    assert.deepEqual(used('a: context.output.spec.x\nb: context.output.spec'), { output: { spec: 'all' } });
    assert.deepEqual(used('a: [for c in context.output.list {c.name}]'), { output: { list: 'all' } });
    assert.deepEqual(used('a: context.output.list[0].name\nb: context.outputs[parameter.x].kind'), {
      output: { list: 'all' },
      outputs: 'all',
    });
  });
  it('is everything where the context is used in another way', () => {
    for (const text of [
      'a: context',
      'let c = context\na: c.name',
      'a: context[parameter.x]',
      'a: [for k, v in context {k}]',
      'x: {context: {name: string}, a: context.name}',
      'context: name: string\na: context.name',
    ]) {
      assert.equal(used(text), 'all', text);
    }
  });
});
