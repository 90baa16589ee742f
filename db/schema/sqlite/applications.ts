import { sql } from 'drizzle-orm';
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
import { tenant } from './tenancy.ts';

/** Rows are never changed, only followed by a higher sequence or hidden. */
export const definition = table(
  'definition',
  {
    tenant: required('tenant'),
    kind: required('kind'),
    namespace: required('namespace'),
    name: required('name'),
    version: required('version'),
    sequence: number('sequence'),
    format: required('format'),
    /** Sealed. */
    source: required('source'),
    content_hash: required('content_hash'),
    write_id: required('write_id'),
    created_at: number('created_at'),
    deleted_at: whole('deleted_at'),
  },
  (t) => [
    primaryKey({ name: 'definition_pk', columns: [t.tenant, t.kind, t.namespace, t.name, t.sequence] }),
    uniqueIndex('definition_by_version')
      .on(t.tenant, t.kind, t.namespace, t.name, t.version)
      .where(sql`deleted_at is null`),
    foreignKey({ name: 'definition_tenant', columns: [t.tenant], foreignColumns: [tenant.id] }).onDelete(
      'cascade',
    ),
  ],
);

export const application = table(
  'application',
  {
    tenant: required('tenant'),
    uid: required('uid'),
    namespace: required('namespace'),
    name: required('name'),
    state: required('state'),
    generation: number('generation'),
    resource_version: number('resource_version'),
    revision: number('revision'),
    latest_revision: number('latest_revision'),
    spec_hash: required('spec_hash'),
    /** Sealed `{labels, annotations}`. */
    metadata: required('metadata'),
    /** Sealed: health of the services, as last evaluated. */
    services: text('services'),
    /** The newest run. */
    run: required('run'),
    run_count: number('run_count'),
    status: required('status'),
    event_seq: number('event_seq'),
    lease_owner: text('lease_owner'),
    lease_run: text('lease_run'),
    lease_until: whole('lease_until'),
    epoch: number('epoch'),
    write_id: required('write_id'),
    created_at: number('created_at'),
    updated_at: number('updated_at'),
    deletion_requested_at: whole('deletion_requested_at'),
    removed_at: whole('removed_at'),
  },
  (t) => [
    primaryKey({ name: 'application_pk', columns: [t.tenant, t.uid] }),
    uniqueIndex('application_by_name').on(t.tenant, t.namespace, t.name).where(sql`removed_at is null`),
    index('application_by_lease').on(t.tenant, t.lease_until).where(sql`lease_until is not null`),
    index('application_removed').on(t.removed_at).where(sql`removed_at is not null`),
    foreignKey({ name: 'application_tenant', columns: [t.tenant], foreignColumns: [tenant.id] }).onDelete(
      'cascade',
    ),
  ],
);

export const applicationLabel = table(
  'application_label',
  {
    tenant: required('tenant'),
    application: required('application'),
    name: required('name'),
    value: required('value'),
  },
  (t) => [
    primaryKey({ name: 'application_label_pk', columns: [t.tenant, t.application, t.name] }),
    index('application_label_by_value').on(t.tenant, t.name, t.value, t.application),
    foreignKey({
      name: 'application_label_application',
      columns: [t.tenant, t.application],
      foreignColumns: [application.tenant, application.uid],
    }).onDelete('cascade'),
  ],
);

/** Never changed. */
export const revision = table(
  'revision',
  {
    tenant: required('tenant'),
    application: required('application'),
    number: number('number'),
    spec_hash: required('spec_hash'),
    /** Sealed `{spec, labels, annotations, extra}`. */
    content: required('content'),
    /** JSON list of the definitions it is rendered with. */
    pins: required('pins'),
    engine: required('engine'),
    created_at: number('created_at'),
  },
  (t) => [
    primaryKey({ name: 'revision_pk', columns: [t.tenant, t.application, t.number] }),
    foreignKey({
      name: 'revision_application',
      columns: [t.tenant, t.application],
      foreignColumns: [application.tenant, application.uid],
    }).onDelete('cascade'),
  ],
);

/** What the public may read. Not sealed, since it is public. */
export const status = table(
  'status',
  {
    tenant: required('tenant'),
    id: required('id'),
    application: required('application'),
    visibility: required('visibility'),
    summary: required('summary'),
    version: number('version'),
    write_id: required('write_id'),
    updated_at: number('updated_at'),
  },
  (t) => [
    primaryKey({ name: 'status_pk', columns: [t.tenant, t.id] }),
    uniqueIndex('status_by_application').on(t.tenant, t.application),
    foreignKey({
      name: 'status_application',
      columns: [t.tenant, t.application],
      foreignColumns: [application.tenant, application.uid],
    }).onDelete('cascade'),
  ],
);
