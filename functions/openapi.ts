/** Pieces that many routes' descriptions share. */
import { z } from '@hono/zod-openapi';

const detail = z.object({
  pointer: z.string(),
  detail: z.string(),
  code: z.string().optional(),
  expected: z.string().optional(),
  actual: z.string().optional(),
  definition: z.string().optional(),
});

export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    code: z.string(),
    requestId: z.string(),
    errors: z.array(detail).optional(),
    warnings: z.array(detail).optional(),
  })
  .openapi('Problem');

/** The answer that any route may give instead of its own. */
export const problems = {
  default: {
    description: 'A problem (RFC 9457)',
    content: { 'application/problem+json': { schema: problemSchema } },
  },
} as const;

/** A JSON answer. */
export const json = <T extends z.ZodType>(schema: T, description: string) =>
  ({ description, content: { 'application/json': { schema } } }) as const;

/** Query parameters of every list. */
export const pageQuery = z.object({
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(100)
    .default(50)
    .openapi({ description: 'Items a page, 1 to 100' }),
  cursor: z.string().max(2000).optional().openapi({ description: 'As `next` of the page before gave it' }),
});

/** A page of items; `next` is absent on the last one. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), next: z.string().optional() });

/** Milliseconds as RFC 3339 text. */
export const timestamp = (millis: number): string => new Date(millis).toISOString();
