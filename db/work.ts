import { type SQL, sql } from 'drizzle-orm';
import type { Driver } from './drivers/driver.ts';
import type { Lease } from './model/run.ts';
import type { Millis } from './model/shared.ts';
import { expire } from './repositories/expire.ts';
import { leasable, leaseOf, leaseStatements, liveLeases } from './repositories/leases.ts';
import { messageOf } from './repositories/outbox.ts';
import { clusterOf } from './rows/cluster.ts';
import { id, whole } from './rows/read.ts';
import type { DueRun, Work } from './stores.ts';

/** The longest time between two sends of one message. */
const longestMs = 15 * 60_000;

/**
 * Tenants with due runs are stepped through by the index on (tenant, due_at), then each one's longest waiting are taken:
 * the cost follows the tenants and the limit, not how much one tenant has queued.
 */
function dueStatement(now: Millis, limit: number, perTenantCap: number): SQL {
  return sql`WITH RECURSIVE due_tenant (tenant) AS (
      SELECT min(tenant) FROM run WHERE due_at <= ${now}
      UNION ALL
      SELECT (SELECT min(r.tenant) FROM run r WHERE r.tenant > d.tenant AND r.due_at <= ${now})
      FROM due_tenant d WHERE d.tenant IS NOT NULL
    ), placed AS (
      SELECT r.tenant, r.id, r.due_at, row_number() OVER (PARTITION BY r.tenant ORDER BY r.due_at, r.id) AS place
      FROM due_tenant d JOIN run r ON r.tenant = d.tenant
      WHERE r.id IN (SELECT r.id FROM run r JOIN application a ON a.tenant = r.tenant AND a.uid = r.application
        WHERE r.tenant = d.tenant AND r.due_at <= ${now} AND ${leasable(now)} ORDER BY r.due_at, r.id LIMIT ${perTenantCap})
    )
    SELECT tenant, id, due_at FROM placed WHERE place + ${liveLeases(sql`placed.tenant`, now)} <= ${perTenantCap}
    ORDER BY place, due_at, id LIMIT ${limit}`;
}

export function work(driver: Driver): Work {
  const dueRuns = async (now: Millis, limit: number, perTenantCap: number): Promise<readonly DueRun[]> => {
    const rows = await driver.all(dueStatement(now, limit, perTenantCap));
    return rows.map((row) => ({
      tenant: id('tenant', row, 'tenant'),
      run: id('run', row, 'id'),
      dueAt: whole(row, 'due_at'),
    }));
  };
  return {
    dueRuns,
    async claimDueRuns({ owner, now, ttlMs, limit, perTenantCap }) {
      const due = await dueRuns(now, limit, perTenantCap);
      if (due.length === 0) return [];
      const requests = due.map(({ tenant, run }) => ({
        tenant,
        request: { run, owner, now, ttlMs, perTenantCap },
      }));
      const results = await driver.batch(
        requests.flatMap(({ tenant, request }) => [...leaseStatements(tenant, request)]),
      );
      return requests.flatMap(({ request }, n): readonly Lease[] => {
        const row = results[2 * n + 1]?.rows[0];
        return row === undefined ? [] : [leaseOf(row, request)];
      });
    },
    async takeOverdue(now, limit, againAfterMs) {
      const again = sql`${againAfterMs} * (CAST(1 AS bigint) << CAST(CASE WHEN attempts < 10 THEN attempts ELSE 10 END AS integer))`;
      // the time is asked again outside: on Postgres another sweep may have come between
      const [taken] = await driver.batch([
        sql`UPDATE outbox SET attempts = attempts + 1,
          send_at = ${now} + CASE WHEN ${again} < ${longestMs} THEN ${again} ELSE ${longestMs} END
          WHERE (tenant, kind, subject) IN (SELECT o.tenant, o.kind, o.subject FROM outbox o WHERE o.send_at <= ${now}
            ORDER BY o.send_at LIMIT ${limit}) AND send_at <= ${now} RETURNING tenant, kind, subject`,
      ]);
      return (taken?.rows ?? []).map(messageOf);
    },
    async unsealedTenants(limit) {
      const rows = await driver.all(
        sql`SELECT id FROM tenant WHERE audit_seq > audit_sealed_seq ORDER BY id LIMIT ${limit}`,
      );
      return rows.map((row) => id('tenant', row, 'id'));
    },
    async silentClusters(before, limit) {
      const rows = await driver.all(
        sql`SELECT c.* FROM cluster c WHERE c.state = 'active' AND c.last_seen_at < ${before}
          AND EXISTS (SELECT 1 FROM bundle b WHERE b.cluster_tenant = c.tenant AND b.cluster = c.id)
          ORDER BY c.last_seen_at LIMIT ${limit}`,
      );
      return rows.map((row) => ({ tenant: id('tenant', row, 'tenant'), cluster: clusterOf(row) }));
    },
    async unpackedRuns(limit) {
      const rows = await driver.all(
        sql`SELECT tenant, id FROM run WHERE packed_at IS NULL AND finished_at IS NOT NULL ORDER BY finished_at LIMIT ${limit}`,
      );
      return rows.map((row) => ({ tenant: id('tenant', row, 'tenant'), run: id('run', row, 'id') }));
    },
    expire: (now, limit) => expire(driver, now, limit),
  };
}
