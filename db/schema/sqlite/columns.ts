/** The three kinds of column there are, and the table parts, in SQLite's words. Its twin is ../pg/columns.ts. */
import { integer, text } from 'drizzle-orm/sqlite-core';

export {
  foreignKey,
  index,
  primaryKey,
  sqliteTable as table,
  text,
  uniqueIndex,
} from 'drizzle-orm/sqlite-core';

/** A whole number up to 2^53: a time in milliseconds, a counter, a sequence. */
export const whole = integer;

export const required = (name: string) => text(name).notNull();
export const number = (name: string) => integer(name).notNull();
