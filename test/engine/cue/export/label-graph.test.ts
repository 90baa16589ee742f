import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Front, LabelGraph } from '../../../../engine/cue/export/label-graph.ts';

/** The order of labels when each of the chains says how its labels follow each other. */
function order(...chains: readonly string[]): string {
  const graph = new LabelGraph();
  for (const chain of chains) {
    let front = new Front([]);
    for (const label of chain.split('')) {
      graph.order(front, label);
      front = new Front([label]);
    }
  }
  return graph.sorted().join('');
}

test('a chain keeps its order', () => {
  assert.equal(order('cab'), 'cab');
});

test('what no chain decides goes by name', () => {
  assert.equal(order('c', 'a', 'b'), 'abc');
  assert.equal(order('zy', 'ba'), 'bazy');
});

test('chains are merged so that all of them hold', () => {
  assert.equal(order('acd', 'abd'), 'abcd');
  assert.equal(order('xb', 'ab'), 'axb');
});

test('labels that contradict each other come together, by name, in the place of all of them', () => {
  assert.equal(order('ab', 'ba'), 'ab');
  assert.equal(order('xcby', 'bc'), 'xbcy');
});

test('every label of a front comes before what follows it', () => {
  const graph = new LabelGraph();
  for (const label of ['c', 'd']) graph.ensure(label);
  const front = new Front(['c', 'd']);
  graph.order(front, 'a');
  graph.order(front, 'b');
  assert.deepEqual(graph.sorted(), ['c', 'd', 'a', 'b']);
});

test('indices come before names and by number', () => {
  const graph = new LabelGraph();
  for (const label of ['a', 10, 9]) graph.ensure(label);
  assert.deepEqual(graph.sorted(), [9, 10, 'a']);
});

test('every label comes out once, and edges outside cycles hold', () => {
  const chains = fc.array(fc.uniqueArray(fc.constantFrom(...'abcdefgh'), { minLength: 1 }), { maxLength: 4 });
  fc.assert(
    fc.property(chains, (all) => {
      const result = order(...all.map((chain) => chain.join('')));
      const labels = [...new Set(all.flat())];
      assert.equal(result.length, labels.length);
      const reaches = (from: string, to: string, seen: Set<string>): boolean => {
        if (from === to) return true;
        if (seen.has(from)) return false;
        seen.add(from);
        return all.some((chain) => {
          const next = chain[chain.indexOf(from) + 1];
          return chain.includes(from) && next !== undefined && reaches(next, to, seen);
        });
      };
      for (const chain of all) {
        for (const [i, label] of chain.entries()) {
          const next = chain[i + 1];
          if (next === undefined || reaches(next, label, new Set())) continue;
          assert.ok(result.indexOf(label) < result.indexOf(next), `${label} before ${next} in ${result}`);
        }
      }
    }),
    { seed: 3 },
  );
});

test('a thousand labels behind a thousand others need no million edges', () => {
  const graph = new LabelGraph();
  const before = Array.from({ length: 20_000 }, (_, i) => `b${i}`);
  for (const label of before) graph.ensure(label);
  const front = new Front(before);
  for (let i = 0; i < 20_000; i++) graph.order(front, `a${i}`);
  const sorted = graph.sorted();
  assert.equal(sorted.length, 40_000);
  assert.ok(sorted.slice(0, 20_000).every((label) => String(label).startsWith('b')));
});
