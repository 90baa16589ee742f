/** The Worker of test/queues/transport.worker.ts in workerd, with a queue and the Durable Object of wake sockets. */
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare, Response as WorkerResponse } from 'miniflare';
import { bundleWorker } from '../../infra/local/bundle.ts';
import type { Received, Verdict } from '../../queues/ports.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

export interface TransportWorker {
  readonly url: string;
  close(): Promise<void>;
}

export async function startTransportWorker(
  judge: (received: readonly Received[]) => Promise<readonly Verdict[]>,
): Promise<TransportWorker> {
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      log: new Log(LogLevel.NONE),
      host: '127.0.0.1',
      port: 0,
      cf: false,
      telemetry: { enabled: false },
      workers: [
        {
          name: 'transport',
          modules: true,
          script: await bundleWorker(root, 'test/queues/transport.worker.ts'),
          compatibilityDate: '2026-08-01',
          compatibilityFlags: ['nodejs_compat'],
          queueProducers: { JOBS: { queueName: 'jobs' } },
          queueConsumers: { jobs: { maxBatchSize: 20, maxBatchTimeout: 0, maxRetries: 10, retryDelay: 0 } },
          durableObjects: { WAKE: { className: 'Wake', useSQLite: true } },
          serviceBindings: {
            JUDGE: async (request: Request) => {
              try {
                const verdicts = await judge((await request.json()) as Received[]);
                return new WorkerResponse(JSON.stringify(verdicts));
              } catch {
                return new WorkerResponse(null, { status: 500 });
              }
            },
          },
        },
      ],
    }),
  );
  const url = (await miniflare.ready).origin;
  return { url, close: () => miniflare.dispose() };
}
