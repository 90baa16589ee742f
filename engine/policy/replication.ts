/** One copy of a component a key (pkg/policy/replication.go). */
import type { AppPolicy, Component } from '../oam/application.ts';
import type { Result } from '../result.ts';
import { fail, ok, pointer } from '../result.ts';
import { readReplication } from './specs.ts';

/** The components that are not replicated, in order, then the copies, a policy after the other. */
export function replicateComponents(
  policies: readonly AppPolicy[],
  components: readonly Component[],
): Result<readonly Component[]> {
  const replaced = new Set<string>();
  const copies: Component[] = [];
  for (const policy of policies) {
    if (policy.type !== 'replication' || policy.properties === undefined) continue;
    const spec = readReplication(policy);
    if (!spec.ok) return spec;
    const selected = components.filter((c) => spec.value.selector?.includes(c.name));
    if (selected.length === 0) {
      return fail({
        code: 'policy.nothing-selected',
        path: pointer(['policies', policy.name, 'properties', 'selector']),
        message: `The replication policy "${policy.name}" selects no component.`,
      });
    }
    for (const component of selected) {
      replaced.add(component.name);
      copies.push(...(spec.value.keys ?? []).map((replicaKey) => ({ ...component, replicaKey })));
    }
  }
  return ok([...components.filter((c) => !replaced.has(c.name)), ...copies]);
}
