import assert from 'node:assert/strict';
import { sql } from 'drizzle-orm';
import { newId } from '../../../db/ids.ts';
import { hashToken } from '../../../db/keys.ts';
import type { Cases } from './cases.ts';
import {
  begin,
  delivered,
  finish,
  makeCluster,
  makeTenant,
  object,
  operator,
  saving,
  submit,
  type World,
} from './world.ts';

const day = 24 * 60 * 60_000;

function claim(world: World, limit: number, perTenantCap: number, owner = 'w') {
  return world.stores.work.claimDueRuns({ owner, now: world.clock.at, ttlMs: 30_000, limit, perTenantCap });
}

export const workCases: Cases = {
  'a tenant with many due runs does not keep others waiting': async (world) => {
    const { a, stores, clock } = world;
    for (let n = 0; n < 20; n++) await submit(world, a, `hog-${n}`, 'one');
    clock.at += 1000;
    const small = [];
    for (const name of ['x', 'y', 'z']) {
      const tenant = await makeTenant(world, name);
      await submit(world, tenant, 'web', 'one');
      small.push(tenant.id);
    }
    const due = await stores.work.dueRuns(clock.at, 6, 5);
    assert.equal(due.length, 6);
    assert.deepEqual(
      due
        .slice(0, 4)
        .map((one) => one.tenant)
        .toSorted(),
      [a.id, ...small].toSorted(),
    );
    assert.equal(due[0]?.tenant, a.id);
    const claimed = await claim(world, 100, 5);
    const count = (tenant: string) => claimed.filter((lease) => lease.tenant === tenant).length;
    assert.equal(count(a.id), 5);
    for (const tenant of small) assert.equal(count(tenant), 1);
    assert.deepEqual(await claim(world, 100, 5), []);
    assert.equal((await claim(world, 100, 7)).length, 2);
  },
  'two workers that claim at once get different runs': async (world) => {
    const { a } = world;
    for (let n = 0; n < 8; n++) await submit(world, a, `web-${n}`, 'one');
    const claims = await Promise.all([claim(world, 5, 100, 'w1'), claim(world, 5, 100, 'w2')]);
    const runs = claims.flat().map((lease) => lease.run);
    assert.equal(new Set(runs).size, runs.length);
    runs.push(...(await claim(world, 5, 100, 'w3')).map((lease) => lease.run));
    assert.equal(new Set(runs).size, 8);
  },
  'the longest waiting run of a tenant comes first, and only what is due': async (world) => {
    const { a, clock, stores } = world;
    const runs = [];
    for (const name of ['x', 'y', 'z']) {
      clock.at += 10;
      runs.push((await submit(world, a, name, 'one')).run);
    }
    const loaded = await begin(world, a, runs[1] ?? newId('run', 0));
    await a.runs.save(loaded, saving({ consumedTo: 1, dueAt: clock.at + 1 }), clock.at);
    const due = await stores.work.dueRuns(clock.at, 10, 10);
    assert.deepEqual(
      due.map((one) => one.run),
      [runs[0], runs[2]],
    );
    clock.at += 1;
    const later = await stores.work.dueRuns(clock.at, 10, 10);
    assert.deepEqual(
      later.map((one) => one.run),
      [runs[0], runs[2], runs[1]],
    );
  },
  'of an Application with two unfinished runs the older one is claimed': async (world) => {
    const { a } = world;
    const first = await submit(world, a, 'web', 'one');
    const second = await submit(world, a, 'web', 'two');
    assert.deepEqual(
      (await claim(world, 10, 10)).map((lease) => lease.run),
      [first.run],
    );
    world.clock.at += 30_000;
    await finish(world, a, first.run);
    assert.deepEqual(
      (await claim(world, 10, 10)).map((lease) => lease.run),
      [second.run],
    );
  },
  'a message waits for whoever wrote it, then is sent again and again, later each time, until its work is done':
    async (world) => {
      const { a, stores, clock } = world;
      const { run } = await submit(world, a, 'web', 'one');
      const message = { kind: 'run.advance', tenant: a.id, subject: run };
      const overdue = () => stores.work.takeOverdue(clock.at, 10, 1000);
      assert.deepEqual(await overdue(), []);
      clock.at += 5_000;
      assert.deepEqual(await overdue(), [message]);
      assert.deepEqual(await overdue(), []);
      clock.at += 1_000;
      assert.deepEqual(await overdue(), [message]);
      clock.at += 1_000;
      assert.deepEqual(await overdue(), []);
      clock.at += 1_000;
      assert.deepEqual(await overdue(), [message]);
      await finish(world, a, run);
      clock.at += day;
      assert.deepEqual(await overdue(), []);
      assert.deepEqual(await a.outbox.list(10), []);
    },
  'two sweeps at once send no message twice': async (world) => {
    const { a, stores, clock } = world;
    for (let n = 0; n < 6; n++) await submit(world, a, `web-${n}`, 'one');
    clock.at += 5_000;
    const sweeps = await Promise.all([1, 2, 3].map(() => stores.work.takeOverdue(clock.at, 4, 1000)));
    const subjects = sweeps.flat().map((message) => message.subject);
    assert.equal(new Set(subjects).size, subjects.length);
    assert.equal(subjects.length, 6);
  },
  'tenants with unsealed audit rows are found': async (world) => {
    const { a, b, stores } = world;
    assert.deepEqual((await stores.work.unsealedTenants(10)).toSorted(), [a.id, b.id].toSorted());
    await a.audit.seal(100);
    assert.deepEqual(await stores.work.unsealedTenants(10), [b.id]);
  },
  'a cluster with bundles is silent when it was not heard since': async (world) => {
    const { a, stores, clock } = world;
    const { cluster, agent } = await makeCluster(world, a, 'east');
    await makeCluster(world, a, 'empty');
    await delivered(world, a, cluster);
    clock.at += 300_000;
    const silent = await stores.work.silentClusters(clock.at - 1000, 10);
    assert.deepEqual(
      silent.map((one) => [one.tenant, one.cluster.name]),
      [[a.id, 'east']],
    );
    await a.agents.seen(agent, clock.at, {});
    assert.deepEqual(await stores.work.silentClusters(clock.at - 1000, 10), []);
  },
  'what is past its time goes, and nothing else': async (world) => {
    const { a, driver, stores, clock } = world;
    const { cluster } = await makeCluster(world, a, 'east');
    const kept = await delivered(world, a, cluster);
    const gone = await submit(world, a, 'old', 'one');
    const run = newId('run', clock.at);
    await finish(world, a, gone.run);
    await a.applications.requestDeletion(operator, { namespace: 'default', name: 'old', run });
    await finish(world, a, run, { remove: true });
    await a.idempotency.begin('key', 'hash', clock.at);
    const parts = [{ cluster: cluster.id, request: {} }];
    const expiresAt = clock.at + 600_000;
    await a.plans.create(operator, {
      id: newId('plan', clock.at),
      request: {},
      parts,
      expiresAt,
      maxPending: 1,
    });
    const token = await hashToken('unused');
    await a.clusters.invite(operator, {
      id: newId('cluster', 0),
      name: 'new',
      tokenHash: token,
      expiresAt: clock.at,
    });
    const orphan = await a.blobs.putJson('nobody names me');
    const named = (await a.runs.renderings(kept.run))[0]?.objects;
    assert(named !== undefined);
    assert.deepEqual(
      Object.values(await stores.work.expire(clock.at, 100)).filter((n) => n > 0),
      [],
    );
    clock.at += 31 * day;
    const counts = await stores.work.expire(clock.at, 100);
    // token of east and the unused one; status of the removed Application
    assert.deepEqual(counts, {
      run_event: 3,
      delivery: 0,
      plan: 1,
      idempotency: 1,
      directory: 3,
      enrolment: 2,
      application: 1,
      outbox: 0,
      blob: 1,
    });
    assert.equal(await a.blobs.get(orphan), undefined);
    assert.notEqual(await a.blobs.get(named), undefined);
    assert.equal(await stores.directory.enrolment(token), undefined);
    assert.equal(await a.runs.get(gone.run), undefined);
    assert.notEqual(await a.runs.get(kept.run), undefined);
    assert.deepEqual(await driver.all(sql`SELECT * FROM run_event`), []);
    assert.equal((await a.audit.verify()).outcome, 'intact');
    await submit(world, a, 'web', 'two');
    assert.equal((await a.events.ofApplication(kept.uid, 0, 10))[0]?.seq, 2);
  },
  'what is still named outlives any number of small sweeps': async (world) => {
    const { a, stores, clock } = world;
    const { cluster } = await makeCluster(world, a, 'east');
    const named = [];
    for (const name of ['x', 'y', 'z']) {
      clock.at += 1;
      const { run } = await delivered(world, a, cluster, { name, objects: [object(name)] });
      named.push(...(await a.runs.renderings(run)).map((rendering) => rendering.objects));
      await a.blobs.putJson(`orphan of ${name}`);
    }
    clock.at += 2 * day;
    let gone = 0;
    for (let sweep = 0; sweep < 10; sweep++) gone += (await stores.work.expire(clock.at, 1)).blob ?? 0;
    assert.equal(gone, 3);
    for (const address of named) assert.notEqual(await a.blobs.get(address), undefined);
  },
};
