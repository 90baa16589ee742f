import assert from 'node:assert/strict';
import { newId } from '../../../db/ids.ts';
import { Fault } from '../../../engine/fault.ts';
import type { ClusterId } from '../../../engine/ids.ts';
import type { Cases } from './cases.ts';
import { makeCluster, operator, type World } from './world.ts';

const asked = (world: World, clusters: readonly ClusterId[], maxPending = 10) => ({
  id: newId('plan', world.clock.at),
  request: { app: 'x' },
  parts: clusters.map((cluster) => ({ cluster, request: { for: cluster } })),
  expiresAt: world.clock.at + 1000,
  maxPending,
});

export const planCases: Cases = {
  'a plan is ready when all of its clusters have answered, once each, until it expires': async (world) => {
    const { a, clock } = world;
    const east = (await makeCluster(world, a, 'east')).cluster.id;
    const west = (await makeCluster(world, a, 'west')).cluster.id;
    const plan = asked(world, [east, west]);
    await a.plans.create(operator, plan);
    const answer = { state: 'ready', result: { diff: [] } } as const;
    assert.equal((await a.plans.get(plan.id, clock.at))?.state, 'pending');
    assert.equal(await a.plans.finish(plan.id, east, answer), true);
    assert.equal(await a.plans.finish(plan.id, east, answer), false);
    assert.equal((await a.plans.get(plan.id, clock.at))?.state, 'pending');
    assert.equal(await a.plans.finish(plan.id, west, answer), true);
    const ready = await a.plans.get(plan.id, clock.at);
    assert.deepEqual([ready?.state, ready?.request], ['ready', { app: 'x' }]);
    assert.deepEqual(
      ready?.parts.find(({ cluster }) => cluster === east),
      {
        cluster: east,
        state: 'ready',
        request: { for: east },
        result: { diff: [] },
      },
    );
    assert.equal((await a.plans.get(plan.id, clock.at + 1000))?.state, 'expired');
  },
  'a plan has failed when one of its clusters has, and is ready at once without any': async (world) => {
    const { a, clock } = world;
    const { cluster } = await makeCluster(world, a, 'east');
    const other = (await makeCluster(world, a, 'west')).cluster.id;
    const plan = asked(world, [cluster.id, other]);
    await a.plans.create(operator, plan);
    await a.plans.finish(plan.id, cluster.id, { state: 'failed', result: {} });
    assert.equal((await a.plans.get(plan.id, clock.at))?.state, 'pending');
    await a.plans.finish(plan.id, other, { state: 'ready', result: {} });
    assert.equal((await a.plans.get(plan.id, clock.at))?.state, 'failed');
    const empty = asked(world, []);
    await a.plans.create(operator, empty);
    assert.equal((await a.plans.get(empty.id, clock.at))?.state, 'ready');
  },
  'a cluster is given what waits for it, and nothing that is over': async (world) => {
    const { a, clock } = world;
    const east = (await makeCluster(world, a, 'east')).cluster.id;
    const west = (await makeCluster(world, a, 'west')).cluster.id;
    const first = asked(world, [east]);
    await a.plans.create(operator, first);
    await a.plans.create(operator, asked(world, [west]));
    assert.deepEqual(await a.plans.forCluster(east, clock.at, 10), [
      { id: first.id, request: { for: east } },
    ]);
    assert.deepEqual(await a.plans.forCluster(east, clock.at, 0), []);
    assert.deepEqual(await a.plans.forCluster(east, clock.at + 1000, 10), []);
    clock.at += 1000;
    assert.equal(await a.plans.finish(first.id, east, { state: 'ready', result: {} }), false);
  },
  'no more plans wait than the tenant may have; expired and answered ones do not count': async (world) => {
    const { a, b, clock } = world;
    const { cluster } = await makeCluster(world, a, 'east');
    const theirs = (await makeCluster(world, b, 'east')).cluster.id;
    const limited = (error: unknown) => error instanceof Fault && error.code === 'rate.limited';
    const first = asked(world, [cluster.id], 2);
    await a.plans.create(operator, first);
    await a.plans.create(operator, asked(world, [cluster.id], 2));
    const third = asked(world, [cluster.id], 2);
    await assert.rejects(a.plans.create(operator, third), limited);
    assert.equal(await a.plans.get(third.id, clock.at), undefined);
    await b.plans.create(operator, asked(world, [theirs], 2));
    await a.plans.finish(first.id, cluster.id, { state: 'ready', result: {} });
    await a.plans.create(operator, third);
    clock.at += 1000;
    await a.plans.create(operator, asked(world, [cluster.id], 1));
  },
  "a plan asks nothing of another tenant's cluster": async (world) => {
    const { a, b, clock } = world;
    const theirs = (await makeCluster(world, b, 'east')).cluster.id;
    const plan = asked(world, [theirs]);
    await assert.rejects(a.plans.create(operator, plan));
    assert.equal(await a.plans.get(plan.id, clock.at), undefined);
    assert.deepEqual(await b.plans.forCluster(theirs, clock.at, 10), []);
  },
};
