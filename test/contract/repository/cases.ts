import { accessCases } from './access.ts';
import { applicationCases } from './applications.ts';
import { batchCases } from './batches.ts';
import { clusterCases } from './clusters.ts';
import { definitionCases } from './definitions.ts';
import { deletionCases } from './deletion.ts';
import { inboxCases } from './inbox.ts';
import { inventoryCases } from './inventory.ts';
import { leaseCases } from './leases.ts';
import { pagingCases } from './paging.ts';
import { planCases } from './plans.ts';
import { runCases } from './runs.ts';
import { sealingCases } from './sealing.ts';
import { tenancyCases } from './tenancy.ts';
import { workCases } from './work.ts';
import type { World } from './world.ts';

/** Title to test. A title is a guarantee, and unique. */
export type Cases = Readonly<Record<string, (world: World) => Promise<void>>>;

export const groups: Readonly<Record<string, Cases>> = {
  batches: batchCases,
  applications: applicationCases,
  definitions: definitionCases,
  deletion: deletionCases,
  paging: pagingCases,
  plans: planCases,
  leases: leaseCases,
  runs: runCases,
  work: workCases,
  clusters: clusterCases,
  inventory: inventoryCases,
  access: accessCases,
  inbox: inboxCases,
  tenancy: tenancyCases,
  sealing: sealingCases,
};
