/** Package `strings`. Texts are Unicode; `Index`, `ByteAt` and `ByteSlice` count bytes of UTF-8, the rest runes. */
import type { BuiltinEnv, BuiltinError, Data, StdPackage } from './builtin.ts';
import { evalError } from './builtin.ts';
import { functionsOf, overBudget } from './define.ts';
import { countOf, finder, lastIndexOf } from './text-search.ts';
import { isSpace, mapRunes, toLowerRune, toTitleRune, toUpperRune } from './unicode.ts';
import { byteLength, byteOffset, compareText, isAscii, runeCount, runesOf } from './utf8.ts';

const define = functionsOf('strings');
const OUT_OF_RANGE = 'index out of range';

const PART_BYTES = 16;

/** Splits at a separator into at most `limit` parts (-1: all); `kept` is how much of it stays on each part. */
function split(text: string, separator: string, limit: number, kept: number): string[] {
  if (limit === 0) return [];
  if (separator === '') return explode(text, limit);
  const find = finder(text, separator);
  const parts: string[] = [];
  let start = 0;
  for (let at = find(0); at >= 0 && (limit < 0 || parts.length < limit - 1); at = find(start)) {
    parts.push(text.slice(start, at + kept));
    start = at + separator.length;
  }
  parts.push(text.slice(start));
  return parts;
}

function explode(text: string, limit: number): string[] {
  const runes = Array.from(text);
  if (limit < 0 || runes.length <= limit) return runes;
  return [...runes.slice(0, limit - 1), runes.slice(limit - 1).join('')];
}

function splitCharged(
  [text, separator, limit]: readonly [string, string, number],
  keepSeparator: boolean,
  env: BuiltinEnv,
): string[] | BuiltinError {
  const parts = separator === '' ? text.length : countOf(text, separator) + 1;
  if (!env.charge(text.length + PART_BYTES * parts)) return overBudget();
  return split(text, separator, limit, keepSeparator ? separator.length : 0);
}

function fields(text: string): string[] {
  const parts: string[] = [];
  let start = -1;
  for (let i = 0; i <= text.length; i++) {
    // No space lies outside the basic plane, so units will do.
    const gap = i === text.length || isSpace(text.charCodeAt(i));
    if (!gap && start < 0) start = i;
    if (gap && start >= 0) {
      parts.push(text.slice(start, i));
      start = -1;
    }
  }
  return parts;
}

type Test = (rune: number) => boolean;

function anyOf(characters: string): Test {
  const set = new Set(runesOf(characters));
  return (rune) => set.has(rune);
}

function trimLeft(text: string, cut: Test): string {
  let at = 0;
  while (at < text.length) {
    const rune = text.codePointAt(at) ?? 0;
    if (!cut(rune)) break;
    at += rune > 0xffff ? 2 : 1;
  }
  return text.slice(at);
}

function trimRight(text: string, cut: Test): string {
  let end = text.length;
  while (end > 0) {
    const unit = text.charCodeAt(end - 1);
    const width = unit >= 0xdc00 && unit < 0xe000 ? 2 : 1;
    if (!cut(text.codePointAt(end - width) ?? 0)) break;
    end -= width;
  }
  return text.slice(0, end);
}

/** The byte offset of the first (or last) rune that passes, or -1. */
function indexOfRune(text: string, test: Test, last: boolean): number {
  let found = -1;
  let offset = 0;
  for (const character of text) {
    if (test(character.codePointAt(0) ?? 0)) {
      if (!last) return offset;
      found = offset;
    }
    offset += byteLength(character);
  }
  return found;
}

/** Maps the first rune of every word; a word begins at the start and behind a space. */
function mapWordStarts(text: string, map: (rune: number) => number): string {
  let previous = 0x20;
  return mapRunes(text, (rune) => {
    const mapped = isSpace(previous) ? map(rune) : rune;
    previous = rune;
    return mapped;
  });
}

function repeat(text: string, count: number, env: BuiltinEnv): Data | BuiltinError {
  if (count < 0) return evalError('strings: negative Repeat count');
  if (text === '' || count === 0) return '';
  return env.charge(text.length * count) ? text.repeat(count) : overBudget();
}

function replace(
  [text, old, replacement, limit]: readonly [string, string, string, number],
  env: BuiltinEnv,
): Data | BuiltinError {
  if (old === replacement || limit === 0) return text;
  const occurrences = old === '' ? runeCount(text) + 1 : countOf(text, old);
  const count = limit < 0 ? occurrences : Math.min(limit, occurrences);
  if (!env.charge(text.length + count * (replacement.length + PART_BYTES))) return overBudget();
  if (old !== '') return split(text, old, count + 1, 0).join(replacement);
  const runes = Array.from(text);
  const led = runes.map((rune, index) => (index < count ? replacement + rune : rune)).join('');
  return count > runes.length ? led + replacement : led;
}

function join(parts: readonly string[], separator: string, env: BuiltinEnv): Data | BuiltinError {
  const bytes = parts.reduce((sum, part) => sum + part.length + separator.length, 0);
  return env.charge(bytes) ? parts.join(separator) : overBudget();
}

function sliceRunes(text: string, start: number, end: number): Data | BuiltinError {
  if (start < 0 || start > end || end > text.length) return evalError(OUT_OF_RANGE);
  if (isAscii(text)) return text.slice(start, end);
  const runes = Array.from(text);
  return end > runes.length ? evalError(OUT_OF_RANGE) : runes.slice(start, end).join('');
}

