/** The agent against a hub of a few lines and the sandbox: what is its own affair. */
import assert from 'node:assert/strict';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KubernetesObject } from '@kubernetes/client-node';
import { runAgent } from '../../agent/agent.ts';
import { connect, type KubeApi } from '../../agent/kube/api.ts';
import { openLock } from '../../agent/lock.ts';
import { type Sandbox, startSandbox } from '../../infra/sandbox/sandbox.ts';
import { type KubeClient, kubeClient } from '../support/kube-client.ts';
import { until } from '../support/until.ts';
import { TestHub } from './hub.ts';

interface Running {
  readonly said: string[];
  stop(): Promise<void>;
}

const config = (name: string, data: Record<string, string>) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default' },
  data,
});

describe('an agent', () => {
  let folder: string;
  let sandbox: Sandbox;
  let kube: KubeClient;
  const hubs: TestHub[] = [];
  const agents: Running[] = [];

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mainsheet-agent-'));
    sandbox = await startSandbox({ directory: join(folder, 'sandbox'), podDelayMs: 20 });
    kube = kubeClient(sandbox.kubeconfig);
  });
  after(async () => {
    for (const agent of agents) await agent.stop();
    for (const hub of hubs) await hub.close();
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function newHub(): Promise<TestHub> {
    const hub = new TestHub();
    hubs.push(hub);
    await hub.listen();
    return hub;
  }

  /** `answerMs`: how long the cluster's answers to writes are on their way. */
  function run(
    hub: TestHub,
    name: string,
    { token = hub.token, answerMs = 0 } = {},
  ): Running & { ended: Promise<void> } {
    const stop = new AbortController();
    const said: string[] = [];
    const server = connect({ kubeconfig: sandbox.kubeconfig });
    const api: KubeApi = {
      server: server.server,
      async json(request) {
        const answer = await server.json(request);
        if (request.method === 'PATCH' && answerMs > 0) await sleep(answerMs);
        return answer;
      },
      lines: (request) => server.lines(request),
      close: () => server.close(),
    };
    const ended = runAgent({
      hub: hub.url,
      token,
      state: join(folder, name),
      api,
      namespace: 'default',
      beatSeconds: 0.1,
      signal: stop.signal,
      log: (message) => said.push(message),
    });
    ended.catch(() => undefined);
    const running = {
      said,
      ended,
      async stop() {
        stop.abort();
        await ended.catch(() => undefined);
        api.close();
      },
    };
    agents.push(running);
    return running;
  }

  const dataOf = async (name: string) =>
    ((await kube.get('v1', 'ConfigMap', 'default', name)) as { data?: Record<string, string> } | null)?.data;

  it('keeps its key to itself and believes only the hub that its token names', async () => {
    const hub = await newHub();
    const other = await newHub();
    const fooled = run(hub, 'fooled', { token: other.token });
    await assert.rejects(fooled.ended, /not the one that the token is for/);
    assert.equal(statSync(join(folder, 'fooled', 'key.json')).mode & 0o777, 0o600);
    await assert.rejects(run(hub, 'tokenless', { token: 'nonsense' }).ended, /enrolment token is needed/);
  });

  it('pins no key of the enrolment that the first one does not endorse', async () => {
    const hub = await newHub();
    hub.moreKeys = [{ keyId: 'k2', publicKey: new TestHub().publicKey }];
    const agent = run(hub, 'pinning');
    const membership = join(folder, 'pinning', 'membership.json');
    await until('it has joined', () => existsSync(membership));
    const { keys } = JSON.parse(readFileSync(membership, 'utf8')) as { keys: { keyId: string }[] };
    assert.deepEqual(
      keys.map(({ keyId }) => keyId),
      ['k1'],
    );
    await agent.stop();
  });

  it('does nothing until it is accepted', async () => {
    const hub = await newHub();
    hub.accepted = false;
    hub.deliver({ objects: [config('early', { a: '1' })] });
    const agent = run(hub, 'early');
    await until('it waits', () => agent.said.some((line) => line.includes('waits to be accepted')));
    assert.equal(hub.syncs.length, 0);
    hub.accepted = true;
    await until('it works', async () => (await dataOf('early')) !== undefined);
    await agent.stop();
  });

  it('says what its cluster serves at the start and not at every beat', async () => {
    const hub = await newHub();
    const agent = run(hub, 'beats');
    await until('some beats', () => hub.syncs.length > 4);
    assert.deepEqual(hub.syncs.map((sync) => (sync as { capabilities: boolean }).capabilities).slice(0, 3), [
      true,
      false,
      false,
    ]);
    await agent.stop();
  });

  it('misses nothing that happens to an object before the answer to its apply comes', async () => {
    const hub = await newHub();
    const labels = { app: 'quick' };
    const pod = { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'nginx' }] } };
    const workload = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'quick', namespace: 'default' },
      spec: { replicas: 1, selector: { matchLabels: labels }, template: pod },
    };
    // Its kind is followed before it is applied.
    hub.deliver({ objects: [{ ...workload, metadata: { ...workload.metadata, name: 'first' } }] });
    const agent = run(hub, 'late-answers', { answerMs: 1500 });
    await until('the first is told', () => hub.word({ kind: 'Deployment', name: 'first' }));
    hub.deliver({ objects: [workload], application: 'app_quick' });
    const status = () =>
      (
        hub.word({ kind: 'Deployment', name: 'quick' }, 'app_quick')?.live as {
          status?: { readyReplicas?: number };
        }
      )?.status;
    await until('it is told to be ready', () => status()?.readyReplicas === 1);
    await agent.stop();
  });

  it('reports drift and leaves it where the rule says so', async () => {
    const hub = await newHub();
    hub.deliver({ objects: [config('watched', { a: '1' })], drift: 'report' });
    const agent = run(hub, 'reporting');
    await until('it is there', async () => (await dataOf('watched'))?.['a'] === '1');
    await until('it is told', () => hub.word({ kind: 'ConfigMap', name: 'watched' }));
    await kube.edit('v1', 'ConfigMap', 'default', 'watched', { data: { a: 'theirs' } }, 'somebody');
    const word = () => hub.word({ kind: 'ConfigMap', name: 'watched' });
    await until('the drift is told', () => word()?.outcome === 'drifted');
    assert.deepEqual((word()?.live as { data?: unknown })?.data, { a: 'theirs' });
    await kube.remove('v1', 'ConfigMap', 'default', 'watched');
    await until('the loss is told', () => word()?.outcome === 'missing');
    await sleep(300);
    assert.equal(await dataOf('watched'), undefined);
    await agent.stop();
  });

  it("leaves a field to another Application's manager and applies the rest", async () => {
    const hub = await newHub();
    hub.deliver({ objects: [config('shared', { a: '1', b: '1' })] });
    const agent = run(hub, 'sharing');
    await until('it is there', async () => (await dataOf('shared')) !== undefined);
    await kube.edit('v1', 'ConfigMap', 'default', 'shared', { data: { a: 'theirs' } }, 'mainsheet:app_two');
    hub.deliver({ objects: [config('shared', { a: '2', b: '2' })] });
    await until('b has changed', async () => (await dataOf('shared'))?.['b'] === '2');
    const word = () => hub.word({ kind: 'ConfigMap', name: 'shared' });
    await until('it is told', () => word()?.reason === 'field-conflict');
    assert.equal(word()?.message, 'another application holds .data.a (mainsheet:app_two)');
    assert.equal((await dataOf('shared'))?.['a'], 'theirs');
    await agent.stop();
  });

  it('goes on without its hub, tells it later, and never counts backwards', async () => {
    const hub = await newHub();
    hub.deliver({ objects: [config('lonely', { a: '1' })] });
    const first = run(hub, 'lonely');
    await until('it is told', () => hub.word({ kind: 'ConfigMap', name: 'lonely' }));
    hub.down = 503;
    await kube.edit('v1', 'ConfigMap', 'default', 'lonely', { data: { a: 'theirs' } }, 'somebody');
    await until('it is restored', async () => (await dataOf('lonely'))?.['a'] === '1');
    await first.stop();
    const second = run(hub, 'lonely');
    await sleep(300);
    hub.down = undefined;
    const counted = hub.counters.length;
    await until('the hub hears of it', () => hub.counters.length > counted);
    await second.stop();
    for (const [i, counter] of hub.counters.entries())
      assert.ok(i === 0 || counter > (hub.counters[i - 1] ?? 0));
  });

  it('refuses a bundle of the past, of another tenant and of another cluster', async () => {
    const hub = await newHub();
    hub.deliver({ objects: [config('newest', { v: '7' })], change: { sequence: 7 } });
    const agent = run(hub, 'careful');
    await until('it is there', async () => (await dataOf('newest'))?.['v'] === '7');
    await agent.stop();
    hub.deliver({ objects: [config('newest', { v: '6' })], change: { sequence: 6 } });
    for (const [i, change] of [
      { tenant: 'ten_other' },
      { cluster: 'clu_other' },
      { hub: 'hub-other' },
    ].entries()) {
      hub.deliver({
        application: `app_bad${i}`,
        objects: [config(`bad${i}`, { v: '1' })],
        change: change as never,
      });
    }
    const again = run(hub, 'careful');
    await until(
      'it has refused three',
      () => again.said.filter((line) => line.startsWith('refused')).length >= 3,
    );
    assert.equal((await dataOf('newest'))?.['v'], '7');
    for (let i = 0; i < 3; i++) assert.equal(await dataOf(`bad${i}`), undefined);
    await again.stop();
  });

  it('stands by while another one is active, and takes over when that one goes', async () => {
    const hub = await newHub();
    hub.deliver({ objects: [config('fenced', { v: '1' })] });
    const active = run(hub, 'active');
    await until('it is there', async () => (await dataOf('fenced')) !== undefined);
    cpSync(join(folder, 'active', 'key.json'), join(folder, 'standby', 'key.json'), { recursive: true });
    cpSync(join(folder, 'active', 'membership.json'), join(folder, 'standby', 'membership.json'));
    const standby = run(hub, 'standby');
    await until('it stands by', () => standby.said.some((line) => line.startsWith('standing by')));
    await kube.edit('v1', 'ConfigMap', 'default', 'fenced', { data: { v: 'theirs' } }, 'somebody');
    await until('the active one restores', async () => (await dataOf('fenced'))?.['v'] === '1');
    await active.stop();
    await until('the other is active', () => standby.said.includes('active'));
    await kube.edit('v1', 'ConfigMap', 'default', 'fenced', { data: { v: 'theirs' } }, 'somebody');
    await until('it restores', async () => (await dataOf('fenced'))?.['v'] === '1');
    await standby.stop();
  });

  it('fetches again what its folder has lost', async () => {
    const hub = await newHub();
    hub.deliver({ objects: [config('kept', { v: '1' })] });
    const first = run(hub, 'damaged');
    await until('it is told', () => hub.word({ kind: 'ConfigMap', name: 'kept' }));
    await first.stop();
    const objects = join(folder, 'damaged', 'applications', 'app_one');
    for (const name of readdirSync(objects))
      if (name !== 'state.json') writeFileSync(join(objects, name), '{"half":');
    await kube.remove('v1', 'ConfigMap', 'default', 'kept');
    const second = run(hub, 'damaged');
    await until('it is there again', async () => (await dataOf('kept')) !== undefined);
    await second.stop();
  });

  it('begins anew where its state cannot be read, and finds its objects', async () => {
    const hub = await newHub();
    hub.deliver({ objects: [config('found', { v: '1' })] });
    const first = run(hub, 'torn');
    await until('it is told', () => hub.word({ kind: 'ConfigMap', name: 'found' }));
    await first.stop();
    const state = join(folder, 'torn', 'applications', 'app_one', 'state.json');
    writeFileSync(state, readFileSync(state, 'utf8').slice(0, 40));
    hub.deliver({ objects: [], prune: true });
    const second = run(hub, 'torn');
    await until('it is gone', async () => (await dataOf('found')) === undefined);
    await until('that is told', () => hub.word({ kind: 'ConfigMap', name: 'found' })?.outcome === 'deleted');
    await second.stop();
  });

  it('applies what needs nothing first: a custom resource follows its definition in one bundle', async () => {
    const hub = await newHub();
    const widget = {
      apiVersion: 'tests.mainsheet.dev/v1',
      kind: 'Widget',
      metadata: { name: 'w', namespace: 'default' },
      spec: { size: 3 },
    };
    hub.deliver({ objects: [widget, definitionOfWidgets] });
    const agent = run(hub, 'ordered');
    await until('both are told', () => hub.word({ kind: 'Widget', name: 'w' })?.outcome === 'created');
    hub.deliver({ objects: [], prune: true });
    await until(
      'both are gone',
      () =>
        hub.word({ kind: 'CustomResourceDefinition', name: 'widgets.tests.mainsheet.dev' })?.outcome ===
        'deleted',
    );
    await agent.stop();
  });

  it('applies an early stage before the rest, though the rest is of kinds that come first', async () => {
    const hub = await newHub();
    const first = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'first', namespace: 'default' } };
    const early = { ...first, spec: { ports: [{ port: 80 }] } };
    const then = {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'then', namespace: 'default' },
    };
    hub.deliver({ objects: [then, early], early: ['first'] });
    const agent = run(hub, 'staged');
    await until('both are told', () => hub.log.some(({ ref }) => ref.name === 'then'));
    const versionOf = async (kind: string, name: string) =>
      Number((await kube.get('v1', kind, 'default', name))?.metadata?.resourceVersion);
    assert.ok((await versionOf('Service', 'first')) < (await versionOf('ServiceAccount', 'then')));
    await agent.stop();
  });

  it('says that a kind is missing, applies the rest, and goes on when the kind is there', async () => {
    const hub = await newHub();
    const widget = {
      apiVersion: 'tests.mainsheet.dev/v1',
      kind: 'Widget',
      metadata: { name: 'late', namespace: 'default' },
    };
    hub.deliver({ objects: [widget, config('beside', { v: '1' })] });
    const agent = run(hub, 'kindless');
    const word = () => hub.word({ kind: 'Widget', name: 'late' });
    await until('it is told', () => word()?.reason === 'missing-kind');
    assert.equal(word()?.message, 'the cluster serves no kind Widget of tests.mainsheet.dev/v1');
    assert.deepEqual(await dataOf('beside'), { v: '1' });
    await kube.create(definitionOfWidgets);
    await until('it goes on', () => word()?.outcome === 'created');
    await agent.stop();
  });

  it('does not fight for ever with somebody who does not give in', async () => {
    const hub = await newHub();
    hub.deliver({ objects: [config('fought', { v: 'ours' })] });
    const agent = run(hub, 'calm');
    await until('it is there', async () => (await dataOf('fought')) !== undefined);
    const end = performance.now() + 2500;
    let changes = 0;
    while (performance.now() < end) {
      if ((await dataOf('fought'))?.['v'] === 'ours') {
        changes += 1;
        await kube.edit('v1', 'ConfigMap', 'default', 'fought', { data: { v: 'theirs' } }, 'somebody');
      }
      await sleep(10);
    }
    assert.ok(changes >= 2 && changes <= 8, `${changes} rounds in two and a half seconds`);
    await agent.stop();
  });

  it('shares its folder with no other process', () => {
    const release = openLock(folder);
    writeFileSync(join(folder, 'pid'), '1');
    assert.throws(() => openLock(folder), /another agent \(process 1\)/);
    release();
    writeFileSync(join(folder, 'pid'), '999999999');
    openLock(folder)();
  });
});

const definitionOfWidgets = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.tests.mainsheet.dev' },
  spec: {
    group: 'tests.mainsheet.dev',
    scope: 'Namespaced',
    names: { plural: 'widgets', singular: 'widget', kind: 'Widget' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: { spec: { type: 'object', properties: { size: { type: 'integer' } } } },
          },
        },
      },
    ],
  },
} satisfies KubernetesObject & { spec: unknown };
