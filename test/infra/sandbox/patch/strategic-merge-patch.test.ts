import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../../../../infra/sandbox/json.ts';
import {
  applyStrategicPatch,
  MissingMergeKey,
} from '../../../../infra/sandbox/patch/strategic-merge-patch.ts';
import { builtinType } from '../../../../infra/sandbox/schema/builtin.ts';

const PodSpec = builtinType('core.v1.PodSpec');

function names(result: JsonObject, field: string): unknown[] {
  const list = result[field];
  return Array.isArray(list) ? list.map((item) => (item as JsonObject)['name']) : []; // items are objects here
}

test('lists merge by their key, and new items come first in the patch’s order', () => {
  const target = {
    containers: [
      { name: 'a', image: '1' },
      { name: 'b', image: '1' },
    ],
  };
  const patch = {
    containers: [
      { name: 'n', image: '2' },
      { name: 'b', image: '2' },
    ],
  };
  const result = applyStrategicPatch(PodSpec, target, patch);
  assert.deepEqual(result, {
    containers: [
      { name: 'n', image: '2' },
      { name: 'a', image: '1' },
      { name: 'b', image: '2' },
    ],
  });
});

test('directives delete, replace, order and retain', () => {
  const target = {
    containers: [{ name: 'a' }, { name: 'b' }, { name: 'c' }],
    volumes: [{ name: 'v', emptyDir: {} }],
  };
  assert.deepEqual(
    names(
      applyStrategicPatch(PodSpec, target, { containers: [{ name: 'b', $patch: 'delete' }] }),
      'containers',
    ),
    ['a', 'c'],
  );
  const replaced = applyStrategicPatch(PodSpec, target, {
    containers: [{ name: 'x' }, { $patch: 'replace' }],
  });
  assert.deepEqual(names(replaced, 'containers'), ['x']);
  const order = { '$setElementOrder/containers': [{ name: 'c' }, { name: 'a' }, { name: 'b' }] };
  assert.deepEqual(names(applyStrategicPatch(PodSpec, target, order), 'containers'), ['c', 'a', 'b']);
  const retained = { volumes: [{ name: 'v', $retainKeys: ['name', 'hostPath'], hostPath: { path: '/x' } }] };
  assert.deepEqual(applyStrategicPatch(PodSpec, target, retained)['volumes'], [
    { name: 'v', hostPath: { path: '/x' } },
  ]);
});

test('sets gain and lose values, atomic lists are replaced', () => {
  const metadata = builtinType('meta.v1.ObjectMeta');
  const target = { finalizers: ['a', 'b'] };
  assert.deepEqual(applyStrategicPatch(metadata, target, { finalizers: ['c'] }), {
    finalizers: ['c', 'a', 'b'],
  });
  const lost = applyStrategicPatch(metadata, target, { '$deleteFromPrimitiveList/finalizers': ['a'] });
  assert.deepEqual(lost, { finalizers: ['b'] });
  const container = builtinType('core.v1.Container');
  assert.deepEqual(applyStrategicPatch(container, { args: ['a'] }, { args: ['b'] }), { args: ['b'] });
});

test('an item without its key is refused', () => {
  const target = { containers: [{ name: 'a' }] };
  assert.throws(
    () => applyStrategicPatch(PodSpec, target, { containers: [{ image: 'x' }] }),
    MissingMergeKey,
  );
});
