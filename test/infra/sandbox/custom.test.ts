import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { at } from '../../contract/cluster-field-ownership.ts';
import { widgetDefinition } from '../../contract/cluster-field-ownership-custom.ts';
import type { Json } from '../../contract/kube-http.ts';
import { type OpenSandbox, openSandbox, until } from './open-sandbox.ts';

type JsonObject = { [key: string]: Json };

const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
let sandbox: OpenSandbox;

before(async () => {
  sandbox = await openSandbox();
});

after(() => sandbox.close());

function established(answer: { body: Json }): Json | undefined {
  const conditions = at(answer.body, 'status', 'conditions');
  const found = (Array.isArray(conditions) ? conditions : []).find(
    (one) => at(one, 'type') === 'Established',
  );
  return at(found, 'status');
}

function widget(api: string, name: string): JsonObject {
  return { apiVersion: api, kind: 'Widget', metadata: { name }, spec: { size: 1 } };
}

test('a definition serves its kind, and takes its objects along when it goes', async () => {
  await sandbox.http.ask('POST', DEFINITIONS, { body: widgetDefinition('one.example.com') });
  const path = `${DEFINITIONS}/widgets.one.example.com`;
  await until(sandbox.http, path, (one) => established(one) === 'True');
  const found = await sandbox.http.ask('GET', '/apis/one.example.com/v1');
  assert.equal(at(found.body, 'resources', 0, 'name'), 'widgets');
  const widgets = '/apis/one.example.com/v1/namespaces/default/widgets';
  const made = await sandbox.http.ask('POST', widgets, { body: widget('one.example.com/v1', 'w') });
  assert.equal(made.code, 201);
  await sandbox.http.ask('DELETE', path);
  await until(sandbox.http, path, (one) => one.code === 404);
  assert.equal((await sandbox.http.ask('GET', `${widgets}/w`)).code, 404);
  await sandbox.http.ask('POST', DEFINITIONS, { body: widgetDefinition('one.example.com') });
  await until(sandbox.http, path, (one) => established(one) === 'True');
  const left = await sandbox.http.ask('GET', widgets);
  assert.deepEqual(at(left.body, 'items'), []);
});

test('a definition whose names are taken is not accepted', async () => {
  await sandbox.http.ask('POST', DEFINITIONS, { body: widgetDefinition('two.example.com') });
  await until(sandbox.http, `${DEFINITIONS}/widgets.two.example.com`, (one) => established(one) === 'True');
  const other = widgetDefinition('two.example.com') as {
    spec: { names: JsonObject };
    metadata: JsonObject;
  } & JsonObject; // made so
  other.metadata = { name: 'gadgets.two.example.com' };
  other.spec.names = { plural: 'gadgets', kind: 'Widget' };
  await sandbox.http.ask('POST', DEFINITIONS, { body: other });
  const path = `${DEFINITIONS}/gadgets.two.example.com`;
  const refused = await until(sandbox.http, path, (one) => established(one) !== undefined);
  assert.equal(established(refused), 'False');
  assert.equal(
    (await sandbox.http.ask('GET', '/apis/two.example.com/v1/namespaces/default/gadgets')).code,
    404,
  );
  // when the names are free, it is
  await sandbox.http.ask('DELETE', `${DEFINITIONS}/widgets.two.example.com`);
  await until(sandbox.http, path, (one) => established(one) === 'True');
});

test('every served version of a kind shows the same objects', async () => {
  const definition = widgetDefinition('three.example.com') as {
    spec: { versions: JsonObject[] };
  } & JsonObject; // made so
  const [first] = definition.spec.versions as [JsonObject]; // one was made
  definition.spec.versions = [first, { ...first, name: 'v2', storage: false }];
  await sandbox.http.ask('POST', DEFINITIONS, { body: definition });
  await until(sandbox.http, `${DEFINITIONS}/widgets.three.example.com`, (one) => established(one) === 'True');
  const at1 = '/apis/three.example.com/v1/namespaces/default/widgets';
  const at2 = '/apis/three.example.com/v2/namespaces/default/widgets';
  const asked = { contentType: 'application/apply-patch+yaml', query: { fieldManager: 'm' } };
  await sandbox.http.ask('PATCH', `${at1}/w`, { ...asked, body: widget('three.example.com/v1', 'w') });
  const read = await sandbox.http.ask('GET', `${at2}/w`);
  assert.equal(at(read.body, 'apiVersion'), 'three.example.com/v2');
  const body = { ...widget('three.example.com/v2', 'w'), spec: { size: 2 } };
  const applied = await sandbox.http.ask('PATCH', `${at2}/w`, { ...asked, body });
  assert.equal(applied.code, 200);
  assert.equal(at(applied.body, 'metadata', 'managedFields', 0, 'apiVersion'), 'three.example.com/v2');
  const groups = await sandbox.http.ask('GET', '/apis/three.example.com');
  assert.equal(at(groups.body, 'preferredVersion', 'version'), 'v2');
});

test('definitions and their objects are there after a restart', async () => {
  const first = await openSandbox();
  await first.http.ask('POST', DEFINITIONS, { body: widgetDefinition('kept.example.com') });
  await until(first.http, `${DEFINITIONS}/widgets.kept.example.com`, (one) => established(one) === 'True');
  const widgets = '/apis/kept.example.com/v1/namespaces/default/widgets';
  await first.http.ask('POST', widgets, { body: widget('kept.example.com/v1', 'w') });
  const { directory } = first;
  first.http.close();
  await first.stop();
  const second = await openSandbox({ directory });
  assert.equal((await second.http.ask('GET', `${widgets}/w`)).code, 200);
  await second.close();
  await first.remove();
});
