/** The three kinds of column there are, and the table parts, in Postgres' words. Its twin is ../sqlite/columns.ts. */
import { bigint, customType } from 'drizzle-orm/pg-core';

export { foreignKey, index, pgTable as table, primaryKey, uniqueIndex } from 'drizzle-orm/pg-core';

/** Text in the order of its code points, as SQLite sorts it: paging goes by it. */
export const text = customType<{ data: string; driverData: string }>({ dataType: () => 'text collate "C"' });

/** A whole number up to 2^53: a time in milliseconds, a counter, a sequence. */
export const whole = (name: string) => bigint(name, { mode: 'number' });

export const required = (name: string) => text(name).notNull();
export const number = (name: string) => whole(name).notNull();
