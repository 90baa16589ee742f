import { z } from '@hono/zod-openapi';
import { pageQuery } from '../openapi.ts';

export const definitionKindParam = z.enum(['component', 'trait', 'policy', 'workflow-step', 'workload']);

export const definitionSchema = z
  .object({
    kind: definitionKindParam,
    namespace: z.string(),
    name: z.string(),
    version: z.string(),
    origin: z.enum(['stock', 'tenant']),
    deprecated: z.boolean().optional(),
    description: z.string().optional(),
    labels: z.record(z.string(), z.string()).optional(),
  })
  .openapi('Definition');

export const listQuery = pageQuery.extend({
  kind: definitionKindParam.optional(),
  namespace: z.string().max(63).optional(),
  q: z.string().max(200).optional().openapi({ description: 'Words in name, alias or description' }),
  origin: z.enum(['stock', 'tenant']).optional(),
  deprecated: z.enum(['true', 'false']).optional(),
  labelSelector: z.string().max(2000).optional(),
});

export const importedSchema = z
  .object({
    totals: z.object({
      documents: z.number(),
      loaded: z.number(),
      refused: z.number(),
      outdated: z.number(),
      compiled: z.number(),
      notCompiled: z.number(),
      percentage: z.number(),
      stored: z
        .object({
          created: z.number(),
          revised: z.number(),
          unchanged: z.number(),
          replaced: z.number(),
          conflict: z.number(),
          notStored: z.number(),
        })
        .optional()
        .openapi({ description: 'Absent in a dry run' }),
    }),
    items: z.array(
      z.object({
        result: z.enum(['loaded', 'refused']),
        file: z.string(),
        line: z.number().int(),
        imports: z.array(z.string()),
        needsProviders: z.boolean(),
        errors: z.array(z.unknown()),
        reason: z.enum(['outdated', 'invalid']).optional(),
        kind: z.string().optional(),
        name: z.string().optional(),
        namespace: z.string().optional(),
        schematic: z.string().optional(),
        compile: z.enum(['ok', 'failed', 'none']).optional(),
        warnings: z.array(z.unknown()).optional(),
        outcome: z
          .enum(['created', 'revised', 'unchanged', 'replaced', 'conflict', 'notStored'])
          .optional()
          .openapi({
            description:
              '`replaced`: the archive holds it again further on; `conflict`: this version exists with other content',
          }),
      }),
    ),
  })
  .openapi('ImportReport');
