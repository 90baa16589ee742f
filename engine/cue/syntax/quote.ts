/** Spells values as CUE literals (cue/literal, Quote). */
import { isDigitAt, isLetterAt } from './scanner.ts';

/** What may stand in a literal as it is: letters, marks, numbers, punctuation, symbols and the blank. */
const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;

const SHORT: ReadonlyMap<number, string> = new Map([
  [7, 'a'],
  [8, 'b'],
  [9, 't'],
  [10, 'n'],
  [11, 'v'],
  [12, 'f'],
  [13, 'r'],
]);

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}

function escapePoint(character: string, quote: string): string {
  if (character === quote || character === '\\') return `\\${character}`;
  if (PRINTABLE.test(character)) return character;
  const point = character.codePointAt(0) ?? 0xfffd;
  const short = SHORT.get(point);
  if (short !== undefined) return `\\${short}`;
  if (quote === "'" && point < 32) return `\\x${hex(point, 2)}`;
  return point < 0x10000 ? `\\u${hex(point, 4)}` : `\\U${hex(point, 8)}`;
}

/** The text with everything escaped that a one-line literal in this quote may not hold. */
export function escapeText(value: string, quote: '"' | "'"): string {
  let out = '';
  for (const character of value) out += escapePoint(character, quote);
  return out;
}

/** `"value"` on one line. */
export function quoteText(value: string): string {
  return `"${escapeText(value, '"')}"`;
}

/** A literal over several lines where the value has line breaks, with its lines indented by tabs; else one line. */
export function quoteLines(value: string, tabs: number): string {
  if (!value.includes('\n')) return quoteText(value);
  const indent = '\t'.repeat(tabs);
  const hashes = '#'.repeat(hashesNeeded(value));
  const lines = value.split('\n').map((line) => {
    let text = '';
    for (const character of line) text += escapeInLines(character, hashes);
    return line === '' ? '' : indent + text;
  });
  return `${hashes}"""\n${lines.join('\n')}\n${indent}"""${hashes}`;
}

function escapeInLines(character: string, hashes: string): string {
  if (character === '"') return character;
  const text = escapePoint(character, '"');
  return text.startsWith('\\') ? `\\${hashes}${text.slice(1)}` : text;
}

/** How many `#` keep `"""` inside the value from ending the literal. */
function hashesNeeded(value: string): number {
  let needed = 0;
  for (const match of value.matchAll(/"{3,}(#*)/g)) needed = Math.max(needed, (match[1] ?? '').length + 1);
  return needed;
}

/** `'value'` on one line; bytes that are no UTF-8 as `\xNN`. */
export function quoteBytes(value: Uint8Array): string {
  let out = "'";
  for (let i = 0; i < value.length; ) {
    const length = sequenceLength(value, i);
    if (length === 0) {
      out += `\\x${hex(value[i] ?? 0, 2)}`;
      i++;
    } else {
      out += escapePoint(String.fromCodePoint(pointAt(value, i, length)), "'");
      i += length;
    }
  }
  return `${out}'`;
}

/** Bytes of the UTF-8 sequence at `at`; 0 if there is none. */
function sequenceLength(value: Uint8Array, at: number): number {
  const first = value[at] ?? 0;
  if (first < 0x80) return 1;
  const length = first >= 0xf5 || first < 0xc2 ? 0 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  for (let i = 1; i < length; i++) if (((value[at + i] ?? 0) & 0xc0) !== 0x80) return 0;
  if (length < 3) return length;
  const point = pointAt(value, at, length);
  const isSurrogate = point >= 0xd800 && point <= 0xdfff;
  return isSurrogate || point > 0x10ffff || point < (length === 3 ? 0x800 : 0x10000) ? 0 : length;
}

function pointAt(value: Uint8Array, at: number, length: number): number {
  const first = value[at] ?? 0;
  if (length === 1) return first;
  let point = first & (0xff >> (length + 1));
  for (let i = 1; i < length; i++) point = (point << 6) | ((value[at + i] ?? 0) & 0x3f);
  return point;
}

/** Whether a text can be written as an identifier: `a`, `_a`, `#A`, `_#A`, `$x`. */
export function isIdentifier(text: string): boolean {
  if (text === '') return false;
  let at = 0;
  let consumed = false;
  if (text[at] === '_') {
    at++;
    consumed = true;
    if (at === text.length) return true;
  }
  if (text[at] === '#') {
    at++;
    consumed = false;
  }
  if (!consumed && at < text.length && isDigitAt(text, at)) return false;
  while (at < text.length) {
    const c = text[at];
    if (c !== '_' && c !== '$' && !isLetterAt(text, at) && !isDigitAt(text, at)) return false;
    at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  }
  return true;
}

/** Whether an identifier names a definition or a hidden field. */
export function isDefinitionOrHidden(name: string): boolean {
  return name.startsWith('#') || name.startsWith('_');
}
