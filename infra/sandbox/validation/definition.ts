// Checks CustomResourceDefinitions.

import { isObject, type Json, type JsonObject, listOf, objectOf, stringOf, valueAt } from '../json.ts';
import {
  type FieldProblem,
  forbiddenField,
  invalidValue,
  required,
  unsupported,
} from '../registry/status-error.ts';
import { dns1035Label, dnsSubdomain } from './name.ts';

const SCOPES = ['Cluster', 'Namespaced'];
const MAX_DEPTH = 100;

export function definitionProblems(object: JsonObject): FieldProblem[] {
  const spec = objectOf(object['spec']);
  const names = objectOf(spec['names']);
  const name = stringOf(valueAt(object, 'metadata', 'name'));
  const group = stringOf(spec['group']);
  const problems: FieldProblem[] = [];
  if (name !== `${stringOf(names['plural'])}.${group}`) {
    problems.push(invalidValue('metadata.name', name, 'must be spec.names.plural+"."+spec.group'));
  }
  if (group === '') problems.push(required('spec.group'));
  else {
    problems.push(...dnsSubdomain(group).map((text) => invalidValue('spec.group', group, text)));
    if (!group.includes('.'))
      problems.push(invalidValue('spec.group', group, 'should be a domain with at least one dot'));
  }
  const scope = stringOf(spec['scope']);
  if (scope === '') problems.push(required('spec.scope'));
  else if (!SCOPES.includes(scope)) problems.push(unsupported('spec.scope', scope, SCOPES));
  return [
    ...problems,
    ...versionProblems(listOf(spec['versions']).filter(isObject)),
    ...nameProblems(names),
    ...storedProblems(object),
  ];
}

function versionProblems(versions: readonly JsonObject[]): FieldProblem[] {
  const problems: FieldProblem[] = [];
  for (const [i, version] of versions.entries()) {
    const schema = valueAt(version, 'schema', 'openAPIV3Schema');
    if (!isObject(schema)) {
      problems.push(required(`spec.versions[${i}].schema.openAPIV3Schema`));
      continue;
    }
    // with one version, the API server reports as if the schema stood at the top
    const at =
      versions.length === 1
        ? 'spec.validation.openAPIV3Schema'
        : `spec.versions[${i}].schema.openAPIV3Schema`;
    problems.push(...schemaProblems(schema, at, 0));
    if (stringOf(schema['type']) === '')
      problems.push(required(`${at}.type`, 'must not be empty at the root'));
    else if (schema['type'] !== 'object')
      problems.push(invalidValue(`${at}.type`, schema['type'] ?? '', 'must be object at the root'));
  }
  if (versions.filter((version) => version['storage'] === true).length !== 1) {
    problems.push(
      invalidValue(
        'spec.versions',
        versions.map(shownVersion),
        'must have exactly one version marked as storage version',
      ),
    );
  }
  return problems;
}

function shownVersion(version: JsonObject): Json {
  return {
    Name: version['name'] ?? '',
    Served: version['served'] ?? false,
    Storage: version['storage'] ?? false,
    Deprecated: version['deprecated'] ?? false,
    DeprecationWarning: version['deprecationWarning'] ?? null,
    Schema: version['schema'] ?? null,
    Subresources: version['subresources'] ?? null,
    AdditionalPrinterColumns: version['additionalPrinterColumns'] ?? null,
    SelectableFields: version['selectableFields'] ?? null,
  };
}

function schemaProblems(schema: JsonObject, at: string, depth: number): FieldProblem[] {
  const problems: FieldProblem[] = [];
  if (depth > MAX_DEPTH) return [forbiddenField(at, 'is nested too deeply')];
  if (schema['type'] === 'array' && !isObject(schema['items']))
    problems.push(required(`${at}.items`, 'must be specified'));
  if (
    schema['x-kubernetes-list-type'] === 'map' &&
    listOf(schema['x-kubernetes-list-map-keys']).length === 0
  ) {
    problems.push(
      required(`${at}.x-kubernetes-list-map-keys`, 'must not be empty if x-kubernetes-list-type is map'),
    );
  }
  const untyped = stringOf(schema['type']) === '' && depth > 0;
  const free =
    schema['x-kubernetes-preserve-unknown-fields'] === true || schema['x-kubernetes-int-or-string'] === true;
  if (untyped && !free)
    problems.push(required(`${at}.type`, 'must not be empty for specified object fields'));
  for (const [name, of] of Object.entries(objectOf(schema['properties']))) {
    if (isObject(of)) problems.push(...schemaProblems(of, `${at}.properties[${name}]`, depth + 1));
  }
  if (isObject(schema['items'])) problems.push(...schemaProblems(schema['items'], `${at}.items`, depth + 1));
  const additional = schema['additionalProperties'];
  if (isObject(additional))
    problems.push(...schemaProblems(additional, `${at}.additionalProperties`, depth + 1));
  return problems;
}

const NAMES = ['plural', 'singular', 'kind', 'listKind'] as const;

function nameProblems(names: JsonObject): FieldProblem[] {
  const missing = NAMES.filter((field) => stringOf(names[field]) === '');
  const problems = missing.map((field) => required(`spec.names.${field}`));
  for (const field of NAMES) {
    const value = stringOf(names[field]);
    if (value === '') continue;
    // kinds are written with capitals
    const checked = field === 'kind' || field === 'listKind' ? value.toLowerCase() : value;
    for (const text of dns1035Label(checked)) problems.push(invalidValue(`spec.names.${field}`, value, text));
  }
  return problems;
}

function storedProblems(object: JsonObject): FieldProblem[] {
  const stored = listOf(valueAt(object, 'status', 'storedVersions'));
  return stored.length > 0
    ? []
    : [invalidValue('status.storedVersions', null, 'must have at least one stored version')];
}
