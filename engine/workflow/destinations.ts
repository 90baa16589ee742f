/** Which cluster a placement means. */
import type { ClusterId } from '../ids.ts';
import type { Destination, NamedCluster, Plan } from './run.ts';

/** The name that means the cluster which the tenant has set to answer to it. */
export const LOCAL = 'local';

export interface Resolved {
  readonly destinations: readonly Destination[];
  /** Names that no accepted cluster answers to. */
  readonly missing: readonly string[];
}

/** The clusters that a plan delivers to, each once, in the order in which the plan first names them. */
export function resolveClusters(plan: Plan, clusters: readonly NamedCluster[]): Resolved {
  const wanted = plan.steps.flatMap(({ targets }) => targets.map(({ placement }) => placement.cluster));
  const names = new Map<ClusterId, string[]>();
  const missing: string[] = [];
  for (const name of new Set(wanted)) {
    const found = clusters.find((one) => one.name === name) ?? localOf(name, clusters);
    if (found === undefined) missing.push(name);
    else names.set(found.id, [...(names.get(found.id) ?? []), name]);
  }
  const destinations = [...names].map(([cluster, given]) => ({
    cluster,
    names: given,
    delivered: null,
    leftovers: null,
  }));
  return { destinations, missing };
}

function localOf(name: string, clusters: readonly NamedCluster[]): NamedCluster | undefined {
  return name === LOCAL ? clusters.find(({ local }) => local) : undefined;
}
