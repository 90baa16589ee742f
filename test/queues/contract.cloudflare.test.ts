import type { JobQueue } from '../../queues/ports.ts';
import { queueContract } from '../contract/queue.ts';
import { startTransportWorker } from '../support/transport-worker.ts';

queueContract('Cloudflare Queues in workerd', async (judge) => {
  const worker = await startTransportWorker(judge);
  const queue: JobQueue = {
    async send(messages, options) {
      const body = JSON.stringify({ messages, options });
      const response = await fetch(`${worker.url}/send`, { method: 'POST', body });
      if (!response.ok) throw new Error(await response.text());
    },
  };
  return { queue, close: () => worker.close() };
});
