/**
 * Canaries: strings that stand for secrets are put wherever a tenant can put one, and then looked for wherever they
 * could come out. The boundary: a tenant is given back the text that it has submitted itself (the Application, its
 * revisions), and the cluster's own side (the agent's folder, the sandbox) holds what is delivered to it.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, it } from 'node:test';
import { tenantTables } from '../../db/schema/tables.ts';
import { type KubeReader, kubeReader } from '../support/kube.ts';
import {
  call,
  eventually,
  type LocalStack,
  removeState,
  startStack,
  temporaryState,
} from '../support/local-stack.ts';
import { leaksIn, needlesOf } from '../support/needles.ts';

const secretText = () => `canary${randomBytes(15).toString('hex')}`;
const secrets = {
  'data of a Secret': secretText(),
  'stringData of a Secret': secretText(),
  'parameter that goes into a Secret': secretText(),
  'Secret that the cluster refuses': secretText(),
  'Secret changed by hand': secretText(),
  'last-applied annotation': secretText(),
  "receiver's secret": secretText(),
  "receiver's token": secretText(),
};
const base64 = (text: string) => Buffer.from(text).toString('base64');

const definition = `login: {type: "component"}
template: {
	output: {apiVersion: "v1", kind: "Secret", metadata: name: context.name, stringData: password: parameter.password}
	outputs: plain: {apiVersion: "v1", kind: "ConfigMap", metadata: name: "\\(context.name)-plain", data: user: parameter.user}
	parameter: {password: string, user: *"anna" | string}
}
`;

const vault = (user: string) => `apiVersion: core.oam.dev/v1beta1
kind: Application
metadata: {name: vault}
spec:
  components:
    - name: objects
      type: k8s-objects
      properties:
        objects:
          - apiVersion: v1
            kind: Secret
            metadata: {name: keys}
            data: {one: ${base64(secrets['data of a Secret'])}}
            stringData: {two: ${secrets['stringData of a Secret']}}
          - {apiVersion: v1, kind: ConfigMap, metadata: {name: settings}, data: {user: ${user}}}
    - name: login
      type: login
      properties: {user: ${user}, password: ${secrets['parameter that goes into a Secret']}}
`;

/** No base64: the API server quotes what it refuses. */
const broken = `apiVersion: core.oam.dev/v1beta1
kind: Application
metadata: {name: broken}
spec:
  components:
    - name: wrong
      type: k8s-objects
      properties:
        objects:
          - {apiVersion: v1, kind: Secret, metadata: {name: wrong}, data: {x: "%${secrets['Secret that the cluster refuses']}"}}
`;

