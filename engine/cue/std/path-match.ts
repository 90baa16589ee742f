/** Shell patterns of `path.Match`: `*`, `?`, `[a-z]`, `[^a]` and, but on Windows, backslash escapes. */
import type { BuiltinError } from './builtin.ts';
import { evalError } from './builtin.ts';
import type { PathSystem } from './path-os.ts';

const BAD_PATTERN = evalError('syntax error in pattern');

interface Chunk {
  readonly star: boolean;
  readonly runes: readonly string[];
}

/** Cuts a pattern at its stars. Errors: two stars in a row. */
function chunksOf(pattern: readonly string[], system: PathSystem): readonly Chunk[] | BuiltinError {
  const chunks: Chunk[] = [];
  let at = 0;
  while (at < pattern.length) {
    const star = pattern[at] === '*';
    if (star) at++;
    if (star && pattern[at] === '*') return evalError("'**' is not supported in patterns as of yet");
    const start = at;
    let inClass = false;
    for (; at < pattern.length && (inClass || pattern[at] !== '*'); at++) {
      if (pattern[at] === '\\' && system.separator === '/') at++;
      else if (pattern[at] === '[') inClass = true;
      else if (pattern[at] === ']') inClass = false;
    }
    at = Math.min(at, pattern.length);
    chunks.push({ star, runes: pattern.slice(start, at) });
  }
  return chunks;
}

interface ClassMatch {
  readonly matches: boolean;
  /** The offset behind the closing bracket. */
  readonly next: number;
}

/** Matches a rune against the class that begins behind `[`; undefined matches nothing but is parsed all the same. */
function matchClass(
  runes: readonly string[],
  start: number,
  rune: string | undefined,
  system: PathSystem,
): ClassMatch | BuiltinError {
  let at = start;
  const negated = runes[at] === '^';
  if (negated) at++;
  const code = rune?.codePointAt(0) ?? -1;
  let matched = false;
  for (let ranges = 0; !(runes[at] === ']' && ranges > 0); ranges++) {
    const low = classRune(runes, at, system);
    if (typeof low !== 'object' || 'type' in low) return BAD_PATTERN;
    at = low.next;
    let high = low.code;
    if (runes[at] === '-') {
      const upper = classRune(runes, at + 1, system);
      if ('type' in upper) return BAD_PATTERN;
      at = upper.next;
      high = upper.code;
    }
    if (low.code <= code && code <= high) matched = true;
  }
  return { matches: rune !== undefined && matched !== negated, next: at + 1 };
}

function classRune(
  runes: readonly string[],
  start: number,
  system: PathSystem,
): { readonly code: number; readonly next: number } | BuiltinError {
  let at = start;
  if (runes[at] === undefined || runes[at] === '-' || runes[at] === ']') return BAD_PATTERN;
  if (runes[at] === '\\' && system.separator === '/') at++;
  const rune = runes[at];
  if (rune === undefined || at + 1 >= runes.length) return BAD_PATTERN;
  return { code: rune.codePointAt(0) ?? 0, next: at + 1 };
}

/** The offset behind the chunk's match at `from`, or -1. The whole chunk is parsed even where it has failed. */
function matchChunk(
  chunk: readonly string[],
  name: readonly string[],
  from: number,
  system: PathSystem,
): number | BuiltinError {
  let at = from;
  let failed = false;
  for (let i = 0; i < chunk.length; ) {
    if (at >= name.length) failed = true;
    const rune = failed ? undefined : name[at];
    at++;
    if (chunk[i] === '[') {
      const found = matchClass(chunk, i + 1, rune, system);
      if ('type' in found) return found;
      if (!found.matches) failed = true;
      i = found.next;
      continue;
    }
    if (chunk[i] === '?') {
      if (rune === system.separator) failed = true;
    } else {
      if (chunk[i] === '\\' && system.separator === '/') i++;
      if (i >= chunk.length) return BAD_PATTERN;
      if (chunk[i] !== rune) failed = true;
    }
    i++;
  }
  return failed ? -1 : at;
}

/** Whether a shell pattern matches the whole name. Errors: a malformed pattern. */
export function matchPath(pattern: string, name: string, system: PathSystem): boolean | BuiltinError {
  const chunks = chunksOf(Array.from(pattern), system);
  if ('type' in chunks) return chunks;
  const runes = Array.from(name);
  let at = 0;
  for (const [index, chunk] of chunks.entries()) {
    const last = index === chunks.length - 1;
    if (chunk.star && chunk.runes.length === 0) return !runes.slice(at).includes(system.separator);
    const next = matchFrom(chunk, runes, { at, last }, system);
    if (typeof next !== 'number') return next;
    if (next < 0) return false;
    at = next;
  }
  return at === runes.length;
}

function matchFrom(
  chunk: Chunk,
  name: readonly string[],
  { at, last }: { readonly at: number; readonly last: boolean },
  system: PathSystem,
): number | BuiltinError {
  for (let start = at; ; start++) {
    const end = matchChunk(chunk.runes, name, start, system);
    if (typeof end !== 'number') return end;
    if (end >= 0 && (!last || end === name.length)) return end;
    // A star reaches over anything but a separator.
    if (!chunk.star || start >= name.length || name[start] === system.separator) return -1;
  }
}
