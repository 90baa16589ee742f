import assert from 'node:assert/strict';
import { test } from 'node:test';
import type * as Ast from '../../../../engine/cue/syntax/ast.ts';
import { DEFAULT_MAX_DEPTH, parse, parseExpr } from '../../../../engine/cue/syntax/parser.ts';

function file(text: string): Ast.File {
  const result = parse({ name: 'test.cue', text });
  assert.ok(result.ok, result.ok ? '' : `${text}: ${result.issues[0]?.message}`);
  return result.value;
}

function expr(text: string): Ast.Expr {
  const result = parseExpr({ name: 'test.cue', text });
  assert.ok(result.ok, result.ok ? '' : `${text}: ${result.issues[0]?.message}`);
  return result.value;
}

/** The expression with all its operators in parentheses. */
function shown(e: Ast.Expr): string {
  switch (e.type) {
    case 'binary':
      return `(${shown(e.left)} ${e.op} ${shown(e.right)})`;
    case 'unary':
      return `(${e.op}${shown(e.operand)})`;
    case 'paren':
      return shown(e.inner);
    case 'ident':
      return e.name;
    case 'number':
    case 'string':
      return e.raw;
    case 'selector':
      return `${shown(e.operand)}.${e.selector.type === 'ident' ? e.selector.name : e.selector.raw}`;
    case 'index':
      return `${shown(e.operand)}[${shown(e.index)}]`;
    case 'slice':
      return `${shown(e.operand)}[${e.low ? shown(e.low) : ''}:${e.high ? shown(e.high) : ''}]`;
    case 'call':
      return `${shown(e.callee)}(${e.args.map(shown).join(', ')})`;
    default:
      return e.type;
  }
}

function firstField(text: string): Ast.Field {
  const [decl] = file(text).decls;
  assert.equal(decl?.type, 'field');
  return decl;
}

/** The first issue as `line:column message`. */
function refusal(text: string): string {
  const result = parse({ name: 'test.cue', text });
  assert.ok(!result.ok, `${text} is accepted`);
  const [first] = result.issues;
  return `${first?.line}:${first?.column} ${first?.message}`;
}

test('operators bind as the specification says and lean to the left', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['a | b & c', '(a | (b & c))'],
    ['a || b && c', '(a || (b && c))'],
    ['a & b || c', '(a & (b || c))'],
    ['a == b + c * d', '(a == (b + (c * d)))'],
    ['a - b - c', '((a - b) - c)'],
    ['-a.b[0](1) + !c', '((-a.b[0](1)) + (!c))'],
    ['a div b * c', '((a div b) * c)'],
    ['a mod b quo c rem d', '(((a mod b) quo c) rem d)'],
    ['*1 | >=2 & <3', '((*1) | ((>=2) & (<3)))'],
    ['=~"a" & !~"b"', '((=~"a") & (!~"b"))'],
    ['(a | b) & c', '((a | b) & c)'],
    ['a[1:2][:3][4:]', 'a[1:2][:3][4:]'],
    ['a."b-c".if', 'a."b-c".if'],
  ];
  for (const [text, wanted] of cases) assert.equal(shown(expr(text)), wanted, text);
});

test('labels may be identifiers, strings, keywords, computed, or patterns', () => {
  const labels: readonly (readonly [string, Ast.Label['type']])[] = [
    ['a', 'ident'],
    ['_a', 'ident'],
    ['#A', 'ident'],
    ['"a-b"', 'string'],
    ["'a'", 'bytes'],
    ['"\\(x)"', 'interpolation'],
    ['(x)', 'paren'],
    ['[string]', 'pattern'],
    ['[X=string]', 'pattern'],
    ...['if', 'for', 'in', 'let', 'func', 'null', 'true', 'false'].map((word) => [word, 'ident'] as const),
  ];
  for (const [label, type] of labels) {
    for (const mark of ['', '?', '!']) {
      const field = firstField(`${label}${mark}: 1`);
      assert.equal(field.label.type, type, label);
      assert.equal(field.constraint, mark === '' ? 'regular' : mark === '?' ? 'optional' : 'required');
    }
  }
});

