/** Package `regexp`: RE2 syntax, by the library passed in. */
import type { BuiltinEnv, BuiltinError, Data, MatchOffsets, Regexp, StdPackage } from './builtin.ts';
import { evalError, isBuiltinError } from './builtin.ts';
import { functionsOf, overBudget, structOf } from './define.ts';
import { compareText } from './utf8.ts';

const define = functionsOf('regexp');

const NO_MATCH = evalError('no match');

type Offsets = MatchOffsets;

/** Bytes charged for looking at the text once: long programs take longer. */
function searchCost(length: number, regexp: Regexp): number {
  return length * (1 + (regexp.size >> 5)) + 16;
}

function prepare(pattern: string, env: BuiltinEnv): Regexp | BuiltinError {
  return env.charge(pattern.length) ? env.regexp.compile(pattern) : overBudget();
}

/**
 * Matches from left to right without overlap, at most `limit` (-1: all). An empty match next to the match before
 * it does not count. Each search is charged, since many of them may each look at the whole rest of the text.
 */
function* matchesOf(
  regexp: Regexp,
  text: string,
  limit: number,
  env: BuiltinEnv,
): Generator<Offsets | BuiltinError> {
  let from = 0;
  let previousEnd = -1;
  for (let count = 0; from <= text.length && count !== limit; ) {
    if (!env.charge(searchCost(text.length - from, regexp) >> 2)) {
      yield overBudget();
      return;
    }
    const found = regexp.find(text, from);
    const [start, end] = found?.[0] ?? [-1, -1];
    if (found === null) return;
    const repeated = start === end && start === previousEnd;
    from = end > from ? end : from + ((text.codePointAt(from) ?? 0) > 0xffff ? 2 : 1);
    previousEnd = end;
    if (repeated) continue;
    count++;
    yield found;
  }
}

/** The text of each group; empty where it took no part. */
function groupTexts(text: string, offsets: Offsets): string[] {
  return offsets.map(([start, end]) => (start < 0 ? '' : text.slice(start, end)));
}

/** Finds up to `limit` matches and makes something of each. Error: no match, bad pattern, budget. */
function findAll(
  [pattern, text, limit]: readonly [string, string, number],
  make: (offsets: Offsets, regexp: Regexp) => Data,
  env: BuiltinEnv,
): Data[] | BuiltinError {
  const regexp = prepare(pattern, env);
  if (isBuiltinError(regexp)) return regexp;
  const result: Data[] = [];
  for (const offsets of matchesOf(regexp, text, limit < 0 ? -1 : limit, env)) {
    if (isBuiltinError(offsets)) return offsets;
    if (!env.charge(offsets.length * 16)) return overBudget();
    result.push(make(offsets, regexp));
  }
  return result.length === 0 ? NO_MATCH : result;
}

function findFirst(
  pattern: string,
  text: string,
  make: (offsets: Offsets, regexp: Regexp) => Data,
  env: BuiltinEnv,
): Data | BuiltinError {
  const found = findAll([pattern, text, 1], make, env);
  return isBuiltinError(found) ? found : (found[0] ?? NO_MATCH);
}

function whole(text: string): (offsets: Offsets) => Data {
  return (offsets) => groupTexts(text, offsets)[0] ?? '';
}

/** A struct of the named groups, ordered by name. */
function named(text: string): (offsets: Offsets, regexp: Regexp) => Data {
  return (offsets, regexp) => {
    const texts = groupTexts(text, offsets).slice(1);
    const entries = regexp.groupNames.flatMap((name, index): [string, string][] =>
      name === null ? [] : [[name, texts[index] ?? '']],
    );
    return structOf(entries.sort(([a], [b]) => compareText(a, b)));
  };
}

type ReplacementPart = string | { readonly group: string };

