/** Queries that several repositories read by, so that one round trip can hold many of them. */
import { type SQL, sql } from 'drizzle-orm';

/** The uid of the Application that has this name now. */
export function uidByName(tenant: string, namespace: string, name: string): SQL {
  return sql`(SELECT uid FROM application WHERE tenant = ${tenant} AND namespace = ${namespace} AND name = ${name}
    AND removed_at IS NULL)`;
}

/** With the content of the wanted revision and the visibility of its status. `uid`: a value or an expression. */
export function selectApplication(tenant: string, uid: SQL | string): SQL {
  return sql`SELECT a.*, s.visibility, v.content FROM application a
    JOIN status s ON s.tenant = a.tenant AND s.application = a.uid
    JOIN revision v ON v.tenant = a.tenant AND v.application = a.uid AND v.number = a.revision
    WHERE a.tenant = ${tenant} AND a.uid = ${uid} AND a.removed_at IS NULL`;
}

export function selectNewestRun(tenant: string, uid: SQL | string): SQL {
  return sql`SELECT * FROM run WHERE tenant = ${tenant} AND id = (SELECT run FROM application
    WHERE tenant = ${tenant} AND uid = ${uid})`;
}

export function selectSteps(tenant: string, run: SQL | string): SQL {
  return sql`SELECT * FROM run_step WHERE tenant = ${tenant} AND run = ${run}
    ORDER BY position, step, cluster, namespace, replica_key`;
}

export function selectStepsOfNewestRun(tenant: string, uid: SQL | string): SQL {
  return selectSteps(tenant, sql`(SELECT run FROM application WHERE tenant = ${tenant} AND uid = ${uid})`);
}

const leanInventory = sql`tenant, application, cluster_tenant, cluster, ref, api_version, component, wanted, sequence, sha256,
  outcome, reason, health, reported_sequence, message, health_message, drift, reported_at`;

export function selectInventory(tenant: string, uid: SQL | string, live: 'without live' | 'with live'): SQL {
  return sql`SELECT ${live === 'with live' ? sql`*` : leanInventory} FROM inventory
    WHERE tenant = ${tenant} AND application = ${uid} ORDER BY cluster_tenant, cluster, ref`;
}

const grantColumns = sql`g.tenant AS grant_tenant, g.cluster AS grant_cluster, g.grantee AS grant_grantee,
  g.name AS grant_name, g.cluster_scoped_account AS grant_account, g.created_at AS grant_created_at,
  n.namespace AS grant_namespace, n.service_account AS grant_service_account`;

const grantJoin = sql`LEFT JOIN grant_namespace n ON n.tenant = g.tenant AND n.cluster = g.cluster
  AND n.grantee = g.grantee`;

/** Clusters that a tenant may deliver to, a row a granted namespace. */
export function selectTargets(tenant: string): SQL {
  return sql`SELECT c.*, ${grantColumns},
    CASE WHEN t.local_cluster = c.id AND t.local_cluster_tenant = c.tenant THEN 1 ELSE 0 END AS is_local
    FROM cluster_grant g JOIN cluster c ON c.tenant = g.tenant AND c.id = g.cluster JOIN tenant t ON t.id = g.grantee
    ${grantJoin} WHERE g.grantee = ${tenant} AND g.revoked_at IS NULL ORDER BY g.name, n.namespace`;
}

/** Grants of one own cluster, a row a namespace. */
export function selectGrants(tenant: string, cluster: string): SQL {
  return sql`SELECT ${grantColumns} FROM cluster_grant g ${grantJoin}
    WHERE g.tenant = ${tenant} AND g.cluster = ${cluster} AND g.revoked_at IS NULL ORDER BY g.grantee, n.namespace`;
}
