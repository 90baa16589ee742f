/** What zod finds wrong with a request, said with pointer, expected and actual. */
import type { z } from '@hono/zod-openapi';
import { Fault, type FaultDetail } from '../engine/fault.ts';
import { nearestName } from '../engine/oam/nearest.ts';

/** The part of a request that a schema was held against. */
export interface Judged {
  /** As the validator calls it: `query`, `param`, `json`. */
  readonly target: string;
  readonly value: unknown;
  /** Names that this part may have at its top. */
  readonly known: readonly string[];
}

type ZodIssue = z.core.$ZodIssue;

/** Fault `request.malformed` with a detail for each thing that is wrong; its sentence is the first one's. */
export function malformed(error: z.core.$ZodError, judged: Judged): Fault {
  return malformedBy(error.issues.flatMap((issue) => detailsOf(issue, judged)));
}

export function malformedBy(errors: readonly FaultDetail[]): Fault {
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  const sentence = errors[0]?.detail ?? 'The request does not have the form that this route takes.';
  return new Fault('request.malformed', `${sentence}${more}`, { errors });
}

/** A name that is not among those that a part of a request may have. */
export function unknownName(what: string, pointer: string, known: readonly string[]): FaultDetail {
  const name = pointer.slice(pointer.lastIndexOf('/') + 1);
  const near = nearestName(name, known);
  return {
    pointer,
    code: 'unknown_name',
    detail: `${what} "${name}" is not known here.${near === null ? '' : ` Did you mean "${near}"?`}`,
    expected: known.length === 0 ? 'nothing' : near === null ? `one of ${known.join(', ')}` : near,
    actual: name,
  };
}

const wording: Readonly<Record<string, string>> = {
  query: 'The query parameter',
  param: 'In the path,',
  path: 'In the path,',
  json: 'The field',
};

function detailsOf(issue: ZodIssue, judged: Judged): readonly FaultDetail[] {
  const { target } = judged;
  const segments = issue.path.map(String);
  const pointer = pointerOf(segments);
  const what = wording[target] ?? 'The value';
  if (issue.code === 'unrecognized_keys') {
    const known = segments.length === 0 ? judged.known : [];
    return issue.keys.map((key) => unknownName(what, pointerOf([...segments, key]), known));
  }
  const value = valueAt(judged.value, issue.path);
  const expected = expectedOf(issue);
  const named = segments.length === 0 ? 'The body' : `${what} "${segments.join('.')}"`;
  const actual = described(value, segments.at(-1) ?? '');
  const detail =
    value === undefined && segments.length > 0
      ? `${named} is required: ${expected}.`
      : issue.code === 'custom'
        ? `${named} does not fit: ${expected}.`
        : `${named} must be ${expected}, not ${actual}.`;
  return [{ pointer, detail, code: issue.code, expected, actual }];
}

const pointerOf = (segments: readonly string[]): string =>
  segments.map((segment) => `/${segment.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

const types: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
  object: 'an object',
  record: 'an object',
  string: 'a string',
};

function expectedOf(issue: ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return types[issue.expected] ?? issue.expected;
    case 'invalid_value': {
      const values = issue.values.map((value) => JSON.stringify(value)).join(', ');
      return issue.values.length === 1 ? values : `one of ${values}`;
    }
    case 'too_small':
      return `at least ${issue.minimum}${unitOf(issue.origin)}`;
    case 'too_big':
      return `at most ${issue.maximum}${unitOf(issue.origin)}`;
    case 'invalid_format':
      // A pattern's message is written beside it and says what it is; those of zod's own formats are not.
      return issue.format === 'url' ? 'a URL' : issue.message;
    default:
      return issue.message;
  }
}

const units: Readonly<Record<string, string>> = { string: ' characters', array: ' items' };
const unitOf = (origin: string): string => units[origin] ?? '';

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let here: unknown = value;
  for (const key of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, key)) return undefined;
    // What `hasOwn` has just found.
    here = (here as Readonly<Record<PropertyKey, unknown>>)[key];
  }
  return here;
}

const secretNames = new Set(['secret', 'token', 'key']);
const maxShown = 60;

/** A value as a sentence shows it; what may be a secret only by its length. */
function described(value: unknown, name: string): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'string' && secretNames.has(name)) return `a string of ${value.length} characters`;
  const text = JSON.stringify(value);
  return `the ${typeof value} ${text.length > maxShown ? `${text.slice(0, maxShown)}…` : text}`;
}
