/** The local stack whole: state, Workers, store, first tenant, and a cluster with its agent for each tenant. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { d1Driver } from '../../db/drivers/d1.ts';
import { migrate } from '../../db/migrations/migrate.ts';
import type { Tenant } from '../../db/model/access.ts';
import { openStores } from '../../db/open.ts';
import type { Stores } from '../../db/stores.ts';
import { startTenantCluster, type TenantCluster } from './clusters.ts';
import { type Stack, startStack } from './stack.ts';
import { openState, StartFailure, type State } from './state.ts';

export interface LocalOptions {
  readonly root: string;
  readonly port: number;
  readonly stateDirectory: string;
  readonly kubeconfig: string | undefined;
  readonly reset: boolean;
  /** Takes the calm lines for a person. */
  readonly say: (line: string) => void;
  readonly onFailure: (text: string) => void;
}

export interface Local {
  readonly url: string;
  readonly key: string;
  readonly operatorKey: string;
  /** `sandbox`, or the name of the given cluster. */
  readonly cluster: string;
  close(): Promise<void>;
}

const FIRST_TENANT = 'demo';
const TENANT_WATCH_MS = 1000;

/** Makes the first tenant through the API, once; its key lies in the state folder. */
async function firstTenant(stack: Stack, state: State): Promise<string> {
  const { tenantKey, operatorKey } = state.keys;
  if (tenantKey !== undefined) return tenantKey;
  const response = await fetch(`${stack.url}/v1/tenants`, {
    method: 'POST',
    headers: { authorization: `Bearer ${operatorKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: FIRST_TENANT, displayName: 'Demo' }),
  });
  const body = (await response.json()) as { key?: string; detail?: string };
  if (!response.ok || body.key === undefined) {
    throw new StartFailure(
      `The first tenant could not be made (${body.detail ?? response.status}); begin anew with --reset.`,
    );
  }
  state.save({ ...state.keys, tenantKey: body.key });
  return body.key;
}

/** Gives every tenant that appears later a sandbox of its own. */
function watchTenants(
  stores: Stores,
  start: (tenant: Tenant) => Promise<void>,
  onFailure: (text: string) => void,
) {
  let busy = false;
  const timer = setInterval(async () => {
    if (busy) return;
    busy = true;
    try {
      for (const tenant of await stores.listTenants(undefined, 100)) await start(tenant);
    } catch (error) {
      onFailure(
        `A tenant's cluster did not start: ${error instanceof Error ? error.message : String(error)}`,
      );
    } finally {
      busy = false;
    }
  }, TENANT_WATCH_MS);
  return () => clearInterval(timer);
}

/** Starts everything. Throws StartFailure with one sentence for what a user can mend; leaves nothing running then. */
export async function startLocal(options: LocalOptions): Promise<Local> {
  const { kubeconfig, say } = options;
  if (kubeconfig !== undefined && !existsSync(kubeconfig)) {
    throw new StartFailure(`There is no kubeconfig at ${kubeconfig}.`);
  }
  const state = openState(options.stateDirectory, options.reset);
  const running: { close(): Promise<void> }[] = [{ close: async () => state.close() }];
  const close = async () => {
    for (const part of running.reverse()) await part.close();
  };
  try {
    const stack = await startStack({ root: options.root, port: options.port, state });
    running.push(stack);
    const driver = d1Driver(stack.database);
    await migrate(driver);
    const clock = { now: () => Date.now() };
    const dataKey = Buffer.from(state.keys.dataKey, 'base64url');
    const stores = openStores(driver, { dataKey, clock });
    const key = await firstTenant(stack, state);
    const { keyId, publicKey } = state.keys.signing;
    const deps = { stores, clock, hub: { id: state.keys.hubId, keys: [{ keyId, publicKey }] } };
    const common = {
      root: options.root,
      stateDirectory: state.directory,
      url: stack.url,
      deps,
      onFailure: options.onFailure,
    };
    const clusters = new Map<string, TenantCluster>();
    running.push({
      close: async () => void (await Promise.all([...clusters.values()].map((cluster) => cluster.stop()))),
    });
    const start = async (tenant: Tenant) => {
      if (clusters.has(tenant.name)) return;
      const given = tenant.name === FIRST_TENANT ? kubeconfig : undefined;
      clusters.set(tenant.name, await startTenantCluster(common, tenant, given));
    };
    for (const tenant of await stores.listTenants(undefined, 100)) await start(tenant);
    const unwatch = watchTenants(stores, start, options.onFailure);
    running.push({ close: async () => unwatch() });
    const cluster = clusters.get(FIRST_TENANT)?.name ?? 'sandbox';
    introduce(say, { url: stack.url, key, cluster, directory: state.directory });
    return { url: stack.url, key, operatorKey: state.keys.operatorKey, cluster, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function introduce(
  say: (line: string) => void,
  facts: { url: string; key: string; cluster: string; directory: string },
): void {
  const { url, key, cluster, directory } = facts;
  const where = cluster === 'sandbox' ? 'a sandbox cluster' : 'the cluster of your kubeconfig';
  say(`Mainsheet serves at ${url} and delivers to ${where}.`);
  say(`Key of the tenant ${FIRST_TENANT}: ${key}`);
  say(`Everything is kept in ${directory} (the operator's key in ${join(directory, 'keys.json')}).`);
  say('\nDeliver an example:\n');
  say(
    `  curl -H "Authorization: Bearer ${key}" --data-binary @examples/website.yaml ${url}/v1/applications\n`,
  );
  say('Its answer names the run and the public status address. Ctrl-C stops everything.');
}
