import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isBuiltinError } from '../../../engine/cue/std/builtin.ts';
import { plainRegexp } from '../../../engine/definitions/plain-regexp.ts';
import { MAX_PATTERN_LENGTH, regexpLibrary } from '../../../engine/definitions/regexp-library.ts';

function compiled(pattern: string) {
  const regexp = regexpLibrary.compile(pattern);
  assert.ok(!isBuiltinError(regexp), pattern);
  return regexp;
}

function refusal(pattern: string): string {
  const regexp = regexpLibrary.compile(pattern);
  assert.ok(isBuiltinError(regexp), pattern);
  return regexp.message;
}

test('what RE2 refuses is refused with its message', () => {
  assert.equal(refusal('('), 'error parsing regexp: missing closing ): `(`');
  assert.equal(refusal('a(?=b)'), 'error parsing regexp: invalid or unsupported Perl syntax: `(?=`');
  assert.equal(refusal('(a)\\1'), 'error parsing regexp: invalid escape sequence: `\\1`');
  assert.equal(refusal('x{1001}'), 'error parsing regexp: invalid repeat count: `{1001}`');
  assert.equal(refusal('a**'), 'error parsing regexp: invalid nested repetition operator: `**`');
});

test('flags, classes and groups are those of RE2', () => {
  assert.ok(compiled('(?i)straSSE').test('STRASSE'));
  assert.ok(compiled('(?s)a.b').test('a\nb'));
  assert.ok(!compiled('a.b').test('a\nb'));
  assert.ok(compiled('^\\p{Greek}+$').test('αβγ'));
  assert.ok(compiled('(?m)^x$').test('a\nx\nb'));
  assert.deepEqual(compiled('(?P<a>x)(y)(?<b>z)').groupNames, ['a', null, 'b']);
});

test('offsets count UTF-16 units and groups that took no part are -1', () => {
  assert.deepEqual(compiled('(a)|(é)').find('😀é', 0), [
    [2, 3],
    [-1, -1],
    [2, 3],
  ]);
  assert.deepEqual(compiled('\\bx').find('ax x', 1), [[3, 4]]);
  assert.equal(compiled('^x').find('xx', 1), null);
});

test('a pattern that makes other engines hang is matched in linear time', () => {
  assert.ok(!compiled('^(a+)+$').test(`${'a'.repeat(50_000)}b`));
  assert.ok(!compiled('(x+x+)+y').test('x'.repeat(50_000)));
});

test('patterns that are too long or compile to too much are refused', () => {
  assert.match(refusal('a'.repeat(MAX_PATTERN_LENGTH + 1)), /expression too large/);
  assert.match(refusal(`(?:${'a'.repeat(900)}){1000}`), /expression too large/);
  assert.match(refusal('('.repeat(5000) + ')'.repeat(5000)), /expression nests too deeply/);
});

test('patterns left to the platform answer as RE2 does, and those that could be slow are not left to it', () => {
  const plain = [
    '^([1-9][0-9]{0,63})(E|P|Ki|Mi)$',
    '^x?y{2,3}$',
    '^(a|ab)(c|bcd)$',
    '^[0-9]+\\.[0-9]$',
    '^a\\?b{1}$',
  ];
  const texts = [
    '1',
    '1Ki',
    '64Mi',
    '0E',
    'xyy',
    'yyyy',
    'abcd',
    'ac',
    'abc',
    '1.5',
    '12.',
    'a?b',
    'ab',
    '1Ki\n',
    '',
  ];
  for (const pattern of plain) {
    const platform = plainRegexp(pattern);
    assert.ok(platform !== null, pattern);
    const re2 = compiled(`(?:${pattern})`);
    for (const text of texts) assert.equal(platform.test(text), re2.test(text), `${pattern} ${text}`);
  }
  const others = ['^(a+)+$', '^a*b*$', 'a+$', '^[z-a]$', '^a{2000}$', '^a{3,1}$', `^${'(a|a)'.repeat(20)}$`];
  for (const pattern of others) assert.equal(plainRegexp(pattern), null, pattern);
});
