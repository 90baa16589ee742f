import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { diff } from '../../cli/diff.ts';
import { type ObjectPlan, objectPlanSchema } from '../../engine/delivery/protocol.ts';
import { type AgentClient, joinAgent } from '../support/agent-client.ts';
import { type TestApp, testApp } from '../support/http-app.ts';

const folder = mkdtempSync(join(tmpdir(), 'mainsheet-diff-'));
after(() => rmSync(folder, { recursive: true }));

async function run(...args: string[]): Promise<{ status: number; out: string; err: string }> {
  const out: string[] = [];
  const err: string[] = [];
  const status = await diff(args, {
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
  });
  return { status, out: out.join(''), err: err.join('') };
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const application = (objects: readonly string[], name = 'shop') => `apiVersion: core.oam.dev/v1beta1
kind: Application
metadata: {name: ${name}}
spec:
  components:
    - name: objects
      type: k8s-objects
      properties: {objects: [${objects.join(', ')}]}
`;
const config = (name: string, data: string) =>
  `{apiVersion: v1, kind: ConfigMap, metadata: {name: ${name}}, data: ${data}}`;
const secret = (value: string) =>
  `{apiVersion: v1, kind: Secret, metadata: {name: keys}, stringData: {password: ${value}}}`;

describe('mainsheet diff of two texts', () => {
  const old = file('old.yaml', application([config('a', '{x: "1", w: "2"}'), config('b', '{}')]));

  it('ends with 0 and says so where nothing would change', async () => {
    const { status, out } = await run('-f', old, '--against', old);
    assert.equal(status, 0);
    assert.equal(
      out,
      [
        'Application default/shop',
        '  = ConfigMap default/a (component objects, cluster local)',
        '  = ConfigMap default/b (component objects, cluster local)',
        'nothing to change\n',
      ].join('\n'),
    );
  });

  it('ends with 1 and shows each field that would change', async () => {
    const next = file('next.yaml', application([config('a', '{x: "9", z: "3"}'), config('c', '{}')]));
    const { status, out } = await run('-f', next, '--against', old);
    assert.equal(status, 1);
    assert.deepEqual(out.split('\n').slice(1, -1), [
      '  ~ ConfigMap default/a (component objects, cluster local)',
      '      - /data/w: "2"',
      '      ~ /data/x: "1" -> "9"',
      '      + /data/z: "3"',
      '  + ConfigMap default/c (component objects, cluster local)',
      '  - ConfigMap default/b (cluster local)',
      '1 to create, 1 to change, 1 to delete',
    ]);
  });

  it('shows that a Secret would change, and not to what', async () => {
    const [one, two] = ['one', 'two'].map((name) =>
      file(`${name}.yaml`, application([secret(`my-${name}`)])),
    );
    const { status, out } = await run('-f', two ?? '', '--against', one ?? '');
    assert.equal(status, 1);
    assert.match(out, /~ \/stringData\/password: "\(hidden\)" -> "\(hidden\)"/);
    const json = await run('-f', two ?? '', '--against', one ?? '', '-o', 'json');
    assert.doesNotMatch(out + json.out, /my-/);
  });

  it('deletes all of an Application that the new text does not have', async () => {
    const both = file(
      'both.yaml',
      `${application([config('a', '{}')])}---\n${application([config('z', '{}')], 'gone')}`,
    );
    const one = file('left.yaml', application([config('a', '{}')]));
    const { status, out } = await run('-f', one, '--against', both, '--output', 'json');
    assert.equal(status, 1);
    const { applications } = JSON.parse(out) as {
      applications: { application: { name: string }; objects: { action: string }[] }[];
    };
    assert.deepEqual(
      applications.map(({ application: { name }, objects }) => [name, objects.map(({ action }) => action)]),
      [
        ['shop', ['unchanged']],
        ['gone', ['delete']],
      ],
    );
  });

  it('ends with 2 where a text cannot be rendered or an option is wrong', async () => {
    const wrong = file('wrong.yaml', application([]).replace('k8s-objects', 'nothing'));
    const refused = await run('-f', wrong, '--against', old);
    assert.deepEqual([refused.status, refused.out], [2, '']);
    assert.match(refused.err, /^error: .*nothing/);
    const statuses = await Promise.all([
      run(),
      run('-f', old),
      run('-f', old, '--against', old, '--hub', 'http://127.0.0.1:1', '--key', 'k'),
      run('-f', old, '--hub', 'ftp://nowhere', '--key', 'k'),
      run('-f', old, '--hub', 'http://127.0.0.1:1'),
      run('-f', old, '--against', old, '--live'),
      run('-f', join(folder, 'missing.yaml'), '--against', old),
      run('-f', old, '--hub', 'http://127.0.0.1:1', '--key', 'k'),
    ]);
    assert.deepEqual(
      statuses.map(({ status }) => status),
      Array.from({ length: 8 }, () => 2),
    );
    assert.equal((await run('--help')).status, 0);
  });
});

describe('mainsheet diff against a hub', () => {
  let app: TestApp;
  let key: string;
  let agent: AgentClient;
  let server: http.Server;
  const text = file('hub.yaml', application([config('a', '{x: "1"}'), config('b', '{}')]));
  const ask = (...args: string[]) =>
    run(
      ...['-f', text, '--hub', `http://127.0.0.1:${(server.address() as AddressInfo).port}`, '--key', key],
      ...args,
    );

  before(async () => {
    app = await testApp();
    key = await app.tenant('demo');
    agent = await joinAgent(app, key, 'east');
    server = http.createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = request.method === 'POST' ? Buffer.concat(chunks).toString() : null;
      const headers = { authorization: request.headers.authorization ?? '' };
      const answer = await app.request(request.url ?? '', { method: request.method ?? '', body, headers });
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.text);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  after(() => new Promise((resolve) => server.close(resolve)));

  /** Answers the next plan: the first object as said, the second unchanged. */
  async function answerNext(said: Omit<ObjectPlan, 'ref'>): Promise<void> {
    let plans = await agent.plans();
    while (plans.length === 0) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      plans = await agent.plans();
    }
    for (const { id, applications } of plans) {
      const ref = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name });
      const objects = [
        objectPlanSchema.parse({ ref: ref('a'), ...said }),
        { ref: ref('b'), action: 'unchanged' as const },
      ];
      const [one] = applications;
      assert.ok(one !== undefined);
      const answer = {
        id,
        state: 'ready' as const,
        applications: [{ application: one.application.uid, objects }],
      };
      assert.equal((await agent.answer(answer)).status, 200);
    }
  }

  it('shows what it has delivered, and the problems it finds', async () => {
    const { status, out } = await ask();
    assert.equal(status, 1);
    assert.match(out, /\+ ConfigMap default\/a \(component objects, cluster local\)/);
    const wrong = file('bad.yaml', application([]).replace('k8s-objects', 'nothing'));
    const refused = await ask('-f', wrong);
    assert.equal(refused.status, 2);
    assert.match(refused.err, /error: .*nothing/);
    assert.equal((await ask('--key', 'wrong')).status, 2);
  });

  it('waits for the clusters, and shows what they say', async () => {
    const change = { path: '/data/x', from: 'by hand', to: '1' };
    const conflicts = [{ manager: 'kubectl', field: '.data.x', kept: false }];
    const asked = ask('--live');
    await answerNext({ action: 'update', changes: [change], conflicts });
    const { status, out } = await asked;
    assert.equal(status, 1);
    assert.deepEqual(out.split('\n').slice(1, 5), [
      '  ~ ConfigMap default/a (component objects, cluster local)',
      '      ~ /data/x: "by hand" -> "1"',
      '      taken from kubectl: .data.x',
      '  = ConfigMap default/b (component objects, cluster local)',
    ]);
  });

  it('ends with 0 where what was changed by hand would stay, with 2 where something is refused', async () => {
    const stays = ask('--live');
    await answerNext({ action: 'drifted', changes: [{ path: '/data/x', from: 'by hand', to: '1' }] });
    assert.equal((await stays).status, 0);
    const refused = ask('--live');
    await answerNext({ action: 'refused', reason: 'not-managed', message: 'is \u001b[31mnot ours' });
    const { status, out } = await refused;
    assert.equal(status, 2);
    assert.match(out, /! ConfigMap default\/a .*: is \ufffd\[31mnot ours/);
  });

  it('ends with 2 and names the cluster that does not answer', async () => {
    const { status, err } = await ask('--live', '--wait', '0.3');
    assert.equal(status, 2);
    assert.match(err, /^error: Cluster local: Its agent has not answered yet\. \[plan\.pending\]/);
  });
});
