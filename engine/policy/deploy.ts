/** A deploy step taken apart: where it goes and with which components (pkg/workflow/providers/multicluster/deploy.go). */
import type { RegexpLibrary } from '../cue/index.ts';
import type { AppPolicy, Component } from '../oam/application.ts';
import type { Issue, Result } from '../result.ts';
import { ok } from '../result.ts';
import { selectPolicies } from './kinds.ts';
import { overrideComponents } from './override.ts';
import { replicateComponents } from './replication.ts';
import type { ClusterInfo, Placement } from './topology.ts';
import { placementsOf } from './topology.ts';

export interface DeployPlan {
  readonly step: string;
  readonly policies: readonly string[];
  readonly placements: readonly Placement[];
  /** After override and replication, in order. */
  readonly components: readonly Component[];
}

export interface DeployInput {
  readonly step: string;
  readonly policyNames: readonly string[];
  /** The Application's policies with the external ones joined. */
  readonly policies: readonly AppPolicy[];
  readonly components: readonly Component[];
  readonly clusters: readonly ClusterInfo[];
  readonly regexp: RegexpLibrary;
  /** Pointer to the step's list of policy names. */
  readonly path: string;
}

/** Topology, then override, then replication, each over the policies that the step names. */
export function planDeploy(input: DeployInput): Result<DeployPlan> {
  const warnings: Issue[] = [];
  const selected = selectPolicies(input.policies, input.policyNames, input.path);
  if (!selected.ok) return selected;
  const placements = placementsOf(selected.value, input.clusters);
  if (!placements.ok) return placements;
  const overridden = overrideComponents(selected.value, input.components, input.regexp);
  if (!overridden.ok) return overridden;
  const replicated = replicateComponents(selected.value, overridden.value);
  if (!replicated.ok) return replicated;
  warnings.push(...(placements.warnings ?? []), ...(overridden.warnings ?? []));
  const { step, policyNames } = input;
  return ok(
    { step, policies: policyNames, placements: placements.value, components: replicated.value },
    warnings,
  );
}
