import { sql } from 'drizzle-orm';
import { application, revision } from './applications.ts';
import { foreignKey, index, number, primaryKey, required, table, text, whole } from './columns.ts';
import { blob, tenant } from './tenancy.ts';

export const run = table(
  'run',
  {
    tenant: required('tenant'),
    id: required('id'),
    application: required('application'),
    number: number('number'),
    revision: number('revision'),
    kind: required('kind'),
    rendered_by: text('rendered_by'),
    phase: required('phase'),
    /** Sealed; absent before the first advance. */
    state: text('state'),
    version: number('version'),
    /** Leases since the last save. */
    attempt: number('attempt'),
    due_at: whole('due_at'),
    write_id: required('write_id'),
    created_at: number('created_at'),
    started_at: whole('started_at'),
    finished_at: whole('finished_at'),
    journal_blob: text('journal_blob'),
    packed_at: whole('packed_at'),
  },
  (t) => [
    primaryKey({ name: 'run_pk', columns: [t.tenant, t.id] }),
    index('run_by_application').on(t.tenant, t.application, t.number),
    index('run_due').on(t.tenant, t.due_at).where(sql`due_at is not null`),
    index('run_unfinished').on(t.tenant, t.application).where(sql`finished_at is null`),
    index('run_unpacked').on(t.finished_at).where(sql`packed_at is null and finished_at is not null`),
    index('run_by_journal').on(t.tenant, t.journal_blob).where(sql`journal_blob is not null`),
    foreignKey({
      name: 'run_revision',
      columns: [t.tenant, t.application, t.revision],
      foreignColumns: [revision.tenant, revision.application, revision.number],
    }).onDelete('cascade'),
    foreignKey({
      name: 'run_journal',
      columns: [t.tenant, t.journal_blob],
      foreignColumns: [blob.tenant, blob.address],
    }),
  ],
);

export const runStep = table(
  'run_step',
  {
    tenant: required('tenant'),
    run: required('run'),
    step: required('step'),
    cluster: required('cluster'),
    namespace: required('namespace'),
    replica_key: required('replica_key'),
    position: number('position'),
    type: required('type'),
    phase: required('phase'),
    reason: required('reason'),
    /** Sealed. */
    message: text('message'),
    attempt: number('attempt'),
    first_at: whole('first_at'),
    last_at: whole('last_at'),
  },
  (t) => [
    primaryKey({
      name: 'run_step_pk',
      columns: [t.tenant, t.run, t.step, t.cluster, t.namespace, t.replica_key],
    }),
    foreignKey({
      name: 'run_step_run',
      columns: [t.tenant, t.run],
      foreignColumns: [run.tenant, run.id],
    }).onDelete('cascade'),
  ],
);

export const runEvent = table(
  'run_event',
  {
    tenant: required('tenant'),
    application: required('application'),
    seq: number('seq'),
    run: required('run'),
    kind: required('kind'),
    /** Sealed. */
    payload: required('payload'),
    created_at: number('created_at'),
    consumed_at: whole('consumed_at'),
  },
  (t) => [
    primaryKey({ name: 'run_event_pk', columns: [t.tenant, t.application, t.seq] }),
    index('run_event_by_run').on(t.tenant, t.run, t.seq),
    index('run_event_pending').on(t.tenant, t.run).where(sql`consumed_at is null`),
    index('run_event_by_age').on(t.created_at),
    foreignKey({
      name: 'run_event_run',
      columns: [t.tenant, t.run],
      foreignColumns: [run.tenant, run.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'run_event_application',
      columns: [t.tenant, t.application],
      foreignColumns: [application.tenant, application.uid],
    }).onDelete('cascade'),
  ],
);

export const journal = table(
  'journal',
  {
    tenant: required('tenant'),
    run: required('run'),
    step: required('step'),
    path: required('path'),
    hash: required('hash'),
    attempt: number('attempt'),
    kind: required('kind'),
    /** Sealed. */
    result: required('result'),
    created_at: number('created_at'),
  },
  (t) => [
    primaryKey({ name: 'journal_pk', columns: [t.tenant, t.run, t.step, t.path, t.hash, t.attempt] }),
    foreignKey({
      name: 'journal_run',
      columns: [t.tenant, t.run],
      foreignColumns: [run.tenant, run.id],
    }).onDelete('cascade'),
  ],
);

/** What a run rendered, by placement; a rollback delivers it again. */
export const rendering = table(
  'rendering',
  {
    tenant: required('tenant'),
    run: required('run'),
    cluster: required('cluster'),
    namespace: required('namespace'),
    replica_key: required('replica_key'),
    objects: required('objects'),
    count: number('count'),
    created_at: number('created_at'),
  },
  (t) => [
    primaryKey({ name: 'rendering_pk', columns: [t.tenant, t.run, t.cluster, t.namespace, t.replica_key] }),
    index('rendering_by_objects').on(t.tenant, t.objects),
    foreignKey({
      name: 'rendering_run',
      columns: [t.tenant, t.run],
      foreignColumns: [run.tenant, run.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'rendering_blob',
      columns: [t.tenant, t.objects],
      foreignColumns: [blob.tenant, blob.address],
    }),
  ],
);

/**
 * Work that was stored and must be announced until it is done. Equal announcements are one row; the version tells
 * whether another came while the work was being done.
 */
export const outbox = table(
  'outbox',
  {
    tenant: required('tenant'),
    kind: required('kind'),
    subject: required('subject'),
    version: number('version'),
    send_at: number('send_at'),
    attempts: number('attempts'),
    created_at: number('created_at'),
  },
  (t) => [
    primaryKey({ name: 'outbox_pk', columns: [t.tenant, t.kind, t.subject] }),
    index('outbox_by_time').on(t.send_at),
    foreignKey({ name: 'outbox_tenant', columns: [t.tenant], foreignColumns: [tenant.id] }).onDelete(
      'cascade',
    ),
  ],
);

export const approval = table(
  'approval',
  {
    tenant: required('tenant'),
    run: required('run'),
    step: required('step'),
    state: required('state'),
    /** Sealed. */
    request: required('request'),
    actor_kind: text('actor_kind'),
    actor_id: text('actor_id'),
    /** Sealed. */
    comment: text('comment'),
    write_id: required('write_id'),
    requested_at: number('requested_at'),
    decided_at: whole('decided_at'),
  },
  (t) => [
    primaryKey({ name: 'approval_pk', columns: [t.tenant, t.run, t.step] }),
    foreignKey({
      name: 'approval_run',
      columns: [t.tenant, t.run],
      foreignColumns: [run.tenant, run.id],
    }).onDelete('cascade'),
  ],
);
