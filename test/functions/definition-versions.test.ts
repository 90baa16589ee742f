import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { type TestApp, testApp } from '../support/http-app.ts';

const text = (name: string, says: string, version = '') => `"${name}": {
	type: "component"
	attributes: {
		workload: definition: {apiVersion: "v1", kind: "ConfigMap"}
		${version === '' ? '' : `version: "${version}"`}
	}
}
template: {
	output: {apiVersion: "v1", kind: "ConfigMap", data: says: "${says}"}
	parameter: {}
}
`;

describe('a type with a version', () => {
  let app: TestApp;
  let key: string;
  const put = async (name: string, body: string, namespace = 'vela-system') => {
    const path = `/v1/definitions/component/${name}?namespace=${namespace}`;
    const { headers } = await app.request(path, { key });
    const etag = headers.get('etag');
    const answer = await app.request(path, {
      method: 'PUT',
      key,
      body,
      headers: etag === null ? {} : { 'if-match': etag },
    });
    assert.ok(answer.status < 300, answer.text);
  };
  const said = async (type: string, annotations: Readonly<Record<string, string>> = {}) => {
    const answer = await app.request('/v1/applications?dryRun=server', {
      method: 'POST',
      key,
      body: JSON.stringify({
        apiVersion: 'core.oam.dev/v1beta1',
        kind: 'Application',
        metadata: { name: 'site', annotations },
        spec: { components: [{ name: 'web', type }] },
      }),
    });
    return /"says":"([^"]*)"/.exec(answer.text)?.[1] ?? `${answer.status} ${answer.text}`;
  };
  const autoUpdate = { 'app.oam.dev/autoUpdate': 'true' };

  before(async () => {
    app = await testApp();
    key = await app.tenant('demo');
    for (const says of ['first', 'second', 'third']) await put('counted', text('counted', says));
    for (const version of ['1.2.0', '1.10.1', '2.0.0'])
      await put('semantic', text('semantic', version, version));
  });

  it('means that version, by number', async () => {
    assert.equal(await said('counted'), 'third');
    assert.equal(await said('counted@v1'), 'first');
    assert.equal(await said('counted@v2'), 'second');
  });
  it('means that version, by its own', async () => {
    assert.equal(await said('semantic'), '2.0.0');
    assert.equal(await said('semantic@v1.2.0'), '1.2.0');
  });
  it('in part means the newest that fits, where the Application follows', async () => {
    assert.equal(await said('semantic@v1', autoUpdate), '1.10.1');
    assert.equal(await said('semantic@v1.2', autoUpdate), '1.2.0');
    assert.match(await said('semantic@v1'), /^422 .*definition-not-found/);
  });
  it('that is not there is told with those that are', async () => {
    assert.match(await said('counted@v9'), /^422 .*counted@v1/);
  });
  it('of the namespace comes before that of the system, which comes before the stock one', async () => {
    await put('webservice', text('webservice', 'system'));
    assert.equal(await said('webservice'), 'system');
    await put('webservice', text('webservice', 'own'), 'default');
    assert.equal(await said('webservice'), 'own');
  });
  it('is answered by GET', async () => {
    const answer = await app.request('/v1/definitions/component/counted@v2', { key });
    assert.match(answer.text, /second/);
    assert.deepEqual(
      (answer.body['versions'] as { version: string }[]).map(({ version }) => version),
      ['3', '2', '1'],
    );
    assert.equal((await app.request('/v1/definitions/component/counted@v9', { key })).status, 404);
  });
});
