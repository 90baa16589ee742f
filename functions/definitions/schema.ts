import { z } from '@hono/zod-openapi';

export const definitionSchema = z
  .object({
    kind: z.enum(['component', 'trait', 'policy', 'workflow-step', 'workload']),
    namespace: z.string(),
    name: z.string(),
    version: z.string(),
    origin: z.enum(['stock', 'tenant']),
    deprecated: z.boolean().optional(),
    description: z.string().optional(),
  })
  .openapi('Definition');

export const definitionKindParam = z.enum(['component', 'trait', 'policy', 'workflow-step', 'workload']);
