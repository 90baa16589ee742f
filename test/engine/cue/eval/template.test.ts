import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluated, json, struct, templateOf } from '../program.ts';

const SCALER = 'patch: spec: replicas: parameter.replicas\nparameter: {replicas: *1 | int, name?: string}\n';

test('one template gives each evaluation its own answer', () => {
  const template = templateOf(SCALER);
  const render = (n: bigint) =>
    json(template.evaluate({ bindings: { parameter: struct({ replicas: n }) } }).lookup('patch'));
  assert.equal(render(3n), '{"spec":{"replicas":3}}');
  assert.equal(render(5n), '{"spec":{"replicas":5}}');
  assert.equal(json(template.evaluate().lookup('patch')), '{"spec":{"replicas":1}}');
});

test('a binding means what the same text appended would mean', () => {
  const text = 'o: {z: 1, if parameter.on {m: 2}, b: parameter.b}\nparameter: {on: bool, b: {...}}\n';
  const bound = templateOf(text).evaluate({
    bindings: { parameter: struct({ b: struct({ y: 1n, x: 2n }), on: true }) },
  });
  const appended = evaluated(`${text}parameter: {"b":{"y":1,"x":2},"on":true}`);
  assert.equal(json(bound), json(appended));
});

test('a bound name needs no declaration in the file when it is announced', () => {
  const template = templateOf('a: context.name', ['context']);
  const value = template.evaluate({ bindings: { context: struct({ name: 'web' }) } });
  assert.equal(json(value.lookup('a')), '"web"');
});

test('what is filled in is seen by references to it, and the first value stays as it was', () => {
  const value = evaluated('a: int\nb: a + 1');
  const filled = value.fill('a', 2n);
  assert.equal(json(filled.lookup('b')), '3');
  assert.equal(value.lookup('b').error()?.code, 'incomplete');
});

test('fields that are not known yet do not keep the others from being read', () => {
  const value = evaluated('outputs: {a: {n: 1}, for k, v in p.more {(k): v}}\np: more?: [string]: {...}');
  assert.equal(value.lookup('outputs').error()?.code, 'incomplete');
  assert.equal(value.validate(), null);
  assert.equal(json(value.lookup('outputs.a')), '{"n":1}');
});

test('a list element is filled in at its index', () => {
  const value = evaluated('l: [...int]\nsecond: l[1]').fill('l.1', 7n).fill('l.0', 1n);
  assert.equal(json(value), '{"l":[1,7],"second":7}');
});
