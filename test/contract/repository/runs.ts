import assert from 'node:assert/strict';
import { sql } from 'drizzle-orm';
import { newId } from '../../../db/ids.ts';
import type { RunStep } from '../../../db/model/run.ts';
import { Fault } from '../../../engine/fault.ts';
import type { Cases } from './cases.ts';
import { begin, bundle, finish, finishing, makeCluster, object, operator, saving, submit } from './world.ts';

const conflict = (error: unknown) => error instanceof Fault && error.code === 'store.conflict';

const step = (name: string, more: Partial<RunStep> = {}): RunStep => ({
  step: name,
  placement: { cluster: 'east', namespace: 'default', replicaKey: '' },
  position: 0,
  type: 'apply-component',
  phase: 'running',
  reason: '',
  message: `message of ${name}`,
  attempt: 1,
  ...more,
});

export const runCases: Cases = {
  'a save stores state, steps, events and what watchers are told': async (world) => {
    const { a, clock } = world;
    const { run, uid } = await submit(world, a, 'web', 'one');
    const loaded = await begin(world, a, run);
    assert.deepEqual(
      loaded.events.map((event) => event.kind),
      ['submitted'],
    );
    const state = { phase: 'running', steps: { one: { text: 'ü', list: [1, null] } } };
    const placement = { cluster: 'west', namespace: 'x', replicaKey: 'k' };
    const steps = [
      step('one', { firstAt: 5, lastAt: 6 }),
      step('one', { placement, message: '', position: 1 }),
    ];
    const save = saving({
      state,
      steps,
      consumedTo: 1,
      progress: ['x', { y: 1 }],
      services: [{ name: 'web' }],
    });
    await a.runs.save(loaded, save, clock.at);
    const view = await a.runs.view(run);
    assert.deepEqual(view?.run.state, state);
    assert.deepEqual([view?.run.version, view?.run.startedAt, view?.run.dueAt], [1, clock.at, undefined]);
    assert.deepEqual(view?.steps, steps);
    const events = await a.events.ofApplication(uid, 1, 10);
    assert.deepEqual(
      events.map(({ kind, payload }) => [kind, payload]),
      [
        ['progress', 'x'],
        ['progress', { y: 1 }],
      ],
    );
    assert(events.every((event) => event.consumedAt === clock.at));
    const whole = await a.applications.view('default', 'web');
    assert.deepEqual([whole?.services, whole?.steps, whole?.run?.id], [[{ name: 'web' }], steps, run]);
  },
  'a later save changes the steps that it names and leaves the others': async (world) => {
    const { a, clock } = world;
    const { run } = await submit(world, a, 'web', 'one');
    const first = await begin(world, a, run);
    await a.runs.save(
      first,
      saving({ steps: [step('one'), step('two', { position: 1 })], dueAt: clock.at }),
      clock.at,
    );
    const second = await begin(world, a, run);
    await a.runs.save(
      second,
      saving({ steps: [step('one', { phase: 'succeeded', message: '' })] }),
      clock.at,
    );
    const steps = (await a.runs.view(run))?.steps ?? [];
    assert.deepEqual(
      steps.map(({ step: name, phase, message }) => [name, phase, message]),
      [
        ['one', 'succeeded', ''],
        ['two', 'running', 'message of two'],
      ],
    );
  },
  'an event that comes between load and save makes the run due at once, and its message stays': async (
    world,
  ) => {
    const { a, clock } = world;
    const { run } = await submit(world, a, 'web', 'one');
    const loaded = await begin(world, a, run);
    const told = await a.runs.tell(operator, run, { kind: 'command', payload: { command: 'suspend' } });
    assert.deepEqual(told?.messages, [{ kind: 'run.advance', tenant: a.id, subject: run }]);
    const consumedTo = loaded.events.at(-1)?.seq;
    const saved = await a.runs.save(loaded, saving({ consumedTo, dueAt: clock.at + 60_000 }), clock.at);
    assert.equal(saved.run.dueAt, clock.at);
    assert.deepEqual(saved.messages, told?.messages);
    assert.deepEqual(await a.outbox.list(10), told?.messages);
    const again = await begin(world, a, run);
    assert.deepEqual(
      again.events.map((event) => event.payload),
      [{ command: 'suspend' }],
    );
    await a.runs.save(again, saving({ consumedTo: again.events.at(-1)?.seq }), clock.at);
    assert.deepEqual(await a.outbox.list(10), []);
    assert.equal((await a.audit.list({ limit: 1 })).items[0]?.action, 'run.suspend');
  },
  'what a run is told while it finishes is void with it': async (world) => {
    const { a, clock, driver } = world;
    const { run } = await submit(world, a, 'web', 'one');
    const loaded = await begin(world, a, run);
    await a.runs.tell(operator, run, { kind: 'command', payload: { command: 'suspend' } });
    await a.runs.save(loaded, finishing({ consumedTo: 1 }), clock.at);
    assert.deepEqual(await driver.all(sql`SELECT seq FROM run_event WHERE consumed_at IS NULL`), []);
    assert.deepEqual(await a.outbox.list(10), []);
  },
  'a finished run is told nothing': async (world) => {
    const { a } = world;
    const { run } = await submit(world, a, 'web', 'one');
    await finish(world, a, run);
    assert.equal(await a.runs.tell(operator, run, { kind: 'timer', payload: null }), undefined);
    assert.equal(await a.runs.tell(operator, newId('run', 0), { kind: 'timer', payload: null }), undefined);
    assert.equal((await a.events.ofRun(run, 1, 10)).length, 0);
  },
  'commands at once are all kept, in one order': async (world) => {
    const { a } = world;
    const { run } = await submit(world, a, 'web', 'one');
    const told = await Promise.all(
      [1, 2, 3, 4, 5].map((n) =>
        a.runs.tell(operator, run, { kind: 'command', payload: { command: 'c', n } }),
      ),
    );
    assert.deepEqual(told.map((one) => one?.event.seq).toSorted(), [2, 3, 4, 5, 6]);
    const payloads = (await a.events.ofRun(run, 0, 10)).map((event) => event.payload);
    assert.equal(new Set(payloads.map((payload) => JSON.stringify(payload))).size, 6);
    for (const one of told) {
      const stored = payloads[(one?.event.seq ?? 0) - 1];
      assert.deepEqual(stored, one?.event.payload);
    }
  },
  'a journal entry is written once, by its key': async (world) => {
    const { a, clock } = world;
    const { run } = await submit(world, a, 'web', 'one');
    const { lease } = await begin(world, a, run);
    const entry = {
      step: 's',
      path: 'p',
      hash: 'h',
      attempt: 1,
      kind: 'http',
      result: { status: 200 },
      createdAt: 1,
    };
    await a.journal.append(lease, [entry, { ...entry, attempt: 2, result: null }], clock.at);
    await a.journal.append(lease, [{ ...entry, result: 'again' }], clock.at);
    assert.deepEqual(await a.journal.ofRun(run), [entry, { ...entry, attempt: 2, result: null }]);
    assert.deepEqual((await a.runs.load(lease, clock.at)).journal.length, 2);
  },
  'the journal of a finished run is packed into one blob and reads the same': async (world) => {
    const { a, driver, stores, clock } = world;
    const { run } = await submit(world, a, 'web', 'one');
    const loaded = await begin(world, a, run);
    const journal = [1, 2, 3].map((n) => {
      return { step: 's', path: `p${n}`, hash: 'h', attempt: 1, kind: 'k', result: { n }, createdAt: n };
    });
    assert.equal(await a.journal.pack(run), false);
    await a.runs.save(loaded, finishing({ journal, consumedTo: 1 }), clock.at);
    assert.deepEqual(await stores.work.unpackedRuns(10), [{ tenant: a.id, run }]);
    assert.equal(await a.journal.pack(run), true);
    assert.equal(await a.journal.pack(run), false);
    assert.deepEqual(await stores.work.unpackedRuns(10), []);
    assert.deepEqual(await driver.all(sql`SELECT * FROM journal`), []);
    assert.deepEqual(await a.journal.ofRun(run), journal);
  },
  'a finished run without journal needs no packing': async (world) => {
    const { a, stores } = world;
    const { run } = await submit(world, a, 'web', 'one');
    await finish(world, a, run);
    assert.deepEqual(await stores.work.unpackedRuns(10), []);
  },
  'each bundle follows the one before, which stays readable': async (world) => {
    const { a, clock } = world;
    const { cluster } = await makeCluster(world, a, 'east');
    const { run, uid } = await submit(world, a, 'web', 'one');
    const first = await begin(world, a, run);
    assert.deepEqual(
      first.targets.map((target) => [target.name, target.local]),
      [['east', true]],
    );
    const one = await bundle(a, cluster, 1, [object('x')]);
    const saved = await a.runs.save(first, saving({ bundles: [one], dueAt: clock.at }), clock.at);
    assert.deepEqual(saved.messages[0], { kind: 'agent.wake', tenant: a.id, subject: cluster.id });
    const second = await begin(world, a, run);
    assert.deepEqual(
      second.bundles.map((head) => head.sequence),
      [1],
    );
    const two = await bundle(a, cluster, 2, [object('y')]);
    await a.runs.save(second, saving({ bundles: [two] }), clock.at);
    const ref = { owner: a.id, id: cluster.id };
    const stored = await a.bundles.get(uid, ref);
    assert.deepEqual([stored?.sequence, stored?.envelope, stored?.epoch], [2, 'envelope 2', 2]);
    assert.deepEqual(stored?.previous, { sequence: 1, envelope: 'envelope 1', objects: one.objects });
    const [head] = await a.bundles.forCluster(cluster.id);
    assert.deepEqual([head?.tenant, head?.application, head?.sequence], [a.id, uid, 2]);
  },
  'a bundle that does not follow breaks the whole save': async (world) => {
    const { a, clock } = world;
    const { cluster } = await makeCluster(world, a, 'east');
    const { run, uid } = await submit(world, a, 'web', 'one');
    const loaded = await begin(world, a, run);
    const two = await bundle(a, cluster, 2, [object('x')]);
    await assert.rejects(
      a.runs.save(loaded, saving({ bundles: [two], steps: [step('one')] }), clock.at),
      conflict,
    );
    assert.deepEqual([await a.bundles.heads(uid), await a.inventory.list(uid)], [[], []]);
    const view = await a.runs.view(run);
    assert.deepEqual([view?.run.version, view?.steps], [0, []]);
  },
  'a bundle for a cluster without a grant breaks the whole save': async (world) => {
    const { a, b, clock } = world;
    const { cluster } = await makeCluster(world, b, 'theirs');
    const { run, uid } = await submit(world, a, 'web', 'one');
    const loaded = await begin(world, a, run);
    const put = await bundle(a, cluster, 1, [object('x')]);
    await assert.rejects(a.runs.save(loaded, saving({ bundles: [put] }), clock.at), conflict);
    assert.deepEqual(await a.bundles.heads(uid), []);
    assert.equal((await a.runs.get(run))?.version, 0);
  },
  'what a run finishes as is audited': async (world) => {
    const { a } = world;
    const { run } = await submit(world, a, 'web', 'one');
    await finish(world, a, run, { phase: 'failed' });
    const { items } = await a.audit.list({ limit: 1 });
    assert.deepEqual([items[0]?.action, items[0]?.detail.phase], ['run.finish', 'failed']);
  },
  'a state of several hundred kilobytes is kept': async (world) => {
    const { a, clock } = world;
    const { run } = await submit(world, a, 'web', 'one');
    const state = {
      steps: Array.from({ length: 3000 }, (_, n) => ({
        n,
        text: `${n * 7919}`.repeat(10),
        id: newId('plan', n),
      })),
    };
    await a.runs.save(await begin(world, a, run), saving({ state }), clock.at);
    assert.deepEqual((await a.runs.get(run))?.state, state);
  },
};
