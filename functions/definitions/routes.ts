import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Definition, DefinitionKind } from '../../db/model/application.ts';
import { engineKind, storedKind } from '../../db/submission/registry.ts';
import type { Definition as StockDefinition } from '../../engine/definitions/definition.ts';
import { deprecatedLabel, systemNamespace } from '../../engine/definitions/definition.ts';
import { Fault } from '../../engine/fault.ts';
import { textOf } from '../body.ts';
import type { Deps } from '../deps.ts';
import { warningSchema } from '../issues.ts';
import { requireScope } from '../middleware/authenticate.ts';
import type { Env } from '../middleware/request-context.ts';
import { json, pageQuery, problems } from '../openapi.ts';
import { newRouter } from '../router.ts';
import { putDefinition } from './put.ts';
import { definitionKindParam, definitionSchema } from './schema.ts';

const named = z.object({ kind: definitionKindParam, name: z.string().max(253) });
const inNamespace = z.object({ namespace: z.string().max(63).default(systemNamespace) });
const notFound = () => new Fault('resource.not_found', 'There is no such definition.');
const whole = definitionSchema.extend({ source: z.string(), format: z.enum(['cue', 'yaml']) });

const list = createRoute({
  method: 'get',
  path: '/',
  summary: "Definitions: the tenant's own, then the stock ones on the last page",
  request: { query: pageQuery.extend({ kind: definitionKindParam.optional() }) },
  responses: {
    200: json(z.object({ items: z.array(definitionSchema), next: z.string().optional() }), 'A page'),
    ...problems,
  },
});
const get = createRoute({
  method: 'get',
  path: '/{kind}/{name}',
  summary: 'One definition with its source',
  request: { params: named, query: inNamespace },
  responses: { 200: json(whole, 'The definition'), ...problems },
});
const put = createRoute({
  method: 'put',
  path: '/{kind}/{name}',
  summary: "Store a definition: KubeVela's YAML or a .cue file (If-Match required once it exists)",
  request: { params: named, query: inNamespace },
  responses: {
    200: json(definitionSchema.extend({ outcome: z.string(), warnings: z.array(warningSchema) }), 'Stored'),
    201: json(definitionSchema.extend({ outcome: z.string(), warnings: z.array(warningSchema) }), 'Created'),
    ...problems,
  },
});
const remove = createRoute({
  method: 'delete',
  path: '/{kind}/{name}',
  summary: 'Hide a definition; revisions made with it keep it',
  request: { params: named, query: inNamespace },
  responses: { 204: { description: 'Deleted' }, ...problems },
});

type Row = z.infer<typeof definitionSchema>;

const own = ({ kind, namespace, name, version }: Omit<Definition, 'source'>): Row => ({
  kind,
  namespace,
  name,
  version,
  origin: 'tenant',
});
const stock = ({ kind, namespace, name, version, labels, description }: StockDefinition): Row => ({
  kind: storedKind[kind],
  namespace,
  name,
  version: version ?? '',
  origin: 'stock',
  deprecated: labels[deprecatedLabel] === 'true',
  description,
});
const tagOf = (contentHash: string) => `"${contentHash}"`;

/** `"hash"` of If-Match as the hash, `*` of If-None-Match as "there must be none". */
function expectation(ifMatch: string | undefined, ifNoneMatch: string | undefined): string | undefined {
  if (ifMatch !== undefined) return ifMatch.trim().replace(/^"|"$/g, '');
  return ifNoneMatch?.trim() === '*' ? 'none' : undefined;
}

export function definitionRoutes(deps: Deps): OpenAPIHono<Env> {
  const stockOf = (kind: DefinitionKind): readonly Row[] =>
    deps.submissions.stock.names(engineKind[kind]).flatMap((name) => {
      const definition = deps.submissions.stock.find(engineKind[kind], name);
      return definition === null ? [] : [stock(definition)];
    });
  return newRouter()
    .openapi(list, async (context) => {
      const principal = context.get('principal');
      requireScope(principal, 'definitions:read');
      const { kind, ...page } = context.req.valid('query');
      const filter = kind === undefined ? {} : { kind };
      const { items, next } = await deps.stores.of(principal.tenant).definitions.list(filter, page);
      const kinds: readonly DefinitionKind[] = kind === undefined ? definitionKindParam.options : [kind];
      const rest = next === undefined ? kinds.flatMap(stockOf) : [];
      return context.json(
        { items: [...items.map(own), ...rest], ...(next === undefined ? {} : { next }) },
        200,
      );
    })
    .openapi(get, async (context) => {
      const principal = context.get('principal');
      requireScope(principal, 'definitions:read');
      const { kind, name } = context.req.valid('param');
      const { namespace } = context.req.valid('query');
      const row = await deps.stores.of(principal.tenant).definitions.get({ kind, namespace, name });
      if (row !== undefined) {
        return context.json({ ...own(row), source: row.source, format: row.format }, 200, {
          etag: tagOf(row.contentHash),
        });
      }
      const definition = deps.submissions.stock.find(engineKind[kind], name);
      const source = deps.submissions.stock.source(engineKind[kind], name);
      if (definition === null || source === null) throw notFound();
      return context.json({ ...stock(definition), source, format: 'cue' as const }, 200);
    })
    .openapi(put, async (context) => {
      const principal = context.get('principal');
      requireScope(principal, 'definitions:write');
      const { kind, name } = context.req.valid('param');
      const { namespace } = context.req.valid('query');
      const expect = expectation(context.req.header('if-match'), context.req.header('if-none-match'));
      const text = textOf(new Uint8Array(await context.req.arrayBuffer()));
      const present = await deps.stores.of(principal.tenant).definitions.get({ kind, namespace, name });
      if (present !== undefined && expect === undefined) {
        throw new Fault(
          'request.precondition_required',
          'Send If-Match with the ETag of the version that you have read.',
        );
      }
      const { definition, outcome, warnings } = await putDefinition(deps, principal, {
        kind,
        name,
        namespace,
        text,
        expect,
      });
      const status = outcome === 'created' ? 201 : 200;
      return context.json({ ...own(definition), outcome, warnings: [...warnings] }, status, {
        etag: tagOf(definition.contentHash),
      });
    })
    .openapi(remove, async (context) => {
      const principal = context.get('principal');
      requireScope(principal, 'definitions:write');
      const { kind, name } = context.req.valid('param');
      const { namespace } = context.req.valid('query');
      const expect = expectation(context.req.header('if-match'), undefined);
      const gone = await deps.stores
        .of(principal.tenant)
        .definitions.delete(principal.actor, { kind, namespace, name }, expect);
      if (!gone) throw notFound();
      return context.body(null, 204);
    });
}
