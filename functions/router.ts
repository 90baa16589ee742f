/** A Hono router whose routes are described by zod schemas: they parse requests and make the OpenAPI document. */
import { OpenAPIHono, type z } from '@hono/zod-openapi';
import { Fault, type FaultDetail } from '../engine/fault.ts';
import type { Env } from './middleware/request-context.ts';

function malformed(error: z.core.$ZodError, target: string): Fault {
  const errors = error.issues.map(
    (issue): FaultDetail => ({
      pointer: `/${issue.path.map(String).join('/')}`,
      detail: `${target}: ${issue.message}`,
      ...(issue.code === undefined ? {} : { code: issue.code }),
    }),
  );
  return new Fault('request.malformed', 'The request does not have the form that this route takes.', {
    errors,
  });
}

/** A router that answers what zod finds wrong with a request as a problem. */
export function newRouter(): OpenAPIHono<Env> {
  return new OpenAPIHono<Env>({
    defaultHook: (result) => {
      if (!result.success) throw malformed(result.error, result.target);
    },
  });
}

/** A part of a request by its schema, for handlers that are described apart. Fault `request.malformed`. */
export function parsed<S extends z.ZodType>(schema: S, value: unknown, target: string): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw malformed(result.error, target);
}
