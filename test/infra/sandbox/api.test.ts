import assert from 'node:assert/strict';
import { request } from 'node:https';
import { after, before, test } from 'node:test';
import { at } from '../../contract/cluster-field-ownership.ts';
import { accessFrom, type Json, KubeHttp } from '../../contract/kube-http.ts';
import { type OpenSandbox, openSandbox, until } from './open-sandbox.ts';

let sandbox: OpenSandbox;
const CONFIGS = '/api/v1/namespaces/default/configmaps';

before(async () => {
  sandbox = await openSandbox();
});

after(() => sandbox.close());

function config(name: string, labels: { [name: string]: string } = {}): Json {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, labels }, data: { a: '1' } };
}

function namesIn(body: Json): unknown[] {
  const items = at(body, 'items');
  return (Array.isArray(items) ? items : []).map((item) => at(item, 'metadata', 'name'));
}

test('everything that is visible says that it is a sandbox', async () => {
  const version = await sandbox.http.ask('GET', '/version');
  assert.equal(at(version.body, 'gitVersion'), 'v1.35.0+sandbox');
  const nodes = await sandbox.http.ask('GET', '/api/v1/nodes');
  assert.deepEqual(namesIn(nodes.body), ['sandbox']);
});

test('discovery names groups, versions and resources', async () => {
  const groups = await sandbox.http.ask('GET', '/apis');
  const names = (at(groups.body, 'groups') as Json[]).map((group) => at(group, 'name')); // a group list has groups
  for (const name of ['apps', 'batch', 'networking.k8s.io', 'apiextensions.k8s.io', 'authorization.k8s.io']) {
    assert.ok(names.includes(name), name);
  }
  const core = await sandbox.http.ask('GET', '/api/v1');
  const pods = (at(core.body, 'resources') as Json[]).find((one) => at(one, 'name') === 'pods'); // a resource list has resources
  assert.deepEqual(at(pods, 'shortNames'), ['po']);
  const hpa = await sandbox.http.ask('GET', '/apis/autoscaling');
  assert.equal(at(hpa.body, 'preferredVersion', 'version'), 'v2');
  const schema = await sandbox.http.ask('GET', '/openapi/v3/apis/apps/v1');
  assert.notEqual(
    at(schema.body, 'paths', '/apis/apps/v1/namespaces/{namespace}/deployments/{name}', 'patch'),
    undefined,
  );
});

test('without the token nothing but health and version is told', async () => {
  const stranger = new KubeHttp({ ...accessFrom(sandbox.kubeconfig), token: 'x' });
  assert.equal((await stranger.ask('GET', CONFIGS)).code, 401);
  assert.equal((await stranger.ask('GET', '/apis')).code, 401);
  assert.equal((await stranger.ask('GET', '/readyz')).body, 'ok');
  assert.equal((await stranger.ask('GET', '/version')).code, 200);
  stranger.close();
});

test('an impersonated user is who is asking, and everything is allowed', async () => {
  const user = 'system:serviceaccount:team:deployer';
  const headers = { 'impersonate-user': user };
  const who = await sandbox.http.ask('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {
    body: {},
    headers,
  });
  assert.equal(at(who.body, 'status', 'userInfo', 'username'), user);
  const spec = { resourceAttributes: { verb: 'create', resource: 'pods' } };
  const may = await sandbox.http.ask('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
    body: { spec },
    headers,
  });
  assert.equal(at(may.body, 'status', 'allowed'), true);
});

test('who may be impersonated can be limited', async () => {
  const strict = await openSandbox({ impersonable: ['system:serviceaccount:team:deployer'] });
  const ask = (user: string) => strict.http.ask('GET', CONFIGS, { headers: { 'impersonate-user': user } });
  assert.equal((await ask('system:serviceaccount:team:deployer')).code, 200);
  const refused = await ask('system:serviceaccount:other:admin');
  assert.equal(refused.code, 403);
  assert.match(String(at(refused.body, 'message')), /cannot impersonate resource "serviceaccounts"/);
  await strict.close();
});

