/** Composition root of the queue Worker on Cloudflare: messages, and the schedule. */
import type { D1Database, DurableObjectNamespace, MessageBatch, Queue } from '@cloudflare/workers-types';
import { d1Driver } from '../db/drivers/d1.ts';
import { openStores } from '../db/open.ts';
import { createSubmissions } from '../db/submission/submit.ts';
import { libraries } from '../engine/definitions/libraries.ts';
import { velaPackages } from '../engine/definitions/packages.ts';
import { StockDefinitions } from '../engine/definitions/registry.ts';
import { stockFiles } from '../engine/definitions/stock.generated.ts';
import { statusEvaluator } from '../engine/health/evaluate.ts';
import { TemplateCache } from '../engine/render/template-cache.ts';
import { pullCluster } from './cluster.ts';
import { parseQueueConfig } from './config.ts';
import { consume } from './consume.ts';
import type { JobDeps } from './deps.ts';
import { gitReader } from './git/read-files.ts';
import { sweep } from './jobs/sweep.ts';
import { revisionRenderer } from './render.ts';
import { ed25519Signer } from './signing.ts';
import { cloudflareQueue, cloudflareWake, settleBatch } from './transports/cloudflare.ts';
import { workersEgress } from './transports/egress.ts';

interface Environment {
  readonly DB: D1Database;
  readonly JOBS: Queue;
  readonly WAKE: DurableObjectNamespace;
}

const clock = { now: () => Date.now() };

function compose(environment: Environment): JobDeps {
  const config = parseQueueConfig(environment);
  const stores = openStores(d1Driver(environment.DB), { dataKey: config.dataKey, clock });
  const stock = new StockDefinitions(stockFiles);
  const egress = workersEgress(config.egress);
  return {
    stores,
    submissions: createSubmissions({ stores, stock, clock, libraries }),
    queue: cloudflareQueue(environment.JOBS),
    cluster: pullCluster(cloudflareWake(environment.WAKE)),
    signer: ed25519Signer(config.signing),
    git: gitReader(egress),
    clock,
    hub: config.hub,
    ...revisionRenderer({
      stores,
      stock,
      egress,
      clock,
      cache: new TemplateCache({ libraries, imports: velaPackages('render') }),
    }),
    evaluate: statusEvaluator({ libraries }),
    worker: crypto.randomUUID(),
    perTenantCap: config.perTenantCap,
    log: (line) => console.log(JSON.stringify(line)),
  };
}

/** One composition an isolate: what is parsed and compiled once serves every batch. */
const composed = new WeakMap<Environment, JobDeps>();

function depsOf(environment: Environment): JobDeps {
  const known = composed.get(environment);
  if (known !== undefined) return known;
  const deps = compose(environment);
  composed.set(environment, deps);
  return deps;
}

export default {
  queue: (batch: MessageBatch, environment: Environment) =>
    settleBatch(batch, (received) => consume(depsOf(environment), received)),
  scheduled: (_: unknown, environment: Environment) => sweep(depsOf(environment)),
};
