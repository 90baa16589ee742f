import { type SQL, sql } from 'drizzle-orm';
import { auditRow, type Context } from '../context.ts';
import { newWriteId } from '../ids.ts';
import { statusOf } from '../rows/application.ts';
import { stamped } from '../statement.ts';
import type { StatusRepository } from '../stores-application.ts';

export function statusRepository(context: Context): StatusRepository {
  const { tenant, driver, clock } = context;
  const read = async (where: SQL) => {
    const [row] = await driver.all(sql`SELECT * FROM status WHERE tenant = ${tenant} AND ${where}`);
    return row === undefined ? undefined : statusOf(row);
  };
  return {
    get: (id) => read(sql`id = ${id}`),
    ofApplication: (application) => read(sql`application = ${application}`),
    async publish(application, summary, from) {
      const text = JSON.stringify(summary);
      const [won, same] = await driver.batch([
        sql`UPDATE status SET summary = ${text}, version = version + 1, updated_at = ${clock.now()}
          WHERE tenant = ${tenant} AND application = ${application} AND version = ${from} AND summary <> ${text}`,
        sql`SELECT 1 AS same FROM status WHERE tenant = ${tenant} AND application = ${application} AND summary = ${text}`,
      ]);
      return won?.changes === 1 || (same?.rows.length ?? 0) > 0;
    },
    async setVisibility(actor, application, visibility) {
      const writeId = newWriteId();
      const key = { tenant, application };
      const entry = {
        actor,
        action: 'status.visibility',
        subjectKind: 'application',
        subject: application,
        detail: { visibility },
      };
      const [won] = await driver.batch([
        sql`UPDATE status SET visibility = ${visibility}, write_id = ${writeId}
          WHERE tenant = ${tenant} AND application = ${application}`,
        ...auditRow(context, entry, stamped('status', key, writeId)),
      ]);
      return won?.changes === 1;
    },
  };
}
