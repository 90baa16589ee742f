import type { SQL } from 'drizzle-orm';
import {
  type BatchResult,
  conflict,
  type Driver,
  type Query,
  type Row,
  toQuery,
  unavailable,
} from './driver.ts';

/** What is used of `node:sqlite`, so that this file needs no types of Node. */
interface Database {
  exec(sql: string): void;
  prepare(sql: string): Prepared;
}

interface Prepared {
  all(...params: SqliteValue[]): unknown[];
  run(...params: SqliteValue[]): { changes: number | bigint };
  columns(): unknown[];
}

type SqliteValue = null | number | bigint | string;

/** Prepared statements kept; the repositories have far fewer texts. */
const preparedLimit = 400;

/** SQLite of Node: one process, for tests and tools. */
export function nodeSqliteDriver(database: Database): Driver {
  const prepared = new Map<string, Prepared>();
  const prepare = (sql: string): Prepared => {
    const known = prepared.get(sql);
    if (known !== undefined) return known;
    if (prepared.size >= preparedLimit) prepared.clear();
    const fresh = database.prepare(sql);
    prepared.set(sql, fresh);
    return fresh;
  };
  const perform = (query: Query): BatchResult => {
    const statement = prepare(query.sql);
    // the repositories bind text, whole numbers and null only; the database refuses anything else
    const params = query.params as SqliteValue[];
    if (statement.columns().length === 0)
      return { changes: Number(statement.run(...params).changes), rows: [] };
    const rows = statement.all(...params) as Row[];
    return { changes: rows.length, rows };
  };
  return {
    dialect: 'sqlite',
    async batch(statements: readonly SQL[]) {
      const queries = statements.map((statement) => toQuery(statement, 'sqlite'));
      return translated(() => {
        database.exec('BEGIN IMMEDIATE');
        try {
          const results = queries.map(perform);
          database.exec('COMMIT');
          return results;
        } catch (error) {
          database.exec('ROLLBACK');
          throw error;
        }
      });
    },
    async all(statement: SQL) {
      return translated(() => perform(toQuery(statement, 'sqlite')).rows);
    },
  };
}

const sqliteConstraint = 19;

function translated<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) : undefined;
    // SQLite's texts name tables, columns and syntax; a value never stands in them
    const text = error instanceof Error ? error.message : 'unknown error';
    if (code !== undefined && (code & 0xff) === sqliteConstraint) throw conflict(text);
    throw unavailable(`sqlite ${code ?? ''}: ${text}`);
  }
}
