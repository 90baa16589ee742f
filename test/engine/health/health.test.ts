import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { isWorse } from '../../../engine/health/health.ts';
import { healthOf } from '../../../engine/health/index.ts';
import type { JsonObject } from '../../../engine/json.ts';

const corpus = process.env['MAINSHEET_CORPUS'];

interface BuiltIn {
  readonly cases: readonly {
    readonly case: string;
    readonly object: JsonObject;
    readonly expect: { readonly status: string };
  }[];
}

describe('health of the kinds that Argo CD judges itself', {
  skip: corpus === undefined && 'MAINSHEET_CORPUS is not set',
}, () => {
  const { cases } =
    corpus === undefined
      ? { cases: [] }
      : (JSON.parse(readFileSync(join(corpus, 'health-argo/builtin.json'), 'utf8')) as BuiltIn);
  for (const { case: name, object, expect } of cases) {
    if (object['apiVersion'] === 'argoproj.io/v1alpha1') continue;
    it(`${name} is ${expect.status}`, () => {
      assert.equal(healthOf(object).status, expect.status.toLowerCase());
    });
  }
});

const metadata = { name: 'x', generation: 2 };

describe('health', () => {
  it('of an object without status is good once it exists', () => {
    assert.equal(healthOf({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: {} }).status, 'healthy');
    assert.equal(
      healthOf({ apiVersion: 'example.com/v1', kind: 'Rule', metadata, spec: {} }).status,
      'healthy',
    );
  });

  it('is never good where the status cannot be read', () => {
    const odd = { apiVersion: 'example.com/v1', kind: 'Widget', metadata };
    for (const status of [
      { phase: 'Sideways' },
      { mood: 'fine' },
      { conditions: [{ type: 'Odd', status: 'True' }] },
    ]) {
      assert.equal(healthOf({ ...odd, status }).status, 'unknown', JSON.stringify(status));
    }
    assert.equal(
      healthOf({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata, status: {} }).status,
      'unknown',
    );
    assert.equal(healthOf({ apiVersion: 'v1', kind: 'Pod', metadata }).status, 'unknown');
  });

  it('reads the conditions that most controllers write', () => {
    const widget = (status: JsonObject) =>
      healthOf({ apiVersion: 'example.com/v1', kind: 'Widget', metadata, status }).status;
    assert.equal(widget({ conditions: [{ type: 'Ready', status: 'True' }] }), 'healthy');
    assert.equal(widget({ conditions: [{ type: 'Ready', status: 'False' }] }), 'progressing');
    assert.equal(widget({ conditions: [{ type: 'Ready', status: 'Unknown' }] }), 'progressing');
    assert.equal(
      widget({
        conditions: [
          { type: 'Ready', status: 'True' },
          { type: 'Stalled', status: 'True' },
        ],
      }),
      'degraded',
    );
    assert.equal(
      widget({ observedGeneration: 1, conditions: [{ type: 'Ready', status: 'True' }] }),
      'progressing',
    );
    assert.equal(widget({ phase: 'Failed' }), 'degraded');
  });

  it('of what is being deleted is not good, whatever it says', () => {
    const leaving = { ...metadata, deletionTimestamp: '2026-01-01T00:00:00Z' };
    assert.equal(healthOf({ apiVersion: 'v1', kind: 'ConfigMap', metadata: leaving }).status, 'progressing');
  });

  it('survives objects of any shape', () => {
    for (const status of [null, [], 'x', 5, { conditions: 'x' }, { conditions: [null, 1] }]) {
      for (const kind of ['Deployment', 'StatefulSet', 'DaemonSet']) {
        assert.notEqual(
          healthOf({ apiVersion: 'apps/v1', kind, metadata, spec: status, status }).status,
          undefined,
        );
      }
    }
  });

  it('ranks unknown worst and healthy best', () => {
    assert.ok(isWorse('unknown', 'degraded'));
    assert.ok(isWorse('progressing', 'healthy'));
    assert.ok(!isWorse('healthy', 'healthy'));
  });
});
