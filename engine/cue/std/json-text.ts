/** JSON as Go's encoding/json accepts it and as CUE writes it: numbers keep their digits, keys their order. */
import * as decimal from '../number/decimal.ts';
import type { CueNumber } from '../number/number.ts';
import { compare, formatNumber, neg, numberKind } from '../number/number.ts';
import { encodeBase64 } from './base64-text.ts';
import type { BuiltinError, Data, StructData } from './builtin.ts';
import { evalError, isBuiltinError, isList, isNumber, isStruct } from './builtin.ts';
import { decodeUtf8, isUtf8 } from './utf8.ts';

/** Go's own bound: text nested more deeply is no JSON. */
const MAX_DEPTH = 10_000;

const INVALID = evalError('json: invalid JSON');
/** Valid JSON, but no CUE string. */
const BAD_SURROGATE = evalError('invalid string: unmatched surrogate pair');

/** The text of JSON bytes; null where they are no UTF-8. */
function jsonText(source: string | Uint8Array): string | null {
  if (typeof source === 'string') return source;
  return isUtf8(source) ? decodeUtf8(source) : null;
}

/** Told how deep each list and struct lies, before it becomes part of another. */
type Nest = (depth: number) => void;

/**
 * Reads JSON values one after the other, with or without space between them; `single` wants exactly one. Doubled
 * keys unify as in CUE; what does not unify as data is left to the evaluator (`again`).
 */
export function parseJson(
  source: string | Uint8Array,
  single: boolean,
  nest: Nest,
): readonly Data[] | BuiltinError {
  const text = jsonText(source);
  if (text === null) return INVALID;
  const reader = new JsonReader(text, nest);
  const values: Data[] = [];
  while (!reader.atEnd()) {
    const value = reader.value();
    if (isBuiltinError(value)) return value;
    values.push(value);
  }
  if (single && values.length !== 1) return INVALID;
  return reader.refused ?? values;
}

/** Why a text is no JSON; null where it is, even if CUE cannot hold what it says. */
export function jsonProblem(text: string): BuiltinError | null {
  const reader = new JsonReader(text, () => {});
  const value = reader.value();
  if (isBuiltinError(value)) return value;
  return reader.atEnd() ? null : INVALID;
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON strings may not hold control characters
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const SPACE = /[ \t\r\n]*/y;
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);

/** A list or struct that is being read. */
interface Container {
  readonly end: ']' | '}';
  readonly to: Data[] | StructReader;
  /** The name of the field whose value comes next. */
  key: string;
}

class JsonReader {
  /** The first thing that is valid JSON but not CUE: a lone surrogate, a number out of range. */
  refused: BuiltinError | null = null;
  readonly #text: string;
  readonly #nest: Nest;
  #at = 0;

  constructor(text: string, nest: Nest) {
    this.#text = text;
    this.#nest = nest;
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }

  /** Skips space, then the given character where it comes next. */
  #skip(character: string): boolean {
    this.#take(SPACE);
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  atEnd(): boolean {
    this.#take(SPACE);
    return this.#at === this.#text.length;
  }

