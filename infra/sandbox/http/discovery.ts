// What the server serves, as clients discover it.

import { createHash } from 'node:crypto';
import type { JsonObject } from '../json.ts';
import type { Cluster } from '../registry/cluster.ts';
import { apiVersionOf, type ResourceType } from '../registry/resource-type.ts';
import { REVIEW_GROUPS } from './route.ts';

export const SANDBOX_VERSION = 'v1.35.0+sandbox';

const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
const REVIEW_KINDS: Readonly<Record<string, string>> = {
  selfsubjectreviews: 'SelfSubjectReview',
  tokenreviews: 'TokenReview',
  localsubjectaccessreviews: 'LocalSubjectAccessReview',
  selfsubjectaccessreviews: 'SelfSubjectAccessReview',
  selfsubjectrulesreviews: 'SelfSubjectRulesReview',
  subjectaccessreviews: 'SubjectAccessReview',
};

export function reviewKind(plural: string): string {
  return REVIEW_KINDS[plural] ?? '';
}

export function versionInfo(): JsonObject {
  return {
    major: '1',
    minor: '35',
    emulationMajor: '1',
    emulationMinor: '35',
    minCompatibilityMajor: '1',
    minCompatibilityMinor: '34',
    gitVersion: SANDBOX_VERSION,
    gitCommit: 'sandbox',
    gitTreeState: 'sandbox',
    buildDate: '1970-01-01T00:00:00Z',
    goVersion: '',
    compiler: '',
    platform: 'sandbox',
  };
}

export function apiVersions(address: string): JsonObject {
  return {
    kind: 'APIVersions',
    versions: ['v1'],
    serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: address }],
  };
}

export function apiGroupList(cluster: Cluster): JsonObject {
  const names = [...cluster.resources.groups().keys(), ...Object.keys(REVIEW_GROUPS)].filter(
    (name) => name !== '',
  );
  const groups = names.map((name) => {
    const { kind: _, apiVersion: __, ...group } = apiGroup(cluster, name);
    return group;
  });
  return { kind: 'APIGroupList', apiVersion: 'v1', groups };
}

export function apiGroup(cluster: Cluster, name: string): JsonObject {
  const found = cluster.resources.groups().get(name) ?? ['v1'];
  const versions = found.map((version) => ({ groupVersion: `${name}/${version}`, version }));
  return { kind: 'APIGroup', apiVersion: 'v1', name, versions, preferredVersion: versions[0] ?? null };
}

export function apiResourceList(cluster: Cluster, group: string, version: string): JsonObject {
  const reviews = (REVIEW_GROUPS[group] ?? []).map((name) => ({
    name,
    singularName: reviewKind(name).toLowerCase(),
    namespaced: name.startsWith('local'),
    kind: reviewKind(name),
    verbs: ['create'],
  }));
  const types = cluster.resources.all().filter((type) => type.group === group && type.version === version);
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: apiVersionOf(group, version),
    resources: [...reviews, ...types.flatMap(entries)],
  };
}

function entries(type: ResourceType): JsonObject[] {
  const main: JsonObject = {
    name: type.plural,
    singularName: type.singular,
    namespaced: type.namespaced,
    kind: type.kind,
    verbs: VERBS,
    storageVersionHash: createHash('sha512')
      .update(`${type.storage}/${type.storedAs}`)
      .digest('base64')
      .slice(0, 11)
      .concat('='),
  };
  if (type.shortNames.length > 0) main['shortNames'] = [...type.shortNames];
  if (type.categories.length > 0) main['categories'] = [...type.categories];
  const verbs = ['get', 'patch', 'update'];
  const result = [main];
  for (const subresource of type.subresources) {
    if (subresource === '') continue;
    const of =
      subresource === 'scale' ? { group: 'autoscaling', version: 'v1', kind: 'Scale' } : { kind: type.kind };
    result.push({
      name: `${type.plural}/${subresource}`,
      singularName: '',
      namespaced: type.namespaced,
      ...of,
      verbs,
    });
  }
  return result;
}
