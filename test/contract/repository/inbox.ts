import assert from 'node:assert/strict';
import { newId } from '../../../db/ids.ts';
import type { NewDelivery } from '../../../db/model/access.ts';
import type { TenantStore } from '../../../db/stores.ts';
import { Fault } from '../../../engine/fault.ts';
import type { ReceiverId } from '../../../engine/ids.ts';
import type { Cases } from './cases.ts';
import { operator, type World } from './world.ts';

const failsWith = (code: string) => (error: unknown) => error instanceof Fault && error.code === code;

const asked = {
  name: 'shop',
  kind: 'github',
  repository: 'https://example.test/shop.git',
  ref: 'refs/heads/main',
  path: 'apps/*.yaml',
  namespace: 'default',
} as const;

async function makeReceiver(store: TenantStore): Promise<ReceiverId> {
  return (await store.receivers.create(operator, newId('receiver', 0), asked, { webhook: 'hook secret' })).id;
}

const delivery = (world: World, receiver: ReceiverId, more: Partial<NewDelivery> = {}): NewDelivery => ({
  id: newId('delivery', world.clock.at),
  receiver,
  deliveryId: 'd1',
  event: 'push',
  bodyHash: 'b1',
  dedupeBody: false,
  payload: { ref: 'refs/heads/main' },
  ...more,
});

