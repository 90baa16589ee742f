import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { toFloat } from '../../../../engine/cue/number/decimal.ts';
import type * as Ast from '../../../../engine/cue/syntax/ast.ts';
import { formatFile, formatNode } from '../../../../engine/cue/syntax/format.ts';
import { readNumber } from '../../../../engine/cue/syntax/literal.ts';
import { parse } from '../../../../engine/cue/syntax/parser.ts';
import { corpusTexts, mutate, seeded } from '../../../support/cue-texts.ts';

const RUNS = process.env['MAINSHEET_LONG'] === '1' ? 20_000 : 1500;

function file(text: string): Ast.File {
  const result = parse({ name: 'test.cue', text });
  assert.ok(result.ok, result.ok ? '' : `${result.issues[0]?.message}\n${text}`);
  return result.value;
}

function format(text: string): string {
  return formatFile(file(text));
}

/** The tree without what printing may change: places, how literals are written, doubled parentheses. */
function meaning(node: unknown): unknown {
  if (typeof node !== 'object' || node === null || node instanceof Uint8Array) return node;
  if (Array.isArray(node)) return node.map(meaning);
  const { type } = node as { type?: string };
  if (type === 'paren' && (node as Ast.ParenExpr).inner.type === 'paren')
    return meaning((node as Ast.ParenExpr).inner);
  if (type === 'binary') return operators(node as Ast.BinaryExpr);
  const out: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(node)) {
    if (['start', 'end', 'opStart', 'comments', 'raw', 'raws', 'source', 'quote', 'chained'].includes(key)) {
      if (key === 'source' && type !== 'file') out[key] = meaning(value);
      if (key === 'raw' && type === 'number') out[key] = number(String(value));
      continue;
    }
    out[key] = meaning(value);
  }
  // `...` and `..._` are the same.
  if (type === 'ellipsis' && (node as Ast.Ellipsis).value?.type === 'ident') {
    const { value } = node as Ast.Ellipsis;
    if (value?.type === 'ident' && value.name === '_') out['value'] = null;
  }
  return out;
}

/** A chain of operators from the last one on, as a list: a long chain is deep as a tree. */
function operators(expr: Ast.BinaryExpr): unknown {
  const parts: unknown[] = [];
  let at: Ast.Expr = expr;
  for (; at.type === 'binary'; at = at.left) parts.push(at.op, meaning(at.right));
  return [...parts, meaning(at)];
}

/** A number's kind and value; `1.` is printed as `1.0`. */
function number(raw: string): unknown {
  const value = readNumber(raw);
  if (typeof value === 'bigint') return `${value}`;
  return 'message' in value ? value.message : `${value.type} ${toFloat(value.value)}`;
}

function commentLines(node: unknown): string[] {
  const lines: string[] = [];
  const visit = (value: unknown, key: string): void => {
    if (typeof value !== 'object' || value === null || key === 'imports') return;
    if ('type' in value && value.type === 'binary') {
      let at = value as Ast.Expr;
      for (; at.type === 'binary'; at = at.left) {
        visit(at.right, 'right');
        visit(at.comments ?? [], 'comments');
      }
      visit(at, 'left');
      return;
    }
    if ('lines' in value && Array.isArray(value.lines))
      lines.push(...value.lines.map((line) => String(line).trim()));
    for (const [name, child] of Object.entries(value)) if (!('lines' in value)) visit(child, name);
  };
  visit(node, '');
  return lines.sort();
}

test('values and comments stand in columns, and nesting is tabs', () => {
  const text = 'a:1 // one\nlonger:   2 // two\n\nb: {\nc:3\n  dd: 4\n}\n';
  assert.equal(format(text), 'a:      1 // one\nlonger: 2 // two\n\nb: {\n\tc:  3\n\tdd: 4\n}\n');
});

test('what the source has on one line stays there', () => {
  for (const text of [
    'a: {b: 1}\n',
    'a: {b: 1, c: 2}\n',
    'a: [1, 2, {b: 1}]\n',
    'a: b: c: 1\n',
    'a: {}\n',
    'a: []\n',
  ]) {
    assert.equal(format(text), text);
  }
});