test('`a: b: 1` is a struct without braces', () => {
  const outer = firstField('a: b?: "c"!: 1 @x(y)');
  assert.ok(outer.value.type === 'struct' && outer.value.chained);
  const [inner] = outer.value.decls;
  assert.ok(inner?.type === 'field' && inner.constraint === 'optional');
  assert.ok(inner.value.type === 'struct' && inner.value.chained);
  const [last] = inner.value.decls;
  assert.ok(last?.type === 'field' && last.constraint === 'required');
  assert.deepEqual(
    last.attributes.map(({ name, body }) => [name, body]),
    [['x', 'y']],
  );
  assert.ok(!(firstField('a: {b: 1}').value as Ast.StructLit).chained); // it is a struct
});

test('aliases stand before labels, values and patterns', () => {
  assert.equal(firstField('X="a-b": 1').alias?.name, 'X');
  assert.equal(firstField('X=[string]: 1').alias?.name, 'X');
  assert.equal(firstField('a: X={b: 1}').value.type, 'alias');
  const { label } = firstField('[X=string]: 1');
  assert.ok(label.type === 'pattern' && label.expr.type === 'alias' && label.expr.name.name === 'X');
  assert.match(refusal('X = 1'), /^1:1 use of deprecated old-style alias/);
});

test('comprehensions have clauses in any number', () => {
  const [decl] = file('for k, v in x if v let y = v {(k): y}').decls;
  assert.equal(decl?.type, 'comprehension');
  assert.deepEqual(
    decl.clauses.map(({ type }) => type),
    ['for', 'if', 'letClause'],
  );
  const list = expr('[for x in y {x}, 1, if z {2}]');
  assert.ok(list.type === 'list');
  assert.deepEqual(
    list.elements.map(({ type }) => type),
    ['comprehension', 'number', 'comprehension'],
  );
});

test('package and imports come first', () => {
  const parsed = file(
    '@a()\npackage p\nimport "strings"\nimport (\n\tj "encoding/json"\n\t"x.org/y:z"\n)\na: 1',
  );
  assert.equal(parsed.packageName, 'p');
  assert.deepEqual(
    parsed.imports.map(({ alias, path }) => [alias, path]),
    [
      [null, 'strings'],
      ['j', 'encoding/json'],
      [null, 'x.org/y:z'],
    ],
  );
  assert.deepEqual(
    parsed.preamble.map(({ type }) => type),
    ['attribute', 'package', 'imports', 'imports'],
  );
  assert.equal(parsed.decls.length, 1);
  assert.equal(refusal('a: 1\nimport "strings"'), `2:8 expected label or ':', found 'STRING' "strings"`);
  assert.equal(refusal('import "a b"'), '1:8 invalid import path: "a b"');
});

test('a literal without a value is left to the compiler', () => {
  const { value } = firstField('a: "\\101"');
  assert.deepEqual(
    [value.type, value.type === 'badLiteral' && value.message],
    ['badLiteral', 'invalid string: invalid syntax'],
  );
});

test('places are offsets of the first character and behind the last', () => {
  const text = 'a: b: {c: [1, -x.y]} // z\n';
  const field = firstField(text);
  assert.equal(text.slice(field.start, field.end), 'a: b: {c: [1, -x.y]}');
  const inner = field.value.type === 'struct' ? field.value.decls[0] : undefined;
  assert.equal(inner && text.slice(inner.start, inner.end), 'b: {c: [1, -x.y]}');
});

test('what is refused says where and why', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['a: {b: 1', "1:9 expected '}', found 'EOF'"],
    ['a: 1}', "1:5 expected 'EOF', found '}'"],
    ['a: 1 2', "1:6 missing ',' in struct literal"],
    ['a: [1 2]', "1:7 missing ',' in list literal"],
    ['a: [1\n2]', "2:1 missing ',' before newline in list literal"],
    ['a: [..., 1]', "1:10 expected ']', found 'INT' 1"],
    ['a 1', "1:3 expected label or ':', found 'INT' 1"],
    ['a: ', "1:4 expected operand, found 'EOF'"],
    ['a: x.', "1:6 expected selector, found 'EOF'"],
    ['a: "\\(\n1 + 2\n)"', "2:6 expected ')' for string interpolation"],
    ['__a: 1', "1:1 identifiers starting with '__' are reserved"],
    ['[a, b]: 1', '1:1 square bracket must have exactly one element'],
    ['package #p', '1:11 invalid package name #p'],
    ['a: 1 @experiment(x)\n', ''],
    ['@experiment(nonsense)\na: 1', '2:1 unknown experiment "nonsense"'],
    ['a: "\ud800"', '1:5 illegal UTF-8 encoding'],
    ['a: "\0"', '1:5 illegal character NUL'],
  ];
  for (const [text, wanted] of cases) {
    if (wanted === '') file(text);
    else assert.equal(refusal(text), wanted, text);
  }
});

