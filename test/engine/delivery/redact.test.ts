import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MAX_LIVE_BYTES } from '../../../engine/delivery/protocol.ts';
import { partialAnnotation, redact } from '../../../engine/delivery/redact.ts';

const canary = 'c2VjcmV0LWNhbmFyeQ';

describe('redact', () => {
  it('drops the values of a Secret wherever they stand, and keeps its keys', () => {
    const live = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name: 's',
        managedFields: [{ manager: 'x' }],
        annotations: {
          'kubectl.kubernetes.io/last-applied-configuration': `{"data":{"k":"${canary}"}}`,
          'app.oam.dev/last-applied-configuration': canary,
          team: 'a',
        },
      },
      data: { k: canary },
      stringData: { k: canary },
      type: 'Opaque',
    };
    const out = redact(live);
    assert.ok(!JSON.stringify(out).includes(canary));
    assert.deepEqual(out, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's', annotations: { team: 'a' } },
      data: { k: '' },
      type: 'Opaque',
    });
  });

  it('leaves other objects as they are but for managedFields and last-applied', () => {
    const live = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'c', managedFields: [] },
      data: { a: '1' },
    };
    assert.deepEqual(redact(live), {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'c' },
      data: { a: '1' },
    });
  });

  it('sends metadata and status of an object above 64 KiB, and says so on it', () => {
    const big = 'x'.repeat(MAX_LIVE_BYTES);
    const live = {
      apiVersion: 'a/v1',
      kind: 'W',
      metadata: { name: 'w' },
      spec: { big },
      status: { phase: 'Ready' },
    };
    assert.deepEqual(redact(live), {
      apiVersion: 'a/v1',
      kind: 'W',
      metadata: { name: 'w', annotations: { [partialAnnotation]: 'true' } },
      status: { phase: 'Ready' },
    });
  });

  it('stays under 64 KiB whatever is large', () => {
    const big = 'ü'.repeat(MAX_LIVE_BYTES / 2);
    for (const metadata of [
      { name: 'w', annotations: { big } },
      { name: 'w', labels: { big } },
    ]) {
      const out = redact({ apiVersion: 'a/v1', kind: 'W', metadata, status: { big } });
      assert.ok(Buffer.byteLength(JSON.stringify(out)) <= MAX_LIVE_BYTES);
      assert.equal((out['metadata'] as { name: string }).name, 'w');
    }
  });
});
