/** What follows from where a run stands: states that are due, steps that may start, bundles to deliver. */

import { deadlock, planStep, readyTargets, runSteps } from './dag.ts';
import { resolveClusters } from './destinations.ts';
import type { Surroundings } from './fold.ts';
import {
  currentObservation,
  type Destination,
  type Effect,
  type Plan,
  type Progress,
  type Run,
  type RunState,
  type Target,
  type TargetName,
} from './run.ts';

export interface Settled {
  readonly run: Run;
  readonly effects: readonly Effect[];
}

const nothing: readonly Effect[] = [];

export function settle(run: Run, around: Surroundings, now: number): Settled {
  const { state } = run;
  switch (state.phase) {
    case 'queued':
      return begin(run, around, now);
    case 'rendering':
      return { run, effects: [{ kind: run.purpose.kind === 'rollback' ? 'recall' : 'render' }] };
    case 'waiting':
      return awaitClusters(run, state, around, now);
    case 'running':
      return run.purpose.kind === 'delete'
        ? takeAway(run, state.progress, around, now)
        : work(run, state.progress, around, now);
    case 'suspended':
      if (state.until === undefined || now < state.until) return { run, effects: nothing };
      return settle({ ...run, state: { phase: 'running', progress: state.progress } }, around, now);
    case 'succeeded':
      // An older run that ended well keeps its hands off: what a cluster holds now is the newer one's.
      return { run, effects: around.newest === run.id ? closing(state.progress) : nothing };
    case 'failed':
    case 'terminated':
    case 'superseded':
      return { run, effects: nothing };
    default:
      return state satisfies never;
  }
}

function begin(run: Run, around: Surroundings, now: number): Settled {
  const startedAt = run.startedAt ?? now;
  if (run.purpose.kind !== 'delete') {
    const { state } = run;
    const hold = state.phase === 'queued' && state.hold !== undefined ? { hold: state.hold } : {};
    return settle({ ...run, startedAt, state: { phase: 'rendering', ...hold } }, around, now);
  }
  if (around.holdings === null) return { run, effects: nothing };
  const progress: Progress = { mode: { steps: 'DAG', subSteps: 'DAG' }, steps: [], destinations: [] };
  return settle({ ...run, startedAt, state: { phase: 'running', progress } }, around, now);
}

type Waiting = Extract<RunState, { phase: 'waiting' }>;

function awaitClusters(run: Run, state: Waiting, around: Surroundings, now: number): Settled {
  if (around.clusters === null) return { run, effects: nothing };
  const resolved = resolveClusters(state.plan, around.clusters);
  if (resolved.missing.length > 0) {
    const on = { kind: 'NoCluster', clusters: resolved.missing } as const;
    return { run: { ...run, state: { ...state, on } }, effects: nothing };
  }
  const progress = startProgress(run, state.plan, resolved.destinations);
  if (state.hold === 'suspend') {
    return { run: { ...run, state: { phase: 'suspended', reason: 'Command', progress } }, effects: nothing };
  }
  return settle({ ...run, state: { phase: 'running', progress } }, around, now);
}

function startProgress(run: Run, plan: Plan, destinations: readonly Destination[]): Progress {
  const { mode, applied } = plan;
  const steps = plan.steps.map((step) => planStep(run.id, step));
  return { mode, steps, destinations, ...(applied !== undefined && { applied }) };
}

function work(run: Run, before: Progress, around: Surroundings, now: number): Settled {
  const steps = runSteps(before.steps, before.mode.steps, now);
  const progress = steps === before.steps ? before : { ...before, steps };
  const stuck = deadlock(steps);
  if (stuck !== null) return end(run, { phase: 'failed', endedAt: now, issues: [stuck], progress });
  const phases = new Set(steps.map(({ state }) => state.phase));
  if (phases.has('pending') || phases.has('running') || phases.has('suspending')) {
    const due = completions(progress);
    const effects = due.length > 0 ? due : deliveries(progress);
    return { run: { ...run, state: { phase: 'running', progress } }, effects };
  }
  if (!phases.has('failed')) return succeed(run, progress, around, now);
  const issues = steps.flatMap(({ name, state }) =>
    state.phase === 'failed'
      ? [{ code: 'step-failed', path: '', message: `step ${name} failed: ${state.message || state.reason}` }]
      : [],
  );
  return end(run, { phase: 'failed', endedAt: now, issues, progress });
}

function end(run: Run, state: RunState): Settled {
  return { run: { ...run, state }, effects: nothing };
}

