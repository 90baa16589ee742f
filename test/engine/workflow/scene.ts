/** Runs, plans and reports for the tests of the reducer, and a world that answers effects. */

import type { ApplicationUid, ClusterId, RunId, TenantId } from '../../../engine/ids.ts';
import { type Advanced, advance } from '../../../engine/workflow/advance.ts';
import {
  type CompletedTarget,
  type Destination,
  type DueTarget,
  type Effect,
  newRun,
  type Observation,
  type Plan,
  type PlannedStep,
  progressOf,
  type Run,
  type RunEvent,
  type RunHead,
  type TargetName,
} from '../../../engine/workflow/run.ts';

// Ids of tests need the brand only; the reducer never looks inside them.
export const runId = (text: string) => `run_${text}` as RunId;
export const clusterId = (text: string) => `clu_${text}` as ClusterId;

export const here = { cluster: 'local', namespace: 'default', replicaKey: '' };

export function head(change: Partial<RunHead> = {}): RunHead {
  return {
    tenant: 'ten_a' as TenantId,
    id: runId('1'),
    application: { uid: 'app_a' as ApplicationUid, namespace: 'default', name: 'shop' },
    revision: 1,
    purpose: { kind: 'apply' },
    createdAt: 1000,
    ...change,
  };
}

export function step(
  name: string,
  dependsOn: readonly string[] = [],
  more: Partial<PlannedStep> = {},
): PlannedStep {
  return {
    name,
    type: 'apply-component',
    dependsOn,
    targets: [{ component: name, placement: here, dependsOn: [] }],
    ...more,
  };
}

export function plan(steps: readonly PlannedStep[], mode: 'DAG' | 'StepByStep' = 'DAG'): Plan {
  return { mode: { steps: mode, subSteps: 'DAG' }, steps };
}

export function around(run: Run, more: { holdings?: readonly string[]; newest?: string } = {}): RunEvent[] {
  const named = (name: string) => ({
    name,
    id: clusterId(name),
    local: name === 'one',
    silent: name === 'two',
  });
  return [
    { kind: 'clusters', clusters: ['one', 'two'].map(named) },
    { kind: 'holdings', clusters: (more.holdings ?? []).map(named) },
    { kind: 'newest', run: more.newest === undefined ? run.id : runId(more.newest) },
  ];
}

export function present(
  sequence: number,
  healthy: boolean,
  counter = 1,
  liveStatus?: string,
): Extract<Observation, { kind: 'present' }> {
  return {
    ...(liveStatus !== undefined && { liveStatus }),
    stamp: { sequence, counter },
    kind: 'present',
    healthy,
    workloadHealthy: healthy,
    message: healthy ? 'Ready:1/1' : 'Ready:0/1',
    traits: [],
  };
}

export function report(
  cluster: string,
  stamp: { sequence: number; counter: number },
  targets: readonly (TargetName & { observed: Observation })[],
  leftovers?: readonly string[],
): RunEvent {
  return { kind: 'report', cluster: clusterId(cluster), stamp, targets, ...(leftovers && { leftovers }) };
}

/** Performs effects as the queue side does: renders to `rendered`, delivers under growing sequences. */
export class World {
  readonly delivered: Extract<Effect, { kind: 'deliver' }>[] = [];
  readonly performed: Effect[] = [];
  surplus = 0;
  /** What becomes of traits of stage PostDispatch that are asked for. */
  completes: (due: DueTarget) => 'rendered' | 'unchanged' | 'failed' = () => 'rendered';
  private sequences = new Map<string, number>();
  private readonly rendered: Plan;

  constructor(rendered: Plan) {
    this.rendered = rendered;
  }

  perform(effect: Effect): RunEvent[] {
    this.performed.push(effect);
    switch (effect.kind) {
      case 'render':
      case 'recall':
        return [{ kind: 'rendered', plan: this.rendered }];
      case 'complete':
        return [{ kind: 'completed', targets: effect.targets.map((due) => this.completed(due)) }];
      case 'deliver': {
        this.delivered.push(effect);
        const sequence = (this.sequences.get(effect.cluster) ?? 0) + 1;
        this.sequences.set(effect.cluster, sequence);
        const bundle = { sequence, prune: effect.prune, surplus: effect.prune ? 0 : this.surplus };
        return [{ kind: 'delivered', cluster: effect.cluster, bundle, targets: effect.targets }];
      }
      case 'forget':
        return [];
      default:
        return effect satisfies never;
    }
  }

  private completed(due: DueTarget): CompletedTarget {
    const outcome = this.completes(due);
    return outcome === 'failed'
      ? { ...due, outcome, message: `not with ${due.status}` }
      : { ...due, outcome };
  }

  /** Advances until no effect is left, as one job does. */
  advance(run: Run, events: readonly RunEvent[], now: number, surroundings = around(run)): Advanced {
    let result = advance(run, [...events, ...surroundings], now);
    for (let round = 0; result.effects.length > 0; round++) {
      if (round > 10) throw new Error('effects without end');
      const answers = result.effects.flatMap((effect) => this.perform(effect));
      result = advance(result.run, [...answers, ...surroundings], now);
    }
    return result;
  }
}

export function started(
  steps: readonly PlannedStep[],
  mode: 'DAG' | 'StepByStep' = 'DAG',
): { run: Run; world: World } {
  const world = new World(plan(steps, mode));
  const { run } = world.advance(newRun(head()), [{ kind: 'submitted' }], 2000);
  return { run, world };
}

export function phases(run: Run): Record<string, string> {
  return Object.fromEntries(progressOf(run)?.steps.map(({ name, state }) => [name, state.phase]) ?? []);
}

export function destination(run: Run, cluster: string): Destination | undefined {
  return progressOf(run)?.destinations.find((one) => one.cluster === clusterId(cluster));
}
