import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bundleIndexSchema, refKey, refOf } from '../../../engine/delivery/bundle.ts';
import {
  formatEnrolmentToken,
  parseEnrolmentToken,
  reportRequestSchema,
  syncAnswerSchema,
} from '../../../engine/delivery/protocol.ts';

describe('references', () => {
  it('are equal in any version of a group and differ by group', () => {
    const ref = (apiVersion: string) => ({ apiVersion, kind: 'Ingress', namespace: 'a', name: 'x' });
    assert.equal(refKey(ref('networking.k8s.io/v1')), refKey(ref('networking.k8s.io/v1beta1')));
    assert.notEqual(refKey(ref('networking.k8s.io/v1')), refKey(ref('extensions/v1beta1')));
    assert.equal(refKey({ apiVersion: 'v1', kind: 'Namespace', name: 'a' }), '/Namespace//a');
  });

  it('are read from manifests that have what it takes', () => {
    assert.deepEqual(refOf({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'n' } }), {
      apiVersion: 'v1',
      kind: 'Pod',
      namespace: 'n',
      name: 'p',
    });
    for (const broken of [
      {},
      { apiVersion: 'v1', kind: 'Pod' },
      { apiVersion: 'v1', kind: 'Pod', metadata: {} },
    ]) {
      assert.equal(refOf(broken), undefined);
    }
  });
});

describe('messages', () => {
  it('may say more than this version knows', () => {
    const answer = { v: 1, unchanged: true, beatSeconds: 60, news: 'x' };
    assert.equal(syncAnswerSchema.safeParse(answer).success, true);
  });

  it('of another version are refused', () => {
    assert.equal(syncAnswerSchema.safeParse({ v: 2, unchanged: true, beatSeconds: 60 }).success, false);
  });

  it('carry only the outcomes and reasons of the table', () => {
    const report = (outcome: string) => ({
      v: 1,
      counter: 1,
      reports: [
        {
          application: 'app_a',
          sequence: 1,
          complete: true,
          objects: [{ ref: { apiVersion: 'v1', kind: 'Pod', name: 'p' }, outcome }],
        },
      ],
    });
    assert.equal(reportRequestSchema.safeParse(report('created')).success, true);
    assert.equal(reportRequestSchema.safeParse(report('exploded')).success, false);
  });

  it('name a sequence that is positive', () => {
    const index = {
      v: 1,
      keyId: 'k',
      hub: 'h',
      tenant: 'ten_a',
      cluster: 'clu_a',
      application: { uid: 'app_a', namespace: 'default', name: 'shop' },
      revision: 1,
      sequence: 1,
      epoch: 1,
      objects: [],
      prune: false,
      drift: 'heal',
    };
    assert.equal(bundleIndexSchema.safeParse(index).success, true);
    assert.equal(bundleIndexSchema.safeParse({ ...index, sequence: 0 }).success, false);
  });
});

describe('enrolment tokens', () => {
  it('read back as they were written, and nothing else does', () => {
    const token = { secret: 's'.repeat(43), hubKeySha256: 'a'.repeat(64) };
    assert.deepEqual(parseEnrolmentToken(formatEnrolmentToken(token)), token);
    for (const text of ['', 'mse.a.b', `mse.${token.secret}`, `x${formatEnrolmentToken(token)}`]) {
      assert.equal(parseEnrolmentToken(text), undefined);
    }
  });
});
