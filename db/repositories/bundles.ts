import { type SQL, sql } from 'drizzle-orm';
import type { Context } from '../context.ts';
import { newWriteId } from '../ids.ts';
import type { BundleObject, PutBundle } from '../model/cluster.ts';
import type { LoadedRun } from '../model/run.ts';
import { bundleHeadOf, bundleId, bundleOf } from '../rows/cluster.ts';
import { id } from '../rows/read.ts';
import { assertHeld, inParts, insert, jsonRows } from '../statement.ts';
import type { BundleRepository } from '../stores-cluster.ts';

export function bundleRepository(context: Context): BundleRepository {
  const { tenant, driver } = context;
  return {
    async get(application, cluster) {
      const [row] = await driver.all(
        sql`SELECT * FROM bundle WHERE tenant = ${tenant} AND application = ${application}
          AND cluster_tenant = ${cluster.owner} AND cluster = ${cluster.id}`,
      );
      return row === undefined ? undefined : bundleOf(row, await context.sealer());
    },
    async heads(application) {
      const rows = await driver.all(
        sql`SELECT * FROM bundle WHERE tenant = ${tenant} AND application = ${application} ORDER BY cluster_tenant, cluster`,
      );
      return rows.map(bundleHeadOf);
    },
    async forCluster(cluster) {
      const rows = await driver.all(
        sql`SELECT b.tenant, b.application, b.cluster_tenant, b.cluster, b.sequence, b.run, b.revision, b.epoch,
            b.reported_sequence, b.created_at
          FROM bundle b JOIN cluster_grant g ON g.tenant = b.cluster_tenant AND g.cluster = b.cluster
            AND g.grantee = b.tenant AND g.revoked_at IS NULL
          JOIN cluster c ON c.tenant = b.cluster_tenant AND c.id = b.cluster AND c.state = 'active'
          WHERE b.cluster_tenant = ${tenant} AND b.cluster = ${cluster} ORDER BY b.tenant, b.application`,
      );
      return rows.map((row) => ({ ...bundleHeadOf(row), tenant: id('tenant', row, 'tenant') }));
    },
  };
}

/** Bundles that a save gives out, with their inventory. A sequence that doesn't follow, or a lost grant, breaks the batch. */
export async function bundleStatements(
  context: Context,
  loaded: LoadedRun,
  bundles: readonly PutBundle[],
  when: SQL,
): Promise<readonly SQL[]> {
  const statements: SQL[] = [];
  for (const put of bundles) {
    const { owner, id: cluster } = put.cluster;
    const key = sql`tenant = ${context.tenant} AND application = ${loaded.run.application}
      AND cluster_tenant = ${owner} AND cluster = ${cluster}`;
    statements.push(await bundleStatement(context, loaded, put, when));
    statements.push(
      assertHeld(
        context.tenant,
        sql`NOT (${when}) OR EXISTS (SELECT 1 FROM bundle WHERE ${key} AND sequence = ${put.sequence} AND run = ${loaded.run.id})`,
      ),
      ...inParts(put.refs).map((part) => wantedStatement(context, loaded, { put, part }, when)),
      sql`UPDATE inventory SET wanted = 'leaving' WHERE ${key} AND sequence < ${put.sequence} AND ${when}`,
    );
  }
  return statements;
}

async function bundleStatement(
  context: Context,
  { run, lease }: LoadedRun,
  put: PutBundle,
  when: SQL,
): Promise<SQL> {
  const { tenant, clock } = context;
  const sealer = await context.sealer();
  const row = {
    tenant,
    application: run.application,
    cluster_tenant: put.cluster.owner,
    cluster: put.cluster.id,
    sequence: put.sequence,
    run: run.id,
    revision: run.revision,
    epoch: lease.epoch,
    envelope: await sealer.seal('bundle.envelope', bundleId(run.application, put.cluster), put.envelope),
    objects: put.objects,
    previous_sequence: undefined,
    previous_envelope: undefined,
    previous_objects: undefined,
    reported_sequence: 0,
    reported_at: undefined,
    write_id: newWriteId(),
    created_at: clock.now(),
  };
  const granted = sql`EXISTS (SELECT 1 FROM cluster_grant WHERE tenant = ${put.cluster.owner} AND cluster = ${put.cluster.id}
    AND grantee = ${tenant} AND revoked_at IS NULL)`;
  const first =
    put.sequence === 1
      ? sql`1 = 1`
      : sql`EXISTS (SELECT 1 FROM bundle WHERE tenant = ${tenant}
    AND application = ${run.application} AND cluster_tenant = ${put.cluster.owner} AND cluster = ${put.cluster.id})`;
  const follow = sql`ON CONFLICT (tenant, application, cluster_tenant, cluster) DO UPDATE SET
    sequence = excluded.sequence, run = excluded.run, revision = excluded.revision, epoch = excluded.epoch,
    envelope = excluded.envelope, objects = excluded.objects, previous_sequence = bundle.sequence,
    previous_envelope = bundle.envelope, previous_objects = bundle.objects, write_id = excluded.write_id,
    created_at = excluded.created_at WHERE bundle.sequence = excluded.sequence - 1`;
  return insert('bundle', row, sql`${when} AND ${granted} AND ${first}`, follow);
}

/** What is the same as before keeps what is known of it. */
function wantedStatement(
  context: Context,
  { run }: LoadedRun,
  { put, part }: { put: PutBundle; part: readonly BundleObject[] },
  when: SQL,
): SQL {
  const unique = new Map(part.map((object) => [object.ref, object]));
  const rows = [...unique.values()].map(({ ref, apiVersion, sha256, component }) => ({
    ref,
    api_version: apiVersion,
    sha256,
    component: component ?? '',
  }));
  const columns = { ref: 'text', api_version: 'text', sha256: 'text', component: 'text' } as const;
  const same = sql`inventory.sha256 = excluded.sha256 AND inventory.wanted = 'yes'`;
  return sql`INSERT INTO inventory (tenant, application, cluster_tenant, cluster, ref, api_version, component, wanted,
      sequence, sha256, outcome, health, reason, reported_sequence, created_at)
    SELECT ${context.tenant}, ${run.application}, ${put.cluster.owner}, ${put.cluster.id}, v.ref, v.api_version,
      v.component, 'yes', CAST(${put.sequence} AS bigint), v.sha256, 'pending', 'unknown', '', 0,
      CAST(${context.clock.now()} AS bigint)
    FROM ${jsonRows(context.driver.dialect, rows, columns)} WHERE ${when}
    ON CONFLICT (tenant, application, cluster_tenant, cluster, ref) DO UPDATE SET api_version = excluded.api_version,
      component = excluded.component, wanted = 'yes', sequence = excluded.sequence, sha256 = excluded.sha256,
      outcome = CASE WHEN ${same} THEN inventory.outcome ELSE 'pending' END,
      reason = CASE WHEN ${same} THEN inventory.reason ELSE '' END,
      message = CASE WHEN ${same} THEN inventory.message ELSE NULL END`;
}
