import { sql } from 'drizzle-orm';
import type { DeliveryId } from '../../engine/ids.ts';
import { auditRow, type Context, untilWon } from '../context.ts';
import { pageLimit, readCursor, writePage } from '../cursor.ts';
import type { Row } from '../drivers/driver.ts';
import { newWriteId } from '../ids.ts';
import type { NewDelivery } from '../model/access.ts';
import type { Actor, Json, OutboxMessage } from '../model/shared.ts';
import { deliveryOf, receiverOf } from '../rows/access.ts';
import { id as idOf, text, whole } from '../rows/read.ts';
import { insert, stamped } from '../statement.ts';
import type { DeliveryRepository } from '../stores-access.ts';
import { announce } from './announce.ts';

/** How long an equal body is the same delivery. */
const sameBodyMs = 10 * 60_000;

export function deliveryRepository(context: Context): DeliveryRepository {
  const { tenant, driver, clock } = context;
  const one = async (id: DeliveryId): Promise<Row | undefined> => {
    const [row] = await driver.all(sql`SELECT * FROM delivery WHERE tenant = ${tenant} AND id = ${id}`);
    return row;
  };
  const payloadOf = async (row: Row): Promise<Json> =>
    (await context.sealer()).open('delivery.payload', text(row, 'id'), text(row, 'payload'));
  const message = (id: DeliveryId): OutboxMessage => ({ kind: 'delivery.process', tenant, subject: id });
  return {
    async get(id) {
      const row = await one(id);
      return row === undefined ? undefined : deliveryOf(row, await context.sealer());
    },
    async payload(id) {
      const row = await one(id);
      return row === undefined ? undefined : payloadOf(row);
    },
    async list(receiver, page) {
      const sealer = await context.sealer();
      const listing = { list: 'deliveries', filter: receiver };
      const before = (await readCursor(sealer, listing, page))?.[0];
      const limit = pageLimit(page);
      const rows = await driver.all(
        sql`SELECT * FROM delivery WHERE tenant = ${tenant} AND receiver = ${receiver}
          ${before === undefined ? sql`` : sql`AND id < ${before}`} ORDER BY id DESC LIMIT ${limit + 1}`,
      );
      const item = (row: Row) => deliveryOf(row, sealer);
      return writePage(sealer, listing, rows, { limit, item, keyset: (row) => [text(row, 'id')] });
    },
    store: (delivery) =>
      untilWon(async () => ({ stored: await store(context, delivery) })).then(({ stored }) =>
        stored === undefined
          ? undefined
          : { ...stored, messages: stored.outcome === 'stored' ? [message(stored.delivery)] : [] },
      ),
    async start(id, now, ttlMs) {
      const [taken, receivers] = await driver.batch([
        sql`UPDATE delivery SET state = 'processing', attempt = attempt + 1, lease_until = ${now + ttlMs}
          WHERE tenant = ${tenant} AND id = ${id} AND finished_at IS NULL AND (lease_until IS NULL OR lease_until <= ${now})
          RETURNING *`,
        sql`SELECT r.* FROM receiver r JOIN delivery d ON d.tenant = r.tenant AND d.receiver = r.id
          WHERE d.tenant = ${tenant} AND d.id = ${id}`,
      ]);
      const row = taken?.rows[0];
      const receiver = receivers?.rows[0];
      if (row === undefined || receiver === undefined) return undefined;
      return {
        delivery: await deliveryOf(row, await context.sealer()),
        receiver: receiverOf(receiver),
        payload: await payloadOf(row),
      };
    },
    async finish(id, attempt, result) {
      const writeId = newWriteId();
      const held = stamped('delivery', { tenant, id }, writeId);
      const problem =
        result.problem === undefined
          ? null
          : await (await context.sealer()).seal('delivery.problem', id, result.problem);
      const actor = { kind: 'system', id: 'worker' } as const;
      const detail = { state: result.state, runs: [...(result.runs ?? [])], commit: result.commit ?? null };
      const [won] = await driver.batch([
        sql`UPDATE delivery SET state = ${result.state}, commit_id = ${result.commit ?? null},
          runs = ${JSON.stringify(result.runs ?? [])}, problem = ${problem}, finished_at = ${clock.now()},
          lease_until = NULL, write_id = ${writeId}
          WHERE tenant = ${tenant} AND id = ${id} AND attempt = ${attempt} AND finished_at IS NULL`,
        sql`DELETE FROM outbox WHERE tenant = ${tenant} AND kind = 'delivery.process' AND subject = ${id} AND ${held}`,
        ...auditRow(
          context,
          { actor, action: 'delivery.finish', subjectKind: 'delivery', subject: id, detail },
          held,
        ),
      ]);
      return won?.changes === 1;
    },
    async replay(actor, id, replayed) {
      const before = await one(id);
      if (before === undefined) return undefined;
      const made = await insertReplay(context, actor, { before, replayed, payload: await payloadOf(before) });
      if (!made) return undefined;
      const row = await one(replayed);
      if (row === undefined) return undefined;
      return { delivery: await deliveryOf(row, await context.sealer()), messages: [message(replayed)] };
    },
  };
}

