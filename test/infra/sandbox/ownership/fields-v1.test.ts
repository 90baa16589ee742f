import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FieldSet } from '../../../../infra/sandbox/ownership/field-set.ts';
import { fromFieldsV1, toFieldsV1 } from '../../../../infra/sandbox/ownership/fields-v1.ts';
import {
  fieldElement,
  keyElement,
  type Path,
  type PathElement,
  printPath,
  valueElement,
} from '../../../../infra/sandbox/ownership/path-element.ts';

const element: fc.Arbitrary<PathElement> = fc.oneof(
  fc.constantFrom('a', 'b', 'c.d/e', '<x>').map(fieldElement),
  fc.constantFrom<string | number>('a', 80, 'x"y').map((value) =>
    keyElement([
      ['name', value],
      ['a', true],
    ]),
  ),
  fc.constantFrom<string | number | boolean>('a', 1, false, '&').map(valueElement),
);
const set: fc.Arbitrary<FieldSet> = fc
  .array(fc.array(element, { minLength: 1, maxLength: 4 }), { maxLength: 12 })
  .map((paths: Path[]) => FieldSet.of(...paths));

function paths(of: FieldSet): Set<string> {
  return new Set([...of.paths()].map((path) => path.map(({ id }) => id).join('/')));
}

test('a set reads back from its JSON form', () => {
  fc.assert(
    fc.property(set, (one) => {
      const read = fromFieldsV1(JSON.parse(JSON.stringify(toFieldsV1(one))));
      assert.ok(read);
      assert.deepEqual(paths(read), paths(one));
    }),
    { seed: 1, numRuns: 300 },
  );
});

test('union, intersection and difference are those of the paths', () => {
  fc.assert(
    fc.property(set, set, (a, b) => {
      const [left, right] = [paths(a), paths(b)];
      assert.deepEqual(paths(a.union(b)), new Set([...left, ...right]));
      assert.deepEqual(paths(a.intersection(b)), new Set([...left].filter((one) => right.has(one))));
      assert.deepEqual(paths(a.difference(b)), new Set([...left].filter((one) => !right.has(one))));
    }),
    { seed: 2, numRuns: 300 },
  );
});

test('the recursive difference takes along what lies below', () => {
  fc.assert(
    fc.property(set, set, (a, b) => {
      const gone = paths(b);
      const left = [...a.paths()].filter(
        (path) =>
          !path.some((_, i) =>
            gone.has(
              path
                .slice(0, i + 1)
                .map(({ id }) => id)
                .join('/'),
            ),
          ),
      );
      assert.deepEqual(paths(a.without(b)), paths(FieldSet.of(...left)));
    }),
    { seed: 3, numRuns: 300 },
  );
});

test('items are written by their keys and values, and self-membership as a dot', () => {
  const one = FieldSet.of(
    [
      fieldElement('ports'),
      keyElement([
        ['protocol', 'TCP'],
        ['containerPort', 80],
      ]),
    ],
    [
      fieldElement('ports'),
      keyElement([
        ['containerPort', 80],
        ['protocol', 'TCP'],
      ]),
      fieldElement('name'),
    ],
    [fieldElement('tags'), valueElement('a<b')],
  );
  assert.deepEqual(toFieldsV1(one), {
    'f:ports': { 'k:{"containerPort":80,"protocol":"TCP"}': { '.': {}, 'f:name': {} } },
    'f:tags': { 'v:"a\\u003cb"': {} },
  });
  const [first] = [...one.paths()];
  assert.equal(printPath(first ?? []), '.ports[containerPort=80,protocol="TCP"]');
});
