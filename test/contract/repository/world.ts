/** What the tests of the repository contract stand on: a store with a clock that stands still, and two tenants. */
import { type SQL, sql } from 'drizzle-orm';
import type { Driver } from '../../../db/drivers/driver.ts';
import { newId } from '../../../db/ids.ts';
import { hashToken } from '../../../db/keys.ts';
import type { SubmitApplication } from '../../../db/model/application.ts';
import type { BundleObject, Cluster, PutBundle } from '../../../db/model/cluster.ts';
import type { LoadedRun, RunSave } from '../../../db/model/run.ts';
import type { Actor } from '../../../db/model/shared.ts';
import { openStores } from '../../../db/open.ts';
import type { Stores, TenantStore } from '../../../db/stores.ts';
import type { AgentId, ApplicationUid, RunId } from '../../../engine/ids.ts';

export const operator: Actor = { kind: 'operator', id: 'test' };

export interface World {
  readonly driver: Driver;
  readonly stores: Stores;
  readonly clock: { at: number; now(): number };
  readonly a: TenantStore;
  readonly b: TenantStore;
}

const dataKey = new Uint8Array(32).fill(7);

export async function makeWorld(driver: Driver): Promise<World> {
  await driver.batch(clear());
  const clock = {
    at: 1_800_000_000_000,
    now() {
      return this.at;
    },
  };
  const stores = openStores(driver, { dataKey, clock });
  const a = await makeTenant({ stores, clock }, 'a');
  const b = await makeTenant({ stores, clock }, 'b');
  return { driver, stores, clock, a, b };
}

/** Everything of one tenant, or of all. Postgres must see what names a blob go before the blob. */
export function clear(tenant?: string): readonly SQL[] {
  const of = (column: string) => (tenant === undefined ? sql`` : sql`WHERE ${sql.raw(column)} = ${tenant}`);
  return [sql`DELETE FROM application ${of('tenant')}`, sql`DELETE FROM tenant ${of('id')}`];
}

export async function makeTenant(world: Pick<World, 'stores' | 'clock'>, name: string): Promise<TenantStore> {
  const id = newId('tenant', world.clock.at);
  await world.stores.createTenant(operator, { id, name });
  return world.stores.of(id);
}

/** An Application to submit; `spec` is what its hash is made of. */
export function asked(
  world: World,
  name: string,
  spec: string,
  more: Partial<SubmitApplication> = {},
): SubmitApplication {
  return {
    uid: newId('application', world.clock.at),
    run: newId('run', world.clock.at),
    status: newId('status', world.clock.at),
    namespace: 'default',
    name,
    labels: {},
    annotations: {},
    spec: { components: [{ name: spec }] },
    specHash: `hash of ${spec}`,
    pins: [
      {
        kind: 'component',
        namespace: 'vela-system',
        name: 'webservice',
        type: 'webservice@v1',
        origin: 'tenant',
        version: '1',
        contentHash: 'c1',
      },
    ],
    engine: '0.1.0',
    statusVisibility: 'public',
    ...more,
  };
}

export async function submit(
  world: World,
  store: TenantStore,
  name: string,
  spec: string,
  more: Partial<SubmitApplication> = {},
) {
  const { applications } = await store.applications.submit(operator, {
    applications: [asked(world, name, spec, more)],
  });
  const [made] = applications;
  if (made === undefined) throw new Error('nothing was submitted');
  return made;
}

/** A run under lease and loaded. */
export async function begin(
  world: World,
  store: TenantStore,
  run: RunId,
  owner = 'worker',
): Promise<LoadedRun> {
  const lease = await store.runs.lease({ run, owner, now: world.clock.at, ttlMs: 30_000, perTenantCap: 100 });
  if (lease === undefined) throw new Error('no lease');
  return store.runs.load(lease, world.clock.at);
}

export const saving = (more: Partial<RunSave> = {}): RunSave => ({
  phase: 'running',
  state: { phase: 'running' },
  finished: false,
  release: true,
  ...more,
});

export const finishing = (more: Partial<RunSave> = {}): RunSave =>
  saving({ phase: 'succeeded', state: { phase: 'succeeded' }, finished: true, ...more });

/** Leases, loads, and saves a run as finished; consumes all that it was told. */
export async function finish(
  world: World,
  store: TenantStore,
  run: RunId,
  more: Partial<RunSave> = {},
): Promise<void> {
  const loaded = await begin(world, store, run);
  const consumedTo = loaded.events.at(-1)?.seq;
  await store.runs.save(loaded, finishing({ consumedTo, ...more }), world.clock.at);
}

/** A cluster of the tenant with an accepted agent, and the agent's id. */
export async function makeCluster(
  world: World,
  store: TenantStore,
  name: string,
): Promise<{ cluster: Cluster; agent: AgentId; token: string }> {
  const now = world.clock.at;
  const token = `token of ${store.id} ${name} ${newId('plan', now)}`;
  const tokenHash = await hashToken(token);
  const invited = await store.clusters.invite(operator, {
    id: newId('cluster', now),
    name,
    tokenHash,
    expiresAt: now + 60_000,
  });
  const agent = newId('agent', now);
  const asked = {
    tokenHash,
    agent,
    publicKey: `key of ${agent}`,
    version: '0.1.0',
    kubernetes: { version: 'v1.35' },
  };
  await store.agents.enrol(asked, now);
  const grant = { namespaces: [{ namespace: '*', serviceAccount: 'mainsheet/deployer' }] };
  const cluster = await store.clusters.accept(operator, name, agent, grant);
  if (cluster === undefined) throw new Error(`${invited.name} is gone`);
  return { cluster, agent, token };
}

export const object = (name: string, sha256 = `sha of ${name}`): BundleObject => ({
  ref: `/ConfigMap/default/${name}`,
  apiVersion: 'v1',
  sha256,
  component: name,
});

export async function bundle(
  store: TenantStore,
  cluster: Cluster,
  sequence: number,
  refs: readonly BundleObject[],
): Promise<PutBundle> {
  const objects = await store.blobs.putJson(refs);
  const ref = { owner: cluster.owner, id: cluster.id };
  return { cluster: ref, sequence, envelope: `envelope ${sequence}`, objects, refs };
}

/** An Application whose finished run gave one bundle with these objects to the cluster. */
export async function delivered(
  world: World,
  store: TenantStore,
  cluster: Cluster,
  {
    name = 'web',
    spec = 'one',
    objects = [object('one')],
  }: { name?: string; spec?: string; objects?: BundleObject[] } = {},
): Promise<{ uid: ApplicationUid; run: RunId; status: string }> {
  const made = await submit(world, store, name, spec);
  const head = (await store.bundles.heads(made.uid)).find((one) => one.cluster.id === cluster.id);
  const put = await bundle(store, cluster, (head?.sequence ?? 0) + 1, objects);
  const placement = { cluster: cluster.name, namespace: 'default', replicaKey: '' };
  await finish(world, store, made.run, {
    bundles: [put],
    renderings: [{ placement, objects: put.objects, count: objects.length }],
  });
  return { uid: made.uid, run: made.run, status: made.status };
}

/** All rows of all tables as text, to look for what must not stand there, or for changes. */
export async function dump(driver: Driver, tables: readonly string[]): Promise<Record<string, string>> {
  const results = await driver.batch(tables.map((table) => sql`SELECT * FROM ${sql.raw(table)}`));
  return Object.fromEntries(
    tables.map((table, n) => [
      table,
      JSON.stringify((results[n]?.rows ?? []).map((row) => JSON.stringify(row)).sort()),
    ]),
  );
}
