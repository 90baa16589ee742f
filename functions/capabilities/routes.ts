import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Target } from '../../db/model/cluster.ts';
import type { TenantStore } from '../../db/stores.ts';
import { systemNamespace } from '../../engine/definitions/definition.ts';
import { type EmittedKind, emittedKinds } from '../../engine/definitions/emitted-kinds.ts';
import { kindProvider } from '../../engine/definitions/kind-providers.ts';
import { groupVersion, type ServedKinds, servedKinds } from '../../engine/delivery/served.ts';
import { Fault } from '../../engine/fault.ts';
import { localCluster } from '../../engine/policy/topology.ts';
import { cataloguePage, type Entry } from '../definitions/catalogue.ts';
import { definitionKindParam } from '../definitions/schema.ts';
import type { Deps } from '../deps.ts';
import { requireScope } from '../middleware/authenticate.ts';
import type { Env } from '../middleware/request-context.ts';
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
      namespace: z.string().max(63).optional().openapi({ description: 'Of the definitions; all by default' }),
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
function capabilityOf(entry: Entry, served: ServedKinds | null): Capability {
  const { kind, namespace, name, origin, definition } = entry;
  const { objects, open } = emittedKinds(definition);
  const kinds = objects.map((alternatives) => alternatives.map((one) => needed(one, served)));
  const missing = kinds.some((alternatives) => alternatives.every(({ available }) => available === 'no'));
  const available = served === null ? 'unknown' : missing ? 'no' : 'yes';
  return { kind, namespace, name, origin, available, kinds: kinds.flat(), open };
}

/** What the tenant's own of the system's namespace hide of the stock ones. */
async function hiddenBy(store: TenantStore): Promise<(entry: Entry) => boolean> {
  const names = await store.definitions.names(systemNamespace);
  const hidden = new Set(names.map(({ kind, name }) => `${kind}/${name}`));
  return ({ origin, kind, name }) => origin === 'stock' && hidden.has(`${kind}/${name}`);
}

/** The cluster as the tenant names it. Fault `resource.not_found` with the names that there are. */
async function clusterNamed(store: TenantStore, wanted: string): Promise<Target> {
  const targets = await store.clusters.targets();
  const found = targets.find(({ name, local }) => (wanted === localCluster ? local : name === wanted));
  if (found !== undefined) return found;
  const names = targets.map(({ name }) => name);
  const detail = `There is no cluster "${wanted}".`;
  const expected = names.length === 0 ? 'a cluster that was accepted' : `one of ${names.join(', ')}`;
  throw new Fault('resource.not_found', detail, {
    errors: [{ pointer: '/cluster', detail, expected, actual: wanted }],
  });
}

export function capabilityRoutes(deps: Deps): OpenAPIHono<Env> {
  return newRouter().openapi(list, async (context) => {
    const principal = context.get('principal');
    requireScope(principal, 'clusters:read');
    requireScope(principal, 'definitions:read');
    const { limit, cursor, ...asked } = context.req.valid('query');
    const { cluster, kind, namespace, available } = asked;
    const store = deps.stores.of(principal.tenant);
    const target = await clusterNamed(store, cluster);
    const served = servedKinds(target.capabilities);
    const isHidden = await hiddenBy(store);
    const take = (entry: Entry): Capability | null => {
      if (isHidden(entry)) return null;
      const one = capabilityOf(entry, served);
      return available === undefined || one.available === available ? one : null;
    };
    const { items, next } = await cataloguePage(
      deps,
      principal,
      { list: 'capabilities', asked: JSON.stringify(asked), kind, namespace, take },
      { limit, cursor },
    );
    const { version } = target.kubernetes;
    return context.json(
      {
        cluster: target.name,
        reported: served !== null,
        ...(typeof version === 'string' ? { kubernetes: version } : {}),
        items: [...items],
        ...(next === undefined ? {} : { next }),
      },
      200,
    );
  });
}
