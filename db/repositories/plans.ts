import { sql } from 'drizzle-orm';
import { auditRow, type Context } from '../context.ts';
import { newWriteId } from '../ids.ts';
import { planOf } from '../rows/access.ts';
import { insert, stamped } from '../statement.ts';
import type { PlanRepository } from '../stores-access.ts';

export function planRepository(context: Context): PlanRepository {
  const { tenant, driver, clock } = context;
  return {
    async create(actor, id, request, expiresAt, cluster) {
      const sealer = await context.sealer();
      const writeId = newWriteId();
      const now = clock.now();
      const row = {
        tenant,
        id,
        cluster,
        state: 'pending',
        request: await sealer.seal('plan.request', id, request),
        result: undefined,
        write_id: writeId,
        created_at: now,
        expires_at: expiresAt,
      };
      const held = stamped('plan', { tenant, id }, writeId);
      await driver.batch([
        insert('plan', row, sql`NOT EXISTS (SELECT 1 FROM plan WHERE tenant = ${tenant} AND id = ${id})`),
        ...auditRow(context, { actor, action: 'plan.create', subjectKind: 'plan', subject: id }, held),
      ]);
      return planOf(row, sealer, now);
    },
    async get(id, now) {
      const [row] = await driver.all(sql`SELECT * FROM plan WHERE tenant = ${tenant} AND id = ${id}`);
      return row === undefined ? undefined : planOf(row, await context.sealer(), now);
    },
    async finish(id, state, result) {
      const sealed = await (await context.sealer()).seal('plan.result', id, result);
      const [won] = await driver.batch([
        sql`UPDATE plan SET state = ${state}, result = ${sealed} WHERE tenant = ${tenant} AND id = ${id}
          AND state = 'pending' AND expires_at > ${clock.now()}`,
      ]);
      return won?.changes === 1;
    },
  };
}
