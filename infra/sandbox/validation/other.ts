// Checks configuration, roles, claims, autoscalers and budgets.

import {
  equalJson,
  isObject,
  type Json,
  type JsonObject,
  listOf,
  numberOf,
  objectOf,
  stringOf,
  valueAt,
} from '../json.ts';
import {
  type FieldProblem,
  forbiddenField,
  invalidValue,
  required,
  unsupported,
} from '../registry/status-error.ts';
import { configKey } from './name.ts';

const MAX_DATA_BYTES = 1024 * 1024;

function keyProblems(object: JsonObject, field: string): FieldProblem[] {
  return Object.keys(objectOf(object[field])).flatMap((key) =>
    configKey(key).map((text) => invalidValue(`${field}[${key}]`, key, text)),
  );
}

function sizeOf(...maps: (Json | undefined)[]): number {
  let bytes = 0;
  for (const map of maps)
    for (const value of Object.values(objectOf(map))) bytes += Buffer.byteLength(stringOf(value));
  return bytes;
}

function tooMuch(field: string): FieldProblem {
  return {
    reason: 'FieldValueTooLong',
    field,
    message: `Too long: may not be more than ${MAX_DATA_BYTES} bytes`,
  };
}

export function configMapProblems(object: JsonObject): FieldProblem[] {
  const both = Object.keys(objectOf(object['data'])).filter((key) =>
    Object.hasOwn(objectOf(object['binaryData']), key),
  );
  const problems = [
    ...keyProblems(object, 'data'),
    ...both.map((key) => invalidValue(`data[${key}]`, key, 'duplicate of key present in binaryData')),
    ...keyProblems(object, 'binaryData'),
  ];
  if (sizeOf(object['data'], object['binaryData']) > MAX_DATA_BYTES) problems.push(tooMuch(''));
  return problems;
}

const SECRET_KEYS: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
};

export function secretProblems(object: JsonObject): FieldProblem[] {
  const problems = keyProblems(object, 'data');
  if (sizeOf(object['data']) > MAX_DATA_BYTES) problems.push(tooMuch('data'));
  for (const key of SECRET_KEYS[stringOf(object['type'])] ?? []) {
    if (!Object.hasOwn(objectOf(object['data']), key)) problems.push(required(`data[${key}]`));
  }
  return problems;
}

/** Of ConfigMaps and Secrets that were made immutable. */
export function sealedProblems(next: JsonObject, live: JsonObject): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const text = 'field is immutable when `immutable` is set';
  if (live['immutable'] === true) {
    if (next['immutable'] !== true) problems.push(forbiddenField('immutable', text));
    for (const field of ['data', 'binaryData']) {
      if (!equalJson(objectOf(next[field]), objectOf(live[field])))
        problems.push(forbiddenField(field, text));
    }
  }
  if (live['type'] !== next['type'] && live['kind'] === 'Secret') {
    problems.push(invalidValue('type', next['type'] ?? '', 'field is immutable'));
  }
  return problems;
}

export function roleProblems(object: JsonObject): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const namespaced = object['kind'] === 'Role';
  for (const [i, rule] of listOf(object['rules']).filter(isObject).entries()) {
    const at = `rules[${i}]`;
    const urls = listOf(rule['nonResourceURLs']);
    if (listOf(rule['verbs']).length === 0)
      problems.push(required(`${at}.verbs`, 'verbs must contain at least one value'));
    if (urls.length > 0) {
      const found = (text: string) => problems.push(invalidValue(`${at}.nonResourceURLs`, urls, text));
      if (namespaced) found('namespaced rules cannot apply to non-resource URLs');
      if (listOf(rule['apiGroups']).length > 0 || listOf(rule['resources']).length > 0) {
        found('rules cannot apply to both regular resources and non-resource URLs');
      }
      continue;
    }
    if (listOf(rule['apiGroups']).length === 0) {
      problems.push(required(`${at}.apiGroups`, 'resource rules must supply at least one api group'));
    }
    if (listOf(rule['resources']).length === 0) {
      problems.push(required(`${at}.resources`, 'resource rules must supply at least one resource'));
    }
  }
  return problems;
}

const SUBJECTS = ['ServiceAccount', 'User', 'Group'];

