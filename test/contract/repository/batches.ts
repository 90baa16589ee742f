import assert from 'node:assert/strict';
import { sql } from 'drizzle-orm';
import { tables } from '../../../db/schema/tables.ts';
import { Fault } from '../../../engine/fault.ts';
import type { Cases } from './cases.ts';
import { asked, dump, operator, submit } from './world.ts';

const insertAssert = (tenant: string, held: number) =>
  sql`INSERT INTO write_assert (tenant, held) VALUES (${tenant}, ${held})`;

const isConflict = (error: unknown) => error instanceof Fault && error.code === 'store.conflict';

export const batchCases: Cases = {
  'a batch whose last statement fails leaves nothing': async ({ driver, a }) => {
    await assert.rejects(
      driver.batch([insertAssert('x', 1), insertAssert('y', 1), insertAssert('x', 1)]),
      isConflict,
    );
    assert.deepEqual(await driver.all(sql`SELECT * FROM write_assert`), []);
    assert.notEqual(await a.tenant.get(), undefined);
  },
  'a statement sees what the batch did before it': async ({ driver }) => {
    const [, , read] = await driver.batch([
      insertAssert('x', 1),
      sql`UPDATE write_assert SET held = held + 1 WHERE tenant = 'x'`,
      sql`SELECT held FROM write_assert WHERE tenant = 'x'`,
      sql`DELETE FROM write_assert`,
    ]);
    assert.deepEqual(
      read?.rows.map((row) => row.held),
      [2],
    );
  },
  'an update tells whether it changed a row': async ({ driver, a }) => {
    const [hit, missed] = await driver.batch([
      sql`UPDATE tenant SET display_name = 'x' WHERE id = ${a.id}`,
      sql`UPDATE tenant SET display_name = 'x' WHERE id = 'nobody'`,
    ]);
    assert.deepEqual([hit?.changes, missed?.changes], [1, 0]);
  },
  'a fault of the database holds no parameter': async ({ driver }) => {
    const secret = 'canary-parameter';
    const broken = [
      sql`INSERT INTO write_assert (tenant, held) VALUES (${secret}, ${null})`,
      sql`SELECT * FROM no_such_table WHERE x = ${secret}`,
      sql`INSERT INTO tenant (id) VALUES (${secret})`,
    ];
    for (const statement of broken) {
      await assert.rejects(driver.batch([statement]), (error: unknown) => {
        assert(error instanceof Fault);
        const { public: text, internal, stack, cause } = error;
        assert.doesNotMatch(JSON.stringify([text, internal, stack, String(cause)]), /canary/);
        return error.code === 'store.conflict' || error.code === 'store.unavailable';
      });
    }
  },
  'a submission that fails at its end leaves no row of it': async (world) => {
    const { driver, a } = world;
    const first = await submit(world, a, 'first', 'one');
    const before = await dump(driver, tables);
    const claim = { key: 'no such key', token: 'no such token' };
    const respond = () => ({ status: 202, headers: {}, body: '{}' });
    // the last guard of this batch is that the claim holds
    await assert.rejects(
      a.applications.submit(operator, {
        applications: [asked(world, 'first', 'two'), asked(world, 'second', 'one')],
        definitions: [
          { kind: 'trait', namespace: 'default', name: 'x', format: 'cue', source: 'x: 1', contentHash: 'x' },
        ],
        idempotency: { claim, respond },
      }),
      (error: unknown) => error instanceof Fault && error.code === 'idempotency.in_progress',
    );
    assert.deepEqual(await dump(driver, tables), before);
    assert.equal((await a.applications.get('default', 'first'))?.revision, first.revision);
  },
};
