/**
 * What the hub may rely on of a cluster behind the Cluster port: here the pull adapter, an agent in a process of its
 * own, and a Kubernetes API. One hub and one agent for the suite; each guarantee has a namespace of its own.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KubernetesObject } from '@kubernetes/client-node';
import { newId } from '../../db/ids.ts';
import { ownerLabel } from '../../engine/delivery/ownership.ts';
import { messageOf } from '../../queues/messages.ts';
import { type AgentProcess, startAgent } from '../support/agent-process.ts';
import { type Hub, startHub } from '../support/hub.ts';
import { type KubeClient, kubeClient } from '../support/kube-client.ts';
import { until } from '../support/until.ts';

export interface ClusterUnderTest {
  readonly kubeconfig: string;
  close(): Promise<void>;
}

const canary = 'contract-canary-value';

export function clusterContract(name: string, open: () => Promise<ClusterUnderTest>): void {
  describe(`the cluster contract on ${name}`, () => {
    let cluster: ClusterUnderTest;
    let hub: Hub;
    let agent: AgentProcess;
    let kube: KubeClient;
    let folder: string;
    let count = 0;

    const startTheAgent = (token?: string) =>
      startAgent({
        hub: hub.url,
        state: join(folder, 'agent'),
        kubeconfig: cluster.kubeconfig,
        ...(token !== undefined && { token }),
      });

    before(async () => {
      folder = mkdtempSync(join(tmpdir(), 'mainsheet-contract-'));
      cluster = await open();
      kube = kubeClient(cluster.kubeconfig);
      hub = await startHub();
      agent = startTheAgent(await hub.invite('main'));
      const state = async () => (await hub.store.clusters.get('main'))?.state;
      await until('the agent has enrolled', async () => (await state()) === 'pending');
      await hub.accept('main');
    });

    after(async () => {
      await agent?.stop();
      await hub?.close();
      await cluster?.close();
      rmSync(folder, { recursive: true, force: true });
    });

    /** A namespace of its own for each test. */
    async function place(): Promise<string> {
      const namespace = `contract-${Date.now().toString(36)}-${count++}`;
      await kube.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
      return namespace;
    }

    const phase = async (app: string, namespace: string) => (await hub.status(app, namespace)).status;
    const reaches = (app: string, namespace: string, wanted: string, seconds = 30) =>
      until(`${app} is ${wanted}`, async () => (await phase(app, namespace)) === wanted, seconds).catch(
        async (error: Error) => {
          throw new Error(`${error.message}; it is ${JSON.stringify(await hub.status(app, namespace))}`);
        },
      );
    const publicStatus = async (app: string, namespace: string) => {
      const { uid } = (await hub.view(app, namespace)).application;
      return (await hub.store.statuses.ofApplication(uid))?.summary;
    };
    const dataOf = async (namespace: string, config: string) => {
      const object = await kube.get('v1', 'ConfigMap', namespace, config);
      return object === null ? null : (object as { data?: Record<string, string> }).data;
    };

    it('brings what was rendered into being, in its namespace and marked as its own', async () => {
      const ns = await place();
      await hub.submit(
        application('shop', ns, [configs('conf', { conf: { a: '1' } }), web('web', 'nginx:1.27')]),
      );
      await reaches('shop', ns, 'running');
      assert.deepEqual(await dataOf(ns, 'conf'), { a: '1' });
      const deployment = await kube.get('apps/v1', 'Deployment', ns, 'web');
      assert.match(deployment?.metadata?.labels?.[ownerLabel] ?? '', /^[0-9a-f]{16}$/);
      assert.equal(deployment?.metadata?.labels?.['app.oam.dev/component'], 'web');
      const { uid } = (await hub.view('shop', ns)).application;
      const managers = deployment?.metadata?.managedFields?.filter(({ operation }) => operation === 'Apply');
      assert.deepEqual(
        managers?.map(({ manager }) => manager),
        [`mainsheet:${uid}`],
      );
      const status = await hub.status('shop', ns);
      assert.deepEqual(
        status.services.map(({ name, healthy, message }) => ({ name, healthy, message })),
        [
          { name: 'conf', healthy: true, message: undefined },
          { name: 'web', healthy: true, message: 'Ready:1/1' },
        ],
      );
      assert.deepEqual(
        status.appliedResources.map(({ kind, name }) => `${kind}/${name}`),
        ['ConfigMap/conf', 'Deployment/web'],
      );
    });

    it('changes what a new revision changes, and takes away what left only after it has succeeded', async () => {
      const ns = await place();
      await hub.submit(application('shop', ns, [configs('one', { a: { v: '1' }, b: { v: '1' } })]));
      await reaches('shop', ns, 'running');
      const kept = await kube.get('v1', 'ConfigMap', ns, 'a');
      await hub.submit(
        application('shop', ns, [configs('one', { a: { v: '2' } }), web('web', 'nginx:broken')]),
      );
      await until('a has changed', async () => (await dataOf(ns, 'a'))?.['v'] === '2');
      await until('web is seen to be unhealthy', async () =>
        (await hub.status('shop', ns)).services.some(({ name }) => name === 'web'),
      );
      assert.deepEqual(await dataOf(ns, 'b'), { v: '1' });
      await hub.submit(application('shop', ns, [configs('one', { a: { v: '2' } })]));
      await until('b is gone', async () => (await dataOf(ns, 'b')) === null);
      await until('web is gone', async () => (await kube.get('apps/v1', 'Deployment', ns, 'web')) === null);
      await reaches('shop', ns, 'running');
      assert.equal((await kube.get('v1', 'ConfigMap', ns, 'a'))?.metadata?.uid, kept?.metadata?.uid);
      await until('nothing is left over', async () =>
        (await hub.view('shop', ns)).inventory.every(({ wanted }) => wanted === 'yes'),
      );
    });

    it('restores what somebody changes or deletes, and says who it was', async () => {
      const ns = await place();
      await hub.submit(application('shop', ns, [configs('conf', { conf: { a: '1', b: '2' } })]));
      await reaches('shop', ns, 'running');
      const uid = (await kube.get('v1', 'ConfigMap', ns, 'conf'))?.metadata?.uid;
      await kube.edit('v1', 'ConfigMap', ns, 'conf', { data: { a: 'mine' } }, 'somebody');
      await until('it is as it was', async () => (await dataOf(ns, 'conf'))?.['a'] === '1');
      const row = async () => (await hub.view('shop', ns)).inventory.find(({ ref }) => ref.endsWith('/conf'));
      const healed = await until('the drift is told', async () => {
        const found = await row();
        return found?.drift === undefined ? undefined : found;
      });
      assert.equal(healed.outcome, 'healed');
      assert.equal(healed.drift?.manager, 'somebody');
      assert.deepEqual(healed.drift?.fields, ['.data.a']);
      await kube.remove('v1', 'ConfigMap', ns, 'conf');
      await until('it is there again', async () => {
        const found = await kube.get('v1', 'ConfigMap', ns, 'conf');
        return found !== null && found.metadata?.uid !== uid;
      });
      await until('its loss is told', async () => (await row())?.drift?.deleted === true);
      assert.equal(await phase('shop', ns), 'running');
    });

    it('leaves fields alone that it does not name', async () => {
      const ns = await place();
      await hub.submit(application('shop', ns, [configs('conf', { conf: { a: '1' } })]));
      await reaches('shop', ns, 'running');
      await kube.edit('v1', 'ConfigMap', ns, 'conf', { data: { other: 'kept' } }, 'somebody');
      await hub.submit(application('shop', ns, [configs('conf', { conf: { a: '2' } })]));
      await until('a has changed', async () => (await dataOf(ns, 'conf'))?.['a'] === '2');
      assert.deepEqual(await dataOf(ns, 'conf'), { a: '2', other: 'kept' });
    });

    it("touches nothing that is not its own, says so in KubeVela's words, and goes on when the way is free", async () => {
      const ns = await place();
      await kube.create({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { namespace: ns, name: 'taken' },
        data: { theirs: '1' },
      } as KubernetesObject);
      await hub.submit(
        application('shop', ns, [
          configs('conf', { taken: { ours: '1' } }),
          configs('free', { free: { a: '1' } }),
        ]),
      );
      const sentence = `ConfigMap ${ns}/taken exists but not managed by any application now`;
      const step = await until('the step says why', async () => {
        const steps = (await hub.status('shop', ns)).workflow?.steps ?? [];
        return steps.find(({ name, message }) => name === 'conf' && message === sentence);
      });
      assert.deepEqual({ phase: step.phase, reason: step.reason }, { phase: 'failed', reason: 'Execute' });
      assert.equal(await phase('shop', ns), 'runningWorkflow');
      assert.deepEqual(await dataOf(ns, 'taken'), { theirs: '1' });
      assert.deepEqual(await dataOf(ns, 'free'), { a: '1' });
      await kube.remove('v1', 'ConfigMap', ns, 'taken');
      await reaches('shop', ns, 'running');
      assert.deepEqual(await dataOf(ns, 'taken'), { ours: '1' });
    });

    it("does not take another Application's object", async () => {
      const ns = await place();
      await hub.submit(application('first', ns, [configs('conf', { shared: { by: 'first' } })]));
      await reaches('first', ns, 'running');
      await hub.submit(application('second', ns, [configs('conf', { shared: { by: 'second' } })]));
      const sentence = `existing object ConfigMap ${ns}/shared is managed by other application ${ns}/first`;
      await until('the second is told', async () =>
        (await hub.status('second', ns)).workflow?.steps.some(({ message }) => message === sentence),
      );
      assert.deepEqual(await dataOf(ns, 'shared'), { by: 'first' });
      assert.equal(await phase('first', ns), 'running');
    });

    it('says that a namespace is missing, without asking for it again and again', async () => {
      const ns = await place();
      const nowhere = `${ns}-nowhere`;
      const lost = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'lost', namespace: nowhere } };
      await hub.submit(application('shop', ns, [objects('space', [lost])]));
      const sentence = `namespace ${nowhere} does not exist`;
      await until('it is told', async () => {
        const steps = (await hub.status('shop', ns)).workflow?.steps ?? [];
        return steps.some(({ phase, message }) => phase === 'failed' && message === sentence);
      });
      const before = hub.reports;
      await sleep(3000);
      assert.ok(hub.reports - before <= 6, `${hub.reports - before} reports in three seconds`);
      await kube.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: nowhere } });
      await reaches('shop', ns, 'running');
    });

    it('shows a workload that breaks and one that recovers', async () => {
      const ns = await place();
      await hub.submit(application('shop', ns, [web('web', 'nginx:1.27')]));
      await reaches('shop', ns, 'running');
      await hub.submit(application('shop', ns, [web('web', 'nginx:broken')]));
      await until('it is not healthy', async () => {
        const { status, services } = await hub.status('shop', ns);
        return status === 'runningWorkflow' && services.some(({ healthy }) => !healthy);
      });
      await hub.submit(application('shop', ns, [web('web', 'nginx:1.28')]));
      await reaches('shop', ns, 'running');
      // Somebody adds a container beside ours, which never gets ready, and takes it away again.
      const containers = (...more: readonly object[]) => ({
        spec: { template: { spec: { containers: [{ name: 'web', image: 'nginx:1.28' }, ...more] } } },
      });
      const beside = containers({ name: 'beside', image: 'busybox:unready' });
      await kube.edit('apps/v1', 'Deployment', ns, 'web', beside, 'somebody');
      await reaches('shop', ns, 'unhealthy');
      assert.equal((await publicStatus('shop', ns))?.['message'], 'Something is not healthy.');
      await kube.edit('apps/v1', 'Deployment', ns, 'web', containers(), 'somebody');
      await reaches('shop', ns, 'running');
      assert.equal((await publicStatus('shop', ns))?.['message'], 'Everything is running.');
    });

    it('loses nothing when the agent is killed, and writes nothing twice', async () => {
      const ns = await place();
      const many = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`c${i}`, { v: '1' }]));
      await hub.submit(application('still', ns, [configs('conf', { quiet: { v: '1' } })]));
      await reaches('still', ns, 'running');
      const quiet = await kube.get('v1', 'ConfigMap', ns, 'quiet');
      await hub.submit(application('shop', ns, [configs('conf', many)]));
      await until('it has begun', async () => (await dataOf(ns, 'c0')) !== null);
      await agent.kill();
      await kube.edit('v1', 'ConfigMap', ns, 'c0', { data: { v: 'changed meanwhile' } }, 'somebody');
      agent = startTheAgent();
      await reaches('shop', ns, 'running', 60);
      await until('what changed meanwhile is restored', async () => (await dataOf(ns, 'c0'))?.['v'] === '1');
      for (const config of Object.keys(many)) assert.deepEqual(await dataOf(ns, config), { v: '1' });
      const after = await kube.get('v1', 'ConfigMap', ns, 'quiet');
      assert.equal(after?.metadata?.resourceVersion, quiet?.metadata?.resourceVersion);
    });

    it('finds by its marks what an agent without memory has to take away', async () => {
      const ns = await place();
      await hub.submit(application('shop', ns, [configs('conf', { a: { v: '1' }, b: { v: '1' } })]));
      await reaches('shop', ns, 'running');
      await agent.stop();
      const { uid } = (await hub.view('shop', ns)).application;
      rmSync(join(folder, 'agent', 'applications', uid), { recursive: true });
      await hub.submit(application('shop', ns, [configs('conf', { a: { v: '2' } })]));
      agent = startTheAgent();
      await until('b is gone', async () => (await dataOf(ns, 'b')) === null);
      await until('a has changed', async () => (await dataOf(ns, 'a'))?.['v'] === '2');
      await reaches('shop', ns, 'running');
    });

    it('delivers an older rendering again without rendering it', async () => {
      const ns = await place();
      await hub.submit(application('shop', ns, [configs('conf', { conf: { v: '1' } })]));
      await reaches('shop', ns, 'running');
      await hub.submit(application('shop', ns, [configs('conf', { conf: { v: '2' }, extra: { v: '2' } })]));
      await until('it is at the second', async () => (await dataOf(ns, 'extra')) !== null);
      await reaches('shop', ns, 'running');
      const { uid: application_ } = (await hub.view('shop', ns)).application;
      const run = newId('run', Date.now());
      const actor = { kind: 'system', id: 'test' } as const;
      const rendered = hub.renders;
      const started = await hub.store.runs.startRollback(actor, {
        application: application_,
        revision: 1,
        run,
      });
      await hub.queue.send((started?.messages ?? []).map(messageOf));
      await until('it is at the first', async () => (await dataOf(ns, 'conf'))?.['v'] === '1');
      await until('what the second added is gone', async () => (await dataOf(ns, 'extra')) === null);
      await reaches('shop', ns, 'running');
      assert.equal(hub.renders, rendered);
    });

    it('lets no value of a Secret out of the cluster', async () => {
      const ns = await place();
      const secret = {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 's' },
        stringData: { token: canary },
      };
      await hub.submit(application('shop', ns, [objects('secret', [secret])]));
      await reaches('shop', ns, 'running');
      const { uid } = (await hub.view('shop', ns)).application;
      const [row] = await hub.store.inventory.details(uid);
      const told = JSON.stringify(row?.live);
      assert.match(told, /"token":""/);
      for (const form of [canary, btoa(canary)]) assert.ok(!told.includes(form));
    });

    it('takes everything away with the Application, and forgets it', async () => {
      const ns = await place();
      await hub.submit(
        application('shop', ns, [configs('conf', { a: { v: '1' } }), web('web', 'nginx:1.27')]),
      );
      await reaches('shop', ns, 'running');
      await hub.remove('shop', ns);
      await until(
        'the objects are gone',
        async () =>
          (await dataOf(ns, 'a')) === null && (await kube.get('apps/v1', 'Deployment', ns, 'web')) === null,
      );
      await until(
        'the Application is gone',
        async () => (await hub.store.applications.view(ns, 'shop')) === undefined,
      );
    });
  });
}

function application(name: string, namespace: string, components: readonly object[]): string {
  return JSON.stringify({
    apiVersion: 'core.oam.dev/v1beta1',
    kind: 'Application',
    metadata: { name, namespace },
    spec: { components },
  });
}

function objects(name: string, manifests: readonly object[]): object {
  return { name, type: 'k8s-objects', properties: { objects: manifests } };
}

function configs(name: string, data: Readonly<Record<string, Readonly<Record<string, string>>>>): object {
  const manifest = (config: string, values: object) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: config },
    data: values,
  });
  return objects(
    name,
    Object.entries(data).map(([config, values]) => manifest(config, values)),
  );
}

function web(name: string, image: string): object {
  return { name, type: 'webservice', properties: { image } };
}
