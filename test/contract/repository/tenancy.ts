import assert from 'node:assert/strict';
import { sql } from 'drizzle-orm';
import type { Driver } from '../../../db/drivers/driver.ts';
import { newId } from '../../../db/ids.ts';
import { hashToken } from '../../../db/keys.ts';
import { tables, tenantTables } from '../../../db/schema/tables.ts';
import type { TenantStore } from '../../../db/stores.ts';
import { Fault } from '../../../engine/fault.ts';
import type { Cases } from './cases.ts';
import type { Keys } from './methods.ts';
import { allMethods, callsWith } from './methods.ts';
import {
  begin,
  clear,
  delivered,
  dump,
  makeCluster,
  object,
  operator,
  saving,
  submit,
  type World,
} from './world.ts';

const twin = { kind: 'github', repository: 'u', ref: 'r', path: 'p', namespace: 'n' } as const;

/** A tenant with a row of every kind, and what names them. */
async function furnish(world: World, store: TenantStore): Promise<Keys> {
  const { clock } = world;
  const { cluster, agent, token } = await makeCluster(world, store, 'east');
  const { uid, run: done, status } = await delivered(world, store, cluster);
  const { run } = await submit(world, store, 'web', 'two', { labels: { team: 'x' } });
  const loaded = await begin(world, store, run);
  const placement = { cluster: 'east', namespace: 'default', replicaKey: '' };
  const step = {
    step: 's',
    placement,
    position: 0,
    type: 't',
    phase: 'running',
    reason: '',
    message: 'm',
    attempt: 1,
  } as const;
  const entry = { step: 's', path: 'p', hash: 'h', attempt: 1, kind: 'k', result: 1, createdAt: 1 };
  await store.runs.save(
    loaded,
    saving({ steps: [step], journal: [entry], release: false, consumedTo: 9 }),
    clock.at,
  );
  const definition = { kind: 'trait', namespace: 'x', name: 'mine' } as const;
  await store.definitions.put(operator, { ...definition, format: 'cue', source: 's', contentHash: 'h' });
  const { key } = await store.keys.create(operator, {
    id: newId('key', 0),
    name: 'k',
    subject: { kind: 'user', id: 'u', roles: [] },
    scopes: [],
  });
  const receiver = newId('receiver', 0);
  const git = { name: 'r', kind: 'github', repository: 'u', ref: 'r', path: 'p', namespace: 'n' } as const;
  await store.receivers.create(operator, receiver, git, { webhook: 'w' });
  const delivery = newId('delivery', 0);
  const inbox = { deliveryId: 'd', event: 'e', bodyHash: 'h', dedupeBody: true, payload: 'p' };
  await store.deliveries.store({ id: delivery, receiver, ...inbox });
  await store.deliveries.start(delivery, clock.at, 1000);
  const plan = newId('plan', 0);
  const parts = [{ cluster: cluster.id, request: {} }];
  const expiresAt = clock.at + 1000;
  await store.plans.create(operator, { id: plan, request: {}, parts, expiresAt, maxPending: 10 });
  const start = await store.idempotency.begin('key', 'hash', clock.at);
  assert(start.outcome === 'begun');
  const blob = (await store.runs.renderings(done))[0]?.objects;
  assert(blob !== undefined);
  return {
    uid,
    run,
    done,
    lease: loaded.lease,
    loaded: await store.runs.load(loaded.lease, clock.at),
    status: status as Keys['status'],
    cluster: { owner: store.id, id: cluster.id },
    agent,
    tokenHash: await hashToken(token),
    definition,
    key: key.id,
    receiver,
    delivery,
    plan,
    claim: start.claim,
    blob,
    object: object('one').ref,
    now: clock.at,
  };
}

/** All rows that name a tenant, as text. */
async function rowsOf(driver: Driver, { id }: TenantStore): Promise<string> {
  const own = Object.entries(await dump(driver, tables)).map(([table, text]) => {
    const rows: string[] = JSON.parse(text);
    return [table, rows.filter((row) => row.includes(id))];
  });
  return JSON.stringify(own);
}

/** What a method may say of rows that aren't the tenant's: nothing, or that they are not there. */
function saysNothing(answer: unknown): boolean {
  if (answer === undefined || answer === null || answer === false || answer === 0) return true;
  return Array.isArray(answer) ? answer.length === 0 : JSON.stringify(answer) === '{"items":[]}';
}

const refusals = new Set([
  'lease.lost',
  'resource.not_found',
  'resource.conflict',
  'store.conflict',
  'request.precondition',
]);

