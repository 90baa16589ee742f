/** Sends the hints that a batch has left in the outbox. One that is lost costs time only: the sweep sends it again. */
import type { JobDeps } from './deps.ts';
import { type Announcement, messageOf } from './messages.ts';

export async function announce(
  deps: Pick<JobDeps, 'queue' | 'log'>,
  messages: readonly Announcement[],
): Promise<void> {
  if (messages.length === 0) return;
  try {
    await deps.queue.send(messages.map(messageOf));
  } catch (error) {
    deps.log({
      level: 'warn',
      event: 'outbox.send_failed',
      error: error instanceof Error ? error.message : '',
    });
  }
}
