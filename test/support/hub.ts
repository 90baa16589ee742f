/**
 * The service in this process: store in memory, queue side over the memory transport, the agent's routes on loopback.
 * What is not in it are Workers; what is tested with it is everything that does not depend on them.
 */
import { generateKeyPairSync } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { Hono } from 'hono';
import { nodeSqliteDriver } from '../../db/drivers/node-sqlite.ts';
import { newId } from '../../db/ids.ts';
import { migrate } from '../../db/migrations/migrate.ts';
import type { ApplicationView } from '../../db/model/application.ts';
import { openStores } from '../../db/open.ts';
import type { Stores, TenantStore } from '../../db/stores.ts';
import { createSubmissions, type Submissions } from '../../db/submission/submit.ts';
import { libraries } from '../../engine/definitions/libraries.ts';
import { velaPackages } from '../../engine/definitions/packages.ts';
import { StockDefinitions } from '../../engine/definitions/registry.ts';
import { stockFiles } from '../../engine/definitions/stock.generated.ts';
import { statusEvaluator } from '../../engine/health/evaluate.ts';
import type { TenantId } from '../../engine/ids.ts';
import { TemplateCache } from '../../engine/render/template-cache.ts';
import { type ApplicationStatus, applicationStatus } from '../../engine/workflow/status.ts';
import { agentRoutes } from '../../functions/agent/routes.ts';
import { acceptAgent } from '../../functions/clusters/accept.ts';
import { inviteCluster } from '../../functions/clusters/invite.ts';
import { problemResponse } from '../../functions/problem.ts';
import { pullCluster } from '../../queues/cluster.ts';
import { consume } from '../../queues/consume.ts';
import type { JobDeps } from '../../queues/deps.ts';
import { sweep } from '../../queues/jobs/sweep.ts';
import { messageOf } from '../../queues/messages.ts';
import { revisionRenderer } from '../../queues/render.ts';
import { ed25519Signer } from '../../queues/signing.ts';
import { nodeEgress } from '../../queues/transports/egress.node.ts';
import { MemoryQueue, MemoryWake } from '../../queues/transports/memory.ts';

const system = { kind: 'system', id: 'test' } as const;

export interface Hub {
  readonly url: string;
  readonly stores: Stores;
  readonly store: TenantStore;
  readonly tenant: TenantId;
  readonly jobs: JobDeps;
  readonly queue: MemoryQueue;
  readonly logged: Readonly<Record<string, unknown>>[];
  /** Milliseconds that the clock is ahead. */
  time: number;
  /** Requests of agents that reported, and revisions that were rendered. */
  reports: number;
  renders: number;
  /** A cluster of the tenant and the token for its agent. */
  invite(name: string): Promise<string>;
  /** Accepts the agent that waits, once it does. */
  accept(name: string): Promise<void>;
  /** Posts Applications. */
  submit(yaml: string): Promise<void>;
  remove(name: string, namespace?: string): Promise<void>;
  view(name: string, namespace?: string): Promise<ApplicationView>;
  status(name: string, namespace?: string): Promise<ApplicationStatus>;
  sweep(): Promise<void>;
  close(): Promise<void>;
}

export async function startHub(): Promise<Hub> {
  const driver = nodeSqliteDriver(new DatabaseSync(':memory:'));
  await migrate(driver);
  const shared = { time: 0, reports: 0, renders: 0 };
  const clock = { now: () => Date.now() + shared.time };
  const stores = openStores(driver, { dataKey: new Uint8Array(32).fill(7), clock });
  const tenant = newId('tenant', clock.now());
  await stores.createTenant(system, { id: tenant, name: 'test' });
  const stock = new StockDefinitions(stockFiles);
  const submissions: Submissions = createSubmissions({ stores, stock, clock, libraries });
  const logged: Readonly<Record<string, unknown>>[] = [];
  const log = (line: Readonly<Record<string, unknown>>) => void logged.push(line);
  const wake = new MemoryWake();
  const queue = new MemoryQueue({ consume: (received) => consume(jobs, received) });
  const pair = generateKeyPairSync('ed25519');
  const privateKey = pair.privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64url');
  const hub = {
    id: 'hub-test',
    keys: [{ keyId: 'k1', publicKey: String(pair.publicKey.export({ format: 'jwk' }).x) }],
  };
  const renderer = revisionRenderer({
    stores,
    stock,
    clock,
    egress: nodeEgress({ allowedHosts: ['127.0.0.1'], allowedPorts: 'any', allowHttp: true }),
    cache: new TemplateCache({ libraries, imports: velaPackages('render') }),
  });
  const jobs: JobDeps = {
    stores,
    submissions,
    queue,
    cluster: pullCluster(wake),
    signer: ed25519Signer({ keyId: 'k1', privateKey }),
    git: {
      read() {
        throw new Error('no Git here');
      },
    },
    clock,
    hub: hub.id,
    render(loaded) {
      shared.renders += 1;
      return renderer.render(loaded);
    },
    complete: (...asked) => renderer.complete(...asked),
    evaluate: statusEvaluator({ libraries }),
    worker: 'test',
    perTenantCap: 50,
    log,
  };
  const app = new Hono()
    .use('/agent/v1/report', async (_, next) => {
      shared.reports += 1;
      await next();
    })
    .route('/agent/v1', agentRoutes({ stores, queue, wake, clock, hub, log }))
    .onError((error) => {
      log({ error: error.stack });
      return problemResponse(error, 'test');
    });
  const server = http.createServer((request, response) => void bridge(app, request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const store = stores.of(tenant);
  const principal = { tenant, actor: system, scopes: new Set<never>(), name: 'test' };
  const view = async (name: string, namespace = 'default') => {
    const found = await store.applications.view(namespace, name);
    if (found === undefined) throw new Error(`no Application ${namespace}/${name}`);
    return found;
  };
  return Object.assign(shared, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stores,
    store,
    tenant,
    jobs,
    queue,
    logged,
    invite: async (name: string) => (await inviteCluster({ stores, clock, hub }, principal, name)).token,
    async accept(name: string) {
      const namespaces = [{ namespace: '*', serviceAccount: '' }];
      await acceptAgent({ stores, clock, hub }, principal, name, { namespaces, clusterScopedAccount: '' });
    },
    async submit(text: string) {
      const actor = { kind: 'system', id: 'test' } as const;
      const submitted = await submissions.submit({
        tenant,
        actor,
        text,
        namespace: 'default',
        strict: false,
      });
      if (!submitted.ok) throw new Error(JSON.stringify(submitted.issues));
      await queue.send(submitted.value.messages.map(messageOf));
    },
    async remove(name: string, namespace = 'default') {
      const run = newId('run', clock.now());
      const started = await store.applications.requestDeletion(system, { namespace, name, run });
      await queue.send((started?.messages ?? []).map(messageOf));
    },
    view,
    status: async (name: string, namespace?: string) => applicationStatus(await view(name, namespace)),
    sweep: () => sweep(jobs),
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await queue.close();
    },
  });
}

/** One request of Node's server through a fetch handler. */
async function bridge(
  app: Hono,
  request: http.IncomingMessage,
  response: http.ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) headers.set(name, String(value));
  const body = request.method === 'GET' ? null : Buffer.concat(chunks);
  const answer = await app.fetch(
    new Request(`http://${request.headers.host}${request.url}`, {
      method: request.method ?? 'GET',
      headers,
      body,
    }),
  );
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  response.end(Buffer.from(await answer.arrayBuffer()));
}
