import { sql } from 'drizzle-orm';
import { Fault } from '../../engine/fault.ts';
import { auditRow, type Context } from '../context.ts';
import { newWriteId } from '../ids.ts';
import type { NewPlan } from '../model/access.ts';
import { planOf, planRequestOf } from '../rows/access.ts';
import { insert, stamped } from '../statement.ts';
import type { PlanRepository } from '../stores-access.ts';

export function planRepository(context: Context): PlanRepository {
  const { tenant, driver, clock } = context;
  const rowsOf = (table: 'plan' | 'plan_part', column: 'id' | 'plan', id: string) =>
    sql`SELECT * FROM ${sql.raw(table)} WHERE tenant = ${tenant} AND ${sql.raw(column)} = ${id}`;
  return {
    async create(actor, plan) {
      const { id, parts, expiresAt, maxPending } = plan;
      const sealer = await context.sealer();
      const writeId = newWriteId();
      const now = clock.now();
      const row = {
        tenant,
        id,
        state: parts.length === 0 ? 'ready' : 'pending',
        request: await sealer.seal('plan.request', id, plan.request),
        write_id: writeId,
        created_at: now,
        expires_at: expiresAt,
      };
      const held = stamped('plan', { tenant, id }, writeId);
      const open = sql`(SELECT COUNT(*) FROM plan WHERE tenant = ${tenant} AND state = 'pending' AND expires_at > ${now})`;
      const [made] = await driver.batch([
        insert('plan', row, sql`${open} < ${maxPending}`),
        ...(await partRows(context, plan)).map((part) => insert('plan_part', part, held)),
        ...auditRow(context, { actor, action: 'plan.create', subjectKind: 'plan', subject: id }, held),
      ]);
      if (made?.changes !== 1) {
        throw new Fault('rate.limited', `There are ${maxPending} plans that wait for clusters already.`);
      }
    },
    async get(id, now) {
      const results = await driver.batch([rowsOf('plan', 'id', id), rowsOf('plan_part', 'plan', id)]);
      const [row] = results[0]?.rows ?? [];
      if (row === undefined) return undefined;
      return planOf(row, results[1]?.rows ?? [], { sealer: await context.sealer(), now });
    },
    async forCluster(cluster, now, limit) {
      const rows = await driver.all(
        sql`SELECT t.* FROM plan_part t JOIN plan p ON p.tenant = t.tenant AND p.id = t.plan
          WHERE t.tenant = ${tenant} AND t.cluster = ${cluster} AND t.state = 'pending' AND p.expires_at > ${now}
          ORDER BY t.plan LIMIT ${limit}`,
      );
      if (rows.length === 0) return [];
      const sealer = await context.sealer();
      return Promise.all(rows.map((row) => planRequestOf(row, sealer)));
    },
    async finish(id, cluster, { state, result }) {
      const sealer = await context.sealer();
      const writeId = newWriteId();
      const sealed = await sealer.seal('plan_part.result', `${id}/${cluster}`, result);
      const part = (state: 'pending' | 'failed') =>
        sql`EXISTS (SELECT 1 FROM plan_part t WHERE t.tenant = ${tenant} AND t.plan = ${id} AND t.state = ${state})`;
      const held = stamped('plan', { tenant, id }, writeId);
      // The plan's row first: two clusters that answer at once wait for each other here.
      const [won] = await driver.batch([
        sql`UPDATE plan SET write_id = ${writeId} WHERE tenant = ${tenant} AND id = ${id} AND state = 'pending'
          AND expires_at > ${clock.now()} AND EXISTS (SELECT 1 FROM plan_part t WHERE t.tenant = ${tenant}
            AND t.plan = ${id} AND t.cluster = ${cluster} AND t.state = 'pending')`,
        sql`UPDATE plan_part SET state = ${state}, result = ${sealed}, write_id = ${writeId}
          WHERE tenant = ${tenant} AND plan = ${id} AND cluster = ${cluster} AND ${held}`,
        sql`UPDATE plan SET state = CASE WHEN ${part('failed')} THEN 'failed' ELSE 'ready' END
          WHERE tenant = ${tenant} AND id = ${id} AND write_id = ${writeId} AND NOT ${part('pending')}`,
      ]);
      return won?.changes === 1;
    },
  };
}

async function partRows(context: Context, { id, parts }: NewPlan) {
  const sealer = await context.sealer();
  return Promise.all(
    parts.map(async ({ cluster, request }) => ({
      tenant: context.tenant,
      plan: id,
      cluster,
      state: 'pending',
      request: await sealer.seal('plan_part.request', `${id}/${cluster}`, request),
      result: undefined,
      write_id: newWriteId(),
    })),
  );
}
