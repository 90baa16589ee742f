/** Growing pauses between attempts: doubled each time up to a cap, each cut by up to a quarter at random. */
export class Backoff {
  private readonly firstMs: number;
  private readonly capMs: number;
  private nextMs: number;

  constructor({ firstMs, capMs }: { readonly firstMs: number; readonly capMs: number }) {
    this.firstMs = firstMs;
    this.capMs = capMs;
    this.nextMs = firstMs;
  }

  reset(): void {
    this.nextMs = this.firstMs;
  }

  /** Milliseconds of the next pause. */
  next(): number {
    const pause = this.nextMs * (1 - Math.random() / 4);
    this.nextMs = Math.min(this.nextMs * 2, this.capMs);
    return pause;
  }

  /** Pauses; ends early when the signal aborts. */
  wait(signal: AbortSignal): Promise<void> {
    return pause(this.next(), signal);
  }
}

/** Waits so many milliseconds, or until the signal aborts. Never rejects. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}
