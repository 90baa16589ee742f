/**
 * Server-sent events by polling the store. A stream resumes where `Last-Event-ID` says, ends after five minutes with
 * a `retry:`, and is one of a bounded number per address and per subject.
 */
import { Fault } from '../engine/fault.ts';

const LIFE_MS = 5 * 60 * 1000;
const POLL_MS = 1000;
const HEARTBEAT_POLLS = 15;
const PER_ADDRESS = 20;
const PER_SUBJECT = 200;

export interface StreamEvent {
  readonly id: string;
  readonly event: string;
  readonly data: unknown;
}

/** Counts open streams of one application instance. */
export class StreamCounts {
  readonly #open = new Map<string, number>();

  /** Takes a place under both names, or faults `stream.too_many`. Gives what returns it. */
  enter(address: string, subject: string): () => void {
    const names = [
      [`address ${address}`, PER_ADDRESS],
      [`subject ${subject}`, PER_SUBJECT],
    ] as const;
    if (names.some(([name, most]) => (this.#open.get(name) ?? 0) >= most)) {
      throw new Fault('stream.too_many', 'Too many streams are open; poll with If-None-Match instead.');
    }
    for (const [name] of names) this.#open.set(name, (this.#open.get(name) ?? 0) + 1);
    let left = false;
    return () => {
      if (left) return;
      left = true;
      for (const [name] of names) {
        const count = (this.#open.get(name) ?? 1) - 1;
        if (count === 0) this.#open.delete(name);
        else this.#open.set(name, count);
      }
    };
  }
}

export interface StreamSource {
  readonly request: Request;
  /** Names what is followed, for the cap. */
  readonly subject: string;
  /** What came after `lastId` (absent: from now on, or from the first, as the source likes). `end`: nothing more will. */
  poll(
    lastId: string | undefined,
  ): Promise<{ readonly events: readonly StreamEvent[]; readonly end?: boolean }>;
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

const addressOf = (request: Request) => request.headers.get('cf-connecting-ip') ?? 'unknown';

/** The streaming response. Line breaks cannot get into an event: data is JSON. */
export function eventStream(counts: StreamCounts, { request, subject, poll }: StreamSource): Response {
  const leave = counts.enter(addressOf(request), subject);
  const encoder = new TextEncoder();
  let open = true;
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      let lastId = request.headers.get('last-event-id') ?? undefined;
      const send = (text: string) => controller.enqueue(encoder.encode(text));
      try {
        send('retry: 2000\n\n');
        for (let polls = 0; open && polls * POLL_MS < LIFE_MS; polls++) {
          const { events, end } = await poll(lastId);
          for (const { id, event, data } of events) {
            send(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
            lastId = id;
          }
          if (end === true) break;
          if (events.length === 0 && polls % HEARTBEAT_POLLS === HEARTBEAT_POLLS - 1)
            send(': still here\n\n');
          await pause(POLL_MS);
        }
        if (open) controller.close();
      } catch {
        // The reader went away, or the store failed: the client comes back by `retry`.
        if (open) controller.error(new Error('the stream ended'));
      } finally {
        leave();
      }
    },
    cancel() {
      open = false;
      leave();
    },
  });
  return new Response(body, {
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
  });
}
