/**
 * What literals mean: strings and bytes without their quotes, numbers with their exact value.
 * The rules are those of the specification's "String and byte sequence literals" and "Numeric literals", with the
 * liberties that CUE v0.14.1 takes (cue/literal). The scanner has already seen the text, so what is refused here
 * is what CUE refuses only when it compiles.
 */
import type { Decimal } from '../number/decimal.ts';
import {
  finite,
  fromBigint,
  fromString,
  isNumberError,
  MAX_DIGITS,
  mul,
  NAN,
  typeTag,
} from '../number/decimal.ts';
import type { CueNumber } from '../number/number.ts';
import { encodeUtf8 } from '../std/utf8.ts';

export interface LiteralError {
  readonly type: 'error';
  readonly message: string;
}

export interface QuoteInfo {
  readonly char: '"' | "'";
  readonly hashes: number;
  readonly multiline: boolean;
  /** The indentation of the closing quote, which every line of a multi-line literal begins with. */
  readonly indent: string;
}

const INVALID = 'invalid syntax';
const BAD_INDENT = 'invalid string: invalid whitespace';
const UNMATCHED = 'invalid string: unmatched quote';
const BAD_SURROGATE = 'unmatched surrogate pair';
const NO_NEWLINE = 'invalid string: opening quote of multiline string must be followed by newline';

function failure(message: string): LiteralError {
  return { type: 'error', message };
}

export function isLiteralError(value: unknown): value is LiteralError {
  return typeTag(value) === 'error';
}

