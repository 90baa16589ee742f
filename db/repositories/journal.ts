import { sql } from 'drizzle-orm';
import type { RunId } from '../../engine/ids.ts';
import type { Context } from '../context.ts';
import { newWriteId } from '../ids.ts';
import type { JournalEntry } from '../model/run.ts';
import type { BlobAddress, Json } from '../model/shared.ts';
import { object, optionalText, text, unreadable, whole } from '../rows/read.ts';
import { journalOf } from '../rows/run.ts';
import { stamped } from '../statement.ts';
import type { BlobStore } from '../stores.ts';
import type { JournalRepository } from '../stores-run.ts';
import { leaseHeld, leaseLost } from './leases.ts';
import { journalStatements } from './save-run.ts';

export function journalRepository(context: Context, blobs: BlobStore): JournalRepository {
  const { tenant, driver, clock } = context;

  const rowsOf = async (run: RunId): Promise<readonly JournalEntry[]> => {
    const rows = await driver.all(
      sql`SELECT * FROM journal WHERE tenant = ${tenant} AND run = ${run} ORDER BY step, path, hash, attempt`,
    );
    if (rows.length === 0) return [];
    const sealer = await context.sealer();
    return Promise.all(rows.map((row) => journalOf(row, sealer)));
  };

  return {
    async ofRun(run) {
      const [row] = await driver.all(
        sql`SELECT journal_blob FROM run WHERE tenant = ${tenant} AND id = ${run}`,
      );
      if (row === undefined) return [];
      const packed = optionalText(row, 'journal_blob');
      return packed === undefined ? rowsOf(run) : unpack(await blobs.getJson(packed as BlobAddress));
    },
    async append(lease, entries, now) {
      const writeId = newWriteId();
      const held = stamped('application', { tenant, uid: lease.application }, writeId);
      const [won] = await driver.batch([
        sql`UPDATE application SET write_id = ${writeId} WHERE tenant = ${tenant} AND ${leaseHeld(lease, now, 'application')}`,
        ...(await journalStatements(context, lease.run, entries, held)),
      ]);
      if (won?.changes !== 1) throw leaseLost();
    },
    async pack(run) {
      const entries = await rowsOf(run);
      if (entries.length === 0) return false;
      const address = await blobs.putJson(entries);
      const writeId = newWriteId();
      const held = stamped('run', { tenant, id: run }, writeId);
      const [won] = await driver.batch([
        sql`UPDATE run SET journal_blob = ${address}, packed_at = ${clock.now()}, write_id = ${writeId}
          WHERE tenant = ${tenant} AND id = ${run} AND finished_at IS NOT NULL AND packed_at IS NULL`,
        sql`DELETE FROM journal WHERE tenant = ${tenant} AND run = ${run} AND ${held}`,
      ]);
      return won?.changes === 1;
    },
  };
}

function unpack(value: unknown): readonly JournalEntry[] {
  if (!Array.isArray(value)) throw unreadable('run.journal_blob', 'is not a list');
  return value.map((one: Json) => {
    const row = object(one, 'run.journal_blob');
    return {
      step: text(row, 'step'),
      path: text(row, 'path'),
      hash: text(row, 'hash'),
      attempt: whole(row, 'attempt'),
      kind: text(row, 'kind'),
      result: row.result ?? null,
      createdAt: whole(row, 'createdAt'),
    };
  });
}