export const inboxCases: Cases = {
  'a receiver keeps its secret apart and is found by its id alone': async (world) => {
    const { a, stores } = world;
    const id = newId('receiver', 0);
    const made = await a.receivers.create(operator, id, asked, { webhook: 'hook', token: 'git token' });
    assert.equal(await stores.directory.receiver(id), a.id);
    assert.deepEqual(await a.receivers.get(id), made);
    assert.deepEqual(await a.receivers.byName('shop'), made);
    assert.deepEqual(await a.receivers.secret(id), { webhook: 'hook', token: 'git token' });
    assert(!JSON.stringify(made).includes('hook'));
    await assert.rejects(
      a.receivers.create(operator, newId('receiver', 1), asked, { webhook: 'x' }),
      failsWith('resource.conflict'),
    );
  },
  'a receiver changes under its resourceVersion, and keeps its secret where none is given': async (world) => {
    const { a } = world;
    const id = await makeReceiver(a);
    const receiver = { ...asked, ref: 'refs/heads/next' };
    const changed = await a.receivers.update(operator, id, { receiver, expectResourceVersion: 1 });
    assert.deepEqual([changed?.ref, changed?.resourceVersion], ['refs/heads/next', 2]);
    assert.deepEqual(await a.receivers.secret(id), { webhook: 'hook secret' });
    await assert.rejects(
      a.receivers.update(operator, id, { receiver, expectResourceVersion: 1 }),
      failsWith('request.precondition'),
    );
    await a.receivers.update(operator, id, { receiver, secret: { webhook: 'new' } });
    assert.deepEqual(await a.receivers.secret(id), { webhook: 'new' });
    await a.receivers.create(operator, newId('receiver', 1), { ...asked, name: 'other' }, { webhook: 'x' });
    await assert.rejects(
      a.receivers.update(operator, id, { receiver: { ...receiver, name: 'other' } }),
      failsWith('resource.conflict'),
    );
    assert.equal(await a.receivers.update(operator, newId('receiver', 2), { receiver }), undefined);
  },
  'a delivery is stored once for its id': async (world) => {
    const { a } = world;
    const receiver = await makeReceiver(a);
    const requests = [1, 2, 3].map(() => delivery(world, receiver));
    const stored = await Promise.all(requests.map((one) => a.deliveries.store(one)));
    assert.deepEqual(stored.map((one) => one?.outcome).toSorted(), ['duplicate', 'duplicate', 'stored']);
    assert.equal(new Set(stored.map((one) => one?.delivery)).size, 1);
    assert.deepEqual(stored.flatMap((one) => one?.messages ?? []).length, 1);
    assert.equal((await a.deliveries.list(receiver, { limit: 10 })).items.length, 1);
    assert.equal(await a.deliveries.store(delivery(world, newId('receiver', 9))), undefined);
  },
  'the same body is the same delivery for ten minutes, where asked': async (world) => {
    const { a, clock } = world;
    const receiver = await makeReceiver(a);
    const store = (deliveryId: string, dedupeBody: boolean) =>
      a.deliveries.store(delivery(world, receiver, { deliveryId, dedupeBody }));
    const first = await store('d1', true);
    assert.equal((await store('d2', true))?.delivery, first?.delivery);
    assert.equal((await store('d3', false))?.outcome, 'stored');
    clock.at += 600_000;
    assert.equal((await store('d4', true))?.outcome, 'stored');
  },
  'a delivery is worked on by one at a time, and finished by the newest attempt': async (world) => {
    const { a, clock } = world;
    const receiver = await makeReceiver(a);
    const stored = await a.deliveries.store(delivery(world, receiver));
    assert(stored !== undefined);
    const start = () => a.deliveries.start(stored.delivery, clock.at, 1000);
    const [one, two] = await Promise.all([start(), start()]);
    assert.equal([one, two].filter((taken) => taken !== undefined).length, 1);
    const first = one ?? two;
    assert.deepEqual(first?.payload, { ref: 'refs/heads/main' });
    assert.deepEqual(
      [first?.delivery.state, first?.delivery.attempt, first?.receiver.id],
      ['processing', 1, receiver],
    );
    clock.at += 1000;
    assert.equal((await start())?.delivery.attempt, 2);
    const run = newId('run', clock.at);
    assert.equal(await a.deliveries.finish(stored.delivery, 1, { state: 'failed' }), false);
    assert.equal(
      await a.deliveries.finish(stored.delivery, 2, { state: 'submitted', commit: 'c0ffee', runs: [run] }),
      true,
    );
    assert.equal(await start(), undefined);
    const done = await a.deliveries.get(stored.delivery);
    assert.deepEqual(
      [done?.state, done?.commit, done?.runs, done?.finishedAt],
      ['submitted', 'c0ffee', [run], clock.at],
    );
    assert.deepEqual(await a.outbox.list(10), []);
  },
  'a replay is a new row that points to the old one': async (world) => {
    const { a } = world;
    const receiver = await makeReceiver(a);
    const stored = await a.deliveries.store(delivery(world, receiver));
    assert(stored !== undefined);
    await a.deliveries.start(stored.delivery, world.clock.at, 1000);
    const problem = { code: 'git.unreachable', status: 502 };
    await a.deliveries.finish(stored.delivery, 1, { state: 'failed', problem });
    assert.deepEqual((await a.deliveries.get(stored.delivery))?.problem, problem);
    const id = newId('delivery', world.clock.at);
    const replay = await a.deliveries.replay(operator, stored.delivery, id);
    assert.deepEqual([replay?.delivery.replayOf, replay?.delivery.state], [stored.delivery, 'received']);
    assert.deepEqual(replay?.messages, [{ kind: 'delivery.process', tenant: a.id, subject: id }]);
    assert.deepEqual(await a.deliveries.payload(id), { ref: 'refs/heads/main' });
    assert.equal((await a.deliveries.store(delivery(world, receiver)))?.delivery, stored.delivery);
    assert.equal(await a.deliveries.replay(operator, newId('delivery', 0), newId('delivery', 1)), undefined);
  },
  'a deleted receiver takes its inbox with it': async (world) => {
    const { a, stores } = world;
    const receiver = await makeReceiver(a);
    const stored = await a.deliveries.store(delivery(world, receiver));
    assert(stored !== undefined);
    assert.equal(await a.receivers.delete(operator, receiver), true);
    assert.equal(await a.receivers.delete(operator, receiver), false);
    assert.equal(await stores.directory.receiver(receiver), undefined);
    assert.equal(await a.deliveries.get(stored.delivery), undefined);
    assert.deepEqual(await a.outbox.list(10), []);
  },
};
