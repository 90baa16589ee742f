/**
 * What every database behind the store must keep to. A driver joins by one file in test/db that gives a fixture; what it
 * can't do is a named skip with its reason, and there is none yet.
 */
import { after, before, describe, it } from 'node:test';
import type { Driver } from '../../db/drivers/driver.ts';
import { accessCases } from './repository/access.ts';
import { applicationCases } from './repository/applications.ts';
import { batchCases } from './repository/batches.ts';
import { clusterCases } from './repository/clusters.ts';
import { definitionCases } from './repository/definitions.ts';
import { deletionCases } from './repository/deletion.ts';
import { inboxCases } from './repository/inbox.ts';
import { inventoryCases } from './repository/inventory.ts';
import { leaseCases } from './repository/leases.ts';
import { pagingCases } from './repository/paging.ts';
import { runCases } from './repository/runs.ts';
import { sealingCases } from './repository/sealing.ts';
import { tenancyCases } from './repository/tenancy.ts';
import { workCases } from './repository/work.ts';
import { makeWorld, type World } from './repository/world.ts';

export interface Fixture {
  /** A driver on an empty database with all migrations. */
  open(): Promise<{ readonly driver: Driver; close(): Promise<void> }>;
}

/** Title to test. A title is a guarantee, and unique. */
export type Cases = Readonly<Record<string, (world: World) => Promise<void>>>;

const groups: Readonly<Record<string, Cases>> = {
  batches: batchCases,
  applications: applicationCases,
  definitions: definitionCases,
  deletion: deletionCases,
  paging: pagingCases,
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

export function repositoryContract(
  name: string,
  fixture: Fixture,
  skips: readonly { readonly test: string; readonly reason: string }[] = [],
): void {
  describe(`repository contract on ${name}`, () => {
    let opened: Awaited<ReturnType<Fixture['open']>>;
    before(async () => {
      opened = await fixture.open();
    });
    after(async () => opened?.close());
    for (const [group, cases] of Object.entries(groups)) {
      describe(group, () => {
        for (const [title, test] of Object.entries(cases)) {
          const skip = skips.find((one) => one.test === title)?.reason ?? false;
          it(title, { skip }, async () => test(await makeWorld(opened.driver)));
        }
      });
    }
  });
}
