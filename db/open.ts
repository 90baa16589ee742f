import { sql } from 'drizzle-orm';
import { Fault } from '../engine/fault.ts';
import type { TenantId } from '../engine/ids.ts';
import type { Context } from './context.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { directory } from './directory.ts';
import type { Driver } from './drivers/driver.ts';
import { agentRepository } from './repositories/agents.ts';
import { applicationRepository } from './repositories/applications.ts';
import { auditRepository } from './repositories/audit.ts';
import { blobStore } from './repositories/blobs.ts';
import { bundleRepository } from './repositories/bundles.ts';
import { clusterRepository } from './repositories/clusters.ts';
import { definitionRepository } from './repositories/definitions.ts';
import { deliveryRepository } from './repositories/deliveries.ts';
import { eventRepository } from './repositories/events.ts';
import { grantRepository } from './repositories/grants.ts';
import { idempotencyRepository } from './repositories/idempotency.ts';
import { inventoryRepository } from './repositories/inventory.ts';
import { journalRepository } from './repositories/journal.ts';
import { keyRepository } from './repositories/keys.ts';
import { outboxRepository } from './repositories/outbox.ts';
import { planRepository } from './repositories/plans.ts';
import { receiverRepository } from './repositories/receivers.ts';
import { revisionRepository } from './repositories/revisions.ts';
import { runRepository } from './repositories/runs.ts';
import { statusRepository } from './repositories/statuses.ts';
import { createTenant, listTenants, tenantRepository } from './repositories/tenant.ts';
import { isObject, json, text, unreadable } from './rows/read.ts';
import { openSealer, type RootKeys, rootKeys, type Sealer, type WrappedKey } from './sealing.ts';
import type { Stores, StoresOptions, TenantStore } from './stores.ts';
import { work } from './work.ts';

/** Opened data keys that are kept; the one that came first goes. */
const sealersKept = 500;

/** Opens the store over a database whose tables are up to date (migrations/migrate.ts). */
export function openStores(driver: Driver, options: StoresOptions): Stores {
  const roots = rootKeys(options.dataKey, options.formerDataKeys);
  const sealers = sealerCache(driver, roots);
  const contextOf = (tenant: TenantId): Context => ({
    tenant,
    driver,
    clock: options.clock,
    sealer: () => sealers(tenant),
  });
  return {
    of: (tenant) => tenantStore(contextOf(tenant)),
    directory: directory(driver),
    work: work(driver),
    createTenant: (actor, tenant) => createTenant(contextOf(tenant.id), roots, actor, tenant),
    listTenants: (after, limit) => listTenants(driver, after ?? '', limit),
  };
}

function tenantStore(context: Context): TenantStore {
  const blobs = blobStore(context);
  return {
    id: context.tenant,
    tenant: tenantRepository(context),
    keys: keyRepository(context),
    definitions: definitionRepository(context),
    applications: applicationRepository(context),
    revisions: revisionRepository(context),
    statuses: statusRepository(context),
    runs: runRepository(context),
    events: eventRepository(context),
    journal: journalRepository(context, blobs),
    outbox: outboxRepository(context),
    clusters: clusterRepository(context),
    grants: grantRepository(context),
    agents: agentRepository(context),
    bundles: bundleRepository(context),
    inventory: inventoryRepository(context),
    receivers: receiverRepository(context),
    deliveries: deliveryRepository(context),
    plans: planRepository(context),
    idempotency: idempotencyRepository(context),
    audit: auditRepository(context),
    blobs,
    cursors: {
      write: async (listing, keyset) => writeCursor(await context.sealer(), listing, keyset),
      read: async (listing, page) => readCursor(await context.sealer(), listing, page),
    },
  };
}

function sealerCache(driver: Driver, roots: RootKeys): (tenant: TenantId) => Promise<Sealer> {
  const opened = new Map<TenantId, Promise<Sealer>>();
  return (tenant) => {
    const present = opened.get(tenant);
    if (present !== undefined) return present;
    const fresh = readSealer(driver, roots, tenant);
    const [first] = opened.keys();
    if (opened.size >= sealersKept && first !== undefined) opened.delete(first);
    opened.set(tenant, fresh);
    fresh.catch(() => opened.delete(tenant));
    return fresh;
  };
}

async function readSealer(driver: Driver, roots: RootKeys, tenant: TenantId): Promise<Sealer> {
  const [row] = await driver.all(sql`SELECT data_keys FROM tenant WHERE id = ${tenant}`);
  if (row === undefined) throw new Fault('resource.not_found', 'Not found.', { internal: 'no such tenant' });
  const keys = json(row, 'data_keys');
  if (!Array.isArray(keys)) throw unreadable('data_keys', 'is not a list');
  const wrapped: WrappedKey[] = [];
  for (const key of keys) {
    if (!isObject(key)) throw unreadable('data_keys', 'holds no key');
    wrapped.push({ id: text(key, 'id'), wrapped: text(key, 'wrapped') });
  }
  return openSealer(roots, tenant, wrapped);
}
