import type { SQL } from 'drizzle-orm';
import { CasingCache } from 'drizzle-orm/casing';
import { Fault } from '../../engine/fault.ts';

export type Row = Readonly<Record<string, unknown>>;

export interface BatchResult {
  /** Rows that the statement inserted, changed or deleted. Of a DELETE, D1 also counts what cascades. */
  readonly changes: number;
  /** Of a SELECT, or of RETURNING. */
  readonly rows: readonly Row[];
}

/**
 * All that the store asks of a database. A batch is atomic and sees its own earlier statements; there is no other way to
 * write. Both throw Faults `store.*` only, without a value of any parameter in their texts.
 */
export interface Driver {
  readonly dialect: 'sqlite' | 'pg';
  batch(statements: readonly SQL[]): Promise<readonly BatchResult[]>;
  all(statement: SQL): Promise<readonly Row[]>;
}

export interface Query {
  readonly sql: string;
  readonly params: readonly unknown[];
}

const casing = new CasingCache();
const config = {
  casing,
  escapeName: (name: string) => `"${name.replaceAll('"', '""')}"`,
  escapeString: (text: string) => `'${text.replaceAll("'", "''")}'`,
};

/** The text of a statement with the dialect's placeholders, and its parameters in order. */
export function toQuery(statement: SQL, dialect: Driver['dialect']): Query {
  const escapeParam = dialect === 'pg' ? (index: number) => `$${index + 1}` : () => '?';
  const { sql, params } = statement.toQuery({ ...config, escapeParam });
  return { sql, params };
}

/** A constraint that did its work: a lost race, or a guard at the end of a batch. */
export function conflict(what: string): Fault {
  return new Fault('store.conflict', 'Another change came first. Try again.', { internal: what });
}

/** `what` is for the operator: codes and names of the database, never a value. */
export function unavailable(what: string): Fault {
  return new Fault('store.unavailable', 'The store did not answer. Try again in a moment.', {
    internal: what,
  });
}
