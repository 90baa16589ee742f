import assert from 'node:assert/strict';
import { type SQL, sql } from 'drizzle-orm';
import { newId } from '../../../db/ids.ts';
import { openStores } from '../../../db/open.ts';
import { tables } from '../../../db/schema/tables.ts';
import { Fault } from '../../../engine/fault.ts';
import type { Cases } from './cases.ts';
import {
  asked,
  begin,
  bundle,
  dump,
  finishing,
  makeCluster,
  object,
  operator,
  saving,
  submit,
} from './world.ts';

const unreadable = (error: unknown) => error instanceof Fault && error.code === 'store.unreadable';

export const sealingCases: Cases = {
  'no text that a tenant entrusts stands in any row': async (world) => {
    const { a, driver, clock } = world;
    const { cluster } = await makeCluster(world, a, 'east');
    const canary = (of: string) => `canary-${of}`;
    const application = asked(world, 'web', 'one', {
      spec: { secret: canary('spec') },
      annotations: { note: canary('annotation') },
      extra: canary('extra'),
    });
    const start = await a.idempotency.begin(canary('idempotency-key'), 'h', clock.at);
    assert(start.outcome === 'begun');
    await a.applications.submit(operator, {
      applications: [application],
      definitions: [
        {
          kind: 'trait',
          namespace: 'x',
          name: 'x',
          format: 'cue',
          source: canary('definition'),
          contentHash: 'h',
        },
      ],
      idempotency: {
        claim: start.claim,
        respond: () => ({ status: 1, headers: {}, body: canary('response') }),
      },
    });
    await a.runs.tell(operator, application.run, {
      kind: 'command',
      payload: { command: 'c', note: canary('event') },
    });
    const loaded = await begin(world, a, application.run);
    const put = { ...(await bundle(a, cluster, 1, [object('x')])), envelope: canary('envelope') };
    const objects = await a.blobs.putJson({ data: canary('blob') });
    const placement = { cluster: 'east', namespace: 'x', replicaKey: '' };
    const step = {
      step: 's',
      placement,
      position: 0,
      type: 't',
      phase: 'failed',
      reason: 'r',
      attempt: 1,
    } as const;
    const entry = {
      step: 's',
      path: 'p',
      hash: 'h',
      attempt: 1,
      kind: 'k',
      result: canary('journal'),
      createdAt: 1,
    };
    await a.runs.save(
      loaded,
      finishing({
        state: canary('state'),
        steps: [{ ...step, message: canary('step') }],
        progress: [canary('progress')],
        journal: [entry],
        renderings: [{ placement, objects, count: 1 }],
        bundles: [put],
        services: canary('services'),
        consumedTo: 9,
      }),
      clock.at,
    );
    await a.journal.pack(application.run);
    const drift = { manager: canary('manager'), fields: [canary('field')], deleted: false, at: 1 };
    const reported = {
      ref: object('x').ref,
      outcome: 'refused',
      message: canary('message'),
      health: 'degraded',
    } as const;
    await a.inventory.report({
      application: application.uid,
      cluster: put.cluster,
      sequence: 1,
      complete: true,
      objects: [{ ...reported, healthMessage: canary('health'), drift, live: { data: canary('live') } }],
      event: { note: canary('report') },
    });
    const receiver = newId('receiver', 0);
    const git = { name: 'r', kind: 'github', repository: 'u', ref: 'r', path: 'p', namespace: 'n' } as const;
    await a.receivers.create(operator, receiver, git, { webhook: canary('webhook'), token: canary('token') });
    const delivery = newId('delivery', 0);
    const body = {
      deliveryId: 'd',
      event: 'e',
      bodyHash: 'h',
      dedupeBody: false,
      payload: canary('payload'),
    };
    await a.deliveries.store({ id: delivery, receiver, ...body });
    await a.deliveries.start(delivery, clock.at, 1);
    await a.deliveries.finish(delivery, 1, { state: 'failed', problem: { detail: canary('problem') } });
    const plan = newId('plan', 0);
    await a.plans.create(operator, {
      id: plan,
      request: canary('plan'),
      parts: [{ cluster: cluster.id, request: canary('part') }],
      expiresAt: clock.at + 9,
      maxPending: 1,
    });
    const answer = { state: 'ready', result: canary('result') } as const;
    assert.equal(await a.plans.finish(plan, cluster.id, answer), true);
    const stored = await dump(driver, tables);
    for (const [table, text] of Object.entries(stored)) assert.doesNotMatch(text, /canary|Y2FuYXJ5/, table);
    assert.deepEqual((await a.applications.get('default', 'web'))?.spec, { secret: canary('spec') });
  },
  'a sealed value opens only in the row, the column and for the tenant it was made for': async (world) => {
    const { a, b, driver } = world;
    const one = await submit(world, a, 'one', 'x');
    const two = await submit(world, a, 'two', 'y');
    const three = await submit(world, b, 'one', 'z');
    const content = (tenant: string, uid: string) =>
      sql`(SELECT o.content FROM revision o WHERE o.tenant = ${tenant} AND o.application = ${uid} AND o.number = 1)`;
    const put = (value: SQL) =>
      driver.batch([
        sql`UPDATE revision SET content = ${value} WHERE tenant = ${a.id} AND application = ${one.uid}`,
      ]);
    const before = (await driver.all(sql`SELECT ${content(a.id, one.uid)} AS content`))[0]?.content;
    await put(content(a.id, two.uid));
    await assert.rejects(a.applications.get('default', 'one'), unreadable);
    await put(content(b.id, three.uid));
    await assert.rejects(a.applications.get('default', 'one'), unreadable);
    await put(sql`(SELECT metadata FROM application WHERE tenant = ${a.id} AND uid = ${one.uid})`);
    await assert.rejects(a.applications.get('default', 'one'), unreadable);
    await put(sql`${before}`);
    assert.equal((await a.applications.get('default', 'one'))?.uid, one.uid);
  },
  'another root key opens nothing, the former one does': async (world) => {
    const { a, driver, clock } = world;
    await submit(world, a, 'web', 'one');
    const fresh = new Uint8Array(32).fill(9);
    const strange = openStores(driver, { dataKey: fresh, clock });
    await assert.rejects(strange.of(a.id).applications.get('default', 'web'), unreadable);
    const rotated = openStores(driver, {
      dataKey: fresh,
      formerDataKeys: [new Uint8Array(32).fill(7)],
      clock,
    });
    assert.equal((await rotated.of(a.id).applications.get('default', 'web'))?.name, 'web');
  },
  'a corrupt row is a fault that names its column and no value': async (world) => {
    const { a, driver } = world;
    const { uid, run } = await submit(world, a, 'web', 'one');
    const corrupt = {
      phase: [sql`UPDATE run SET phase = 'canary' WHERE id = ${run}`, () => a.runs.get(run)],
      state: [
        sql`UPDATE run SET phase = 'queued', state = 's1.k1.canary' WHERE id = ${run}`,
        () => a.runs.get(run),
      ],
      pins: [
        sql`UPDATE revision SET pins = 'canary' WHERE application = ${uid}`,
        () => a.revisions.get(uid, 1),
      ],
      metadata: [
        sql`UPDATE application SET metadata = 'canary' WHERE uid = ${uid}`,
        () => a.applications.list({}, { limit: 1 }),
      ],
      summary: [
        sql`UPDATE status SET summary = '[1]' WHERE application = ${uid}`,
        () => a.statuses.ofApplication(uid),
      ],
    } as const;
    for (const [column, [statement, read]] of Object.entries(corrupt)) {
      await driver.batch([statement]);
      await assert.rejects(read(), (error: unknown) => {
        assert(error instanceof Fault, column);
        assert.equal(error.code, 'store.unreadable');
        assert.doesNotMatch(`${error.public} ${error.internal} ${error.stack}`, /canary/);
        assert.match(error.internal ?? '', new RegExp(column));
        return true;
      });
    }
  },
  'equal content is one blob of a tenant, and another tenant’s address says nothing of it': async (world) => {
    const { a, b, driver } = world;
    const content = new TextEncoder().encode('the same');
    const first = await a.blobs.put(content);
    assert.equal(await a.blobs.put(content), first);
    assert.notEqual(await b.blobs.put(content), first);
    assert.equal(await b.blobs.get(first), undefined);
    assert.equal((await driver.all(sql`SELECT * FROM blob`)).length, 2);
    assert.deepEqual(await a.blobs.put(new Uint8Array()), await a.blobs.put(new Uint8Array()));
    assert.deepEqual(await a.blobs.get(await a.blobs.put(new Uint8Array())), new Uint8Array());
  },
  'a blob of several chunks comes back whole, or not at all': async (world) => {
    const { a, driver } = world;
    const content = new Uint8Array(1_300_000);
    for (let at = 0; at < content.length; at += 65_536)
      crypto.getRandomValues(content.subarray(at, at + 65_536));
    const address = await a.blobs.put(content);
    assert.equal((await driver.all(sql`SELECT n FROM blob_chunk WHERE address = ${address}`)).length, 3);
    assert.deepEqual(await a.blobs.get(address), content);
    await driver.batch([sql`DELETE FROM blob_chunk WHERE address = ${address} AND n = 1`]);
    await assert.rejects(a.blobs.get(address), unreadable);
    await driver.batch([
      sql`UPDATE blob_chunk SET n = 1 WHERE address = ${address} AND n = 2`,
      sql`UPDATE blob SET chunks = 2 WHERE address = ${address}`,
    ]);
    await assert.rejects(a.blobs.get(address), unreadable);
  },
  'a blob is taken up to its bound': async ({ a }) => {
    const over = new Uint8Array(32 * 1024 * 1024 + 1);
    await assert.rejects(
      a.blobs.put(over),
      (error: unknown) => error instanceof Fault && error.code === 'request.too_large',
    );
  },
  'a blob that a save names must be there': async (world) => {
    const { a, b, clock } = world;
    const { cluster } = await makeCluster(world, a, 'east');
    const { run } = await submit(world, a, 'web', 'one');
    const loaded = await begin(world, a, run);
    const theirs = await bundle(b, cluster, 1, [object('x')]);
    const refused = a.runs.save(loaded, saving({ bundles: [theirs] }), clock.at);
    await assert.rejects(
      refused,
      (error: unknown) => error instanceof Fault && error.code === 'store.conflict',
    );
  },
};
