import { type SQL, sql } from 'drizzle-orm';
import { auditRow, type Context, preconditionFailed, taken, untilWon } from '../context.ts';
import { pageLimit, readCursor, writePage } from '../cursor.ts';
import { newWriteId } from '../ids.ts';
import type { Receiver, ReceiverSecret } from '../model/access.ts';
import type { Json } from '../model/shared.ts';
import { receiverOf } from '../rows/access.ts';
import { maybe, object, optionalText, text } from '../rows/read.ts';
import { insert, stamped } from '../statement.ts';
import type { ReceiverRepository } from '../stores-access.ts';
import { shard } from './tenant.ts';

const listing = { list: 'receivers' };

export function receiverRepository(context: Context): ReceiverRepository {
  const { tenant, driver, clock } = context;
  const read = async (where: SQL): Promise<Receiver | undefined> => {
    const [row] = await driver.all(sql`SELECT * FROM receiver WHERE tenant = ${tenant} AND ${where}`);
    return row === undefined ? undefined : receiverOf(row);
  };
  const seal = async (id: string, { webhook, token }: ReceiverSecret): Promise<string> => {
    const value: Json = { webhook, ...maybe('token', token) };
    return (await context.sealer()).seal('receiver.secret', id, value);
  };
  return {
    get: (id) => read(sql`id = ${id}`),
    byName: (name) => read(sql`name = ${name}`),
    async secret(id) {
      const [row] = await driver.all(
        sql`SELECT secret FROM receiver WHERE tenant = ${tenant} AND id = ${id}`,
      );
      if (row === undefined) return undefined;
      const sealer = await context.sealer();
      const value = object(await sealer.open('receiver.secret', id, text(row, 'secret')), 'secret');
      return { webhook: text(value, 'webhook'), ...maybe('token', optionalText(value, 'token')) };
    },
    async list(page) {
      const sealer = await context.sealer();
      const after = (await readCursor(sealer, listing, page))?.[0] ?? '';
      const limit = pageLimit(page);
      const rows = await driver.all(
        sql`SELECT * FROM receiver WHERE tenant = ${tenant} AND id > ${after} ORDER BY id LIMIT ${limit + 1}`,
      );
      return writePage(sealer, listing, rows, {
        limit,
        item: receiverOf,
        keyset: (row) => [text(row, 'id')],
      });
    },
    async create(actor, id, receiver, secret) {
      const writeId = newWriteId();
      const now = clock.now();
      const row = {
        ...receiver,
        tenant,
        id,
        secret: await seal(id, secret),
        resource_version: 1,
        write_id: writeId,
        created_at: now,
        updated_at: now,
      };
      const held = stamped('receiver', { tenant, id }, writeId);
      const free = sql`NOT EXISTS (SELECT 1 FROM receiver WHERE tenant = ${tenant} AND name = ${receiver.name})`;
      const detail = { name: receiver.name, repository: receiver.repository };
      const [won] = await driver.batch([
        insert('receiver', row, free),
        insert('directory', { kind: 'receiver', id, tenant, shard, target: id }, held),
        ...auditRow(
          context,
          { actor, action: 'receiver.create', subjectKind: 'receiver', subject: id, detail },
          held,
        ),
      ]);
      if (won?.changes !== 1) throw taken('A receiver of this name exists already.');
      return receiverOf(row);
    },
    update: (actor, id, change) =>
      untilWon(async () => {
        const sealed = change.secret === undefined ? undefined : await seal(id, change.secret);
        const { name, kind, repository, ref, path, namespace } = change.receiver;
        const writeId = newWriteId();
        const held = stamped('receiver', { tenant, id }, writeId);
        const secret = sealed === undefined ? sql`` : sql`secret = ${sealed},`;
        const expected =
          change.expectResourceVersion === undefined
            ? sql``
            : sql`AND resource_version = ${change.expectResourceVersion}`;
        const free = sql`NOT EXISTS (SELECT 1 FROM receiver o WHERE o.tenant = ${tenant} AND o.name = ${name} AND o.id <> ${id})`;
        const detail = { name, repository, secret: sealed === undefined ? 'kept' : 'changed' };
        const [won, , , named] = await driver.batch([
          sql`UPDATE receiver SET name = ${name}, kind = ${kind}, repository = ${repository}, ref = ${ref}, path = ${path},
            namespace = ${namespace}, ${secret} resource_version = resource_version + 1, updated_at = ${clock.now()},
            write_id = ${writeId} WHERE tenant = ${tenant} AND id = ${id} ${expected} AND ${free}`,
          ...auditRow(
            context,
            { actor, action: 'receiver.update', subjectKind: 'receiver', subject: id, detail },
            held,
          ),
          sql`SELECT 1 AS named FROM receiver o WHERE o.tenant = ${tenant} AND o.name = ${name} AND o.id <> ${id}`,
        ]);
        const receiver = await read(sql`id = ${id}`);
        if (won?.changes === 1 || receiver === undefined) return { receiver };
        throw (named?.rows.length ?? 0) > 0
          ? taken('A receiver of this name exists already.')
          : preconditionFailed('The receiver');
      }).then(({ receiver }) => receiver),
    async delete(actor, id) {
      const writeId = newWriteId();
      const held = stamped('receiver', { tenant, id }, writeId);
      const [won] = await driver.batch([
        sql`UPDATE receiver SET write_id = ${writeId} WHERE tenant = ${tenant} AND id = ${id}`,
        ...auditRow(
          context,
          { actor, action: 'receiver.delete', subjectKind: 'receiver', subject: id },
          held,
        ),
        sql`DELETE FROM outbox WHERE tenant = ${tenant} AND kind = 'delivery.process' AND ${held}
          AND subject IN (SELECT d.id FROM delivery d WHERE d.tenant = ${tenant} AND d.receiver = ${id})`,
        sql`DELETE FROM directory WHERE kind = 'receiver' AND id = ${id} AND ${held}`,
        sql`DELETE FROM receiver WHERE tenant = ${tenant} AND id = ${id} AND write_id = ${writeId}`,
      ]);
      return won?.changes === 1;
    },
  };
}
