/** The wake socket: says when there is something to fetch. Without it the agent is only slower. */
import { wakeMessageSchema } from '../engine/delivery/protocol.ts';
import { Backoff, pause } from './backoff.ts';

const PING_MS = 30_000;

export interface WakeOptions {
  /** Address and signed headers, made anew for each attempt. */
  target(): { readonly url: URL; readonly headers: Record<string, string> };
  /** Called for every hint, and when a socket has opened: something may have been missed. */
  hint(): void;
  readonly signal: AbortSignal;
}

/** Keeps a socket open until the signal aborts. */
export async function keepWakeSocket(options: WakeOptions): Promise<void> {
  const backoff = new Backoff({ firstMs: 1000, capMs: 60_000 });
  while (!options.signal.aborted) {
    const opened = await holdSocket(options);
    if (opened) backoff.reset();
    await backoff.wait(options.signal);
  }
}

/** One socket from its opening to its end; tells whether it ever opened. */
function holdSocket({ target, hint, signal }: WakeOptions): Promise<boolean> {
  const { url, headers } = target();
  return new Promise((resolve) => {
    // Node's WebSocket takes headers as a second argument; its DOM type does not know of them.
    const Socket = WebSocket as unknown as new (
      url: URL,
      options: { headers: Record<string, string> },
    ) => WebSocket;
    const socket = new Socket(url, { headers });
    let opened = false;
    const done = new AbortController();
    const end = () => {
      if (done.signal.aborted) return;
      done.abort();
      signal.removeEventListener('abort', end);
      socket.close();
      resolve(opened);
    };
    signal.addEventListener('abort', end, { once: true });
    socket.addEventListener('open', () => {
      opened = true;
      hint();
      void ping(socket, done.signal);
    });
    socket.addEventListener('message', ({ data }) => {
      if (isHint(data)) hint();
    });
    socket.addEventListener('close', end);
    socket.addEventListener('error', end);
  });
}

function isHint(data: unknown): boolean {
  if (typeof data !== 'string') return false;
  try {
    return wakeMessageSchema.safeParse(JSON.parse(data)).success;
  } catch {
    return false;
  }
}

/** Keeps address translation on the way from forgetting the connection. */
async function ping(socket: WebSocket, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await pause(PING_MS, signal);
    if (socket.readyState === WebSocket.OPEN) socket.send('ping');
  }
}
