/** Package `strconv`, by the rules of Go's. */
import { isLiteralError, unquote } from '../syntax/literal.ts';
import type { BuiltinError, Data, StdPackage } from './builtin.ts';
import { evalError } from './builtin.ts';
import { fromFloat64, functionsOf, overBudget } from './define.ts';
import { formatFloat } from './float-text.ts';
import { isGraphic, isPrint } from './unicode.ts';
import { decodeUtf8 } from './utf8.ts';

const define = functionsOf('strconv');

const SYNTAX = 'invalid syntax';
const RANGE = 'value out of range';

function parseError(name: string, text: string, reason: string): BuiltinError {
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return evalError(`strconv.${name}: parsing ${JSON.stringify(shown)}: ${reason}`);
}

const TRUE = ['1', 't', 'T', 'TRUE', 'true', 'True'];
const FALSE = ['0', 'f', 'F', 'FALSE', 'false', 'False'];

function parseBool(text: string): boolean | BuiltinError {
  if (TRUE.includes(text)) return true;
  return FALSE.includes(text) ? false : parseError('ParseBool', text, SYNTAX);
}

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const HEXADECIMAL = /^([+-]?)0[xX]([0-9a-fA-F]*)(?:\.([0-9a-fA-F]*))?[pP]([+-]?\d+)$/;
const INFINITE = /^([+-]?)inf(?:inity)?$/i;

function parseFloat64(text: string, bits: number): Data | BuiltinError {
  if (/^nan$/i.test(text)) return fromFloat64(Number.NaN);
  const infinite = INFINITE.exec(text);
  if (infinite) return fromFloat64(infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY);
  const plain = withoutUnderscores(text) ?? '';
  const value = DECIMAL.test(plain) ? Number(plain) : hexadecimalValue(plain);
  if (value === null) return parseError('ParseFloat', text, SYNTAX);
  const rounded = bits === 32 ? Math.fround(value) : value;
  return Number.isFinite(rounded) ? fromFloat64(rounded) : parseError('ParseFloat', text, RANGE);
}

/** The text without the underscores that separate digits or follow a base prefix; null where one stands elsewhere. */
function withoutUnderscores(text: string): string | null {
  if (!text.includes('_')) return text;
  const hex = /^[+-]?0[xX]/.test(text);
  const misplaced = hex ? /(?<![0-9a-fA-FxX])_|_(?![0-9a-fA-F])/ : /(?<![0-9])_|_(?![0-9])/;
  return misplaced.test(text) ? null : text.replaceAll('_', '');
}

function hexadecimalValue(text: string): number | null {
  const match = HEXADECIMAL.exec(text);
  const digits = (match?.[2] ?? '') + (match?.[3] ?? '');
  if (!match || digits === '' || digits.length > 1000) return null;
  const exponent = Math.max(-5000, Math.min(5000, Number(match[4]))) - 4 * (match[3]?.length ?? 0);
  const value = ratio(BigInt(`0x${digits}`), exponent);
  return match[1] === '-' ? -value : value;
}

/** m × 2^e as a float64, rounded once. */
function ratio(mantissa: bigint, exponent: number): number {
  if (mantissa === 0n) return 0;
  const bits = mantissa.toString(2).length;
  const keep = Math.min(53, bits + exponent + 1074);
  const drop = bits - keep;
  if (keep < 0) return 0;
  if (drop <= 0) return Number(mantissa) * 2 ** Math.max(exponent, -1074) * 2 ** Math.min(0, exponent + 1074);
  const unit = 1n << BigInt(drop);
  const rest = mantissa % unit;
  let kept = mantissa / unit;
  if (rest * 2n > unit || (rest * 2n === unit && kept & 1n)) kept++;
  const scale = exponent + drop;
  return scale > 900 ? Number(kept) * 2 ** 900 * 2 ** (scale - 900) : Number(kept) * 2 ** scale;
}

interface IntForm {
  readonly name: 'ParseInt' | 'ParseUint' | 'Atoi';
  readonly base: number;
  readonly bits: number;
}

function digitValue(unit: string): number {
  const value = Number.parseInt(unit, 36);
  return Number.isNaN(value) ? 99 : value;
}

