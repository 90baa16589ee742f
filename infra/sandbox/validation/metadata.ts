// Checks metadata on create and on update.

import { equalJson, type Json } from '../json.ts';
import type { KubeObject } from '../kube-object.ts';
import type { ResourceType } from '../registry/resource-type.ts';
import { type FieldProblem, forbiddenField, invalidValue, required } from '../registry/status-error.ts';
import {
  dns1035Label,
  dnsLabel,
  dnsSubdomain,
  generated,
  labelValue,
  type NameRule,
  pathSegment,
  qualifiedName,
} from './name.ts';

const NAME_RULES: Readonly<Record<string, NameRule>> = {
  '/Namespace': dnsLabel,
  '/Service': dns1035Label,
  'rbac.authorization.k8s.io/Role': pathSegment,
  'rbac.authorization.k8s.io/ClusterRole': pathSegment,
  'rbac.authorization.k8s.io/RoleBinding': pathSegment,
  'rbac.authorization.k8s.io/ClusterRoleBinding': pathSegment,
};
const STANDARD_FINALIZERS = new Set(['kubernetes', 'orphan', 'foregroundDeletion']);
const MAX_ANNOTATION_BYTES = 256 * 1024;

export function metadataProblems(type: ResourceType, object: KubeObject): FieldProblem[] {
  return [
    ...nameProblems(type, object),
    ...labelProblems('metadata.labels', object.metadata.labels),
    ...otherProblems(object),
  ];
}

function nameProblems(type: ResourceType, { metadata }: KubeObject): FieldProblem[] {
  const rule = NAME_RULES[`${type.group}/${type.kind}`] ?? dnsSubdomain;
  const problems: FieldProblem[] = [];
  const { generateName, name } = metadata;
  if (generateName) {
    for (const text of generated(rule)(generateName))
      problems.push(invalidValue('metadata.generateName', generateName, text));
  }
  if (!name) problems.push(required('metadata.name', 'name or generateName is required'));
  else for (const text of rule(name)) problems.push(invalidValue('metadata.name', name, text));
  return problems;
}

export function labelProblems(
  path: string,
  labels: { readonly [name: string]: Json } | undefined,
): FieldProblem[] {
  const problems: FieldProblem[] = [];
  for (const [key, value] of Object.entries(labels ?? {})) {
    for (const text of qualifiedName(key)) problems.push(invalidValue(path, key, text));
    const shown = typeof value === 'string' ? value : '';
    for (const text of labelValue(shown)) problems.push(invalidValue(path, shown, text));
  }
  return problems;
}

function otherProblems({ metadata }: KubeObject): FieldProblem[] {
  const problems: FieldProblem[] = [];
  let bytes = 0;
  for (const [key, value] of Object.entries(metadata.annotations ?? {})) {
    for (const text of qualifiedName(key.toLowerCase()))
      problems.push(invalidValue('metadata.annotations', key, text));
    bytes += Buffer.byteLength(key) + Buffer.byteLength(value);
  }
  if (bytes > MAX_ANNOTATION_BYTES) {
    const message = `Too long: may not be more than ${MAX_ANNOTATION_BYTES} bytes`;
    problems.push({ reason: 'FieldValueTooLong', field: 'metadata.annotations', message });
  }
  for (const owner of metadata.ownerReferences ?? []) {
    const at = 'metadata.ownerReferences';
    if (!owner.apiVersion)
      problems.push(invalidValue(`${at}.apiVersion`, owner.apiVersion, 'version must not be empty'));
    for (const field of ['kind', 'name', 'uid'] as const) {
      if (!owner[field]) problems.push(invalidValue(`${at}.${field}`, owner[field], 'must not be empty'));
    }
  }
  const controllers = (metadata.ownerReferences ?? []).filter((owner) => owner.controller === true);
  if (controllers.length > 1) {
    const names = controllers
      .slice(0, 2)
      .map((owner) => owner.name)
      .join(' and ');
    const text = `Only one reference can have Controller set to true. Found "true" in references for ${names}`;
    problems.push(invalidValue('metadata.ownerReferences', controllers, text));
  }
  for (const [i, finalizer] of (metadata.finalizers ?? []).entries()) {
    const at = `metadata.finalizers[${i}]`;
    const found = qualifiedName(finalizer);
    for (const text of found) problems.push(invalidValue(at, finalizer, text));
    if (found.length === 0 && !finalizer.includes('/') && !STANDARD_FINALIZERS.has(finalizer)) {
      const text = 'name is neither a standard finalizer name nor is it fully qualified';
      problems.push(invalidValue(at, finalizer, text));
    }
  }
  return problems;
}

/** What an update may not do to metadata. */
export function metadataUpdateProblems(next: KubeObject, live: KubeObject): FieldProblem[] {
  const problems: FieldProblem[] = [];
  for (const field of ['name', 'namespace', 'uid', 'creationTimestamp', 'deletionTimestamp'] as const) {
    if (!equalJson(next.metadata[field], live.metadata[field])) {
      problems.push(invalidValue(`metadata.${field}`, next.metadata[field] ?? '', 'field is immutable'));
    }
  }
  if (live.metadata.deletionTimestamp !== undefined) {
    const before = new Set(live.metadata.finalizers);
    const added = (next.metadata.finalizers ?? []).filter((finalizer) => !before.has(finalizer));
    if (added.length > 0) {
      const list = `[]string{${added.map((one) => JSON.stringify(one)).join(', ')}}`;
      const text = `no new finalizers can be added if the object is being deleted, found new finalizers ${list}`;
      problems.push(forbiddenField('metadata.finalizers', text));
    }
  }
  return problems;
}
