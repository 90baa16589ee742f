import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { type TestApp, testApp } from '../support/http-app.ts';

interface Detail {
  readonly pointer: string;
  readonly detail: string;
  readonly expected?: string;
  readonly actual?: string;
}

const application = JSON.stringify({
  apiVersion: 'core.oam.dev/v1beta1',
  kind: 'Application',
  metadata: { name: 'site' },
  spec: { components: [{ name: 'web', type: 'webservice', properties: { image: 'nginx:1' } }] },
});

describe('a request that is not as the API describes it', () => {
  let app: TestApp;
  let key: string;
  const send = async (method: string, path: string, body?: string, headers: Record<string, string> = {}) => {
    const answer = await app.request(path, {
      method,
      key: path.startsWith('/v1/tenants') ? app.operatorKey : key,
      headers,
      ...(body === undefined ? {} : { body }),
    });
    const errors = (answer.body['errors'] ?? []) as Detail[];
    return { status: answer.status, errors, detail: String(answer.body['detail']), headers: answer.headers };
  };

  before(async () => {
    app = await testApp();
    key = await app.tenant('demo');
  });

  it('is told with pointer, expected and actual', async () => {
    const cases: readonly (readonly [string, string, string | undefined, Partial<Detail>])[] = [
      [
        'GET',
        '/v1/applications?limit=0',
        undefined,
        { pointer: '/limit', expected: 'at least 1', actual: 'the string "0"' },
      ],
      [
        'GET',
        '/v1/applications?limit=x',
        undefined,
        { pointer: '/limit', expected: 'a number', actual: 'the string "x"' },
      ],
      [
        'GET',
        '/v1/definitions?origin=me',
        undefined,
        { pointer: '/origin', expected: 'one of "stock", "tenant"' },
      ],
      ['GET', '/v1/definitions/thing/x', undefined, { pointer: '/kind', actual: 'the string "thing"' }],
      [
        'POST',
        '/v1/definitions/import?dryRun=yes',
        'x',
        { pointer: '/dryRun', expected: 'one of "true", "false", "server"' },
      ],
      ['POST', '/v1/applications?dryRun=client', application, { pointer: '/dryRun', expected: '"server"' }],
      [
        'POST',
        '/v1/keys',
        '{"roles":["admin"]}',
        { pointer: '/name', expected: 'a string', actual: 'nothing' },
      ],
      [
        'POST',
        '/v1/keys',
        '{"name":"a","roles":["boss"]}',
        { pointer: '/roles/0', actual: 'the string "boss"' },
      ],
      ['POST', '/v1/keys', '[]', { pointer: '', expected: 'an object', actual: 'a list' }],
      ['POST', '/v1/keys', '', { pointer: '', expected: 'a JSON object', actual: 'nothing' }],
      [
        'POST',
        '/v1/keys',
        '{"name":',
        { pointer: '', expected: 'JSON', actual: 'an end that comes too early' },
      ],
      ['POST', '/v1/keys', '{"name": a}', { expected: 'JSON', actual: 'an unexpected "a"' }],
      ['GET', '/v1/definitions?cursor=x', undefined, { pointer: '/cursor', actual: 'another text' }],
      [
        'GET',
        '/v1/definitions?labelSelector=a%20in%20(b',
        undefined,
        { pointer: '/labelSelector', actual: 'a in (b' },
      ],
      ['POST', '/v1/definitions/import', 'x', { pointer: '', expected: 'a gzipped tar' }],
      ['POST', '/v1/clusters', '{"name":"Prod_1"}', { pointer: '/name', expected: 'a DNS name' }],
      ['POST', '/v1/tenants', '{"name":"A"}', { pointer: '/name', actual: 'the string "A"' }],
      ['POST', '/v1/plan', '{"live":"yes"}', { pointer: '/live', expected: 'true or false' }],
      ['POST', '/v1/plan', '{"live":true}', { pointer: '', expected: 'send either manifest or application' }],
    ];
    for (const [method, path, body, wanted] of cases) {
      const { status, errors, detail } = await send(method, path, body);
      const said = `${method} ${path} ${body ?? ''}: ${status} ${JSON.stringify(errors)}`;
      assert.equal(status, 400, said);
      for (const [name, value] of Object.entries(wanted))
        assert.equal(errors[0]?.[name as keyof Detail], value, said);
      assert.ok(
        errors.every((one) => one.expected !== undefined && one.actual !== undefined),
        said,
      );
      assert.ok(detail.startsWith(errors[0]?.detail ?? '?'), said);
    }
  });
  it('is told so where it is understood, but wrong', async () => {
    const cases: readonly (readonly [string, string, string, Partial<Detail>])[] = [
      ['POST', '/v1/applications', '', { expected: 'an object with apiVersion and kind', actual: 'nothing' }],
      ['POST', '/v1/applications', '{"a":', { expected: 'YAML or JSON', actual: 'other text' }],
      ['POST', '/v1/applications', '5', { expected: 'an object with apiVersion and kind' }],
      ['POST', '/v1/applications', '{"a": 1}', { pointer: '/kind', expected: 'a string', actual: 'nothing' }],
      [
        'POST',
        '/v1/applications',
        application.replace('webservice', 'webservic'),
        { expected: 'webservice', actual: 'webservic' },
      ],
      ['PUT', '/v1/definitions/component/x', '', { actual: 'nothing' }],
      ['PUT', '/v1/definitions/component/x', 'a: {', { expected: 'CUE', actual: 'other text' }],
      [
        'PUT',
        '/v1/definitions/component/x',
        'y: type: "component"\ntemplate: output: {}\n',
        { expected: 'component "x"', actual: 'component "y"' },
      ],
    ];
    for (const [method, path, body, wanted] of cases) {
      const { status, errors } = await send(method, path, body);
      const said = `${method} ${path} ${body}: ${status} ${JSON.stringify(errors)}`;
      assert.equal(status, 422, said);
      for (const [name, value] of Object.entries(wanted))
        assert.equal(errors[0]?.[name as keyof Detail], value, said);
    }
    const large = await send('POST', '/v1/applications', 'x'.repeat(1024 * 1024 + 1));
    assert.deepEqual([large.status, large.errors[0]?.expected], [413, 'at most 1048576 bytes']);
  });
  it('does nothing where a parameter of its query is misspelt', async () => {
    const { status, errors } = await send('POST', '/v1/applications?dryrun=server', application);
    assert.equal(status, 400);
    assert.deepEqual(
      [errors[0]?.pointer, errors[0]?.expected, errors[0]?.actual],
      ['/dryrun', 'dryRun', 'dryrun'],
    );
    assert.equal((await send('GET', '/v1/namespaces/default/applications/site')).status, 404);
    const gone = await send('DELETE', '/v1/namespaces/default/applications/site?dryRun=server');
    assert.deepEqual([gone.status, gone.errors[0]?.expected], [400, 'nothing']);
  });
  it('does nothing where a field of its body is not known', async () => {
    const { status, errors } = await send(
      'POST',
      '/v1/keys',
      '{"name":"a","roles":["viewer"],"expireInDays":1}',
    );
    assert.equal(status, 400);
    assert.equal(errors[0]?.pointer, '/expireInDays');
    assert.match(errors[0]?.detail ?? '', /Did you mean "expiresInDays"\?/);
  });
  it('does not show a secret that was sent', async () => {
    const { status, errors } = await send(
      'POST',
      '/v1/receivers',
      '{"name":"a","secret":"hunter2","token":5}',
    );
    assert.equal(status, 400);
    assert.doesNotMatch(JSON.stringify(errors), /hunter2/);
    assert.ok(errors.some((one) => one.pointer === '/secret' && one.actual === 'a string of 7 characters'));
  });
  it('is told which methods an address has', async () => {
    for (const [method, path, allow] of [
      ['DELETE', '/v1/applications', 'POST, GET'],
      ['PATCH', '/v1/namespaces/a/applications/b', 'PUT, POST, GET, DELETE'],
      ['POST', '/healthz', 'GET'],
      ['GET', '/hooks/x', 'POST'],
      ['PUT', '/v1/definitions/import', 'POST'],
    ] as const) {
      const { status, headers, errors } = await send(method, path);
      assert.deepEqual([status, headers.get('allow')], [405, allow], `${method} ${path}`);
      assert.equal(errors[0]?.actual, method);
    }
    for (const path of ['/', '/v1/nothing', '/v1/runs'])
      assert.equal((await send('GET', path)).status, 404, path);
  });
  it('has a media type that the route does not take', async () => {
    const { status, errors } = await send('POST', '/v1/keys', 'name: a', {
      'content-type': 'application/yaml',
    });
    assert.deepEqual(
      [status, errors[0]?.expected, errors[0]?.actual],
      [415, 'application/json', 'application/yaml'],
    );
  });
  it('is no error for a body as a plain curl sends it', async () => {
    for (const type of [
      'application/x-www-form-urlencoded',
      'text/plain;charset=UTF-8',
      'application/json',
    ]) {
      const { status } = await send('POST', '/v1/keys', '{"name":"a","roles":["viewer"]}', {
        'content-type': type,
      });
      assert.equal(status, 201, type);
    }
    for (const type of ['application/x-www-form-urlencoded', 'application/json']) {
      const { status } = await send('POST', '/v1/clusters/none/accept', '', { 'content-type': type });
      assert.equal(status, 404, type);
    }
  });
});
