import type { PGlite, Results } from '@electric-sql/pglite';
import type { SQL } from 'drizzle-orm';
import { type BatchResult, conflict, type Driver, type Row, toQuery, unavailable } from './driver.ts';

/** Postgres in the process. One connection, so batches queue up. */
export function pgliteDriver(database: PGlite): Driver {
  return {
    dialect: 'pg',
    async batch(statements: readonly SQL[]) {
      const queries = statements.map((statement) => toQuery(statement, 'pg'));
      return translated(() =>
        database.transaction(async (transaction) => {
          const results: BatchResult[] = [];
          for (const { sql, params } of queries)
            results.push(result(await transaction.query<Row>(sql, [...params])));
          return results;
        }),
      );
    },
    async all(statement: SQL) {
      const { sql, params } = toQuery(statement, 'pg');
      return translated(async () => (await database.query<Row>(sql, [...params])).rows);
    },
  };
}

function result(one: Results<Row>): BatchResult {
  return { changes: one.affectedRows ?? one.rows.length, rows: one.rows };
}

/** Postgres puts values into its texts, so that only SQLSTATE and the constraint's name go on. */
async function translated<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    const state = textOf(error, 'code');
    const what = `pg ${state} ${textOf(error, 'constraint')} ${textOf(error, 'routine')}`.trim();
    // 23: integrity constraint; 40: rolled back for another transaction
    if (state.startsWith('23') || state.startsWith('40')) throw conflict(what);
    throw unavailable(what);
  }
}

function textOf(error: unknown, name: string): string {
  if (typeof error !== 'object' || error === null || !(name in error)) return '';
  const value: unknown = Reflect.get(error, name);
  return typeof value === 'string' ? value : '';
}
