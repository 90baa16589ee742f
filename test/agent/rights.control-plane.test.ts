/** What an agent without rights says: only a real API server knows rights. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { KubeConfig } from '@kubernetes/client-node';
import { runAgent } from '../../agent/agent.ts';
import { connect } from '../../agent/kube/api.ts';
import { kubeClient } from '../support/kube-client.ts';
import { until } from '../support/until.ts';
import { TestHub } from './hub.ts';

const kubeconfig = process.env['MAINSHEET_TEST_KUBECONFIG'];

/** A kubeconfig of a ServiceAccount that may look at everything, hold the Lease, and write nothing else. */
async function readerOf(admin: string, folder: string, namespace: string): Promise<string> {
  const kube = kubeClient(admin);
  const rbac = 'rbac.authorization.k8s.io/v1';
  const account = { namespace, name: 'reader' };
  await kube.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  await kube.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: account });
  const rules = [
    { apiGroups: ['*'], resources: ['*'], verbs: ['get', 'list', 'watch'] },
    { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['create', 'update'] },
  ];
  const role = { apiVersion: rbac, kind: 'ClusterRole', metadata: { name: namespace }, rules };
  const binding = {
    apiVersion: rbac,
    kind: 'ClusterRoleBinding',
    metadata: { name: namespace },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: namespace },
    subjects: [{ kind: 'ServiceAccount', ...account }],
  };
  await kube.create(role);
  await kube.create(binding);
  const api = connect({ kubeconfig: admin });
  const answer = await api.json({
    method: 'POST',
    path: `/api/v1/namespaces/${namespace}/serviceaccounts/reader/token`,
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} },
  });
  api.close();
  const config = new KubeConfig();
  config.loadFromFile(admin);
  const cluster = config.getCurrentCluster();
  const path = join(folder, 'reader.kubeconfig');
  const ca =
    cluster?.caFile === undefined ? cluster?.caData : readFileSync(cluster.caFile).toString('base64');
  const named = { name: 'reader', cluster: { server: cluster?.server, 'certificate-authority-data': ca } };
  writeFileSync(
    path,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'reader',
      clusters: [named],
      users: [{ name: 'reader', user: { token: (answer['status'] as { token: string }).token } }],
      contexts: [{ name: 'reader', context: { cluster: 'reader', user: 'reader' } }],
    }),
  );
  return path;
}

describe('an agent without rights', {
  skip: kubeconfig === undefined && 'MAINSHEET_TEST_KUBECONFIG is not set',
}, () => {
  it('says which right is missing, and goes on when it is given', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mainsheet-rights-'));
    const namespace = `rights-${Date.now().toString(36)}`;
    const admin = kubeconfig ?? '';
    const api = connect({ kubeconfig: await readerOf(admin, folder, namespace) });
    const hub = new TestHub();
    await hub.listen();
    const stop = new AbortController();
    const ended = runAgent({
      hub: hub.url,
      token: hub.token,
      state: join(folder, 'agent'),
      api,
      namespace,
      beatSeconds: 0.1,
      signal: stop.signal,
      log: () => undefined,
    });
    try {
      const metadata = { name: 'wanted', namespace };
      hub.deliver({ objects: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { a: '1' } }] });
      const word = () => hub.word({ kind: 'ConfigMap', name: 'wanted' });
      const refused = await until('the refusal is told', () =>
        word()?.outcome === 'refused' ? word() : undefined,
      );
      assert.equal(refused.reason, 'forbidden');
      assert.match(
        refused.message ?? '',
        new RegExp(`^no right to patch configmaps in namespace ${namespace}; a role with this rule`),
      );
      const kube = kubeClient(admin);
      const rules = [
        { apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'create', 'patch', 'delete'] },
      ];
      const rbac = 'rbac.authorization.k8s.io/v1';
      await kube.create({
        apiVersion: rbac,
        kind: 'Role',
        metadata: { name: 'writer', namespace },
        ...{ rules },
      });
      await kube.create({
        apiVersion: rbac,
        kind: 'RoleBinding',
        metadata: { name: 'writer', namespace },
        ...{
          roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'writer' },
          subjects: [{ kind: 'ServiceAccount', namespace, name: 'reader' }],
        },
      });
      await until(
        'it is there',
        async () => (await kube.get('v1', 'ConfigMap', namespace, 'wanted')) !== null,
        30,
      );
      await until('that is told', () => word()?.outcome === 'created');
    } finally {
      stop.abort();
      await ended;
      api.close();
      await hub.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
