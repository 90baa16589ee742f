// Checks a custom resource against its schema, in the words of the API server. CEL rules are not evaluated.

import { RE2JS } from 're2js';
import { equalJson, isObject, type Json, type JsonObject, listOf, stringOf } from '../json.ts';
import {
  duplicate,
  type FieldProblem,
  invalidValue,
  required,
  unsupported,
} from '../registry/status-error.ts';
import type { Structural } from '../schema/structural.ts';

const MAX_PROBLEMS = 100;
const MAX_PATTERNS = 500;
const patterns = new Map<string, RE2JS | undefined>();

export function structuralProblems(value: Json, schema: Structural): FieldProblem[] {
  return check(value, schema, '', true).slice(0, MAX_PROBLEMS);
}

function check(value: Json, schema: Structural, path: string, isRoot = false): FieldProblem[] {
  if (value === null && schema.nullable) return [];
  const mistyped = typeProblem(value, schema, path);
  if (mistyped) return [mistyped];
  const problems = [...enumProblems(value, schema.source, path), ...combined(value, schema.source, path)];
  if (Array.isArray(value)) problems.push(...listProblems(value, schema, path));
  else if (isObject(value)) problems.push(...objectProblems(value, schema, path, isRoot));
  else problems.push(...scalarProblems(value, schema.source, path));
  return problems;
}

function typeProblem(value: Json, schema: Structural, path: string): FieldProblem | undefined {
  const wanted = schema.intOrString ? ['integer', 'string'] : schema.type === '' ? [] : [schema.type];
  const actual = typeName(value);
  if (wanted.length === 0 || wanted.includes(actual) || (actual === 'integer' && wanted.includes('number')))
    return undefined;
  const shown = JSON.stringify(actual);
  return {
    reason: 'FieldValueTypeInvalid',
    field: path,
    message: `Invalid value: ${shown}: ${path} in body must be of type ${wanted.join(',')}: ${shown}`,
  };
}

