/** Versions of definitions: `v3` (a revision's number) or semantic ones, `v1.2.0-rc.1`. */

interface Version {
  readonly numbers: readonly [number, number, number];
  readonly prerelease: readonly string[];
}

const pattern =
  /^v?(0|[1-9][0-9]{0,8})(?:\.(0|[1-9][0-9]{0,8}))?(?:\.(0|[1-9][0-9]{0,8}))?(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/;

export function parseVersion(text: string): Version | null {
  const match = pattern.exec(text);
  if (match === null) return null;
  const [, major, minor, patch, prerelease] = match;
  return {
    numbers: [Number(major), Number(minor ?? 0), Number(patch ?? 0)],
    prerelease: prerelease === undefined ? [] : prerelease.split('.'),
  };
}

/**
 * `spec.version` in full, as names of revisions have it: `1.2` is `1.2.0` (isSpecVersionRevision in
 * pkg/controller/core.oam.dev/v1beta1/core/revison.go). What is no semantic version stays as it is.
 */
export function fullVersion(text: string): string {
  const version = parseVersion(text);
  if (version === null) return text.replace(/^v/, '');
  const suffix = /[-+].*$/.exec(text)?.[0] ?? '';
  return `${version.numbers.join('.')}${suffix}`;
}

/** Orders by Semantic Versioning 2.0.0 §11. */
export function compareVersions(a: Version, b: Version): number {
  for (const i of [0, 1, 2] as const) {
    const difference = a.numbers[i] - b.numbers[i];
    if (difference !== 0) return difference;
  }
  if (a.prerelease.length === 0 || b.prerelease.length === 0)
    return b.prerelease.length - a.prerelease.length;
  for (let i = 0; i < Math.min(a.prerelease.length, b.prerelease.length); i++) {
    const difference = compareIdentifiers(a.prerelease[i] ?? '', b.prerelease[i] ?? '');
    if (difference !== 0) return difference;
  }
  return a.prerelease.length - b.prerelease.length;
}

function compareIdentifiers(a: string, b: string): number {
  const numeric = [/^[0-9]+$/.test(a), /^[0-9]+$/.test(b)];
  if (numeric[0] && numeric[1]) return Number(a) - Number(b);
  if (numeric[0] !== numeric[1]) return numeric[0] ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * Of the candidates whose revision name begins with `<wanted>.` the one with the highest version (KubeVela's
 * getMatchingDefinitionRevision). `versionOf` gives the part behind the definition's name.
 */
export function newestMatching<T extends { readonly name: string }>(
  candidates: readonly T[],
  wanted: string,
  versionOf: (candidate: T) => string,
): T | null {
  let best: { readonly candidate: T; readonly version: Version } | null = null;
  for (const candidate of candidates) {
    if (!candidate.name.startsWith(`${wanted}.`)) continue;
    const version = parseVersion(versionOf(candidate));
    if (version === null) continue;
    if (best === null || compareVersions(version, best.version) > 0) best = { candidate, version };
  }
  return best?.candidate ?? null;
}
