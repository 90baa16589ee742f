/** The tenant that asks, as it sees and sets itself. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Tenant } from '../../db/model/access.ts';
import { isStrict, strictSetting } from '../../db/model/access.ts';
import { Fault } from '../../engine/fault.ts';
import type { Deps } from '../deps.ts';
import { requireScope } from '../middleware/authenticate.ts';
import type { Env } from '../middleware/request-context.ts';
import { json, problems, timestamp } from '../openapi.ts';
import { newRouter } from '../router.ts';

const settings = {
  displayName: z.string().max(200),
  status: z.enum(['public', 'off']).openapi({ description: 'Whether Applications have a public status' }),
  strict: z.boolean().openapi({
    description:
      'Unknown parameters, and rules of definitions that are broken, are errors instead of warnings',
  }),
};
const ownTenant = z
  .object({ id: z.string(), name: z.string(), ...settings, createdAt: z.string() })
  .openapi('OwnTenant');
const change = z.strictObject(settings).partial().openapi('ChangeTenant');

const get = createRoute({
  method: 'get',
  path: '/',
  summary: 'The tenant of this key',
  responses: { 200: json(ownTenant, 'The tenant'), ...problems },
});
const patch = createRoute({
  method: 'patch',
  path: '/',
  summary: 'Change what is named',
  request: { body: { content: { 'application/json': { schema: change } }, required: true } },
  responses: { 200: json(ownTenant, 'The tenant as it is now'), ...problems },
});

function view(tenant: Tenant | undefined): z.infer<typeof ownTenant> {
  if (tenant === undefined) throw new Fault('resource.not_found', 'There is no such tenant.');
  const { id, name, displayName, statusDefault, createdAt } = tenant;
  return {
    id,
    name,
    displayName,
    status: statusDefault,
    strict: isStrict(tenant),
    createdAt: timestamp(createdAt),
  };
}

export function ownTenantRoutes({ stores }: Pick<Deps, 'stores'>): OpenAPIHono<Env> {
  return newRouter()
    .openapi(get, async (context) => {
      const principal = context.get('principal');
      requireScope(principal, 'tenant:read');
      return context.json(view(await stores.of(principal.tenant).tenant.get()), 200);
    })
    .openapi(patch, async (context) => {
      const principal = context.get('principal');
      requireScope(principal, 'tenant:write');
      const { displayName, status, strict } = context.req.valid('json');
      const repository = stores.of(principal.tenant).tenant;
      const present = await repository.get();
      const changed = await repository.update(principal.actor, {
        displayName,
        statusDefault: status,
        settings: strict === undefined ? undefined : { ...present?.settings, [strictSetting]: strict },
        expectResourceVersion: strict === undefined ? undefined : present?.resourceVersion,
      });
      return context.json(view(changed), 200);
    });
}
