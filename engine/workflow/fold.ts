/** What one event changes in a run, before anything is decided. */
import type { ClusterId, RunId } from '../ids.ts';
import {
  type Command,
  type CompletedTarget,
  type Delivered,
  type Destination,
  hasEnded,
  isOlder,
  type LateTraits,
  type NamedCluster,
  type Progress,
  progressOf,
  type Run,
  type RunEvent,
  type RunState,
  type Stamp,
  type Step,
  type Target,
  type TargetName,
  targetKey,
} from './run.ts';

/** The run after one event. Events of a state that has gone by change nothing. */
export function fold(run: Run, event: RunEvent, now: number): Run {
  switch (event.kind) {
    case 'submitted':
    case 'timer':
    case 'clusters':
    case 'holdings':
      return run;
    case 'newest':
      return supersede(run, event.run, now);
    case 'command':
      return obey(run, event, now);
    case 'rendered':
      if (run.state.phase !== 'rendering') return run;
      return to(run, {
        phase: 'waiting',
        on: { kind: 'NoCluster', clusters: [] },
        plan: event.plan,
        ...held(run.state),
      });
    case 'unrenderable':
      if (run.state.phase !== 'rendering') return run;
      return to(run, { phase: 'failed', endedAt: now, issues: event.issues, progress: null });
    case 'delivered':
      return withProgress(run, (progress) => noteDelivered(progress, event));
    case 'undeliverable': {
      if (hasEnded(run)) return run;
      const issue = { code: 'undeliverable', path: '', message: event.message };
      return to(run, { phase: 'failed', endedAt: now, issues: [issue], progress: progressOf(run) });
    }
    case 'completed':
      return withProgress(run, (progress) => noteCompleted(progress, event.targets));
    case 'report':
      return withProgress(run, (progress) => noteReport(progress, event));
    default:
      return event satisfies never;
  }
}

/** What an event says about the world rather than the run; `settle` reads it. */
export interface Surroundings {
  readonly clusters: readonly NamedCluster[] | null;
  readonly holdings: readonly NamedCluster[] | null;
  readonly newest: RunId | null;
}

/** The newest word on the surroundings among the events; null: nothing was said. */
export function surroundingsOf(events: readonly RunEvent[]): Surroundings {
  const clusters = events.findLast((event) => event.kind === 'clusters');
  const holdings = events.findLast((event) => event.kind === 'holdings');
  const newest = events.findLast((event) => event.kind === 'newest');
  return {
    clusters: clusters?.clusters ?? null,
    holdings: holdings?.clusters ?? null,
    newest: newest?.run ?? null,
  };
}

function to(run: Run, state: RunState): Run {
  return { ...run, state };
}

function held(state: RunState): { hold?: 'suspend' } {
  return 'hold' in state && state.hold !== undefined ? { hold: state.hold } : {};
}

/** The same state over changed progress; ended runs keep learning about health. */
export function withProgress(run: Run, change: (progress: Progress) => Progress): Run {
  const before = progressOf(run);
  if (before === null) return run;
  const progress = change(before);
  // `progressOf` found progress in this very state, so putting progress back keeps it a state of its phase.
  return progress === before ? run : to(run, { ...run.state, progress } as RunState);
}

function supersede(run: Run, newest: RunId, now: number): Run {
  if (newest === run.id || hasEnded(run) || run.purpose.kind === 'delete') return run;
  return to(run, { phase: 'superseded', endedAt: now, by: newest, progress: progressOf(run) });
}

function obey(run: Run, command: Command, now: number): Run {
  if (hasEnded(run) || run.purpose.kind === 'delete') return run;
  switch (command.command) {
    case 'suspend':
      return suspend(run);
    case 'resume':
      return resume(run);
    case 'terminate':
      return to(run, {
        phase: 'terminated',
        endedAt: now,
        progress: stopSteps(progressOf(run), now),
      });
    default:
      return command satisfies never;
  }
}

function suspend(run: Run): Run {
  const { state } = run;
  if (state.phase === 'running') {
    return to(run, { phase: 'suspended', reason: 'Command', progress: state.progress });
  }
  if (state.phase === 'queued' || state.phase === 'rendering' || state.phase === 'waiting') {
    return to(run, { ...state, hold: 'suspend' });
  }
  return run;
}

function resume(run: Run): Run {
  const { state } = run;
  if (state.phase === 'suspended') return to(run, { phase: 'running', progress: state.progress });
  if (state.phase === 'queued' || state.phase === 'rendering' || state.phase === 'waiting') {
    const { hold: _, ...rest } = state;
    return to(run, rest);
  }
  return run;
}

