import assert from 'node:assert/strict';
import { sql } from 'drizzle-orm';
import { newId } from '../../../db/ids.ts';
import { hashKey } from '../../../db/keys.ts';
import type { NewKey } from '../../../db/model/access.ts';
import { tables } from '../../../db/schema/tables.ts';
import { Fault } from '../../../engine/fault.ts';
import type { Cases } from './cases.ts';
import { dump, operator, submit } from './world.ts';

const failsWith = (code: string) => (error: unknown) => error instanceof Fault && error.code === code;

const key = (more: Partial<NewKey> = {}): NewKey => ({
  id: newId('key', 0),
  name: 'ci',
  subject: { kind: 'user', id: 'ann', roles: ['deployer'] },
  scopes: ['applications:write'],
  ...more,
});

export const accessCases: Cases = {
  'a tenant’s name is taken once': async ({ stores, a, b }) => {
    const asked = { id: newId('tenant', 0), name: 'a' };
    await assert.rejects(stores.createTenant(operator, asked), failsWith('resource.conflict'));
    const race = await Promise.allSettled(
      [1, 2, 3].map((n) => stores.createTenant(operator, { id: newId('tenant', n), name: 'same' })),
    );
    assert.equal(race.filter((one) => one.status === 'fulfilled').length, 1);
    assert.equal(await stores.directory.tenantByName('a'), a.id);
    assert.deepEqual(
      (await stores.listTenants(undefined, 10)).map((tenant) => tenant.name),
      ['a', 'b', 'same'],
    );
    assert.deepEqual(
      (await stores.listTenants('a', 1)).map((tenant) => tenant.id),
      [b.id],
    );
  },
  'a tenant changes under its resourceVersion': async ({ a }) => {
    const changed = await a.tenant.update(operator, { settings: { strict: true }, expectResourceVersion: 1 });
    assert.deepEqual([changed?.settings, changed?.resourceVersion], [{ strict: true }, 2]);
    const stale = a.tenant.update(operator, { displayName: 'x', expectResourceVersion: 1 });
    await assert.rejects(stale, failsWith('request.precondition'));
    const both = [
      a.tenant.update(operator, { displayName: 'x' }),
      a.tenant.update(operator, { statusDefault: 'off' }),
    ];
    await Promise.all(both);
    const now = await a.tenant.get();
    assert.deepEqual([now?.displayName, now?.statusDefault, now?.settings], ['x', 'off', { strict: true }]);
  },
  'a key is found by its hash, and its text is nowhere': async ({ a, stores, driver, clock }) => {
    const { key: made, secret } = await a.keys.create(operator, key());
    const hash = await hashKey(secret);
    assert(hash !== undefined);
    const found = await stores.directory.key(hash, clock.at);
    assert.deepEqual(found, { tenant: a.id, key: made });
    assert.equal(made.hint, secret.slice(-4));
    const stored = JSON.stringify(await dump(driver, tables));
    assert(!stored.includes(secret));
    assert(!stored.includes(secret.slice(29, 60)));
  },
  'a revoked or expired key is none': async ({ a, stores, clock }) => {
    const first = await a.keys.create(operator, key());
    const second = await a.keys.create(operator, key({ id: newId('key', 1), expiresAt: clock.at + 10 }));
    const find = async (secret: string) => stores.directory.key((await hashKey(secret)) ?? '', clock.at);
    assert.notEqual(await find(second.secret), undefined);
    clock.at += 10;
    assert.equal(await find(second.secret), undefined);
    assert.equal(await a.keys.revoke(operator, first.key.id), true);
    assert.equal(await a.keys.revoke(operator, first.key.id), true);
    assert.equal(await a.keys.revoke(operator, newId('key', 2)), false);
    assert.equal(await find(first.secret), undefined);
    assert.equal((await a.keys.get(first.key.id))?.revokedAt, clock.at);
    const actions = (await a.audit.list({ limit: 10 })).items.map((row) => row.action);
    assert.deepEqual(actions, ['key.revoke', 'key.create', 'key.create', 'tenant.create']);
  },
  'the use of a key is noted once a minute': async ({ a, clock }) => {
    const { key: made } = await a.keys.create(operator, key());
    const used = async () => (await a.keys.get(made.id))?.lastUsedAt;
    await a.keys.used(made.id, clock.at);
    await a.keys.used(made.id, clock.at + 59_999);
    assert.equal(await used(), clock.at);
    await a.keys.used(made.id, clock.at + 60_000);
    assert.equal(await used(), clock.at + 60_000);
  },
  'an Idempotency-Key is answered once, and its answer is given again': async ({ a, clock }) => {
    const begin = (hash = 'h', at = clock.at) => a.idempotency.begin('k', hash, at);
    const [first, second] = await Promise.all([begin(), begin()]);
    assert.deepEqual([first.outcome, second.outcome].toSorted(), ['begun', 'in_progress']);
    const start = first.outcome === 'begun' ? first : second;
    assert(start.outcome === 'begun');
    assert.equal((await begin('other')).outcome, 'mismatch');
    const response = { status: 201, headers: { etag: '"1"' }, body: 'text' };
    assert.equal(await a.idempotency.complete(start.claim, response), true);
    assert.equal(await a.idempotency.complete(start.claim, response), false);
    assert.deepEqual(await begin(), { outcome: 'replay', response });
    assert.equal((await begin('other')).outcome, 'mismatch');
    assert.equal((await begin('other', clock.at + 24 * 3600_000)).outcome, 'begun');
  },
  'a claim that ran out or was given up frees its key': async ({ a, clock }) => {
    const first = await a.idempotency.begin('k', 'h', clock.at);
    assert(first.outcome === 'begun');
    assert.equal((await a.idempotency.begin('k', 'h', clock.at + 59_999)).outcome, 'in_progress');
    assert.equal((await a.idempotency.begin('k', 'other', clock.at + 60_000)).outcome, 'mismatch');
    const second = await a.idempotency.begin('k', 'h', clock.at + 60_000);
    assert(second.outcome === 'begun');
    assert.equal(await a.idempotency.complete(first.claim, { status: 200, headers: {}, body: '' }), false);
    await a.idempotency.abandon(first.claim);
    assert.equal((await a.idempotency.begin('k', 'h', clock.at + 60_001)).outcome, 'in_progress');
    await a.idempotency.abandon(second.claim);
    assert.equal((await a.idempotency.begin('k', 'h', clock.at + 60_002)).outcome, 'begun');
  },
  'audit rows are numbered without gap, whoever writes at once': async (world) => {
    const { a } = world;
    const note = (n: number) =>
      a.audit.note(operator, { action: 'x.y', subjectKind: 'x', subject: `${n}`, detail: { n } });
    await Promise.all([1, 2, 3, 4, 5, 6].map(note));
    const { items } = await a.audit.list({ limit: 100 });
    assert.deepEqual(
      items.map((row) => row.seq),
      [7, 6, 5, 4, 3, 2, 1],
    );
    assert(items.every((row) => !row.sealed));
  },
  'the chain is sealed in order, and an unsealed tail is pending': async (world) => {
    const { a } = world;
    for (let n = 0; n < 7; n++) await submit(world, a, `web-${n}`, 'one');
    assert.deepEqual(await a.audit.verify(), { outcome: 'intact', sealed: 0, pending: 8 });
    assert.equal(await a.audit.seal(3), 3);
    assert.deepEqual(await a.audit.verify(), { outcome: 'intact', sealed: 3, pending: 5 });
    const race = await Promise.all([a.audit.seal(3), a.audit.seal(3)]);
    assert.equal(race[0] + race[1] === 3 || race[0] + race[1] === 5, true);
    while ((await a.audit.seal(3)) > 0);
    assert.deepEqual(await a.audit.verify(), { outcome: 'intact', sealed: 8, pending: 0 });
    assert.equal(await a.audit.seal(3), 0);
  },
  'a changed, missing or reordered audit row breaks the chain where it stands': async (world) => {
    const { a, b, driver } = world;
    for (const store of [a, b])
      for (let n = 0; n < 5; n++)
        await store.audit.note(operator, { action: 'x.y', subjectKind: 'x', subject: `${n}` });
    await a.audit.seal(4);
    await b.audit.seal(100);
    const broken = async (statement: Parameters<typeof driver.all>[0]) => {
      const rows = await driver.all(sql`SELECT * FROM audit WHERE tenant = ${a.id} ORDER BY seq`);
      await driver.batch([statement]);
      const verdict = await a.audit.verify();
      const { tenant: _, ...first } = rows[0] ?? {};
      assert.notEqual(first.seq, undefined);
      await driver.batch([
        sql`DELETE FROM audit WHERE tenant = ${a.id}`,
        ...rows.map((row) => {
          const names = Object.keys(row);
          const values = sql.join(
            names.map((name) => sql`${row[name]}`),
            sql`, `,
          );
          return sql`INSERT INTO audit (${sql.raw(names.join(', '))}) VALUES (${values})`;
        }),
      ]);
      return verdict.outcome === 'broken' ? verdict.at : undefined;
    };
    const mine = sql`tenant = ${a.id}`;
    assert.equal(await broken(sql`UPDATE audit SET subject = 'z' WHERE ${mine} AND seq = 2`), 2);
    assert.equal(await broken(sql`UPDATE audit SET detail = '{"a":1}' WHERE ${mine} AND seq = 3`), 3);
    assert.equal(await broken(sql`UPDATE audit SET seal = NULL WHERE ${mine} AND seq = 4`), 4);
    assert.equal(await broken(sql`DELETE FROM audit WHERE ${mine} AND seq = 3`), 3);
    assert.equal(await broken(sql`DELETE FROM audit WHERE ${mine} AND seq = 6`), 6);
    assert.equal(await broken(sql`UPDATE audit SET seal = 'x' WHERE ${mine} AND seq = 5`), 5);
    const other = sql`(SELECT o.seal FROM audit o WHERE o.tenant = ${b.id} AND o.seq = 2)`;
    assert.equal(await broken(sql`UPDATE audit SET seal = ${other} WHERE ${mine} AND seq = 2`), 2);
    assert.deepEqual(await a.audit.verify(), { outcome: 'intact', sealed: 4, pending: 2 });
  },
};
