/**
 * The reducer of runs. `advance` folds what has happened into the run, decides what follows, and gives the
 * effects for the caller to perform. It is a pure function: the same run, events and time give the same answer,
 * so whoever is interrupted between deciding and saving simply asks again.
 *
 * The caller performs the effects in order, feeds the events that they answer into `advance` again until no
 * effect is left, and then saves the run, what the effects want written, and `dueAt` in one batch.
 *
 * Order of events: commands and deliveries count in the order given. Reports carry stamps and may come in any
 * order and any number of times. `clusters`, `holdings` and `newest` are read with every load and describe now.
 */
import { timeoutOf } from './dag.ts';
import { fold, type Surroundings, surroundingsOf } from './fold.ts';
import {
  currentObservation,
  type Effect,
  hasEnded,
  type Progress,
  progressOf,
  type Run,
  type RunEvent,
  type Stalled,
} from './run.ts';
import { settle } from './settle.ts';

export interface Advanced {
  readonly run: Run;
  readonly effects: readonly Effect[];
  /** When to look again though nothing has been heard; null: only an event can change anything. */
  readonly dueAt: number | null;
  /**
   * Whether no report and no command can make it do anything any more. A run that has succeeded and whose traits follow the
   * live status of a workload stays open while it is the newest.
   */
  readonly finished: boolean;
}

/** Without progress for so long a run shows the reason DeadlineExceeded. */
export const PROGRESS_DEADLINE_MS = 10 * 60 * 1000;
/** How often a run that waits for a cluster looks whether there is one. */
const CLUSTER_POLL_MS = 60 * 1000;

/** `now` in milliseconds, by the store's clock. */
export function advance(run: Run, events: readonly RunEvent[], now: number): Advanced {
  let folded = run;
  for (const event of events) folded = fold(folded, event, now);
  const settled = settle(folded, surroundingsOf(events), now);
  const moved = fingerprint(settled.run) !== fingerprint(run);
  const progressedAt = moved ? now : settled.run.progressedAt;
  const moving = { ...settled.run, progressedAt };
  const after = { ...moving, stalled: stalledOf(moving, surroundingsOf(events), now) };
  const finished = hasEnded(after) && !stays(after, surroundingsOf(events));
  return { run: after, effects: settled.effects, dueAt: dueAt(after, now), finished };
}

function stays({ id, state, purpose }: Run, { newest }: Surroundings): boolean {
  if (state.phase !== 'succeeded' || purpose.kind === 'delete' || newest !== id) return false;
  return state.progress.steps.some(({ targets }) => targets.some(({ late }) => late !== undefined));
}

/** Only a run that works can stall: one that is suspended or has no cluster says so itself. */
function stalledOf(run: Run, { clusters }: Surroundings, now: number): Stalled | null {
  if (run.state.phase !== 'running' || now - run.progressedAt < PROGRESS_DEADLINE_MS) return null;
  const mine = new Set(run.state.progress.destinations.map(({ cluster }) => cluster));
  const silent = (clusters ?? []).filter((cluster) => cluster.silent && mine.has(cluster.id));
  return { since: run.progressedAt, unreachable: silent.map(({ name }) => name) };
}

/** What of a run counts as progress: everything but the stamps of observations that say the same again. */
function fingerprint(run: Run): string {
  const progress = progressOf(run);
  if (progress === null) return JSON.stringify(run.state);
  const steps = progress.steps.map(({ state, targets }) => [
    state,
    targets.map((target) => {
      const seen = currentObservation(target);
      return [target.delivered, target.late, seen === null ? null : { ...seen, stamp: null, liveStatus: '' }];
    }),
  ]);
  const destinations = progress.destinations.map(({ delivered, leftovers }) => [
    delivered,
    leftovers?.objects,
  ]);
  return JSON.stringify([run.state.phase, steps, destinations]);
}

function dueAt(run: Run, now: number): number | null {
  const { state } = run;
  switch (state.phase) {
    case 'queued':
    case 'rendering':
      return now;
    case 'waiting':
      return now + CLUSTER_POLL_MS;
    case 'running':
      return nextLook(run, state.progress, now);
    case 'suspended':
      return state.until ?? null;
    case 'succeeded':
    case 'failed':
    case 'terminated':
    case 'superseded':
      return null;
    default:
      return state satisfies never;
  }
}

function nextLook(run: Run, progress: Progress, now: number): number {
  const deadline = run.progressedAt + PROGRESS_DEADLINE_MS;
  const timeouts = progress.steps.flatMap((step) =>
    step.state.phase === 'running' ? [timeoutOf(step, step.state.since)] : [],
  );
  return Math.min(deadline > now ? deadline : now + PROGRESS_DEADLINE_MS, ...timeouts);
}
