import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'sqlite',
  schema: './db/schema/sqlite/schema.ts',
  out: './db/migrations/sqlite',
});
