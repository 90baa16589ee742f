import { type SQL, sql } from 'drizzle-orm';
import type { Driver } from './drivers/driver.ts';
import type * as schema from './schema/sqlite/schema.ts';

type Schema = typeof schema;
/** Column names and types of each table, from the schema. */
type Columns = { [K in keyof Schema as Schema[K]['_']['name']]: Schema[K]['$inferInsert'] };
export type Table = keyof Columns;

/** Values of an insert: every required column, as a value or an expression. */
type Values<T extends Table> = { readonly [C in keyof Columns[T]]: Columns[T][C] | SQL };
/** Some of a table's columns and their values. */
type Some<T extends Table> = { readonly [C in keyof Columns[T]]?: Columns[T][C] | SQL | undefined };

const names = (list: readonly string[]) => sql.raw(list.join(', '));

/**
 * Inserts one row when `when` holds. Always a SELECT: SQLite can't tell an upsert behind a SELECT without WHERE from a join.
 * `onConflict`: from `ON CONFLICT` on.
 */
export function insert<T extends Table>(
  table: T,
  values: Values<T>,
  when: SQL,
  onConflict: SQL = sql``,
): SQL {
  const columns = Object.entries(values).filter(([, value]) => value !== undefined);
  const list = sql.join(
    columns.map(([, value]) => sql`${value}`),
    sql`, `,
  );
  return sql`INSERT INTO ${sql.raw(table)} (${names(columns.map(([name]) => name))}) SELECT ${list} WHERE ${when} ${onConflict}`;
}

/** `a = ? AND b = ?`, for keys. */
export function match<T extends Table>(_table: T, key: Some<T>): SQL {
  return sql.join(
    Object.entries(key).map(([name, value]) => sql`${sql.raw(name)} = ${value}`),
    sql` AND `,
  );
}

/** Whether this batch's first statement stamped the row. */
export function stamped<T extends Table>(table: T, key: Some<T>, writeId: string): SQL {
  return sql`EXISTS (SELECT 1 FROM ${sql.raw(table)} stamp WHERE ${match(table, key)} AND stamp.write_id = ${writeId})`;
}

export const always = sql`1 = 1`;

/** Breaks the whole batch with Fault `store.conflict` unless `condition` holds at its end. */
export function assertHeld(tenant: string, condition: SQL): SQL {
  return sql`INSERT INTO write_assert (tenant, held) SELECT ${tenant}, NULL WHERE NOT (${condition})`;
}

/**
 * Rows of JSON as a table expression named `v`, so that one statement carries many rows in one parameter (D1 binds at most
 * 100). Keep the JSON under a megabyte.
 */
export function jsonRows(
  dialect: Driver['dialect'],
  rows: readonly Readonly<Record<string, string | number | null>>[],
  columns: Readonly<Record<string, 'text' | 'whole'>>,
): SQL {
  const json = JSON.stringify(rows);
  const list = Object.entries(columns);
  if (dialect === 'pg') {
    const shape = list.map(([name, type]) => `${name} ${type === 'text' ? 'text' : 'bigint'}`).join(', ');
    return sql`json_to_recordset(CAST(${json} AS json)) AS v(${sql.raw(shape)})`;
  }
  const picks = list.map(([name]) => `json_extract(value, '$.${name}') AS ${name}`).join(', ');
  // materialized, or SQLite would parse all of it again for each row of the table that it is joined with
  return sql`(WITH given AS MATERIALIZED (SELECT ${sql.raw(picks)} FROM json_each(${json})) SELECT * FROM given) AS v`;
}

/** Splits rows so that the JSON of each part stays under `limit` characters. */
export function inParts<T>(rows: readonly T[], limit = 700_000): readonly (readonly T[])[] {
  const parts: T[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const row of rows) {
    const length = JSON.stringify(row).length + 1;
    if (size + length > limit) {
      parts.push([]);
      size = 0;
    }
    parts.at(-1)?.push(row);
    size += length;
  }
  return parts;
}
