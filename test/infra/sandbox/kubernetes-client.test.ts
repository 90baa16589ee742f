// The official client, as the agent uses it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  AppsV1Api,
  CoreV1Api,
  KubeConfig,
  KubernetesObjectApi,
  makeInformer,
  PatchStrategy,
  type V1ConfigMap,
  type V1Deployment,
} from '@kubernetes/client-node';
import { type OpenSandbox, openSandbox } from './open-sandbox.ts';

let sandbox: OpenSandbox;
const config = new KubeConfig();

before(async () => {
  sandbox = await openSandbox();
  config.loadFromFile(sandbox.kubeconfig);
});

after(() => sandbox.close());

function deployment(name: string): V1Deployment {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'default' },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: 'c', image: 'app:1' }] },
      },
    },
  };
}

test('the context is called sandbox', () => {
  assert.equal(config.getCurrentContext(), 'sandbox');
});

test('it applies on the server’s side, meets conflicts and forces them', async () => {
  const api = KubernetesObjectApi.makeApiClient(config);
  const apply = (object: V1Deployment, manager: string, force = false) =>
    api.patch(object, undefined, undefined, manager, force, PatchStrategy.ServerSideApply);
  const made = await apply(deployment('one'), 'first');
  assert.ok(made.metadata?.uid);
  const other = deployment('one');
  assert.ok(other.spec);
  other.spec.replicas = 2;
  await assert.rejects(apply(other, 'second'), (error: Error & { code?: number }) => error.code === 409);
  await apply(other, 'second', true);
  const found = await config
    .makeApiClient(AppsV1Api)
    .readNamespacedDeployment({ name: 'one', namespace: 'default' });
  assert.equal(found.spec?.replicas, 2);
});

test('it lists, replaces, and deletes with a precondition', async () => {
  const core = config.makeApiClient(CoreV1Api);
  const body: V1ConfigMap = { metadata: { name: 'listed' }, data: { a: '1' } };
  await core.createNamespacedConfigMap({ namespace: 'default', body });
  const { items } = await core.listNamespacedConfigMap({
    namespace: 'default',
    fieldSelector: 'metadata.name=listed',
  });
  assert.equal(items.length, 1);
  const found = await core.readNamespacedConfigMap({ name: 'listed', namespace: 'default' });
  await core.replaceNamespacedConfigMap({
    name: 'listed',
    namespace: 'default',
    body: { ...found, data: { a: '2' } },
  });
  const stale = core.replaceNamespacedConfigMap({
    name: 'listed',
    namespace: 'default',
    body: { ...found, data: { a: '3' } },
  });
  await assert.rejects(stale, (error: Error & { code?: number }) => error.code === 409);
  const wrong = core.deleteNamespacedConfigMap({
    name: 'listed',
    namespace: 'default',
    body: { preconditions: { uid: 'x' } },
  });
  await assert.rejects(wrong, (error: Error & { code?: number }) => error.code === 409);
  await core.deleteNamespacedConfigMap({ name: 'listed', namespace: 'default' });
});

test('its informer sees additions, changes and deletions', async () => {
  const core = config.makeApiClient(CoreV1Api);
  const path = '/api/v1/namespaces/default/configmaps';
  const informer = makeInformer(config, path, () => core.listNamespacedConfigMap({ namespace: 'default' }));
  const seen: string[] = [];
  const saw = (what: string) => (object: V1ConfigMap) => {
    if (object.metadata?.name === 'informed') seen.push(what);
  };
  informer.on('add', saw('add'));
  informer.on('update', saw('update'));
  informer.on('delete', saw('delete'));
  await informer.start();
  await core.createNamespacedConfigMap({ namespace: 'default', body: { metadata: { name: 'informed' } } });
  await core.replaceNamespacedConfigMap({
    name: 'informed',
    namespace: 'default',
    body: { metadata: { name: 'informed' }, data: { a: '1' } },
  });
  await core.deleteNamespacedConfigMap({ name: 'informed', namespace: 'default' });
  for (let tries = 0; tries < 200 && seen.length < 3; tries++)
    await new Promise((resolve) => setTimeout(resolve, 20));
  await informer.stop();
  assert.deepEqual(seen, ['add', 'update', 'delete']);
});
