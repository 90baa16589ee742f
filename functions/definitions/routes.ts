import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Definition } from '../../db/model/application.ts';
import { engineKind } from '../../db/submission/registry.ts';
import { deprecatedLabel, systemNamespace, templateOf } from '../../engine/definitions/definition.ts';
import { definitionDocs, exampleOf } from '../../engine/definitions/docs.ts';
import { stockExample } from '../../engine/definitions/examples.ts';
import { libraries } from '../../engine/definitions/libraries.ts';
import { stockVersion } from '../../engine/definitions/registry.ts';
import { parameterSchema } from '../../engine/definitions/schema.ts';
import { Fault } from '../../engine/fault.ts';
import type { JsonObject } from '../../engine/json.ts';
import { labelSelectorOf } from '../applications/label-selector.ts';
import { textOf } from '../body.ts';
import type { Deps } from '../deps.ts';
import { warningSchema } from '../issues.ts';
import { requireScope } from '../middleware/authenticate.ts';
import type { Env, Principal } from '../middleware/request-context.ts';
import { json, problems, timestamp } from '../openapi.ts';
import { problemResponse } from '../problem.ts';
import { newRouter, parsed } from '../router.ts';
import { cataloguePage, type Entry, matches, ownEntry, stockEntry } from './catalogue.ts';
import { importArchive } from './import.ts';
import { putDefinition } from './put.ts';
import { definitionKindParam, definitionSchema, importedSchema, listQuery } from './schema.ts';

const named = z.object({ kind: definitionKindParam, name: z.string().max(253) });
const inNamespace = z.object({ namespace: z.string().max(63).default(systemNamespace) });
const notFound = () => new Fault('resource.not_found', 'There is no such definition.');
const whole = definitionSchema.extend({
  source: z.string(),
  format: z.enum(['cue', 'yaml']),
  schema: z.unknown().openapi({ description: 'JSON schema of `parameter`; null where it has none' }),
  examples: z.array(z.unknown()),
  versions: z
    .array(z.object({ version: z.string(), createdAt: z.string() }))
    .openapi({ description: 'Those that are kept, the newest first; none of a stock one' }),
});
const getQuery = inNamespace.extend({
  view: z
    .enum(['whole', 'schema', 'docs'])
    .default('whole')
    .openapi({ description: '`schema`: the JSON schema alone; `docs`: a page in Markdown' }),
});

