import { type SQL, sql } from 'drizzle-orm';
import type { Context } from '../context.ts';
import { newWriteId } from '../ids.ts';
import type { ClusterReport, ReportedObject } from '../model/cluster.ts';
import type { Json, OutboxMessage } from '../model/shared.ts';
import { inventoryDetailOf, inventoryId, inventoryOf } from '../rows/cluster.ts';
import { inParts, jsonRows, stamped } from '../statement.ts';
import type { InventoryRepository } from '../stores-cluster.ts';
import { advanceMessages, announce, tellStatements } from './announce.ts';
import { selectInventory } from './select.ts';

export function inventoryRepository(context: Context): InventoryRepository {
  const { tenant, driver } = context;
  return {
    async list(application) {
      const rows = await driver.all(selectInventory(tenant, application, 'without live'));
      if (rows.length === 0) return [];
      const sealer = await context.sealer();
      return Promise.all(rows.map((row) => inventoryOf(row, sealer)));
    },
    async details(application) {
      const rows = await driver.all(selectInventory(tenant, application, 'with live'));
      if (rows.length === 0) return [];
      const sealer = await context.sealer();
      return Promise.all(rows.map((row) => inventoryDetailOf(row, sealer)));
    },
    report: (report) => storeReport(context, report),
  };
}

async function storeReport(
  context: Context,
  report: ClusterReport,
): Promise<{ readonly messages: readonly OutboxMessage[] } | undefined> {
  const { tenant, driver, clock } = context;
  const { application, cluster, sequence } = report;
  const names = { tenant, application, cluster_tenant: cluster.owner, cluster: cluster.id };
  const key = (
    table: string,
  ) => sql`${sql.raw(table)}.tenant = ${tenant} AND ${sql.raw(table)}.application = ${application}
    AND ${sql.raw(table)}.cluster_tenant = ${cluster.owner} AND ${sql.raw(table)}.cluster = ${cluster.id}`;
  // nothing is sealed for an Application that isn't this tenant's
  const given = await driver.all(
    sql`SELECT 1 AS given FROM bundle WHERE ${key('bundle')} AND sequence >= ${sequence}`,
  );
  if (given.length === 0) return undefined;
  const writeId = newWriteId();
  const held = stamped('bundle', names, writeId);
  const done = report.complete
    ? sql`CASE WHEN reported_sequence < ${sequence} THEN CAST(${sequence} AS bigint) ELSE reported_sequence END`
    : sql`reported_sequence`;
  const statements = [
    sql`UPDATE bundle SET reported_sequence = ${done}, reported_at = ${clock.now()}, write_id = ${writeId}
      WHERE ${key('bundle')} AND sequence >= ${sequence}`,
  ];
  const deleted = report.objects.filter((object) => object.outcome === 'deleted').map(({ ref }) => ({ ref }));
  for (const part of inParts(deleted)) {
    statements.push(sql`DELETE FROM inventory WHERE ${key('inventory')} AND wanted = 'leaving' AND ${held}
      AND ref IN (SELECT v.ref FROM ${jsonRows(driver.dialect, part, { ref: 'text' })})`);
  }
  const rest = report.objects.filter((object) => object.outcome !== 'deleted');
  const rows = await Promise.all(rest.map((object) => reportedRow(context, report, object)));
  for (const part of inParts([...new Map(rows.map((row) => [row.ref, row])).values()])) {
    statements.push(changeStatement(context, sequence, part, sql`${key('inventory')} AND ${held}`));
  }
  if (report.event !== undefined) {
    const idle = sql`${held} AND NOT EXISTS (SELECT 1 FROM run r WHERE r.tenant = ${tenant}
      AND r.application = ${application} AND r.finished_at IS NULL)`;
    statements.push(
      ...(await tellStatements(context, application, { kind: 'report', payload: report.event }, held)),
    );
    statements.push(announce(context, 'application.observe', application, idle));
  }
  const results = await driver.batch(statements);
  if (results[0]?.changes !== 1) return undefined;
  const messages = advanceMessages(tenant, results);
  const observe = report.event !== undefined && (results.at(-1)?.changes ?? 0) > 0;
  return {
    messages: observe
      ? [...messages, { kind: 'application.observe', tenant, subject: application }]
      : messages,
  };
}

type ReportedRow = Readonly<Record<keyof typeof columns, string | null>> & { readonly ref: string };

const columns = {
  ref: 'text',
  outcome: 'text',
  reason: 'text',
  message: 'text',
  health: 'text',
  health_message: 'text',
  drift: 'text',
  live: 'text',
} as const;

async function reportedRow(
  context: Context,
  report: ClusterReport,
  object: ReportedObject,
): Promise<ReportedRow> {
  const sealer = await context.sealer();
  const id = inventoryId(report.application, report.cluster, object.ref);
  const seal = async (column: string, value: Json | undefined): Promise<string | null> =>
    value === undefined || value === '' ? null : sealer.seal(`inventory.${column}`, id, value);
  return {
    ref: object.ref,
    outcome: object.outcome,
    reason: object.reason ?? '',
    message: await seal('message', object.message),
    health: object.health ?? null,
    health_message: await seal('health_message', object.healthMessage),
    drift: await seal('drift', object.drift === undefined ? undefined : { ...object.drift }),
    live: await seal('live', object.live),
  };
}

/**
 * `observed` leaves the outcome. A report of an older bundle doesn't say that what changed since is done; its health and
 * live object are news all the same.
 */
function changeStatement(context: Context, sequence: number, rows: readonly ReportedRow[], where: SQL): SQL {
  const tells = sql`v.outcome <> 'observed' AND (inventory.sequence <= ${sequence} OR inventory.outcome <> 'pending')`;
  return sql`UPDATE inventory SET outcome = CASE WHEN ${tells} THEN v.outcome ELSE inventory.outcome END,
      reason = CASE WHEN ${tells} THEN v.reason ELSE inventory.reason END,
      message = CASE WHEN ${tells} THEN v.message ELSE inventory.message END,
      health = COALESCE(v.health, inventory.health),
      health_message = CASE WHEN v.health IS NULL THEN inventory.health_message ELSE v.health_message END,
      drift = COALESCE(v.drift, inventory.drift), live = COALESCE(v.live, inventory.live),
      reported_sequence = CASE WHEN inventory.reported_sequence < ${sequence} THEN CAST(${sequence} AS bigint)
        ELSE inventory.reported_sequence END,
      reported_at = ${context.clock.now()}
    FROM ${jsonRows(context.driver.dialect, rows, columns)} WHERE inventory.ref = v.ref AND ${where}`;
}
