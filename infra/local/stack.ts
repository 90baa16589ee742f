/** Both Workers in one miniflare: D1 on disk, one queue, the Durable Object that wakes agents, and the schedule. */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import type { D1Database } from '@cloudflare/workers-types';
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare, Response as WorkerResponse } from 'miniflare';
import { nodeEgress } from '../../queues/transports/egress.node.ts';
import { bundleWorker } from './bundle.ts';
import { requireRuntime, watchRuntime } from './runtime.ts';
import { StartFailure, type State } from './state.ts';

export interface Stack {
  readonly url: string;
  readonly database: D1Database;
  close(): Promise<void>;
}

export interface StackOptions {
  readonly root: string;
  readonly port: number;
  readonly state: State;
}

const COMPATIBILITY_DATE = '2026-08-01';
const SCHEDULE_MS = 2000;

/** Local Git servers and webhooks are on loopback, which a hosted service would refuse. */
const egress = {
  allowedHosts: ['127.0.0.1', 'localhost', '::1'],
  allowedPorts: 'any',
  allowHttp: true,
} as const;

/** Miniflare would end the process on a signal before the rest of the stack has stopped: its listeners are taken off. */
function withoutSignalHandlers<T>(make: () => T): T {
  const signals = ['SIGINT', 'SIGTERM'] as const;
  const before = signals.map((signal) => new Set(process.listeners(signal)));
  const made = make();
  for (const [index, signal] of signals.entries()) {
    for (const listener of process.listeners(signal)) {
      if (before[index]?.has(listener) !== true) process.off(signal, listener);
    }
  }
  return made;
}

/** Starts both Workers. Throws StartFailure where the port is taken. */
export async function startStack({ root, port, state }: StackOptions): Promise<Stack> {
  requireRuntime();
  const [functions, queues] = await Promise.all([
    bundleWorker(root, 'functions/worker.ts'),
    bundleWorker(root, 'queues/worker.ts'),
  ]);
  const { keys } = state;
  const shared = {
    compatibilityDate: COMPATIBILITY_DATE,
    compatibilityFlags: ['nodejs_compat'],
    d1Databases: { DB: 'mainsheet' },
    queueProducers: { JOBS: { queueName: 'jobs' } },
    modules: true as const,
  };
  const bindings = {
    HUB_ID: keys.hubId,
    DATA_KEY: keys.dataKey,
    EGRESS: JSON.stringify(egress),
    SIGNING_PUBLIC_KEYS: JSON.stringify([{ keyId: keys.signing.keyId, publicKey: keys.signing.publicKey }]),
  };
  const outbound = nodeEgress(egress);
  const logs = createWriteStream(join(state.directory, 'service.log'), { flags: 'a', mode: 0o600 });
  const miniflare = withoutSignalHandlers(
    () =>
      new Miniflare(
        convertV4MiniflareOptions({
          log: new Log(LogLevel.ERROR),
          host: '127.0.0.1',
          port,
          cf: false,
          telemetry: { enabled: false },
          handleStructuredLogs: ({ message }) => logs.write(`${message}\n`),
          resourcePersistencePath: join(state.directory, 'store'),
          workers: [
            {
              ...shared,
              name: 'functions',
              script: functions,
              durableObjects: { WAKE: { className: 'Wake', useSQLite: true } },
              bindings: {
                ...bindings,
                OPERATOR_KEY_HASH: createHash('sha256').update(keys.operatorKey).digest('hex'),
              },
            },
            {
              ...shared,
              name: 'queues',
              script: queues,
              durableObjects: { WAKE: { className: 'Wake', scriptName: 'functions', useSQLite: true } },
              queueConsumers: { jobs: { maxBatchSize: 20, maxBatchTimeout: 0, maxRetries: 5 } },
              bindings: { ...bindings, SIGNING_KEY: JSON.stringify(keys.signing) },
              outboundService: async (request: Request) => {
                const response = await outbound.fetch(request, {
                  maxBytes: 32 * 1024 * 1024,
                  timeoutMs: 30_000,
                });
                return new WorkerResponse(await response.arrayBuffer(), {
                  status: response.status,
                  headers: Object.fromEntries(response.headers),
                });
              },
            },
          ],
        }),
      ),
  );
  try {
    const url = (await miniflare.ready).origin;
    const unwatch = watchRuntime();
    const database = await miniflare.getD1Database('DB', 'functions');
    const worker = await miniflare.getWorker('queues');
    let ticking = false;
    const timer = setInterval(async () => {
      if (ticking) return;
      ticking = true;
      try {
        await worker.scheduled({ cron: '* * * * *' });
      } catch {
        // A tick that fails is repeated by the next; while the stack ends, the worker may already be gone.
      }
      ticking = false;
    }, SCHEDULE_MS);
    return {
      url,
      database,
      async close() {
        clearInterval(timer);
        await miniflare.dispose();
        unwatch();
        logs.end();
      },
    };
  } catch (error) {
    await miniflare.dispose().catch(() => undefined);
    const text = error instanceof Error ? error.message : String(error);
    if (/EADDRINUSE|address already in use/i.test(text)) {
      throw new StartFailure(`Port ${port} is taken; choose another by --port, or 0 for a free one.`);
    }
    throw error;
  }
}
