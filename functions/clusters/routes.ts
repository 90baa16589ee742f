import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { Fault } from '../../engine/fault.ts';
import type { Deps } from '../deps.ts';
import { requireScope } from '../middleware/authenticate.ts';
import type { Env } from '../middleware/request-context.ts';
import { json, pageOf, pageQuery, problems } from '../openapi.ts';
import { newRouter } from '../router.ts';
import { acceptAgent } from './accept.ts';
import { inviteCluster } from './invite.ts';
import { acceptSchema, clusterName, clusterSchema, clusterView, invitedSchema } from './schema.ts';

const named = z.object({ name: clusterName });
const invited = z.strictObject({ name: clusterName });
const notFound = () => new Fault('resource.not_found', 'There is no such cluster.');

const invite = createRoute({
  method: 'post',
  path: '/',
  summary: 'Name a cluster and get a token for its agent',
  request: { body: { content: { 'application/json': { schema: invited } }, required: true } },
  responses: { 201: json(invitedSchema, 'The cluster and the token'), ...problems },
});
const list = createRoute({
  method: 'get',
  path: '/',
  summary: 'List clusters',
  request: { query: pageQuery },
  responses: { 200: json(pageOf(clusterSchema), 'A page of clusters'), ...problems },
});
const get = createRoute({
  method: 'get',
  path: '/{name}',
  summary: 'One cluster',
  request: { params: named },
  responses: { 200: json(clusterSchema, 'The cluster'), ...problems },
});
const accept = createRoute({
  method: 'post',
  path: '/{name}/accept',
  summary: 'Accept the agent that waits',
  request: {
    params: named,
    body: { content: { 'application/json': { schema: acceptSchema } }, required: false },
  },
  responses: { 200: json(clusterSchema, 'The cluster, active'), ...problems },
});
const revoke = createRoute({
  method: 'delete',
  path: '/{name}',
  summary: 'Revoke a cluster and its agents; what was applied stays there',
  request: { params: named },
  responses: { 204: { description: 'Revoked' }, ...problems },
});

export function clusterRoutes(deps: Deps): OpenAPIHono<Env> {
  return newRouter()
    .openapi(invite, async (context) => {
      const principal = context.get('principal');
      requireScope(principal, 'clusters:write');
      const { cluster, token } = await inviteCluster(deps, principal, context.req.valid('json').name);
      return context.json({ cluster: clusterView(cluster), token }, 201);
    })
    .openapi(list, async (context) => {
      const principal = context.get('principal');
      requireScope(principal, 'clusters:read');
      const { items, next } = await deps.stores
        .of(principal.tenant)
        .clusters.list(context.req.valid('query'));
      return context.json({ items: items.map(clusterView), ...(next === undefined ? {} : { next }) }, 200);
    })
    .openapi(get, async (context) => {
      const principal = context.get('principal');
      requireScope(principal, 'clusters:read');
      const cluster = await deps.stores.of(principal.tenant).clusters.get(context.req.valid('param').name);
      if (cluster === undefined) throw notFound();
      return context.json(clusterView(cluster), 200);
    })
    .openapi(accept, async (context) => {
      const principal = context.get('principal');
      requireScope(principal, 'clusters:write');
      const sent = acceptSchema.parse(context.req.valid('json') ?? {});
      const cluster = await acceptAgent(deps, principal, context.req.valid('param').name, sent);
      return context.json(clusterView(cluster), 200);
    })
    .openapi(revoke, async (context) => {
      const principal = context.get('principal');
      requireScope(principal, 'clusters:write');
      const { name } = context.req.valid('param');
      if (!(await deps.stores.of(principal.tenant).clusters.revoke(principal.actor, name))) throw notFound();
      return context.body(null, 204);
    });
}
