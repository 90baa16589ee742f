/** The HTTP application: every resource mounted, errors as problems. Adapters and secrets come in by `Deps`. */
import type { OpenAPIHono } from '@hono/zod-openapi';
import { HTTPException } from 'hono/http-exception';
import { Fault } from '../engine/fault.ts';
import { agentRoutes } from './agent/routes.ts';
import { applicationRoutes } from './applications/routes.ts';
import { auditRoutes } from './audit/routes.ts';
import { readBody, SUBMISSION_BYTES } from './body.ts';
import { capabilityRoutes } from './capabilities/routes.ts';
import { clusterRoutes } from './clusters/routes.ts';
import { definitionRoutes } from './definitions/routes.ts';
import type { Deps } from './deps.ts';
import { hookRoutes } from './hooks/routes.ts';
import { keyRoutes } from './keys/routes.ts';
import { authenticate, operatorOnly } from './middleware/authenticate.ts';
import { asDescribed } from './middleware/described.ts';
import { idempotent } from './middleware/idempotency.ts';
import type { Env } from './middleware/request-context.ts';
import { notFound } from './not-found.ts';
import { planRoutes } from './plans/routes.ts';
import { problemResponse } from './problem.ts';
import { receiverRoutes } from './receivers/routes.ts';
import { newRouter } from './router.ts';
import { runRoutes } from './runs/routes.ts';
import { StreamCounts } from './sse.ts';
import { statusRoutes } from './status/routes.ts';
import { ownTenantRoutes } from './tenant/routes.ts';
import { tenantRoutes } from './tenants/routes.ts';

/** What Hono itself refuses of a request. Its text is its own, so it is not forwarded. */
function ofClient(error: Error): Fault | undefined {
  if (!(error instanceof HTTPException) || error.status >= 500) return undefined;
  return error.status === 415
    ? new Fault('request.media_type', 'This route does not take this media type.')
    : new Fault('request.malformed', 'The request cannot be read.');
}

/** The whole service as one Hono application. */
export function createApp(deps: Deps): OpenAPIHono<Env> {
  const app = newRouter();
  app.use(async (context, next) => {
    const requestId = crypto.randomUUID();
    context.set('requestId', requestId);
    await next();
    context.res.headers.set('x-request-id', requestId);
    context.res.headers.set('x-content-type-options', 'nosniff');
  });
  app.onError((thrown, context) => {
    const error = ofClient(thrown) ?? thrown;
    if (!(error instanceof Fault) || error.status >= 500) {
      const fault = error instanceof Fault ? { code: error.code, internal: error.internal } : {};
      deps.log({
        level: 'error',
        requestId: context.get('requestId'),
        error: error.stack ?? error.message,
        ...fault,
      });
    }
    return problemResponse(error, context.get('requestId'));
  });
  app.notFound(notFound(app));

  app.get('/healthz', (context) => context.text('ok'));
  app.get('/readyz', async (context) => {
    await deps.stores.listTenants(undefined, 1);
    return context.text('ok');
  });
  const counts = new StreamCounts();
  app.route('/status', statusRoutes(deps, counts));
  app.route('/hooks', hookRoutes(deps));
  app.route('/agent/v1', agentRoutes(deps));

  app.use('/v1/*', async (context, next) => {
    if (context.req.raw.body !== null) {
      const body = await readBody(context.req.raw, SUBMISSION_BYTES);
      context.req.raw = new Request(context.req.raw, { body });
    }
    await next();
  });
  app.use('/v1/tenants/*', operatorOnly(deps));
  app.use('/v1/tenants', operatorOnly(deps));
  const described = asDescribed(app);
  app.use('/v1/tenants/*', described);
  app.use('/v1/tenants', described);
  app.route('/v1/tenants', tenantRoutes(deps));

  app.use('/v1/*', async (context, next) => {
    if (context.req.path === '/v1/tenants' || context.req.path.startsWith('/v1/tenants/')) return next();
    return authenticate(deps)(context, next);
  });
  app.use('/v1/*', described);
  app.use('/v1/*', idempotent(deps));
  app.route('/v1', applicationRoutes(deps, counts));
  app.route('/v1', planRoutes(deps));
  app.route('/v1/runs', runRoutes(deps));
  app.route('/v1/definitions', definitionRoutes(deps));
  app.route('/v1/capabilities', capabilityRoutes(deps));
  app.route('/v1/clusters', clusterRoutes(deps));
  app.route('/v1/receivers', receiverRoutes(deps));
  app.route('/v1/keys', keyRoutes(deps));
  app.route('/v1/audit', auditRoutes(deps));
  app.route('/v1/tenant', ownTenantRoutes(deps));

  app.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: {
      title: 'Mainsheet',
      version: '1',
      description: 'Multi-tenant application delivery: post an OAM Application, see it running.',
    },
    security: [{ key: [] }],
  });
  app.openAPIRegistry.registerComponent('securitySchemes', 'key', { type: 'http', scheme: 'bearer' });
  return app;
}