test('several mistakes are reported in the order of the text, at most one a line', () => {
  const result = parse({ name: 'test.cue', text: 'a: )\nb: 1 2 3\nc: "\\q"\nd: 1' });
  assert.ok(!result.ok);
  const lines = result.issues.map(({ line }) => line);
  assert.deepEqual(
    lines,
    [...lines].sort((a, b) => a - b),
  );
  assert.equal(lines[0], 1);
});

test('names that clash in their scope are refused', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['let x = 1\nx: 2', '2:4 cannot have both alias and field with name "x" in same scope'],
    ['let x = 1\nlet x = 2\na: x', '2:1 alias "x" redeclared in same scope'],
    ['X="a": 1\nX="b": 2', '2:1 alias "X" redeclared in same scope'],
    ['let x = 1\na: {x: 2}', '2:8 cannot have both alias and field with name "x" in same scope'],
    [
      'a: string\n[a]: 1',
      '2:2 reference "a" in label expression refers to field against which it would be matched',
    ],
    [
      'string: 1\n[string]: 1',
      '2:2 reference "string" in label expression refers to field against which it would be matched',
    ],
  ];
  for (const [text, wanted] of cases) assert.equal(refusal(text), wanted, text);
  for (const text of ['let x = 1\na: let x = 2, x', 'x: 1\nfor x in [1] {"\\(x)": x}', '[string]: 1\na: 1'])
    file(text);
});

test('nesting beyond the limit is an issue of its own, whatever is nested', () => {
  const forms: readonly ((n: number) => string)[] = [
    (n) => `a: ${'{a: '.repeat(n)}1${'}'.repeat(n)}`,
    (n) => `a: ${'['.repeat(n)}1${']'.repeat(n)}`,
    (n) => `a: ${'('.repeat(n)}1${')'.repeat(n)}`,
    (n) => `a: ${'f('.repeat(n)}1${')'.repeat(n)}`,
    (n) => `a: ${'- '.repeat(n)}1`,
    (n) => `a: ${'"\\('.repeat(n)}1${')"'.repeat(n)}`,
    (n) => `${'a: '.repeat(n)}1`,
    (n) => `a: b${'.c'.repeat(n)}`,
    (n) => `a: b${'[0]'.repeat(n)}`,
    (n) => `a: ${'[for x in y {'.repeat(n)}a${'}]'.repeat(n)}`,
    (n) => `a: ${'[X='.repeat(n)}1${']'.repeat(n)}`,
  ];
  for (const form of forms) {
    const deep = parse({ name: 'deep.cue', text: form(100_000) });
    assert.ok(!deep.ok);
    assert.deepEqual(
      deep.issues.map(({ code }) => code),
      ['budget'],
      form(2),
    );
    file(form(20));
    assert.ok(!parse({ name: 'deep.cue', text: form(20) }, { maxDepth: 10 }).ok, form(2));
  }
  file(`a: ${'{a: '.repeat(DEFAULT_MAX_DEPTH - 1)}1${'}'.repeat(DEFAULT_MAX_DEPTH - 1)}`);
});

test('a long chain of operators is no nesting', () => {
  const long = expr(Array.from({ length: 50_000 }, () => '1').join(' + '));
  assert.equal(long.type, 'binary');
});

test('a text full of mistakes is given up early', () => {
  for (const mistake of ['% ', '"\\q" ', 'a b ', '] ', 'a: )\n', '1 2\n', '@a\n']) {
    const result = parse({ name: 'bad.cue', text: mistake.repeat(100_000) });
    assert.ok(!result.ok && result.issues.length <= 60, mistake);
  }
});
