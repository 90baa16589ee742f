import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluated, json } from '../program.ts';

function code(text: string, path: string): string | undefined {
  return evaluated(text).lookup(path).error()?.code;
}

test('a conflict is one diagnostic with both places', () => {
  const error = evaluated('a: 1\na: "s"').validate();
  assert.equal(error?.diagnostics.length, 1);
  assert.deepEqual(
    error?.diagnostics[0]?.positions.map((p) => p.line),
    [1, 2],
  );
});

test('an absent field names the one that was probably meant', () => {
  const error = evaluated('a: {replicas: 1}').lookup('a.replcas').error();
  assert.match(error?.message ?? '', /did you mean replicas/);
});

test('a struct or list that a validator refuses is shown as it was', () => {
  const list = evaluated('import "list"\na: [1] & list.MinItems(2)').lookup('a').error();
  assert.match(list?.message ?? '', /invalid value \[1\] \(does not satisfy list\.MinItems\(2\)\)/);
  const struct = evaluated('import "struct"\na: {b: 1, c: {d: 2}} & struct.MaxFields(1)').lookup('a').error();
  assert.match(struct?.message ?? '', /invalid value \{b:1,c:\{d:2\}\} \(does not satisfy struct/);
});

test('codes tell what may still become right', () => {
  assert.equal(code('a: b + 1\nb: int', 'a'), 'incomplete');
  assert.equal(code('a: 1 & 2', 'a'), 'eval');
  assert.equal(code('a: _|_', 'a'), 'user');
  assert.equal(code('a: b + 1\nb: a - 1', 'a'), 'cycle');
  assert.equal(code('a: {b: a}', 'a'), 'structural');
});

test('a definition refuses what it does not declare, also deep inside', () => {
  const text = '#D: {s: {x: int}}\n';
  assert.equal(json(evaluated(`${text}a: #D & {s: x: 1}`).lookup('a')), '{"s":{"x":1}}');
  assert.equal(code(`${text}a: #D & {s: {x: 1, y: 2}}`, 'a'), 'eval');
  assert.equal(json(evaluated(`${text}a: {#D, t: 1} & {s: x: 1}`).lookup('a')), '{"s":{"x":1},"t":1}');
});

test('marks combine as the specification says', () => {
  assert.equal(json(evaluated('a: *1 | int').lookup('a')), '1');
  assert.equal(json(evaluated('a: (*1 | int) & 2').lookup('a')), '2');
  assert.equal(json(evaluated('a: (*1 | 2) & (1 | *2) | *3').lookup('a')), '3');
  assert.equal(evaluated('a: (*1 | 2) & (1 | *2)').lookup('a').isConcrete(), false);
});

test('an incomplete disjunct is dropped', () => {
  assert.equal(json(evaluated('p: {x?: [...int]}\na: *[for v in p.x {v}] | []').lookup('a')), '[]');
});

test('of two fields that exist only without each other the later asked for wins', () => {
  assert.equal(
    json(evaluated('a: {x?: int, y?: int, if x == _|_ {y: 1}, if y == _|_ {x: 1}}').lookup('a')),
    '{"y":1}',
  );
});

test('recursion through something optional is no cycle', () => {
  assert.equal(
    json(evaluated('#L: {v: int, next?: #L}\na: #L & {v: 1, next: v: 2}').lookup('a')),
    '{"v":1,"next":{"v":2}}',
  );
});

test('docs of all declarations survive evaluation, those of the outer unification first', () => {
  const value = evaluated('#D: {\n\t// one\n\tx: int\n}\na: #D & {\n\t// two\n\tx: 1\n}');
  assert.deepEqual(
    value
      .lookup('a.x')
      .docs()
      .map((d) => d.lines.join('')),
    [' two', ' one'],
  );
});

test('attributes of all declarations survive evaluation, each told once', () => {
  const value = evaluated('#D: a: int @json(x) @go(-)\nv: #D & {a: 1 @tag(t,short=u)}\nv: a: <5');
  assert.deepEqual(
    value
      .lookup('v.a')
      .attributes()
      .map(({ name, body }) => `${name}(${body})`)
      .sort(),
    ['go(-)', 'json(x)', 'tag(t,short=u)'],
  );
});

test('an element picked from a list written in place is that element, shared or worked out', () => {
  const value = evaluated(
    'p: {b: 2, a: 1}\np: c: int | *3\nlet L = p\no: {x: [p][0], y: [if true {p}, 1][0], z: [if false {1}, "v"][0], l: L}\n' +
      'e: [1, if o.q {2}][0]\nout: [1, 2][5]\nself: [self, 1][0]',
  );
  assert.equal(
    json(value.lookup('o')),
    '{"x":{"b":2,"a":1,"c":3},"y":{"b":2,"a":1,"c":3},"z":"v","l":{"b":2,"a":1,"c":3}}',
  );
  assert.equal(value.lookup('e').error()?.code, 'incomplete');
  assert.equal(value.lookup('out').error()?.code, 'eval');
  assert.equal(value.lookup('self').incompleteKind(), '_');
});
