import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  MAX_CHANGES,
  MAX_CHANGES_BYTES,
  MAX_VALUE_BYTES,
  planAnswerSchema,
} from '../../../engine/delivery/protocol.ts';
import { changeBudget, liveChanges, withinBudget } from '../../../engine/diff/live.ts';

const object = (metadata: object, rest: object = {}) =>
  ({ apiVersion: 'v1', kind: 'ConfigMap', metadata, ...rest }) as never;

describe('what an apply would change of a live object', () => {
  it('leaves out what only the server writes, and what every delivery sets anew', () => {
    const before = object(
      {
        name: 'a',
        resourceVersion: '1',
        generation: 1,
        uid: 'u',
        managedFields: [{ manager: 'x' }],
        labels: { 'app.oam.dev/appRevision': 'a-v1', 'mainsheet.dev/owner': 'o', kept: '1' },
      },
      { status: { ready: 1 } },
    );
    const after = object({
      name: 'a',
      resourceVersion: '2',
      generation: 2,
      labels: { 'app.oam.dev/appRevision': 'a-v2', 'oam.dev/render-hash': 'h', kept: '2' },
    });
    assert.deepEqual(liveChanges(before, after), [{ path: '/metadata/labels/kept', from: '1', to: '2' }]);
  });

  it('tells a value that is too large by its size', () => {
    const large = 'x'.repeat(MAX_VALUE_BYTES);
    const { changes } = withinBudget([{ path: '/a', from: large, to: 'small' }], changeBudget());
    assert.deepEqual(changes, [{ path: '/a', from: `(${large.length + 2} bytes, not shown)`, to: 'small' }]);
  });

  it('counts what there is no room for, of one object and of all', () => {
    const many = Array.from({ length: MAX_CHANGES + 7 }, (_, n) => ({ path: `/${n}`, to: 'x'.repeat(4000) }));
    const budget = changeBudget();
    const first = withinBudget(many, budget);
    assert.deepEqual([first.changes.length, first.omitted], [MAX_CHANGES, 7]);
    let shown = first.changes.length;
    for (let n = 0; n < 10; n++) shown += withinBudget(many, budget).changes.length;
    assert.ok(shown * 4000 <= MAX_CHANGES_BYTES && (shown + 2) * 4100 > MAX_CHANGES_BYTES, String(shown));
    assert.equal(withinBudget(many, budget).omitted, many.length);
  });

  it('fits the message that carries it', () => {
    const many = Array.from({ length: 300 }, (_, n) => ({
      path: `/${'p'.repeat(n * 10)}`,
      from: null,
      to: [n],
    }));
    const { changes, omitted } = withinBudget(many, changeBudget());
    const ref = { apiVersion: 'v1', kind: 'ConfigMap', name: 'a' };
    const objects = [{ ref, action: 'update', changes, omitted }];
    const answer = { id: 'pln_x', state: 'ready', applications: [{ application: 'app_x', objects }] };
    const parsed = planAnswerSchema.safeParse(JSON.parse(JSON.stringify(answer)));
    assert.ok(parsed.success && parsed.data.state === 'ready');
    assert.deepEqual(parsed.data.applications[0]?.objects[0]?.changes, changes);
  });
});
