/** Where a deploy step goes: the placements of its topology policies (pkg/policy/topology.go). */

import { compareBytes } from '../json.ts';
import type { AppPolicy } from '../oam/application.ts';
import { nearestName } from '../oam/nearest.ts';
import type { Issue, Result } from '../result.ts';
import { fail, ok, pointer } from '../result.ts';
import type { TopologySpec } from './specs.ts';
import { readTopology } from './specs.ts';

/** A cluster that the tenant may name. `local` always exists and has no labels unless it is given here. */
export interface ClusterInfo {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface Placement {
  readonly cluster: string;
  /** `''` is the Application's namespace. */
  readonly namespace: string;
}

export const localCluster = 'local';

/**
 * The union of the placements of all topology policies, each once, in order. Without a topology policy it is
 * the local cluster.
 */
export function placementsOf(
  policies: readonly AppPolicy[],
  clusters: readonly ClusterInfo[],
): Result<readonly Placement[]> {
  const topologies = policies.filter((p) => p.type === 'topology');
  if (topologies.length === 0) return ok([{ cluster: localCluster, namespace: '' }]);
  const fleet = orderedFleet(clusters);
  const placements: Placement[] = [];
  const warnings: Issue[] = [];
  const seen = new Set<string>();
  for (const policy of topologies) {
    const spec = readTopology(policy);
    if (!spec.ok) return spec;
    if (spec.value.clusterSelector !== null) warnings.push(deprecatedSelector(policy.name));
    const names = clusterNames(spec.value, policy.name, fleet);
    if (!names.ok) return names;
    for (const cluster of names.value) {
      const key = `${cluster}/${spec.value.namespace}`;
      if (!seen.has(key)) placements.push({ cluster, namespace: spec.value.namespace });
      seen.add(key);
    }
  }
  return ok(placements, warnings);
}

/** `local` first, the others by name, as the cluster list answers them. */
function orderedFleet(clusters: readonly ClusterInfo[]): readonly ClusterInfo[] {
  const local = clusters.find((c) => c.name === localCluster) ?? { name: localCluster };
  const others = clusters.filter((c) => c.name !== localCluster);
  return [local, ...others.sort((a, b) => compareBytes(a.name, b.name))];
}

function clusterNames(
  spec: TopologySpec,
  policy: string,
  fleet: readonly ClusterInfo[],
): Result<readonly string[]> {
  if (spec.clusters !== null) {
    const known = new Set(fleet.map((c) => c.name));
    const unknown = spec.clusters.findIndex((name) => !known.has(name));
    if (unknown < 0) return ok(spec.clusters);
    return fail(
      clusterNotFound(
        spec.clusters[unknown] ?? '',
        pointer(['policies', policy, 'properties', 'clusters', unknown]),
        fleet,
      ),
    );
  }
  if (spec.clusterLabelSelector === null) return ok([localCluster]);
  const wanted = Object.entries(spec.clusterLabelSelector);
  const matching = fleet.filter((c) => wanted.every(([k, v]) => c.labels?.[k] === v));
  if (matching.length === 0 && !spec.allowEmpty) return fail(noClusterMatches(policy));
  return ok(matching.map((c) => c.name));
}

function clusterNotFound(name: string, path: string, fleet: readonly ClusterInfo[]): Issue {
  const near = nearestName(
    name,
    fleet.map((c) => c.name),
  );
  return {
    code: 'cluster.not-found',
    path,
    message: `There is no cluster "${name}".${near === null ? '' : ` Did you mean "${near}"?`}`,
    actual: name,
  };
}

function noClusterMatches(policy: string): Issue {
  return {
    code: 'cluster.no-match',
    path: pointer(['policies', policy, 'properties', 'clusterLabelSelector']),
    message: `No cluster has the labels that the topology policy "${policy}" asks for; allowEmpty: true accepts that.`,
  };
}

function deprecatedSelector(policy: string): Issue {
  return {
    code: 'policy.deprecated-field',
    path: pointer(['policies', policy, 'properties', 'clusterSelector']),
    message: `clusterSelector of the topology policy "${policy}" has no effect; use clusterLabelSelector.`,
  };
}
