import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compile, parse } from '../../../../engine/cue/index.ts';
import { standardPackages } from '../../../../engine/cue/packages.ts';
import { STANDARD_PATHS } from '../../../../engine/cue/std/paths.ts';
import { libraries } from '../../../../engine/definitions/libraries.ts';
import { evaluated, json, refused } from '../program.ts';

test('a name that nothing declares is refused with its place', () => {
  const [issue] = refused('a: {\n\tb: missing\n}');
  assert.equal(issue?.message, 'reference "missing" not found');
  assert.equal(issue?.pathText, 'a.b');
  assert.equal(issue?.position?.line, 2);
});

test('a quoted field is no name to refer to', () => {
  const [issue] = refused('"a": 1\nb: a');
  assert.equal(issue?.message, 'reference "a" not found');
});

test('imports and lets that nothing uses are refused', () => {
  assert.match(refused('import "strings"\na: 1')[0]?.message ?? '', /imported and not used/);
  assert.match(refused('let x = 1\na: 1')[0]?.message ?? '', /unreferenced alias or let clause x/);
});

test('lets that need each other are refused', () => {
  assert.match(refused('let x = y\nlet y = x\na: x')[0]?.message ?? '', /cyclic references/);
});

test('of lets that lead to others which need each other, one of those is refused', () => {
  const [issue] = refused('let w = x\nlet x = y\nlet y = {a: x}\nlet z = 1\na: w\nb: z');
  assert.match(issue?.message ?? '', /cyclic references/);
  assert.ok(issue?.position?.line === 2 || issue?.position?.line === 3);
});

/** Each is compiled before any budget counts: one that took more than its length in steps would not end. */
test('a program of any length compiles or is refused', () => {
  const lines = (text: (i: number) => string) => Array.from({ length: 20_000 }, (_, i) => text(i)).join('\n');
  const chain = evaluated(`${lines((i) => `let x${i} = ${i === 0 ? 1 : `x${i - 1}`}`)}\na: x19999`);
  assert.equal(chain.validate()?.message, 'out of budget: depth');
  assert.match(
    refused(lines((i) => `let x${i} = x${(i + 1) % 20_000}`))[0]?.message ?? '',
    /cyclic references/,
  );
  assert.match(refused(lines(() => 'import "strings"'))[0]?.message ?? '', /redeclared/);
  assert.equal(json(evaluated(`a: *"b" |\n${lines((i) => `"a${i}" |`)}\n"c"`)), '{"a":"b"}');
});

test('a package that nobody knows is refused', () => {
  assert.match(refused('import "no/such"\na: such.x')[0]?.message ?? '', /not found/);
});

const LEAN = { regexp: libraries.regexp, yaml: libraries.yaml, hash: libraries.hash };

test('a standard package that was not lent is refused with how to lend it, each of them', () => {
  const paths = standardPackages.map((pkg) => pkg.path);
  assert.deepEqual(paths.sort(), [...STANDARD_PATHS].sort());
  for (const path of paths) {
    const parsed = parse({ name: 'in.cue', text: `import x "${path}"\na: x.y` });
    assert.ok(parsed.ok);
    const compiled = compile([parsed.value], { libraries: LEAN });
    assert.ok(!compiled.ok);
    const [issue] = compiled.issues;
    assert.equal(issue?.code, 'compile');
    assert.equal(
      issue?.message,
      `package "${path}" is not lent: pass standardPackages of packages.ts as libraries.packages`,
    );
    assert.equal(issue?.position?.line, 1);
  }
});

test('a package comes from the import resolver', () => {
  const parsed = parse({ name: 'in.cue', text: 'import "acme/kit"\na: kit.#Box & {size: 2}' });
  const kit = parse({ name: 'kit.cue', text: 'package kit\n#Box: {size: int, volume: size * size}' });
  assert.ok(parsed.ok && kit.ok);
  const compiled = compile([parsed.value], {
    libraries,
    imports: (path) => (path === 'acme/kit' ? [kit.value] : null),
  });
  assert.ok(compiled.ok);
  assert.equal(json(compiled.value.evaluate().lookup('a')), '{"size":2,"volume":4}');
});

test('the inner declaration of a name hides the outer one', () => {
  assert.equal(json(evaluated('x: 1\na: {x: 2, b: x}').lookup('a.b')), '2');
});

test('several files are one instance', () => {
  const one = parse({ name: 'one.cue', text: 'a: b' });
  const two = parse({ name: 'two.cue', text: 'b: 3' });
  assert.ok(one.ok && two.ok);
  const compiled = compile([one.value, two.value], { libraries });
  assert.ok(compiled.ok);
  assert.equal(json(compiled.value.evaluate()), '{"a":3,"b":3}');
});
