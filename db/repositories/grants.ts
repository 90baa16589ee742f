import { type SQL, sql } from 'drizzle-orm';
import type { ClusterId, TenantId } from '../../engine/ids.ts';
import { auditRow, type Context, taken, untilWon } from '../context.ts';
import { newWriteId } from '../ids.ts';
import { grantsOf } from '../rows/cluster.ts';
import { insert, jsonRows, stamped } from '../statement.ts';
import type { GrantRepository, OwnerGrant } from '../stores-cluster.ts';
import { selectGrants } from './select.ts';

export interface NewGrant extends OwnerGrant {
  readonly cluster: ClusterId;
  readonly grantee: TenantId;
  /** The grantee's name for the cluster. */
  readonly name: string;
}

/** Holds where the grantee calls no other cluster by this name. */
export function nameFree(tenant: string, grant: Pick<NewGrant, 'cluster' | 'grantee' | 'name'>): SQL {
  return sql`NOT EXISTS (SELECT 1 FROM cluster_grant o WHERE o.grantee = ${grant.grantee} AND o.name = ${grant.name}
    AND o.revoked_at IS NULL AND NOT (o.tenant = ${tenant} AND o.cluster = ${grant.cluster}))`;
}

/** Holds where no namespace of the grant is another's. */
export function namespacesFree(context: Context, grant: NewGrant): SQL {
  const rows = grant.namespaces.map(({ namespace }) => ({ namespace }));
  return sql`NOT EXISTS (SELECT 1 FROM grant_namespace o JOIN ${jsonRows(context.driver.dialect, rows, { namespace: 'text' })}
    ON v.namespace = o.namespace WHERE o.tenant = ${context.tenant} AND o.cluster = ${grant.cluster}
      AND o.grantee <> ${grant.grantee})`;
}

/** The grant and its namespaces in place of what it was; the first statement is the guard, stamped with `writeId`. */
export function grantStatements(
  context: Context,
  grant: NewGrant,
  writeId: string,
  when: SQL,
): readonly SQL[] {
  const { tenant, driver, clock } = context;
  const key = { tenant, cluster: grant.cluster, grantee: grant.grantee };
  const row = {
    ...key,
    name: grant.name,
    cluster_scoped_account: grant.clusterScopedAccount,
    write_id: writeId,
    created_at: clock.now(),
    revoked_at: undefined,
  };
  const again = sql`ON CONFLICT (tenant, cluster, grantee) DO UPDATE SET name = excluded.name, revoked_at = NULL,
    cluster_scoped_account = ${grant.clusterScopedAccount ?? null}, write_id = excluded.write_id`;
  const held = stamped('cluster_grant', key, writeId);
  const namespaces = grant.namespaces.map(({ namespace, serviceAccount }) => ({
    namespace,
    account: serviceAccount,
  }));
  return [
    insert('cluster_grant', row, when, again),
    sql`DELETE FROM grant_namespace WHERE tenant = ${tenant} AND cluster = ${grant.cluster}
      AND grantee = ${grant.grantee} AND ${held}`,
    sql`INSERT INTO grant_namespace (tenant, cluster, namespace, grantee, service_account)
      SELECT ${tenant}, ${grant.cluster}, v.namespace, ${grant.grantee}, v.account
      FROM ${jsonRows(driver.dialect, namespaces, { namespace: 'text', account: 'text' })} WHERE ${held}`,
  ];
}

export function grantRepository(context: Context): GrantRepository {
  const { tenant, driver, clock } = context;
  const list = async (cluster: ClusterId) => grantsOf(await driver.all(selectGrants(tenant, cluster)));
  return {
    list,
    put: (actor, cluster, asked) =>
      untilWon(async () => {
        const grant = { ...asked, cluster };
        const writeId = newWriteId();
        const held = stamped('cluster_grant', { tenant, cluster, grantee: grant.grantee }, writeId);
        const own = sql`EXISTS (SELECT 1 FROM cluster WHERE tenant = ${tenant} AND id = ${cluster})`;
        const possible = sql`${own} AND EXISTS (SELECT 1 FROM tenant WHERE id = ${grant.grantee})
          AND ${nameFree(tenant, grant)} AND ${namespacesFree(context, grant)}`;
        const namespaces = grant.namespaces.map(({ namespace }) => namespace);
        const detail = { grantee: grant.grantee, name: grant.name, namespaces };
        const [won, , , , , known] = await driver.batch([
          ...grantStatements(context, grant, writeId, possible),
          ...auditRow(
            context,
            { actor, action: 'grant.put', subjectKind: 'cluster', subject: cluster, detail },
            held,
          ),
          sql`SELECT 1 AS known FROM cluster WHERE ${own} AND tenant = ${tenant} AND id = ${cluster}`,
        ]);
        if (known?.rows.length === 0) return { grant: undefined };
        if (won?.changes !== 1)
          throw taken('A namespace or the name is granted to another, or there is no such tenant.');
        return { grant: (await list(cluster)).find((one) => one.grantee === grant.grantee) };
      }).then(({ grant }) => grant),
    async delete(actor, cluster, grantee) {
      const writeId = newWriteId();
      const key = { tenant, cluster, grantee };
      const held = stamped('cluster_grant', key, writeId);
      const entry = {
        actor,
        action: 'grant.delete',
        subjectKind: 'cluster',
        subject: cluster,
        detail: { grantee },
      };
      const [won] = await driver.batch([
        sql`UPDATE cluster_grant SET revoked_at = ${clock.now()}, write_id = ${writeId}
          WHERE tenant = ${tenant} AND cluster = ${cluster} AND grantee = ${grantee} AND revoked_at IS NULL`,
        sql`DELETE FROM grant_namespace WHERE tenant = ${tenant} AND cluster = ${cluster} AND grantee = ${grantee} AND ${held}`,
        ...auditRow(context, entry, held),
      ]);
      return won?.changes === 1;
    },
  };
}
