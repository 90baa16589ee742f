import { newId } from '../../db/ids.ts';
import type { StartedRun } from '../../db/model/run.ts';
import { Fault } from '../../engine/fault.ts';
import type { Deps } from '../deps.ts';
import type { Principal } from '../middleware/request-context.ts';
import { announce } from '../outbox.ts';

/** Delivers what was rendered for an older revision again, as a new sequence and without rendering. */
export async function rollback(
  deps: Deps,
  { tenant, actor }: Principal,
  target: { readonly namespace: string; readonly name: string; readonly revision: number },
): Promise<StartedRun> {
  const store = deps.stores.of(tenant);
  const application = await store.applications.get(target.namespace, target.name);
  if (application === undefined) throw new Fault('resource.not_found', 'There is no such Application.');
  const started = await store.runs.startRollback(actor, {
    application: application.uid,
    revision: target.revision,
    run: newId('run', deps.clock.now()),
  });
  if (started === undefined)
    throw new Fault('resource.not_found', `There is no revision ${target.revision}.`);
  await announce(deps, started.messages);
  return started;
}
