/** A Hono router whose routes are described by zod schemas: they parse requests and make the OpenAPI document. */
import { OpenAPIHono } from '@hono/zod-openapi';
import { Fault, type FaultDetail } from '../engine/fault.ts';
import type { Env } from './middleware/request-context.ts';

/** What zod found wrong with a request, in the form of a problem's `errors`. */
export function newRouter(): OpenAPIHono<Env> {
  return new OpenAPIHono<Env>({
    defaultHook: (result) => {
      if (result.success) return;
      const errors = result.error.issues.map(
        (issue): FaultDetail => ({
          pointer: `/${issue.path.map(String).join('/')}`,
          detail: issue.message,
          code: issue.code,
        }),
      );
      throw new Fault('request.malformed', 'The request does not have the form that this route takes.', {
        errors,
      });
    },
  });
}
