/** Regular expressions for the CUE engine: RE2 syntax and linear time, by re2js. */
import { RE2JS, RE2JSException } from 're2js';
import type { BuiltinError, MatchOffsets, Regexp, RegexpLibrary } from '../cue/std/builtin.ts';
import { evalError } from '../cue/std/builtin.ts';
import { plainRegexp } from './plain-regexp.ts';

/** Longer patterns are refused; the longest of public definitions has 300 characters. */
export const MAX_PATTERN_LENGTH = 20_000;
/** Patterns that compile to more instructions are refused (`x{1000}` takes 1002). */
const MAX_PROGRAM_SIZE = 50_000;

/** The names of the groups by index. Without the `P` of RE2's syntax the library reads them too. */
function groupNamesOf(regexp: RE2JS): readonly (string | null)[] {
  const names: (string | null)[] = Array.from({ length: regexp.groupCount() }, () => null);
  for (const [name, index] of Object.entries(regexp.namedGroups())) names[index - 1] = name;
  return names;
}

/** Pairs up the flat offsets that the library gives. */
function pairs(offsets: readonly unknown[]): MatchOffsets {
  const result: [number, number][] = [];
  for (let i = 0; i + 1 < offsets.length; i += 2) result.push([Number(offsets[i]), Number(offsets[i + 1])]);
  return result;
}

/** Compiles as Go's regexp.Compile does, with its messages (`error parsing regexp: missing closing ): …`). */
function compile(pattern: string): Regexp | BuiltinError {
  const plain = plainRegexp(pattern);
  return plain === null ? compileRe2(pattern) : new PlainRegexp(pattern, plain);
}

/** Tests by the platform; anything else is asked of RE2 when it is asked for. */
class PlainRegexp implements Regexp {
  readonly #pattern: string;
  readonly #plain: RegExp;
  #full: Regexp | null = null;

  constructor(pattern: string, plain: RegExp) {
    this.#pattern = pattern;
    this.#plain = plain;
  }

  get groupNames(): readonly (string | null)[] {
    return this.#re2().groupNames;
  }

  get size(): number {
    return this.#re2().size;
  }

  test(text: string): boolean {
    return this.#plain.test(text);
  }

  find(text: string, from: number): MatchOffsets | null {
    return this.#re2().find(text, from);
  }

  #re2(): Regexp {
    if (this.#full !== null) return this.#full;
    const full = compileRe2(this.#pattern);
    if ('type' in full) throw new Error(`RE2 refuses ${this.#pattern}`);
    this.#full = full;
    return full;
  }
}

function compileRe2(pattern: string): Regexp | BuiltinError {
  if (pattern.length > MAX_PATTERN_LENGTH) return evalError('error parsing regexp: expression too large');
  let regexp: RE2JS;
  try {
    regexp = RE2JS.compile(pattern);
  } catch (error) {
    if (error instanceof RE2JSException) return evalError(error.message);
    throw error;
  }
  const size = regexp.programSize();
  if (size > MAX_PROGRAM_SIZE) return evalError('error parsing regexp: expression too large');
  const engine = regexp.re2();
  const groups = regexp.groupCount() + 1;
  return {
    groupNames: groupNamesOf(regexp),
    size,
    test: (text) => regexp.test(text),
    find: (text, from) => {
      const [found, offsets]: unknown[] = engine.matchWithGroup(text, from, text.length, 0, groups);
      return found === true && Array.isArray(offsets) ? pairs(offsets) : null;
    },
  };
}

export const regexpLibrary: RegexpLibrary = { compile };
