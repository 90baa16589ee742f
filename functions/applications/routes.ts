import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Application } from '../../db/model/application.ts';
import { Fault } from '../../engine/fault.ts';
import { textOf } from '../body.ts';
import type { Deps } from '../deps.ts';
import { names } from '../etag.ts';
import { requireScope } from '../middleware/authenticate.ts';
import { takeClaim } from '../middleware/idempotency.ts';
import type { Env, Principal } from '../middleware/request-context.ts';
import { json, pageQuery, problems, timestamp } from '../openapi.ts';
import { newRouter, parsed } from '../router.ts';
import { eventStream, type StreamCounts } from '../sse.ts';
import { labelSelectorOf } from './label-selector.ts';
import { applicationObject, applicationRow, etagOfApplication } from './object.ts';
import { planApplications } from './plan.ts';
import { removeApplication } from './remove.ts';
import { rollback } from './rollback.ts';
import { byName, submissionSchema, submitQuery } from './schema.ts';
import { submitApplications } from './submit.ts';

const manifest = {
  content: {
    'application/yaml': {
      schema: z.string().openapi({ description: 'Applications and definitions, one or several documents' }),
    },
    'application/json': { schema: z.unknown() },
  },
} as const;
const started = z.object({ run: z.object({ id: z.string(), url: z.string() }), revision: z.number().int() });
const anObject = z.unknown();
const notFound = () => new Fault('resource.not_found', 'There is no such Application.');

const submit = createRoute({
  method: 'post',
  path: '/applications',
  summary: 'Submit Applications and definitions, all or nothing',
  request: { query: submitQuery },
  responses: {
    200: json(submissionSchema, 'Nothing to do, or the plan'),
    202: json(submissionSchema, 'Accepted; Location is the run'),
    ...problems,
  },
});
const put = (method: 'put' | 'post') =>
  createRoute({
    method,
    path: '/namespaces/{namespace}/applications/{name}',
    summary: 'Submit this one Application',
    request: { params: byName, query: submitQuery },
    responses: {
      200: json(submissionSchema, 'Nothing to do, or the plan'),
      202: json(submissionSchema, 'Accepted; Location is the run'),
      ...problems,
    },
  });
const list = createRoute({
  method: 'get',
  path: '/applications',
  summary: 'List Applications',
  request: {
    query: pageQuery.extend({
      namespace: z.string().optional(),
      labelSelector: z.string().max(2000).optional(),
    }),
  },
  responses: {
    200: json(z.object({ items: z.array(anObject), next: z.string().optional() }), 'A page'),
    ...problems,
  },
});
const get = createRoute({
  method: 'get',
  path: '/namespaces/{namespace}/applications/{name}',
  summary: "The Application with KubeVela's status",
  request: { params: byName },
  responses: { 200: json(anObject, 'The OAM object'), ...problems },
});
const remove = createRoute({
  method: 'delete',
  path: '/namespaces/{namespace}/applications/{name}',
  summary: 'Delete what it applied, then the Application',
  request: { params: byName },
  responses: { 202: json(started, 'Begun; Location is the run'), ...problems },
});
const revisions = createRoute({
  method: 'get',
  path: '/namespaces/{namespace}/applications/{name}/revisions',
  summary: 'Revisions, newest first',
  request: { params: byName, query: pageQuery },
  responses: {
    200: json(z.object({ items: z.array(anObject), next: z.string().optional() }), 'A page'),
    ...problems,
  },
});
const revision = createRoute({
  method: 'get',
  path: '/namespaces/{namespace}/applications/{name}/revisions/{number}',
  summary: 'One revision, whole',
  request: { params: byName.extend({ number: z.coerce.number().int().min(1) }) },
  responses: { 200: json(anObject, 'The revision'), ...problems },
});
const back = createRoute({
  method: 'post',
  path: '/namespaces/{namespace}/applications/{name}/rollback',
  summary: 'Deliver an older revision again, without rendering it',
  request: {
    params: byName,
    body: {
      content: { 'application/json': { schema: z.strictObject({ revision: z.number().int().min(1) }) } },
      required: true,
    },
  },
  responses: { 202: json(started, 'Begun; Location is the run'), ...problems },
});
const resources = createRoute({
  method: 'get',
  path: '/namespaces/{namespace}/applications/{name}/resources',
  summary: 'Applied objects with health and drift',
  request: { params: byName, query: z.object({ live: z.enum(['true', 'false']).optional() }) },
  responses: {
    200: json(z.object({ items: z.array(anObject) }), 'Objects by cluster and reference'),
    ...problems,
  },
});
const events = createRoute({
  method: 'get',
  path: '/namespaces/{namespace}/applications/{name}/events',
  summary: 'What happens to it, as server-sent events',
  request: { params: byName },
  responses: { 200: { description: 'text/event-stream' }, ...problems },
});

/** The resourceVersion that If-Match asks for. A tag of something else can never hold. */
function expected(context: Context<Env>, present: Application | undefined): number | undefined {
  const sent = context.req.header('if-match');
  if (sent === undefined) return undefined;
  if (present === undefined || !names(sent, etagOfApplication(present))) {
    const detail = 'The Application has changed since you read it.';
    const now = present === undefined ? 'no Application' : etagOfApplication(present);
    const errors = [{ pointer: '', detail: 'If-Match', expected: now, actual: sent }];
    throw new Fault('request.precondition', detail, { errors });
  }
  return present.resourceVersion;
}