function typeName(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

function enumProblems(value: Json, source: JsonObject, path: string): FieldProblem[] {
  if (!Array.isArray(source['enum']) || source['enum'].some((one) => equalJson(one, value))) return [];
  return [
    unsupported(
      path,
      value,
      source['enum'].map((one) => (typeof one === 'string' ? one : JSON.stringify(one))),
    ),
  ];
}

function objectProblems(
  value: JsonObject,
  schema: Structural,
  path: string,
  isRoot: boolean,
): FieldProblem[] {
  const problems: FieldProblem[] = [];
  for (const name of listOf(schema.source['required']).map(stringOf)) {
    if (!Object.hasOwn(value, name)) problems.push(required(joined(path, name)));
  }
  for (const [key, of] of Object.entries(value)) {
    if (isRoot && key === 'metadata') continue;
    const property = schema.properties.get(key) ?? schema.additional;
    if (property)
      problems.push(
        ...check(of, property, schema.properties.has(key) ? joined(path, key) : `${path}.${key}`),
      );
  }
  const { minProperties, maxProperties } = schema.source;
  const count = Object.keys(value).length;
  if (typeof minProperties === 'number' && count < minProperties) {
    problems.push(
      invalidValue(path, count, `${path} in body should have at least ${minProperties} properties`),
    );
  }
  if (typeof maxProperties === 'number' && count > maxProperties) {
    problems.push(
      invalidValue(path, count, `${path} in body should have at most ${maxProperties} properties`),
    );
  }
  return problems;
}

function joined(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

function listProblems(value: readonly Json[], schema: Structural, path: string): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const { minItems, maxItems } = schema.source;
  if (typeof minItems === 'number' && value.length < minItems) {
    problems.push(invalidValue(path, value.length, `${path} in body should have at least ${minItems} items`));
  }
  if (typeof maxItems === 'number' && value.length > maxItems) {
    problems.push(invalidValue(path, value.length, `${path} in body should have at most ${maxItems} items`));
  }
  if (schema.items)
    for (const [i, item] of value.entries()) problems.push(...check(item, schema.items, `${path}[${i}]`));
  return [...problems, ...doubles(value, schema, path)];
}

function doubles(value: readonly Json[], schema: Structural, path: string): FieldProblem[] {
  if (schema.listType === 'atomic') return [];
  const problems: FieldProblem[] = [];
  const seen = new Set<string>();
  for (const [i, item] of value.entries()) {
    const keys: JsonObject = {};
    if (schema.listType === 'map' && isObject(item))
      for (const key of schema.listKeys) keys[key] = item[key] ?? null;
    const identity = schema.listType === 'map' ? keys : item;
    const text = JSON.stringify(identity);
    if (seen.has(text)) problems.push(duplicate(`${path}[${i}]`, identity));
    seen.add(text);
  }
  return problems;
}

function scalarProblems(value: Json, source: JsonObject, path: string): FieldProblem[] {
  if (typeof value === 'number') return numberProblems(value, source, path);
  if (typeof value === 'string') return stringProblems(value, source, path);
  return [];
}

function numberProblems(value: number, source: JsonObject, path: string): FieldProblem[] {
  const { minimum, maximum, multipleOf } = source;
  const problem = (text: string) => invalidValue(path, value, `${path} in body should be ${text}`);
  if (typeof minimum === 'number') {
    if (source['exclusiveMinimum'] === true && value <= minimum) return [problem(`greater than ${minimum}`)];
    if (value < minimum) return [problem(`greater than or equal to ${minimum}`)];
  }
  if (typeof maximum === 'number') {
    if (source['exclusiveMaximum'] === true && value >= maximum) return [problem(`less than ${maximum}`)];
    if (value > maximum) return [problem(`less than or equal to ${maximum}`)];
  }
  if (typeof multipleOf === 'number' && !Number.isInteger(value / multipleOf)) {
    return [problem(`a multiple of ${multipleOf}`)];
  }
  return [];
}

function stringProblems(value: string, source: JsonObject, path: string): FieldProblem[] {
  const { minLength, maxLength, pattern } = source;
  const length = [...value].length;
  const problem = (text: string) => invalidValue(path, value, `${path} in body should ${text}`);
  if (typeof minLength === 'number' && length < minLength)
    return [problem(`be at least ${minLength} chars long`)];
  if (typeof maxLength === 'number' && length > maxLength) {
    const message = `Too long: may not be more than ${maxLength} bytes`;
    return [{ reason: 'FieldValueTooLong', field: path, message }];
  }
  if (typeof pattern === 'string' && !matches(pattern, value)) return [problem(`match '${pattern}'`)];
  return [];
}

// Linear time whatever the pattern; one that cannot be read refuses nothing.
function matches(pattern: string, value: string): boolean {
  if (!patterns.has(pattern)) {
    if (patterns.size >= MAX_PATTERNS) patterns.clear();
    patterns.set(pattern, compiled(pattern));
  }
  return patterns.get(pattern)?.matcher(value).find() ?? true;
}

function compiled(pattern: string): RE2JS | undefined {
  try {
    return RE2JS.compile(pattern);
  } catch {
    return undefined;
  }
}

function combined(value: Json, source: JsonObject, path: string): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const holds = (of: Json) => isObject(of) && branch(value, of, path).length === 0;
  for (const one of listOf(source['allOf'])) if (isObject(one)) problems.push(...branch(value, one, path));
  const anyOf = listOf(source['anyOf']);
  if (anyOf.length > 0 && !anyOf.some(holds)) {
    problems.push(invalidValue(path, '', `${path} in body must validate at least one schema (anyOf)`));
  }
  const oneOf = listOf(source['oneOf']);
  const count = oneOf.filter(holds).length;
  if (oneOf.length > 0 && count !== 1) {
    const found = count === 0 ? 'Found none valid' : `Found ${count} valid alternatives`;
    problems.push(
      invalidValue(path, '', `${path} in body must validate one and only one schema (oneOf). ${found}`),
    );
  }
  if (source['not'] !== undefined && holds(source['not'])) {
    problems.push(invalidValue(path, '', `${path} in body must not validate the schema (not)`));
  }
  return problems;
}

/** A branch says less than a schema: properties, required and value rules. */
function branch(value: Json, source: JsonObject, path: string): FieldProblem[] {
  const problems = [
    ...enumProblems(value, source, path),
    ...combined(value, source, path),
    ...scalarProblems(value, source, path),
  ];
  if (!isObject(value)) return problems;
  for (const name of listOf(source['required']).map(stringOf)) {
    if (!Object.hasOwn(value, name)) problems.push(required(joined(path, name)));
  }
  const properties = isObject(source['properties']) ? source['properties'] : {};
  for (const [key, of] of Object.entries(properties)) {
    if (Object.hasOwn(value, key) && isObject(of))
      problems.push(...branch(value[key] ?? null, of, joined(path, key)));
  }
  return problems;
}
