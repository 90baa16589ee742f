import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonValue } from '../../../engine/json.ts';
import { publicSummary, publicSummarySchema } from '../../../engine/workflow/public-status.ts';
import { newRun, type Run } from '../../../engine/workflow/run.ts';
import { applicationStatus, type StatusSource } from '../../../engine/workflow/status.ts';
import { head, here, plan, present, report, started, step, World } from './scene.ts';

function source(run: Run | null, change: Partial<StatusSource> = {}): StatusSource {
  const state =
    run === null
      ? null
      : { startedAt: run.startedAt, progressedAt: run.progressedAt, stalled: run.stalled, state: run.state };
  return {
    application: {
      namespace: 'default',
      name: 'shop',
      generation: 3,
      revision: 2,
      specHash: 'ab'.repeat(32),
      state: 'active',
    },
    run: { revision: 2, state: JSON.parse(JSON.stringify(state)) as JsonValue, createdAt: 1000 },
    inventory: [],
    targets: [{ id: 'clu_one', name: 'one', local: true, kubernetes: { version: 'v1.35.0+sandbox' } }],
    services: null,
    ...change,
  };
}

const service = (name: string, healthy: boolean) => ({
  name,
  namespace: 'default',
  workloadDefinition: { apiVersion: '', kind: '' },
  healthy,
  workloadHealthy: healthy,
});

const healthy = (component: string) => ({ component, placement: here, observed: present(1, true) });

function succeeded(): Run {
  const { run, world } = started([step('a')]);
  return world.advance(run, [report('one', { sequence: 1, counter: 1 }, [healthy('a')])], 3000).run;
}

const types = (status: ReturnType<typeof applicationStatus>) =>
  Object.fromEntries(
    status.conditions.map(({ type, status: value, reason }) => [type, `${value}/${reason}`]),
  );

const rendered = {
  Parsed: 'True/Available',
  Revision: 'True/Available',
  Policy: 'True/Available',
  Render: 'True/Available',
};

describe("an Application's status", () => {
  it('starts without conditions', () => {
    const status = applicationStatus(source(null));
    assert.deepEqual([status.status, status.conditions, status.workflow], ['starting', [], undefined]);
  });

  it('is running when the workflow has succeeded and every service is healthy, and unhealthy otherwise', () => {
    const run = succeeded();
    const status = applicationStatus(source(run, { services: [service('a', true)] }));
    assert.equal(status.status, 'running');
    assert.deepEqual(types(status), {
      ...rendered,
      Workflow: 'True/Available',
      Ready: 'True/ReconcileSuccess',
    });
    assert.deepEqual(
      status.workflow?.steps.map(({ name, type, phase, reason }) => ({ name, type, phase, reason })),
      [{ name: 'a', type: 'apply-component', phase: 'succeeded', reason: undefined }],
    );
    const { mode, status: runStatus, suspend, terminated, finished, appRevision } = status.workflow ?? {};
    assert.deepEqual(
      { mode, runStatus, suspend, terminated, finished, appRevision },
      {
        mode: 'DAG-DAG',
        runStatus: 'succeeded',
        suspend: false,
        terminated: false,
        finished: true,
        appRevision: 'shop-v2',
      },
    );
    assert.equal(
      applicationStatus(source(run, { services: [service('a', true), service('b', false)] })).status,
      'unhealthy',
    );
  });

  it("waits in KubeVela's words", () => {
    const { run } = started([step('a'), step('b', ['a'])]);
    const status = applicationStatus(source(run));
    assert.equal(status.status, 'runningWorkflow');
    assert.deepEqual(types(status), rendered);
    assert.deepEqual(
      status.workflow?.steps.map(({ phase, reason, message }) => [phase, reason, message]),
      [
        ['running', 'Wait', 'wait healthy'],
        ['pending', undefined, 'Pending on DependsOn: a'],
      ],
    );
  });

  it('names the component that a deploy step waits for', () => {
    const targets = [
      { component: 'db', placement: here, dependsOn: [] },
      { component: 'web', placement: here, dependsOn: ['db'] },
    ];
    const { run, world } = started([step('go', [], { type: 'deploy', targets })]);
    const message = (given: Run) => applicationStatus(source(given)).workflow?.steps[0]?.message;
    assert.equal(message(run), 'local/default//db is not healthy');
    const suspended = world.advance(run, [{ kind: 'command', command: 'suspend' }], 3000).run;
    const seen = world.advance(
      suspended,
      [report('one', { sequence: 1, counter: 1 }, [healthy('db')])],
      4000,
    ).run;
    assert.equal(message(seen), 'local/default//web is waiting dependents');
  });

  it('shows what was refused as a failed attempt while the workflow goes on', () => {
    const { run, world } = started([step('a')]);
    const problems = [
      { object: 'ConfigMap default/a', reason: 'not-managed' as const, message: 'exists but …' },
    ];
    const refused = {
      component: 'a',
      placement: here,
      observed: { kind: 'refused' as const, stamp: { sequence: 1, counter: 1 }, problems },
    };
    const after = world.advance(run, [report('one', { sequence: 1, counter: 1 }, [refused])], 3000).run;
    const { status, workflow } = applicationStatus(source(after));
    assert.deepEqual([status, workflow?.status], ['runningWorkflow', 'executing']);
    const [one] = workflow?.steps ?? [];
    assert.deepEqual([one?.phase, one?.reason, one?.message], ['failed', 'Execute', 'exists but …']);
  });

  it('says why a run without a cluster and one that is stuck do not get on', () => {
    const world = new World(plan([step('a')]));
    const waiting = world.advance(newRun(head()), [], 2000, [{ kind: 'clusters', clusters: [] }]).run;
    assert.equal(types(applicationStatus(source(waiting)))['Workflow'], 'False/NoCluster');
    const { run } = started([step('a')]);
    const stuck = { ...run, stalled: { since: 2000, unreachable: ['one'] } };
    const condition = applicationStatus(source(stuck)).conditions.at(-1);
    assert.deepEqual(
      [condition?.reason, condition?.message],
      ['DeadlineExceeded', 'nothing has moved since 1970-01-01T00:00:02.000Z; cluster one is not heard of'],
    );
  });

  it('stays in rendering where the revision cannot be rendered, with the reason', () => {
    const world = new World(plan([]));
    world.perform = () => [
      { kind: 'unrenderable', issues: [{ code: 'template', path: '', message: 'conflicting values' }] },
    ];
    const { run } = world.advance(newRun(head()), [], 2000);
    const status = applicationStatus(source(run));
    assert.equal(status.status, 'rendering');
    assert.deepEqual(types(status), {
      Parsed: 'True/Available',
      Revision: 'True/Available',
      Policy: 'True/Available',
      Render: 'False/ReconcileError',
      Ready: 'False/ReconcileError',
    });
    assert.equal(status.conditions.at(-1)?.message, 'conflicting values');
  });

  it('has a phase of its own when suspended, terminated, failed, deleting', () => {
    const { run, world } = started([step('a', [], { timeoutMs: 10 })]);
    const phase = (given: Run, change: Partial<StatusSource> = {}) =>
      applicationStatus(source(given, change)).status;
    assert.equal(
      phase(world.advance(run, [{ kind: 'command', command: 'suspend' }], 2001).run),
      'workflowSuspending',
    );
    assert.equal(
      phase(world.advance(run, [{ kind: 'command', command: 'terminate' }], 2001).run),
      'workflowTerminated',
    );
    assert.equal(phase(world.advance(run, [], 3000).run), 'workflowFailed');
    const application = { ...source(run).application, state: 'deleting' as const };
    assert.equal(phase(run, { application }), 'deleting');
  });

  it('lists what was applied, sorted, and only that', () => {
    const row = (ref: string, change: object = {}) => ({
      cluster: { id: 'clu_one' },
      ref,
      apiVersion: 'v1',
      wanted: 'yes' as const,
      outcome: 'created',
      reportedSequence: 1,
      ...change,
    });
    const inventory = [
      row('/Service/default/b'),
      row('/ConfigMap/default/a'),
      row('/ConfigMap/default/refused', { outcome: 'refused' }),
      row('/ConfigMap/default/leaving', { wanted: 'leaving' }),
      row('/ConfigMap/default/unheard', { reportedSequence: 0, outcome: 'pending' }),
    ];
    assert.deepEqual(applicationStatus(source(succeeded(), { inventory })).appliedResources, [
      { apiVersion: 'v1', kind: 'ConfigMap', name: 'a', namespace: 'default', creator: 'workflow' },
      { apiVersion: 'v1', kind: 'Service', name: 'b', namespace: 'default', creator: 'workflow' },
    ]);
  });
});

