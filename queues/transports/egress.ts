/**
 * Outbound requests to addresses that tenants name. Redirects are followed by hand, so that every hop passes the
 * guard; credentials stay with the host that they were given for. A Worker cannot see what a name resolves to (the
 * platform itself keeps it from private networks); the Node adapter can, and pins its connection to what was judged.
 */
import { allowsUrl, type EgressPolicy } from '../../engine/egress/policy.ts';
import { Fault } from '../../engine/fault.ts';
import type { Egress } from '../ports.ts';

const maximumRedirects = 5;

const refuse = (reason: string) => new Fault('egress.refused', `This address may not be called: ${reason}.`);

/** One request without following redirects: what an adapter brings. */
export type Send = (url: string, init: RequestInit) => Promise<Response>;

interface Hop {
  readonly url: URL;
  readonly method: string;
  readonly headers: Headers;
  readonly body: ArrayBuffer | null;
}

/** The next hop: as fetch follows redirects, and without credentials once the origin changes. */
function follow(hop: Hop, status: number, url: URL): Hop {
  const headers = new Headers(hop.headers);
  if (hop.url.origin !== url.origin) {
    headers.delete('authorization');
    headers.delete('cookie');
  }
  if (status === 307 || status === 308 || hop.method === 'HEAD') return { ...hop, url, headers };
  headers.delete('content-type');
  return { url, method: 'GET', headers, body: null };
}

function locationOf(response: Response, base: URL): URL | null {
  const location = response.headers.get('location');
  if (response.status < 300 || response.status >= 400 || response.status === 304 || location === null)
    return null;
  if (!URL.canParse(location, base.href)) throw refuse('it redirects to what is not a URL');
  return new URL(location, base.href);
}

/** The same response with a body of at most `cap` bytes; a longer one fails the reader with `egress.failed`. */
function capped(response: Response, cap: number): Response {
  if (response.body === null) return response;
  let size = 0;
  const counted = response.body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        size += chunk.byteLength;
        if (size > cap)
          controller.error(new Fault('egress.failed', `The answer is larger than ${cap} bytes.`));
        else controller.enqueue(chunk);
      },
    }),
  );
  const { status, statusText, headers } = response;
  return new Response(counted, { status, statusText, headers });
}

/** The guard around any way to send one request. Faults: `egress.refused`, `egress.failed`. */
export function guardedEgress(policy: EgressPolicy, send: Send): Egress {
  return {
    async fetch(request, limits) {
      const signal = AbortSignal.timeout(limits.timeoutMs);
      let hop: Hop = {
        url: new URL(request.url),
        method: request.method,
        headers: new Headers(request.headers),
        body: request.body === null ? null : await request.arrayBuffer(),
      };
      for (let count = 0; count <= maximumRedirects; count++) {
        const verdict = allowsUrl(hop.url, policy);
        if (!verdict.ok) throw refuse(verdict.reason);
        const response = await sent(send, hop, signal);
        const next = locationOf(response, hop.url);
        if (next === null) return capped(response, limits.maxBytes);
        await response.body?.cancel();
        hop = follow(hop, response.status, next);
      }
      throw refuse(`it redirects more than ${maximumRedirects} times`);
    },
  };
}

async function sent(send: Send, { url, ...rest }: Hop, signal: AbortSignal): Promise<Response> {
  try {
    return await send(url.href, { ...rest, redirect: 'manual', signal });
  } catch (error) {
    if (error instanceof Fault) throw error;
    if (error instanceof Error && error.cause instanceof Fault) throw error.cause;
    throw new Fault('egress.failed', `${url.host} could not be reached.`, {
      internal: error instanceof Error ? error.message : String(error),
      cause: error,
    });
  }
}

/** The adapter for Workers: the platform's fetch under the guard. */
export function workersEgress(policy: EgressPolicy): Egress {
  return guardedEgress(policy, (url, init) => fetch(url, init));
}
