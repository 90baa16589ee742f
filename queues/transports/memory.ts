/** A queue in the memory of one process: for tests, and for a hub that is one process. What is lost the sweep finds. */

import type { WakeMessage } from '../../engine/delivery/protocol.ts';
import type { ClusterId } from '../../engine/ids.ts';
import type { Message } from '../messages.ts';
import type { JobQueue, Received, Verdict, Wake } from '../ports.ts';

export interface MemoryQueueOptions {
  consume(received: readonly Received[]): Promise<readonly Verdict[]>;
  readonly batchSize?: number;
  /** How often one message may be delivered before it is dropped. */
  readonly maxAttempts?: number;
  /** Told of what was dropped or buried. */
  dropped?(body: unknown): void;
}

interface Waiting {
  readonly body: unknown;
  readonly attempts: number;
}

/** At least once, in no order that anybody may rely on, each batch consumed by one call. */
export class MemoryQueue implements JobQueue {
  private readonly options: MemoryQueueOptions;
  private readonly ready: Waiting[] = [];
  private readonly timers = new Set<ReturnType<typeof setTimeout>>();
  private working: Promise<void> | undefined;
  private closed = false;

  constructor(options: MemoryQueueOptions) {
    this.options = options;
  }

  async send(messages: readonly Message[], { delaySeconds = 0 } = {}): Promise<void> {
    // What travels is text: a consumer never gets the sender's object.
    for (const message of messages)
      this.put({ body: JSON.parse(JSON.stringify(message)), attempts: 1 }, delaySeconds);
  }

  /** Resolves when nothing is ready and nothing is being worked on; what is delayed may still come. */
  async idle(): Promise<void> {
    while (this.working !== undefined) await this.working;
  }

  /** Drops what waits and resolves when the batch at work is done. */
  async close(): Promise<void> {
    this.closed = true;
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
    this.ready.length = 0;
    await this.idle();
  }

  private put(waiting: Waiting, delaySeconds: number): void {
    if (this.closed) return;
    if (delaySeconds > 0) {
      const timer = setTimeout(() => {
        this.timers.delete(timer);
        this.put(waiting, 0);
      }, delaySeconds * 1000);
      this.timers.add(timer);
      return;
    }
    this.ready.push(waiting);
    this.start();
  }

  private start(): void {
    this.working ??= this.work().finally(() => {
      this.working = undefined;
      // What came between the last look and here has found somebody at work.
      if (this.ready.length > 0) this.start();
    });
  }

  private async work(): Promise<void> {
    // Senders go on first, so that what they send together comes in one batch.
    await Promise.resolve();
    while (this.ready.length > 0) {
      const batch = this.ready.splice(0, this.options.batchSize ?? 20);
      const verdicts = await this.options.consume(batch).catch((): readonly Verdict[] => []);
      for (const [i, waiting] of batch.entries()) this.settle(waiting, verdicts[i]);
    }
  }

  private settle(waiting: Waiting, verdict: Verdict = { kind: 'retry', delaySeconds: 1 }): void {
    if (verdict.kind === 'ack') return;
    const last = waiting.attempts >= (this.options.maxAttempts ?? 10);
    if (verdict.kind === 'bury' || last) this.options.dropped?.(waiting.body);
    else this.put({ ...waiting, attempts: waiting.attempts + 1 }, verdict.delaySeconds);
  }
}

/** Wake-ups within one process. It holds no sockets: whoever listens is called. */
export class MemoryWake implements Wake {
  private readonly listeners = new Map<ClusterId, Set<(message: WakeMessage) => void>>();

  async hint(cluster: ClusterId): Promise<void> {
    for (const listener of this.listeners.get(cluster) ?? []) listener({ v: 1, kind: 'sync' });
  }

  async connect(): Promise<Response> {
    return new Response(null, { status: 501 });
  }

  /** Calls back at every hint; gives what ends that. */
  listen(cluster: ClusterId, listener: (message: WakeMessage) => void): () => void {
    const listeners = this.listeners.get(cluster) ?? new Set();
    this.listeners.set(cluster, listeners.add(listener));
    return () => listeners.delete(listener);
  }
}
