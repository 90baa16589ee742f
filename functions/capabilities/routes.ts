import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { engineKind, storedKind } from '../../db/submission/registry.ts';
import type { Definition } from '../../engine/definitions/definition.ts';
import { systemNamespace } from '../../engine/definitions/definition.ts';
import { type EmittedKind, emittedKinds } from '../../engine/definitions/emitted-kinds.ts';
import { kindProvider } from '../../engine/definitions/kind-providers.ts';
import { groupVersion, type ServedKinds, servedKinds } from '../../engine/delivery/served.ts';
import { Fault } from '../../engine/fault.ts';
import { localCluster } from '../../engine/policy/topology.ts';
import { ownEntry } from '../definitions/catalogue.ts';
import { definitionKindParam } from '../definitions/schema.ts';
import type { Deps } from '../deps.ts';
import { requireScope } from '../middleware/authenticate.ts';
import type { Env, Principal } from '../middleware/request-context.ts';
import { json, pageOf, pageQuery, problems } from '../openapi.ts';
import { newRouter } from '../router.ts';

const availability = z.enum(['yes', 'no', 'unknown']);
const neededKind = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  available: availability,
  served: z
    .array(z.string())
    .openapi({ description: 'Versions of the group in which the cluster serves this kind' }),
  provider: z
    .string()
    .optional()
    .openapi({ description: 'What usually brings the kind, where it is missing' }),
});
const capability = z
  .object({
    kind: definitionKindParam,
    namespace: z.string(),
    name: z.string(),
    origin: z.enum(['stock', 'tenant']),
    available: availability,
    kinds: z.array(neededKind),
    open: z.boolean().openapi({ description: 'Its parameters decide on further kinds' }),
  })
  .openapi('Capability');

const list = createRoute({
  method: 'get',
  path: '/',
  summary: 'For each definition whether the kinds it makes exist in a cluster',
  request: {
    query: pageQuery.extend({
      cluster: z.string().max(253).default(localCluster),
      kind: definitionKindParam.optional(),
      available: availability.optional(),
    }),
  },
  responses: {
    200: json(
      pageOf(capability).extend({
        cluster: z.string(),
        reported: z.boolean(),
        kubernetes: z.string().optional(),
      }),
      'A page of definitions',
    ),
    ...problems,
  },
});

type Capability = z.infer<typeof capability>;
type Needed = z.infer<typeof neededKind>;

function needed({ apiVersion, kind }: EmittedKind, served: ServedKinds | null): Needed {
  const { group } = groupVersion(apiVersion);
  const versions = served?.versions(group, kind) ?? [];
  const available = served === null ? 'unknown' : served.has(apiVersion, kind) ? 'yes' : 'no';
  const provider = available === 'no' && versions.length === 0 ? kindProvider(group) : null;
  return { apiVersion, kind, available, served: [...versions], ...(provider === null ? {} : { provider }) };
}

/** An object is available where the cluster serves one of the kinds that it may have. */
function capabilityOf(
  definition: Definition,
  origin: Capability['origin'],
  served: ServedKinds | null,
): Capability {
  const { kind, namespace, name } = definition;
  const { objects, open } = emittedKinds(definition);
  const kinds = objects.map((alternatives) => alternatives.map((one) => needed(one, served)));
  const missing = kinds.some((alternatives) => alternatives.every(({ available }) => available === 'no'));
  const available = served === null ? 'unknown' : missing ? 'no' : 'yes';
  return { kind: storedKind[kind], namespace, name, origin, available, kinds: kinds.flat(), open };
}

/** What Applications of the system's namespace can name: the tenant's own, then the stock ones that these do not hide. */
async function definitionsOf(
  deps: Deps,
  { tenant }: Principal,
): Promise<readonly (readonly [Definition, Capability['origin']])[]> {
  const rows = await deps.stores.of(tenant).definitions.registry([systemNamespace]);
  const own = rows.flatMap((row) => ownEntry(row)?.definition ?? []);
  const hidden = new Set(own.map(({ kind, name }) => `${kind}/${name}`));
  const stock = definitionKindParam.options.flatMap((stored) => {
    const kind = engineKind[stored];
    const names = [...deps.submissions.stock.names(kind)].sort();
    return names
      .filter((name) => !hidden.has(`${kind}/${name}`))
      .flatMap((name) => deps.submissions.stock.find(kind, name) ?? []);
  });
  return [
    ...own.map((definition) => [definition, 'tenant'] as const),
    ...stock.map((definition) => [definition, 'stock'] as const),
  ];
}

export function capabilityRoutes(deps: Deps): OpenAPIHono<Env> {
  return newRouter().openapi(list, async (context) => {
    const principal = context.get('principal');
    requireScope(principal, 'clusters:read');
    requireScope(principal, 'definitions:read');
    const { cluster, kind, available, limit, cursor } = context.req.valid('query');
    const targets = await deps.stores.of(principal.tenant).clusters.targets();
    const target = targets.find(({ name, local }) => (cluster === localCluster ? local : name === cluster));
    if (target === undefined) throw new Fault('resource.not_found', 'There is no such cluster.');
    const served = servedKinds(target.capabilities);
    const all = (await definitionsOf(deps, principal))
      .filter(([definition]) => kind === undefined || storedKind[definition.kind] === kind)
      .map(([definition, origin]) => capabilityOf(definition, origin, served))
      .filter((one) => available === undefined || one.available === available);
    const offset = cursor === undefined ? 0 : Number(/^at\.(\d{1,6})$/.exec(cursor)?.[1] ?? Number.NaN);
    if (Number.isNaN(offset)) throw new Fault('request.malformed', 'The cursor is not of this list.');
    const { version } = target.kubernetes;
    const end = offset + limit;
    return context.json(
      {
        cluster: target.name,
        reported: served !== null,
        ...(typeof version === 'string' ? { kubernetes: version } : {}),
        items: all.slice(offset, end),
        ...(end < all.length ? { next: `at.${end}` } : {}),
      },
      200,
    );
  });
}
