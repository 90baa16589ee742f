/** Judges the services of an Application whose run has ended, after its clusters have said something new. */
import type { Observation } from '../../db/model/application.ts';
import type { TenantStore } from '../../db/stores.ts';
import type { ApplicationUid, TenantId } from '../../engine/ids.ts';
import { digest } from '../../engine/workflow/digest.ts';
import { publicSummary } from '../../engine/workflow/public-status.ts';
import { storedRunOf } from '../../engine/workflow/status.ts';
import type { JobDeps } from '../deps.ts';
import { plain } from '../plain.ts';
import { readRendering } from '../renderings.ts';

export async function observeApplication(
  deps: Pick<JobDeps, 'stores' | 'evaluate'>,
  tenant: TenantId,
  application: ApplicationUid,
): Promise<void> {
  const store = deps.stores.of(tenant);
  const observation = await store.applications.observation(application);
  if (observation === undefined) return;
  const services = await servicesNow(deps, store, observation);
  const publicStatus = publicSummary({ ...observation, services });
  // Somebody who looked later was faster: what they stored is newer.
  await store.applications.observed(
    application,
    { services, publicStatus: plain(publicStatus) },
    observation.outboxVersion,
  );
}

async function servicesNow(deps: Pick<JobDeps, 'evaluate'>, store: TenantStore, observation: Observation) {
  const { run, inventory } = observation;
  const stored = storedRunOf(run?.state);
  const progress = stored !== null && 'progress' in stored.state ? stored.state.progress : null;
  if (run === undefined || progress === null) return observation.services;
  const rendering = await readRendering(store, await store.runs.renderings(run.id));
  if (rendering === undefined) return observation.services;
  const facts = inventory.map((row) => ({ ...row, cluster: row.cluster.id }));
  const done = new Map(
    progress.destinations.map(({ cluster, delivered }) => [cluster, delivered?.sequence ?? 0]),
  );
  const { destinations } = progress;
  const input = { rendering, destinations, inventory: facts, done, counter: 0, evaluate: deps.evaluate };
  return plain(digest(input).services);
}
