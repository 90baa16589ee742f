import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonValue } from '../../../engine/json.ts';
import { mergeListByKey } from '../../../engine/render/list-merge.ts';
import type { ListNode, StructNode } from '../../../engine/render/patch-tree.ts';
import { openLists, prepareByStrategy } from '../../../engine/render/strategy.ts';
import { tagsOf } from '../../../engine/render/tags.ts';
import type { Unifier } from '../../../engine/render/unify.ts';
import { unify } from '../../../engine/render/unify.ts';
import { jsonOf, treeOf } from './tree.ts';

const noCue: Unifier = { leaves: () => ({ type: 'undecided' }), rest: () => null };

function patched(base: JsonValue, patch: JsonValue): JsonValue | string {
  const left = treeOf(base) as StructNode;
  const right = treeOf(patch) as StructNode;
  openLists(left);
  prepareByStrategy(left, right);
  const merged = unify(left, right, noCue);
  if (merged.type === 'node') return jsonOf(merged.node);
  return merged.type === 'conflict' ? `${merged.path.join('.')}: ${merged.message}` : 'undecided';
}

function lined(base: JsonValue[], patch: JsonValue[], keys: string, retain = false): JsonValue {
  const list = treeOf(patch) as ListNode;
  mergeListByKey(treeOf(base) as ListNode, list, keys, retain);
  return jsonOf(list);
}

describe('a list with a patchKey', () => {
  it('is lined up with the base; new elements go behind, in the order of the patch', () => {
    assert.deepEqual(
      lined(
        [{ name: 'a' }, { name: 'b' }],
        [
          { name: 'z', v: 1 },
          { name: 'b', v: 2 },
          { name: 'y', v: 3 },
        ],
        'name',
      ),
      [{}, { name: 'b', v: 2 }, { name: 'z', v: 1 }, { name: 'y', v: 3 }],
    );
  });
  it('loses the elements that lack the key', () => {
    assert.deepEqual(lined([{ name: 'a' }], [{ v: 1 }, { name: 'a', v: 2 }], 'name'), [{ name: 'a', v: 2 }]);
  });
  it('leaves no place for an element of the base that lacks the key', () => {
    assert.deepEqual(lined([{ x: 1 }, { name: 'a' }], [{ name: 'a', v: 2 }], 'name'), [{ name: 'a', v: 2 }]);
  });
  it('stays as it was where no element has the key', () => {
    assert.deepEqual(lined([{ name: 'a' }], [{ v: 1 }], 'name'), [{ v: 1 }]);
  });
  it('compares negative numbers, null and booleans as well', () => {
    assert.deepEqual(
      lined(
        [{ n: -1 }, { n: null }],
        [
          { n: null, v: 1 },
          { n: -1, v: 2 },
        ],
        'n',
      ),
      [
        { n: -1, v: 2 },
        { n: null, v: 1 },
      ],
    );
  });
  it('follows dotted keys', () => {
    assert.deepEqual(lined([{ m: { id: 'a' } }, { m: { id: 'b' } }], [{ m: { id: 'b' }, v: 1 }], 'm.id'), [
      {},
      { m: { id: 'b' }, v: 1 },
    ]);
  });
  it('of several keys matches each on its own; what one pass leaves over is added again', () => {
    const base = [{ port: 80, protocol: 'TCP' }];
    assert.deepEqual(lined(base, [{ port: 80, protocol: 'UDP' }], 'port,protocol'), [
      { port: 80, protocol: 'UDP' },
      {},
      { port: 80, protocol: 'UDP' },
    ]);
  });
  it('tells 80 from "80"', () => {
    assert.deepEqual(lined([{ p: 80 }], [{ p: '80', v: 1 }], 'p'), [{}, { p: '80', v: 1 }]);
  });
});

