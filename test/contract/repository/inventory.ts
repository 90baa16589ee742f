import assert from 'node:assert/strict';
import { newId } from '../../../db/ids.ts';
import type { ClusterReport, ReportedObject } from '../../../db/model/cluster.ts';
import type { Cases } from './cases.ts';
import {
  begin,
  bundle,
  delivered,
  finish,
  makeCluster,
  object,
  operator,
  saving,
  submit,
  type World,
} from './world.ts';

async function prepared(world: World, objects = [object('x'), object('y')]) {
  const { a } = world;
  const { cluster } = await makeCluster(world, a, 'east');
  const { uid, run } = await delivered(world, a, cluster, { objects });
  const ref = { owner: a.id, id: cluster.id };
  const report = (sequence: number, reported: readonly ReportedObject[], more: Partial<ClusterReport> = {}) =>
    a.inventory.report({
      application: uid,
      cluster: ref,
      sequence,
      complete: true,
      objects: reported,
      ...more,
    });
  return { cluster, ref, uid, run, report };
}

const applied = (name: string): ReportedObject => ({
  ref: object(name).ref,
  outcome: 'created',
  health: 'healthy',
  healthMessage: `${name} is well`,
  live: { metadata: { name } },
});

export const inventoryCases: Cases = {
  'objects of a bundle are pending until they are reported': async (world) => {
    const { a } = world;
    const { uid, ref, report } = await prepared(world);
    const before = await a.inventory.list(uid);
    assert.deepEqual(
      before.map((item) => [item.outcome, item.wanted, item.sequence, item.reportedSequence]),
      [
        ['pending', 'yes', 1, 0],
        ['pending', 'yes', 1, 0],
      ],
    );
    const drift = { manager: 'kubectl', fields: ['spec.x'], deleted: false, at: 5 };
    const refused = {
      ref: object('y').ref,
      outcome: 'refused',
      reason: 'forbidden',
      message: 'no right',
      health: 'missing',
      drift,
    } as const;
    await report(1, [applied('x'), refused]);
    const [x, y] = await a.inventory.details(uid);
    assert.deepEqual(
      [x?.outcome, x?.health, x?.healthMessage, x?.live],
      ['created', 'healthy', 'x is well', { metadata: { name: 'x' } }],
    );
    assert.deepEqual([x?.reportedSequence, x?.reportedAt, x?.component], [1, world.clock.at, 'x']);
    assert.deepEqual(
      [y?.outcome, y?.reason, y?.message, y?.drift, y?.live],
      ['refused', 'forbidden', 'no right', drift, undefined],
    );
    assert.equal((await a.bundles.get(uid, ref))?.reportedSequence, 1);
    assert(!('live' in ((await a.inventory.list(uid))[0] ?? {})));
  },
  'a report touches only what it names': async (world) => {
    const { a } = world;
    const { uid, report } = await prepared(world);
    await report(1, [applied('x')], { complete: false });
    const items = await a.inventory.list(uid);
    assert.deepEqual(
      items.map((item) => item.outcome),
      ['created', 'pending'],
    );
    await report(1, [{ ref: '/ConfigMap/default/unknown', outcome: 'created', health: 'healthy' }]);
    assert.equal((await a.inventory.list(uid)).length, 2);
  },
  'observed keeps the outcome, and what a report leaves out stays': async (world) => {
    const { a } = world;
    const { uid, report } = await prepared(world, [object('x')]);
    await report(1, [{ ...applied('x'), outcome: 'drifted', message: 'changed by kubectl' }]);
    await report(1, [{ ref: object('x').ref, outcome: 'observed' }]);
    const [x] = await a.inventory.details(uid);
    assert.deepEqual(
      [x?.outcome, x?.message, x?.health, x?.healthMessage],
      ['drifted', 'changed by kubectl', 'healthy', 'x is well'],
    );
    assert.deepEqual(x?.live, { metadata: { name: 'x' } });
    await report(1, [{ ref: object('x').ref, outcome: 'observed', health: 'degraded' }]);
    const [later] = await a.inventory.list(uid);
    assert.deepEqual([later?.outcome, later?.health, later?.healthMessage], ['drifted', 'degraded', '']);
  },
  'a new bundle keeps what is known of unchanged objects': async (world) => {
    const { a, clock } = world;
    const { uid, cluster, report } = await prepared(world);
    await report(1, [applied('x'), applied('y')]);
    const { run } = await submit(world, a, 'web', 'two');
    const next = await bundle(a, cluster, 2, [object('x'), object('y', 'changed'), object('z')]);
    await a.runs.save(await begin(world, a, run), saving({ bundles: [next] }), clock.at);
    const items = await a.inventory.list(uid);
    assert.deepEqual(
      items.map((item) => [item.outcome, item.sequence, item.health]),
      [
        ['created', 2, 'healthy'],
        ['pending', 2, 'healthy'],
        ['pending', 2, 'unknown'],
      ],
    );
    assert.equal(items[0]?.reportedSequence, 1);
  },
  'a report of an older bundle does not say that what changed since is done': async (world) => {
    const { a, clock } = world;
    const { uid, ref, cluster, report } = await prepared(world);
    const { run } = await submit(world, a, 'web', 'two');
    const next = await bundle(a, cluster, 2, [object('x'), object('y', 'changed')]);
    await a.runs.save(await begin(world, a, run), saving({ bundles: [next] }), clock.at);
    await report(1, [applied('x'), applied('y')]);
    const items = await a.inventory.list(uid);
    assert.deepEqual(
      items.map((item) => [item.outcome, item.health]),
      [
        ['pending', 'healthy'],
        ['pending', 'healthy'],
      ],
    );
    assert.equal((await a.bundles.get(uid, ref))?.reportedSequence, 1);
    await report(2, [
      { ...applied('x'), outcome: 'unchanged' },
      { ...applied('y'), outcome: 'configured' },
    ]);
    assert.deepEqual(
      (await a.inventory.list(uid)).map((item) => item.outcome),
      ['unchanged', 'configured'],
    );
  },
  'a sequence that was never given out is refused': async (world) => {
    const { a } = world;
    const { uid, report, ref } = await prepared(world);
    assert.equal(await report(2, [applied('x')]), undefined);
    const other = {
      application: newId('application', 0),
      cluster: ref,
      sequence: 1,
      complete: true,
      objects: [],
    };
    assert.equal(await a.inventory.report(other), undefined);
    assert.equal((await a.inventory.list(uid))[0]?.outcome, 'pending');
  },
  'what left the Application goes when it is deleted, and what it wants stays': async (world) => {
    const { a, clock } = world;
    const { uid, cluster, report } = await prepared(world);
    const { run } = await submit(world, a, 'web', 'two');
    const next = await bundle(a, cluster, 2, [object('y')]);
    await a.runs.save(await begin(world, a, run), saving({ bundles: [next] }), clock.at);
    assert.deepEqual(
      (await a.inventory.list(uid)).map((item) => item.wanted),
      ['leaving', 'yes'],
    );
    const deleted = (name: string): ReportedObject => ({ ref: object(name).ref, outcome: 'deleted' });
    await report(2, [deleted('x'), deleted('y')]);
    assert.deepEqual(
      (await a.inventory.list(uid)).map((item) => [item.ref, item.outcome]),
      [[object('y').ref, 'pending']],
    );
  },
  'a report wakes the unfinished runs with its event': async (world) => {
    const { a } = world;
    const { uid, report } = await prepared(world);
    const { run } = await submit(world, a, 'web', 'two');
    const told = await report(1, [applied('x')], { event: { sequence: 1 } });
    assert.deepEqual(told?.messages, [{ kind: 'run.advance', tenant: a.id, subject: run }]);
    const events = await a.events.ofApplication(uid, 0, 10);
    assert.deepEqual(
      [events.at(-1)?.kind, events.at(-1)?.run, events.at(-1)?.payload],
      ['report', run, { sequence: 1 }],
    );
    assert.equal(await a.applications.observation(uid), undefined);
  },
  'after its runs an Application is observed instead, once for many reports': async (world) => {
    const { a } = world;
    const { uid, report } = await prepared(world);
    const message = { kind: 'application.observe', tenant: a.id, subject: uid };
    for (const name of ['x', 'y']) {
      assert.deepEqual((await report(1, [applied(name)], { event: {} }))?.messages, [message]);
    }
    assert.deepEqual(await a.outbox.list(10), [message]);
    const observation = await a.applications.observation(uid);
    assert(observation !== undefined);
    assert.deepEqual(
      observation.inventory.map((item) => item.live),
      [{ metadata: { name: 'x' } }, { metadata: { name: 'y' } }],
    );
    assert.equal(observation.revision.number, 1);
    const health = { services: [{ name: 'web', healthy: true }], publicStatus: { phase: 'running' } };
    assert.equal(await a.applications.observed(uid, health, observation.outboxVersion), true);
    assert.deepEqual(await a.outbox.list(10), []);
    assert.deepEqual((await a.applications.viewByUid(uid))?.services, health.services);
    assert.deepEqual((await a.statuses.ofApplication(uid))?.summary, health.publicStatus);
  },
  'an observation that a newer one passed is not stored': async (world) => {
    const { a } = world;
    const { uid, report } = await prepared(world);
    await report(1, [applied('x')], { event: {} });
    const older = await a.applications.observation(uid);
    await report(1, [applied('y')], { event: {} });
    const newer = await a.applications.observation(uid);
    assert(older !== undefined && newer !== undefined);
    assert.equal(await a.applications.observed(uid, { services: 'newer' }, newer.outboxVersion), true);
    assert.equal(await a.applications.observed(uid, { services: 'older' }, older.outboxVersion), false);
    assert.equal((await a.applications.viewByUid(uid))?.services, 'newer');
  },
  'an observation from before the newest stored one takes no later announcement away': async (world) => {
    const { a, clock } = world;
    const { uid, report } = await prepared(world);
    await report(1, [applied('x')], { event: {} });
    const slow = (await a.applications.observation(uid))?.outboxVersion ?? 0;
    assert.equal(await a.applications.observed(uid, { services: 'fast' }, slow), true);
    clock.at += 1;
    await report(1, [applied('y')], { event: {} });
    assert.equal(await a.applications.observed(uid, { services: 'slow' }, slow), true);
    assert.equal((await a.outbox.list(10)).length, 1);
    assert.notEqual(await a.applications.observation(uid), undefined);
  },
  'an observation during which a report came is stored, and asked for again': async (world) => {
    const { a } = world;
    const { uid, report } = await prepared(world);
    await report(1, [applied('x')], { event: {} });
    const first = await a.applications.observation(uid);
    await report(1, [applied('y')], { event: {} });
    assert.equal(await a.applications.observed(uid, { services: 'first' }, first?.outboxVersion ?? 0), true);
    assert.equal((await a.outbox.list(10)).length, 1);
  },
  'a report can carry hundreds of objects with live state': async (world) => {
    const { a } = world;
    const names = Array.from({ length: 120 }, (_, n) => `o${String(n).padStart(3, '0')}`);
    const { uid, report } = await prepared(
      world,
      names.map((name) => object(name)),
    );
    const noise = Array.from({ length: 1500 }, () => newId('status', 0)).join(' ');
    await report(
      1,
      names.map((name) => ({ ...applied(name), live: { noise, name } })),
    );
    const items = await a.inventory.details(uid);
    assert.deepEqual(
      items.map((item) => item.live?.name),
      names,
    );
  },
  'a finished Application is not announced for a report without event': async (world) => {
    const { a } = world;
    const { uid, run, report } = await prepared(world);
    assert.deepEqual((await report(1, [applied('x')]))?.messages, []);
    const again = await submit(world, a, 'web', 'one', { rerun: true });
    await finish(world, a, again.run);
    assert.notEqual(again.run, run);
    assert.equal(await a.applications.observation(uid), undefined);
    assert.equal((await a.audit.list({ limit: 1 })).items[0]?.actor.kind, 'system');
    await a.audit.note(operator, { action: 'x.y', subjectKind: 'x', subject: 'y' });
  },
};
