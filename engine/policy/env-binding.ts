/**
 * The deprecated env-binding policy: an environment is a patch, a selection and one place
 * (pkg/policy/envbinding; used by the deploy2env step).
 */
import type { RegexpLibrary } from '../cue/index.ts';
import type { AppPolicy, Component } from '../oam/application.ts';
import { nearestName } from '../oam/nearest.ts';
import type { Result } from '../result.ts';
import { fail, ok, pointer } from '../result.ts';
import { patchComponents } from './override.ts';
import { readEnvBinding } from './specs.ts';
import type { Placement } from './topology.ts';
import { localCluster } from './topology.ts';

export interface EnvPlan {
  readonly env: string;
  readonly placement: Placement;
  readonly components: readonly Component[];
}

/** The names of the environments of a policy, in order. */
export function environmentsOf(policy: AppPolicy): Result<readonly string[]> {
  const spec = readEnvBinding(policy);
  return spec.ok ? ok(spec.value.envs.map((e) => e.name)) : spec;
}

/** What one environment deploys, and where. */
export function planEnvironment(
  policy: AppPolicy,
  env: string,
  components: readonly Component[],
  regexp: RegexpLibrary,
): Result<EnvPlan> {
  const spec = readEnvBinding(policy);
  if (!spec.ok) return spec;
  const found = spec.value.envs.find((e) => e.name === env);
  if (found === undefined) {
    const near = nearestName(
      env,
      spec.value.envs.map((e) => e.name),
    );
    return fail({
      code: 'policy.not-found',
      path: pointer(['policies', policy.name, 'properties', 'envs']),
      message: `The env-binding policy "${policy.name}" has no environment "${env}".${near === null ? '' : ` Did you mean "${near}"?`}`,
    });
  }
  const selector = found.selector?.components ?? null;
  const patched = patchComponents(components, found.patch?.components ?? [], {
    policy: policy.name,
    selector,
    regexp,
  });
  if (!patched.ok) return patched;
  const cluster = found.placement?.clusterSelector?.name || localCluster;
  const namespace = found.placement?.namespaceSelector?.name ?? '';
  return ok({ env, placement: { cluster, namespace }, components: patched.value }, patched.warnings);
}
