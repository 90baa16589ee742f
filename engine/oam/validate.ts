/** Checks an object against a strict schema: what is wrong is an issue, what is merely unknown a warning. */
import type { z } from 'zod';
import type { JsonDraft, JsonObject, JsonValue } from '../json.ts';
import { at, isArray, isObject } from '../json.ts';
import type { Issue, Result, Span } from '../result.ts';
import { fail, ok, pointer } from '../result.ts';
import { nearestName } from './nearest.ts';

type Path = readonly (string | number)[];
export type Locate = (path: Path) => Span;

/**
 * The value as the schema's type. Unknown fields are left out with a warning that names the nearest known one.
 * Issues: `required`, `wrong-type`, `not-allowed`, each with pointer, expected, actual and place.
 */
export function validate<S extends z.ZodType>(
  schema: S,
  value: JsonObject,
  locate: Locate,
): Result<z.infer<S>> {
  const first = schema.safeParse(value);
  if (first.success) return ok(first.data);
  const unknown = first.error.issues.filter((i) => i.code === 'unrecognized_keys');
  const wrong = first.error.issues.filter((i) => i.code !== 'unrecognized_keys');
  const warnings = unknown.flatMap((i) =>
    i.keys.map((key) => unknownField(value, toPath(i.path), key, locate)),
  );
  if (wrong.length > 0) return { ...fail(...wrong.map((i) => toIssue(i, value, locate))), warnings };
  const removals = new Map<string, readonly string[]>(unknown.map((i) => [pointer(toPath(i.path)), i.keys]));
  const second = schema.safeParse(prune(value, [], removals));
  if (second.success) return ok(second.data, warnings);
  return { ...fail(...second.error.issues.map((i) => toIssue(i, value, locate))), warnings };
}

function toPath(path: readonly PropertyKey[]): Path {
  return path.map((p) => (typeof p === 'number' ? p : String(p)));
}

function prune(value: JsonValue, path: Path, removals: ReadonlyMap<string, readonly string[]>): JsonValue {
  if (isArray(value)) return value.map((v, i) => prune(v, [...path, i], removals));
  if (!isObject(value)) return value;
  const gone = removals.get(pointer(path)) ?? [];
  const kept = Object.entries(value).filter(([key]) => !gone.includes(key));
  return Object.fromEntries(
    kept.map(([key, v]) => [key, prune(v, [...path, key], removals)]),
  ) satisfies JsonDraft;
}

function unknownField(value: JsonObject, path: Path, key: string, locate: Locate): Issue {
  const full = [...path, key];
  const holder = at(value, ...path);
  const near = nearestName(
    key,
    knownFields.filter((f) => !isObject(holder) || !Object.hasOwn(holder, f)),
  );
  const hint = near === null ? '' : ` Did you mean "${near}"?`;
  return {
    code: 'unknown-field',
    path: pointer(full),
    message: `The field "${key}" is not known here and is ignored.${hint}`,
    span: locate(full),
  };
}

const knownFields = [
  'apiVersion',
  'kind',
  'metadata',
  'spec',
  'name',
  'type',
  'properties',
  'traits',
  'components',
  'policies',
  'workflow',
  'dependsOn',
  'inputs',
  'outputs',
  'externalRevision',
  'scopes',
  'steps',
  'subSteps',
  'ref',
  'mode',
  'if',
  'timeout',
  'meta',
  'from',
  'parameterKey',
  'valueFrom',
];

function toIssue(issue: z.core.$ZodIssue, value: JsonObject, locate: Locate): Issue {
  const path = toPath(issue.path);
  const got = at(value, ...path);
  const span = locate(path);
  const place = { path: pointer(path), span };
  const field = path.length === 0 ? 'The object' : `"${String(path.at(-1))}"`;
  if (got === undefined || got === '') {
    return { code: 'required', ...place, message: `${field} is required.`, expected: expectedOf(issue) };
  }
  const expected = expectedOf(issue);
  const actual = describe(got);
  const code = issue.code === 'invalid_value' ? 'not-allowed' : 'wrong-type';
  return { code, ...place, message: `${field} must be ${expected}, not ${actual}.`, expected, actual };
}

function expectedOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') {
    const names: Record<string, string> = {
      array: 'a list',
      object: 'a map',
      record: 'a map',
      string: 'a string',
    };
    return names[issue.expected] ?? `a ${issue.expected}`;
  }
  if (issue.code === 'invalid_value') return issue.values.map((v) => JSON.stringify(v)).join(' or ');
  if (issue.code === 'too_small') return 'a string that is not empty';
  return 'a valid value';
}

/** A short name of a JSON value for messages: `the number 5`, `a list`. */
export function describe(value: JsonValue): string {
  if (value === null) return 'null';
  if (isArray(value)) return 'a list';
  if (isObject(value)) return 'a map';
  const text = JSON.stringify(value);
  return `the ${typeof value} ${text.length > 60 ? `${text.slice(0, 57)}…` : text}`;
}