test('lists are selected by labels and fields', async () => {
  const at1 = '/api/v1/namespaces/default/secrets';
  const labels: Record<string, { [name: string]: string }> = {
    a: { x: '1' },
    b: { x: '2', y: '' },
    c: { z: '3' },
  };
  for (const [name, of] of Object.entries(labels)) {
    await sandbox.http.ask('POST', at1, {
      body: { apiVersion: 'v1', kind: 'Secret', metadata: { name, labels: of } },
    });
  }
  const expected: Record<string, string[]> = {
    'x=1': ['a'],
    'x==2': ['b'],
    'x!=1': ['b', 'c'],
    'x in (1,2)': ['a', 'b'],
    'x notin (1)': ['b', 'c'],
    x: ['a', 'b'],
    '!x': ['c'],
    'x,y=': ['b'],
    'x>1': ['b'],
  };
  for (const [labelSelector, names] of Object.entries(expected)) {
    const answer = await sandbox.http.ask('GET', at1, { query: { labelSelector } });
    assert.deepEqual(namesIn(answer.body), names, labelSelector);
  }
  const named = await sandbox.http.ask('GET', at1, {
    query: { fieldSelector: 'metadata.name!=a,type=Opaque' },
  });
  assert.deepEqual(namesIn(named.body), ['b', 'c']);
  for (const labelSelector of ['x===1', 'x in 1', ',', 'x in (']) {
    assert.equal((await sandbox.http.ask('GET', at1, { query: { labelSelector } })).code, 400, labelSelector);
  }
});

test('pages show the moment of the first one', async () => {
  await sandbox.http.ask('POST', '/api/v1/namespaces', {
    body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'pages' } },
  });
  const path = '/api/v1/namespaces/pages/secrets';
  const make = (name: string) =>
    sandbox.http.ask('POST', path, { body: { apiVersion: 'v1', kind: 'Secret', metadata: { name } } });
  for (const name of ['a', 'c', 'e']) await make(name);
  const first = await sandbox.http.ask('GET', path, { query: { limit: '2' } });
  assert.deepEqual(namesIn(first.body), ['a', 'c']);
  assert.equal(at(first.body, 'metadata', 'remainingItemCount'), 1);
  await make('d');
  await sandbox.http.ask('DELETE', `${path}/e`);
  const token = String(at(first.body, 'metadata', 'continue'));
  const second = await sandbox.http.ask('GET', path, { query: { limit: '2', continue: token } });
  assert.deepEqual(namesIn(second.body), ['e']);
  assert.equal(at(second.body, 'metadata', 'resourceVersion'), at(first.body, 'metadata', 'resourceVersion'));
  const lost = await sandbox.http.ask('GET', path, {
    query: { continue: '00000000-0000-0000-0000-000000000000' },
  });
  assert.equal(lost.code, 410);
});

test('only metadata is answered where only metadata is asked for', async () => {
  await sandbox.http.ask('POST', CONFIGS, { body: config('partial') });
  const accept = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
  const answer = await sandbox.http.ask('GET', CONFIGS, { headers: { accept } });
  assert.equal(at(answer.body, 'kind'), 'PartialObjectMetadataList');
  assert.deepEqual(Object.keys(at(answer.body, 'items', 0) as object), ['kind', 'apiVersion', 'metadata']);
  assert.equal((await sandbox.http.ask('GET', CONFIGS, { headers: { accept: 'text/html' } })).code, 406);
});

