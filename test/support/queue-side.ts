/**
 * The queue side in this process without time of its own: messages lie in a list until a test hands them over, the
 * clock stands until it is moved, and the cluster is an agent of a few lines that can be asked to sync and report.
 */
import { generateKeyPairSync } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import type { Driver } from '../../db/drivers/driver.ts';
import { nodeSqliteDriver } from '../../db/drivers/node-sqlite.ts';
import { newId } from '../../db/ids.ts';
import { hashToken } from '../../db/keys.ts';
import { migrate } from '../../db/migrations/migrate.ts';
import { openStores } from '../../db/open.ts';
import type { Stores, TenantStore } from '../../db/stores.ts';
import { createSubmissions } from '../../db/submission/submit.ts';
import { libraries } from '../../engine/definitions/libraries.ts';
import { velaPackages } from '../../engine/definitions/packages.ts';
import { StockDefinitions } from '../../engine/definitions/registry.ts';
import { stockFiles } from '../../engine/definitions/stock.generated.ts';
import { type BundleIndex, envelopeSchema, type Pack, refKey } from '../../engine/delivery/bundle.ts';
import { indexOf } from '../../engine/delivery/pack.ts';
import { statusEvaluator } from '../../engine/health/evaluate.ts';
import { healthOf } from '../../engine/health/index.ts';
import type { ApplicationUid, ClusterId, TenantId } from '../../engine/ids.ts';
import type { JsonObject } from '../../engine/json.ts';
import { TemplateCache } from '../../engine/render/template-cache.ts';
import { consume } from '../../queues/consume.ts';
import type { JobDeps } from '../../queues/deps.ts';
import { sweep } from '../../queues/jobs/sweep.ts';
import { type Announcement, type Message, messageOf } from '../../queues/messages.ts';
import type { Egress } from '../../queues/ports.ts';
import { revisionRenderer } from '../../queues/render.ts';
import { ed25519Signer } from '../../queues/signing.ts';

const system = { kind: 'system', id: 'test' } as const;

// Compiled once for all tests of a process: they change nothing in it.
const ours = new StockDefinitions(stockFiles);
const cache = new TemplateCache({ libraries, imports: velaPackages('render') });
const evaluate = statusEvaluator({ libraries });

export interface QueueSide {
  readonly stores: Stores;
  readonly store: TenantStore;
  readonly tenant: TenantId;
  readonly jobs: JobDeps;
  readonly clock: { at: number; now(): number };
  /** What has been sent and not handed over. */
  readonly messages: Message[];
  readonly logged: Readonly<Record<string, unknown>>[];
  readonly agent: SimulatedAgent;
  /** Hands over a message; a retry puts it back. */
  handle(message: Message): Promise<string>;
  /** Hands over everything until nothing is left. */
  drain(): Promise<void>;
  sweep(): Promise<void>;
  submit(name: string, data: Readonly<Record<string, Readonly<Record<string, string>>>>): Promise<void>;
  /** Submits documents; what is wrong is thrown. */
  submitText(text: string): Promise<void>;
  send(messages: readonly Announcement[]): void;
}

const noEgress: Egress = {
  fetch() {
    throw new Error('nothing goes out here');
  },
};

export interface QueueSideOptions {
  readonly egress?: Egress;
  /** Instead of the stock definitions of this version. */
  readonly stock?: StockDefinitions;
  /** Puts something between the store and its database. */
  readonly wrap?: (driver: Driver) => Driver;
  /** Without one the tenant has no cluster. */
  readonly cluster?: boolean;
  readonly change?: (jobs: JobDeps) => JobDeps;
}

export async function openQueueSide(options: QueueSideOptions = {}): Promise<QueueSide> {
  const driver = nodeSqliteDriver(new DatabaseSync(':memory:'));
  await migrate(driver);
  const clock = {
    at: 1_800_000_000_000,
    now() {
      return this.at;
    },
  };
  const quiet = openStores(driver, { dataKey: new Uint8Array(32).fill(7), clock });
  const stores = openStores(options.wrap?.(driver) ?? driver, { dataKey: new Uint8Array(32).fill(7), clock });
  const tenant = newId('tenant', clock.at);
  await quiet.createTenant(system, { id: tenant, name: 'test' });
  const messages: Message[] = [];
  const logged: Readonly<Record<string, unknown>>[] = [];
  const { privateKey } = generateKeyPairSync('ed25519');
  const stock = options.stock ?? ours;
  const submissions = createSubmissions({ stores, stock, clock, libraries });
  const plain: JobDeps = {
    stores,
    submissions,
    queue: {
      async send(sent) {
        messages.push(...sent);
      },
    },
    cluster: { carry: async () => undefined },
    signer: ed25519Signer({
      keyId: 'k1',
      privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64url'),
    }),
    git: {
      read() {
        throw new Error('no Git here');
      },
    },
    clock,
    hub: 'hub-test',
    ...revisionRenderer({ stores, stock, cache, clock, egress: options.egress ?? noEgress }),
    evaluate,
    worker: 'worker',
    perTenantCap: 50,
    log: (line) => logged.push(line),
  };
  const jobs = options.change?.(plain) ?? plain;
  const store = quiet.of(tenant);
  const cluster = newId('cluster', clock.at);
  if (options.cluster !== false) await joinCluster(store, clock.at, cluster);
  const side: QueueSide = {
    stores,
    store,
    tenant,
    jobs,
    clock,
    messages,
    logged,
    agent: new SimulatedAgent(store, cluster),
    async handle(message) {
      const [verdict] = await consume(jobs, [{ body: message, attempts: 1 }]);
      if (verdict?.kind === 'retry') messages.push(message);
      return verdict?.kind ?? 'none';
    },
    async drain() {
      for (let next = messages.shift(); next !== undefined; next = messages.shift()) await side.handle(next);
    },
    sweep: () => sweep(jobs),
    submit: (name, data) => side.submitText(applicationText(name, data)),
    async submitText(text) {
      const submitted = await submissions.submit({
        tenant,
        actor: system,
        text,
        namespace: 'default',
        strict: false,
      });
      if (!submitted.ok) throw new Error(JSON.stringify(submitted.issues));
      side.send(submitted.value.messages);
    },
    send: (announced) => void messages.push(...announced.map(messageOf)),
  };
  return side;
}

