import { newId } from '../../db/ids.ts';
import type { StartedRun } from '../../db/model/run.ts';
import { Fault } from '../../engine/fault.ts';
import type { Deps } from '../deps.ts';
import type { Principal } from '../middleware/request-context.ts';
import { announce } from '../outbox.ts';

/** Starts the deletion: what the Application applied goes first, then the Application itself. */
export async function removeApplication(
  deps: Deps,
  { tenant, actor }: Principal,
  target: {
    readonly namespace: string;
    readonly name: string;
    readonly expectResourceVersion?: number | undefined;
  },
): Promise<StartedRun> {
  const run = newId('run', deps.clock.now());
  const started = await deps.stores.of(tenant).applications.requestDeletion(actor, { ...target, run });
  if (started === undefined) throw new Fault('resource.not_found', 'There is no such Application.');
  await announce(deps, started.messages);
  return started;
}
