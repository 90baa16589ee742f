import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Tenant } from '../../db/model/access.ts';
import type { Deps } from '../deps.ts';
import type { Env } from '../middleware/request-context.ts';
import { json, problems, timestamp } from '../openapi.ts';
import { newRouter } from '../router.ts';
import { createTenant } from './create.ts';
import { createdTenantSchema, createTenantSchema, tenantSchema } from './schema.ts';

const view = ({ id, name, displayName, createdAt }: Tenant) => ({
  id,
  name,
  displayName,
  createdAt: timestamp(createdAt),
});

const create = createRoute({
  method: 'post',
  path: '/',
  summary: "Make a tenant (operator's key)",
  request: { body: { content: { 'application/json': { schema: createTenantSchema } }, required: true } },
  responses: { 201: json(createdTenantSchema, 'The tenant and its first key'), ...problems },
});

const list = createRoute({
  method: 'get',
  path: '/',
  summary: "List tenants by name (operator's key)",
  request: {
    query: z.object({
      after: z.string().optional(),
      limit: z.coerce.number().int().min(1).max(100).default(50),
    }),
  },
  responses: { 200: json(z.object({ items: z.array(tenantSchema) }), 'Tenants, by name'), ...problems },
});

export function tenantRoutes(deps: Deps): OpenAPIHono<Env> {
  return newRouter()
    .openapi(create, async (context) => {
      const { tenant, key } = await createTenant(deps, context.req.valid('json'));
      return context.json({ tenant: view(tenant), key }, 201);
    })
    .openapi(list, async (context) => {
      const { after, limit } = context.req.valid('query');
      return context.json({ items: (await deps.stores.listTenants(after, limit)).map(view) }, 200);
    });
}
