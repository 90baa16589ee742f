import { type SQL, sql } from 'drizzle-orm';
import type { Driver } from '../drivers/driver.ts';
import type { Millis } from '../model/shared.ts';

const day = 24 * 60 * 60_000;
const eventsKept = 30 * day;
const inboxKept = 14 * day;
const removedKept = 30 * day;
/** A blob is put before what names it is written. */
const blobsKept = day;
const plansKept = 60 * 60_000;
/** So that an agent that lost the answer can repeat its request. */
const tokensKept = day;

const named = sql`(EXISTS (SELECT 1 FROM rendering r WHERE r.tenant = blob.tenant AND r.objects = blob.address)
  OR EXISTS (SELECT 1 FROM bundle b WHERE b.tenant = blob.tenant AND b.objects = blob.address)
  OR EXISTS (SELECT 1 FROM bundle b WHERE b.tenant = blob.tenant AND b.previous_objects = blob.address)
  OR EXISTS (SELECT 1 FROM run r WHERE r.tenant = blob.tenant AND r.journal_blob = blob.address))`;

/** See `Work.expire`. Each table's deletions are by an index on time, `limit` rows at most. */
export async function expire(
  driver: Driver,
  now: Millis,
  limit: number,
): Promise<Readonly<Record<string, number>>> {
  const oldTokens = sql`SELECT t.tenant, t.token_hash FROM enrolment t WHERE t.expires_at < ${now - tokensKept}
    ORDER BY t.expires_at, t.token_hash LIMIT ${limit}`;
  const removed = sql`SELECT a.tenant, a.uid FROM application a WHERE a.removed_at < ${now - removedKept}
    ORDER BY a.removed_at, a.uid LIMIT ${limit}`;
  const oldBlobs = sql`SELECT o.tenant, o.address FROM blob o WHERE o.touched_at < ${now - blobsKept}
    ORDER BY o.touched_at, o.address LIMIT ${limit}`;
  const steps: readonly (readonly [string, SQL])[] = [
    [
      'run_event',
      sql`DELETE FROM run_event WHERE (tenant, application, seq) IN (SELECT e.tenant, e.application, e.seq FROM run_event e
        JOIN run r ON r.tenant = e.tenant AND r.id = e.run WHERE e.created_at < ${now - eventsKept}
        AND (e.consumed_at IS NOT NULL OR r.finished_at IS NOT NULL) ORDER BY e.created_at LIMIT ${limit})`,
    ],
    [
      'delivery',
      sql`DELETE FROM delivery WHERE (tenant, id) IN (SELECT d.tenant, d.id FROM delivery d
        WHERE d.received_at < ${now - inboxKept} ORDER BY d.received_at LIMIT ${limit})`,
    ],
    [
      'plan',
      sql`DELETE FROM plan WHERE (tenant, id) IN (SELECT p.tenant, p.id FROM plan p
        WHERE p.expires_at < ${now - plansKept} ORDER BY p.expires_at LIMIT ${limit})`,
    ],
    [
      'idempotency',
      sql`DELETE FROM idempotency WHERE (tenant, key) IN (SELECT i.tenant, i.key FROM idempotency i
        WHERE i.expires_at < ${now} ORDER BY i.expires_at LIMIT ${limit})`,
    ],
    ['directory', sql`DELETE FROM directory WHERE kind = 'enrolment' AND (tenant, id) IN (${oldTokens})`],
    ['enrolment', sql`DELETE FROM enrolment WHERE (tenant, token_hash) IN (${oldTokens})`],
    ['directory', sql`DELETE FROM directory WHERE kind = 'status' AND (tenant, target) IN (${removed})`],
    ['application', sql`DELETE FROM application WHERE (tenant, uid) IN (${removed})`],
    [
      'outbox',
      sql`DELETE FROM outbox WHERE send_at < ${now} AND kind = 'run.advance' AND NOT EXISTS (SELECT 1 FROM run r
        WHERE r.tenant = outbox.tenant AND r.id = outbox.subject AND r.finished_at IS NULL)`,
    ],
    [
      'outbox',
      sql`DELETE FROM outbox WHERE send_at < ${now} AND kind = 'delivery.process' AND NOT EXISTS (SELECT 1 FROM delivery d
        WHERE d.tenant = outbox.tenant AND d.id = outbox.subject AND d.finished_at IS NULL)`,
    ],
    // what is still named is looked at again in a day, so that a sweep doesn't walk over all of them each time
    ['', sql`UPDATE blob SET touched_at = ${now} WHERE (tenant, address) IN (${oldBlobs}) AND ${named}`],
    ['blob', sql`DELETE FROM blob WHERE (tenant, address) IN (${oldBlobs}) AND NOT ${named}`],
  ];
  // counted by their rows: D1 also counts what cascades
  const results = await driver.batch(steps.map(([, statement]) => sql`${statement} RETURNING tenant`));
  const gone: Record<string, number> = {};
  for (const [n, [table]] of steps.entries()) {
    if (table !== '') gone[table] = (gone[table] ?? 0) + (results[n]?.rows.length ?? 0);
  }
  return gone;
}
