import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { newId } from '../../db/ids.ts';
import type { ApiKey } from '../../db/model/access.ts';
import { Fault } from '../../engine/fault.ts';
import { isId } from '../../engine/ids.ts';
import type { Deps } from '../deps.ts';
import { requireScope } from '../middleware/authenticate.ts';
import type { Env } from '../middleware/request-context.ts';
import { json, pageOf, pageQuery, problems, timestamp } from '../openapi.ts';
import { newRouter } from '../router.ts';
import { createKeySchema, keySchema } from './schema.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

function view(key: ApiKey) {
  const { id, name, subject, hint, createdAt, expiresAt, revokedAt, lastUsedAt } = key;
  return {
    id,
    name,
    subject: { ...subject, roles: [...subject.roles] },
    scopes: [...key.scopes],
    hint,
    createdAt: timestamp(createdAt),
    ...(expiresAt === undefined ? {} : { expiresAt: timestamp(expiresAt) }),
    ...(revokedAt === undefined ? {} : { revokedAt: timestamp(revokedAt) }),
    ...(lastUsedAt === undefined ? {} : { lastUsedAt: timestamp(lastUsedAt) }),
  };
}

const create = createRoute({
  method: 'post',
  path: '/',
  summary: 'Make a key; its text is shown this once',
  request: { body: { content: { 'application/json': { schema: createKeySchema } }, required: true } },
  responses: {
    201: json(z.object({ key: keySchema, secret: z.string() }), 'The key and its text'),
    ...problems,
  },
});

const list = createRoute({
  method: 'get',
  path: '/',
  summary: 'List keys',
  request: { query: pageQuery },
  responses: { 200: json(pageOf(keySchema), 'A page of keys'), ...problems },
});

const revoke = createRoute({
  method: 'delete',
  path: '/{id}',
  summary: 'Revoke a key, at once and for good',
  request: { params: z.object({ id: z.string() }) },
  responses: { 204: { description: 'Revoked' }, ...problems },
});

export function keyRoutes(deps: Deps): OpenAPIHono<Env> {
  return newRouter()
    .openapi(create, async (context) => {
      const principal = context.get('principal');
      requireScope(principal, 'keys:write');
      const { name, subject, roles, scopes, expiresInDays } = context.req.valid('json');
      const now = deps.clock.now();
      const { key, secret } = await deps.stores.of(principal.tenant).keys.create(principal.actor, {
        id: newId('key', now),
        name,
        subject: { ...subject, roles },
        scopes,
        expiresAt: expiresInDays === undefined ? undefined : now + expiresInDays * DAY_MS,
      });
      return context.json({ key: view(key), secret }, 201);
    })
    .openapi(list, async (context) => {
      const principal = context.get('principal');
      requireScope(principal, 'keys:write');
      const { items, next } = await deps.stores.of(principal.tenant).keys.list(context.req.valid('query'));
      return context.json({ items: items.map(view), ...(next === undefined ? {} : { next }) }, 200);
    })
    .openapi(revoke, async (context) => {
      const principal = context.get('principal');
      requireScope(principal, 'keys:write');
      const { id } = context.req.valid('param');
      const found =
        isId('key', id) && (await deps.stores.of(principal.tenant).keys.revoke(principal.actor, id));
      if (!found) throw new Fault('resource.not_found', 'There is no such key.');
      return context.body(null, 204);
    });
}
