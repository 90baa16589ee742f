// What a path asks for.

import type { Cluster } from '../registry/cluster.ts';
import type { Subresource } from '../registry/resource-type.ts';
import type { Target } from '../registry/target.ts';

export type Route =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'version' }
  | { readonly kind: 'openapi'; readonly path: string }
  | { readonly kind: 'versions' }
  | { readonly kind: 'groups' }
  | { readonly kind: 'group'; readonly group: string }
  | { readonly kind: 'resources'; readonly group: string; readonly version: string }
  | { readonly kind: 'review'; readonly group: string; readonly plural: string; readonly namespace: string }
  | { readonly kind: 'resource'; readonly target: Target }
  /** a known group without this resource */
  | { readonly kind: 'no-resource' }
  | { readonly kind: 'unknown' };

const HEALTH = new Set(['healthz', 'readyz', 'livez']);
export const REVIEW_GROUPS: Readonly<Record<string, readonly string[]>> = {
  'authentication.k8s.io': ['selfsubjectreviews', 'tokenreviews'],
  'authorization.k8s.io': [
    'localsubjectaccessreviews',
    'selfsubjectaccessreviews',
    'selfsubjectrulesreviews',
    'subjectaccessreviews',
  ],
};
/** Below a namespace these are its own subresources, not resources in it. */
const OF_NAMESPACES = new Set(['status', 'finalize']);

export function routeOf(cluster: Cluster, path: string): Route {
  const parts = path
    .split('/')
    .filter((part) => part !== '')
    .map(decoded);
  const [first, second, third, ...rest] = parts;
  if (first !== undefined && HEALTH.has(first)) return { kind: 'text', text: 'ok' };
  if (first === 'version' && second === undefined) return { kind: 'version' };
  if (first === 'openapi' && second === 'v3') return { kind: 'openapi', path: parts.slice(2).join('/') };
  if (first === 'api') {
    if (second === undefined) return { kind: 'versions' };
    return second === 'v1' ? inVersion(cluster, '', 'v1', parts.slice(2)) : { kind: 'unknown' };
  }
  if (first !== 'apis') return { kind: 'unknown' };
  if (second === undefined) return { kind: 'groups' };
  if (!cluster.resources.groups().has(second) && !REVIEW_GROUPS[second]) return { kind: 'unknown' };
  if (third === undefined) return { kind: 'group', group: second };
  return inVersion(cluster, second, third, rest);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function inVersion(cluster: Cluster, group: string, version: string, parts: readonly string[]): Route {
  const versions = cluster.resources.groups().get(group);
  if (!versions?.includes(version) && !(REVIEW_GROUPS[group] && version === 'v1')) return { kind: 'unknown' };
  const [first, second, third, fourth, fifth, ...more] = parts;
  if (first === undefined) return { kind: 'resources', group, version };
  const namespaced = first === 'namespaces' && second !== undefined && third !== undefined;
  if (namespaced && !(group === '' && OF_NAMESPACES.has(third) && fourth === undefined)) {
    if (more.length > 0) return { kind: 'no-resource' };
    return at(cluster, {
      group,
      version,
      namespace: second,
      plural: third,
      name: fourth ?? '',
      subresource: fifth ?? '',
    });
  }
  if (fourth !== undefined) return { kind: 'no-resource' };
  return at(cluster, {
    group,
    version,
    namespace: '',
    plural: first,
    name: second ?? '',
    subresource: third ?? '',
  });
}

interface Place {
  readonly group: string;
  readonly version: string;
  readonly namespace: string;
  readonly plural: string;
  readonly name: string;
  readonly subresource: string;
}

function at(cluster: Cluster, { group, version, namespace, plural, name, subresource }: Place): Route {
  if (REVIEW_GROUPS[group]?.includes(plural) && name === '')
    return { kind: 'review', group, plural, namespace };
  const type = cluster.resources.find(group, version, plural);
  if (!type || (namespace !== '' && !type.namespaced)) return { kind: 'no-resource' };
  if (type.namespaced && namespace === '' && name !== '') return { kind: 'no-resource' };
  const known = [...type.subresources].find((one) => one === subresource) as Subresource | undefined; // one of the set
  if (known === undefined) return { kind: 'no-resource' };
  return { kind: 'resource', target: { type, namespace, name, subresource: known } };
}
