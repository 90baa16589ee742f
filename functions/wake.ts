/**
 * The Durable Object that holds the wake sockets of one cluster's agents. It sleeps while nothing happens: sockets
 * are accepted for hibernation and pings are answered without waking it. It carries hints only.
 */
import type {
  WebSocketRequestResponsePair as AutoResponse,
  DurableObjectState,
  WebSocketPair as Pair,
  WebSocket as WorkerSocket,
} from '@cloudflare/workers-types';
import type { WakeMessage } from '../engine/delivery/protocol.ts';

// workerd's globals; the DOM library knows neither.
declare const WebSocketPair: typeof Pair;
declare const WebSocketRequestResponsePair: typeof AutoResponse;

const MAX_SOCKETS = 16;
const hint: WakeMessage = { v: 1, kind: 'sync' };

export class Wake {
  private readonly state: DurableObjectState;

  constructor(state: DurableObjectState) {
    this.state = state;
    state.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'));
  }

  /** `POST /hint` tells all sockets; an upgrade request opens one. Only our own Workers can ask. */
  fetch(request: Request): Response {
    if (request.headers.get('upgrade') === 'websocket') return this.open();
    if (request.method !== 'POST') return new Response(null, { status: 404 });
    for (const socket of this.state.getWebSockets()) tell(socket);
    return new Response(null, { status: 204 });
  }

  webSocketClose(socket: WorkerSocket, code: number): void {
    // 1005 and 1006 say that no code was sent; they may not be sent on.
    socket.close(code === 1005 || code === 1006 ? 1000 : code);
  }

  private open(): Response {
    const open = this.state.getWebSockets();
    for (const oldest of open.slice(0, Math.max(0, open.length - MAX_SOCKETS + 1)))
      oldest.close(1001, 'replaced');
    const { 0: client, 1: server } = new WebSocketPair();
    this.state.acceptWebSocket(server);
    // `webSocket` is workerd's addition to ResponseInit.
    return new Response(null, { status: 101, webSocket: client } as ResponseInit);
  }
}

function tell(socket: WorkerSocket): void {
  try {
    socket.send(JSON.stringify(hint));
  } catch {
    // It is closing; its agent opens another and syncs then.
  }
}
