import { type SQL, sql } from 'drizzle-orm';
import type { Context } from '../context.ts';
import type { Row } from '../drivers/driver.ts';
import type { Lease, LoadedRun } from '../model/run.ts';
import type { Millis } from '../model/shared.ts';
import { applicationOf, revisionOf } from '../rows/application.ts';
import { bundleHeadOf, inventoryOf, targetsOf } from '../rows/cluster.ts';
import { whole } from '../rows/read.ts';
import { eventOf, journalOf, renderingOf, runOf, stepOf } from '../rows/run.ts';
import { servicesOf } from './applications.ts';
import { leaseHeld, leaseLost } from './leases.ts';
import { selectApplication, selectInventory, selectSteps, selectTargets } from './select.ts';

/** See `RunRepository.load`: one round trip, of one moment. */
export async function load(context: Context, lease: Lease, now: Millis): Promise<LoadedRun> {
  const { tenant, driver } = context;
  const { run, application: uid } = lease;
  // one after the other in one batch, read back by name
  const queries = {
    held: sql`SELECT 1 AS held FROM application a WHERE a.tenant = ${tenant} AND ${leaseHeld(lease, now, 'a')}`,
    run: sql`SELECT * FROM run WHERE tenant = ${tenant} AND id = ${run}`,
    application: selectApplication(tenant, uid),
    revision: sql`SELECT v.* FROM revision v JOIN run r ON r.tenant = v.tenant AND r.application = v.application
      AND r.revision = v.number WHERE r.tenant = ${tenant} AND r.id = ${run}`,
    steps: selectSteps(tenant, run),
    events: sql`SELECT * FROM run_event WHERE tenant = ${tenant} AND run = ${run} AND consumed_at IS NULL ORDER BY seq`,
    journal: sql`SELECT * FROM journal WHERE tenant = ${tenant} AND run = ${run} ORDER BY step, path, hash, attempt`,
    renderings: sql`SELECT * FROM rendering WHERE tenant = ${tenant} AND run = ${run}
      ORDER BY cluster, namespace, replica_key`,
    targets: selectTargets(tenant),
    bundles: sql`SELECT * FROM bundle WHERE tenant = ${tenant} AND application = ${uid} ORDER BY cluster_tenant, cluster`,
    inventory: selectInventory(tenant, uid, 'without live'),
    outbox: sql`SELECT version FROM outbox WHERE tenant = ${tenant} AND kind = 'run.advance' AND subject = ${run}`,
  } satisfies Record<string, SQL>;
  const results = await driver.batch(Object.values(queries));
  const names = Object.keys(queries);
  const rows = (name: keyof typeof queries): readonly Row[] => results[names.indexOf(name)]?.rows ?? [];
  const [runRow] = rows('run');
  const [applicationRow] = rows('application');
  const [revisionRow] = rows('revision');
  if (
    rows('held').length === 0 ||
    runRow === undefined ||
    applicationRow === undefined ||
    revisionRow === undefined
  ) {
    throw leaseLost();
  }
  const sealer = await context.sealer();
  const [outbox] = rows('outbox');
  return {
    lease,
    run: await runOf(runRow, sealer),
    application: await applicationOf(applicationRow, sealer),
    revision: await revisionOf(revisionRow, sealer),
    steps: await Promise.all(rows('steps').map((row) => stepOf(row, sealer))),
    events: await Promise.all(rows('events').map((row) => eventOf(row, sealer))),
    journal: await Promise.all(rows('journal').map((row) => journalOf(row, sealer))),
    renderings: rows('renderings').map(renderingOf),
    targets: targetsOf(rows('targets')),
    bundles: rows('bundles').map(bundleHeadOf),
    inventory: await Promise.all(rows('inventory').map((row) => inventoryOf(row, sealer))),
    services: await servicesOf(applicationRow, sealer),
    outboxVersion: outbox === undefined ? 0 : whole(outbox, 'version'),
  };
}
