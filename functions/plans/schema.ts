import { z } from '@hono/zod-openapi';
import { plannedActions, refusals } from '../../engine/delivery/protocol.ts';
import { submitQuery } from '../applications/schema.ts';
import { warningSchema } from '../issues.ts';

export const planQuery = submitQuery.omit({ dryRun: true }).extend({
  live: z.enum(['true', 'false']).optional().openapi({
    description: 'Ask the clusters what would become of the live objects; the answer comes later',
  }),
});

/** The form that says it all in the body, instead of the Application's own text. */
export const planBody = z
  .strictObject({
    live: z.boolean().default(false),
    manifest: z
      .string()
      .optional()
      .openapi({ description: 'The text that would be submitted, YAML or JSON' }),
    application: z.looseObject({}).optional().openapi({ description: 'The same as an object' }),
  })
  .refine(({ manifest, application }) => (manifest === undefined) !== (application === undefined), {
    message: 'send either manifest or application',
  })
  .openapi('PlanRequest');

const placed = {
  /** '' for what no component holds any more. */
  component: z.string(),
  cluster: z.string(),
  apiVersion: z.string(),
  kind: z.string(),
  namespace: z.string(),
  name: z.string(),
};
const change = z.object({
  path: z.string().openapi({ description: 'JSON pointer' }),
  from: z.unknown().optional(),
  to: z.unknown().optional(),
});

const plannedObject = z
  .object({
    action: z.enum(plannedActions),
    ...placed,
    object: z.unknown().optional().openapi({ description: 'As it would be delivered, secret values hidden' }),
    changes: z.array(change).optional(),
    omitted: z.number().int().optional().openapi({ description: 'Changes beyond those that are shown' }),
    reason: z.enum(refusals).optional(),
    message: z.string().optional(),
    conflicts: z
      .array(z.object({ manager: z.string(), field: z.string(), kept: z.boolean() }))
      .optional()
      .openapi({ description: 'Fields that other managers hold; `kept`: they stay as they are' }),
  })
  .openapi('PlannedObject');
export type PlannedObjectView = z.infer<typeof plannedObject>;

const plannedApplication = z.object({
  application: z.object({ namespace: z.string(), name: z.string() }),
  complete: z.boolean().openapi({
    description: 'Whether all of it can be rendered; a cluster that is not there leaves it open',
  }),
  objects: z.array(plannedObject),
});

const plannedCluster = z.object({
  name: z.string(),
  state: z.enum(['pending', 'ready', 'failed', 'expired']),
  message: z.string().optional(),
});
export type PlannedClusterView = z.infer<typeof plannedCluster>;

/** Against what was last delivered. */
export const dryRunSchema = z
  .object({
    dryRun: z.literal('server'),
    applications: z.array(plannedApplication),
    warnings: z.array(warningSchema),
  })
  .openapi('DryRun');

/** Against what is in the clusters. Objects of a cluster are there once it is ready. */
export const livePlanSchema = z
  .object({
    id: z.string(),
    live: z.literal(true),
    state: z.enum(['pending', 'ready', 'failed', 'expired']),
    createdAt: z.string(),
    expiresAt: z.string(),
    clusters: z.array(plannedCluster),
    applications: z.array(plannedApplication),
    warnings: z.array(warningSchema),
  })
  .openapi('LivePlan');
export type LivePlanView = z.infer<typeof livePlanSchema>;
