// How many replicas each ReplicaSet may have while a Deployment rolls from one to the next.

import type { Deployment, Workload } from './kinds.ts';

export interface Bounds {
  readonly replicas: number;
  readonly surge: number;
  readonly unavailable: number;
  /** the old pods go before the new ones come */
  readonly recreate: boolean;
}

export function boundsOf({ spec }: Deployment): Bounds {
  const { replicas, strategy } = spec;
  if (strategy.type === 'Recreate') return { replicas, surge: 0, unavailable: 0, recreate: true };
  const surge = share(strategy.rollingUpdate?.maxSurge ?? '25%', replicas, Math.ceil);
  const unavailable = share(strategy.rollingUpdate?.maxUnavailable ?? '25%', replicas, Math.floor);
  // rounding may not stop the rollout
  return {
    replicas,
    surge,
    unavailable: surge === 0 && unavailable === 0 ? 1 : Math.min(unavailable, replicas),
    recreate: false,
  };
}

function share(value: number | string, of: number, round: (value: number) => number): number {
  return typeof value === 'number' ? value : round((Number.parseFloat(value) / 100) * of);
}

function count(sets: readonly Workload[]): number {
  return sets.reduce((sum, set) => sum + set.spec.replicas, 0);
}

function running(sets: readonly Workload[]): number {
  return sets.reduce(
    (sum, set) => sum + (set.status.replicas ?? 0) + Number(set.status['terminatingReplicas'] ?? 0),
    0,
  );
}

/** The size of the new set now; it may be still to come. */
export function scaleUp(
  { replicas, surge, recreate }: Bounds,
  current: Workload | undefined,
  old: readonly Workload[],
): number {
  const size = current?.spec.replicas ?? 0;
  if (size >= replicas) return replicas;
  if (recreate) return count(old) + running(old) > 0 ? size : replicas;
  const room = replicas + surge - size - count(old);
  return Math.min(replicas, size + Math.max(0, room));
}

/** The sizes of the old sets now: what does not work goes first, the rest as new pods become available. */
export function scaleDown(bounds: Bounds, current: Workload, old: readonly Workload[]): [Workload, number][] {
  const { replicas, unavailable, recreate } = bounds;
  const sizes = new Map(old.map((set) => [set, set.spec.replicas]));
  if (recreate) return [...sizes.keys()].map((set) => [set, 0]);
  const least = replicas - unavailable;
  const notYet = current.spec.replicas - (current.status.availableReplicas ?? 0);
  let free = Math.max(0, count([current, ...old]) - least - notYet);
  for (const set of old) {
    const broken = Math.max(0, set.spec.replicas - (set.status.availableReplicas ?? 0));
    const gone = Math.min(broken, free, set.spec.replicas);
    sizes.set(set, set.spec.replicas - gone);
    free -= gone;
  }
  const available = [current, ...old].reduce((sum, set) => sum + (set.status.availableReplicas ?? 0), 0);
  let spare = Math.max(0, available - least);
  for (const set of old) {
    const size = sizes.get(set) ?? 0;
    const gone = Math.min(size, spare, set.status.availableReplicas ?? 0);
    sizes.set(set, size - gone);
    spare -= gone;
  }
  return [...sizes];
}
