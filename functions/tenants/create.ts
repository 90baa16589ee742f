import { newId } from '../../db/ids.ts';
import type { Tenant } from '../../db/model/access.ts';
import type { Deps } from '../deps.ts';

export interface CreateTenant {
  readonly name: string;
  readonly displayName?: string | undefined;
  readonly status?: 'public' | 'off' | undefined;
}

/** Makes a tenant and its first key, of role admin. Fault `resource.conflict` for a taken name. */
export async function createTenant(
  deps: Deps,
  input: CreateTenant,
): Promise<{ tenant: Tenant; key: string }> {
  const now = deps.clock.now();
  const actor = { kind: 'operator', id: 'operator' } as const;
  const tenant = await deps.stores.createTenant(actor, {
    id: newId('tenant', now),
    name: input.name,
    displayName: input.displayName,
    statusDefault: input.status,
  });
  const { secret } = await deps.stores.of(tenant.id).keys.create(actor, {
    id: newId('key', now),
    name: 'first key',
    subject: { kind: 'tenant', id: tenant.name, roles: ['admin'] },
    scopes: [],
  });
  return { tenant, key: secret };
}
