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

export const receiver = table(
  'receiver',
  {
    tenant: required('tenant'),
    id: required('id'),
    name: required('name'),
    kind: required('kind'),
    repository: required('repository'),
    ref: required('ref'),
    path: required('path'),
    namespace: required('namespace'),
    /** Sealed. */
    secret: required('secret'),
    resource_version: number('resource_version'),
    write_id: required('write_id'),
    created_at: number('created_at'),
    updated_at: number('updated_at'),
  },
  (t) => [
    primaryKey({ name: 'receiver_pk', columns: [t.tenant, t.id] }),
    uniqueIndex('receiver_by_name').on(t.tenant, t.name),
    foreignKey({ name: 'receiver_tenant', columns: [t.tenant], foreignColumns: [tenant.id] }).onDelete(
      'cascade',
    ),
  ],
);

/** The inbox of webhooks. */
export const delivery = table(
  'delivery',
  {
    tenant: required('tenant'),
    id: required('id'),
    receiver: required('receiver'),
    delivery_id: required('delivery_id'),
    event: required('event'),
    body_hash: required('body_hash'),
    /** Sealed. */
    payload: required('payload'),
    state: required('state'),
    attempt: number('attempt'),
    lease_until: whole('lease_until'),
    /** May point to a row that its time took away. */
    replay_of: text('replay_of'),
    commit_id: text('commit_id'),
    runs: required('runs'),
    /** Sealed. */
    problem: text('problem'),
    write_id: required('write_id'),
    received_at: number('received_at'),
    finished_at: whole('finished_at'),
  },
  (t) => [
    primaryKey({ name: 'delivery_pk', columns: [t.tenant, t.id] }),
    uniqueIndex('delivery_once').on(t.tenant, t.receiver, t.delivery_id).where(sql`replay_of is null`),
    index('delivery_by_body').on(t.tenant, t.receiver, t.body_hash, t.received_at),
    index('delivery_by_age').on(t.received_at),
    foreignKey({
      name: 'delivery_receiver',
      columns: [t.tenant, t.receiver],
      foreignColumns: [receiver.tenant, receiver.id],
    }).onDelete('cascade'),
  ],
);
