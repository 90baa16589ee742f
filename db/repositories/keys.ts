import { sql } from 'drizzle-orm';
import { auditRow, type Context, taken } from '../context.ts';
import { pageLimit, readCursor, writePage } from '../cursor.ts';
import { newWriteId } from '../ids.ts';
import { hashToken, makeKey } from '../keys.ts';
import { keyOf } from '../rows/access.ts';
import { text } from '../rows/read.ts';
import { insert, stamped } from '../statement.ts';
import type { KeyRepository } from '../stores-access.ts';
import { shard } from './tenant.ts';

const listing = { list: 'keys' };
const noteUseMs = 60_000;

export function keyRepository(context: Context): KeyRepository {
  const { tenant, driver, clock } = context;
  return {
    async create(actor, key) {
      const secret = makeKey(key.id);
      const hash = await hashToken(secret);
      const writeId = newWriteId();
      const row = {
        tenant,
        id: key.id,
        name: key.name,
        hash,
        subject_kind: key.subject.kind,
        subject_id: key.subject.id,
        roles: JSON.stringify(key.subject.roles),
        scopes: JSON.stringify(key.scopes),
        hint: secret.slice(-4),
        write_id: writeId,
        created_at: clock.now(),
        expires_at: key.expiresAt,
        revoked_at: undefined,
        last_used_at: undefined,
      };
      const made = stamped('api_key', { tenant, id: key.id }, writeId);
      const detail = {
        name: key.name,
        subject: `${key.subject.kind}:${key.subject.id}`,
        scopes: [...key.scopes],
      };
      const [won] = await driver.batch([
        insert('api_key', row, sql`EXISTS (SELECT 1 FROM tenant WHERE id = ${tenant})`),
        insert('directory', { kind: 'key', id: hash, tenant, shard, target: key.id }, made),
        ...auditRow(
          context,
          { actor, action: 'key.create', subjectKind: 'key', subject: key.id, detail },
          made,
        ),
      ]);
      if (won?.changes !== 1) throw taken('There is no such tenant.');
      return { key: keyOf({ ...row }), secret };
    },
    async get(id) {
      const [row] = await driver.all(sql`SELECT * FROM api_key WHERE tenant = ${tenant} AND id = ${id}`);
      return row === undefined ? undefined : keyOf(row);
    },
    async list(page) {
      const sealer = await context.sealer();
      const after = (await readCursor(sealer, listing, page))?.[0] ?? '';
      const limit = pageLimit(page);
      const rows = await driver.all(
        sql`SELECT * FROM api_key WHERE tenant = ${tenant} AND id > ${after} ORDER BY id LIMIT ${limit + 1}`,
      );
      return writePage(sealer, listing, rows, { limit, item: keyOf, keyset: (row) => [text(row, 'id')] });
    },
    async revoke(actor, id) {
      const writeId = newWriteId();
      const made = stamped('api_key', { tenant, id }, writeId);
      const [, , , known] = await driver.batch([
        sql`UPDATE api_key SET revoked_at = ${clock.now()}, write_id = ${writeId}
          WHERE tenant = ${tenant} AND id = ${id} AND revoked_at IS NULL`,
        ...auditRow(context, { actor, action: 'key.revoke', subjectKind: 'key', subject: id }, made),
        sql`SELECT 1 AS known FROM api_key WHERE tenant = ${tenant} AND id = ${id}`,
      ]);
      return (known?.rows.length ?? 0) > 0;
    },
    async used(id, now) {
      await driver.batch([
        sql`UPDATE api_key SET last_used_at = ${now} WHERE tenant = ${tenant} AND id = ${id}
          AND (last_used_at IS NULL OR last_used_at <= ${now - noteUseMs})`,
      ]);
    },
  };
}