/** The base that a prefix names (10 without one) and the digits behind it. */
function basePrefix(digits: string): readonly [base: number, rest: string] {
  const prefix = digits.slice(0, 2).toLowerCase();
  if (prefix === '0x' && digits.length > 2) return [16, digits.slice(2)];
  if (prefix === '0o' && digits.length > 2) return [8, digits.slice(2)];
  if (prefix === '0b' && digits.length > 2) return [2, digits.slice(2)];
  return digits.startsWith('0') && digits.length > 1 ? [8, digits.slice(1)] : [10, digits];
}

/** Underscores of a number read with base 0: single, between digits or behind the prefix. */
function underscoresFit(digits: string): boolean {
  return (
    !digits.includes('_') || /^(?:0[xXoObB](?:_?[0-9a-zA-Z])+|[0-9a-zA-Z](?:_?[0-9a-zA-Z])*)$/.test(digits)
  );
}

function parseDigits(digits: string, base: number): bigint | null {
  if (digits === '') return null;
  for (const unit of digits) if (digitValue(unit) >= base) return null;
  if (base === 10) return BigInt(digits);
  // Longer numbers overflow whatever their digits.
  const significant = digits.replace(/^0+/, '');
  if (significant.length > 65) return 1n << 70n;
  let value = 0n;
  for (const unit of significant) value = value * BigInt(base) + BigInt(digitValue(unit));
  return value;
}

function magnitude(text: string, form: IntForm): bigint | BuiltinError {
  let digits = text;
  let base = form.base;
  if (base === 0) {
    if (!underscoresFit(digits)) return parseError(form.name, text, SYNTAX);
    [base, digits] = basePrefix(digits.replaceAll('_', ''));
  }
  if (text === '') return parseError(form.name, text, SYNTAX);
  if (base < 2 || base > 36) return parseError(form.name, text, `invalid base ${base}`);
  if (form.bits < 0 || form.bits > 64) return parseError(form.name, text, `invalid bit size ${form.bits}`);
  const tooLong = digits.length > 10_000;
  return (tooLong ? null : parseDigits(digits, base)) ?? parseError(form.name, text, SYNTAX);
}

function parseUint(text: string, form: IntForm): bigint | BuiltinError {
  const value = magnitude(text, form);
  if (typeof value !== 'bigint') return value;
  const limit = 1n << BigInt(form.bits === 0 ? 64 : form.bits);
  return value < limit ? value : parseError(form.name, text, RANGE);
}

function parseInt64(text: string, form: IntForm): bigint | BuiltinError {
  const negative = text.startsWith('-');
  const value = magnitude(/^[+-]/.test(text) ? text.slice(1) : text, form);
  if (typeof value !== 'bigint') return value;
  const limit = 1n << BigInt((form.bits === 0 ? 64 : form.bits) - 1);
  const fits = negative ? value <= limit : value < limit;
  if (!fits) return parseError(form.name, text, RANGE);
  return negative ? -value : value;
}

const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

function formatInt(value: bigint, base: number): string | BuiltinError {
  if (base < 2 || base > 62) return evalError('invalid base');
  if (base <= 36) return value.toString(base);
  const parts: string[] = [];
  let rest = value < 0n ? -value : value;
  for (; rest > 0n; rest /= BigInt(base)) parts.push(DIGITS[Number(rest % BigInt(base))] ?? '');
  const digits = parts.reverse().join('') || '0';
  return value < 0n ? `-${digits}` : digits;
}

type Printable = (rune: number) => boolean;

const SHORT_ESCAPES: ReadonlyMap<number, string> = new Map([
  [7, '\\a'],
  [8, '\\b'],
  [9, '\\t'],
  [10, '\\n'],
  [11, '\\v'],
  [12, '\\f'],
  [13, '\\r'],
  [92, '\\\\'],
]);

function quoteRune(rune: number, quote: '"' | "'", printable: Printable): string {
  const character = String.fromCodePoint(rune);
  if (character === quote) return `\\${quote}`;
  if (rune === 92) return '\\\\';
  if (printable(rune)) return character;
  const short = SHORT_ESCAPES.get(rune);
  if (short !== undefined) return short;
  const digits = rune.toString(16);
  if (rune < 0x80) return `\\x${digits.padStart(2, '0')}`;
  return rune < 0x10000 ? `\\u${digits.padStart(4, '0')}` : `\\U${digits.padStart(8, '0')}`;
}

