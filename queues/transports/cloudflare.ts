/** Cloudflare Queues and the Durable Object of wake sockets, as ports. */
import type {
  DurableObjectNamespace,
  MessageBatch,
  Queue,
  Message as QueueMessage,
} from '@cloudflare/workers-types';
import type { JobQueue, Received, Verdict, Wake } from '../ports.ts';

/** A batch may hold 100 messages (Cloudflare Queues, limits). */
const BATCH = 100;
/** The longest delay of a message, in seconds. */
const MAX_DELAY = 24 * 60 * 60;

export function cloudflareQueue(queue: Queue): JobQueue {
  return {
    async send(messages, { delaySeconds } = {}) {
      const delay = delaySeconds === undefined ? {} : { delaySeconds: clampDelay(delaySeconds) };
      for (let at = 0; at < messages.length; at += BATCH) {
        await queue.sendBatch(messages.slice(at, at + BATCH).map((body) => ({ body, ...delay })));
      }
    },
  };
}

function clampDelay(seconds: number): number {
  return Math.min(Math.max(0, Math.ceil(seconds)), MAX_DELAY);
}

/** Settles each message of a batch by its verdict. One that could not be judged is tried again. */
export async function settleBatch(
  batch: MessageBatch,
  judge: (received: readonly Received[]) => Promise<readonly Verdict[]>,
): Promise<void> {
  const verdicts = await judge(batch.messages.map(({ body, attempts }) => ({ body, attempts })));
  for (const [i, message] of batch.messages.entries()) {
    settle(message, verdicts[i] ?? { kind: 'retry', delaySeconds: 1 });
  }
}

function settle(message: QueueMessage, verdict: Verdict): void {
  if (verdict.kind === 'retry') message.retry({ delaySeconds: clampDelay(verdict.delaySeconds) });
  else message.ack();
}

/** `namespace`: of the class `Wake`, one object a cluster. */
export function cloudflareWake(namespace: DurableObjectNamespace): Wake {
  const objectOf = (cluster: string) => namespace.get(namespace.idFromName(cluster));
  return {
    async hint(cluster) {
      const response = await objectOf(cluster).fetch('https://wake/hint', { method: 'POST' });
      await response.arrayBuffer();
    },
    async connect(cluster, request) {
      const headers = { upgrade: request.headers.get('upgrade') ?? '' };
      const { status, webSocket } = await objectOf(cluster).fetch('https://wake/', { headers });
      // A new response: the headers of one that was fetched cannot be added to. `webSocket` is workerd's.
      return new Response(null, { status, webSocket } as ResponseInit);
    },
  };
}
