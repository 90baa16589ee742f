/** Sends the hints that a batch left in the outbox. Losing one costs time only: the sweep sends it again. */
import type { OutboxMessage } from '../db/model/shared.ts';
import { type Message, messageSchema } from '../queues/messages.ts';
import type { Deps } from './deps.ts';

const field = {
  'run.advance': 'run',
  'delivery.process': 'delivery',
  'agent.wake': 'cluster',
  'audit.seal': null,
} as const;

/** The queue's message of an outbox row. */
export function messageOf({ kind, tenant, subject }: OutboxMessage): Message {
  const name = field[kind];
  return messageSchema.parse({ v: 1, kind, tenant, ...(name === null ? {} : { [name]: subject }) });
}

/** Sends them all; a failure is logged and left to the sweep. */
export async function announce(deps: Deps, messages: readonly OutboxMessage[]): Promise<void> {
  if (messages.length === 0) return;
  try {
    await deps.queue.send(messages.map(messageOf));
  } catch (error) {
    deps.log({
      level: 'warn',
      event: 'outbox.send_failed',
      error: error instanceof Error ? error.message : String(error),
    });
  }
}
