/** Traits of stage PostDispatch: rendered over the live status of a healthy workload, and again when that changes. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { newId } from '../../db/ids.ts';
import type { JsonObject } from '../../engine/json.ts';
import { type ApplicationStatus, applicationStatus } from '../../engine/workflow/status.ts';
import { openQueueSide, type QueueSide } from '../support/queue-side.ts';

const system = { kind: 'system', id: 'test' } as const;

const note = (ready: string) => `---
apiVersion: core.oam.dev/v1beta1
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
          data: {
            ready: "\\(${ready})"
            image: context.output.spec.template.spec.containers[0].image
            uid: "\\(*context.output.metadata.uid | "none")"
          }
        }
        parameter: {}
`;
const seen = note('context.output.status.readyReplicas');

const application = (traits: string, image = 'nginx:1') => `---
apiVersion: core.oam.dev/v1beta1
kind: Application
metadata: {name: shop, namespace: default}
spec:
  components:
    - name: front
      type: webservice
      properties: {image: "${image}"}
      traits: [${traits}]
`;
const expose = '{type: expose, properties: {port: [80]}}';
const copies = '{type: ready-note}';

const deployment = 'apps/Deployment/default/front';
const service = '/Service/default/front';
const configMap = '/ConfigMap/default/front-seen';

const statusOf = async (side: QueueSide): Promise<ApplicationStatus> => {
  const view = await side.store.applications.view('default', 'shop');
  assert.ok(view);
  return applicationStatus(view);
};
const sequenceOf = async (side: QueueSide): Promise<number | undefined> => {
  const view = await side.store.applications.view('default', 'shop');
  const [head] = view === undefined ? [] : await side.store.bundles.heads(view.application.uid);
  return head?.sequence;
};
const unfinished = async (side: QueueSide) =>
  (await side.store.runs.list({ unfinished: true }, { limit: 10 })).items.map(({ number }) => number);
const ready = (count: number): JsonObject => ({
  replicas: count,
  readyReplicas: count,
  updatedReplicas: count,
  availableReplicas: count,
  observedGeneration: 1,
});
const data = (side: QueueSide) => side.agent.objects.get(configMap)?.['data'];

async function turn(side: QueueSide): Promise<void> {
  await side.drain();
  await side.agent.sync();
  side.send(await side.agent.report());
  await side.drain();
}
async function becomesReady(side: QueueSide, count = 1): Promise<void> {
  side.agent.setStatus(deployment, ready(count));
  side.send(await side.agent.report());
  await side.drain();
}
async function started(text: string): Promise<QueueSide> {
  const side = await openQueueSide();
  await side.submitText(text);
  await turn(side);
  return side;
}

describe('a trait of stage PostDispatch', () => {
  it('waits for the workload, then comes in a bundle of its own, and the step ends with it', async () => {
    const side = await started(application(expose));
    assert.deepEqual([...side.agent.objects.keys()], [deployment]);
    const waiting = await statusOf(side);
    assert.equal(waiting.status, 'runningWorkflow');
    assert.deepEqual(waiting.services[0]?.traits, [
      {
        type: 'expose',
        healthy: false,
        pending: true,
        message: '⏳ Waiting for component to be healthy',
      },
    ]);
    await becomesReady(side);
    assert.equal(await sequenceOf(side), 2);
    assert.equal((await statusOf(side)).workflow?.steps[0]?.phase, 'running');
    await turn(side);
    assert.deepEqual([...side.agent.objects.keys()], [deployment, service]);
    await turn(side);
    const done = await statusOf(side);
    assert.equal(done.status, 'running');
    const [trait] = done.services[0]?.traits ?? [];
    assert.deepEqual([trait?.type, trait?.healthy, trait?.pending], ['expose', true, undefined]);
    assert.equal(done.workflow?.steps[0]?.phase, 'succeeded');
    assert.deepEqual(done.appliedResources.map(({ kind }) => kind).sort(), ['Deployment', 'Service']);
  });

  it('sees the rendered object and the live status, and follows it', async () => {
    const side = await started(`${seen}${application(copies)}`);
    await becomesReady(side);
    await turn(side);
    assert.deepEqual(data(side), { ready: '1', image: 'nginx:1', uid: 'none' });
    await turn(side);
    assert.equal((await statusOf(side)).status, 'running');
    const sequence = await sequenceOf(side);
    side.agent.setStatus(deployment, { ...ready(1), conditions: [{ type: 'Available', status: 'True' }] });
    await turn(side);
    assert.equal(await sequenceOf(side), sequence, 'what does not change the object is not delivered');
    side.agent.setStatus(deployment, { ...ready(1), readyReplicas: 3, replicas: 1 });
    side.send(await side.agent.report());
    await side.drain();
    assert.deepEqual(data(side), { ready: '1', image: 'nginx:1', uid: 'none' }, 'it is not healthy');
    const object = side.agent.objects.get(deployment);
    const spec = { ...(object?.['spec'] as JsonObject), replicas: 3 };
    side.agent.objects.set(deployment, { ...object, spec, status: ready(3) });
    side.send(await side.agent.report());
    await side.drain();
    await side.agent.sync();
    assert.deepEqual(data(side), { ready: '3', image: 'nginx:1', uid: 'none' });
    assert.equal((await statusOf(side)).workflow?.status, 'succeeded');
  });

  it('leaves what it made before where it is while a new revision rolls out, and follows with it', async () => {
    const side = await started(`${seen}${application(copies)}`);
    await becomesReady(side);
    await turn(side);
    await turn(side);
    assert.deepEqual(await unfinished(side), [1]);
    await side.submitText(application(copies, 'nginx:2'));
    side.agent.setStatus(deployment, {});
    await turn(side);
    assert.deepEqual(await unfinished(side), [2], 'the run that followed the status has ended');
    assert.deepEqual(data(side), { ready: '1', image: 'nginx:1', uid: 'none' });
    await becomesReady(side);
    await turn(side);
    assert.deepEqual(data(side), { ready: '1', image: 'nginx:2', uid: 'none' });
    await turn(side);
    assert.equal((await statusOf(side)).status, 'running');
  });

  it('goes with the workload when an older revision is delivered again, and is pruned with its trait', async () => {
    const side = await started(`${seen}${application(copies)}`);
    await becomesReady(side);
    await turn(side);
    await turn(side);
    await side.submitText(application(expose));
    await turn(side);
    await becomesReady(side);
    for (let i = 0; i < 3; i++) {
      await turn(side);
    }
    assert.equal((await statusOf(side)).status, 'running');
    assert.deepEqual([...side.agent.objects.keys()].sort(), [service, deployment].sort());
    const view = await side.store.applications.view('default', 'shop');
    assert.ok(view);
    const { uid } = view.application;
    const run = newId('run', side.clock.at);
    const rolled = await side.store.runs.startRollback(system, { application: uid, revision: 1, run });
    side.send(rolled?.messages ?? []);
    await side.drain();
    await side.agent.sync();
    assert.deepEqual(data(side), { ready: '1', image: 'nginx:1', uid: 'none' });
    await turn(side);
    await turn(side);
    await turn(side);
    assert.equal((await statusOf(side)).status, 'running');
    assert.equal(side.agent.objects.has(service), false);
  });

  it('that needs what the status has not got yet says so, and comes when it has', async () => {
    const side = await started(`${note('context.output.status.address')}${application(copies)}`);
    await becomesReady(side);
    const waiting = await statusOf(side);
    const [step] = waiting.workflow?.steps ?? [];
    assert.deepEqual([waiting.status, step?.phase, step?.reason], ['runningWorkflow', 'failed', 'Execute']);
    assert.match(String(step?.message), /trait ready-note of component "front": .*address/);
    assert.equal(await sequenceOf(side), 1);
    side.agent.setStatus(deployment, { ...ready(1), address: '10.0.0.1' });
    for (let i = 0; i < 2; i++) {
      side.send(await side.agent.report());
      await turn(side);
    }
    await turn(side);
    assert.equal((await statusOf(side)).status, 'running');
    assert.deepEqual(data(side), { ready: '10.0.0.1', image: 'nginx:1', uid: 'none' });
  });

  it('goes with the Application that is deleted while it follows', async () => {
    const side = await started(application(expose));
    await becomesReady(side);
    await turn(side);
    await turn(side);
    assert.equal((await statusOf(side)).status, 'running');
    const run = newId('run', side.clock.at);
    const asked = await side.store.applications.requestDeletion(system, {
      namespace: 'default',
      name: 'shop',
      run,
    });
    side.send(asked?.messages ?? []);
    await turn(side);
    await turn(side);
    assert.deepEqual([...side.agent.objects.keys()], []);
    assert.equal(await side.store.applications.view('default', 'shop'), undefined);
    assert.deepEqual(await unfinished(side), []);
  });

  it('with wrong parameters is refused when it is submitted', async () => {
    const wrong = application('{type: expose, properties: {port: ["http"]}}');
    await assert.rejects(started(wrong), /parameter\.invalid/);
  });
});