/** Reads `$1`, `${1}`, `$name` and `$$`; the longest run of word characters is the name, and a lone `$` stays. */
function parseReplacement(template: string): readonly ReplacementPart[] {
  const parts: ReplacementPart[] = [];
  let rest = 0;
  for (const match of template.matchAll(/\$(?:\$|\{([\p{L}\p{Nd}_]+)\}|([\p{L}\p{Nd}_]+))/gu)) {
    parts.push(template.slice(rest, match.index));
    const group = match[1] ?? match[2];
    parts.push(group === undefined ? '$' : { group });
    rest = match.index + match[0].length;
  }
  parts.push(template.slice(rest));
  return parts;
}

/** The index of the group that a reference names; -1 where there is none, which gives the empty text. */
function groupIndex(group: string, regexp: Regexp): number {
  if (/^\d+$/.test(group)) {
    if (group.length > 1 && group.startsWith('0')) return regexp.groupNames.indexOf(group) + 1 || -1;
    return Number(group) <= regexp.groupNames.length ? Number(group) : -1;
  }
  return regexp.groupNames.indexOf(group) + 1 || -1;
}

function replaceAll(
  [pattern, text]: readonly [string, string],
  template: readonly ReplacementPart[],
  env: BuiltinEnv,
): Data | BuiltinError {
  const regexp = prepare(pattern, env);
  if (isBuiltinError(regexp)) return regexp;
  const parts: string[] = [];
  let rest = 0;
  for (const offsets of matchesOf(regexp, text, -1, env)) {
    if (isBuiltinError(offsets)) return offsets;
    const [start, end] = offsets[0] ?? [0, 0];
    parts.push(text.slice(rest, start));
    rest = end;
    const groups = groupTexts(text, offsets);
    for (const part of template) {
      const piece = typeof part === 'string' ? part : (groups[groupIndex(part.group, regexp)] ?? '');
      if (!env.charge(piece.length + 1)) return overBudget();
      parts.push(piece);
    }
  }
  parts.push(text.slice(rest));
  return parts.join('');
}

const FUNCTIONS = [
  define('Valid', ['string'], 'bool', ([pattern], env) => {
    const regexp = prepare(pattern, env);
    return isBuiltinError(regexp) ? regexp : true;
  }),
  define('Match', ['string', 'string'], 'bool', ([pattern, text], env) => {
    const regexp = prepare(pattern, env);
    if (isBuiltinError(regexp)) return regexp;
    return env.charge(searchCost(text.length, regexp)) ? regexp.test(text) : overBudget();
  }),
  define('QuoteMeta', ['string'], 'string', ([text], env) =>
    env.charge(text.length * 2) ? text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&') : overBudget(),
  ),
  define('Find', ['string', 'string'], 'string', ([pattern, text], env) =>
    findFirst(pattern, text, whole(text), env),
  ),
  define('FindAll', ['string', 'string', 'int'], 'list', (args, env) => findAll(args, whole(args[1]), env)),
  define('FindSubmatch', ['string', 'string'], 'list', ([pattern, text], env) =>
    findFirst(pattern, text, (offsets) => groupTexts(text, offsets), env),
  ),
  define('FindAllSubmatch', ['string', 'string', 'int'], 'list', (args, env) =>
    findAll(args, (offsets) => groupTexts(args[1], offsets), env),
  ),
  define('FindNamedSubmatch', ['string', 'string'], 'struct', ([pattern, text], env) =>
    findFirst(pattern, text, named(text), env),
  ),
  define('FindAllNamedSubmatch', ['string', 'string', 'int'], 'list', (args, env) =>
    findAll(args, named(args[1]), env),
  ),
  define('ReplaceAll', ['string', 'string', 'string'], 'string', ([pattern, text, template], env) =>
    replaceAll([pattern, text], parseReplacement(template), env),
  ),
  define('ReplaceAllLiteral', ['string', 'string', 'string'], 'string', ([pattern, text, literal], env) =>
    replaceAll([pattern, text], [literal], env),
  ),
];

export const regexp: StdPackage = { path: 'regexp', functions: FUNCTIONS };
