/** Which steps may start, which have ended, which targets of a running step may be delivered. */
import { hashText } from '../delivery/canonical.ts';
import type { RunId } from '../ids.ts';
import type { Issue } from '../result.ts';
import {
  isHealthy,
  type PlannedStep,
  placementKey,
  type Step,
  type StepMode,
  type StepPhase,
  type Target,
} from './run.ts';

/** A step that has no timeout of its own fails after this (the tenant's limit). */
export const STEP_LIMIT_MS = 24 * 60 * 60 * 1000;

/** A step as a run begins with it. Its id derives from run and name, so that planning again gives the same. */
export function planStep(run: RunId, step: PlannedStep): Step {
  const id = BigInt(`0x${hashText(`${run}\n${step.name}`).slice(0, 16)}`)
    .toString(36)
    .padStart(10, '0')
    .slice(-10);
  const targets = step.targets.map(({ late, ...target }): Target => {
    const fresh = { ...target, delivered: null, observed: null };
    if (late === undefined) return fresh;
    const untried = { tried: null, problem: '' };
    const waits =
      late === 'awaited' ? ({ phase: late } as const) : ({ phase: late, delivered: null } as const);
    return { ...fresh, late: { ...untried, ...waits } };
  });
  return { ...step, id, targets, state: { phase: 'pending' } };
}

/** The steps after all transitions that are due; the same array where none is. */
export function runSteps(steps: readonly Step[], mode: StepMode, now: number): readonly Step[] {
  let current = steps;
  for (;;) {
    const next = current.map((step, index) => {
      const state = transition(step, { steps: current, index, mode }, now);
      return state === step.state ? step : { ...step, state };
    });
    if (next.every((step, index) => step === current[index])) return current;
    current = next;
  }
}

interface Position {
  readonly steps: readonly Step[];
  readonly index: number;
  readonly mode: StepMode;
}

function transition(step: Step, position: Position, now: number): StepPhase {
  const { state } = step;
  if (state.phase === 'pending') {
    const verdict = mayStart(step, position);
    if (verdict === 'start') return { phase: 'running', since: now };
    return verdict === 'skip' ? { phase: 'skipped', at: now } : state;
  }
  if (state.phase !== 'running') return state;
  if (step.targets.every(isHealthy)) return { phase: 'succeeded', since: state.since, at: now };
  if (now < timeoutOf(step, state.since)) return state;
  const message = `not done within ${Math.round((step.timeoutMs ?? STEP_LIMIT_MS) / 1000)} s`;
  return { phase: 'failed', since: state.since, at: now, reason: 'Timeout', message };
}

/** When a running step times out. */
export function timeoutOf(step: Step, since: number): number {
  return since + (step.timeoutMs ?? STEP_LIMIT_MS);
}

function mayStart(step: Step, { steps, index, mode }: Position): 'start' | 'wait' | 'skip' {
  const needed = steps.filter(({ name }) => step.dependsOn.includes(name));
  const earlier = mode === 'StepByStep' ? steps.slice(0, index) : [];
  const before = [...needed, ...earlier].map(({ state }) => state.phase);
  if (before.some((phase) => phase === 'failed' || phase === 'skipped')) return 'skip';
  const known = needed.length === new Set(step.dependsOn).size;
  return known && before.every((phase) => phase === 'succeeded') ? 'start' : 'wait';
}

/** Why nothing can move any more: steps that wait for each other or for a step that does not exist. */
export function deadlock(steps: readonly Step[]): Issue | null {
  const pending = steps.filter(({ state }) => state.phase === 'pending');
  if (pending.length === 0) return null;
  if (steps.some(({ state }) => state.phase === 'running' || state.phase === 'suspending')) return null;
  const names = pending.map(({ name }) => name).join(', ');
  const message = `steps wait for each other or for a step that does not exist: ${names}`;
  return { code: 'dependency-cycle', path: '', message };
}

/** Targets of a running step that are not delivered and whose dependencies in the same placement are healthy. */
export function readyTargets(step: Step): readonly Target[] {
  if (step.state.phase !== 'running') return [];
  return step.targets.filter((target) => {
    if (target.delivered !== null) return false;
    const place = placementKey(target.placement);
    return step.targets.every(
      (other) =>
        !target.dependsOn.includes(other.component) ||
        placementKey(other.placement) !== place ||
        isHealthy(other),
    );
  });
}
