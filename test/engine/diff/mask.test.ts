import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { diffObjects } from '../../../engine/diff/fields.ts';
import { MASKED, masked, maskedChange } from '../../../engine/diff/mask.ts';
import type { JsonObject } from '../../../engine/json.ts';

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';
const secret = { apiVersion: 'v1', kind: 'Secret' };

describe('masking', () => {
  it("hides a Secret's values and keeps their names", () => {
    const object = {
      ...secret,
      metadata: { name: 'x' },
      data: { a: 'YQ==' },
      stringData: { b: 'b' },
      type: 'Opaque',
    };
    assert.deepEqual(masked(object), {
      ...secret,
      metadata: { name: 'x' },
      data: { a: MASKED },
      stringData: { b: MASKED },
      type: 'Opaque',
    });
    const config = { apiVersion: 'v1', kind: 'ConfigMap', data: { a: 'a' } };
    assert.deepEqual(masked(config), config);
  });

  it('hides annotations that hold a copy of the object', () => {
    const object = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { annotations: { [lastApplied]: 'x', a: 'a' } },
    };
    assert.deepEqual(masked(object)['metadata'], { annotations: { [lastApplied]: MASKED, a: 'a' } });
  });

  it('shows that a secret value changes, and not from what to what', () => {
    const [a, b]: JsonObject[] = ['a', 'b'].map((value) => ({
      ...secret,
      data: { same: 'x', [value]: value, k: value },
    }));
    assert.deepEqual(diffObjects(a ?? {}, b ?? {}), [
      { path: '/data/a', from: MASKED },
      { path: '/data/b', to: MASKED },
      { path: '/data/k', from: MASKED, to: MASKED },
    ]);
  });

  it('hides a whole part of a Secret that comes or goes', () => {
    const [change] = diffObjects({ ...secret }, { ...secret, data: { k: 'v' } });
    assert.deepEqual(change, { path: '/data', to: { k: MASKED } });
  });

  it('hides changes that were found elsewhere the same way', () => {
    const on = (path: string, from: JsonObject | string, to?: JsonObject | string, kind = 'Secret') =>
      maskedChange({ apiVersion: 'v1', kind }, { path, from, ...(to === undefined ? {} : { to }) });
    assert.deepEqual(on('/data/k', 'a', 'b'), { path: '/data/k', from: MASKED, to: MASKED });
    assert.deepEqual(on('/data/a~1b', 'a'), { path: '/data/a~1b', from: MASKED });
    assert.deepEqual(on('/data', { k: 'a' }, 'odd'), { path: '/data', from: { k: MASKED }, to: {} });
    assert.deepEqual(on('/type', 'a', 'b'), { path: '/type', from: 'a', to: 'b' });
    assert.deepEqual(on('/data/k', 'a', 'b', 'ConfigMap'), { path: '/data/k', from: 'a', to: 'b' });
    const annotation = `/metadata/annotations/${lastApplied.replace('/', '~1')}`;
    assert.deepEqual(on(annotation, 'a', 'b', 'ConfigMap'), { path: annotation, from: MASKED, to: MASKED });
    assert.deepEqual(on('/metadata/annotations', { [lastApplied]: 'x', a: 'a' }, undefined, 'ConfigMap'), {
      path: '/metadata/annotations',
      from: { [lastApplied]: MASKED, a: 'a' },
    });
    assert.deepEqual(on('', { ...secret, data: { k: 'v' } }), {
      path: '',
      from: { ...secret, data: { k: MASKED } },
    });
  });

  it('compares fields with the names of what every object has', () => {
    assert.deepEqual(diffObjects({ data: {} }, { data: { constructor: 'x' } }), [
      { path: '/data/constructor', to: 'x' },
    ]);
  });
});
