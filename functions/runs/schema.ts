import { z } from '@hono/zod-openapi';
import type { Run, RunStep } from '../../db/model/run.ts';
import { storedRunOf } from '../../engine/workflow/status.ts';
import { timestamp } from '../openapi.ts';

const placementSchema = z.object({ cluster: z.string(), namespace: z.string(), replicaKey: z.string() });

export const stepSchema = z
  .object({
    name: z.string(),
    type: z.string(),
    placement: placementSchema,
    phase: z.enum(['pending', 'running', 'suspending', 'succeeded', 'failed', 'skipped']),
    reason: z.string(),
    message: z.string(),
    firstExecuteTime: z.string().optional(),
    lastExecuteTime: z.string().optional(),
  })
  .openapi('RunStep');

export const runSchema = z
  .object({
    id: z.string(),
    application: z.string(),
    revision: z.number().int(),
    kind: z.enum(['apply', 'rollback', 'delete']),
    phase: z.string(),
    state: z.unknown().openapi({ description: 'The state as the workflow keeps it' }),
    steps: z.array(stepSchema),
    createdAt: z.string(),
    startedAt: z.string().optional(),
    finishedAt: z.string().optional(),
  })
  .openapi('Run');

export function runView(run: Run, steps: readonly RunStep[]): z.infer<typeof runSchema> {
  const { id, application, revision, kind, phase, state, createdAt, startedAt } = run;
  const reached = storedRunOf(state)?.state;
  // A run that has ended may stay open for what its traits still follow.
  const finishedAt = reached !== undefined && 'endedAt' in reached ? reached.endedAt : run.finishedAt;
  return {
    id,
    application,
    revision,
    kind,
    phase,
    state,
    steps: steps.map(({ step, type, placement, phase, reason, message, firstAt, lastAt }) => ({
      name: step,
      type,
      placement: { ...placement },
      phase,
      reason,
      message,
      ...(firstAt === undefined ? {} : { firstExecuteTime: timestamp(firstAt) }),
      ...(lastAt === undefined ? {} : { lastExecuteTime: timestamp(lastAt) }),
    })),
    createdAt: timestamp(createdAt),
    ...(startedAt === undefined ? {} : { startedAt: timestamp(startedAt) }),
    ...(finishedAt === undefined ? {} : { finishedAt: timestamp(finishedAt) }),
  };
}