test('YAML is taken where YAML is allowed, with its aliases bounded', async () => {
  const yaml =
    'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: yaml\ndata:\n  on: "yes"\n  day: "2026-01-01"\n';
  const query = { fieldManager: 'm' };
  const applied = await sandbox.http.ask('PATCH', `${CONFIGS}/yaml`, {
    body: yaml,
    contentType: 'application/apply-patch+yaml',
    query,
  });
  assert.equal(applied.code, 201, JSON.stringify(applied.body));
  const put = await sandbox.http.ask('PUT', `${CONFIGS}/yaml`, {
    body: yaml,
    contentType: 'application/yaml',
  });
  assert.equal(put.code, 200);
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${Array.from('bcdefgh', (name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[i]}`).join(',')}]`).join('\n')}\n`;
  const refused = await sandbox.http.ask('PATCH', `${CONFIGS}/bomb`, {
    body: bomb,
    contentType: 'application/apply-patch+yaml',
    query,
  });
  assert.equal(refused.code, 400);
});

test('a body that is too large, too deep or no JSON is refused and the server goes on', async () => {
  const large = await sandbox.http
    .ask('POST', CONFIGS, { body: `"${'x'.repeat(3 * 1024 * 1024)}"` })
    .catch(() => undefined);
  // the connection may be closed before the whole body was sent
  if (large) assert.equal(large.code, 413);
  const deep = await sandbox.http.ask('POST', CONFIGS, {
    body: `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
  });
  assert.equal(deep.code, 400);
  assert.equal((await sandbox.http.ask('POST', CONFIGS, { body: '{' })).code, 400);
  assert.equal((await sandbox.http.ask('POST', CONFIGS, { body: '[]' })).code, 400);
  const proto = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"proto"},"data":{"__proto__":"x"}}';
  const made = await sandbox.http.ask('POST', CONFIGS, { body: proto });
  assert.equal(made.code, 201);
  assert.ok(JSON.stringify(made.body).includes('"data":{"__proto__":"x"}'));
  assert.equal((await sandbox.http.ask('GET', '/readyz')).code, 200);
});

test('names that cannot be and objects that are there are refused in the API’s words', async () => {
  const wrong = await sandbox.http.ask('POST', CONFIGS, { body: config('A_b') });
  assert.equal(wrong.code, 422);
  assert.equal(at(wrong.body, 'details', 'causes', 0, 'field'), 'metadata.name');
  await sandbox.http.ask('POST', CONFIGS, { body: config('there') });
  const again = await sandbox.http.ask('POST', CONFIGS, { body: config('there') });
  assert.equal(at(again.body, 'message'), 'configmaps "there" already exists');
  const generated = await sandbox.http.ask('POST', CONFIGS, {
    body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { generateName: 'g-' } },
  });
  assert.match(String(at(generated.body, 'metadata', 'name')), /^g-[a-z0-9]{5}$/);
  const nowhere = await sandbox.http.ask('POST', '/api/v1/namespaces/nope/configmaps', { body: config('a') });
  assert.equal(at(nowhere.body, 'message'), 'namespaces "nope" not found');
  assert.equal((await sandbox.http.ask('GET', '/apis/apps/v1/namespaces/default/nothings')).code, 404);
  assert.equal((await sandbox.http.ask('PATCH', CONFIGS, { body: {} })).code, 405);
});

test('unknown fields are warned of, or refused where that is asked for', async () => {
  const body = { ...(config('warned') as object), foo: 1 } as Json;
  const warned = await sandbox.http.ask('POST', CONFIGS, { body });
  assert.deepEqual(warned.warnings, ['299 - "unknown field \\"foo\\""']);
  const strict = await sandbox.http.ask('POST', CONFIGS, { body, query: { fieldValidation: 'Strict' } });
  assert.equal(strict.code, 400);
});

test('a namespace has its ServiceAccount and CA before anything else can be made in it', async () => {
  await sandbox.http.ask('POST', '/api/v1/namespaces', {
    body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'fresh' } },
  });
  await until(sandbox.http, '/api/v1/namespaces/fresh/serviceaccounts/default', ({ code }) => code === 200);
  await until(
    sandbox.http,
    '/api/v1/namespaces/fresh/configmaps/kube-root-ca.crt',
    ({ code }) => code === 200,
  );
  const pods = '/api/v1/namespaces/fresh/pods';
  const spec = { serviceAccountName: 'nope', containers: [{ name: 'c', image: 'a:1' }] };
  const refused = await sandbox.http.ask('POST', pods, {
    body: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec },
  });
  assert.equal(refused.code, 403);
});

test('a client that trusts another CA is not served', async () => {
  const { url } = accessFrom(sandbox.kubeconfig);
  await assert.rejects(
    new Promise((resolve, reject) => {
      request(`${url}/version`, resolve).on('error', reject).end();
    }),
    /self-signed certificate|unable to verify/,
  );
});
