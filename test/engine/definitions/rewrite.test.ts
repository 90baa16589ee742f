import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rewriteTemplate } from '../../../engine/definitions/rewrite.ts';

function rewritten(text: string): string {
  return rewriteTemplate({ text, source: 't', line: 1 }).template.text;
}

describe('templates of older CUE', () => {
  it('get list.Concat for a chain of list additions, with the import', () => {
    assert.equal(
      rewritten('a: [1]\nb: [2]\nc: a + b + [3]\n'),
      'import "list"\na: [1]\nb: [2]\nc: list.Concat([a, b, [3]])\n',
    );
  });
  it('get list.Repeat for a list times a number, from either side', () => {
    assert.equal(
      rewritten('a: [1] * 3\nb: 2 * a'),
      'import "list"\na: list.Repeat([1], 3)\nb: list.Repeat(a, 2)',
    );
  });
  it('find lists by declaration: below structs, behind defaults, by list operations', () => {
    assert.equal(
      rewritten('parameter: cmd: *[] | [...string]\nx: [1]\ny: x + parameter.cmd\nz: {w: y + x}'),
      'import "list"\nparameter: cmd: *[] | [...string]\nx: [1]\ny: list.Concat([x, parameter.cmd])\nz: {w: list.Concat([y, x])}',
    );
  });
  it('rewrite inside operands and keep comments', () => {
    assert.equal(
      rewritten('// +patchKey=name\na: [for x in [1] + [2] {x}] + [3]'),
      'import "list"\n// +patchKey=name\na: list.Concat([[for x in list.Concat([[1], [2]]) {x}], [3]])',
    );
  });
  it('leave sums of strings, numbers and unknown names alone', () => {
    const text = 'a: "x" + "y"\nb: 1 + 2\nc: parameter.x + d\ne: *1 | int';
    assert.equal(rewritten(text), text);
  });
  it('do not import list twice', () => {
    assert.equal(
      rewritten('import "list"\na: [1] + [list.Max([2])]'),
      'import "list"\na: list.Concat([[1], [list.Max([2])]])',
    );
  });
  it('get a quoted label for a field named error', () => {
    const result = rewriteTemplate({
      text: 'error: "x"\nerror?: string\nerrorMessage: 1',
      source: 't',
      line: 1,
    });
    assert.equal(result.template.text, '"error": "x"\n"error"?: string\nerrorMessage: 1');
    assert.deepEqual(result.applied, ['error-field-label']);
  });
  it('that do not parse are left alone', () => {
    assert.equal(rewritten('a: [1] + {'), 'a: [1] + {');
  });
  it('keep the line numbers of the original', () => {
    const result = rewriteTemplate({ text: 'a: [1] + [2]', source: 't', line: 1 });
    assert.deepEqual([result.template.line, result.template.text.split('\n').length], [0, 2]);
  });
});
