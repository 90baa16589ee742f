// Runs the controllers: a change in the store puts keys into their queues, and each key is brought forward until it
// stands as it should.

import type { Cluster } from '../registry/cluster.ts';
import { StatusError } from '../registry/status-error.ts';
import type { Change } from '../store/store.ts';

export interface Controller {
  readonly name: string;
  /** The keys that a change makes worth a look. */
  concerns(change: Change): readonly string[];
  /** Brings one key forward; gives after how many milliseconds to look again, if at all. */
  reconcile(key: string): number | undefined;
}

const AT_ONCE = 100;
const MAX_RETRY_MS = 30_000;

class Queue {
  readonly controller: Controller;
  readonly waiting = new Set<string>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #failures = new Map<string, number>();
  readonly #wake: () => void;

  constructor(controller: Controller, wake: () => void) {
    this.controller = controller;
    this.#wake = wake;
  }

  add(key: string): void {
    this.waiting.add(key);
    this.#wake();
  }

  run(key: string): void {
    this.waiting.delete(key);
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
    try {
      const again = this.controller.reconcile(key);
      this.#failures.delete(key);
      if (again !== undefined) this.#later(key, again);
    } catch (error) {
      const failures = (this.#failures.get(key) ?? 0) + 1;
      this.#failures.set(key, failures);
      // what the API refuses may be allowed later, when a quota, an account or a namespace is there
      if (!(error instanceof StatusError)) {
        process.stderr.write(
          `sandbox: ${this.controller.name} ${key}: ${error instanceof Error ? error.stack : error}\n`,
        );
      }
      this.#later(key, Math.min(MAX_RETRY_MS, 20 * 2 ** Math.min(failures, 12)));
    }
  }

  stop(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.waiting.clear();
  }

  #later(key: string, ms: number): void {
    clearTimeout(this.#timers.get(key));
    const timer = setTimeout(() => {
      this.#timers.delete(key);
      this.add(key);
    }, ms);
    timer.unref();
    this.#timers.set(key, timer);
  }
}

/** Gives the function that stops them all. */
export function runControllers(cluster: Cluster, controllers: readonly Controller[]): () => void {
  let scheduled = false;
  let stopped = false;
  const wake = () => {
    if (scheduled || stopped) return;
    scheduled = true;
    setImmediate(turn);
  };
  const queues = controllers.map((controller) => new Queue(controller, wake));
  const turn = () => {
    scheduled = false;
    let left = AT_ONCE;
    for (const queue of queues) {
      for (const key of [...queue.waiting]) {
        if (stopped) return;
        queue.run(key);
        if (--left <= 0) return wake();
      }
    }
    if (queues.some((queue) => queue.waiting.size > 0)) wake();
  };
  const tell = (change: Change) => {
    for (const queue of queues) for (const key of queue.controller.concerns(change)) queue.add(key);
  };
  for (const resource of cluster.store.resources()) {
    for (const object of cluster.store.list(resource)) {
      tell({ type: 'ADDED', revision: cluster.store.revision, resource, object, previous: undefined });
    }
  }
  const unsubscribe = cluster.store.subscribe(tell);
  return () => {
    stopped = true;
    unsubscribe();
    for (const queue of queues) queue.stop();
  };
}
