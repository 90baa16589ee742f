import { announce } from '../announce.ts';
import type { JobDeps } from '../deps.ts';

/** Messages of one flush; what is left over is overdue at the next. */
const LIMIT = 200;
/** When a message that was sent and not done is sent again, first; the store doubles it each time. */
const AGAIN_MS = 15_000;

/** Sends what should have been done by now and was not. */
export async function flushOutbox(deps: Pick<JobDeps, 'stores' | 'queue' | 'clock' | 'log'>): Promise<void> {
  await announce(deps, await deps.stores.work.takeOverdue(deps.clock.now(), LIMIT, AGAIN_MS));
}
