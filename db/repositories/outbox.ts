import { sql } from 'drizzle-orm';
import type { Context } from '../context.ts';
import type { Row } from '../drivers/driver.ts';
import type { OutboxKind, OutboxMessage } from '../model/shared.ts';
import { id, oneOf, text } from '../rows/read.ts';
import type { OutboxRepository } from '../stores.ts';

const kinds = [
  'run.advance',
  'application.observe',
  'delivery.process',
  'agent.wake',
  'audit.seal',
] as const satisfies readonly OutboxKind[];

export function messageOf(row: Row): OutboxMessage {
  return {
    kind: oneOf(row, 'kind', kinds),
    tenant: id('tenant', row, 'tenant'),
    subject: text(row, 'subject'),
  };
}

export function outboxRepository(context: Context): OutboxRepository {
  const { tenant, driver } = context;
  return {
    async list(limit) {
      const rows = await driver.all(
        sql`SELECT tenant, kind, subject FROM outbox WHERE tenant = ${tenant} ORDER BY send_at, kind, subject LIMIT ${limit}`,
      );
      return rows.map(messageOf);
    },
    async done(message) {
      if (message.tenant !== tenant) return;
      await driver.batch([
        sql`DELETE FROM outbox WHERE tenant = ${tenant} AND kind = ${message.kind} AND subject = ${message.subject}`,
      ]);
    },
  };
}
