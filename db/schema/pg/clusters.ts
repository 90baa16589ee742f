import { sql } from 'drizzle-orm';
import { application } from './applications.ts';
import {
  foreignKey,
  index,
  number,
  primaryKey,
  required,
  table,
  text,
  uniqueIndex,
  whole,
} from './columns.ts';
import { blob, tenant } from './tenancy.ts';

export const cluster = table(
  'cluster',
  {
    /** The owner. */
    tenant: required('tenant'),
    id: required('id'),
    name: required('name'),
    state: required('state'),
    labels: required('labels'),
    taints: required('taints'),
    kubernetes: required('kubernetes'),
    capabilities: required('capabilities'),
    resource_version: number('resource_version'),
    write_id: required('write_id'),
    created_at: number('created_at'),
    accepted_at: whole('accepted_at'),
    last_seen_at: whole('last_seen_at'),
  },
  (t) => [
    primaryKey({ name: 'cluster_pk', columns: [t.tenant, t.id] }),
    uniqueIndex('cluster_by_name').on(t.tenant, t.name),
    index('cluster_by_beat').on(t.last_seen_at).where(sql`state = 'active'`),
    foreignKey({ name: 'cluster_tenant', columns: [t.tenant], foreignColumns: [tenant.id] }).onDelete(
      'cascade',
    ),
  ],
);

/** Who may deliver to a cluster, its owner too. What is delivered names the grant, so that none can go without one. */
export const clusterGrant = table(
  'cluster_grant',
  {
    tenant: required('tenant'),
    cluster: required('cluster'),
    grantee: required('grantee'),
    /** The grantee's name for the cluster. */
    name: required('name'),
    cluster_scoped_account: text('cluster_scoped_account'),
    write_id: required('write_id'),
    created_at: number('created_at'),
    /** Grants are not deleted: sequences of bundles go on where they were. */
    revoked_at: whole('revoked_at'),
  },
  (t) => [
    primaryKey({ name: 'cluster_grant_pk', columns: [t.tenant, t.cluster, t.grantee] }),
    uniqueIndex('cluster_grant_by_name').on(t.grantee, t.name).where(sql`revoked_at is null`),
    foreignKey({
      name: 'cluster_grant_cluster',
      columns: [t.tenant, t.cluster],
      foreignColumns: [cluster.tenant, cluster.id],
    }).onDelete('cascade'),
    foreignKey({ name: 'cluster_grant_grantee', columns: [t.grantee], foreignColumns: [tenant.id] }).onDelete(
      'cascade',
    ),
  ],
);

/** The key keeps a namespace from being granted twice. `*`: all that no other row names. */
export const grantNamespace = table(
  'grant_namespace',
  {
    tenant: required('tenant'),
    cluster: required('cluster'),
    namespace: required('namespace'),
    grantee: required('grantee'),
    service_account: required('service_account'),
  },
  (t) => [
    primaryKey({ name: 'grant_namespace_pk', columns: [t.tenant, t.cluster, t.namespace] }),
    foreignKey({
      name: 'grant_namespace_grant',
      columns: [t.tenant, t.cluster, t.grantee],
      foreignColumns: [clusterGrant.tenant, clusterGrant.cluster, clusterGrant.grantee],
    }).onDelete('cascade'),
  ],
);

export const agent = table(
  'agent',
  {
    tenant: required('tenant'),
    id: required('id'),
    cluster: required('cluster'),
    public_key: required('public_key'),
    state: required('state'),
    counter: number('counter'),
    version: required('version'),
    write_id: required('write_id'),
    created_at: number('created_at'),
    last_seen_at: whole('last_seen_at'),
  },
  (t) => [
    primaryKey({ name: 'agent_pk', columns: [t.tenant, t.id] }),
    index('agent_by_cluster').on(t.tenant, t.cluster),
    foreignKey({
      name: 'agent_cluster',
      columns: [t.tenant, t.cluster],
      foreignColumns: [cluster.tenant, cluster.id],
    }).onDelete('cascade'),
  ],
);

export const enrolment = table(
  'enrolment',
  {
    tenant: required('tenant'),
    token_hash: required('token_hash'),
    cluster: required('cluster'),
    /** The agent that it made. */
    agent: text('agent'),
    public_key: text('public_key'),
    write_id: required('write_id'),
    created_at: number('created_at'),
    expires_at: number('expires_at'),
    used_at: whole('used_at'),
  },
  (t) => [
    primaryKey({ name: 'enrolment_pk', columns: [t.tenant, t.token_hash] }),
    index('enrolment_by_expiry').on(t.expires_at),
    foreignKey({
      name: 'enrolment_cluster',
      columns: [t.tenant, t.cluster],
      foreignColumns: [cluster.tenant, cluster.id],
    }).onDelete('cascade'),
  ],
);