async function rowOf(context: Context, delivery: Omit<NewDelivery, 'dedupeBody'>, writeId: string) {
  return {
    tenant: context.tenant,
    id: delivery.id,
    receiver: delivery.receiver,
    delivery_id: delivery.deliveryId,
    event: delivery.event,
    body_hash: delivery.bodyHash,
    payload: await (await context.sealer()).seal('delivery.payload', delivery.id, delivery.payload),
    state: 'received',
    attempt: 0,
    lease_until: undefined,
    replay_of: undefined,
    commit_id: undefined,
    runs: '[]',
    problem: undefined,
    write_id: writeId,
    received_at: context.clock.now(),
    finished_at: undefined,
  };
}

async function store(context: Context, delivery: NewDelivery) {
  const { tenant, driver, clock } = context;
  const writeId = newWriteId();
  const row = await rowOf(context, delivery, writeId);
  const held = stamped('delivery', { tenant, id: delivery.id }, writeId);
  const body = delivery.dedupeBody
    ? sql`OR (d.body_hash = ${delivery.bodyHash} AND d.received_at > ${clock.now() - sameBodyMs})`
    : sql``;
  const same = sql`SELECT d.id FROM delivery d WHERE d.tenant = ${tenant} AND d.receiver = ${delivery.receiver}
    AND d.replay_of IS NULL AND (d.delivery_id = ${delivery.deliveryId} ${body}) ORDER BY d.received_at, d.id LIMIT 1`;
  const actor = { kind: 'receiver', id: delivery.receiver } as const;
  const detail = { receiver: delivery.receiver, event: delivery.event, deliveryId: delivery.deliveryId };
  const [won, first] = await driver.batch([
    insert(
      'delivery',
      row,
      sql`EXISTS (SELECT 1 FROM receiver WHERE tenant = ${tenant} AND id = ${delivery.receiver}) AND NOT EXISTS (${same})`,
    ),
    same,
    announce(context, 'delivery.process', delivery.id, held),
    ...auditRow(
      context,
      { actor, action: 'delivery.store', subjectKind: 'delivery', subject: delivery.id, detail },
      held,
    ),
  ]);
  if (won?.changes === 1) return { outcome: 'stored', delivery: delivery.id } as const;
  const known = first?.rows[0];
  return known === undefined
    ? undefined
    : ({ outcome: 'duplicate', delivery: idOf('delivery', known, 'id') } as const);
}

async function insertReplay(
  context: Context,
  actor: Actor,
  { before, replayed, payload }: { before: Row; replayed: DeliveryId; payload: Json },
): Promise<boolean> {
  const { tenant, driver } = context;
  const writeId = newWriteId();
  const held = stamped('delivery', { tenant, id: replayed }, writeId);
  const original = text(before, 'id');
  const again = {
    id: replayed,
    receiver: idOf('receiver', before, 'receiver'),
    deliveryId: text(before, 'delivery_id'),
    event: text(before, 'event'),
    bodyHash: text(before, 'body_hash'),
    payload,
  };
  const row = { ...(await rowOf(context, again, writeId)), replay_of: original };
  const detail = { replayOf: original, attempt: whole(before, 'attempt') };
  const [won] = await driver.batch([
    insert(
      'delivery',
      row,
      sql`EXISTS (SELECT 1 FROM receiver WHERE tenant = ${tenant} AND id = ${again.receiver})`,
    ),
    announce(context, 'delivery.process', replayed, held),
    ...auditRow(
      context,
      { actor, action: 'delivery.replay', subjectKind: 'delivery', subject: replayed, detail },
      held,
    ),
  ]);
  return won?.changes === 1;
}
