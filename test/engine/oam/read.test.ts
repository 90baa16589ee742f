import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonValue } from '../../../engine/json.ts';
import { readManifests } from '../../../engine/oam/read.ts';

function values(text: string): readonly JsonValue[] {
  const read = readManifests(text);
  assert.ok(read.ok, JSON.stringify(read));
  return read.value.map((m) => m.value);
}

function refusal(
  text: string,
  limits?: { bytes: number; depth: number; nodes: number },
): { code: string; line: number | undefined; column: number | undefined } {
  const read = limits === undefined ? readManifests(text) : readManifests(text, { limits });
  assert.ok(!read.ok, 'was read');
  const [issue] = read.issues;
  return { code: issue!.code, line: issue!.span?.line, column: issue!.span?.column };
}

describe('YAML is read as Kubernetes tools read it', () => {
  it('knows the words of YAML 1.1 for booleans, also as keys', () => {
    assert.deepEqual(values('a: [y, Yes, on, true, n, No, OFF, false]\non: 1\ny: 2'), [
      { a: [true, true, true, true, false, false, false, false], true: 2 },
    ]);
  });
  it('reads octal, hexadecimal, binary and numbers with underscores', () => {
    assert.deepEqual(values('a: [010, 0o10, 0x1F, 0b11, 1_000, -07, +1, 08, 1_0.5, 1., .5, 1e3]'), [
      { a: [8, 8, 31, 3, 1000, -7, 1, 8, 10.5, 1, 0.5, 1000] },
    ]);
  });
  it('leaves times, dates, sexagesimals and quoted words as strings', () => {
    assert.deepEqual(values('a: [1:30, 2001-12-14, "yes", \'010\', 1_000x, .x]'), [
      { a: ['1:30', '2001-12-14', 'yes', '010', '1_000x', '.x'] },
    ]);
  });
  it('reads explicit tags', () => {
    assert.deepEqual(values('a: !!str 5\nb: !!int "5"\nc: !!binary aGk=\nd: ! 5'), [
      { a: '5', b: 5, c: 'hi', d: '5' },
    ]);
  });
  it('rounds numbers to float64', () => {
    assert.deepEqual(values('a: 9007199254740993\nb: 1.0\nc: -0'), [{ a: 9007199254740992, b: 1, c: 0 }]);
  });
  it('lets the last of double keys win and warns with the line', () => {
    const read = readManifests('a: 1\nb: 2\na: 3\n');
    assert.ok(read.ok);
    assert.deepEqual(read.value[0]!.value, { a: 3, b: 2 });
    assert.equal(read.warnings?.length, 1);
    assert.equal(read.warnings?.[0]?.code, 'duplicate-key');
    assert.equal(read.warnings?.[0]?.span?.line, 3);
  });
  it('merges with << in the order of the text', () => {
    assert.deepEqual(values('p: &p {a: 1, b: 1}\nq: &q {a: 2, c: 2}\nz: {<<: [*p, *q], c: 3}'), [
      { p: { a: 1, b: 1 }, q: { a: 2, c: 2 }, z: { a: 1, b: 1, c: 3 } },
    ]);
  });
  it('reads several documents and the items of Lists, and skips empty ones', () => {
    assert.deepEqual(
      values('---\na: 1\n---\n# nothing\n---\nkind: List\nitems: [{b: 2}, {kind: XList, items: [{c: 3}]}]\n'),
      [{ a: 1 }, { b: 2 }, { c: 3 }],
    );
  });
  it('keeps a key named __proto__ as data', () => {
    const [value] = values('{"__proto__": {"x": 1}}');
    assert.deepEqual(Object.keys(value as object), ['__proto__']);
    assert.equal(({} as { x?: number }).x, undefined);
  });
});

describe('JSON', () => {
  it('is read with its duplicate keys reported', () => {
    const read = readManifests('{"a": 1, "a": 2, "b": [true, null, "\\u00e9"]}');
    assert.ok(read.ok);
    assert.deepEqual(read.value[0]!.value, { a: 2, b: [true, null, 'é'] });
    assert.equal(read.warnings?.[0]?.code, 'duplicate-key');
  });
  it('falls back to YAML for flow style', () => {
    assert.deepEqual(values('{a: [b, c]}'), [{ a: ['b', 'c'] }]);
  });
});

describe('refusals name line and column', () => {
  it('of broken syntax', () => {
    assert.deepEqual(refusal('a: 1\nb: [1, 2\nc: 3\n'), { code: 'yaml-syntax', line: 3, column: 1 });
  });
  it('of a document that is no object', () => {
    assert.deepEqual(refusal('a: 1\n---\n- 1\n'), { code: 'not-an-object', line: 3, column: 1 });
  });
  it('of an alias without an anchor, and of one inside itself', () => {
    assert.equal(refusal('a: *b').code, 'yaml-syntax');
    assert.equal(refusal('a: &b [*b]').code, 'yaml-syntax');
  });
  it('of .inf, of a null key, of an empty text', () => {
    assert.equal(refusal('a: .inf').code, 'number-out-of-range');
    assert.equal(refusal('~: 1').code, 'yaml-key');
    assert.equal(refusal('# nothing').code, 'empty-document');
  });
});

describe('caps', () => {
  const limits = { bytes: 1000, depth: 20, nodes: 500 };
  it('hold bytes in UTF-8', () => {
    assert.equal(refusal(`a: ${'é'.repeat(499)}`, limits).code, 'text-too-large');
    assert.ok(readManifests(`a: ${'é'.repeat(498)}`, { limits }).ok);
  });
  it('hold depth in YAML and JSON, at the limit and one past it', () => {
    const nested = (n: number): string => `{"a": ${'['.repeat(n)}${']'.repeat(n)}}`;
    assert.ok(readManifests(nested(19), { limits }).ok);
    assert.equal(refusal(nested(20), limits).code, 'text-too-deep');
    const yaml = (n: number): string => `a: ${'['.repeat(n)}x${']'.repeat(n)}`;
    assert.ok(readManifests(yaml(19), { limits }).ok);
    assert.equal(refusal(yaml(20), limits).code, 'text-too-deep');
  });
  it('stop aliases that explode', () => {
    const bomb =
      'a: &a [x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a]\nc: [*b, *b, *b, *b, *b, *b, *b]';
    assert.equal(refusal(bomb, limits).code, 'text-too-many-values');
  });
  it('stop merges that explode', () => {
    const bomb = `a: &a {${Array.from({ length: 60 }, (_, i) => `k${i}: 1`).join(', ')}}\nb: [{<<: *a}, {<<: *a}, {<<: *a}, {<<: *a}, {<<: *a}]`;
    assert.equal(refusal(bomb, limits).code, 'text-too-many-values');
  });
  it('refuse a hostile megabyte without recursion', () => {
    assert.equal(refusal(`a: ${'['.repeat(1_000_000)}`).code, 'text-too-deep');
    assert.equal(refusal('- '.repeat(500_000)).code, 'text-too-deep');
    assert.equal(refusal(`{"a":${'['.repeat(1_000_000)}`).code, 'text-too-deep');
  });
});

it('a part of a document can be located by its key', () => {
  const read = readManifests('a: 1\n---\nspec:\n  components:\n    - name: x\n      type: y\n');
  assert.ok(read.ok);
  const span = read.value[1]!.locate(['spec', 'components', 0, 'type']);
  assert.deepEqual([span.line, span.column], [6, 7]);
});
