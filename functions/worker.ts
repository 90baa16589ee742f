/** Composition root of the HTTP Worker on Cloudflare. */
import type { D1Database, DurableObjectNamespace, ExecutionContext, Queue } from '@cloudflare/workers-types';
import { d1Driver } from '../db/drivers/d1.ts';
import { openStores } from '../db/open.ts';
import { createSubmissions } from '../db/submission/submit.ts';
import { libraries } from '../engine/definitions/libraries.ts';
import { StockDefinitions } from '../engine/definitions/registry.ts';
import { stockFiles } from '../engine/definitions/stock.generated.ts';
import { cloudflareQueue, cloudflareWake } from '../queues/transports/cloudflare.ts';
import { createApp } from './app.ts';
import { parseConfig } from './config.ts';

export { Wake } from './wake.ts';

interface Environment {
  readonly DB: D1Database;
  readonly JOBS: Queue;
  readonly WAKE: DurableObjectNamespace;
}

const clock = { now: () => Date.now() };

function compose(environment: Environment) {
  const config = parseConfig(environment);
  const stores = openStores(d1Driver(environment.DB), { dataKey: config.dataKey, clock });
  const stock = new StockDefinitions(stockFiles);
  return createApp({
    stores,
    submissions: createSubmissions({ stores, stock, clock, libraries }),
    queue: cloudflareQueue(environment.JOBS),
    wake: cloudflareWake(environment.WAKE),
    clock,
    hub: config.hub,
    operatorKeyHash: config.operatorKeyHash,
    egress: config.egress,
    log: (line) => console.log(JSON.stringify(line)),
  });
}

/** One application an isolate: what is parsed and compiled once serves every request. */
const composed = new WeakMap<Environment, ReturnType<typeof compose>>();

export default {
  fetch(request: Request, environment: Environment, context: ExecutionContext): Response | Promise<Response> {
    let app = composed.get(environment);
    if (app === undefined) {
      app = compose(environment);
      composed.set(environment, app);
    }
    return app.fetch(request, environment, context);
  },
};
