import assert from 'node:assert/strict';
import { test } from 'node:test';
import { format } from '../../../../engine/cue/number/decimal.ts';
import { isIntLiteral, readNumber, unquote, unquoteParts } from '../../../../engine/cue/syntax/literal.ts';
import { quoteBytes, quoteLines, quoteText } from '../../../../engine/cue/syntax/quote.ts';

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

test('strings lose their quotes and escapes', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['""', ''],
    ['"a"', 'a'],
    ['"a\\"b"', 'a"b'],
    ['"\\a\\b\\f\\n\\r\\t\\v\\\\\\/"', '\x07\b\f\n\r\t\v\\/'],
    ['"\\u00e9\\U0001F600"', 'é😀'],
    ['"\\ud83d\\ude00"', '😀'],
    ['#"a\\nb"#', 'a\\nb'],
    ['#"a\\#nb"#', 'a\nb'],
    ['#"a"b"#', 'a"b'],
    ['##"a"#b"##', 'a"#b'],
    ['#""#', ''],
  ];
  for (const [raw, value] of cases) assert.equal(unquote(raw), value, raw);
});

test('a multi-line string loses its first and last line break and its indentation', () => {
  assert.equal(unquote('"""\n\ta\n\t\tb\n\n\tc\n\t"""'), 'a\n\tb\n\nc');
  assert.equal(unquote('"""\n\t"""'), '');
  assert.equal(unquote('"""\n\t\n\t"""'), '');
  assert.equal(unquote('"""\n\n\t"""'), '');
  assert.equal(unquote('"""\r\n\ta\r\n\tb\r\n\t"""'), 'a\nb');
  assert.equal(unquote('#"""\n\t\\n"""\n\t"""#'), '\\n"""');
  assert.deepEqual(unquote("'''\n  a\n  '''"), bytes('a'));
});

test('bytes may be spelled one by one', () => {
  assert.deepEqual(unquote("'\\x41\\101\\xff'"), Uint8Array.from([0x41, 0x41, 0xff]));
  assert.deepEqual(unquote("'é\\u00e9\\U0001F600'"), bytes('éé😀'));
  assert.deepEqual(unquote("'a\"\\''"), bytes('a"\''));
});

test('literals that the scanner takes may have no value all the same', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['"\\101"', 'invalid string: invalid syntax'],
    ['"\\x41"', 'invalid string: invalid syntax'],
    ['"\\ud83d"', 'invalid string: unmatched surrogate pair'],
    ['"\\ude00"', 'invalid string: unmatched surrogate pair'],
    ['"\\ud83dx"', 'invalid string: unmatched surrogate pair'],
    ['"""\n\ta\nb\n\t"""', 'invalid string: invalid string: invalid whitespace'],
    ['"""\na\n\t"""', 'invalid string: invalid whitespace'],
    ['"a\rb"', 'invalid string: invalid syntax'],
  ];
  for (const [raw, message] of cases) assert.deepEqual(unquote(raw), { type: 'error', message }, raw);
});

test('the parts of an interpolation share quotes and indentation', () => {
  assert.deepEqual(unquoteParts(['"a\\(', ')\\n\\(', ')b"']), ['a', '\n', 'b']);
  assert.deepEqual(unquoteParts(['"""\n\ta\\(', ')\n\tb\n\t"""']), ['a', '\nb']);
  assert.deepEqual(unquoteParts(["'\\x00\\(", ")'"]), [Uint8Array.from([0]), Uint8Array.from([])]);
});

test('an int literal is exact, whatever its base and multiplier', () => {
  const cases: readonly (readonly [string, bigint])[] = [
    ['0', 0n],
    ['1_000_000', 1_000_000n],
    ['0x1F', 31n],
    ['0X_ff', 255n],
    ['0b101', 5n],
    ['0o17', 15n],
    ['5K', 5000n],
    ['1.5Ki', 1536n],
    ['0.5Ki', 512n],
    ['2Pi', 2251799813685248n],
    ['1P', 1_000_000_000_000_000n],
    ['123456789012345678901234567890', 123456789012345678901234567890n],
    ['12345678901234567890123456789012345678K', 12345678901234567890123456789012350000000n],
  ];
  for (const [raw, value] of cases) {
    assert.equal(readNumber(raw), value, raw);
    assert.ok(isIntLiteral(raw), raw);
  }
});

test('a float literal keeps its zeros', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['1.50', '1.50'],
    ['1.', '1'],
    ['.5', '0.5'],
    ['00.5', '0.5'],
    ['1e3', '1E+3'],
    ['0e5', '0E+5'],
    ['1_0.5', '10.5'],
    ['1e100000', '1E+100000'],
    // Out of range: CUE goes on with the coefficient alone.
    ['1e100001', '1'],
    ['1.5e999999999', '15'],
    ['1e2147483648', 'NaN'],
  ];
  for (const [raw, text] of cases) {
    const value = readNumber(raw);
    assert.ok(typeof value === 'object' && value.type === 'float', raw);
    assert.equal(format(value.value), text, raw);
    assert.ok(!isIntLiteral(raw), raw);
  }
});

test('a multiplier has to give a whole number', () => {
  assert.deepEqual(readNumber('0.0003K'), {
    type: 'error',
    message: 'parse error: number cannot be represented as int',
  });
});

test('a number of a million digits is refused, not computed', () => {
  const value = readNumber('9'.repeat(1_000_000));
  assert.ok(typeof value === 'object' && value.type === 'error');
});

test('what is quoted reads back as the same value', () => {
  const texts = [
    '',
    'a',
    '"',
    '\\',
    '\\(x)',
    'é😀',
    '\x00\x07\n\t\r',
    'a\nb',
    '"""\n"""#',
    '\u200b\ufeff',
    'x\n',
    '\n',
  ];
  for (const text of texts) {
    assert.equal(unquote(quoteText(text)), text);
    assert.equal(unquote(quoteLines(text, 2)), text);
    assert.deepEqual(unquote(quoteBytes(bytes(text))), bytes(text));
  }
  const all = Uint8Array.from({ length: 256 }, (_, i) => i);
  assert.deepEqual(unquote(quoteBytes(all)), all);
});
