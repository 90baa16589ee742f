/** For `drizzle-kit generate --config db/drizzle.sqlite.config.ts`, from the top of the repository. */
export default {
  dialect: 'sqlite',
  schema: './db/schema/sqlite/schema.ts',
  out: './db/migrations/sqlite',
};
