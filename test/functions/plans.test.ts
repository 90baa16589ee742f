import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { ownerAnnotation, ownerLabel } from '../../engine/delivery/ownership.ts';
import type { PlanRequest } from '../../engine/delivery/protocol.ts';
import { type AgentClient, joinAgent } from '../support/agent-client.ts';
import { type TestAnswer, type TestApp, testApp } from '../support/http-app.ts';

const application = (value = 'one', cluster?: string) => `apiVersion: core.oam.dev/v1beta1
kind: Application
metadata: {name: shop}
spec:
  components:
    - name: objects
      type: k8s-objects
      properties:
        objects:
          - {apiVersion: v1, kind: ConfigMap, metadata: {name: settings}, data: {value: ${value}}}
          - {apiVersion: v1, kind: Secret, metadata: {name: keys}, stringData: {value: ${value}}}
${cluster === undefined ? '' : `  policies: [{name: where, type: topology, properties: {clusters: [${cluster}]}}]\n`}`;

const minutes = (n: number) => n * 60_000;

describe('plans over HTTP', () => {
  let app: TestApp;
  let key: string;
  let agent: AgentClient;
  const post = (path: string, body: string, by = key) => app.request(path, { method: 'POST', body, key: by });
  const look = (asked: TestAnswer, by = key) =>
    app.request(`/v1/plans/${String(asked.body['id'])}`, { key: by });
  const planned = async (body: string): Promise<{ asked: TestAnswer; plan: PlanRequest }> => {
    const asked = await post('/v1/plan?live=true', body);
    assert.equal(asked.status, 202, asked.text);
    const plan = (await agent.plans()).find(({ id }) => id === asked.body['id']);
    assert.ok(plan !== undefined);
    return { asked, plan };
  };
  const unchanged = (plan: PlanRequest) => ({
    id: plan.id,
    state: 'ready' as const,
    applications: plan.applications.map(({ application: { uid }, objects }) => ({
      application: uid,
      objects: objects.map((object) => ({
        ref: {
          apiVersion: String(object['apiVersion']),
          kind: String(object['kind']),
          namespace: 'default',
          name: String((object['metadata'] as { name: string }).name),
        },
        action: 'unchanged' as const,
      })),
    })),
  });

  before(async () => {
    app = await testApp();
    key = await app.tenant('demo');
    agent = await joinAgent(app, key, 'east');
  });

  it('answer at once what a dry run answers, from a text or from a body of their own', async () => {
    const text = application();
    const dry = await post('/v1/applications?dryRun=server', text);
    assert.deepEqual(dry.body['warnings'], []);
    const manifest = JSON.stringify({ manifest: text });
    const object = JSON.stringify({
      application: {
        apiVersion: 'core.oam.dev/v1beta1',
        kind: 'Application',
        metadata: { name: 'shop' },
        spec: {
          components: [
            {
              name: 'objects',
              type: 'k8s-objects',
              properties: {
                objects: [
                  {
                    apiVersion: 'v1',
                    kind: 'ConfigMap',
                    metadata: { name: 'settings' },
                    data: { value: 'one' },
                  },
                  {
                    apiVersion: 'v1',
                    kind: 'Secret',
                    metadata: { name: 'keys' },
                    stringData: { value: 'one' },
                  },
                ],
              },
            },
          ],
        },
      },
    });
    for (const body of [text, manifest, object]) {
      const answer = await post('/v1/plan', body);
      assert.deepEqual([answer.status, answer.body], [200, dry.body], answer.text);
    }
    assert.equal((await post('/v1/plan', JSON.stringify({ live: true }))).status, 400);
    assert.equal((await post('/v1/plan', application().replace('k8s-objects', 'nothing'))).status, 422);
  });

  it('wait for the cluster, then show what its agent says, merged with what would be delivered', async () => {
    const { asked, plan } = await planned(JSON.stringify({ live: true, manifest: application() }));
    assert.equal(asked.headers.get('location'), `http://hub.test/v1/plans/${plan.id}`);
    assert.equal((await look(asked)).body['state'], 'pending');
    const [one] = plan.applications;
    const metadata = one?.objects[0]?.['metadata'] as Record<string, Record<string, string>>;
    assert.match(metadata['annotations']?.[ownerAnnotation] ?? '', /^test\/ten_/);
    assert.match(metadata['labels']?.[ownerLabel] ?? '', /^[0-9a-f]{16}$/);
    const answer = unchanged(plan);
    const [objects] = answer.applications;
    const change = { path: '/data/value', from: 'two', to: 'one' };
    const said = [
      { ...objects?.objects[0], action: 'update', changes: [change] },
      { ...objects?.objects[1], action: 'update', changes: [{ ...change, from: 'ZG9uZQ==' }] },
    ];
    const told = await agent.answer({ ...answer, applications: [{ ...objects, objects: said }] } as never);
    assert.equal(told.status, 200, told.text);
    const ready = await look(asked);
    assert.equal(ready.body['state'], 'ready');
    const [shown] = ready.body['applications'] as { objects: Record<string, unknown>[] }[];
    const [settings, keys] = shown?.objects ?? [];
    assert.deepEqual(
      [settings?.['action'], settings?.['component'], settings?.['cluster'], settings?.['changes']],
      ['update', 'objects', 'local', [change]],
    );
    // An agent that does not hide what is in a Secret is not believed.
    assert.deepEqual(keys?.['changes'], [{ path: '/data/value', from: '(hidden)', to: '(hidden)' }]);
    const { stringData } = (keys?.['object'] ?? {}) as { stringData?: unknown };
    assert.deepEqual(stringData, { value: '(hidden)' });
    assert.deepEqual(await agent.plans(), []);
  });

  it('are answered by the cluster that was asked, once', async () => {
    const { asked, plan } = await planned(application());
    const west = await joinAgent(app, key, 'west');
    assert.deepEqual(await west.plans(), []);
    assert.equal((await west.answer(unchanged(plan))).status, 200);
    assert.equal((await look(asked)).body['state'], 'pending');
    await agent.answer({ id: plan.id, state: 'failed', message: 'the agent failed on this plan' });
    await agent.answer(unchanged(plan));
    const failed = await look(asked);
    assert.equal(failed.body['state'], 'failed');
    assert.deepEqual(failed.body['clusters'], [
      { name: 'local', state: 'failed', message: 'the agent failed on this plan' },
    ]);
  });

  it('are not there for other tenants, whose agents are not asked', async () => {
    const { asked, plan } = await planned(application());
    const other = await app.tenant('other');
    const theirs = await joinAgent(app, other, 'east');
    assert.deepEqual(await theirs.plans(), []);
    await theirs.answer(unchanged(plan));
    const bytes = ({ status, text }: TestAnswer) => [status, text.replace(/"requestId":"[^"]*"/, '')];
    const nothing = await app.request(`/v1/plans/pln_${'0'.repeat(26)}`, { key: other });
    assert.equal(nothing.status, 404);
    assert.deepEqual(bytes(await look(asked, other)), bytes(nothing));
    assert.deepEqual(bytes(await app.request('/v1/plans/nonsense', { key: other })), bytes(nothing));
    assert.equal((await look(asked)).body['state'], 'pending');
    await agent.answer(unchanged(plan));
  });

  it('say of a cluster that is not there that it is not', async () => {
    const nowhere = await post('/v1/plan?live=true', application('one', 'nowhere'));
    assert.equal(nowhere.status, 202, nowhere.text);
    const { applications, warnings } = nowhere.body as {
      applications: { complete: boolean }[];
      warnings: unknown[];
    };
    assert.deepEqual([applications[0]?.complete, warnings.length], [false, 1]);
    const lonely = await app.tenant('lonely');
    const asked = await post('/v1/plan?live=true', application(), lonely);
    const failed = await look(asked, lonely);
    assert.equal(failed.body['state'], 'failed');
    assert.deepEqual(failed.body['clusters'], [
      { name: 'local', state: 'failed', message: 'No accepted cluster answers to this name.' },
    ]);
  });

  it('wait while the cluster is silent, say so, and expire after ten minutes', async () => {
    const { asked, plan } = await planned(application());
    const said = async () => (await look(asked)).body['clusters'] as { state: string; message: string }[];
    assert.match((await said())[0]?.message ?? '', /has not answered yet/);
    app.time = minutes(6);
    assert.match(
      (await said())[0]?.message ?? '',
      /cannot be reached now: its agent was last heard of at 20/,
    );
    app.time = minutes(10) + 1;
    assert.equal((await look(asked)).body['state'], 'expired');
    assert.equal((await said())[0]?.state, 'expired');
    assert.deepEqual(await agent.plans(), []);
    assert.equal((await agent.answer(unchanged(plan))).status, 200);
    assert.equal((await look(asked)).body['state'], 'expired');
  });

  it('are at most ten at a time for a tenant', async () => {
    for (let n = 0; n < 10; n++) assert.equal((await post('/v1/plan?live=true', application())).status, 202);
    const eleventh = await post('/v1/plan?live=true', application());
    assert.deepEqual([eleventh.status, eleventh.body['code']], [429, 'rate.limited']);
    assert.ok(eleventh.headers.get('retry-after') !== null);
    const given = await agent.plans();
    assert.ok(given.length > 0 && given.length < 10);
    for (const plan of given) await agent.answer(unchanged(plan));
    assert.equal((await post('/v1/plan?live=true', application())).status, 202);
  });

  it('need the right to submit, and only the right to read to be looked at', async () => {
    const made = await app.request('/v1/keys', {
      method: 'POST',
      key,
      body: JSON.stringify({ name: 'viewer', roles: ['viewer'] }),
      headers: { 'content-type': 'application/json' },
    });
    const viewer = String(made.body['secret'] ?? made.body['key']);
    assert.equal((await post('/v1/plan', application(), viewer)).status, 403, made.text);
    app.time = minutes(25);
    const asked = await post('/v1/plan?live=true', application());
    assert.equal((await look(asked, viewer)).status, 200);
  });

  it('are described', async () => {
    const { body } = await app.request('/openapi.json');
    const paths = body['paths'] as Record<string, Record<string, unknown>>;
    assert.ok(paths['/v1/plan']?.['post'] !== undefined && paths['/v1/plans/{id}']?.['get'] !== undefined);
  });
});