/** Unicode's White_Space, as Go's unicode.IsSpace has it. */
const SPACE = /[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

/**
 * Reads the quotes of a literal that begins with `first` and ends with `last` (the same text unless it is an
 * interpolation). Gives the style, and where in `first` the content begins.
 */
export function readQuotes(first: string, last: string): { info: QuoteInfo; from: number } | LiteralError {
  let hashes = 0;
  while (first[hashes] === '#') hashes++;
  const char = first[hashes];
  if (char !== '"' && char !== "'") return failure(INVALID);
  const triple = first.length > hashes + 3 && first.startsWith(char.repeat(3), hashes);
  const close = (triple ? char.repeat(3) : char) + '#'.repeat(hashes);
  if (!last.endsWith(close)) return failure(UNMATCHED);
  if (!triple) return { info: { char, hashes, multiline: false, indent: '' }, from: hashes + 1 };
  let from = hashes + 3;
  if (first[from] === '\r' && first[from + 1] === '\n') from++;
  if (first[from] !== '\n') return failure(NO_NEWLINE);
  from++;
  const end = last.length - close.length;
  let begin = end;
  while (begin > 0 && last[begin - 1] !== '\n' && SPACE.test(last[begin - 1] ?? '')) begin--;
  const indent = last.slice(begin, end);
  if (from < first.length && first[from] !== '\n') {
    if (!first.startsWith(indent, from)) return failure(BAD_INDENT);
    from += indent.length;
  }
  return { info: { char, hashes, multiline: true, indent }, from };
}

/** Collects what a literal stands for: a stretch of the source or a code point as text, an escaped byte as itself. */
interface Sink {
  text(text: string): void;
  byte(value: number): void;
  /** Takes back the last line feed. */
  dropLine(): void;
}

class TextSink implements Sink {
  value = '';
  text(text: string): void {
    this.value += text;
  }
  byte(value: number): void {
    this.value += String.fromCharCode(value);
  }
  dropLine(): void {
    this.value = this.value.slice(0, -1);
  }
}

class ByteSink implements Sink {
  readonly bytes: number[] = [];
  text(text: string): void {
    for (const byte of encodeUtf8(text)) this.bytes.push(byte);
  }
  byte(value: number): void {
    this.bytes.push(value);
  }
  dropLine(): void {
    this.bytes.pop();
  }
}

/** An escape: the code point or byte it stands for, and where the text goes on. */
interface Escape {
  readonly kind: 'point' | 'byte' | 'expression';
  readonly value: number;
  readonly next: number;
}

const SIMPLE_ESCAPES: ReadonlyMap<string, number> = new Map([
  ['a', 7],
  ['b', 8],
  ['t', 9],
  ['n', 10],
  ['v', 11],
  ['f', 12],
  ['r', 13],
  ['/', 47],
  ['\\', 92],
]);

/** Reads the escape whose letter is at `at`. */
function readEscape(raw: string, at: number, char: string): Escape | LiteralError {
  const letter = raw[at] ?? '';
  const simple = SIMPLE_ESCAPES.get(letter);
  if (simple !== undefined) return { kind: 'byte', value: simple, next: at + 1 };
  if (letter === char) return { kind: 'byte', value: char.charCodeAt(0), next: at + 1 };
  if (letter === '(') {
    return at + 1 === raw.length ? { kind: 'expression', value: 0, next: at + 1 } : failure(INVALID);
  }
  if (letter === 'u' || letter === 'U') {
    const value = digits(raw, at + 1, letter === 'u' ? 4 : 8, 16);
    if (value < 0 || value > 0x10ffff) return failure(INVALID);
    return { kind: 'point', value, next: at + (letter === 'u' ? 5 : 9) };
  }
  // A string holds code points; only bytes may be spelled one by one.
  if (char === '"') return failure(INVALID);
  const value = letter === 'x' ? digits(raw, at + 1, 2, 16) : digits(raw, at, 3, 8);
  return value < 0 || value > 255 ? failure(INVALID) : { kind: 'byte', value, next: at + 3 };
}

/** The value of exactly `count` digits, or -1. */
function digits(raw: string, at: number, count: number, base: number): number {
  const text = raw.slice(at, at + count);
  const valid = base === 16 ? /^[0-9a-fA-F]+$/ : /^[0-7]+$/;
  return text.length === count && valid.test(text) ? Number.parseInt(text, base) : -1;
}

function isSpecial(c: number, quote: number): boolean {
  return c === 92 || c === 10 || c === 13 || c === quote;
}

/** Reads the content of a literal, or of one part of an interpolation, from `from` to its quote or `\(`. */
function readContent(raw: string, from: number, info: QuoteInfo, sink: Sink): LiteralError | null {
  if (!info.multiline && /[\n\r]/.test(from === 0 ? raw : raw.slice(from))) return failure(INVALID);
  const quote = info.char.charCodeAt(0);
  const close = (info.multiline ? info.char.repeat(3) : info.char) + '#'.repeat(info.hashes);
  const lead = `\\${'#'.repeat(info.hashes)}`;
  let at = from;
  let endsLine = false;
  while (at < raw.length) {
    let stop = at;
    while (stop < raw.length && !isSpecial(raw.charCodeAt(stop), quote)) stop++;
    if (stop > at) {
      sink.text(raw.slice(at, stop));
      endsLine = false;
      at = stop;
      continue;
    }
    const c = raw.charCodeAt(at);
    if (c === 13) at++;
    else if (c === 10) {
      const next = lineStart(raw, at + 1, info);
      if (next < 0) return failure(BAD_INDENT);
      sink.byte(10);
      endsLine = true;
      at = next;
    } else if (c === quote && raw.startsWith(close, at)) {
      if (at + close.length !== raw.length) return failure(INVALID);
      if (endsLine) sink.dropLine();
      return null;
    } else if (c === quote || !raw.startsWith(lead, at) || at + lead.length >= raw.length) {
      sink.byte(c);
      endsLine = false;
      at++;
    } else {
      const found = readEscape(raw, at + lead.length, info.char);
      if (isLiteralError(found)) return found;
      if (found.kind === 'expression') return null;
      const next = putEscape(raw, found, info, sink);
      if (isLiteralError(next)) return next;
      endsLine = false;
      at = next;
    }
  }
  return failure(UNMATCHED);
}

/** Where a line's own text begins, behind the indentation; -1 if it is not indented as it must be. */
function lineStart(raw: string, at: number, info: QuoteInfo): number {
  if (raw.startsWith(info.indent, at)) return at + info.indent.length;
  return raw[at] === '\n' || (raw[at] === '\r' && raw[at + 1] === '\n') ? at : -1;
}

/** Writes an escape; joins two surrogates. Gives where the text goes on. */
function putEscape(raw: string, found: Escape, info: QuoteInfo, sink: Sink): number | LiteralError {
  if (found.kind === 'byte') {
    sink.byte(found.value);
    return found.next;
  }
  const { value, next } = found;
  if (value < 0xd800 || value > 0xdfff) {
    sink.text(String.fromCodePoint(value));
    return next;
  }
  const lead = `\\${'#'.repeat(info.hashes)}`;
  if (value >= 0xdc00 || !raw.startsWith(lead, next)) return failure(BAD_SURROGATE);
  const low = readEscape(raw, next + lead.length, info.char);
  if (isLiteralError(low) || low.value < 0xdc00 || low.value > 0xdfff) return failure(BAD_SURROGATE);
  sink.text(String.fromCharCode(value, low.value));
  return low.next;
}

/** What one literal, given with its quotes, stands for: text for `"`, bytes for `'`. */
export function unquote(raw: string): string | Uint8Array | LiteralError {
  const parts = unquoteParts([raw]);
  return isLiteralError(parts) ? parts : (parts[0] ?? '');
}

/** The text parts of an interpolation, given as written (`"a\(`, `)b\(`, `)"`). All are text, or all are bytes. */
export function unquoteParts(raws: readonly string[]): (string | Uint8Array)[] | LiteralError {
  const multiline = /^#*("{3}|'{3})/.test(raws[0] ?? '');
  const clean = multiline ? raws.map((raw) => raw.replaceAll('\r', '')) : raws;
  const quotes = readQuotes(clean[0] ?? '', clean[clean.length - 1] ?? '');
  if (isLiteralError(quotes))
    return raws.length > 1 ? failure(`invalid interpolation: ${quotes.message}`) : quotes;
  const parts: (string | Uint8Array)[] = [];
  for (const [i, raw] of clean.entries()) {
    const part = readPart(raw, i === 0 ? quotes.from : 1, quotes.info);
    if (isLiteralError(part)) return part;
    parts.push(part);
  }
  return parts;
}

function readPart(raw: string, from: number, info: QuoteInfo): string | Uint8Array | LiteralError {
  if (info.char === '"') {
    const sink = new TextSink();
    const error = readContent(raw, from, info, sink);
    return error ? failure(`invalid string: ${error.message}`) : sink.value;
  }
  const sink = new ByteSink();
  const error = readContent(raw, from, info, sink);
  return error ? failure(`invalid string: ${error.message}`) : Uint8Array.from(sink.bytes);
}

// ---- numbers

const MULTIPLIERS: ReadonlyMap<string, number> = new Map([
  ['K', 1],
  ['M', 2],
  ['G', 3],
  ['T', 4],
  ['P', 5],
]);

/** Whether a number as written is an int: no point and no exponent, or a multiplier behind. */
export function isIntLiteral(raw: string): boolean {
  if (/^0[xXbo]/.test(raw)) return true;
  return !/[.eE]/.test(raw) || /[KMGTP]i?$/.test(raw);
}

/**
 * Reads a number as the scanner accepts it: `0x1F`, `0o17`, `0b1`, `1_000`, `1.5Ki`, `.5`, `1.`, `1e3`.
 * A float keeps the zeros it was written with. Error: a fraction that a multiplier does not make whole (`0.3K`), or more digits than are read.
 */
export function readNumber(raw: string): CueNumber | LiteralError {
  const length = raw.length;
  if (length < 16 && /^[0-9]+$/.test(raw)) return BigInt(Number(raw));
  if (length > MAX_DIGITS) return failure('parse error: number has too many digits');
  const text = raw.includes('_') ? raw.replaceAll('_', '') : raw;
  if (/^0[xXbo]/.test(text)) return based(text, raw);
  const match = /^(.*?)([KMGTP])(i?)$/.exec(text);
  if (match) return multiplied(match[1] ?? '', MULTIPLIERS.get(match[2] ?? '') ?? 0, match[3] === 'i');
  if (/^[0-9]+$/.test(text)) return BigInt(text);
  if (!/^(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/.test(text)) {
    return failure(`parse error: illegal exponent "${raw}"`);
  }
  return { type: 'float', value: readFloat(text) };
}

function based(text: string, raw: string): CueNumber | LiteralError {
  if (text.length < 3) return failure(`parse error: illegal number "${raw}"`);
  return BigInt(text);
}

/**
 * CUE ignores that an exponent is out of range: what is left is the coefficient alone, and no number where
 * even the exponent cannot be read.
 */
function readFloat(text: string): Decimal {
  const value = fromString(text);
  if (!isNumberError(value)) return value;
  const [mantissa = '', exponent = ''] = text.toLowerCase().split('e');
  const scale = Number(exponent);
  if (scale > 2147483647 || scale < -2147483648) return NAN;
  return finite(false, BigInt(mantissa.replace('.', '')), 0);
}

/** Multiplies with 34 digits, as CUE does, and asks for a whole number. */
function multiplied(mantissa: string, power: number, binary: boolean): CueNumber | LiteralError {
  const factor = fromBigint((binary ? 1024n : 1000n) ** BigInt(power));
  const value = readFloat(mantissa);
  const product = mul(value, factor);
  if (isNumberError(product)) return failure(`parse error: ${product.message}`);
  const { coefficient, exponent } = product;
  if (exponent >= 0) return coefficient * 10n ** BigInt(exponent);
  const unit = 10n ** BigInt(-exponent);
  if (coefficient % unit !== 0n) return failure('parse error: number cannot be represented as int');
  return coefficient / unit;
}
