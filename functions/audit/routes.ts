import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Deps } from '../deps.ts';
import { requireScope } from '../middleware/authenticate.ts';
import type { Env } from '../middleware/request-context.ts';
import { json, pageOf, pageQuery, problems, timestamp } from '../openapi.ts';
import { newRouter } from '../router.ts';

const rowSchema = z
  .object({
    seq: z.number().int(),
    at: z.string(),
    actor: z.object({ kind: z.string(), id: z.string() }),
    action: z.string(),
    subject: z.object({ kind: z.string(), id: z.string() }),
    detail: z.unknown(),
    sealed: z.boolean(),
  })
  .openapi('AuditRow');

const list = createRoute({
  method: 'get',
  path: '/',
  summary: 'What was done, newest first',
  request: { query: pageQuery },
  responses: { 200: json(pageOf(rowSchema), 'A page of audit rows'), ...problems },
});

const verify = createRoute({
  method: 'get',
  path: '/verification',
  summary: 'Walk the chain of seals',
  responses: {
    200: json(
      z.object({
        outcome: z.enum(['intact', 'broken']),
        sealed: z.number().int(),
        pending: z.number().int().openapi({ description: 'Rows at the end that are not sealed yet' }),
        at: z.number().int().optional().openapi({ description: 'The first row that does not follow' }),
      }),
      'Whether every sealed row follows from the one before',
    ),
    ...problems,
  },
});

export function auditRoutes(deps: Deps): OpenAPIHono<Env> {
  return newRouter()
    .openapi(list, async (context) => {
      const principal = context.get('principal');
      requireScope(principal, 'audit:read');
      const { items, next } = await deps.stores.of(principal.tenant).audit.list(context.req.valid('query'));
      const rows = items.map(({ at, subject, subjectKind, ...row }) => ({
        ...row,
        at: timestamp(at),
        subject: { kind: subjectKind, id: subject },
      }));
      return context.json({ items: rows, ...(next === undefined ? {} : { next }) }, 200);
    })
    .openapi(verify, async (context) => {
      const principal = context.get('principal');
      requireScope(principal, 'audit:read');
      return context.json(await deps.stores.of(principal.tenant).audit.verify(), 200);
    });
}
