import assert from 'node:assert/strict';
import { newId } from '../../../db/ids.ts';
import { Fault } from '../../../engine/fault.ts';
import type { Cases } from './cases.ts';
import { asked, delivered, finish, makeCluster, operator, submit } from './world.ts';

const failsWith = (code: string) => (error: unknown) => error instanceof Fault && error.code === code;

export const applicationCases: Cases = {
  'a first submission makes application, revision, run, event, message and audit row': async (world) => {
    const { a } = world;
    const spec = {
      components: [{ name: 'web', properties: { image: 'nginx', n: 1.5, on: true, none: null } }],
    };
    const request = asked(world, 'web', 'one', {
      spec,
      labels: { team: 'x' },
      annotations: { note: 'y' },
      extra: [1],
    });
    const { applications, messages } = await a.applications.submit(operator, { applications: [request] });
    const [made] = applications;
    assert(made !== undefined);
    assert.equal(made.outcome, 'created');
    assert.deepEqual(
      [made.revision, made.generation, made.resourceVersion, made.run],
      [1, 1, 1, request.run],
    );
    assert.deepEqual(messages, [{ kind: 'run.advance', tenant: a.id, subject: made.run }]);
    assert.deepEqual(await a.outbox.list(10), messages);
    const application = await a.applications.get('default', 'web');
    assert.deepEqual(application?.spec, spec);
    assert.deepEqual([application?.labels, application?.annotations], [{ team: 'x' }, { note: 'y' }]);
    assert.deepEqual(await a.applications.byUid(made.uid), application);
    const revision = await a.revisions.get(made.uid, 1);
    assert.deepEqual(revision?.pins, request.pins);
    assert.deepEqual([revision?.spec, revision?.extra, revision?.engine], [spec, [1], '0.1.0']);
    const run = await a.runs.get(made.run);
    assert.deepEqual(
      [run?.phase, run?.kind, run?.number, run?.state, run?.dueAt],
      ['queued', 'apply', 1, null, world.clock.at],
    );
    const events = await a.events.ofRun(made.run, 0, 10);
    assert.deepEqual(
      events.map(({ seq, kind, payload }) => ({ seq, kind, payload })),
      [{ seq: 1, kind: 'submitted', payload: { run: made.run, revision: 1, kind: 'apply' } }],
    );
    const { items } = await a.audit.list({ limit: 10 });
    assert.equal(items[0]?.action, 'application.submit');
    assert.deepEqual(items[0]?.actor, operator);
  },
  'the same hash again makes no revision and no run': async (world) => {
    const { a } = world;
    const first = await submit(world, a, 'web', 'one');
    const again = await submit(world, a, 'web', 'one');
    assert.deepEqual(again, { ...first, outcome: 'unchanged' });
    assert.equal((await a.runs.list({ application: first.uid }, { limit: 10 })).items.length, 1);
    assert.equal((await a.audit.list({ limit: 10 })).items.length, 2);
  },
  'the same hash with rerun makes a run of the same revision': async (world) => {
    const { a } = world;
    const first = await submit(world, a, 'web', 'one');
    const again = await submit(world, a, 'web', 'one', { rerun: true });
    assert.deepEqual([again.outcome, again.revision, again.generation], ['rerun', 1, 1]);
    assert.notEqual(again.run, first.run);
    assert.equal((await a.runs.get(again.run))?.number, 2);
  },
  'labels and annotations alone make no revision but a new resourceVersion': async (world) => {
    const { a } = world;
    const first = await submit(world, a, 'web', 'one');
    const again = await submit(world, a, 'web', 'one', { labels: { tier: 'front' } });
    assert.deepEqual(again, { ...first, outcome: 'relabelled', resourceVersion: 2 });
    const labels = [{ operator: 'in', name: 'tier', values: ['front'] }] as const;
    assert.equal((await a.applications.list({ labels }, { limit: 10 })).items.length, 1);
  },
  'changes of labels at once are each counted, and the last one stands whole': async (world) => {
    const { a } = world;
    await submit(world, a, 'web', 'one');
    const made = await Promise.all(
      ['x', 'y', 'z'].map((tier) => submit(world, a, 'web', 'one', { labels: { tier, [tier]: '1' } })),
    );
    assert.deepEqual(made.map((one) => one.resourceVersion).toSorted(), [2, 3, 4]);
    const labels = (await a.applications.get('default', 'web'))?.labels ?? {};
    const [last] = made.filter((one) => one.resourceVersion === 4);
    assert.equal(last?.outcome, 'relabelled');
    const tier = labels.tier ?? '';
    assert.deepEqual(labels, { tier, [tier]: '1' });
    const found = await a.applications.list({ labels: [{ operator: 'exists', name: tier }] }, { limit: 10 });
    assert.equal(found.items.length, 1);
  },
  'a new spec makes the next revision and tells the run before': async (world) => {
    const { a } = world;
    const first = await submit(world, a, 'web', 'one');
    const { applications, messages } = await a.applications.submit(operator, {
      applications: [asked(world, 'web', 'two')],
    });
    const [second] = applications;
    assert(second !== undefined);
    assert.deepEqual([second.outcome, second.revision, second.generation], ['revised', 2, 2]);
    const told = await a.events.ofRun(first.run, 0, 10);
    assert.deepEqual(told.map((event) => event.payload).at(-1), {
      run: second.run,
      revision: 2,
      kind: 'apply',
    });
    assert.deepEqual(new Set(messages.map((message) => message.subject)), new Set([first.run, second.run]));
    assert.deepEqual(
      (await a.revisions.list(first.uid, { limit: 10 })).items.map((one) => one.number),
      [2, 1],
    );
    assert.deepEqual((await a.revisions.get(first.uid, 1))?.spec, { components: [{ name: 'one' }] });
  },
  'events of an Application count on over its runs': async (world) => {
    const { a } = world;
    const first = await submit(world, a, 'web', 'one');
    await submit(world, a, 'web', 'two');
    await submit(world, a, 'web', 'three');
    const seqs = (await a.events.ofApplication(first.uid, 0, 100)).map((event) => event.seq);
    assert.deepEqual(seqs, [1, 2, 3, 4, 5, 6]);
    assert.deepEqual(
      (await a.events.ofApplication(first.uid, 4, 100)).map((event) => event.seq),
      [5, 6],
    );
  },
  'two first submissions at once make one Application': async (world) => {
    const { a } = world;
    const made = await Promise.all([submit(world, a, 'web', 'one'), submit(world, a, 'web', 'two')]);
    assert.equal(new Set(made.map((one) => one.uid)).size, 1);
    assert.deepEqual(made.map((one) => one.revision).sort(), [1, 2]);
    assert.equal((await a.applications.list({}, { limit: 10 })).items.length, 1);
  },
  'many submissions at once number their revisions without gap or repeat': async (world) => {
    const { a } = world;
    await submit(world, a, 'web', 'zero');
    const specs = ['one', 'two', 'three', 'four'];
    const made = await Promise.all(specs.map((spec) => submit(world, a, 'web', spec)));
    assert.deepEqual(made.map((one) => one.revision).sort(), [2, 3, 4, 5]);
    for (const { uid, revision } of made)
      assert.equal((await a.revisions.get(uid, revision))?.number, revision);
  },
  'a resourceVersion that is not the newest stores nothing': async (world) => {
    const { a } = world;
    const { resourceVersion } = await submit(world, a, 'web', 'one');
    await submit(world, a, 'web', 'two', { expectResourceVersion: resourceVersion });
    const late = submit(world, a, 'web', 'three', { expectResourceVersion: resourceVersion });
    await assert.rejects(late, failsWith('request.precondition'));
    await assert.rejects(
      submit(world, a, 'other', 'one', { expectResourceVersion: 1 }),
      failsWith('request.precondition'),
    );
    assert.equal((await a.applications.get('default', 'web'))?.revision, 2);
    assert.equal(await a.applications.get('default', 'other'), undefined);
  },
  'a submission of several is stored whole or not at all': async (world) => {
    const { a } = world;
    await submit(world, a, 'web', 'one');
    const applications = [
      asked(world, 'new', 'one'),
      asked(world, 'web', 'two', { expectResourceVersion: 9 }),
    ];
    await assert.rejects(
      a.applications.submit(operator, { applications }),
      failsWith('request.precondition'),
    );
    assert.equal(await a.applications.get('default', 'new'), undefined);
    const both = await a.applications.submit(operator, {
      applications: [asked(world, 'new', 'one'), asked(world, 'web', 'two')],
    });
    assert.deepEqual(
      both.applications.map((one) => one.outcome),
      ['created', 'revised'],
    );
  },
  'fifty objects are one submission, and more are refused': async (world) => {
    const { a } = world;
    const applications = Array.from({ length: 50 }, (_, n) =>
      asked(world, `web-${n}`, 'one', { labels: { n: `${n}` } }),
    );
    const made = await a.applications.submit(operator, { applications });
    assert(made.applications.every((one) => one.outcome === 'created'));
    assert.equal(made.messages.length, 50);
    const again = await a.applications.submit(operator, {
      applications: applications.map((one) => ({ ...one, run: newId('run', 0), specHash: 'other' })),
    });
    assert(again.applications.every((one) => one.revision === 2));
    const over = [...applications, asked(world, 'over', 'one')];
    await assert.rejects(
      a.applications.submit(operator, { applications: over }),
      failsWith('request.too_large'),
    );
  },
  'the answer of a submission is stored with it': async (world) => {
    const { a, clock } = world;
    const start = await a.idempotency.begin('key', 'hash', clock.at);
    assert.equal(start.outcome, 'begun');
    assert(start.outcome === 'begun');
    const response = { status: 202, headers: { location: '/v1/runs/x' }, body: '{"a":1}' };
    await a.applications.submit(operator, {
      applications: [asked(world, 'web', 'one')],
      idempotency: { claim: start.claim, respond: ([made]) => ({ ...response, body: `${made?.revision}` }) },
    });
    const again = await a.idempotency.begin('key', 'hash', clock.at);
    assert.deepEqual(again, { outcome: 'replay', response: { ...response, body: '1' } });
  },
  'a restart makes a new run of the wanted revision': async (world) => {
    const { a } = world;
    const first = await submit(world, a, 'web', 'one');
    await finish(world, a, first.run);
    const run = newId('run', world.clock.at);
    const started = await a.runs.restart(operator, first.uid, run);
    assert.deepEqual([started?.run, started?.revision], [run, 1]);
    assert.deepEqual(
      started?.messages.map((message) => message.subject),
      [run],
    );
    assert.equal((await a.applications.get('default', 'web'))?.run, run);
    assert.equal(await a.runs.restart(operator, newId('application', 0), newId('run', 0)), undefined);
  },
  'a rollback wants an older revision and names the run that rendered it': async (world) => {
    const { a } = world;
    const { cluster } = await makeCluster(world, a, 'east');
    const first = await delivered(world, a, cluster, { spec: 'one' });
    const second = await delivered(world, a, cluster, { spec: 'two' });
    const run = newId('run', world.clock.at);
    const started = await a.runs.startRollback(operator, { application: first.uid, revision: 1, run });
    assert.equal(started?.revision, 1);
    const made = await a.runs.get(run);
    assert.deepEqual([made?.kind, made?.revision, made?.renderedBy], ['rollback', 1, first.run]);
    assert.equal(await a.runs.renderedBy(first.uid, 1), first.run);
    assert.deepEqual(
      await a.runs.renderings(first.run),
      await a.runs.renderings(made?.renderedBy ?? second.run),
    );
    const application = await a.applications.get('default', 'web');
    assert.deepEqual(
      [application?.revision, application?.latestRevision, application?.generation],
      [1, 2, 3],
    );
    assert.deepEqual(application?.spec, { components: [{ name: 'one' }] });
    assert.equal((await submit(world, a, 'web', 'one')).outcome, 'unchanged');
    assert.equal((await submit(world, a, 'web', 'two')).revision, 3);
  },
  'a rollback to a revision that was never rendered is refused': async (world) => {
    const { a } = world;
    const { uid } = await submit(world, a, 'web', 'one');
    await submit(world, a, 'web', 'two');
    assert.equal(await a.runs.renderedBy(uid, 1), undefined);
    const run = newId('run', world.clock.at);
    await assert.rejects(
      a.runs.startRollback(operator, { application: uid, revision: 1, run }),
      failsWith('resource.conflict'),
    );
    assert.equal(await a.runs.startRollback(operator, { application: uid, revision: 9, run }), undefined);
    assert.equal((await a.applications.get('default', 'web'))?.revision, 2);
  },
  'the public status is found by its id alone, unless it is off': async (world) => {
    const { a, stores } = world;
    const made = await submit(world, a, 'web', 'one');
    const status = await stores.directory.status(made.status);
    assert.deepEqual([status?.tenant, status?.version, status?.summary], [a.id, 1, {}]);
    assert.equal(await a.statuses.publish(made.uid, { phase: 'running' }, 1), true);
    assert.deepEqual((await stores.directory.status(made.status))?.summary, { phase: 'running' });
    assert.equal(await a.statuses.publish(made.uid, { phase: 'stale' }, 1), false);
    assert.equal((await a.statuses.ofApplication(made.uid))?.version, 2);
    await a.statuses.setVisibility(operator, made.uid, 'off');
    assert.equal(await stores.directory.status(made.status), undefined);
    assert.equal(await stores.directory.status(newId('status', 0)), undefined);
    assert.equal((await submit(world, a, 'web', 'one')).outcome, 'relabelled');
    assert.notEqual(await stores.directory.status(made.status), undefined);
  },
};
