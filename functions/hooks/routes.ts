import { Hono } from 'hono';
import { readBody } from '../body.ts';
import type { Deps } from '../deps.ts';
import type { Env } from '../middleware/request-context.ts';
import { receiveHook } from './receive.ts';

/** Largest webhook: 5 MiB. GitHub's pushes of 2,048 commits stay below. */
const HOOK_BYTES = 5 * 1024 * 1024;

export function hookRoutes(deps: Deps): Hono<Env> {
  return new Hono<Env>().post('/:receiver', async (context) => {
    const body = await readBody(context.req.raw, HOOK_BYTES);
    const stored = await receiveHook(deps, {
      receiver: context.req.param('receiver'),
      event: context.req.header('x-github-event'),
      deliveryId: context.req.header('x-github-delivery'),
      signature: context.req.header('x-hub-signature-256'),
      contentType: context.req.header('content-type'),
      body,
    });
    return context.json({ delivery: stored.delivery, duplicate: stored.outcome === 'duplicate' }, 202);
  });
}