export const tenancyCases: Cases = {
  'no method of one tenant’s store answers for, or changes, what another’s ids name': async (world) => {
    const { a, driver, stores, clock } = world;
    const keys = await furnish(world, a);
    const stranger = newId('tenant', clock.at);
    await stores.createTenant(operator, { id: stranger, name: 'stranger' });
    const mine = () => rowsOf(driver, a);
    const before = await mine();
    const store = stores.of(stranger);
    const calls = callsWith(store, keys);
    assert.deepEqual(Object.keys(calls).toSorted(), allMethods(store), 'a method without a call here');
    for (const [method, { call, creates }] of Object.entries(calls)) {
      const answer = await call().catch((error: unknown) => {
        assert(error instanceof Fault && refusals.has(error.code), `${method}: ${String(error)}`);
        return undefined;
      });
      if (creates !== true) assert(saysNothing(answer), `${method} answered ${JSON.stringify(answer)}`);
      assert.equal(await mine(), before, `${method} changed a row of the other tenant`);
    }
  },
  'every method finds its own rows by the same calls': async (world) => {
    // the case above proves nothing if its calls would find nothing anywhere
    const { a } = world;
    const keys = await furnish(world, a);
    const reading = [
      'get',
      'byUid',
      'view',
      'viewByUid',
      'ofRun',
      'ofApplication',
      'ofCluster',
      'list',
      'details',
      'heads',
      'forCluster',
      'payload',
      'secret',
      'renderings',
      'byId',
      'byName',
      'getJson',
      'versions',
      'versionsOf',
      'byContentHash',
      'registry',
    ];
    for (const [method, { call }] of Object.entries(callsWith(a, keys))) {
      if (!reading.includes(method.split('.')[1] ?? '')) continue;
      assert(!saysNothing(await call()), `${method} finds nothing`);
    }
  },
  'nothing that a tenant does reaches a tenant whose things have the same names': async (world) => {
    const { a, b, driver, clock } = world;
    await furnish(world, a);
    const waits = await submit(world, a, 'waits', 'one');
    await a.runs.save(
      await begin(world, a, waits.run),
      saving({ phase: 'waiting', consumedTo: 9 }),
      clock.at,
    );
    const keys = await furnish(world, b);
    const before = await rowsOf(driver, a);
    const unchanged = async (what: string) => assert.equal(await rowsOf(driver, a), before, what);
    await submit(world, b, 'web', 'three', { labels: { team: 'y' } });
    await unchanged('submit');
    await makeCluster(world, b, 'east');
    await unchanged('accept');
    const calls = callsWith(b, keys);
    // what ends things comes last
    const ends = /revoke|delete|abandon|requestDeletion/i;
    const order = Object.keys(calls).toSorted((x, y) => Number(ends.test(x)) - Number(ends.test(y)));
    for (const method of order) {
      await calls[method]?.call().catch((error: unknown) => assert(error instanceof Fault, String(error)));
      await unchanged(method);
    }
    const agents = await b.agents.ofCluster(keys.cluster.id);
    assert(agents.length > 0 && agents.every((agent) => agent.state === 'revoked'));
    const { run } = await submit(world, b, 'gone', 'one');
    await b.runs.tell(operator, run, { kind: 'command', payload: { command: 'x' } });
    await unchanged('tell');
    const receiver = await b.receivers.create(
      operator,
      newId('receiver', 0),
      { ...twin, name: 'r' },
      { webhook: 'w' },
    );
    await b.receivers.update(operator, receiver.id, { receiver: { ...twin, name: 'r', ref: 'next' } });
    assert.equal((await b.receivers.get(receiver.id))?.ref, 'next');
    await unchanged('receivers');
  },
  'a tenant that does not exist has nothing': async (world) => {
    const { stores, clock } = world;
    const nobody = stores.of(newId('tenant', 0));
    assert.equal(await nobody.tenant.get(), undefined);
    assert.equal(await nobody.applications.get('default', 'web'), undefined);
    const gone = (error: unknown) => error instanceof Fault && error.code === 'resource.not_found';
    await assert.rejects(submit({ ...world, clock }, nobody, 'web', 'one'), gone);
  },
  'a row of one tenant that names another’s cannot be written': async (world) => {
    const { a, b, driver } = world;
    const mine = await furnish(world, a);
    await furnish(world, b);
    const violates = (error: unknown) => error instanceof Fault && error.code === 'store.conflict';
    const moved = [
      sql`UPDATE run SET tenant = ${b.id} WHERE tenant = ${a.id} AND id = ${mine.run}`,
      sql`UPDATE revision SET tenant = ${b.id} WHERE tenant = ${a.id} AND number = 1`,
      sql`UPDATE run_event SET tenant = ${b.id} WHERE tenant = ${a.id}`,
      sql`UPDATE run_step SET tenant = ${b.id} WHERE tenant = ${a.id}`,
      sql`UPDATE journal SET tenant = ${b.id} WHERE tenant = ${a.id}`,
      sql`UPDATE rendering SET tenant = ${b.id} WHERE tenant = ${a.id}`,
      sql`UPDATE status SET tenant = ${b.id} WHERE tenant = ${a.id}`,
      sql`UPDATE application_label SET tenant = ${b.id} WHERE tenant = ${a.id}`,
      sql`UPDATE agent SET tenant = ${b.id} WHERE tenant = ${a.id}`,
      sql`UPDATE enrolment SET tenant = ${b.id} WHERE tenant = ${a.id}`,
      sql`UPDATE bundle SET tenant = ${b.id} WHERE tenant = ${a.id}`,
      sql`UPDATE inventory SET tenant = ${b.id} WHERE tenant = ${a.id}`,
      sql`UPDATE delivery SET tenant = ${b.id} WHERE tenant = ${a.id}`,
      sql`UPDATE blob_chunk SET tenant = ${b.id} WHERE tenant = ${a.id}`,
      sql`UPDATE grant_namespace SET tenant = ${b.id} WHERE tenant = ${a.id}`,
      sql`UPDATE cluster_grant SET cluster = (SELECT id FROM cluster WHERE tenant = ${b.id}) WHERE tenant = ${a.id}`,
    ];
    for (const statement of moved) await assert.rejects(driver.batch([statement]), violates);
  },
  'a tenant’s end takes every row of it and none of another': async (world) => {
    const { a, b, driver } = world;
    await furnish(world, a);
    await furnish(world, b);
    await driver.batch(clear(a.id));
    const rest = await dump(driver, tables);
    assert(!JSON.stringify(rest).includes(a.id));
    const empty = Object.entries(rest).filter(([, text]) => text === '[]');
    assert.deepEqual(empty.map(([table]) => table).toSorted(), ['approval', 'write_assert']);
    assert.equal(tenantTables.length, tables.length - 1);
  },
};
