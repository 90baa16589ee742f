/** Traits of stage PostDispatch on a cluster: an agent, the sandbox, and pods that take their time to be ready. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Sandbox, startSandbox } from '../../infra/sandbox/sandbox.ts';
import { type AgentProcess, startAgent } from '../support/agent-process.ts';
import { type Hub, startHub } from '../support/hub.ts';
import { type KubeClient, kubeClient } from '../support/kube-client.ts';
import { until } from '../support/until.ts';

const application = (name: string, traits: string) => `apiVersion: core.oam.dev/v1beta1
kind: Application
metadata: {name: ${name}, namespace: default, annotations: {mainsheet.dev/drift: report}}
spec:
  components:
    - name: ${name}
      type: webservice
      properties: {image: "nginx:1"}
      traits: [${traits}]
`;

const copiesReady = `apiVersion: core.oam.dev/v1beta1
kind: TraitDefinition
metadata: {name: ready-note, namespace: vela-system}
spec:
  stage: PostDispatch
  schematic:
    cue:
      template: |
        outputs: note: {
          apiVersion: "v1"
          kind: "ConfigMap"
          metadata: name: context.name + "-seen"
          data: ready: "\\(context.output.status.readyReplicas)"
        }
        parameter: {}
---
`;

describe('traits that wait for their workload, on the sandbox', () => {
  let folder: string;
  let sandbox: Sandbox;
  let hub: Hub;
  let agent: AgentProcess;
  let kube: KubeClient;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mainsheet-late-'));
    sandbox = await startSandbox({ directory: join(folder, 'sandbox'), podDelayMs: 400 });
    kube = kubeClient(sandbox.kubeconfig);
    hub = await startHub();
    const token = await hub.invite('main');
    agent = startAgent({ hub: hub.url, state: join(folder, 'agent'), kubeconfig: sandbox.kubeconfig, token });
    await until(
      'the agent has enrolled',
      async () => (await hub.store.clusters.get('main'))?.state === 'pending',
    );
    await hub.accept('main');
  });
  after(async () => {
    await agent?.stop();
    await hub?.close();
    await sandbox?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const running = (name: string) =>
    until(`${name} is running`, async () => (await hub.status(name)).status === 'running', 30);
  const readyOf = async (name: string) => {
    const object = await kube.get('apps/v1', 'Deployment', 'default', name);
    return (object as { status?: { readyReplicas?: number } } | null)?.status?.readyReplicas ?? 0;
  };
  const noteOf = async (name: string) => {
    const object = await kube.get('v1', 'ConfigMap', 'default', `${name}-seen`);
    return (object as { data?: { ready?: string } } | null)?.data?.ready;
  };

  it('brings a Service after its Deployment is healthy', async () => {
    let early = false;
    let watching = true;
    const watch = (async () => {
      while (watching) {
        const service = await kube.get('v1', 'Service', 'default', 'web');
        if (service !== null && (await readyOf('web')) === 0) early = true;
        await sleep(20);
      }
    })();
    await hub.submit(application('web', '{type: expose, properties: {port: [80]}}'));
    await running('web');
    watching = false;
    await watch;
    assert.equal(early, false, 'no Service without a ready pod');
    assert.notEqual(await kube.get('v1', 'Service', 'default', 'web'), null);
    const [service] = (await hub.status('web')).services;
    assert.deepEqual(
      service?.traits?.map(({ type, healthy }) => [type, healthy]),
      [['expose', true]],
    );
  });

  it('copies what the live status says, and follows it', async () => {
    await hub.submit(copiesReady + application('counted', '{type: ready-note}'));
    await running('counted');
    assert.equal(await noteOf('counted'), '1');
    const scaled = { spec: { replicas: 3 } };
    await kube.edit('apps/v1', 'Deployment', 'default', 'counted', scaled, 'somebody');
    await until('the copy follows', async () => (await noteOf('counted')) === '3', 30);
    assert.equal((await hub.status('counted')).workflow?.status, 'succeeded');
    await hub.remove('counted');
    await until('it is gone', async () => (await noteOf('counted')) === undefined, 30);
  });
});