  /** One value. What is open is kept in a list, since text nests more deeply than a stack allows. */
  value(): Data | BuiltinError {
    const open: Container[] = [];
    for (;;) {
      const inner = open.at(-1);
      if (inner?.to instanceof StructReader && !this.#key(inner)) return INVALID;
      let value = this.#begin(open);
      while (value !== undefined) {
        const outer = open.at(-1);
        if (isBuiltinError(value) || outer === undefined) return value;
        if (outer.to instanceof StructReader) outer.to.add(outer.key, value);
        else outer.to.push(value);
        if (this.#skip(',')) break;
        if (!this.#skip(outer.end)) return INVALID;
        value = this.#close(open.length, outer);
        open.pop();
      }
    }
  }

  /** A scalar or an empty container; undefined where a container was opened. */
  #begin(open: Container[]): Data | BuiltinError | undefined {
    this.#take(SPACE);
    switch (this.#text[this.#at]) {
      case '{':
        return this.#open(open, { end: '}', key: '', to: new StructReader() });
      case '[':
        return this.#open(open, { end: ']', key: '', to: [] });
      case '"':
        return this.#string();
      case 't':
        return this.#word('true', true);
      case 'f':
        return this.#word('false', false);
      case 'n':
        return this.#word('null', null);
      default:
        return this.#number(this.#take(NUMBER));
    }
  }

  #open(open: Container[], container: Container): Data | BuiltinError | undefined {
    this.#at++;
    if (open.length >= MAX_DEPTH) return INVALID;
    if (this.#skip(container.end)) return this.#close(open.length + 1, container);
    open.push(container);
    return undefined;
  }

  #close(depth: number, { to }: Container): Data {
    this.#nest(depth);
    return to instanceof StructReader ? to.data() : to;
  }

  /** Reads the name of the next field and its colon. */
  #key(container: Container): boolean {
    this.#take(SPACE);
    const key = this.#text[this.#at] === '"' ? this.#string() : INVALID;
    if (typeof key !== 'string') return false;
    container.key = key;
    return this.#skip(':');
  }

  #number(text: string): Data | BuiltinError {
    const value = readNumber(text);
    if (!isBuiltinError(value) || value === INVALID) return value;
    this.refused ??= value;
    return null;
  }

  #word(word: string, value: boolean | null): Data | BuiltinError {
    if (!this.#text.startsWith(word, this.#at)) return INVALID;
    this.#at += word.length;
    return value;
  }

  #string(): string | BuiltinError {
    this.#at++;
    const parts: string[] = [];
    for (;;) {
      parts.push(this.#take(PLAIN));
      const next = this.#text[this.#at++];
      if (next === '"') return parts.join('');
      const escaped = next === '\\' ? this.#escape() : INVALID;
      if (escaped === INVALID) return INVALID;
      if (typeof escaped === 'string') parts.push(escaped);
      else this.refused ??= escaped;
    }
  }

  #escape(): string | BuiltinError {
    const letter = this.#text[this.#at++] ?? '';
    if (letter !== 'u') return ESCAPES.get(letter) ?? INVALID;
    const high = this.#hex4();
    if (high === null) return INVALID;
    if (high < 0xd800 || high >= 0xe000) return String.fromCharCode(high);
    if (high >= 0xdc00 || !this.#text.startsWith('\\u', this.#at)) return BAD_SURROGATE;
    this.#at += 2;
    const low = this.#hex4();
    if (low === null) return INVALID;
    return low >= 0xdc00 && low < 0xe000 ? String.fromCharCode(high, low) : BAD_SURROGATE;
  }

  #hex4(): number | null {
    const digits = this.#text.slice(this.#at, this.#at + 4);
    this.#at += 4;
    return /^[0-9a-fA-F]{4}$/.test(digits) ? Number.parseInt(digits, 16) : null;
  }
}

/** Collects the fields of a struct from a text that may give one twice. */
export class StructReader {
  readonly #fields = new Map<string, Data>();
  readonly #again: (readonly [string, Data])[] = [];

  add(name: string, value: Data): void {
    const before = this.#fields.get(name);
    const merged = before === undefined ? value : unifyData(before, value);
    if (isBuiltinError(merged)) this.#again.push([name, value]);
    else this.#fields.set(name, merged);
  }

  /** Puts a value in the place of any before it. */
  replace(name: string, value: Data): void {
    this.#fields.set(name, value);
  }

