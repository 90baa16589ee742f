/**
 * Puts the SQL that drizzle-kit made into sqlite.ts and pg.ts, where a Worker can read it. Run after `drizzle-kit generate`:
 * `node db/migrations/generate.node.ts`; with `--check` it only says whether they are up to date.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

const folder = new URL('.', import.meta.url);

function textOf(dialect: string): string {
  const at = new URL(`${dialect}/`, folder);
  const files = readdirSync(at).filter((name) => name.endsWith('.sql'));
  const migrations = files.sort().map((file) => ({
    name: file.slice(0, -'.sql'.length),
    statements: readFileSync(new URL(file, at), 'utf8')
      .split('--> statement-breakpoint')
      .map((statement) => statement.trim())
      .filter((statement) => statement !== ''),
  }));
  return `// Made by generate.node.ts of the .sql files in ${dialect}/.
import type { Migration } from './migrate.ts';

export const migrations: readonly Migration[] = ${JSON.stringify(migrations, null, 2)};
`;
}

for (const dialect of ['sqlite', 'pg']) {
  const file = new URL(`${dialect}.ts`, folder);
  const text = textOf(dialect);
  if (process.argv.includes('--check')) {
    if (readFileSync(file, 'utf8') !== text) throw new Error(`${dialect}.ts is not what generate.node.ts makes: run it`);
  } else {
    writeFileSync(file, text);
  }
}
