/** Rendered objects whose kind the cluster they are for does not serve: told before anything is stored. */
import { kindProvider } from '../definitions/kind-providers.ts';
import type { ServedKinds } from '../delivery/served.ts';
import { groupVersion } from '../delivery/served.ts';
import { at, isArray, isObject, type JsonObject } from '../json.ts';
import { label } from '../oam/metadata.ts';
import { localCluster } from '../policy/topology.ts';
import type { Issue } from '../result.ts';
import type { RenderedEntry, Rendering } from './application.ts';
import type { ApplicationPlan } from './plan.ts';

/** An object that is to be applied, as far as it is known. */
export interface EmittedObject {
  readonly object: JsonObject;
  readonly cluster: string;
  /** The definition that makes it. */
  readonly definition: string;
  readonly path: string;
}

/**
 * An issue `cluster.missing-kind` for each kind, definition and cluster. Kinds whose CustomResourceDefinition the
 * Application brings to the same cluster itself are not missing; `served` gives null for a cluster that has not
 * reported. `ofSteps`: what the workflow's steps apply (`stepObjects`).
 */
export function missingKinds(
  plan: ApplicationPlan,
  rendering: Rendering,
  served: (cluster: string) => ServedKinds | null,
  ofSteps: readonly EmittedObject[] = [],
): readonly Issue[] {
  const ofComponents = rendering.entries.flatMap((entry) => emittedBy(entry, plan));
  const emitted = [...ofComponents, ...emittedByPolicies(plan, rendering), ...ofSteps];
  const brought = new Set(
    emitted.flatMap(({ object, cluster }) => definedKinds(object).map((k) => `${cluster} ${k}`)),
  );
  const issues = new Map<string, Issue>();
  for (const { object, cluster, definition, path } of emitted) {
    const { apiVersion, kind } = object;
    const kinds = served(cluster);
    if (typeof apiVersion !== 'string' || typeof kind !== 'string' || kinds === null) continue;
    if (kinds.has(apiVersion, kind) || brought.has(`${cluster} ${apiVersion} ${kind}`)) continue;
    const key = `${cluster} ${definition} ${apiVersion} ${kind}`;
    if (!issues.has(key)) issues.set(key, missing({ apiVersion, kind, cluster, definition, path, kinds }));
  }
  return [...issues.values()];
}

function missing(what: {
  readonly apiVersion: string;
  readonly kind: string;
  readonly cluster: string;
  readonly definition: string;
  readonly path: string;
  readonly kinds: ServedKinds;
}): Issue {
  const { apiVersion, kind, cluster, definition, path, kinds } = what;
  const { group } = groupVersion(apiVersion);
  const versions = kinds.versions(group, kind);
  const provider = kindProvider(group);
  const hint =
    versions.length > 0
      ? ` It serves this kind as ${versions.join(', ')}.`
      : provider === null
        ? ''
        : ` It usually comes with ${provider}.`;
  return {
    code: 'cluster.missing-kind',
    path,
    message: `The cluster "${cluster}" has no ${kind} of ${apiVersion}, which the definition "${definition}" needs.${hint}`,
    expected: `${apiVersion} ${kind}`,
    actual: versions.length === 0 ? 'not served' : versions.map((v) => `${group}/${v}`).join(', '),
  };
}

function emittedBy({ component, placement }: RenderedEntry, plan: ApplicationPlan): readonly EmittedObject[] {
  const cluster = placement?.cluster || localCluster;
  const index = plan.components.findIndex(({ name }) => name === component.name);
  const planned = plan.components[index];
  const own = {
    definition: planned?.definition.name ?? component.type,
    path: planned === undefined ? '/spec/components' : planned.path.replace(/\/properties$/, '/type'),
  };
  const workload = component.skipWorkload ? [] : [{ object: component.workload, cluster, ...own }];
  const others = component.objects.map(({ object, role, type, controlPlaneOnly }) => {
    const trait = role === 'trait' ? planned?.traits.find((t) => t.type === type) : undefined;
    const from =
      trait === undefined
        ? role === 'trait'
          ? { ...own, definition: type }
          : own
        : { definition: trait.definition.name, path: trait.path.replace(/\/properties$/, '/type') };
    return { object, cluster: controlPlaneOnly ? localCluster : cluster, ...from };
  });
  return [...workload, ...others];
}

/** What policies make goes to the control plane's cluster; its label says which policy it is of. */
function emittedByPolicies(
  { renderedPolicies }: ApplicationPlan,
  { policyObjects }: Rendering,
): readonly EmittedObject[] {
  return policyObjects.map((object) => {
    const name = at(object, 'metadata', 'labels', label.appComponent);
    const policy = renderedPolicies.find((one) => one.name === name);
    const path = policy?.path.replace(/\/properties$/, '/type') ?? '/spec/policies';
    return { object, cluster: localCluster, definition: policy?.definition.name ?? String(name), path };
  });
}

/** The kinds that a CustomResourceDefinition serves, as `<apiVersion> <kind>`. */
function definedKinds(object: JsonObject): readonly string[] {
  if (object['kind'] !== 'CustomResourceDefinition') return [];
  const [group, kind, versions] = [
    at(object, 'spec', 'group'),
    at(object, 'spec', 'names', 'kind'),
    at(object, 'spec', 'versions'),
  ];
  const names = isArray(versions)
    ? versions.filter(isObject).map(({ name }) => name)
    : [at(object, 'spec', 'version')];
  return names.map((name) => `${String(group)}/${String(name)} ${String(kind)}`);
}
