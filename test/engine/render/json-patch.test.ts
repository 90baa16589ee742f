import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonValue } from '../../../engine/json.ts';
import * as trees from '../../../engine/render/json-patch.ts';
import { jsonOf, treeOf } from './tree.ts';

function patched(document: JsonValue, ...operations: JsonValue[]): JsonValue {
  const result = trees.applyJsonPatch(treeOf(document), treeOf(operations));
  assert.ok(result.ok, JSON.stringify(result));
  return jsonOf(result.value);
}
function refused(document: JsonValue, ...operations: JsonValue[]): string {
  const result = trees.applyJsonPatch(treeOf(document), treeOf(operations));
  assert.ok(!result.ok, 'was applied');
  return result.message;
}
function applyMergePatch(document: JsonValue, patch: JsonValue): JsonValue {
  return jsonOf(trees.applyMergePatch(treeOf(document), treeOf(patch)));
}

describe('JSON Patch', () => {
  it('adds to maps, into lists, and at their end', () => {
    assert.deepEqual(
      patched(
        { a: [1, 3] },
        { op: 'add', path: '/a/1', value: 2 },
        { op: 'add', path: '/a/-', value: 4 },
        { op: 'add', path: '/b', value: {} },
      ),
      {
        a: [1, 2, 3, 4],
        b: {},
      },
    );
  });
  it('counts negative indices from the end', () => {
    assert.deepEqual(patched([1, 2, 3], { op: 'remove', path: '/-1' }), [1, 2]);
  });
  it('decodes ~1 and ~0', () => {
    assert.deepEqual(
      patched(
        { 'a/b': 1, 'c~d': 2 },
        { op: 'replace', path: '/a~1b', value: 5 },
        { op: 'remove', path: '/c~0d' },
      ),
      { 'a/b': 5 },
    );
  });
  it('copies and moves', () => {
    assert.deepEqual(
      patched(
        { a: { x: 1 }, l: ['p', 'q'] },
        { op: 'copy', from: '/a', path: '/b' },
        { op: 'move', from: '/l/1', path: '/l/0' },
      ),
      {
        a: { x: 1 },
        b: { x: 1 },
        l: ['q', 'p'],
      },
    );
  });
  it('takes replace of a missing key as add, and an absent value as null', () => {
    assert.deepEqual(patched({}, { op: 'replace', path: '/a', value: 1 }, { op: 'add', path: '/b' }), {
      a: 1,
      b: null,
    });
  });
  it('refuses to remove what is not there, to add below what is not there, and a failing test', () => {
    assert.match(refused({}, { op: 'remove', path: '/a' }), /no key a/);
    assert.match(refused({}, { op: 'add', path: '/a/b', value: 1 }), /does not exist/);
    assert.match(refused({ l: [] }, { op: 'add', path: '/l/2', value: 1 }), /out of bounds/);
    assert.match(refused({ a: 1 }, { op: 'test', path: '/a', value: 2 }), /test.*\/a failed/);
    assert.match(refused({}, { op: 'patch', path: '/a' }), /no operation/);
  });
  it('takes a missing value as null in a test', () => {
    assert.deepEqual(patched({}, { op: 'test', path: '/a', value: null }), {});
  });
  it('leaves the document it was given as it was', () => {
    const document = { a: [1] };
    patched(document, { op: 'add', path: '/a/-', value: 2 });
    assert.deepEqual(document, { a: [1] });
  });
});

describe('JSON Merge Patch', () => {
  const cases: readonly (readonly [JsonValue, JsonValue, JsonValue])[] = [
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ];
  it('gives the results of RFC 7396, appendix A', () => {
    for (const [document, patch, result] of cases) assert.deepEqual(applyMergePatch(document, patch), result);
  });
});
