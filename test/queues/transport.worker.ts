/** A Worker around the Cloudflare adapters, for tests: what the test asks by HTTP is done by the adapter. */
import type { DurableObjectNamespace, Fetcher, MessageBatch, Queue } from '@cloudflare/workers-types';
import type { ClusterId } from '../../engine/ids.ts';
import type { Message } from '../../queues/messages.ts';
import type { Verdict } from '../../queues/ports.ts';
import { cloudflareQueue, cloudflareWake, settleBatch } from '../../queues/transports/cloudflare.ts';

export { Wake } from '../../functions/wake.ts';

interface Environment {
  readonly JOBS: Queue;
  readonly WAKE: DurableObjectNamespace;
  /** The test, judging. */
  readonly JUDGE: Fetcher;
}

export default {
  async fetch(request: Request, environment: Environment): Promise<Response> {
    const { pathname } = new URL(request.url);
    const wake = cloudflareWake(environment.WAKE);
    const [, action, cluster = ''] = pathname.split('/');
    if (action === 'connect') return wake.connect(cluster as ClusterId, request);
    if (action === 'hint') {
      await wake.hint(cluster as ClusterId);
      return new Response();
    }
    const { messages, options } = (await request.json()) as {
      messages: Message[];
      options?: { delaySeconds: number };
    };
    await cloudflareQueue(environment.JOBS).send(messages, options);
    return new Response();
  },
  queue: (batch: MessageBatch, environment: Environment) =>
    settleBatch(batch, async (received) => {
      const answer = await environment.JUDGE.fetch('http://test/', {
        method: 'POST',
        body: JSON.stringify(received),
      });
      if (!answer.ok) throw new Error('the test fell over');
      return (await answer.json()) as Verdict[];
    }),
};
