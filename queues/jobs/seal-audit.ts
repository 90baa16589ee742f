import type { TenantId } from '../../engine/ids.ts';
import type { JobDeps } from '../deps.ts';

const LIMIT = 500;

/** Seals a tenant's audit rows in order, as many as one job may. */
export async function sealAudit(deps: Pick<JobDeps, 'stores'>, tenant: TenantId): Promise<void> {
  const store = deps.stores.of(tenant);
  const sealed = await store.audit.seal(LIMIT);
  if (sealed < LIMIT) await store.outbox.done({ kind: 'audit.seal', tenant, subject: '' });
}