/** A cluster with an accepted agent, the first of the tenant and so its `local` one. */
export async function joinCluster(
  store: TenantStore,
  now: number,
  id: ClusterId,
  name = 'main',
): Promise<void> {
  const tokenHash = await hashToken(`token of ${id}`);
  await store.clusters.invite(system, { id, name, tokenHash, expiresAt: now + 60_000 });
  const agent = newId('agent', now);
  await store.agents.enrol({ tokenHash, agent, publicKey: 'x', version: '', kubernetes: {} }, now);
  const namespaces = [{ namespace: '*', serviceAccount: '' }];
  await store.clusters.accept(system, name, agent, { namespaces, clusterScopedAccount: '' });
}

function applicationText(
  name: string,
  data: Readonly<Record<string, Readonly<Record<string, string>>>>,
): string {
  const components = Object.entries(data).map(([config, values]) => ({
    name: config,
    type: 'k8s-objects',
    properties: {
      objects: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: config }, data: values }],
    },
  }));
  const metadata = { name, namespace: 'default' };
  return JSON.stringify({
    apiVersion: 'core.oam.dev/v1beta1',
    kind: 'Application',
    metadata,
    spec: { components },
  });
}

interface Held {
  readonly index: BundleIndex;
  readonly pack: Pack;
}

/** A Deployment with what an API server adds and health looks at. */
function withDefaults(object: JsonObject): JsonObject {
  const metadata = { ...(object['metadata'] as JsonObject), generation: 1 };
  return { ...object, metadata, spec: { replicas: 1, ...(object['spec'] as JsonObject) } };
}

/** Does what an agent does, when it is told to: takes the newest bundle, and says what became of it. */
export class SimulatedAgent {
  private readonly store: TenantStore;
  private readonly cluster: ClusterId;
  private readonly held = new Map<ApplicationUid, Held>();
  /** What is in the cluster: key of the object to the object. */
  readonly objects = new Map<string, JsonObject>();
  private readonly taken = new Map<ApplicationUid, Set<string>>();

  constructor(store: TenantStore, cluster: ClusterId) {
    this.store = store;
    this.cluster = cluster;
  }

  private get ref() {
    return { owner: this.store.id, id: this.cluster };
  }

  /** Takes every bundle that is newer than what it has, and applies it. */
  async sync(): Promise<void> {
    for (const { application, sequence } of await this.store.bundles.forCluster(this.cluster)) {
      if (sequence <= (this.held.get(application)?.index.sequence ?? 0)) continue;
      const bundle = await this.store.bundles.get(application, this.ref);
      if (bundle === undefined) continue;
      const index = indexOf(envelopeSchema.parse(JSON.parse(bundle.envelope)));
      if (index === undefined) throw new Error('an index that cannot be read');
      this.apply(application, { index, pack: (await this.store.blobs.getJson(bundle.objects)) as Pack });
    }
  }

  private apply(application: ApplicationUid, held: Held): void {
    this.held.set(application, held);
    const taken = this.taken.get(application) ?? new Set<string>();
    this.taken.set(application, taken);
    const wanted = new Set(held.index.objects.map(({ ref }) => refKey(ref)));
    for (const { ref, sha256 } of held.index.objects) {
      const object = held.pack[sha256];
      if (object === undefined) throw new Error(`a bundle without ${sha256}`);
      const { status } = this.objects.get(refKey(ref)) ?? {};
      const stored = ref.kind === 'Deployment' ? withDefaults(object) : object;
      this.objects.set(refKey(ref), status === undefined ? stored : { ...stored, status });
      taken.add(refKey(ref));
    }
    if (held.index.prune) for (const key of taken) if (!wanted.has(key)) this.objects.delete(key);
  }

  /** What a controller writes into an object's status. */
  setStatus(key: string, status: JsonObject): void {
    const object = this.objects.get(key);
    if (object === undefined) throw new Error(`${key} is not in the cluster`);
    this.objects.set(key, { ...object, status });
  }

  /** Says how everything stands, as after a resync. */
  async report(): Promise<readonly Announcement[]> {
    const messages: Announcement[] = [];
    for (const [application, { index }] of this.held) {
      const wanted = index.objects.map(({ ref }) => {
        const live = this.objects.get(refKey(ref));
        const health = live === undefined ? undefined : healthOf(live);
        const seen = live === undefined ? {} : { live, health: health?.status, healthMessage: '' };
        return {
          ref: refKey(ref),
          outcome: live === undefined ? ('missing' as const) : ('created' as const),
          ...seen,
        };
      });
      const keys = new Set(wanted.map(({ ref }) => ref));
      const rows = await this.store.inventory.list(application);
      const gone = rows.filter(({ ref }) => !keys.has(ref) && !this.objects.has(ref));
      const { sequence } = index;
      const told = await this.store.inventory.report({
        application,
        cluster: this.ref,
        sequence,
        complete: true,
        objects: [...wanted, ...gone.map(({ ref }) => ({ ref, outcome: 'deleted' as const }))],
        event: { cluster: this.cluster, sequence },
      });
      messages.push(...(told?.messages ?? []));
    }
    return messages;
  }
}
