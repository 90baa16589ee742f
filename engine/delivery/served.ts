/** Which kinds a cluster serves, by what its agent said: `{kinds: [{group, version, kind, …}]}`. */
import type { JsonObject } from '../json.ts';
import { isArray, isObject } from '../json.ts';

export interface ServedKinds {
  has(apiVersion: string, kind: string): boolean;
  /** The versions in which a group's kind is served. */
  versions(group: string, kind: string): readonly string[];
}

/** Null where the cluster has not said anything: then nothing is known to be missing. */
export function servedKinds(capabilities: JsonObject): ServedKinds | null {
  const kinds = capabilities['kinds'];
  if (!isArray(kinds) || kinds.length === 0) return null;
  const served = new Map<string, string[]>();
  for (const one of kinds) {
    if (!isObject(one)) continue;
    const { group, version, kind } = one;
    if (typeof group !== 'string' || typeof version !== 'string' || typeof kind !== 'string') continue;
    const key = `${group}/${kind}`;
    const versions = served.get(key);
    if (versions === undefined) served.set(key, [version]);
    else versions.push(version);
  }
  return {
    has: (apiVersion, kind) => {
      const { group, version } = groupVersion(apiVersion);
      return served.get(`${group}/${kind}`)?.includes(version) ?? false;
    },
    versions: (group, kind) => served.get(`${group}/${kind}`) ?? [],
  };
}

/** `apps/v1` as group and version; the core group is `''`. */
export function groupVersion(apiVersion: string): { readonly group: string; readonly version: string } {
  const slash = apiVersion.indexOf('/');
  return slash < 0
    ? { group: '', version: apiVersion }
    : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}
