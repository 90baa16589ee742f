import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { PGlite } from '@electric-sql/pglite';
import { is, type SQL, sql } from 'drizzle-orm';
import { PgDialect, PgTable, getTableConfig as pgConfig } from 'drizzle-orm/pg-core';
import { SQLiteSyncDialect, SQLiteTable, getTableConfig as sqliteConfig } from 'drizzle-orm/sqlite-core';
import { nodeSqliteDriver } from '../../db/drivers/node-sqlite.ts';
import { pgliteDriver } from '../../db/drivers/pglite.ts';
import { migrate } from '../../db/migrations/migrate.ts';
import * as pg from '../../db/schema/pg/schema.ts';
import * as sqlite from '../../db/schema/sqlite/schema.ts';
import { globalTables, tables } from '../../db/schema/tables.ts';

interface Described {
  readonly columns: Readonly<Record<string, string>>;
  readonly primaryKey: readonly string[];
  readonly foreignKeys: readonly string[];
  readonly indexes: readonly string[];
}

const kinds: Readonly<Record<string, string>> = {
  text: 'text',
  'text collate "C"': 'text',
  integer: 'whole',
  bigint: 'whole',
};

type Config = ReturnType<typeof sqliteConfig> | ReturnType<typeof pgConfig>;

function describeTable(config: Config, where: (condition: SQL) => string): Described {
  const name = (column: unknown): string => {
    assert(typeof column === 'object' && column !== null && 'name' in column);
    return String(column.name);
  };
  const primary = config.columns.filter((column) => column.primary).map(name);
  const keys = config.primaryKeys.map((key) => key.columns.map(name));
  return {
    columns: Object.fromEntries(
      config.columns.map((column) => [
        column.name,
        `${kinds[column.getSQLType()]} ${column.notNull ? 'required' : 'optional'}`,
      ]),
    ),
    primaryKey: keys[0] ?? primary,
    foreignKeys: config.foreignKeys
      .map((key) => {
        const { columns, foreignColumns } = key.reference();
        const target = foreignColumns.map(name).join(',');
        const [first] = foreignColumns;
        assert(first !== undefined);
        const table = is(first.table, SQLiteTable)
          ? sqliteConfig(first.table).name
          : pgTableName(first.table);
        return `${key.getName()}: ${columns.map(name).join(',')} -> ${table}(${target}) ${key.onDelete ?? 'no action'}`;
      })
      .toSorted(),
    indexes: config.indexes
      .map((index) => {
        const { columns, unique, where: condition } = index.config;
        const suffix = condition === undefined ? '' : ` where ${where(condition)}`;
        return `${index.config.name}: ${columns.map(name).join(',')}${unique ? ' unique' : ''}${suffix}`;
      })
      .toSorted(),
  };
}

function pgTableName(table: unknown): string {
  assert(is(table, PgTable));
  return pgConfig(table).name;
}

const sqliteText = (condition: SQL) => new SQLiteSyncDialect().sqlToQuery(condition).sql;
const pgText = (condition: SQL) => new PgDialect().sqlToQuery(condition).sql;

function describeAll<T>(
  schema: Readonly<Record<string, unknown>>,
  tableOf: (value: unknown) => T | undefined,
  one: (table: T) => readonly [string, Described],
) {
  return Object.fromEntries(
    Object.values(schema).flatMap((value) => {
      const table = tableOf(value);
      return table === undefined ? [] : [one(table)];
    }),
  );
}

const inSqlite = describeAll(
  sqlite,
  (value) => (is(value, SQLiteTable) ? value : undefined),
  (table) => [sqliteConfig(table).name, describeTable(sqliteConfig(table), sqliteText)],
);
const inPg = describeAll(
  pg,
  (value) => (is(value, PgTable) ? value : undefined),
  (table) => [pgConfig(table).name, describeTable(pgConfig(table), pgText)],
);

