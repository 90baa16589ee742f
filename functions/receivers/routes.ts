import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { newId } from '../../db/ids.ts';
import type { Receiver } from '../../db/model/access.ts';
import { Fault } from '../../engine/fault.ts';
import { isId } from '../../engine/ids.ts';
import type { Deps } from '../deps.ts';
import { checkIfMatch } from '../etag.ts';
import { requireScope } from '../middleware/authenticate.ts';
import type { Env, Principal } from '../middleware/request-context.ts';
import { json, pageOf, pageQuery, problems } from '../openapi.ts';
import { announce } from '../outbox.ts';
import { newRouter } from '../router.ts';
import { createReceiver, updateReceiver } from './put.ts';
import { deliverySchema, deliveryView, putReceiverSchema, receiverSchema, receiverView } from './schema.ts';

const byId = z.object({ id: z.string() });
const notFound = () => new Fault('resource.not_found', 'There is no such receiver.');
const tagOf = ({ id, resourceVersion }: Receiver) => `"${id}-${resourceVersion}"`;
const putBody = { content: { 'application/json': { schema: putReceiverSchema } }, required: true } as const;

const create = createRoute({
  method: 'post',
  path: '/',
  summary: 'Make a receiver of webhooks',
  request: { body: putBody },
  responses: {
    201: json(
      z.object({ receiver: receiverSchema, secret: z.string().optional() }),
      "The receiver, and its webhook's secret where none was given",
    ),
    ...problems,
  },
});
const list = createRoute({
  method: 'get',
  path: '/',
  summary: 'List receivers',
  request: { query: pageQuery },
  responses: { 200: json(pageOf(receiverSchema), 'A page of receivers'), ...problems },
});
const get = createRoute({
  method: 'get',
  path: '/{id}',
  summary: 'One receiver',
  request: { params: byId },
  responses: { 200: json(receiverSchema, 'The receiver'), ...problems },
});
const put = createRoute({
  method: 'put',
  path: '/{id}',
  summary: 'Replace a receiver (If-Match required)',
  request: { params: byId, body: putBody },
  responses: { 200: json(receiverSchema, 'The receiver'), ...problems },
});
const remove = createRoute({
  method: 'delete',
  path: '/{id}',
  summary: 'Delete a receiver',
  request: { params: byId },
  responses: { 204: { description: 'Deleted' }, ...problems },
});
const deliveries = createRoute({
  method: 'get',
  path: '/{id}/deliveries',
  summary: 'What came in, newest first',
  request: { params: byId, query: pageQuery },
  responses: { 200: json(pageOf(deliverySchema), 'A page of deliveries'), ...problems },
});
const replay = createRoute({
  method: 'post',
  path: '/{id}/deliveries/{delivery}/replay',
  summary: 'Process a delivery again, as a new one that points to it',
  request: { params: byId.extend({ delivery: z.string() }) },
  responses: { 202: json(deliverySchema, 'The new delivery'), ...problems },
});

export function receiverRoutes(deps: Deps): OpenAPIHono<Env> {
  const receiversOf = (principal: Principal) => deps.stores.of(principal.tenant).receivers;
  async function found(principal: Principal, id: string): Promise<Receiver> {
    const receiver = isId('receiver', id) ? await receiversOf(principal).get(id) : undefined;
    if (receiver === undefined) throw notFound();
    return receiver;
  }
  return newRouter()
    .openapi(create, async (context) => {
      const principal = context.get('principal');
      requireScope(principal, 'receivers:write');
      const { receiver, made } = await createReceiver(deps, principal, context.req.valid('json'));
      return context.json(
        { receiver: receiverView(receiver), ...(made === undefined ? {} : { secret: made }) },
        201,
      );
    })
    .openapi(list, async (context) => {
      const principal = context.get('principal');
      requireScope(principal, 'receivers:read');
      const { items, next } = await receiversOf(principal).list(context.req.valid('query'));
      return context.json({ items: items.map(receiverView), ...(next === undefined ? {} : { next }) }, 200);
    })
    .openapi(get, async (context) => {
      const principal = context.get('principal');
      requireScope(principal, 'receivers:read');
      const receiver = await found(principal, context.req.valid('param').id);
      return context.json(receiverView(receiver), 200, { etag: tagOf(receiver) });
    })
    .openapi(put, async (context) => {
      const principal = context.get('principal');
      requireScope(principal, 'receivers:write');
      const present = await found(principal, context.req.valid('param').id);
      checkIfMatch(context.req.raw, tagOf(present), true);
      const receiver = await updateReceiver(deps, principal, present.id, context.req.valid('json'));
      if (receiver === undefined) throw notFound();
      return context.json(receiverView(receiver), 200, { etag: tagOf(receiver) });
    })
    .openapi(remove, async (context) => {
      const principal = context.get('principal');
      requireScope(principal, 'receivers:write');
      const { id } = await found(principal, context.req.valid('param').id);
      if (!(await receiversOf(principal).delete(principal.actor, id))) throw notFound();
      return context.body(null, 204);
    })
    .openapi(deliveries, async (context) => {
      const principal = context.get('principal');
      requireScope(principal, 'receivers:read');
      const { id } = await found(principal, context.req.valid('param').id);
      const page = await deps.stores.of(principal.tenant).deliveries.list(id, context.req.valid('query'));
      const next = page.next === undefined ? {} : { next: page.next };
      return context.json({ items: page.items.map(deliveryView), ...next }, 200);
    })
    .openapi(replay, async (context) => {
      const principal = context.get('principal');
      requireScope(principal, 'receivers:write');
      const { id, delivery } = context.req.valid('param');
      const receiver = await found(principal, id);
      const repository = deps.stores.of(principal.tenant).deliveries;
      const old = isId('delivery', delivery) ? await repository.get(delivery) : undefined;
      if (old === undefined || old.receiver !== receiver.id) {
        throw new Fault('resource.not_found', 'There is no such delivery.');
      }
      const replayed = await repository.replay(principal.actor, old.id, newId('delivery', deps.clock.now()));
      if (replayed === undefined) throw new Fault('resource.not_found', 'There is no such delivery.');
      await announce(deps, replayed.messages);
      return context.json(deliveryView(replayed.delivery), 202);
    });
}