function charged(text: string, env: BuiltinEnv, make: () => string): Data | BuiltinError {
  return env.charge(text.length) ? make() : overBudget();
}

const LOOKING = [
  define('ByteAt', ['bytes', 'int'], 'int', ([bytes, index]) => {
    const byte = bytes[index];
    return byte === undefined ? evalError(OUT_OF_RANGE) : BigInt(byte);
  }),
  define('ByteSlice', ['bytes', 'int', 'int'], 'bytes', ([bytes, start, end]) =>
    start < 0 || start > end || end > bytes.length ? evalError(OUT_OF_RANGE) : bytes.slice(start, end),
  ),
  define('Runes', ['string'], 'list', ([text], env) =>
    env.charge(PART_BYTES * text.length) ? runesOf(text).map(BigInt) : overBudget(),
  ),
  define('MinRunes', ['string', 'int'], 'bool', ([text, least]) => runeCount(text) >= least),
  define('MaxRunes', ['string', 'int'], 'bool', ([text, most]) => runeCount(text) <= most),
  define('SliceRunes', ['string', 'int', 'int'], 'string', ([text, start, end]) =>
    sliceRunes(text, start, end),
  ),
  define('Compare', ['string', 'string'], 'int', ([a, b]) => BigInt(compareText(a, b))),
  define('Count', ['string', 'string'], 'int', ([text, part]) =>
    BigInt(part === '' ? runeCount(text) + 1 : countOf(text, part)),
  ),
  define(
    'Contains',
    ['string', 'string'],
    'bool',
    ([text, part]) => part === '' || finder(text, part)(0) >= 0,
  ),
  define(
    'ContainsAny',
    ['string', 'string'],
    'bool',
    ([text, set]) => indexOfRune(text, anyOf(set), false) >= 0,
  ),
  define('HasPrefix', ['string', 'string'], 'bool', ([text, prefix]) => text.startsWith(prefix)),
  define('HasSuffix', ['string', 'string'], 'bool', ([text, suffix]) => text.endsWith(suffix)),
  define('Index', ['string', 'string'], 'int', ([text, part]) => {
    const at = part === '' ? 0 : finder(text, part)(0);
    return BigInt(at < 0 ? -1 : byteOffset(text, at));
  }),
  define('LastIndex', ['string', 'string'], 'int', ([text, part]) => {
    const at = part === '' ? text.length : lastIndexOf(text, part);
    return BigInt(at < 0 ? -1 : byteOffset(text, at));
  }),
  define('IndexAny', ['string', 'string'], 'int', ([text, set]) =>
    BigInt(indexOfRune(text, anyOf(set), false)),
  ),
  define('LastIndexAny', ['string', 'string'], 'int', ([text, set]) =>
    BigInt(indexOfRune(text, anyOf(set), true)),
  ),
];

const SPLITTING = [
  define('Split', ['string', 'string'], 'list', ([text, at], env) =>
    splitCharged([text, at, -1], false, env),
  ),
  define('SplitN', ['string', 'string', 'int'], 'list', (args, env) => splitCharged(args, false, env)),
  define('SplitAfter', ['string', 'string'], 'list', ([text, at], env) =>
    splitCharged([text, at, -1], true, env),
  ),
  define('SplitAfterN', ['string', 'string', 'int'], 'list', (args, env) => splitCharged(args, true, env)),
  define('Fields', ['string'], 'list', ([text], env) =>
    env.charge(PART_BYTES * text.length) ? fields(text) : overBudget(),
  ),
  define('Join', ['strings', 'string'], 'string', ([parts, separator], env) => join(parts, separator, env)),
];

const CHANGING = [
  define('Repeat', ['string', 'int'], 'string', ([text, count], env) => repeat(text, count, env)),
  define('Replace', ['string', 'string', 'string', 'int'], 'string', (args, env) => replace(args, env)),
  define('ToUpper', ['string'], 'string', ([text], env) =>
    charged(text, env, () => mapRunes(text, toUpperRune)),
  ),
  define('ToLower', ['string'], 'string', ([text], env) =>
    charged(text, env, () => mapRunes(text, toLowerRune)),
  ),
  define('ToTitle', ['string'], 'string', ([text], env) =>
    charged(text, env, () => mapWordStarts(text, toTitleRune)),
  ),
  define('ToCamel', ['string'], 'string', ([text], env) =>
    charged(text, env, () => mapWordStarts(text, toLowerRune)),
  ),
  define('Trim', ['string', 'string'], 'string', ([text, set]) =>
    trimRight(trimLeft(text, anyOf(set)), anyOf(set)),
  ),
  define('TrimLeft', ['string', 'string'], 'string', ([text, set]) => trimLeft(text, anyOf(set))),
  define('TrimRight', ['string', 'string'], 'string', ([text, set]) => trimRight(text, anyOf(set))),
  define('TrimSpace', ['string'], 'string', ([text]) => trimRight(trimLeft(text, isSpace), isSpace)),
  define('TrimPrefix', ['string', 'string'], 'string', ([text, prefix]) =>
    text.startsWith(prefix) ? text.slice(prefix.length) : text,
  ),
  define('TrimSuffix', ['string', 'string'], 'string', ([text, suffix]) =>
    text.endsWith(suffix) ? text.slice(0, text.length - suffix.length) : text,
  ),
];

export const strings: StdPackage = { path: 'strings', functions: [...LOOKING, ...SPLITTING, ...CHANGING] };