function quoted(text: string, printable: Printable): string {
  let result = '"';
  for (const character of text) result += quoteRune(character.codePointAt(0) ?? 0xfffd, '"', printable);
  return `${result}"`;
}

const isAsciiPrint: Printable = (rune) => rune < 0x80 && isPrint(rune);

/** A text in double quotes as Go writes it; what does not print is escaped. */
export function quote(text: string): string {
  return quoted(text, isPrint);
}

/** The same with everything beyond ASCII escaped. */
export function quoteToAscii(text: string): string {
  return quoted(text, isAsciiPrint);
}

function quotedRune(rune: number, printable: Printable): string {
  const valid = rune >= 0 && rune <= 0x10ffff && !(rune >= 0xd800 && rune < 0xe000);
  return `'${quoteRune(valid ? rune : 0xfffd, "'", printable)}'`;
}

function unquoted(text: string): Data | BuiltinError {
  const content = unquote(text);
  if (isLiteralError(content)) return evalError(content.message);
  return typeof content === 'string' ? content : decodeUtf8(content);
}

const PARSING = [
  define('Unquote', ['string'], 'string', ([text], env) =>
    env.charge(text.length) ? unquoted(text) : overBudget(),
  ),
  define('ParseBool', ['string'], 'bool', ([text]) => parseBool(text)),
  define('ParseFloat', ['string', 'int'], 'number', ([text, bits]) => parseFloat64(text, bits)),
  define('ParseUint', ['string', 'int', 'int'], 'int', ([text, base, bits]) =>
    parseUint(text, { name: 'ParseUint', base, bits }),
  ),
  define('ParseInt', ['string', 'int', 'int'], 'int', ([text, base, bits]) =>
    parseInt64(text, { name: 'ParseInt', base, bits }),
  ),
  define('Atoi', ['string'], 'int', ([text]) => parseInt64(text, { name: 'Atoi', base: 10, bits: 0 })),
];

const FORMATTING = [
  define('FormatBool', ['bool'], 'string', ([value]) => String(value)),
  define(
    'FormatFloat',
    ['float64', 'byte', 'int', 'int'],
    'string',
    ([value, verb, precision, bits], env) => {
      if (bits !== 32 && bits !== 64) return evalError('strconv: illegal AppendFloat/FormatFloat bitSize');
      if (!env.charge(400 + Math.max(precision, 0))) return overBudget();
      return formatFloat(value, { verb: String.fromCharCode(verb), precision, bits });
    },
  ),
  define('FormatUint', ['bigint', 'int'], 'string', ([value, base]) => formatInt(value, base)),
  define('FormatInt', ['bigint', 'int'], 'string', ([value, base]) => formatInt(value, base)),
];

const QUOTING = [
  define('Quote', ['string'], 'string', ([text], env) =>
    env.charge(text.length * 2) ? quote(text) : overBudget(),
  ),
  define('QuoteToASCII', ['string'], 'string', ([text], env) =>
    env.charge(text.length * 4) ? quoteToAscii(text) : overBudget(),
  ),
  define('QuoteToGraphic', ['string'], 'string', ([text], env) =>
    env.charge(text.length * 2) ? quoted(text, isGraphic) : overBudget(),
  ),
  define('QuoteRune', ['int32'], 'string', ([rune]) => quotedRune(rune, isPrint)),
  define('QuoteRuneToASCII', ['int32'], 'string', ([rune]) => quotedRune(rune, isAsciiPrint)),
  define('QuoteRuneToGraphic', ['int32'], 'string', ([rune]) => quotedRune(rune, isGraphic)),
  define('IsPrint', ['int32'], 'bool', ([rune]) => isPrint(rune)),
  define('IsGraphic', ['int32'], 'bool', ([rune]) => isGraphic(rune)),
];

export const strconv: StdPackage = {
  path: 'strconv',
  functions: [...PARSING, ...FORMATTING, ...QUOTING],
  constants: new Map<string, Data>([['IntSize', 64n]]),
};
