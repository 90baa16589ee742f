import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluated, json } from '../program.ts';

const ENDLESS = '#F: {n: int, out: (#F & {"n": n + 1}).out}\nx: (#F & {n: 0}).out';

test('endless recursion ends with the code budget', () => {
  assert.equal(evaluated(ENDLESS, { nodes: 5000 }).validate()?.code, 'budget');
});

test('a test for _|_ does not hide that the budget is spent', () => {
  const value = evaluated(`${ENDLESS}\ny: x == _|_\nz: *x | 1`, { nodes: 5000 });
  assert.equal(value.lookup('y').error()?.code, 'budget');
  assert.equal(value.lookup('z').error()?.code, 'budget');
});

test('the same program spends the same', () => {
  const spent = () => {
    const value = evaluated('a: {for i in [1, 2, 3] {"x\\(i)": i * 2}}\nb: a.x1 + a.x3');
    json(value);
    return [value.ctx.steps, value.ctx.nodes, value.ctx.bytes];
  };
  assert.deepEqual(spent(), spent());
});

test('a long chain of references ends within the depth', () => {
  const lines = Array.from({ length: 3000 }, (_, i) => `a${3000 - i}: a${2999 - i} + 1`);
  assert.equal(evaluated(`${lines.join('\n')}\na0: 1`).validate()?.code, 'budget');
});

test('twelve disjunctions of structs are decided in few steps', () => {
  const factors = Array.from({ length: 12 }, (_, i) => `({f${i}: 1} | {f${i}: 2})`);
  const value = evaluated(`a: ${factors.join(' & ')}`, { steps: 5000 });
  assert.equal(value.validate(), null);
  assert.equal(value.lookup('a').isConcrete(), false);
  const chosen = evaluated(
    `a: ${factors.join(' & ')} & {f0: 1, ${[...Array(11).keys()].map((i) => `f${i + 1}: 2`).join(', ')}}`,
    {
      steps: 50_000,
    },
  );
  assert.equal(json(chosen.lookup('a.f11')), '2');
});

test('shared structs cannot make the text grow beyond the bytes allowed', () => {
  const lines = Array.from({ length: 24 }, (_, i) => `a${i + 1}: {x: a${i}, y: a${i}}`);
  const value = evaluated(`a0: "text"\n${lines.join('\n')}`, { bytes: 1 << 20 });
  const result = value.toJSONText();
  assert.ok(!result.ok);
  assert.equal(result.error.code, 'budget');
});

test('JSON is paid for value by value, so a long list ends where the budget does', () => {
  const text =
    'x: "0123456789"\nten: [x, x, x, x, x, x, x, x, x, x]\nl: [for a in ten for b in ten for c in ten {[a, b, c]}]';
  const value = evaluated(text, { bytes: 5000 });
  assert.equal(value.validate(), null);
  const result = value.lookup('l').toJSONText();
  assert.equal(result.ok || result.error.code, 'budget');
  assert.ok(value.ctx.bytes < 5000 + 16, `${value.ctx.bytes} bytes`);
});

test('one field declared by thousands of yields ends within the budget', () => {
  const text = 'import "list"\nr: list.Range(0, 700, 1)\nn: {for i in r for j in r {a: 1}}';
  assert.equal(evaluated(text).validate()?.code, 'budget');
});

test('yields that cannot all become elements end at once', () => {
  const value = evaluated('import "list"\nr: list.Range(0, 1000, 1)\nn: [for i in r for j in r {i}]', {
    nodes: 5000,
  });
  assert.equal(value.lookup('n').error()?.code, 'budget');
  assert.ok(value.ctx.steps < 20_000, `${value.ctx.steps} steps`);
});

const TANGLED = [
  'd',
  'b: close({a?: int, b?: string}) & d',
  'd',
  'd: {a: int}',
  'd: d & {"", {{#C: #C}, #B: {b: string}, d}, x: x, c: d}',
  'd: b',
].join('\n');

test('a search through definitions that contain each other costs steps', () => {
  const value = evaluated(TANGLED, { steps: 60_000 });
  assert.equal(value.validate()?.code, 'budget');
});

test('data that nobody looks into count as nodes', () => {
  const data = Array.from({ length: 100 }, (_, i) => `{n: ${i}, l: [1, 2]}`);
  const text = `data: {all: [${data.join(', ')}]}\n#D: {own: data.all}`;
  assert.equal(evaluated(text, { nodes: 900 }).validate()?.code, 'budget');
  assert.equal(evaluated(text, { nodes: 1200 }).validate(), null);
});

test('conditions nested in picked elements cost what they are deep, also where they need themselves', () => {
  const spent = (depth: number) => {
    let condition = 'x.y';
    for (let i = 0; i < depth; i++) condition = `[if ${condition} {true}, false][0]`;
    const value = evaluated(`a: ${condition}\nx: {if a == 1 {y: true}}`);
    assert.equal(value.validate({ concrete: true })?.code, 'cycle');
    return value.ctx.steps;
  };
  assert.ok(spent(16) < 5 * spent(8));
});

test('the error of a disjunction names each place once, however many disjuncts failed at it', () => {
  const x = evaluated('x: {a: 1} & ({a: 2} | {a: 3})').lookup('x');
  assert.notEqual(x.validate(), null);
  const places = x.vertex.deref().bottom?.issues[0]?.others ?? [];
  assert.equal(places.length, 3);
  assert.equal(new Set(places).size, 3);
});
