import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { Fault } from '../../engine/fault.ts';
import { isId } from '../../engine/ids.ts';
import { planApplications } from '../applications/plan.ts';
import { textOf } from '../body.ts';
import type { Deps } from '../deps.ts';
import { requireScope } from '../middleware/authenticate.ts';
import type { Env } from '../middleware/request-context.ts';
import { json, problems } from '../openapi.ts';
import { newRouter, parsed } from '../router.ts';
import { createPlan } from './create.ts';
import { livePlanView } from './get.ts';
import { dryRunSchema, livePlanSchema, planBody, planQuery } from './schema.ts';

const notFound = () => new Fault('resource.not_found', 'There is no such plan.');

const create = createRoute({
  method: 'post',
  path: '/plan',
  summary: 'What a submission would do: against what was last delivered, or live in the clusters',
  request: {
    query: planQuery,
    body: {
      content: {
        'application/yaml': { schema: z.string().openapi({ description: 'As for POST /v1/applications' }) },
        'application/json': { schema: z.union([planBody, z.looseObject({})]) },
      },
    },
  },
  responses: {
    200: json(dryRunSchema, 'The plan against what was last delivered'),
    202: json(livePlanSchema, 'The clusters are asked; Location is the plan, for ten minutes'),
    ...problems,
  },
});
const get = createRoute({
  method: 'get',
  path: '/plans/{id}',
  summary: 'A live plan: what the clusters have answered so far',
  request: { params: z.object({ id: z.string().max(64) }) },
  responses: { 200: json(livePlanSchema, 'The plan'), ...problems },
});

/** The text to plan: the body itself, or what a body of our own form holds. */
function readBody(text: string): { readonly text: string; readonly live: boolean } {
  const body = ownForm(text);
  if (body === undefined) return { text, live: false };
  const { live, manifest, application } = parsed(planBody, body, 'json');
  return { live, text: manifest ?? JSON.stringify(application) };
}

/** An object that is no Kubernetes object and has a field of ours. */
function ownForm(text: string): object | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body !== 'object' || body === null || 'kind' in body) return undefined;
    return ['live', 'manifest', 'application'].some((field) => field in body) ? body : undefined;
  } catch {
    // YAML may begin with a brace too.
    return undefined;
  }
}

export function planRoutes(deps: Deps): OpenAPIHono<Env> {
  const router = newRouter();
  // It reads the body as it is, in whatever media type curl sends, so it is described apart from its handler.
  router.openAPIRegistry.registerPath(create);
  router.post('/plan', async (context) => {
    const principal = context.get('principal');
    requireScope(principal, 'applications:write');
    const query = parsed(planQuery, context.req.query(), 'query');
    const body = readBody(textOf(new Uint8Array(await context.req.arrayBuffer())));
    const { namespace = 'default' } = query;
    const input = { text: body.text, namespace, strict: query.strict === 'true' };
    if (query.live !== 'true' && !body.live) return planApplications(deps, principal, input);
    const id = await createPlan(deps, principal, input);
    const plan = await livePlanView(deps, deps.stores.of(principal.tenant), id);
    const { origin } = new URL(context.req.url);
    return context.json(plan, 202, { location: `${origin}/v1/plans/${id}` });
  });
  return router.openapi(get, async (context) => {
    const principal = context.get('principal');
    requireScope(principal, 'applications:read');
    const { id } = context.req.valid('param');
    const store = deps.stores.of(principal.tenant);
    const plan = isId('plan', id) ? await livePlanView(deps, store, id) : undefined;
    if (plan === undefined) throw notFound();
    return context.json(plan, 200);
  });
}
