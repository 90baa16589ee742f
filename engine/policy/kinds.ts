/** Which policy types KubeVela treats itself; the others render objects from a definition. */
import type { AppPolicy, PolicyObject, WorkflowStep } from '../oam/application.ts';
import type { Issue, Result } from '../result.ts';
import { fail, ok, pointer } from '../result.ts';
import { readDeployStep } from './specs.ts';

/** Policies that shape or rule the delivery (pkg/appfile/parser.go parsePolicies). */
export const internalPolicyTypes: ReadonlySet<string> = new Set([
  'garbage-collect',
  'apply-once',
  'shared-resource',
  'take-over',
  'read-only',
  'resource-update',
  'env-binding',
  'topology',
  'override',
  'replication',
  'debug',
]);

/** Unnamed policies get `<type>-auto-gen-<index>` (parser.go GenerateAppFileFromApp). */
export function namePolicies(policies: readonly AppPolicy[]): readonly AppPolicy[] {
  return policies.map((p, i) => (p.name === '' ? { ...p, name: `${p.type}-auto-gen-${i}` } : p));
}

/**
 * The Application's policies, followed by those that only its deploy steps name and that stand beside it as
 * Policy objects (pkg/workflow/step/dependency.go). Sub-steps are not looked at, as in KubeVela.
 */
export function joinExternalPolicies(
  own: readonly AppPolicy[],
  steps: readonly WorkflowStep[],
  beside: readonly PolicyObject[],
): Result<readonly AppPolicy[]> {
  const policies = [...own];
  const known = new Set(own.map((p) => p.name));
  for (const [i, step] of steps.entries()) {
    if (step.type !== 'deploy' || step.properties === undefined) continue;
    const path = pointer(['spec', 'workflow', 'steps', i, 'properties']);
    const read = readDeployStep(step, path);
    if (!read.ok) return read;
    for (const name of read.value.policies) {
      if (known.has(name)) continue;
      const object = beside.find((p) => p.metadata.name === name);
      if (object === undefined) return fail(policyNotFound(name, `${path}/policies`));
      known.add(name);
      policies.push({
        name,
        type: object.type,
        ...(object.properties === undefined ? {} : { properties: object.properties }),
      });
    }
  }
  return ok(policies);
}

export function policyNotFound(name: string, path: string): Issue {
  return {
    code: 'policy.not-found',
    path,
    message: `The policy "${name}" is neither in the Application nor a Policy object of its namespace.`,
    actual: name,
  };
}

/**
 * Every policy except `debug` needs properties, unless `exempt` says otherwise. Paths count the Application's own
 * policies first.
 */
export function checkPolicyProperties(
  policies: readonly AppPolicy[],
  exempt: (policy: AppPolicy) => boolean = () => false,
): readonly Issue[] {
  const issues: Issue[] = [];
  for (const [i, policy] of policies.entries()) {
    if (policy.properties !== undefined || policy.type === 'debug' || exempt(policy)) continue;
    issues.push({
      code: 'policy.empty-properties',
      path: pointer(['spec', 'policies', i, 'properties']),
      message: `The policy "${policy.name}" of type ${policy.type} must have properties.`,
      expected: 'a map',
    });
  }
  return issues;
}

/** The policies that a deploy step names; of two with one name the last counts. */
export function selectPolicies(
  policies: readonly AppPolicy[],
  names: readonly string[],
  path: string,
): Result<readonly AppPolicy[]> {
  const byName = new Map(policies.map((p) => [p.name, p]));
  const selected: AppPolicy[] = [];
  for (const name of names) {
    const policy = byName.get(name);
    if (policy === undefined) return fail(policyNotFound(name, path));
    selected.push(policy);
  }
  return ok(selected);
}