describe('what is secret', { timeout: 300_000 }, () => {
  const stateDirectory = temporaryState();
  let stack: LocalStack;
  let kube: KubeReader;
  /** Everything that was answered, but to whom it was his own text. */
  const answers: { readonly what: string; readonly text: string }[] = [];

  /** Whether an answer gives a tenant what it has submitted. */
  const isOwnText = (path: string): boolean =>
    /^\/v1\/namespaces\/default\/applications\/[^/?]+(\/revisions\/\d+)?$/.test(path);

  async function ask(path: string, init: RequestInit & { readonly key?: string | null } = {}) {
    const { key = stack.key, ...rest } = init;
    const answer = await call(`${stack.url}${path}`, key, {
      ...rest,
      headers:
        rest.method === 'GET' || rest.method === undefined ? {} : { 'content-type': 'application/json' },
    });
    const head = JSON.stringify([...answer.headers]);
    const what = `${rest.method ?? 'GET'} ${path}`;
    answers.push({ what, text: isOwnText(path) && what.startsWith('GET') ? head : head + answer.text });
    return answer;
  }
  const post = (path: string, body: string) => ask(path, { method: 'POST', body });

  /** What a stream says in a second. */
  async function listen(path: string, key: string | null = stack.key): Promise<void> {
    const headers: Record<string, string> = key === null ? {} : { authorization: `Bearer ${key}` };
    const response = await fetch(`${stack.url}${path}`, { headers, signal: AbortSignal.timeout(1000) });
    let text = '';
    try {
      for await (const chunk of response.body ?? []) text += Buffer.from(chunk).toString();
    } catch {
      // It does not end by itself.
    }
    assert.equal(response.status, 200, path);
    answers.push({ what: `GET ${path}`, text });
  }

  const outcomes = async (name: string) => {
    const { body } = await ask(`/v1/namespaces/default/applications/${name}/resources?live=true`);
    return (body['items'] as { ref: string; outcome: string; reason: string; drift?: unknown }[]) ?? [];
  };
  const running = (name: string) =>
    eventually(
      () => ask(`/v1/namespaces/default/applications/${name}`),
      ({ body }) => (body['status'] as { status?: string } | undefined)?.status === 'running',
    );
  async function livePlan(text: string): Promise<string> {
    const asked = await post('/v1/plan?live=true', text);
    assert.equal(asked.status, 202, asked.text);
    const path = `/v1/plans/${String(asked.body['id'])}`;
    const plan = await eventually(
      () => ask(path),
      ({ body }) => body['state'] !== 'pending',
    );
    assert.equal(plan.body['state'], 'ready', plan.text);
    return plan.text;
  }

  before(async () => {
    stack = await startStack({ stateDirectory });
    kube = kubeReader(join(stateDirectory, 'tenants', 'demo', 'sandbox', 'kubeconfig'));
  });
  after(async () => {
    await stack?.stop();
    removeState(stateDirectory);
  });

  it('goes in', async () => {
    const put = await ask('/v1/definitions/component/login', { method: 'PUT', body: definition });
    assert.ok(put.status < 300, put.text);
    const git = {
      kind: 'github',
      repository: 'http://127.0.0.1:9/x.git',
      secret: secrets["receiver's secret"],
    };
    const receiver = await post(
      '/v1/receivers',
      JSON.stringify({ name: 'hook', ...git, token: secrets["receiver's token"] }),
    );
    assert.equal(receiver.status, 201, receiver.text);
    assert.equal((await post('/v1/plan', vault('anna'))).status, 200);
    assert.match(await livePlan(vault('anna')), /"action":"create"/);
    assert.equal((await post('/v1/applications', vault('anna'))).status, 202);
    await running('vault');
    const secret = (await kube.get('v1', 'Secret', 'default', 'keys')) as { data?: object } | null;
    assert.deepEqual(secret?.data, {
      one: base64(secrets['data of a Secret']),
      two: base64(secrets['stringData of a Secret']),
    });
    assert.equal((await post('/v1/applications', broken)).status, 202);
    await eventually(
      () => outcomes('broken'),
      (items) => items.some(({ outcome }) => outcome === 'refused'),
    );
  });

  it('is changed by hand, healed, planned and delivered again', async () => {
    const copy = { 'kubectl.kubernetes.io/last-applied-configuration': secrets['last-applied annotation'] };
    await kube.merge('v1', 'ConfigMap', 'default', 'settings', { metadata: { annotations: copy } });
    await kube.merge('v1', 'Secret', 'default', 'keys', {
      metadata: { annotations: copy },
      data: { two: base64(secrets['Secret changed by hand']) },
    });
    await eventually(
      () => outcomes('vault'),
      (items) => items.some(({ drift, ref }) => drift !== undefined && ref.includes('Secret')),
    );
    const changed = vault('berta').replace(
      base64(secrets['data of a Secret']),
      base64(`${secrets['data of a Secret']}-next`),
    );
    assert.match(
      (await post('/v1/applications?dryRun=server', changed)).text,
      /"path":"\/data\/one","from":"\(hidden\)"/,
    );
    assert.match(await livePlan(changed), /"path":"\/data\/one","from":"\(hidden\)","to":"\(hidden\)"/);
    await post('/v1/plan', changed.replaceAll('user: berta', 'user: 7'));
    assert.equal((await post('/v1/applications', changed)).status, 202);
    await running('vault');
    await livePlan(vault('anna'));
  });

  it('comes out of no route', async () => {
    const openapi = await ask('/openapi.json');
    const runs = await ask('/v1/applications');
    const items = runs.body['items'] as {
      metadata: { name: string };
      run: { id: string };
      statusUrl: string;
    }[];
    const receivers = await ask('/v1/receivers');
    const [receiver] = receivers.body['items'] as { id: string; url: string }[];
    const plan = await post('/v1/plan?live=true', vault('anna'));
    const keys = await ask('/v1/keys');
    const [key] = keys.body['items'] as { id: string }[];
    const clusters = await ask('/v1/clusters');
    const [cluster] = clusters.body['items'] as { name: string }[];
    const idsOf: Record<string, string | undefined> = {
      runs: items[0]?.run.id,
      receivers: receiver?.id,
      plans: String(plan.body['id']),
      keys: key?.id,
    };
    const places = { namespace: 'default', number: '1', kind: 'component' };
    const paths = openapi.body['paths'] as Record<
      string,
      Record<string, { responses: Record<string, { description: string }> }>
    >;
    for (const [path, methods] of Object.entries(paths)) {
      const get = methods['get'];
      if (get === undefined) continue;
      for (const application of ['vault', 'broken']) {
        const resource = path.split('/')[2] ?? '';
        const names: Record<string, string | undefined> = { clusters: cluster?.name, definitions: 'login' };
        const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
          const known =
            name === 'id' ? idsOf[resource] : name === 'name' ? (names[resource] ?? application) : undefined;
          const value = known ?? places[name as keyof typeof places];
          assert.ok(value !== undefined, `${path}: say here what {${name}} is`);
          return value;
        });
        if (get.responses['200']?.description === 'text/event-stream') await listen(filled);
        else {
          const operator = path.startsWith('/v1/tenants');
          const answer = await ask(filled, operator ? { key: stack.operatorKey } : {});
          assert.ok(answer.status < 400, `${filled}: ${answer.text}`);
        }
      }
    }
    for (const name of ['vault', 'broken']) {
      await ask(`/v1/namespaces/default/applications/${name}/resources`);
      await ask(`/v1/namespaces/default/applications/${name}/resources?live=true`);
    }
    for (const { statusUrl } of items) {
      const { pathname } = new URL(statusUrl);
      for (const form of ['', '.json', '.svg']) await ask(`${pathname}${form}`, { key: null });
      await listen(`${pathname}/events`, null);
    }
    await fetch(`${stack.url}${receiver?.url ?? ''}`, { method: 'POST', body: '{}' });
    assert.ok(answers.length > 50, String(answers.length));
    const leaks = answers.flatMap(({ what, text }) =>
      leaksIn(text, secrets).map((name) => `${what}: ${name}`),
    );
    assert.deepEqual([...new Set(leaks)], []);
  });

  it('stands in no log and in no row', async () => {
    // The search itself: it finds what is given back on purpose, in the base64 that it is kept in.
    const own = await ask('/v1/namespaces/default/applications/vault');
    assert.ok(leaksIn(own.text, secrets).includes('data of a Secret'));
    assert.ok(
      needlesOf('canary of some length').some((needle) => btoa('xcanary of some length.').includes(needle)),
    );
    await stack.stop();
    for (const log of [
      join(stateDirectory, 'service.log'),
      join(stateDirectory, 'tenants', 'demo', 'agent.log'),
    ])
      assert.deepEqual(leaksIn(readFileSync(log, 'latin1'), secrets), [], log);
    const store = join(stateDirectory, 'store');
    const files = readdirSync(store, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    const rows = new Map<string, number>();
    for (const file of files) assert.deepEqual(leaksIn(readFileSync(file, 'latin1'), secrets), [], file);
    for (const file of files.filter((name) => name.endsWith('.sqlite'))) {
      for (const [table, text] of dumped(file)) {
        rows.set(table, (rows.get(table) ?? 0) + text.length);
        assert.deepEqual(leaksIn(text.join('\n'), secrets), [], table);
      }
    }
    const filled = [
      'revision',
      'blob_chunk',
      'bundle',
      'inventory',
      'run_event',
      'receiver',
      'plan',
      'plan_part',
    ];
    assert.ok(
      tenantTables.every((table) => rows.has(table)),
      'every table was looked at',
    );
    for (const table of filled) assert.ok((rows.get(table) ?? 0) > 0, `${table} holds something`);
  });
});

/** Every row of every table as text. */
function dumped(file: string): [string, string[]][] {
  const database = new DatabaseSync(file);
  const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
  const found = tables.map(({ name }): [string, string[]] => {
    const rows = database.prepare(`SELECT * FROM "${String(name)}"`).all();
    const text = (value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value);
    return [String(name), rows.map((row) => Object.values(row).map(text).join('\t'))];
  });
  database.close();
  return found;
}
