import type { D1Database, D1Result } from '@cloudflare/workers-types';
import type { SQL } from 'drizzle-orm';
import { type BatchResult, conflict, type Driver, type Row, toQuery, unavailable } from './driver.ts';

/** Cloudflare's D1. Its `batch` is one transaction; anything else of it is not. */
export function d1Driver(database: D1Database): Driver {
  const bind = (statement: SQL) => {
    const query = toQuery(statement, 'sqlite');
    return database.prepare(query.sql).bind(...query.params);
  };
  return {
    dialect: 'sqlite',
    async batch(statements: readonly SQL[]) {
      if (statements.length === 0) return [];
      return translated(async () => (await database.batch<Row>(statements.map(bind))).map(result));
    },
    async all(statement: SQL) {
      return translated(async () => (await bind(statement).all<Row>()).results);
    },
  };
}

function result(one: D1Result<Row>): BatchResult {
  const rows = one.results ?? [];
  return { changes: rows.length > 0 ? rows.length : one.meta.changes, rows };
}

/** D1's texts are SQLite's, behind `D1_ERROR:`; they name tables and columns, no values. */
async function translated<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    const text = error instanceof Error ? error.message : 'unknown error';
    if (text.includes('constraint failed') || text.includes('SQLITE_CONSTRAINT'))
      throw conflict(text.slice(0, 300));
    throw unavailable(`d1: ${text.slice(0, 300)}`);
  }
}