export function applicationRoutes(deps: Deps, counts: StreamCounts): OpenAPIHono<Env> {
  const storeOf = (principal: Principal) => deps.stores.of(principal.tenant);
  const reader = (context: Context<Env>) => {
    const principal = context.get('principal');
    requireScope(principal, 'applications:read');
    return principal;
  };
  const writer = (context: Context<Env>) => {
    const principal = context.get('principal');
    requireScope(principal, 'applications:write');
    return principal;
  };
  const found = async (
    principal: Principal,
    { namespace, name }: z.infer<typeof byName>,
  ): Promise<Application> => {
    const application = await storeOf(principal).applications.get(namespace, name);
    if (application === undefined) throw notFound();
    return application;
  };
  const runAnswer = (context: Context<Env>, { run, revision: number }: { run: string; revision: number }) => {
    const url = `${new URL(context.req.url).origin}/v1/runs/${run}`;
    return [{ run: { id: run, url }, revision: number }, 202, { location: url }] as const;
  };
  async function submitted(
    context: Context<Env>,
    query: z.infer<typeof submitQuery>,
    only: z.infer<typeof byName> | undefined,
  ): Promise<Response> {
    const principal = writer(context);
    const text = textOf(new Uint8Array(await context.req.arrayBuffer()));
    const { origin } = new URL(context.req.url);
    const namespace = only?.namespace ?? query.namespace ?? 'default';
    const strict = query.strict === 'true';
    if (query.dryRun === 'server')
      return planApplications(deps, principal, { text, namespace, only, strict });
    const present =
      only === undefined ? undefined : await storeOf(principal).applications.get(only.namespace, only.name);
    return submitApplications(deps, principal, {
      text,
      namespace,
      only,
      strict,
      expectResourceVersion: expected(context, present),
      claim: takeClaim(context),
      origin,
    });
  }

  const router = newRouter();
  // These read the body as it is, in whatever media type curl sends, so they are described apart from their handlers.
  for (const described of [submit, put('put'), put('post')]) {
    router.openAPIRegistry.registerPath({ ...described, request: { ...described.request, body: manifest } });
  }
  const one = '/namespaces/:namespace/applications/:name';
  const queryOf = (context: Context<Env>) => parsed(submitQuery, context.req.query(), 'query');
  const pathOf = (context: Context<Env>) => parsed(byName, context.req.param(), 'path');
  router.post('/applications', (context) => submitted(context, queryOf(context), undefined));
  router.on(['PUT', 'POST'], one, (context) => submitted(context, queryOf(context), pathOf(context)));
  return router
    .openapi(list, async (context) => {
      const { namespace, labelSelector, ...page } = context.req.valid('query');
      const labels = labelSelector === undefined ? undefined : labelSelectorOf(labelSelector);
      const { items, next } = await storeOf(reader(context)).applications.list({ namespace, labels }, page);
      const { origin } = new URL(context.req.url);
      return context.json(
        { items: items.map((item) => applicationRow(item, origin)), ...(next === undefined ? {} : { next }) },
        200,
      );
    })
    .openapi(get, async (context) => {
      const { namespace, name } = context.req.valid('param');
      const view = await storeOf(reader(context)).applications.view(namespace, name);
      if (view === undefined) throw notFound();
      return context.json({ ...applicationObject(view) }, 200, { etag: etagOfApplication(view.application) });
    })
    .openapi(remove, async (context) => {
      const principal = writer(context);
      const target = context.req.valid('param');
      const present = await found(principal, target);
      const expectResourceVersion = expected(context, present);
      const run = await removeApplication(deps, principal, { ...target, expectResourceVersion });
      return context.json(...runAnswer(context, run));
    })
    .openapi(revisions, async (context) => {
      const principal = reader(context);
      const { uid } = await found(principal, context.req.valid('param'));
      const { items, next } = await storeOf(principal).revisions.list(uid, context.req.valid('query'));
      const rows = items.map(({ createdAt, ...row }) => ({ ...row, createdAt: timestamp(createdAt) }));
      return context.json({ items: rows, ...(next === undefined ? {} : { next }) }, 200);
    })
    .openapi(revision, async (context) => {
      const principal = reader(context);
      const { number, ...target } = context.req.valid('param');
      const { uid } = await found(principal, target);
      const one = await storeOf(principal).revisions.get(uid, number);
      if (one === undefined) throw new Fault('resource.not_found', `There is no revision ${number}.`);
      const { createdAt, extra: _, ...rest } = one;
      return context.json({ ...rest, createdAt: timestamp(createdAt) }, 200);
    })
    .openapi(back, async (context) => {
      const target = { ...context.req.valid('param'), revision: context.req.valid('json').revision };
      return context.json(...runAnswer(context, await rollback(deps, writer(context), target)));
    })
    .openapi(resources, async (context) => {
      const principal = reader(context);
      const { uid } = await found(principal, context.req.valid('param'));
      const inventory = storeOf(principal).inventory;
      const live = context.req.valid('query').live === 'true';
      const items = live ? await inventory.details(uid) : await inventory.list(uid);
      return context.json({ items: items.map((item) => ({ ...item })) }, 200);
    })
    .openapi(events, async (context) => {
      const principal = reader(context);
      const { uid } = await found(principal, context.req.valid('param'));
      const repository = storeOf(principal).events;
      return eventStream(counts, {
        request: context.req.raw,
        subject: uid,
        poll: async (lastId) => {
          const after = lastId !== undefined && /^\d{1,15}$/.test(lastId) ? Number(lastId) : 0;
          const rows = await repository.ofApplication(uid, after, 100);
          return {
            events: rows.map(({ seq, run, kind, payload, createdAt }) => ({
              id: String(seq),
              event: kind,
              data: { run, payload, at: timestamp(createdAt) },
            })),
          };
        },
      });
    });
}
