/**
 * What both dialects share: the names of the tables, and which of them are not a tenant's. Ids and enumerations are
 * text, times are milliseconds in an integer, sealed values and JSON are text: one SQL serves both.
 */
export const tenantTables = [
  'tenant',
  'api_key',
  'definition',
  'application',
  'application_label',
  'revision',
  'status',
  'run',
  'run_step',
  'run_event',
  'journal',
  'rendering',
  'outbox',
  'approval',
  'cluster',
  'cluster_grant',
  'grant_namespace',
  'agent',
  'enrolment',
  'bundle',
  'inventory',
  'receiver',
  'delivery',
  'plan',
  'plan_part',
  'idempotency',
  'audit',
  'blob',
  'blob_chunk',
  'write_assert',
] as const;

/** The only table that is found without a tenant. */
export const globalTables = ['directory'] as const;

export const tables = [...tenantTables, ...globalTables] as const;

export type DirectoryKind = 'key' | 'receiver' | 'status' | 'agent' | 'enrolment' | 'tenant';
