import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { Fault } from '../../engine/fault.ts';
import { isId } from '../../engine/ids.ts';
import type { Deps } from '../deps.ts';
import { tagged } from '../etag.ts';
import { requireScope } from '../middleware/authenticate.ts';
import type { Env } from '../middleware/request-context.ts';
import { json, problems } from '../openapi.ts';
import { newRouter } from '../router.ts';
import { runSchema, runView } from './schema.ts';

const get = createRoute({
  method: 'get',
  path: '/{id}',
  summary: 'One run: its phase and steps',
  request: { params: z.object({ id: z.string() }) },
  responses: { 200: json(runSchema, 'The run'), 304: { description: 'As you have it' }, ...problems },
});

export function runRoutes(deps: Deps): OpenAPIHono<Env> {
  return newRouter().openapi(get, async (context) => {
    const principal = context.get('principal');
    requireScope(principal, 'applications:read');
    const { id } = context.req.valid('param');
    const view = isId('run', id) ? await deps.stores.of(principal.tenant).runs.view(id) : undefined;
    if (view === undefined) throw new Fault('resource.not_found', 'There is no such run.');
    const body = JSON.stringify(runView(view.run, view.steps));
    return tagged(context.req.raw, body, { 'content-type': 'application/json' });
  });
}
