import { sql } from 'drizzle-orm';
import type { Context } from '../context.ts';
import { pageLimit, readCursor, writePage } from '../cursor.ts';
import { revisionItemOf, revisionOf } from '../rows/application.ts';
import { whole } from '../rows/read.ts';
import type { RevisionRepository } from '../stores-application.ts';

export function revisionRepository(context: Context): RevisionRepository {
  const { tenant, driver } = context;
  return {
    async get(application, number) {
      const [row] = await driver.all(
        sql`SELECT * FROM revision WHERE tenant = ${tenant} AND application = ${application} AND number = ${number}`,
      );
      return row === undefined ? undefined : revisionOf(row, await context.sealer());
    },
    async list(application, page) {
      const sealer = await context.sealer();
      const listing = { list: 'revisions', filter: application };
      const before = (await readCursor(sealer, listing, page))?.[0] ?? Number.MAX_SAFE_INTEGER;
      const limit = pageLimit(page);
      const rows = await driver.all(
        sql`SELECT tenant, application, number, spec_hash, engine, created_at FROM revision
          WHERE tenant = ${tenant} AND application = ${application} AND number < ${before}
          ORDER BY number DESC LIMIT ${limit + 1}`,
      );
      return writePage(sealer, listing, rows, {
        limit,
        item: revisionItemOf,
        keyset: (row) => [whole(row, 'number')],
      });
    },
  };
}
