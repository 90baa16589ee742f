/**
 * What anybody may read of an Application. Its sentences come from here alone: nothing that a template, a cluster or
 * a user has written gets into it, but for the names of the Application and its components.
 */
import { z } from 'zod';
import {
  type ApplicationPhase,
  phaseOf,
  type StatusSource,
  type StoredRun,
  servicesOf,
  storedRunOf,
} from './status.ts';

export const publicSummarySchema = z.object({
  application: z.string(),
  phase: z.string(),
  message: z.string(),
  revision: z.number().int(),
  services: z.array(z.object({ name: z.string(), health: z.enum(['healthy', 'unhealthy', 'unknown']) })),
  /** Whether its cluster is a sandbox. */
  sandbox: z.boolean(),
  startedAt: z.string().optional(),
  finishedAt: z.string().optional(),
  updatedAt: z.string().optional(),
});
export type PublicSummary = z.infer<typeof publicSummarySchema>;

const sentences: Readonly<Record<ApplicationPhase, string>> = {
  starting: 'The delivery is about to start.',
  rendering: 'The delivery is being prepared.',
  runningWorkflow: 'A new revision is being delivered.',
  workflowSuspending: 'The delivery is on hold.',
  workflowTerminated: 'The delivery was stopped.',
  workflowFailed: 'The delivery has failed.',
  running: 'Everything is running.',
  unhealthy: 'Something is not healthy.',
  deleting: 'The application is being removed.',
};

export function publicSummary(source: StatusSource): PublicSummary {
  const stored = storedRunOf(source.run?.state);
  const phase = phaseOf(source, stored);
  const finishedAt = stored !== null && 'endedAt' in stored.state ? stored.state.endedAt : undefined;
  return {
    application: source.application.name,
    phase,
    message: sentenceOf(phase, stored),
    revision: source.run?.revision ?? source.application.revision,
    services: healthOfServices(source, stored),
    sandbox: source.targets.some(isSandbox),
    ...(stored !== null &&
      stored.startedAt !== null && { startedAt: new Date(stored.startedAt).toISOString() }),
    ...(finishedAt !== undefined && { finishedAt: new Date(finishedAt).toISOString() }),
    ...(stored !== null && { updatedAt: new Date(stored.progressedAt).toISOString() }),
  };
}

function sentenceOf(phase: ApplicationPhase, stored: StoredRun | null): string {
  if (stored?.state.phase === 'waiting') return 'The delivery waits for a cluster.';
  if (stored?.state.phase === 'failed' && stored.state.progress === null)
    return 'The revision could not be prepared.';
  if (phase === 'runningWorkflow' && stored?.stalled !== null)
    return 'The delivery has not got on for ten minutes.';
  return sentences[phase];
}

/** A component in several places is healthy where it is so in all of them. */
function healthOfServices(source: StatusSource, stored: StoredRun | null): PublicSummary['services'] {
  const known = servicesOf(source.services);
  const progress = stored !== null && 'progress' in stored.state ? stored.state.progress : null;
  const planned = progress?.steps.flatMap(({ targets }) => targets.map(({ component }) => component)) ?? [];
  const names = [...new Set([...planned, ...known.map(({ name }) => name)])].sort();
  return names.map((name) => {
    const places = known.filter((service) => service.name === name);
    if (places.length === 0) return { name, health: 'unknown' };
    return { name, health: places.every(({ healthy }) => healthy) ? 'healthy' : 'unhealthy' };
  });
}

function isSandbox({ kubernetes }: StatusSource['targets'][number]): boolean {
  return typeof kubernetes['version'] === 'string' && kubernetes['version'].includes('sandbox');
}
