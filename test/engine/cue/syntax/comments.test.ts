import assert from 'node:assert/strict';
import { test } from 'node:test';
import type * as Ast from '../../../../engine/cue/syntax/ast.ts';
import { parse } from '../../../../engine/cue/syntax/parser.ts';

/** Every comment as `<type of its node>@<text of the node's beginning> <place> <position>: <lines>`. */
function comments(text: string): string[] {
  const result = parse({ name: 'test.cue', text });
  assert.ok(result.ok, text);
  const found: string[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null || node instanceof Uint8Array) return;
    if (Array.isArray(node)) {
      node.forEach(visit);
      return;
    }
    const { type, start, comments: groups } = node as { type?: string; start?: number } & Ast.NodeBase;
    for (const { place, position, lines } of groups ?? []) {
      found.push(`${type}@${text.slice(start, (start ?? 0) + 4)} ${place} ${position}:${lines.join('|')}`);
    }
    for (const [key, value] of Object.entries(node)) {
      if (key !== 'comments' && key !== 'imports' && !(key === 'source' && type === 'file')) visit(value);
    }
  };
  visit(result.value);
  return found;
}

test('a comment right above a field is its doc', () => {
  assert.deepEqual(comments('// one\n// two\na: 1'), ['field@a: 1 doc 0: one| two']);
  assert.deepEqual(comments('s: {\n\t// d\n\ta: 1\n}'), ['field@a: 1 doc 0: d']);
});

test('a comment behind a field on its line is a line comment', () => {
  assert.deepEqual(comments('a: 1 // l\nb: 2\n'), ['field@a: 1 line 5: l']);
});

test('a comment apart from what follows is no doc', () => {
  assert.deepEqual(comments('// apart\n\na: 1\n'), ['file@// a inner 0: apart']);
  assert.deepEqual(comments('a: 1\n\n// at the end\n'), ['field@a: 1 inner 5: at the end']);
});

test('the doc of a chain of labels stays with the first', () => {
  assert.deepEqual(comments('// d\na: b: c: 1'), ['field@a: b doc 0: d']);
});

test('comments in lists belong to the elements', () => {
  assert.deepEqual(comments('a: [\n\t// d\n\t1, // l\n\t2,\n]'), [
    'number@1, / doc 0: d',
    'number@1, / line 2: l',
  ]);
});

test('a comment alone in braces belongs to the struct', () => {
  assert.deepEqual(comments('a: {\n\t// c\n}'), ['struct@{\n\t/ doc 1: c']);
});

test('no comment gets lost, wherever it stands', () => {
  const tokens =
    'package p\nimport ( "a"\n "b" )\nlet X = 1\na : b ?: [ 1 , ... int ] @x(y)\nc : { for k , v in [ 1 ] if true { "\\( k )" : v } }\nd : f ( 1 , x . y [ 0 : 1 ] ) + - 2\n'.split(
      /(?<=[ \n])/,
    );
  for (let at = 0; at <= tokens.length; at++) {
    const text = [...tokens.slice(0, at), '// mark\n', ...tokens.slice(at)].join('');
    const result = parse({ name: 'test.cue', text });
    if (result.ok)
      assert.equal(comments(text).filter((comment) => comment.endsWith(' mark')).length, 1, text);
  }
});
