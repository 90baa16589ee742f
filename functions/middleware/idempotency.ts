/**
 * Idempotency-Key on POST: the first answer is kept and given again. A route whose own batch stores its answer takes
 * the claim from the context (`takeClaim`); for all others the answer is stored behind it. Answers that should be
 * tried again (5xx) are not kept.
 */
import type { Context, MiddlewareHandler } from 'hono';
import type { IdempotencyClaim, StoredResponse } from '../../db/model/access.ts';
import { Fault } from '../../engine/fault.ts';
import type { Deps } from '../deps.ts';
import type { Env } from './request-context.ts';

const kept = ['content-type', 'location', 'etag'] as const;

async function digest(parts: readonly string[], body: ArrayBuffer): Promise<string> {
  const head = new TextEncoder().encode(`${parts.join('\n')}\n`);
  const all = new Uint8Array(head.byteLength + body.byteLength);
  all.set(head);
  all.set(new Uint8Array(body), head.byteLength);
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', all));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function answered({ status, headers, body }: StoredResponse): Response {
  return new Response(body, { status, headers: { ...headers, 'idempotency-replayed': 'true' } });
}

/** Begins the claim of a POST with the header, or answers what was answered before. */
export function idempotent(deps: Deps): MiddlewareHandler<Env> {
  return async (context, next) => {
    const key = context.req.header('idempotency-key');
    if (context.req.method !== 'POST' || key === undefined) return next();
    if (key.length === 0 || key.length > 255) {
      throw new Fault('request.malformed', 'An Idempotency-Key has 1 to 255 characters.');
    }
    const { tenant, name } = context.get('principal');
    const url = new URL(context.req.url);
    const hash = await digest(
      [context.req.method, url.pathname, url.search],
      await context.req.arrayBuffer(),
    );
    const repository = deps.stores.of(tenant).idempotency;
    const start = await repository.begin(`${name}:${key}`, hash, deps.clock.now());
    switch (start.outcome) {
      case 'replay':
        return answered(start.response);
      case 'in_progress':
        throw new Fault(
          'idempotency.in_progress',
          'Another request with this Idempotency-Key is being answered.',
        );
      case 'mismatch':
        throw new Fault('idempotency.mismatch', 'This Idempotency-Key was used for another request.');
      case 'begun':
        break;
    }
    context.set('idempotency', start.claim);
    try {
      await next();
    } finally {
      const claim = context.get('idempotency');
      if (claim !== undefined) await keep(context, claim);
    }
  };

  async function keep(context: Context<Env>, claim: IdempotencyClaim): Promise<void> {
    const repository = deps.stores.of(context.get('principal').tenant).idempotency;
    const response = context.res;
    if (context.error !== undefined || response.status >= 500) return repository.abandon(claim);
    const headers: Record<string, string> = {};
    for (const name of kept) {
      const value = response.headers.get(name);
      if (value !== null) headers[name] = value;
    }
    const body = await response.clone().text();
    await repository.complete(claim, { status: response.status, headers, body });
  }
}

/** Hands the claim to the route's own batch, which completes it. */
export function takeClaim(context: Context<Env>): IdempotencyClaim | undefined {
  const claim = context.get('idempotency');
  context.set('idempotency', undefined);
  return claim;
}
