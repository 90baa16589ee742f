import { sql } from 'drizzle-orm';
import { Fault } from '../../engine/fault.ts';
import type { Driver } from '../drivers/driver.ts';
import { text } from '../rows/read.ts';
import { migrations as pg } from './pg.ts';
import { migrations as sqlite } from './sqlite.ts';

export interface Migration {
  readonly name: string;
  readonly statements: readonly string[];
}

/**
 * Brings the tables up to date: each migration is one batch together with its record. Safe to repeat, and for two at once:
 * the slower one finds it done. Gives the names of those it applied.
 */
export async function migrate(driver: Driver, migrations: readonly Migration[] = driver.dialect === 'pg' ? pg : sqlite): Promise<readonly string[]> {
  await driver.batch([
    sql`CREATE TABLE IF NOT EXISTS schema_migration (name text PRIMARY KEY NOT NULL, applied_at bigint NOT NULL)`,
  ]);
  const applied: string[] = [];
  for (const migration of migrations) {
    if ((await recorded(driver)).has(migration.name)) continue;
    try {
      await driver.batch([
        ...migration.statements.map((statement) => sql.raw(statement)),
        sql`INSERT INTO schema_migration (name, applied_at) VALUES (${migration.name}, ${Date.now()})`,
      ]);
      applied.push(migration.name);
    } catch (error) {
      if (!(error instanceof Fault) || !(await recorded(driver)).has(migration.name)) throw error;
    }
  }
  return applied;
}

async function recorded(driver: Driver): Promise<ReadonlySet<string>> {
  const rows = await driver.all(sql`SELECT name FROM schema_migration`);
  return new Set(rows.map((row) => text(row, 'name')));
}