  data(): StructData {
    const plain = { type: 'struct', fields: this.#fields } as const;
    return this.#again.length === 0 ? plain : { ...plain, again: this.#again };
  }
}

function readNumber(text: string): CueNumber | BuiltinError {
  if (text === '') return INVALID;
  const negative = text.startsWith('-');
  const digits = negative ? text.slice(1) : text;
  if (/^\d+$/.test(digits)) {
    if (digits.length > decimal.MAX_DIGITS) return evalError('number has too many digits');
    return negative ? -BigInt(digits) : BigInt(digits);
  }
  const value = decimal.fromString(digits);
  if (decimal.isNumberError(value)) return value;
  const float: CueNumber = { type: 'float', value };
  // A minus is CUE's operator, which gives zero no sign.
  return negative ? neg(float) : float;
}

/** What two declarations of one field make; an error where they differ. Structs merge, open as data is. */
function unifyData(a: Data, b: Data): Data | BuiltinError {
  if (isStruct(a) && isStruct(b)) return mergeStructs(a, b);
  if (isList(a) && isList(b)) return mergeLists(a, b);
  return sameScalar(a, b) ? a : evalError('conflicting values');
}

function mergeStructs(a: StructData, b: StructData): Data | BuiltinError {
  const fields = new Map(a.fields);
  if (a.again ?? b.again) return evalError('conflicting values');
  for (const [key, value] of b.fields) {
    const before = fields.get(key);
    const merged = before === undefined ? value : unifyData(before, value);
    if (isBuiltinError(merged)) return merged;
    fields.set(key, merged);
  }
  return { type: 'struct', fields };
}

function mergeLists(a: readonly Data[], b: readonly Data[]): Data | BuiltinError {
  if (a.length !== b.length) return evalError('incompatible list lengths');
  const items: Data[] = [];
  for (const [index, item] of a.entries()) {
    const merged = unifyData(item, b[index] ?? null);
    if (isBuiltinError(merged)) return merged;
    items.push(merged);
  }
  return items;
}

function sameScalar(a: Data, b: Data): boolean {
  if (isNumber(a) && isNumber(b)) return numberKind(a) === numberKind(b) && compare(a, b) === 0;
  if (a instanceof Uint8Array && b instanceof Uint8Array) {
    return a.length === b.length && a.every((byte, index) => byte === b[index]);
  }
  return a === b;
}

// What may stand in a JSON string as it is: the commonest case by far.
const UNESCAPED = /^[\u0020\u0021\u0023-\u005b\u005d-\u007e\u00a0-\u2027\u202a-\ud7ff\ue000-\uffff]*$/;

/** A JSON string literal as CUE writes it: no HTML escapes, but U+2028 and U+2029 are escaped. */
export function quoteJson(text: string): string {
  if (UNESCAPED.test(text)) return `"${text}"`;
  return JSON.stringify(text).replace(/[\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16)}`);
}

/** Compact JSON of data, byte for byte as MarshalJSON gives it; bytes become base64. */
export function formatJson(value: Data): string {
  const parts: string[] = [];
  write(value, parts);
  return parts.join('');
}

function write(value: Data, parts: string[]): void {
  if (value === null || typeof value === 'boolean') parts.push(String(value));
  else if (typeof value === 'string') parts.push(quoteJson(value));
  else if (value instanceof Uint8Array) parts.push('"', encodeBase64(value), '"');
  else if (isNumber(value)) parts.push(formatNumber(value));
  else if (isList(value)) writeAll(value, parts);
  else writeStruct(value, parts);
}

function writeAll(items: readonly Data[], parts: string[]): void {
  parts.push('[');
  for (const [index, item] of items.entries()) {
    if (index > 0) parts.push(',');
    write(item, parts);
  }
  parts.push(']');
}

function writeStruct({ fields }: StructData, parts: string[]): void {
  parts.push('{');
  let first = true;
  for (const [key, item] of fields) {
    if (!first) parts.push(',');
    first = false;
    parts.push(quoteJson(key), ':');
    write(item, parts);
  }
  parts.push('}');
}

/** The bytes that compact JSON of the data takes, about; for the budget, before anything is built. */
export function jsonSize(value: Data): number {
  if (typeof value === 'string') return value.length + 2;
  if (value instanceof Uint8Array) return value.length * 2;
  if (isList(value)) return value.reduce<number>((sum, item) => sum + jsonSize(item) + 1, 2);
  if (value !== null && typeof value === 'object' && isStruct(value)) {
    let sum = 2;
    for (const [key, item] of value.fields) sum += key.length + 4 + jsonSize(item);
    return sum;
  }
  return typeof value === 'bigint' ? formatNumber(value).length : 24;
}