/** The newest bundle of an Application for a cluster, and the one before. */
export const bundle = table(
  'bundle',
  {
    tenant: required('tenant'),
    application: required('application'),
    cluster_tenant: required('cluster_tenant'),
    cluster: required('cluster'),
    sequence: number('sequence'),
    run: required('run'),
    revision: number('revision'),
    epoch: number('epoch'),
    /** Sealed. */
    envelope: required('envelope'),
    objects: required('objects'),
    previous_sequence: whole('previous_sequence'),
    /** Sealed. */
    previous_envelope: text('previous_envelope'),
    previous_objects: text('previous_objects'),
    reported_sequence: number('reported_sequence'),
    reported_at: whole('reported_at'),
    write_id: required('write_id'),
    created_at: number('created_at'),
  },
  (t) => [
    primaryKey({ name: 'bundle_pk', columns: [t.tenant, t.application, t.cluster_tenant, t.cluster] }),
    index('bundle_by_cluster').on(t.cluster_tenant, t.cluster, t.tenant, t.application),
    index('bundle_by_objects').on(t.tenant, t.objects),
    index('bundle_by_previous_objects').on(t.tenant, t.previous_objects),
    foreignKey({
      name: 'bundle_application',
      columns: [t.tenant, t.application],
      foreignColumns: [application.tenant, application.uid],
    }).onDelete('cascade'),
    foreignKey({
      name: 'bundle_grant',
      columns: [t.cluster_tenant, t.cluster, t.tenant],
      foreignColumns: [clusterGrant.tenant, clusterGrant.cluster, clusterGrant.grantee],
    }).onDelete('cascade'),
    foreignKey({
      name: 'bundle_blob',
      columns: [t.tenant, t.objects],
      foreignColumns: [blob.tenant, blob.address],
    }),
    foreignKey({
      name: 'bundle_previous_blob',
      columns: [t.tenant, t.previous_objects],
      foreignColumns: [blob.tenant, blob.address],
    }),
  ],
);

/** What an Application has, or is about to have, in a cluster; a row an object. */
export const inventory = table(
  'inventory',
  {
    tenant: required('tenant'),
    application: required('application'),
    cluster_tenant: required('cluster_tenant'),
    cluster: required('cluster'),
    ref: required('ref'),
    api_version: required('api_version'),
    component: required('component'),
    wanted: required('wanted'),
    sequence: number('sequence'),
    sha256: required('sha256'),
    outcome: required('outcome'),
    health: required('health'),
    reason: required('reason'),
    reported_sequence: number('reported_sequence'),
    /** Sealed, as the next three. */
    message: text('message'),
    health_message: text('health_message'),
    drift: text('drift'),
    live: text('live'),
    reported_at: whole('reported_at'),
    created_at: number('created_at'),
  },
  (t) => [
    primaryKey({
      name: 'inventory_pk',
      columns: [t.tenant, t.application, t.cluster_tenant, t.cluster, t.ref],
    }),
    foreignKey({
      name: 'inventory_bundle',
      columns: [t.tenant, t.application, t.cluster_tenant, t.cluster],
      foreignColumns: [bundle.tenant, bundle.application, bundle.cluster_tenant, bundle.cluster],
    }).onDelete('cascade'),
  ],
);

export const plan = table(
  'plan',
  {
    tenant: required('tenant'),
    id: required('id'),
    state: required('state'),
    /** Sealed. */
    request: required('request'),
    write_id: required('write_id'),
    created_at: number('created_at'),
    expires_at: number('expires_at'),
  },
  (t) => [
    primaryKey({ name: 'plan_pk', columns: [t.tenant, t.id] }),
    index('plan_by_expiry').on(t.expires_at),
    foreignKey({ name: 'plan_tenant', columns: [t.tenant], foreignColumns: [tenant.id] }).onDelete('cascade'),
  ],
);

/** What a plan asks of one cluster, and what that cluster's agent has said. */
export const planPart = table(
  'plan_part',
  {
    tenant: required('tenant'),
    plan: required('plan'),
    cluster: required('cluster'),
    state: required('state'),
    /** Sealed, as the next. */
    request: required('request'),
    result: text('result'),
    write_id: required('write_id'),
  },
  (t) => [
    primaryKey({ name: 'plan_part_pk', columns: [t.tenant, t.plan, t.cluster] }),
    index('plan_part_by_cluster').on(t.tenant, t.cluster, t.state),
    foreignKey({
      name: 'plan_part_plan',
      columns: [t.tenant, t.plan],
      foreignColumns: [plan.tenant, plan.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'plan_part_cluster',
      columns: [t.tenant, t.cluster],
      foreignColumns: [cluster.tenant, cluster.id],
    }).onDelete('cascade'),
  ],
);
