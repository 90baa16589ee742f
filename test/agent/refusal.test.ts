import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fieldConflicts, KubeError, kubeError, unreachable } from '../../agent/kube/errors.ts';
import { refusalOf } from '../../agent/refusal.ts';

const config = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'a' };
const secret = { ...config, kind: 'Secret' };

const answer = (code: number, message: string, causes: readonly object[] = []) =>
  kubeError(code, JSON.stringify({ kind: 'Status', message, reason: '', details: { causes } }));

describe('a refusal says', () => {
  it('which right is missing, and the rule that would give it', () => {
    const error = answer(
      403,
      'configmaps "a" is forbidden: User "system:serviceaccount:x:y" cannot patch resource "configmaps" in API group "" in the namespace "shop"',
    );
    const { reason, message } = refusalOf(error, config);
    assert.equal(reason, 'forbidden');
    assert.equal(
      message,
      'no right to patch configmaps in namespace shop; a role with this rule would give it: ' +
        'apiGroups [""], resources ["configmaps"], verbs ["get", "create", "patch", "delete"]',
    );
    const wide = answer(
      403,
      'x: User "y" cannot patch resource "clusterroles" in API group "rbac.authorization.k8s.io" at the cluster scope',
    );
    assert.match(
      refusalOf(wide, config).message,
      /^no right to patch clusterroles\.rbac\.authorization\.k8s\.io in the whole cluster/,
    );
  });

  it('that a namespace is missing or going', () => {
    assert.deepEqual(refusalOf(answer(404, 'namespaces "shop" not found'), config), {
      reason: 'missing-namespace',
      message: 'namespace shop does not exist',
      transient: true,
    });
    const going = answer(403, 'forbidden: unable to create new content', [
      { reason: 'NamespaceTerminating' },
    ]);
    assert.equal(refusalOf(going, config).reason, 'terminating');
  });

  it('which field is wrong, without its value', () => {
    const error = answer(
      422,
      'Service "a" is invalid: spec.ports[0].port: Invalid value: 99999999: must be between 1 and 65535',
      [
        {
          reason: 'FieldValueInvalid',
          field: 'spec.ports[0].port',
          message: 'Invalid value: 99999999: must be between 1 and 65535',
        },
      ],
    );
    const { reason, message, transient } = refusalOf(error, config);
    assert.deepEqual([reason, transient], ['invalid', false]);
    assert.equal(message, 'spec.ports[0].port: Invalid value: must be between 1 and 65535');
  });

  it('which field cannot be changed', () => {
    const error = answer(422, 'invalid', [
      { field: 'spec.selector', message: 'Invalid value: {"x":"y"}: field is immutable' },
    ]);
    const { reason, message } = refusalOf(error, config);
    assert.deepEqual([reason, message], ['immutable', "spec.selector can't be changed once it is set"]);
  });

  it('that the API server cannot be reached, and why as far as known', () => {
    const cause = Object.assign(new Error('connect ECONNREFUSED 10.0.0.1:443'), { code: 'ECONNREFUSED' });
    assert.deepEqual(refusalOf(unreachable(cause), config), {
      reason: 'unreachable',
      message: 'the API server cannot be reached (ECONNREFUSED)',
      transient: true,
    });
  });
});

describe('a refusal of a Secret', () => {
  it('never repeats what the API server quotes', () => {
    const canary = 'c2VjcmV0LWNhbmFyeQ';
    for (const code of [400, 422, 409, 500]) {
      const { message } = refusalOf(
        answer(code, `cannot use ${canary}`, [{ field: 'data', message: `Invalid value: "${canary}": no` }]),
        secret,
      );
      assert.ok(!message.includes(canary), `${code}: ${message}`);
    }
  });
});

describe('errors of the API server', () => {
  it('that are no Status keep their body to themselves', () => {
    assert.equal(kubeError(502, '<html>secret</html>').message, 'the API server answered 502');
  });

  it('name who holds which field', () => {
    const error = kubeError(
      409,
      JSON.stringify({
        kind: 'Status',
        reason: 'Conflict',
        details: {
          causes: [
            {
              reason: 'FieldManagerConflict',
              message: 'conflict with "kubectl-edit" using v1',
              field: '.data.a',
            },
            {
              reason: 'FieldManagerConflict',
              message: 'conflict with "mainsheet:app_b" with subresource "scale" using apps/v1',
              field: '.spec.replicas',
            },
          ],
        },
      }),
    );
    assert.deepEqual(fieldConflicts(error), [
      { manager: 'kubectl-edit', field: '.data.a' },
      { manager: 'mainsheet:app_b', field: '.spec.replicas' },
    ]);
    assert.deepEqual(fieldConflicts(new KubeError(409, 'Conflict', 'the object has been modified')), []);
  });
});
