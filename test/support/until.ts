/** Waiting in tests: for what has to become true, with an end. */
import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until `probe` gives something but undefined or false; fails with `what` after `seconds`. */
export async function until<T>(
  what: string,
  probe: () => T | undefined | false | Promise<T | undefined | false>,
  seconds = 20,
): Promise<T> {
  const deadline = performance.now() + seconds * 1000;
  for (;;) {
    const value = await probe();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > deadline) throw new Error(`not within ${seconds} s: ${what}`);
    await sleep(25);
  }
}
