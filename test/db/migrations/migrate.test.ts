import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { sql } from 'drizzle-orm';
import type { Driver } from '../../../db/drivers/driver.ts';
import { nodeSqliteDriver } from '../../../db/drivers/node-sqlite.ts';
import { type Migration, migrate } from '../../../db/migrations/migrate.ts';
import { migrations as pg } from '../../../db/migrations/pg.ts';
import { migrations as sqlite } from '../../../db/migrations/sqlite.ts';

const fresh = (): Driver => nodeSqliteDriver(new DatabaseSync(':memory:'));
const one: Migration = {
  name: '0001_one',
  statements: ['CREATE TABLE one (x integer)', 'INSERT INTO one VALUES (1)'],
};
const two: Migration = {
  name: '0002_two',
  statements: ['CREATE TABLE two (x integer)', 'INSERT INTO one VALUES (2)'],
};

describe('migrate', () => {
  it('applies each migration once, in order', async () => {
    const driver = fresh();
    assert.deepEqual(await migrate(driver, [one]), ['0001_one']);
    assert.deepEqual(await migrate(driver, [one, two]), ['0002_two']);
    assert.deepEqual(await migrate(driver, [one, two]), []);
    assert.deepEqual(
      (await driver.all(sql`SELECT x FROM one ORDER BY x`)).map((row) => row.x),
      [1, 2],
    );
  });

  it('is done once where two begin at once', async () => {
    const driver = fresh();
    const applied = await Promise.all([migrate(driver, [one, two]), migrate(driver, [one, two])]);
    assert.deepEqual(applied.flat().toSorted(), ['0001_one', '0002_two']);
    assert.equal((await driver.all(sql`SELECT x FROM one`)).length, 2);
  });

  it('leaves nothing of a migration that fails, and goes on from there', async () => {
    const driver = fresh();
    const broken: Migration = {
      name: '0002_two',
      statements: ['CREATE TABLE two (x integer)', 'INSERT INTO none VALUES (1)'],
    };
    await assert.rejects(migrate(driver, [one, broken]));
    assert.deepEqual(await driver.all(sql`SELECT name FROM sqlite_master WHERE name = 'two'`), []);
    assert.deepEqual(await migrate(driver, [one, two]), ['0002_two']);
  });

  it('has the same migrations for both dialects', () => {
    assert.deepEqual(
      sqlite.map((migration) => migration.name),
      pg.map((migration) => migration.name),
    );
  });

  it('is generated from the files of drizzle-kit', () => {
    const script = fileURLToPath(new URL('../../../db/migrations/generate.node.ts', import.meta.url));
    const run = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' });
    assert.equal(run.status, 0, run.stderr);
  });
});