test('empty lines stay, but never two in a row', () => {
  assert.equal(format('a: 1\n\n\n\nb: 2\n'), 'a: 1\n\nb: 2\n');
});

test('operators get blanks by how strongly they bind', () => {
  assert.equal(format('a: b*c+d\nx: f(1+2,3*4)\ny: b&c|d\n'), 'a: b*c + d\nx: f(1+2, 3*4)\ny: b & c | d\n');
});

test('numbers are written out', () => {
  assert.equal(format('a: [.5, 1., 1E3, 0XAB]\n'), 'a: [0.5, 1.0, 1e3, 0XAB]\n');
});

test('multi-line strings are indented with their field', () => {
  assert.equal(
    format('a: b: {\nc: """\n  x\n   y\n  """\n}\n'),
    'a: b: {\n\tc: """\n\t\tx\n\t\t y\n\t\t"""\n}\n',
  );
});

test('simplifying drops quotes and braces that say nothing', () => {
  const simple = (text: string): string => formatFile(file(text), { simplify: true });
  assert.equal(simple('"a": {"b": 1}\n'), 'a: b: 1\n');
  assert.equal(simple('"a": 1\nb: a\na: int\n'), '"a": 1\nb:   a\na:   int\n');
  assert.equal(simple('a: {..., b: 1, c: 2}\n'), 'a: {b: 1, c: 2\n\t...\n}\n');
});

test('a node without a source is laid out anew', () => {
  const made = { start: -1, end: -1 } as const;
  const value: Ast.Expr = { type: 'number', ...made, raw: '1' };
  const label: Ast.Ident = { type: 'ident', ...made, name: 'a' };
  const bare = { type: 'field', ...made, alias: null, label, constraint: 'regular', attributes: [] } as const;
  const inner: Ast.StructLit = { type: 'struct', ...made, chained: false, decls: [{ ...bare, value }] };
  const outer: Ast.StructLit = {
    type: 'struct',
    ...made,
    chained: false,
    decls: [{ ...bare, value: inner }],
  };
  assert.equal(formatNode(outer), '{\n\ta: {\n\t\ta: 1\n\t}\n}');
  assert.equal(formatNode(outer, { simplify: true }), '{\n\ta: a: 1\n}');
  const sum: Ast.Expr = { type: 'binary', ...made, op: '+', opStart: -1, left: value, right: value };
  const product: Ast.Expr = { type: 'binary', ...made, op: '*', opStart: -1, left: sum, right: sum };
  assert.equal(formatNode(product), '(1 + 1) * (1 + 1)');
});

test('printing and parsing again gives the same tree and the same comments, and printing twice changes nothing', () => {
  let checked = 0;
  const random = seeded(7);
  for (const text of corpusTexts().flatMap((one) => [one, mutate(one, random)])) {
    const result = parse({ name: 'test.cue', text });
    if (!result.ok) continue;
    checked++;
    const printed = formatFile(result.value);
    const again = file(printed);
    assert.deepEqual(meaning(again), meaning(result.value), text);
    assert.deepEqual(commentLines(again), commentLines(result.value), text);
    assert.equal(formatFile(again), printed, text);
  }
  assert.ok(checked > 1000, `${checked} texts`);
});

test('simplified text says the same after printing it again', () => {
  for (const text of corpusTexts()) {
    const result = parse({ name: 'test.cue', text });
    if (!result.ok) continue;
    const printed = formatFile(result.value, { simplify: true });
    assert.equal(formatFile(file(printed), { simplify: true }), printed, text);
  }
});

// ---- generated programs

const name = fc.constantFrom('a', 'b', 'cc', '_h', '#D', '"x-y"', '"a"', 'if', '$p');
const space = fc.constantFrom('', ' ', '  ', '\t');
const gap = fc.constantFrom(
  '\n',
  '\n\n',
  '\n\n\n',
  ',',
  ', ',
  ',\n',
  ' // note\n',
  '\n// above\n',
  '\n\n// apart\n\n',
);

