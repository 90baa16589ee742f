/** For `drizzle-kit generate --config db/drizzle.pg.config.ts`, from the top of the repository. */
export default {
  dialect: 'postgresql',
  schema: './db/schema/pg/schema.ts',
  out: './db/migrations/pg',
};
