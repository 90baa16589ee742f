import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Scanner } from '../../../../engine/cue/syntax/scanner.ts';
import * as T from '../../../../engine/cue/syntax/token.ts';

interface Scanned {
  /** Each token's text; `;` for a comma that a line break stands for. */
  readonly tokens: readonly string[];
  readonly issues: readonly string[];
}

function scan(text: string): Scanned {
  const issues: string[] = [];
  const scanner = new Scanner(text, (offset, message) => issues.push(`${offset}: ${message}`));
  const tokens: string[] = [];
  for (scanner.scan(); scanner.tok !== T.EOF; scanner.scan()) {
    assert.ok(tokens.length < 1000, 'the scanner comes to an end');
    tokens.push(scanner.tok === T.COMMA && scanner.automatic ? ';' : text.slice(scanner.start, scanner.end));
  }
  return { tokens, issues };
}

function kindOf(text: string): string {
  const scanner = new Scanner(text, () => assert.fail(`${text} is refused`));
  scanner.scan();
  assert.equal(text.slice(scanner.start, scanner.end), text);
  return T.tokenName(scanner.tok);
}

test('a line break stands for a comma behind what can end an expression', () => {
  for (const end of [
    'a',
    '1',
    '1.5',
    '"s"',
    "'b'",
    '_|_',
    'true',
    'if',
    ')',
    ']',
    '}',
    '?',
    '...',
    '_',
    '#D',
    '@a(b)',
  ]) {
    assert.deepEqual(scan(`${end}\nx`).tokens, [end, ';', 'x', ';'], end);
  }
});

test('a line break stands for nothing behind an operator or an opening bracket', () => {
  for (const end of ['+', '-', '*', '/', '&', '|', '=', ':', '(', '[', '{', '.', '!', '<', '=~']) {
    assert.deepEqual(scan(`${end}\nx`).tokens, [end, 'x', ';'], end);
  }
});

test('a comma or colon on the next line makes the line break mean nothing, as in JSON', () => {
  assert.deepEqual(scan('a\n, b').tokens, ['a', ',', 'b', ';']);
  assert.deepEqual(scan('"a"\n  : 1').tokens, ['"a"', ':', '1', ';']);
});

test('a comment ends a line, and the comma comes before it', () => {
  assert.deepEqual(scan('a // c\nb').tokens, ['a', ';', '// c', 'b', ';']);
});

test('the end of the text stands for a comma too', () => {
  assert.deepEqual(scan('a').tokens, ['a', ';']);
  assert.deepEqual(scan('a,').tokens, ['a', ',']);
});

test('tokens have the kinds of the grammar', () => {
  const kinds: Readonly<Record<string, readonly string[]>> = {
    IDENT: [
      'a',
      '_',
      '_a',
      '#',
      '#D',
      '_#d',
      '__x',
      '$x',
      'a1',
      'é',
      'format',
      'iffy',
      'nulls',
      'lets',
      'fors',
    ],
    INT: ['0', '7', '1_000', '0x1F', '0XAB', '0b101', '0o17', '5K', '1.5Ki', '3Mi'],
    FLOAT: ['1.', '.5', '1.5', '1e3', '1E-3', '1.5e+3', '0e0', '00.5'],
    STRING: [
      '""',
      '"a"',
      "'a'",
      '#"a"#',
      '##"a"##',
      '#""#',
      '"""\n\ta\n\t"""',
      '"\\u00e9"',
      '"\\/"',
      '#"\\n"#',
      "'\\x41\\101'",
    ],
    ATTRIBUTE: ['@a()', '@a(b)', '@a(b=c,{[(x)]})', '@a("(")'],
    '_|_': ['_|_'],
    if: ['if'],
    for: ['for'],
    in: ['in'],
    let: ['let'],
    null: ['null'],
    true: ['true'],
    false: ['false'],
    func: ['func'],
  };
  for (const [kind, texts] of Object.entries(kinds))
    for (const text of texts) assert.equal(kindOf(text), kind, text);
});

test('the longest operator is taken', () => {
  const { tokens } = scan('a<=b<-c=~d!~e==f!=g&&h||i...');
  assert.deepEqual(tokens, 'a <= b <- c =~ d !~ e == f != g && h || i ... ;'.split(' '));
});

test('an interpolation ends the token at its parenthesis and is resumed behind it', () => {
  const text = '"a\\(b)c\\(d)e"';
  const scanner = new Scanner(text, () => assert.fail('refused'));
  const tokens: string[] = [];
  const take = (): void => void tokens.push(text.slice(scanner.start, scanner.end));
  scanner.scan();
  take();
  for (let i = 0; i < 2; i++) {
    scanner.scan(); // (
    scanner.scan();
    take();
    scanner.scan(); // )
    scanner.resumeInterpolation();
    take();
  }
  assert.deepEqual(tokens, ['"a\\(', 'b', ')c\\(', 'd', ')e"']);
  assert.equal(scanner.tok, T.STRING);
});

test('what is no token is reported with its place', () => {
  const refusals: readonly (readonly [string, string])[] = [
    ['"abc', '0: string literal not terminated'],
    ['"a\nb"', '0: string literal not terminated'],
    ['"""x', '0: expected newline after multiline quote """'],
    ['"\\q"', '2: unknown escape sequence'],
    ['"\\', '2: escape sequence not terminated'],
    ['"\\u12g4"', "5: illegal character U+0067 'g' in escape sequence"],
    ['"\\U00110000"', '2: escape sequence is invalid Unicode code point'],
    ["'\\400'", '2: escape sequence is invalid Unicode code point'],
    ['0x', '0: illegal hexadecimal number'],
    ['0b', '0: illegal binary number'],
    ['0o', '0: illegal octal number'],
    ['0755', '0: illegal integer number'],
    ['1__0', "2: illegal '_' in number"],
    ['1_', "1: illegal '_' in number"],
    ['%', "0: illegal character U+0025 '%'"],
    ['_|x', "0: illegal token '_|'; expected '_'"],
    ['..x', "0: illegal token '..'; expected '.'"],
    ['@a b', "4: invalid attribute: expected '('"],
    ['@a(b', "4: attribute missing ')'"],
    ['@a(])', "4: unexpected ']'"],
  ];
  for (const [text, issue] of refusals) assert.equal(scan(text).issues[0], issue, text);
});

test('attributes nested without end are refused, not followed', () => {
  const { issues } = scan('@a('.repeat(5000));
  assert.ok(issues.includes('150: attributes are nested too deeply'));
});