const { expression } = fc.letrec<{
  expression: string;
  struct: string;
  list: string;
  decls: string;
  operand: string;
}>((tie) => ({
  operand: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(
      '1',
      '1.50',
      '.5',
      '0x1F',
      '"s"',
      "'b'",
      'x',
      '_',
      'null',
      'true',
      '_|_',
      '#D',
      '"\\(x)-\\(y.z)"',
      '"""\n\tm\n\t n\n\t"""',
    ),
    tie('struct'),
    tie('list'),
    fc.tuple(tie('expression'), space).map(([e, s]) => `(${s}${e}${s})`),
    fc
      .tuple(
        fc.constantFrom('x', 'y.z', 'len', 'strings.Join'),
        fc.array(tie('expression'), { maxLength: 3 }),
      )
      .map(([f, a]) => `${f}(${a.join(',')})`),
    fc.tuple(fc.constantFrom('-', '!', '>', '<=', '=~', '*'), tie('operand')).map(([op, e]) => `${op}${e}`),
    tie('expression').map((e) => `x[${e}].y`),
  ),
  expression: fc
    .array(
      fc.tuple(tie('operand'), space, fc.constantFrom('+', '*', '&', '|', '==', '&&', ' div ', '-'), space),
      { minLength: 1, maxLength: 4 },
    )
    .map((parts) =>
      parts.map(([e, s, op, t], i) => (i === parts.length - 1 ? e : `${e}${s}${op}${t}`)).join(''),
    ),
  list: fc
    .tuple(
      fc.array(tie('expression'), { maxLength: 3 }),
      fc.constantFrom('', '...', '...int'),
      fc.constantFrom(', ', ',\n', ', // in\n'),
    )
    .map(([elements, more, comma]) => `[${[...elements, ...(more === '' ? [] : [more])].join(comma)}]`),
  struct: fc.tuple(tie('decls'), fc.constantFrom('', '\n', ' ')).map(([d, s]) => `{${s}${d}${s}}`),
  decls: fc
    .array(
      fc.oneof(
        fc
          .tuple(name, fc.constantFrom('', '?', '!'), space, tie('expression'))
          .map(([l, m, s, e]) => `${l}${m}:${s}${e}`),
        fc.tuple(name, name, tie('expression')).map(([l, m, e]) => `${l}: ${m}: ${e}`),
        tie('expression').map((e) => `[string]: ${e}`),
        fc.tuple(tie('expression'), tie('struct')).map(([e, s]) => `if ${e} ${s}`),
        fc.tuple(tie('expression'), tie('struct')).map(([e, s]) => `for k, v in ${e} if v ${s}`),
        tie('expression'),
        fc.constantFrom('...', '@a(b)', 'a: 1 @x(y) @z()'),
      ),
      { maxLength: 4 },
    )
    .chain((decls) =>
      fc
        .array(gap, { minLength: decls.length, maxLength: decls.length })
        .map((gaps) => decls.map((d, i) => d + (gaps[i] ?? '')).join('')),
    ),
}));

test('generated programs keep their meaning, and printing them twice changes nothing', () => {
  let checked = 0;
  fc.assert(
    fc.property(expression, (text) => {
      const result = parse({ name: 'test.cue', text: `a: ${text}\n` });
      if (!result.ok) return;
      checked++;
      for (const simplify of [false, true]) {
        const printed = formatFile(result.value, { simplify });
        const again = file(printed);
        if (!simplify) assert.deepEqual(meaning(again), meaning(result.value));
        assert.equal(formatFile(again, { simplify }), printed);
      }
    }),
    { numRuns: RUNS, seed: 11 },
  );
  assert.ok(checked > RUNS / 3, `${checked} of ${RUNS} were programs`);
});

test('a long chain of operators is printed without deep recursion', () => {
  const text = `a: ${Array.from({ length: 20_000 }, () => '1').join(' + ')}\n`;
  assert.equal(format(text), text);
});
