import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { before, describe, it } from 'node:test';
import { type TestAnswer, type TestApp, testApp } from '../support/http-app.ts';

const json = { 'content-type': 'application/json' };
const application = (name: string) =>
  `{apiVersion: core.oam.dev/v1beta1, kind: Application, metadata: {name: ${name}}, spec: {components: [{name: web, type: webservice, properties: {image: a}}]}}`;

describe('keys and tenants', () => {
  let app: TestApp;
  let one: string;
  let two: string;
  const post = (path: string, body: unknown, key: string) =>
    app.request(path, { method: 'POST', key, headers: json, body: JSON.stringify(body) });
  const sameBytes = ({ status, text }: TestAnswer) => [status, text.replace(/"requestId":"[^"]*"/, '')];

  before(async () => {
    app = await testApp();
    one = await app.tenant('one');
    two = await app.tenant('two');
    const submitted = await app.request('/v1/applications', {
      method: 'POST',
      key: one,
      body: application('shop'),
    });
    assert.equal(submitted.status, 202, submitted.text);
  });

  it('asks for a key, and refuses one that is unknown or mistyped', async () => {
    assert.equal((await app.request('/v1/applications')).status, 401);
    assert.equal((await app.request('/v1/applications', { key: 'ms_nonsense' })).status, 401);
    const mistyped = `${one.slice(0, -1)}${one.endsWith('A') ? 'B' : 'A'}`;
    assert.equal((await app.request('/v1/applications', { key: mistyped })).status, 401);
  });
  it("keeps tenants to the operator's key", async () => {
    assert.equal((await app.request('/v1/tenants', { key: one })).status, 403);
    assert.equal((await app.request('/v1/tenants', { key: app.operatorKey })).status, 200);
    assert.equal((await app.request('/v1/applications', { key: app.operatorKey })).status, 401);
  });
  it('refuses a second tenant of one name', async () => {
    assert.equal((await post('/v1/tenants', { name: 'one' }, app.operatorKey)).status, 409);
  });
  it("answers another tenant's anything with the bytes of nothing", async () => {
    const run = String((await app.request('/v1/namespaces/default/applications/shop', { key: one })).status);
    assert.equal(run, '200');
    const list = await app.request('/v1/applications', { key: one });
    const [item] = list.body['items'] as { run: { id: string } }[];
    const made = await post(
      '/v1/receivers',
      { name: 'r', kind: 'github', repository: 'https://github.com/a/b.git' },
      one,
    );
    assert.equal(made.status, 201, made.text);
    const { id } = (made.body as { receiver: { id: string } }).receiver;
    const cluster = await post('/v1/clusters', { name: 'prod' }, one);
    assert.equal(cluster.status, 201, cluster.text);
    const pairs = [
      ['/v1/namespaces/default/applications/shop', '/v1/namespaces/default/applications/none'],
      [
        `/v1/runs/${item?.run.id}`,
        `/v1/runs/${item?.run.id.slice(0, -1)}${item?.run.id.endsWith('0') ? '1' : '0'}`,
      ],
      [`/v1/receivers/${id}`, `/v1/receivers/${id.slice(0, -1)}${id.endsWith('0') ? '1' : '0'}`],
      ['/v1/clusters/prod', '/v1/clusters/none'],
    ] as const;
    for (const [theirs, nothing] of pairs) {
      assert.equal((await app.request(theirs, { key: one })).status, 200, theirs);
      const seen = await app.request(theirs, { key: two });
      assert.equal(seen.status, 404, theirs);
      assert.deepEqual(sameBytes(seen), sameBytes(await app.request(nothing, { key: two })), theirs);
    }
    assert.deepEqual((await app.request('/v1/applications', { key: two })).body['items'], []);
  });
  it('gives a key no more than its roles and scopes', async () => {
    const viewer = await post('/v1/keys', { name: 'v', roles: ['viewer'] }, one);
    assert.equal(viewer.status, 201, viewer.text);
    const secret = String(viewer.body['secret']);
    assert.equal((await app.request('/v1/applications', { key: secret })).status, 200);
    const write = await app.request('/v1/applications', {
      method: 'POST',
      key: secret,
      body: application('x'),
    });
    assert.equal(write.status, 403);
    assert.match(write.text, /applications:write/);
    const narrow = await post('/v1/keys', { name: 'n', roles: ['admin'], scopes: ['audit:read'] }, one);
    const narrowed = String(narrow.body['secret']);
    assert.equal((await app.request('/v1/audit', { key: narrowed })).status, 200);
    assert.equal((await app.request('/v1/applications', { key: narrowed })).status, 403);
  });
  it('refuses a key once it is revoked, and once it has expired', async () => {
    const short = await post('/v1/keys', { name: 's', roles: ['viewer'], expiresInDays: 1 }, one);
    const secret = String(short.body['secret']);
    assert.equal((await app.request('/v1/applications', { key: secret })).status, 200);
    app.time = 25 * 60 * 60 * 1000;
    assert.equal((await app.request('/v1/applications', { key: secret })).status, 401);
    app.time = 0;
    const made = await post('/v1/keys', { name: 'r', roles: ['viewer'] }, one);
    const { id } = (made.body as { key: { id: string } }).key;
    assert.equal((await app.request(`/v1/keys/${id}`, { method: 'DELETE', key: one })).status, 204);
    assert.equal((await app.request('/v1/applications', { key: String(made.body['secret']) })).status, 401);
  });
  it('never shows the text of a key again', async () => {
    const list = await app.request('/v1/keys', { key: one });
    assert.equal(list.text.includes(one.slice(0, 40)), false);
    assert.equal(list.text.includes('secret'), false);
  });
  it('says nothing of its insides when something fails', async () => {
    const { runs } = app.stores.of((await app.stores.listTenants(undefined, 1))[0]?.id ?? ('' as never));
    assert.ok(runs !== undefined);
    const answer = await app.request('/v1/runs/%00%ff', { key: one });
    assert.ok(answer.status === 404 || answer.status === 400, answer.text);
  });
});

describe("GitHub's webhooks", () => {
  let app: TestApp;
  let key: string;
  let id: string;
  let secret: string;
  const body = JSON.stringify({ ref: 'refs/heads/main', after: 'a'.repeat(40) });
  const sign = (text: string, by = secret) => `sha256=${createHmac('sha256', by).update(text).digest('hex')}`;
  const hook = (text: string, headers: Record<string, string> = {}, receiver = id) =>
    app.request(`/hooks/${receiver}`, {
      method: 'POST',
      body: text,
      headers: {
        'x-github-event': 'push',
        'x-github-delivery': 'd-1',
        'x-hub-signature-256': sign(text),
        ...json,
        ...headers,
      },
    });

  before(async () => {
    app = await testApp();
    key = await app.tenant('one');
    const made = await app.request('/v1/receivers', {
      method: 'POST',
      key,
      headers: json,
      body: JSON.stringify({ name: 'shop', kind: 'github', repository: 'https://github.com/acme/shop.git' }),
    });
    ({ id } = (made.body as { receiver: { id: string } }).receiver);
    secret = String(made.body['secret']);
  });

  it('stores a signed delivery once and queues it', async () => {
    const first = await hook(body);
    assert.equal(first.status, 202, first.text);
    const again = await hook(body);
    assert.equal(again.status, 202);
    assert.deepEqual([again.body['delivery'], again.body['duplicate']], [first.body['delivery'], true]);
    assert.equal(app.sent.filter(({ kind }) => kind === 'delivery.process').length, 1);
  });
  it('takes the same body under another, unsigned, delivery id as the same within ten minutes', async () => {
    const again = await hook(body, { 'x-github-delivery': 'd-2' });
    assert.equal(again.body['duplicate'], true);
  });
  it('refuses a wrong signature, none, one of other bytes, and an unknown receiver, all alike', async () => {
    const other = body.replace('main', 'dev');
    const answers = [
      await hook(body, { 'x-hub-signature-256': sign(body, 'another secret') }),
      await hook(body, { 'x-hub-signature-256': 'sha256=00' }),
      await hook(other, { 'x-hub-signature-256': sign(body) }),
      await hook(body, {}, `${id.slice(0, -1)}${id.endsWith('0') ? '1' : '0'}`),
      await hook(body, {}, 'nonsense'),
    ];
    const texts = new Set(
      answers.map(({ status, text }) => `${status} ${text.replace(/"requestId":"[^"]*"/, '')}`),
    );
    assert.equal(texts.size, 1, [...texts].join('\n'));
    assert.equal(answers[0]?.status, 401);
  });
  it('refuses a body over the cap before anything else', async () => {
    assert.equal((await hook('x'.repeat(6 * 1024 * 1024))).status, 413);
  });
  it('refuses a repository that the egress guard would not reach', async () => {
    for (const repository of [
      'http://169.254.169.254/x.git',
      'https://localhost/x.git',
      'https://10.0.0.1/x.git',
    ]) {
      const made = await app.request('/v1/receivers', {
        method: 'POST',
        key,
        headers: json,
        body: JSON.stringify({ name: 'evil', kind: 'github', repository }),
      });
      assert.equal(made.status, 422, repository);
      assert.equal(made.body['code'], 'egress.refused');
    }
  });
});

describe('the public status', () => {
  it('answers an unknown id, an ill-formed one and a disabled one alike', async () => {
    const app = await testApp();
    const key = await app.tenant('one');
    const off = application('hidden').replace(
      '{name: hidden}',
      '{name: hidden, annotations: {mainsheet.dev/status-page: off}}',
    );
    const submitted = await app.request('/v1/applications', {
      method: 'POST',
      key,
      body: off.replace(': off}', ': "off"}'),
    });
    assert.equal(submitted.status, 202, submitted.text);
    assert.equal('statusUrl' in submitted.body, false);
    const view = await app.stores
      .of((await app.stores.listTenants(undefined, 1))[0]?.id ?? ('' as never))
      .applications.get('default', 'hidden');
    assert.ok(view !== undefined);
    const answers = await Promise.all(
      [
        `/status/${view.status}`,
        `/status/st_${'0'.repeat(26)}`,
        '/status/nonsense',
        `/status/st_${'0'.repeat(26)}.svg`,
      ].map((path) => app.request(path)),
    );
    const texts = new Set(
      answers.map(({ status, text }) => `${status} ${text.replace(/"requestId":"[^"]*"/, '')}`),
    );
    assert.equal(texts.size, 1, [...texts].join('\n'));
    assert.equal(answers[0]?.status, 404);
  });
});

describe('the OpenAPI document', () => {
  it('describes every route of the service', async () => {
    const app = await testApp();
    const { status, body } = await app.request('/openapi.json');
    assert.equal(status, 200);
    assert.equal(body['openapi'], '3.1.0');
    const paths = Object.keys(body['paths'] as object);
    for (const path of [
      '/v1/applications',
      '/v1/namespaces/{namespace}/applications/{name}',
      '/v1/runs/{id}',
      '/v1/clusters/{name}/accept',
      '/v1/definitions/{kind}/{name}',
      '/v1/receivers/{id}/deliveries',
      '/v1/keys',
      '/v1/tenants',
      '/v1/audit',
    ]) {
      assert.ok(paths.includes(path), `${path} is missing of ${paths.join(', ')}`);
    }
  });
});
