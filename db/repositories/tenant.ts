import { sql } from 'drizzle-orm';
import type { TenantId } from '../../engine/ids.ts';
import { auditRow, type Context, preconditionFailed, taken, untilWon } from '../context.ts';
import type { Driver } from '../drivers/driver.ts';
import { newWriteId } from '../ids.ts';
import type { Tenant } from '../model/access.ts';
import type { Actor } from '../model/shared.ts';
import { tenantOf } from '../rows/access.ts';
import { newDataKey, type RootKeys } from '../sealing.ts';
import { insert, stamped } from '../statement.ts';
import type { NewTenant } from '../stores.ts';
import type { TenantRepository } from '../stores-access.ts';

/** The one shard there is yet. */
export const shard = '0';

export async function createTenant(
  context: Context,
  roots: RootKeys,
  actor: Actor,
  asked: NewTenant,
): Promise<Tenant> {
  const { driver, clock } = context;
  const now = clock.now();
  const writeId = newWriteId();
  const row = {
    id: asked.id,
    name: asked.name,
    display_name: asked.displayName ?? asked.name,
    data_keys: JSON.stringify([await newDataKey(roots, asked.id, 'k1')]),
    status_default: asked.statusDefault ?? 'public',
    settings: '{}',
    local_cluster_tenant: undefined,
    local_cluster: undefined,
    audit_seq: 0,
    audit_sealed_seq: 0,
    audit_seal: undefined,
    resource_version: 1,
    write_id: writeId,
    created_at: now,
    updated_at: now,
  };
  const free = sql`NOT EXISTS (SELECT 1 FROM tenant WHERE name = ${asked.name} OR id = ${asked.id})`;
  const made = stamped('tenant', { id: asked.id }, writeId);
  const entry = { kind: 'tenant', id: asked.name, tenant: asked.id, shard, target: asked.id };
  const audit = {
    actor,
    action: 'tenant.create',
    subjectKind: 'tenant',
    subject: asked.id,
    detail: { name: asked.name },
  };
  const [won] = await driver.batch([
    insert('tenant', row, free),
    insert('directory', entry, made),
    ...auditRow(context, audit, made),
  ]);
  if (won?.changes !== 1) throw taken('A tenant of this name exists already.');
  return tenantOf({ ...row, local_cluster: null, local_cluster_tenant: null });
}

export async function listTenants(driver: Driver, after: string, limit: number): Promise<readonly Tenant[]> {
  const rows = await driver.all(sql`SELECT * FROM tenant WHERE name > ${after} ORDER BY name LIMIT ${limit}`);
  return rows.map(tenantOf);
}

export async function readTenant(driver: Driver, tenant: TenantId): Promise<Tenant | undefined> {
  const [row] = await driver.all(sql`SELECT * FROM tenant WHERE id = ${tenant}`);
  return row === undefined ? undefined : tenantOf(row);
}

export function tenantRepository(context: Context): TenantRepository {
  const { tenant, driver, clock } = context;
  const get = () => readTenant(driver, tenant);
  return {
    get,
    update: (actor, change) =>
      untilWon(async () => {
        const before = await get();
        if (before === undefined) return { changed: undefined };
        const expected = change.expectResourceVersion ?? before.resourceVersion;
        const writeId = newWriteId();
        const made = stamped('tenant', { id: tenant }, writeId);
        const [won] = await driver.batch([
          sql`UPDATE tenant SET display_name = ${change.displayName ?? before.displayName},
            status_default = ${change.statusDefault ?? before.statusDefault},
            settings = ${JSON.stringify(change.settings ?? before.settings)},
            resource_version = resource_version + 1, updated_at = ${clock.now()}, write_id = ${writeId}
            WHERE id = ${tenant} AND resource_version = ${expected}`,
          ...auditRow(
            context,
            { actor, action: 'tenant.update', subjectKind: 'tenant', subject: tenant },
            made,
          ),
        ]);
        if (won?.changes === 1) return { changed: await get() };
        if (change.expectResourceVersion !== undefined) throw preconditionFailed('The tenant');
        return undefined;
      }).then(({ changed }) => changed),
  };
}