describe('a patch', () => {
  const base = {
    spec: {
      replicas: 1,
      containers: [{ name: 'a', image: 'i', env: [{ name: 'X', value: '1' }] }, { name: 'b' }],
    },
  };
  it('merges by an inherited patchKey, at every depth', () => {
    const patch = {
      '//spec': '+patchKey=name',
      spec: {
        containers: [
          { name: 'b', tty: true },
          { name: 'a', env: [{ name: 'Y', value: '2' }] },
        ],
      },
    };
    assert.deepEqual(patched(base, patch), {
      spec: {
        replicas: 1,
        containers: [
          {
            name: 'a',
            image: 'i',
            env: [
              { name: 'X', value: '1' },
              { name: 'Y', value: '2' },
            ],
          },
          { name: 'b', tty: true },
        ],
      },
    });
  });
  it('without a tag unifies lists by place; the base has room behind', () => {
    assert.deepEqual(patched({ l: [{ a: 1 }] }, { l: [{ b: 2 }, { c: 3 }] }), {
      l: [{ a: 1, b: 2 }, { c: 3 }],
    });
    assert.equal(patched({ l: [1, 2] }, { l: [1] }), 'l: incompatible list lengths (2 and 1)');
    assert.deepEqual(patched({}, { l: [1] }), { l: [1] });
  });
  it('conflicts on different scalars, naming the path', () => {
    assert.equal(
      patched({ spec: { replicas: 2 } }, { spec: { replicas: 3 } }),
      'spec.replicas: conflicting values 2 and 3',
    );
    assert.match(String(patched({ a: 1 }, { a: 'x' })), /mismatched types int and string/);
    assert.match(String(patched({ a: 1 }, { a: { b: 1 } })), /mismatched types/);
  });
  it('replaces a scalar or a struct with retainKeys, the list with replace', () => {
    assert.deepEqual(
      patched(
        { a: 1, b: { x: 1 }, l: [1, 2] },
        {
          '//a': '+patchStrategy=retainKeys',
          a: 2,
          '//b': ' +patchStrategy=retainKeys',
          b: { y: 1 },
          '//l': '+patchStrategy=replace',
          l: [3],
        },
      ),
      {
        a: 2,
        b: { y: 1 },
        l: [3],
      },
    );
  });
  it('does nothing with replace on a struct', () => {
    assert.deepEqual(patched({ b: { x: 1 } }, { '//b': '+patchStrategy=replace', b: { y: 1 } }), {
      b: { x: 1, y: 1 },
    });
  });
  it('retainKeys on a list by key empties the matched elements of the base', () => {
    const tagged = { containers: [{ name: 'a', image: 'j' }] };
    assert.deepEqual(
      patched({ containers: [{ name: 'a', image: 'i', tty: true }] }, tagged),
      'containers.0.image: conflicting values "i" and "j"',
    );
    const left = treeOf({ l: [{ name: 'a', image: 'i', tty: true }] }) as StructNode;
    mergeListByKey(
      left.fields[0]!.value as ListNode,
      treeOf([{ name: 'a', image: 'j' }]) as ListNode,
      'name',
      true,
    );
    assert.deepEqual(jsonOf(left), { l: [{}] });
  });
  it('ignores labels of definitions below it', () => {
    assert.deepEqual(
      patched({ l: [{ name: 'a' }] }, { '#x': { '//l': '+patchKey=name', l: [{ name: 'b' }] } }),
      { l: [{ name: 'a' }], '#x': { l: [{ name: 'b' }] } },
    );
  });
});

describe('markers', () => {
  it('are lines that begin with a plus and have a value without spaces', () => {
    assert.deepEqual(
      [
        ...tagsOf([
          ' +patchKey=name',
          '+patchStrategy = retainKeys ',
          ' usage of +x=y',
          '+usage=two words',
          '+bare',
          ' +patchKey=other',
        ]),
      ],
      [
        ['patchKey', 'other'],
        ['patchStrategy', 'retainKeys'],
      ],
    );
  });
});
