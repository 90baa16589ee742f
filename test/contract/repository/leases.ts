import assert from 'node:assert/strict';
import type { LeaseRequest } from '../../../db/model/run.ts';
import type { TenantStore } from '../../../db/stores.ts';
import { Fault } from '../../../engine/fault.ts';
import type { RunId } from '../../../engine/ids.ts';
import type { Cases } from './cases.ts';
import { begin, finish, finishing, saving, submit, type World } from './world.ts';

const lost = (error: unknown) => error instanceof Fault && error.code === 'lease.lost';

function lease(world: World, store: TenantStore, run: RunId, more: Partial<LeaseRequest> = {}) {
  return store.runs.lease({
    run,
    owner: 'w',
    now: world.clock.at,
    ttlMs: 10_000,
    perTenantCap: 100,
    ...more,
  });
}

export const leaseCases: Cases = {
  'of many workers at once one gets the lease': async (world) => {
    const { a } = world;
    const { run } = await submit(world, a, 'web', 'one');
    const owners = ['w1', 'w2', 'w3', 'w4'];
    const leases = await Promise.all(owners.map((owner) => lease(world, a, run, { owner })));
    assert.equal(leases.filter((one) => one !== undefined).length, 1);
  },
  'a lease ends by the clock, and the next one has a higher epoch': async (world) => {
    const { a, clock } = world;
    const { run } = await submit(world, a, 'web', 'one');
    const first = await lease(world, a, run);
    assert.deepEqual([first?.epoch, first?.attempt], [1, 1]);
    clock.at += 9_999;
    assert.equal(await lease(world, a, run, { owner: 'other' }), undefined);
    clock.at += 1;
    const second = await lease(world, a, run, { owner: 'other' });
    assert.deepEqual([second?.epoch, second?.attempt], [2, 2]);
  },
  'whatever a worker with an older epoch still writes is refused': async (world) => {
    const { a, clock } = world;
    const { run } = await submit(world, a, 'web', 'one');
    const stale = await begin(world, a, run, 'slow');
    clock.at += 30_000;
    const fresh = await begin(world, a, run, 'fast');
    const entry = {
      step: 's',
      path: 'p',
      hash: 'h',
      attempt: 1,
      kind: 'http',
      result: 1,
      createdAt: clock.at,
    };
    await assert.rejects(a.runs.save(stale, saving(), clock.at), lost);
    await assert.rejects(a.runs.renew(stale.lease, clock.at, 1000), lost);
    await assert.rejects(a.runs.load(stale.lease, clock.at), lost);
    await assert.rejects(a.journal.append(stale.lease, [entry], clock.at), lost);
    await a.runs.release(stale.lease, clock.at + 99_000);
    const { run: saved } = await a.runs.save(fresh, saving({ consumedTo: 1, dueAt: clock.at + 5 }), clock.at);
    assert.deepEqual([saved.version, saved.dueAt], [1, clock.at + 5]);
    assert.deepEqual(await a.journal.ofRun(run), []);
  },
  'the same owner cannot use the lease of its own past': async (world) => {
    const { a, clock } = world;
    const { run } = await submit(world, a, 'web', 'one');
    const stale = await begin(world, a, run, 'w');
    clock.at += 30_000;
    await begin(world, a, run, 'w');
    await assert.rejects(a.runs.save(stale, saving(), clock.at), lost);
  },
  'a lease that is over saves nothing, even where nobody took it': async (world) => {
    const { a, clock } = world;
    const { run } = await submit(world, a, 'web', 'one');
    const loaded = await begin(world, a, run);
    clock.at += 30_000;
    await assert.rejects(a.runs.save(loaded, saving(), clock.at), lost);
  },
  'a renewed lease lasts on': async (world) => {
    const { a, clock } = world;
    const { run } = await submit(world, a, 'web', 'one');
    const loaded = await begin(world, a, run);
    clock.at += 29_000;
    const renewed = await a.runs.renew(loaded.lease, clock.at, 30_000);
    clock.at += 29_000;
    await a.runs.save({ ...loaded, lease: renewed }, saving(), clock.at);
  },
  'a load is saved once': async (world) => {
    const { a, clock } = world;
    const { run } = await submit(world, a, 'web', 'one');
    const loaded = await begin(world, a, run);
    await a.runs.save(loaded, saving({ release: false }), clock.at);
    await assert.rejects(a.runs.save(loaded, saving({ release: false }), clock.at), lost);
  },
  'a released run is put off as asked': async (world) => {
    const { a, clock } = world;
    const { run } = await submit(world, a, 'web', 'one');
    const first = await begin(world, a, run);
    await a.runs.release(first.lease, clock.at + 20_000);
    assert.equal(await lease(world, a, run), undefined);
    assert.deepEqual(await world.stores.work.takeOverdue(clock.at + 10_000, 10, 1000), []);
    clock.at += 20_000;
    assert.equal((await lease(world, a, run))?.attempt, 2);
  },
  'a run that is not due, or finished, is not leased': async (world) => {
    const { a, clock } = world;
    const { run } = await submit(world, a, 'web', 'one');
    const loaded = await begin(world, a, run);
    await a.runs.save(loaded, saving({ consumedTo: 1, dueAt: clock.at + 60_000 }), clock.at);
    assert.equal(await lease(world, a, run), undefined);
    clock.at += 60_000;
    await finish(world, a, run);
    assert.equal(await lease(world, a, run), undefined);
  },
  'an older run goes before a newer one of its Application': async (world) => {
    const { a } = world;
    const first = await submit(world, a, 'web', 'one');
    const second = await submit(world, a, 'web', 'two');
    assert.equal(await lease(world, a, second.run), undefined);
    await finish(world, a, first.run, { phase: 'superseded' });
    assert.notEqual(await lease(world, a, second.run), undefined);
  },
  'an older run that fails again and again keeps no newer one waiting': async (world) => {
    const { a, clock } = world;
    const first = await submit(world, a, 'web', 'one');
    const second = await submit(world, a, 'web', 'two');
    for (let n = 1; n <= 5; n++) {
      assert.equal(await lease(world, a, second.run), undefined);
      const { lease: held } = await begin(world, a, first.run);
      assert.equal(held.attempt, n);
      await a.runs.release(held, clock.at);
    }
    assert.notEqual(await lease(world, a, second.run), undefined);
  },
  'a tenant at its cap gets no further lease, others do': async (world) => {
    const { a, b } = world;
    const runs = [];
    for (const name of ['x', 'y', 'z']) runs.push((await submit(world, a, name, 'one')).run);
    const other = await submit(world, b, 'x', 'one');
    const taken = [];
    for (const run of runs) taken.push(await lease(world, a, run, { perTenantCap: 2 }));
    assert.deepEqual(
      taken.map((one) => one !== undefined),
      [true, true, false],
    );
    assert.notEqual(await lease(world, b, other.run, { perTenantCap: 2 }), undefined);
  },
  'a save may keep the lease for the next advance': async (world) => {
    const { a, clock } = world;
    const { run } = await submit(world, a, 'web', 'one');
    const loaded = await begin(world, a, run);
    await a.runs.save(loaded, saving({ release: false, consumedTo: 1 }), clock.at);
    const again = await a.runs.load(loaded.lease, clock.at);
    assert.deepEqual([again.run.version, again.events], [1, []]);
    await a.runs.save(again, finishing(), clock.at);
    assert.equal((await a.runs.get(run))?.finishedAt, clock.at);
  },
};