const list = createRoute({
  method: 'get',
  path: '/',
  summary: "Definitions: the tenant's own, then the stock ones",
  request: { query: listQuery },
  responses: {
    200: json(z.object({ items: z.array(definitionSchema), next: z.string().optional() }), 'A page'),
    ...problems,
  },
});
const get = createRoute({
  method: 'get',
  path: '/{kind}/{name}',
  summary:
    'One definition with its source, schema and examples; its page as text/markdown. `{name}@{version}` is a kept one',
  request: { params: named, query: getQuery },
  responses: {
    200: {
      description: 'The definition, its schema, or its page',
      content: { 'application/json': { schema: whole }, 'text/markdown': { schema: z.string() } },
    },
    ...problems,
  },
});
const importQuery = z.object({
  dryRun: z.enum(['true', 'false', 'server']).optional().openapi({ description: 'Only tell; store nothing' }),
});
const importMany = createRoute({
  method: 'post',
  path: '/import',
  summary: 'Load the definitions of a tar.gz and tell of each whether it loads and compiles',
  request: {
    query: importQuery,
  },
  responses: { 200: json(importedSchema, 'The report'), ...problems },
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
function rowOf({ kind, namespace, name, version, origin, definition }: Entry): Row {
  const { labels, description } = definition;
  return {
    kind,
    namespace,
    name,
    version,
    origin,
    deprecated: labels[deprecatedLabel] === 'true',
    description,
    labels: { ...labels },
  };
}
const tagOf = (contentHash: string) => `"${contentHash}"`;

/** `"hash"` of If-Match as the hash, `*` of If-None-Match as "there must be none". */
function expectation(ifMatch: string | undefined, ifNoneMatch: string | undefined): string | undefined {
  if (ifMatch !== undefined) return ifMatch.trim().replace(/^"|"$/g, '');
  return ifNoneMatch?.trim() === '*' ? 'none' : undefined;
}

/** The schema of the parameters; null where there is no CUE, or where OpenAPI cannot express it. */
function schemaOf({ definition }: Entry): JsonObject | null {
  const template = templateOf(definition);
  const schema = template === null ? null : parameterSchema(template, { libraries });
  return schema?.ok ? schema.value : null;
}

/**
 * An Application made of the schema, where it renders: a schema does not tell every rule of a template. Those of stock
 * definitions are known to be right.
 */
async function examplesOf(
  { submissions }: Deps,
  { tenant }: Principal,
  { definition, origin }: Entry,
  schema: JsonObject | null,
): Promise<readonly JsonObject[]> {
  const stock = origin === 'stock' ? stockExample(definition) : null;
  if (stock !== null) return [stock];
  const example = exampleOf(definition, schema ?? {});
  if (example === null) return [];
  if (origin === 'stock') return [example];
  const { namespace } = definition;
  const planned = await submissions.plan({ tenant, text: JSON.stringify(example), namespace, strict: false });
  return planned.ok ? [example] : [];
}

async function versionsOf({ stores }: Deps, { tenant }: Principal, { kind, namespace, name }: Entry) {
  const kept = await stores.of(tenant).definitions.versions({ kind, namespace, name });
  return kept.map(({ version, createdAt }) => ({ version, createdAt: timestamp(createdAt) }));
}

interface Found {
  readonly entry: Entry;
  readonly source: string;
  readonly format: Definition['format'];
  readonly contentHash?: string;
}

/** The tenant's own one, of a version where one is named, else the stock one. Fault `resource.not_found`. */
async function find(
  deps: Deps,
  { tenant }: Principal,
  key: { readonly kind: Entry['kind']; readonly namespace: string; readonly name: string },
): Promise<Found> {
  const at = key.name.indexOf('@');
  const version = at < 0 ? undefined : key.name.slice(at + 1).replace(/^v/, '');
  const name = at < 0 ? key.name : key.name.slice(0, at);
  const row = await deps.stores.of(tenant).definitions.get({ ...key, name }, version);
  const entry = row === undefined ? null : ownEntry(row);
  if (row !== undefined && entry !== null) {
    return { entry, source: row.source, format: row.format, contentHash: row.contentHash };
  }
  const isStock = version === undefined || version === stockVersion;
  const definition = isStock ? deps.submissions.stock.find(engineKind[key.kind], name) : null;
  const source = deps.submissions.stock.source(engineKind[key.kind], name);
  if (definition === null || source === null) throw notFound();
  return { entry: stockEntry(definition), source, format: 'cue' };
}

/** A problem that carries the report: what is stored stays, and repeating the request brings the rest. */
function importStopped(
  { log }: Deps,
  requestId: string,
  report: z.infer<typeof importedSchema>,
  failure: unknown,
): Response {
  const { notStored = 0 } = report.totals.stored ?? {};
  const internal = failure instanceof Error ? (failure.stack ?? failure.message) : String(failure);
  log({ level: 'error', requestId, event: 'import.stopped', error: internal });
  const sentence = `Storing stopped: ${notStored} definitions of the archive are not stored. The report tells which; repeat the request.`;
  return problemResponse(new Fault('store.unavailable', sentence), requestId, { report });
}

export function definitionRoutes(deps: Deps): OpenAPIHono<Env> {
  const router = newRouter();
  router.openAPIRegistry.registerPath({
    ...importMany,
    request: {
      ...importMany.request,
      body: { content: { 'application/gzip': { schema: z.string().openapi({ format: 'binary' }) } } },
    },
  });
  router.post('/import', async (context) => {
    const principal = context.get('principal');
    requireScope(principal, 'definitions:write');
    const query = parsed(importQuery, context.req.query(), 'query');
    const dryRun = query.dryRun !== undefined && query.dryRun !== 'false';
    const body = new Uint8Array(await context.req.arrayBuffer());
    const { report, failure } = await importArchive(deps, principal, { body, dryRun });
    if (failure === undefined) return context.json(report, 200);
    return importStopped(deps, context.get('requestId'), report, failure);
  });
  return router
    .openapi(list, async (context) => {
      const principal = context.get('principal');
      requireScope(principal, 'definitions:read');
      const { limit, cursor, ...asked } = context.req.valid('query');
      const { kind, namespace, origin, q, deprecated, labelSelector } = asked;
      const search = {
        q,
        deprecated: deprecated === undefined ? undefined : deprecated === 'true',
        labels: labelSelector === undefined ? undefined : labelSelectorOf(labelSelector),
      };
      const { items, next } = await cataloguePage(
        deps,
        principal,
        {
          list: 'definitions',
          asked: JSON.stringify(asked),
          kind,
          namespace,
          origin,
          take: (entry) => (matches(entry, search) ? rowOf(entry) : null),
        },
        { limit, cursor },
      );
      return context.json({ items: [...items], ...(next === undefined ? {} : { next }) }, 200);
    })
    .openapi(get, async (context) => {
      const principal = context.get('principal');
      requireScope(principal, 'definitions:read');
      const { namespace, view } = context.req.valid('query');
      const key = { ...context.req.valid('param'), namespace };
      const { entry, source, format, contentHash } = await find(deps, principal, key);
      const schema = schemaOf(entry);
      const asPage = view === 'docs' || (context.req.header('accept') ?? '').includes('text/markdown');
      const etag: Record<string, string> = contentHash === undefined ? {} : { etag: tagOf(contentHash) };
      if (asPage && view !== 'schema') {
        const [example = null] = await examplesOf(deps, principal, entry, schema);
        const page = definitionDocs(entry.definition, schema, example);
        return context.body(page, 200, { ...etag, 'content-type': 'text/markdown; charset=utf-8' });
      }
      if (view === 'schema') {
        if (schema === null) throw new Fault('resource.not_found', 'This definition has no schema.');
        return new Response(JSON.stringify(schema), {
          headers: { ...etag, 'content-type': 'application/schema+json' },
        });
      }
      const examples = await examplesOf(deps, principal, entry, schema);
      const versions = entry.origin === 'stock' ? [] : await versionsOf(deps, principal, entry);
      const answer = { ...rowOf(entry), source, format, schema, examples: [...examples], versions };
      return context.json(answer, 200, etag);
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