/** One bundle for each cluster in which a target has become ready, with all that this run wants there by now. */
function deliveries(progress: Progress): Effect[] {
  const ready = new Set(progress.steps.flatMap(readyTargets));
  const effects: Effect[] = [];
  for (const { names, cluster } of progress.destinations) {
    const here = progress.steps
      .flatMap(({ targets }) => targets)
      .filter(({ placement }) => names.includes(placement.cluster));
    if (!here.some((target) => ready.has(target) || isLateDue(target))) continue;
    const targets = here.filter((target) => target.delivered !== null || ready.has(target));
    effects.push({ kind: 'deliver', cluster, targets: targets.map(nameOf), prune: false });
  }
  return effects;
}

/** Targets with a healthy workload whose traits of stage PostDispatch have not been rendered with its status as it is. */
function completions({ steps, destinations }: Progress): Effect[] {
  const open = steps.filter(({ state }) => state.phase === 'running' || state.phase === 'succeeded');
  const due = open.flatMap(({ targets }) =>
    targets.flatMap((target) => {
      const seen = currentObservation(target);
      if (target.late === undefined || seen?.kind !== 'present' || !seen.workloadHealthy) return [];
      const { liveStatus: status } = seen;
      return status === undefined || status === target.late.tried ? [] : [{ ...nameOf(target), status }];
    }),
  );
  return destinations.flatMap(({ cluster, names }): Effect[] => {
    const targets = due.filter(({ placement }) => names.includes(placement.cluster));
    return targets.length === 0 ? [] : [{ kind: 'complete', cluster, targets }];
  });
}

/** Whether what was rendered of late waits for a bundle of its own. */
function isLateDue({ late, delivered }: Target): boolean {
  if (late === undefined || delivered === null || late.phase === 'awaited') return false;
  return late.phase === 'changed' || late.delivered === null;
}

/** What a run that has succeeded still does while it is the newest one. */
function closing(progress: Progress): Effect[] {
  const due = completions(progress);
  return due.length > 0 ? due : pendingPrunes(progress);
}

function nameOf({ component, placement }: TargetName): TargetName {
  return { component, placement };
}

/** The workflow has succeeded: only now what left the Application may go. */
function succeed(run: Run, before: Progress, around: Surroundings, now: number): Settled {
  const progress = { ...before, destinations: withHoldings(before.destinations, around) };
  const ended: Run = { ...run, state: { phase: 'succeeded', endedAt: now, progress } };
  return { run: ended, effects: closing(progress) };
}

function withHoldings(destinations: readonly Destination[], around: Surroundings): readonly Destination[] {
  const known = new Set(destinations.map(({ cluster }) => cluster));
  const others = (around.holdings ?? []).filter(({ id }) => !known.has(id));
  if (others.length === 0) return destinations;
  return [
    ...destinations,
    ...others.map(({ name, id }) => ({ cluster: id, names: [name], delivered: null, leftovers: null })),
  ];
}

/** Bundles that prune, for each cluster that holds more than this run put there, or something of it as it was. */
function pendingPrunes(progress: Progress): Effect[] {
  const held = progress.steps.flatMap(({ targets }) => targets).filter(({ delivered }) => delivered !== null);
  return progress.destinations.flatMap(({ names, cluster, delivered }): Effect[] => {
    const here = held.filter(({ placement }) => names.includes(placement.cluster));
    const surplus = delivered === null || (delivered.surplus > 0 && !delivered.prune);
    if (!surplus && !here.some(isLateDue)) return [];
    return [{ kind: 'deliver', cluster, targets: here.map(nameOf), prune: true }];
  });
}

/** A delete run: an empty bundle to every cluster that holds something, then the end of the Application. */
function takeAway(run: Run, before: Progress, around: Surroundings, now: number): Settled {
  const progress = { ...before, destinations: withHoldings(before.destinations, around) };
  const undelivered = progress.destinations.filter(({ delivered }) => delivered === null);
  const effects: Effect[] = undelivered.map(({ cluster }) => ({
    kind: 'deliver',
    cluster,
    targets: [],
    prune: true,
  }));
  if (!progress.destinations.every(isEmptied)) {
    return { run: { ...run, state: { phase: 'running', progress } }, effects };
  }
  return {
    run: { ...run, state: { phase: 'succeeded', endedAt: now, progress } },
    effects: [{ kind: 'forget' }],
  };
}

/** Whether a cluster has said, of the bundle that asked for it or a later one, that nothing is left. */
export function isEmptied({ delivered, leftovers }: Destination): boolean {
  return (
    delivered !== null &&
    leftovers !== null &&
    leftovers.stamp.sequence >= delivered.sequence &&
    leftovers.objects.length === 0
  );
}
