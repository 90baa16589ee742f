import { type SQL, sql } from 'drizzle-orm';
import { Fault } from '../../engine/fault.ts';
import type { Context } from '../context.ts';
import { newWriteId } from '../ids.ts';
import type { Lease, LeaseRequest } from '../model/run.ts';
import type { Millis } from '../model/shared.ts';
import { id, whole } from '../rows/read.ts';
import { stamped } from '../statement.ts';

/** By how much the clocks of those who write and those who work may differ. */
const slackMs = 1_000;
/** After so many leases without a save an older run no longer keeps a newer one waiting. */
export const patience = 5;

export const leaseLost = () => new Fault('lease.lost', 'Another worker took over.');

/** Conditions over `run r` and `application a` (joined by the caller) under which a lease may be taken. */
export function leasable(now: Millis): SQL {
  return sql`r.finished_at IS NULL AND r.due_at <= ${now + slackMs}
    AND a.removed_at IS NULL AND (a.lease_until IS NULL OR a.lease_until <= ${now})
    AND NOT EXISTS (SELECT 1 FROM run o WHERE o.tenant = r.tenant AND o.application = r.application
      AND o.finished_at IS NULL AND o.number < r.number AND o.attempt < ${patience})`;
}

/** How many Applications of a tenant are leased. `tenant`: a value or an expression. */
export function liveLeases(tenant: SQL | string, now: Millis): SQL {
  return sql`(SELECT count(*) FROM application l WHERE l.tenant = ${tenant} AND l.lease_until > ${now})`;
}

/**
 * Two statements that take a lease; the second one answers it (`leaseOf`). On Postgres two at once may each count without
 * the other, so that the cap can be passed by as many as begin in the same moment.
 */
export function leaseStatements(tenant: string, request: LeaseRequest): readonly [SQL, SQL] {
  const { run, owner, now } = request;
  const writeId = newWriteId();
  return [
    sql`UPDATE application SET lease_owner = ${owner}, lease_run = ${run}, lease_until = ${now + request.ttlMs},
      epoch = epoch + 1, write_id = ${writeId}
      WHERE tenant = ${tenant} AND uid = (SELECT a.uid FROM run r
        JOIN application a ON a.tenant = r.tenant AND a.uid = r.application
        WHERE r.tenant = ${tenant} AND r.id = ${run} AND ${leasable(now)})
      AND (lease_until IS NULL OR lease_until <= ${now}) AND ${liveLeases(tenant, now)} < ${request.perTenantCap}`,
    sql`UPDATE run SET attempt = attempt + 1 WHERE tenant = ${tenant} AND id = ${run} AND EXISTS (SELECT 1
        FROM application stamp WHERE stamp.tenant = ${tenant} AND stamp.uid = run.application AND stamp.write_id = ${writeId})
      RETURNING tenant, id, application, attempt,
        (SELECT a.epoch FROM application a WHERE a.tenant = run.tenant AND a.uid = run.application) AS epoch`,
  ];
}

export function leaseOf(row: Readonly<Record<string, unknown>>, request: LeaseRequest): Lease {
  return {
    run: id('run', row, 'id'),
    application: id('application', row, 'application'),
    tenant: id('tenant', row, 'tenant'),
    owner: request.owner,
    epoch: whole(row, 'epoch'),
    until: request.now + request.ttlMs,
    attempt: whole(row, 'attempt'),
  };
}

export async function takeLease(context: Context, request: LeaseRequest): Promise<Lease | undefined> {
  const [, taken] = await context.driver.batch(leaseStatements(context.tenant, request));
  const row = taken?.rows[0];
  return row === undefined ? undefined : leaseOf(row, request);
}

/** Whether the lease holds at `now`, as a condition over `application` under the name `alias`. */
export function leaseHeld(lease: Lease, now: Millis, alias: string): SQL {
  const a = sql.raw(alias);
  return sql`${a}.tenant = ${lease.tenant} AND ${a}.uid = ${lease.application} AND ${a}.epoch = ${lease.epoch}
    AND ${a}.lease_owner = ${lease.owner} AND ${a}.lease_run = ${lease.run} AND ${a}.lease_until > ${now}`;
}

export async function renewLease(context: Context, lease: Lease, now: Millis, ttlMs: number): Promise<Lease> {
  const [won] = await context.driver.batch([
    sql`UPDATE application SET lease_until = ${now + ttlMs} WHERE ${leaseHeld(lease, now, 'application')}`,
  ]);
  if (won?.changes !== 1) throw leaseLost();
  return { ...lease, until: now + ttlMs };
}

/** Ends a lease where `when` holds. */
export function releaseStatement(lease: Lease, when: SQL): SQL {
  return sql`UPDATE application SET lease_owner = NULL, lease_run = NULL, lease_until = NULL
    WHERE tenant = ${lease.tenant} AND uid = ${lease.application} AND epoch = ${lease.epoch}
      AND lease_owner = ${lease.owner} AND ${when}`;
}

export async function releaseLease(
  context: Context,
  lease: Lease,
  retryAt: Millis | undefined,
): Promise<void> {
  const { tenant, driver } = context;
  if (lease.tenant !== tenant) return;
  const writeId = newWriteId();
  const stamp = sql`UPDATE application SET write_id = ${writeId} WHERE tenant = ${tenant} AND uid = ${lease.application}
    AND epoch = ${lease.epoch} AND lease_owner = ${lease.owner} AND lease_run = ${lease.run}`;
  const held = stamped('application', { tenant, uid: lease.application }, writeId);
  const later =
    retryAt === undefined
      ? []
      : [
          sql`UPDATE run SET due_at = ${retryAt} WHERE tenant = ${tenant} AND id = ${lease.run}
            AND finished_at IS NULL AND ${held}`,
          sql`UPDATE outbox SET send_at = ${retryAt} WHERE tenant = ${tenant} AND kind = 'run.advance'
            AND subject = ${lease.run} AND ${held}`,
        ];
  await driver.batch([stamp, ...later, releaseStatement(lease, held)]);
}
