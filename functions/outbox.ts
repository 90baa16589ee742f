/** Sends the hints that a batch left in the outbox. Losing one costs time only: the sweep sends it again. */
import { type Announcement, messageOf } from '../queues/messages.ts';
import type { Deps } from './deps.ts';

/** Sends them all; a failure is logged and left to the sweep. */
export async function announce(
  deps: Pick<Deps, 'queue' | 'log'>,
  messages: readonly Announcement[],
): Promise<void> {
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