describe('the public status', () => {
  const canary = 'what-nobody-may-read';

  it('says nothing that a template or a cluster has written', () => {
    const { run, world } = started([step('a')]);
    const problems = [{ object: `Secret default/${canary}`, reason: 'invalid' as const, message: canary }];
    const refused = {
      component: 'a',
      placement: here,
      observed: { kind: 'refused' as const, stamp: { sequence: 1, counter: 1 }, problems },
    };
    const after = world.advance(run, [report('one', { sequence: 1, counter: 1 }, [refused])], 3000).run;
    const services = [
      { ...service('a', false), message: canary, traits: [{ type: 't', healthy: false, message: canary }] },
    ];
    const summary = publicSummary(source(after, { services }));
    assert.ok(!JSON.stringify(summary).includes(canary));
    assert.deepEqual(publicSummarySchema.parse(summary), summary);
    assert.deepEqual(summary, {
      application: 'shop',
      phase: 'runningWorkflow',
      message: 'A new revision is being delivered.',
      revision: 2,
      services: [{ name: 'a', health: 'unhealthy' }],
      sandbox: true,
      startedAt: '1970-01-01T00:00:02.000Z',
      updatedAt: '1970-01-01T00:00:03.000Z',
    });
  });

  it('has a sentence for every state', () => {
    const { run, world } = started([step('a', [], { timeoutMs: 10 })]);
    const runs = [
      null,
      newRun(head()),
      run,
      { ...run, stalled: { since: 1, unreachable: [] } },
      world.advance(run, [{ kind: 'command', command: 'suspend' }], 2001).run,
      world.advance(run, [{ kind: 'command', command: 'terminate' }], 2001).run,
      world.advance(run, [], 3000).run,
      succeeded(),
    ];
    const sentences = runs.map((one) => publicSummary(source(one)).message);
    assert.ok(
      sentences.every((sentence) => /^[A-Z][a-z ]+\.$/.test(sentence)),
      sentences.join('|'),
    );
    assert.equal(new Set(sentences).size, runs.length - 1);
  });

  it('calls a component healthy only where it is so in every place, and unknown before anybody has looked', () => {
    const { run } = started([step('a'), step('b')]);
    const services = [service('a', true), { ...service('a', false), namespace: 'other' }];
    assert.deepEqual(publicSummary(source(run, { services })).services, [
      { name: 'a', health: 'unhealthy' },
      { name: 'b', health: 'unknown' },
    ]);
  });
});