describe('the schemas of SQLite and Postgres', () => {
  it('have the same tables, and those that tables.ts names', () => {
    assert.deepEqual(Object.keys(inSqlite).toSorted(), [...tables].toSorted());
    assert.deepEqual(Object.keys(inPg).toSorted(), [...tables].toSorted());
  });

  for (const table of tables) {
    it(`agree on ${table}`, () => assert.deepEqual(inPg[table], inSqlite[table]));
  }

  it('know no kind of column besides text and whole numbers', () => {
    for (const [table, { columns }] of Object.entries(inSqlite)) {
      for (const [column, kind] of Object.entries(columns))
        assert.match(kind, /^(text|whole) /, `${table}.${column}`);
    }
  });

  it('begin every key with the tenant, except that of the directory', () => {
    for (const [table, { primaryKey }] of Object.entries(inSqlite)) {
      const first = globalTables.some((name) => name === table)
        ? 'kind'
        : table === 'tenant'
          ? 'id'
          : 'tenant';
      assert.equal(primaryKey[0], first, table);
    }
  });

  it('tie every row to a row of its own tenant', () => {
    const foreign = Object.entries(inSqlite).flatMap(([table, { foreignKeys }]) =>
      foreignKeys.map((key) => [table, key]),
    );
    for (const [table, key] of foreign) {
      const [, columns = '', target = '', references = ''] =
        /: (\S+) -> (\w+)\((\S+)\)/.exec(key ?? '') ?? [];
      if (target === 'tenant') continue;
      const tenant = references.split(',').indexOf('tenant');
      assert.notEqual(tenant, -1, `${table}: ${key}`);
      // only a grant crosses tenants: its key holds owner and grantee
      const expected = target === 'cluster_grant' && table === 'bundle' ? 'cluster_tenant' : 'tenant';
      assert.equal(columns.split(',')[tenant], expected, `${table}: ${key}`);
    }
    const tied = new Set(foreign.map(([table]) => table));
    assert.deepEqual(
      tables.filter((table) => !tied.has(table)),
      ['tenant', 'write_assert'],
    );
  });
});

describe('the migrations', () => {
  const columnsOf = (described: typeof inSqlite) =>
    Object.fromEntries(
      Object.entries(described).map(([table, { columns }]) => [
        table,
        Object.fromEntries(Object.entries(columns).toSorted(([x], [y]) => (x < y ? -1 : 1))),
      ]),
    );

  it('make the tables of the schema in SQLite', async () => {
    const driver = nodeSqliteDriver(new DatabaseSync(':memory:'));
    await migrate(driver);
    const made: Record<string, Record<string, string>> = {};
    for (const table of tables) {
      const rows = await driver.all(sql`SELECT * FROM pragma_table_info(${table}) ORDER BY name`);
      made[table] = Object.fromEntries(
        rows.map((row) => [
          row.name,
          `${kinds[String(row.type).toLowerCase()]} ${row.notnull === 1 ? 'required' : 'optional'}`,
        ]),
      );
    }
    assert.deepEqual(made, columnsOf(inSqlite));
  });

  it('make the tables of the schema in Postgres', async () => {
    const database = await PGlite.create();
    const driver = pgliteDriver(database);
    await migrate(driver);
    const rows = await driver.all(
      sql`SELECT table_name, column_name, data_type, is_nullable, collation_name FROM information_schema.columns
        WHERE table_schema = 'public' AND table_name <> 'schema_migration' ORDER BY column_name`,
    );
    const made: Record<string, Record<string, string>> = {};
    for (const row of rows) {
      const table = String(row.table_name);
      made[table] = { ...made[table] };
      const columns = made[table];
      columns[String(row.column_name)] =
        `${kinds[String(row.data_type)]} ${row.is_nullable === 'NO' ? 'required' : 'optional'}`;
      if (row.data_type === 'text')
        assert.equal(row.collation_name, 'C', `${row.table_name}.${row.column_name}`);
    }
    assert.deepEqual(made, columnsOf(inSqlite));
    await database.close();
  });
});