export function bindingProblems(object: JsonObject): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const role = objectOf(object['roleRef']);
  const kinds = object['kind'] === 'RoleBinding' ? ['Role', 'ClusterRole'] : ['ClusterRole'];
  if (!kinds.includes(stringOf(role['kind'])))
    problems.push(unsupported('roleRef.kind', role['kind'] ?? '', kinds));
  if (stringOf(role['name']) === '') problems.push(required('roleRef.name'));
  for (const [i, subject] of listOf(object['subjects']).filter(isObject).entries()) {
    const at = `subjects[${i}]`;
    const kind = stringOf(subject['kind']);
    if (stringOf(subject['name']) === '') problems.push(required(`${at}.name`));
    if (!SUBJECTS.includes(kind)) problems.push(unsupported(`${at}.kind`, kind, SUBJECTS));
    if (
      kind === 'ServiceAccount' &&
      object['kind'] === 'ClusterRoleBinding' &&
      stringOf(subject['namespace']) === ''
    ) {
      problems.push(required(`${at}.namespace`));
    }
  }
  return problems;
}

export function bindingUpdateProblems(next: JsonObject, live: JsonObject): FieldProblem[] {
  if (equalJson(next['roleRef'], live['roleRef'])) return [];
  const role = objectOf(next['roleRef']);
  const shown = { APIGroup: role['apiGroup'] ?? '', Kind: role['kind'] ?? '', Name: role['name'] ?? '' };
  return [invalidValue('roleRef', shown, 'cannot change roleRef')];
}

export function claimProblems(object: JsonObject): FieldProblem[] {
  const spec = objectOf(object['spec']);
  const problems: FieldProblem[] = [];
  if (listOf(spec['accessModes']).length === 0) {
    problems.push(required('spec.accessModes', 'at least 1 access mode is required'));
  }
  if (valueAt(spec, 'resources', 'requests', 'storage') === undefined)
    problems.push(required('spec.resources[storage]'));
  return problems;
}

export function claimUpdateProblems(next: JsonObject, live: JsonObject): FieldProblem[] {
  const fixed = (object: JsonObject) => {
    const {
      resources: _,
      volumeAttributesClassName: __,
      volumeName: ___,
      ...rest
    } = objectOf(object['spec']);
    return rest;
  };
  if (equalJson(fixed(next), fixed(live))) return [];
  const text =
    'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims';
  return [forbiddenField('spec', text)];
}

export function autoscalerProblems(object: JsonObject): FieldProblem[] {
  const spec = objectOf(object['spec']);
  const problems: FieldProblem[] = [];
  const most = numberOf(spec['maxReplicas']);
  const least = numberOf(spec['minReplicas']);
  if (least < 1) problems.push(invalidValue('spec.minReplicas', least, 'must be greater than or equal to 1'));
  if (most < 1) problems.push(invalidValue('spec.maxReplicas', most, 'must be greater than 0'));
  if (most < least)
    problems.push(invalidValue('spec.maxReplicas', most, 'must be greater than or equal to `minReplicas`'));
  const target = objectOf(spec['scaleTargetRef']);
  for (const field of ['kind', 'name'] as const) {
    if (stringOf(target[field]) === '') problems.push(required(`spec.scaleTargetRef.${field}`));
  }
  const { apiVersion } = target;
  if (!stringOf(apiVersion).includes('/') && target['kind'] !== 'ReplicationController') {
    problems.push(
      invalidValue(
        'spec.scaleTargetRef.apiVersion',
        stringOf(apiVersion),
        'apiVersion must specify API group',
      ),
    );
  }
  return problems;
}

export function budgetProblems(object: JsonObject): FieldProblem[] {
  const { minAvailable, maxUnavailable, selector, unhealthyPodEvictionPolicy } = objectOf(object['spec']);
  if (minAvailable === undefined || maxUnavailable === undefined) return [];
  const shown = {
    MinAvailable: minAvailable,
    Selector: selector ?? null,
    MaxUnavailable: maxUnavailable,
    UnhealthyPodEvictionPolicy: unhealthyPodEvictionPolicy ?? null,
  };
  return [invalidValue('spec', shown, 'minAvailable and maxUnavailable cannot be both set')];
}
