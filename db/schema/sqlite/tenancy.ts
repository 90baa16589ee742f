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

export const tenant = table(
  'tenant',
  {
    id: required('id').primaryKey(),
    name: required('name'),
    display_name: required('display_name'),
    /** JSON list of `{id, wrapped}`: the data keys, wrapped by the root key; the last one seals. */
    data_keys: required('data_keys'),
    status_default: required('status_default'),
    settings: required('settings'),
    local_cluster_tenant: text('local_cluster_tenant'),
    local_cluster: text('local_cluster'),
    audit_seq: number('audit_seq'),
    audit_sealed_seq: number('audit_sealed_seq'),
    audit_seal: text('audit_seal'),
    resource_version: number('resource_version'),
    write_id: required('write_id'),
    created_at: number('created_at'),
    updated_at: number('updated_at'),
  },
  (t) => [uniqueIndex('tenant_by_name').on(t.name)],
);

/** The only table that is found without a tenant: from what a caller shows to the tenant and its shard. */
export const directory = table(
  'directory',
  {
    kind: required('kind'),
    /** An id, or the hash of a secret. */
    id: required('id'),
    tenant: required('tenant'),
    shard: required('shard'),
    /** The row's own id within the tenant. */
    target: required('target'),
  },
  (t) => [
    primaryKey({ name: 'directory_pk', columns: [t.kind, t.id] }),
    index('directory_by_tenant').on(t.tenant),
    foreignKey({ name: 'directory_tenant', columns: [t.tenant], foreignColumns: [tenant.id] }).onDelete(
      'cascade',
    ),
  ],
);

export const apiKey = table(
  'api_key',
  {
    tenant: required('tenant'),
    id: required('id'),
    name: required('name'),
    hash: required('hash'),
    subject_kind: required('subject_kind'),
    subject_id: required('subject_id'),
    roles: required('roles'),
    scopes: required('scopes'),
    hint: required('hint'),
    write_id: required('write_id'),
    created_at: number('created_at'),
    expires_at: whole('expires_at'),
    revoked_at: whole('revoked_at'),
    last_used_at: whole('last_used_at'),
  },
  (t) => [
    primaryKey({ name: 'api_key_pk', columns: [t.tenant, t.id] }),
    foreignKey({ name: 'api_key_tenant', columns: [t.tenant], foreignColumns: [tenant.id] }).onDelete(
      'cascade',
    ),
  ],
);

export const idempotency = table(
  'idempotency',
  {
    tenant: required('tenant'),
    /** Hash of the client's key and its scope. */
    key: required('key'),
    request_hash: required('request_hash'),
    token: required('token'),
    state: required('state'),
    /** Sealed. */
    response: text('response'),
    locked_until: number('locked_until'),
    created_at: number('created_at'),
    expires_at: number('expires_at'),
  },
  (t) => [
    primaryKey({ name: 'idempotency_pk', columns: [t.tenant, t.key] }),
    index('idempotency_by_expiry').on(t.expires_at),
    foreignKey({ name: 'idempotency_tenant', columns: [t.tenant], foreignColumns: [tenant.id] }).onDelete(
      'cascade',
    ),
  ],
);

export const audit = table(
  'audit',
  {
    tenant: required('tenant'),
    seq: number('seq'),
    at: number('at'),
    actor_kind: required('actor_kind'),
    actor_id: required('actor_id'),
    action: required('action'),
    subject_kind: required('subject_kind'),
    subject: required('subject'),
    detail: required('detail'),
    seal: text('seal'),
  },
  (t) => [
    primaryKey({ name: 'audit_pk', columns: [t.tenant, t.seq] }),
    foreignKey({ name: 'audit_tenant', columns: [t.tenant], foreignColumns: [tenant.id] }).onDelete(
      'cascade',
    ),
  ],
);

/**
 * Always empty. A batch whose heads must all have been won ends by inserting a row without `held` when one was
 * lost; that breaks the batch, and nothing of it is stored.
 */
export const writeAssert = table(
  'write_assert',
  { tenant: required('tenant'), held: number('held') },
  (t) => [primaryKey({ name: 'write_assert_pk', columns: [t.tenant] })],
);

export const blob = table(
  'blob',
  {
    tenant: required('tenant'),
    address: required('address'),
    size: number('size'),
    chunks: number('chunks'),
    created_at: number('created_at'),
    /** The last put: a blob that nothing names goes a day after it. */
    touched_at: number('touched_at'),
  },
  (t) => [
    primaryKey({ name: 'blob_pk', columns: [t.tenant, t.address] }),
    index('blob_by_touch').on(t.touched_at),
    foreignKey({ name: 'blob_tenant', columns: [t.tenant], foreignColumns: [tenant.id] }).onDelete('cascade'),
  ],
);

export const blobChunk = table(
  'blob_chunk',
  {
    tenant: required('tenant'),
    address: required('address'),
    n: number('n'),
    /** Sealed; base64. */
    data: required('data'),
  },
  (t) => [
    primaryKey({ name: 'blob_chunk_pk', columns: [t.tenant, t.address, t.n] }),
    foreignKey({
      name: 'blob_chunk_blob',
      columns: [t.tenant, t.address],
      foreignColumns: [blob.tenant, blob.address],
    }).onDelete('cascade'),
  ],
);