/** What terminating does to steps (kubevela.md §2.9): running ones fail with Terminate, others are skipped. */
function stopSteps(progress: Progress | null, now: number): Progress | null {
  if (progress === null) return null;
  const stop = (step: Step): Step => {
    const { state } = step;
    if (state.phase === 'pending') return { ...step, state: { phase: 'skipped', at: now } };
    if (state.phase !== 'running' && state.phase !== 'suspending') return step;
    const { since } = state;
    return { ...step, state: { phase: 'failed', since, at: now, reason: 'Terminate', message: '' } };
  };
  return { ...progress, steps: progress.steps.map(stop) };
}

/** Changes the targets for which `change` gives another one; the same progress where none does. */
function mapTargets(progress: Progress, change: (target: Target) => Target): Progress {
  let changed = false;
  const steps = progress.steps.map((step) => {
    const targets = step.targets.map(change);
    if (targets.every((target, i) => target === step.targets[i])) return step;
    changed = true;
    return { ...step, targets };
  });
  return changed ? { ...progress, steps } : progress;
}

interface DeliveredEvent {
  readonly cluster: ClusterId;
  readonly bundle: Delivered;
  readonly targets: readonly TargetName[];
}

function noteDelivered(progress: Progress, event: DeliveredEvent): Progress {
  const known = progress.destinations.find(({ cluster }) => cluster === event.cluster);
  if (known === undefined || (known.delivered?.sequence ?? 0) >= event.bundle.sequence) return progress;
  const keys = new Set(event.targets.map(targetKey));
  const { steps } = mapTargets(progress, (target) =>
    keys.has(targetKey(target)) ? deliveredTarget(target, event.bundle.sequence) : target,
  );
  const destinations = replaceDestination(progress, event.cluster, { delivered: event.bundle });
  return { ...progress, steps, destinations };
}

function deliveredTarget(target: Target, sequence: number): Target {
  const { late } = target;
  const delivered = target.delivered ?? sequence;
  if (late === undefined || late.phase === 'awaited')
    return delivered === target.delivered ? target : { ...target, delivered };
  const { tried, problem } = late;
  return {
    ...target,
    delivered,
    late: { tried, problem, phase: 'rendered', delivered: late.delivered ?? sequence },
  };
}

function noteCompleted(progress: Progress, completed: readonly CompletedTarget[]): Progress {
  const byKey = new Map(completed.map((one) => [targetKey(one), one]));
  return mapTargets(progress, (target) => {
    const done = byKey.get(targetKey(target));
    const { late } = target;
    return done === undefined || late === undefined ? target : { ...target, late: lateAfter(late, done) };
  });
}

function lateAfter(late: LateTraits, done: CompletedTarget): LateTraits {
  const tried = done.status;
  if (done.outcome === 'failed') return { ...late, tried, problem: done.message };
  if (late.phase === 'awaited') return { tried, problem: '', phase: 'rendered', delivered: null };
  const { delivered } = late;
  return done.outcome === 'unchanged' || delivered === null
    ? { ...late, tried, problem: '' }
    : { tried, problem: '', phase: 'changed', delivered };
}

interface ReportEvent {
  readonly cluster: ClusterId;
  readonly stamp: Stamp;
  readonly targets: readonly (TargetName & { readonly observed: NonNullable<Target['observed']> })[];
  readonly leftovers?: readonly string[];
}

function noteReport(progress: Progress, event: ReportEvent): Progress {
  const byKey = new Map(event.targets.map((target) => [targetKey(target), target.observed]));
  const seen = mapTargets(progress, (target) => {
    const observed = byKey.get(targetKey(target));
    if (observed === undefined) return target;
    const older = target.observed !== null && !isOlder(target.observed.stamp, observed.stamp);
    return older ? target : { ...target, observed };
  });
  const known = progress.destinations.find(({ cluster }) => cluster === event.cluster);
  if (known === undefined || event.leftovers === undefined) return seen;
  if (known.leftovers !== null && !isOlder(known.leftovers.stamp, event.stamp)) return seen;
  const leftovers = { stamp: event.stamp, objects: event.leftovers };
  return { ...seen, destinations: replaceDestination(seen, event.cluster, { leftovers }) };
}

function replaceDestination(
  progress: Progress,
  cluster: ClusterId,
  change: Partial<Destination>,
): readonly Destination[] {
  return progress.destinations.map((one) => (one.cluster === cluster ? { ...one, ...change } : one));
}
