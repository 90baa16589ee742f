/** A Hono router whose routes are described by zod schemas: they parse requests and make the OpenAPI document. */
import { OpenAPIHono, z } from '@hono/zod-openapi';
import { malformed } from './malformed.ts';
import type { Env } from './middleware/request-context.ts';

/** A router that answers what zod finds wrong with a request as a problem. */
export function newRouter(): OpenAPIHono<Env> {
  return new OpenAPIHono<Env>({
    defaultHook: (result, context) => {
      if (result.success) return;
      const { target, error } = result;
      const described = context.get('described');
      const known = target === 'query' ? described?.query : described?.body;
      // The validator hands the hook what it has judged, which its type leaves out.
      const value = 'data' in result ? result.data : undefined;
      throw malformed(error, { target, value, known: known ?? [] });
    },
  });
}

/** A part of a request by its schema, for handlers that are described apart. Fault `request.malformed`. */
export function parsed<S extends z.ZodType>(schema: S, value: unknown, target: string): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const known = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  throw malformed(result.error, { target, value, known });
}
