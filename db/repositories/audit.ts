import { sql } from 'drizzle-orm';
import { toBase64Url } from '../bytes.ts';
import { auditRow, type Context } from '../context.ts';
import { pageLimit, readCursor, writePage } from '../cursor.ts';
import type { Row } from '../drivers/driver.ts';
import { newWriteId } from '../ids.ts';
import type { AuditVerification } from '../model/access.ts';
import { auditOf } from '../rows/access.ts';
import { optionalText, text, whole } from '../rows/read.ts';
import type { Sealer } from '../sealing.ts';
import { always, jsonRows, stamped } from '../statement.ts';
import type { AuditRepository } from '../stores-access.ts';

const listing = { list: 'audit' };
const verifiedAtOnce = 500;

/** A row's seal: a MAC over the seal before and everything that the row says. */
async function sealOf(sealer: Sealer, before: string, row: Row): Promise<string> {
  const said = [
    whole(row, 'seq'),
    whole(row, 'at'),
    ...['actor_kind', 'actor_id', 'action', 'subject_kind', 'subject', 'detail'].map((name) =>
      text(row, name),
    ),
  ];
  return toBase64Url(await sealer.mac('audit', JSON.stringify([before, ...said])));
}

export function auditRepository(context: Context): AuditRepository {
  const { tenant, driver } = context;
  const rowsAfter = (seq: number, limit: number) =>
    driver.all(
      sql`SELECT * FROM audit WHERE tenant = ${tenant} AND seq > ${seq} ORDER BY seq LIMIT ${limit}`,
    );
  const head = async () => {
    const [row] = await driver.all(
      sql`SELECT audit_seq, audit_sealed_seq, audit_seal FROM tenant WHERE id = ${tenant}`,
    );
    return row;
  };
  return {
    async list(page) {
      const sealer = await context.sealer();
      const before = (await readCursor(sealer, listing, page))?.[0] ?? Number.MAX_SAFE_INTEGER;
      const limit = pageLimit(page);
      const rows = await driver.all(
        sql`SELECT * FROM audit WHERE tenant = ${tenant} AND seq < ${before} ORDER BY seq DESC LIMIT ${limit + 1}`,
      );
      return writePage(sealer, listing, rows, { limit, item: auditOf, keyset: (row) => [whole(row, 'seq')] });
    },
    async note(actor, note) {
      await driver.batch(auditRow(context, { actor, ...note }, always));
    },
    async seal(limit) {
      const from = await head();
      if (from === undefined) return 0;
      const sealer = await context.sealer();
      const sealedTo = whole(from, 'audit_sealed_seq');
      let seal = optionalText(from, 'audit_seal') ?? '';
      const sealed: { seq: number; seal: string }[] = [];
      for (const row of await rowsAfter(sealedTo, limit)) {
        seal = await sealOf(sealer, seal, row);
        sealed.push({ seq: whole(row, 'seq'), seal });
      }
      const last = sealed.at(-1);
      if (last === undefined) return 0;
      const writeId = newWriteId();
      const [won] = await driver.batch([
        sql`UPDATE tenant SET audit_sealed_seq = ${last.seq}, audit_seal = ${last.seal}, write_id = ${writeId}
          WHERE id = ${tenant} AND audit_sealed_seq = ${sealedTo}`,
        sql`UPDATE audit SET seal = v.seal FROM ${jsonRows(driver.dialect, sealed, { seq: 'whole', seal: 'text' })}
          WHERE audit.tenant = ${tenant} AND audit.seq = v.seq AND ${stamped('tenant', { id: tenant }, writeId)}`,
      ]);
      return won?.changes === 1 ? sealed.length : 0;
    },
    async verify() {
      const sealer = await context.sealer();
      const end = await head();
      const sealedTo = end === undefined ? 0 : whole(end, 'audit_sealed_seq');
      const last = end === undefined ? 0 : whole(end, 'audit_seq');
      const answer = (at: number | undefined): AuditVerification => {
        const counts = { sealed: sealedTo, pending: last - sealedTo };
        return at === undefined ? { outcome: 'intact', ...counts } : { outcome: 'broken', at, ...counts };
      };
      let seal = '';
      let seq = 0;
      while (seq < last) {
        const rows = await rowsAfter(seq, verifiedAtOnce);
        if (rows.length === 0) return answer(seq + 1);
        for (const row of rows) {
          seq += 1;
          if (seq > last) break;
          if (whole(row, 'seq') !== seq) return answer(seq);
          const stored = optionalText(row, 'seal');
          if (seq > sealedTo) {
            if (stored !== undefined) return answer(seq);
            continue;
          }
          seal = await sealOf(sealer, seal, row);
          if (stored !== seal) return answer(seq);
        }
      }
      const headSeal = end === undefined ? '' : (optionalText(end, 'audit_seal') ?? '');
      return answer(seal === headSeal ? undefined : sealedTo);
    },
  };
}
