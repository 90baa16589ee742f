/**
 * YAML text of data, byte for byte as CUE's encoding/yaml prints it (the layout of libyaml: two spaces a level,
 * long lines, legacy YAML 1.1 words quoted).
 */
import type { CueNumber } from '../cue/number/number.ts';
import { formatNumber, numberKind } from '../cue/number/number.ts';
import { encodeBase64 } from '../cue/std/base64-text.ts';
import type { Data, StructData } from '../cue/std/builtin.ts';
import { isDecimalNumber, isList } from '../cue/std/builtin.ts';
import { byteLength, decodeUtf8, isUtf8 } from '../cue/std/utf8.ts';
import { resolvePlain } from './yaml-resolve.ts';

type Style = 'plain' | 'single' | 'double' | 'literal';

interface Scalar {
  readonly text: string;
  readonly style: Style;
  readonly binary: boolean;
}

/** Words that some YAML 1.1 reader takes for a bool or a number. */
const LEGACY: ReadonlySet<string> = new Set([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'n', 'N', 'no', 'No', 'NO', 't', 'T', 'f', 'F'],
  ...['true', 'True', 'TRUE', 'false', 'False', 'FALSE', 'on', 'On', 'ON', 'off', 'Off', 'OFF', '.Nan'],
]);
/** What looks like a date, a time, a base-60 number or a hexadecimal one. */
const NUMBER_LIKE = /^[-+0-9:. \t]+(?:[-:]|[tT])[-+0-9:. \t]+[zZ]?$|^0x[a-fA-F0-9]+$/;

/** The text of one document, ending in a newline. */
export function yamlText(value: Data): string {
  const writer = new Writer();
  writer.node(value, -1, 'root');
  return writer.finish();
}

/** A float shows that it is one: `1.` for what JSON has as 1. */
function numberText(value: CueNumber): string {
  if (typeof value !== 'bigint' && value.text !== undefined) return value.text;
  const text = formatNumber(value);
  return numberKind(value) === 'float' && !/[eE.]/.test(text) ? `${text}.` : text;
}

function scalarOf(value: null | boolean | string | Uint8Array | { readonly number: string }): Scalar {
  if (value === null || typeof value === 'boolean')
    return { text: String(value), style: 'plain', binary: false };
  if (typeof value === 'string') return { text: value, style: wantedStyle(value), binary: false };
  if (!(value instanceof Uint8Array)) return { text: value.number, style: 'plain', binary: false };
  const lines = isUtf8(value) && decodeUtf8(value).includes('\n');
  return { text: encodeBase64(value), style: lines ? 'literal' : 'plain', binary: true };
}

function wantedStyle(text: string): Style {
  if (LEGACY.has(text) || NUMBER_LIKE.test(text)) return 'double';
  if (text.includes('\n')) return 'literal';
  return resolvePlain(text) === 'str' ? 'plain' : 'double';
}

/** Where a node stands: the value of a key may not be plain where a key may. */
type Context = 'root' | 'key' | 'value' | 'item';

const KEY_LIMIT = 128;

class Writer {
  readonly #parts: string[] = [];
  #column = 0;
  /** The last thing written was space or an indicator that counts as such. */
  #space = true;
  /** Nothing but indentation and indicators stands on the line. */
  #indention = true;

  finish(): string {
    this.#indent(0);
    return this.#parts.join('');
  }

  #put(text: string): void {
    this.#parts.push(text);
    this.#column += text.length;
  }

  #break(): void {
    this.#parts.push('\n');
    this.#column = 0;
    this.#indention = true;
  }

  #indent(level: number): void {
    const target = Math.max(level, 0);
    if (!this.#indention || this.#column > target || (this.#column === target && !this.#space)) this.#break();
    if (this.#column < target) this.#put(' '.repeat(target - this.#column));
    this.#space = true;
  }

  #indicator(text: string, { spaced = false, space = false, indention = false } = {}): void {
    if (spaced && !this.#space) this.#put(' ');
    this.#put(text);
    this.#space = space;
    this.#indention = this.#indention && indention;
  }

  node(value: Data, level: number, context: Context): void {
    if (isList(value)) this.#list(value, level, context);
    else if (typeof value === 'bigint' || isDecimalNumber(value)) {
      this.#scalar(scalarOf({ number: numberText(value) }), level, context);
    } else if (value === null || typeof value !== 'object' || value instanceof Uint8Array) {
      this.#scalar(scalarOf(value), level, context);
    } else this.#struct(value, level, context);
  }

  /** The level of a block inside a node at `level`: an item's block begins behind its dash. */
  #inner(level: number, context: Context): number {
    if (level < 0) return 0;
    return context === 'item' ? level + 2 : 2 * Math.floor((level + 2) / 2);
  }

  #list(items: readonly Data[], level: number, context: Context): void {
    if (items.length === 0) {
      this.#empty('[]');
      return;
    }
    const inner = this.#inner(level, context);
    for (const item of items) {
      this.#indent(inner);
      this.#indicator('-', { spaced: true, indention: true });
      this.node(item, inner, 'item');
    }
  }

  #struct({ fields }: StructData, level: number, context: Context): void {
    if (fields.size === 0) {
      this.#empty('{}');
      return;
    }
    const inner = this.#inner(level, context);
    for (const [name, value] of fields) {
      this.#indent(inner);
      const key = scalarOf(name);
      if (!/[\n\r\u0085\u2028\u2029]/.test(name) && byteLength(name) <= KEY_LIMIT) {
        this.#scalar(key, inner, 'key');
        this.#indicator(':');
      } else {
        this.#indicator('?', { spaced: true, indention: true });
        this.#scalar(key, inner, 'value');
        this.#indent(inner);
        this.#indicator(':', { spaced: true, indention: true });
      }
      this.node(value, inner, 'value');
    }
  }

  #empty(brackets: string): void {
    this.#indicator(brackets[0] ?? '', { spaced: true, space: true });
    this.#indicator(brackets[1] ?? '');
  }

  #scalar(scalar: Scalar, level: number, context: Context): void {
    if (scalar.binary) {
      if (!this.#space) this.#put(' ');
      this.#put('!!binary');
      this.#space = false;
      this.#indention = false;
    }
    const inner = level < 0 ? 2 : this.#inner(level, context);
    const style = usableStyle(scalar, context === 'key');
    if (style === 'plain') this.#plain(scalar.text);
    else if (style === 'single') this.#single(scalar.text, inner);
    else if (style === 'double') this.#indicator(doubleQuoted(scalar.text), { spaced: true });
    else this.#literal(scalar.text, inner);
  }

  #plain(text: string): void {
    if (text === '') {
      this.#indention = false;
      return;
    }
    if (!this.#space) this.#put(' ');
    this.#put(text);
    this.#space = false;
    this.#indention = false;
  }

  /** Only breaks that are no newline get here (U+2028): they are written as they are, then indented. */
  #single(text: string, inner: number): void {
    this.#indicator("'", { spaced: true });
    let broken = false;
    for (const character of text) {
      if (isBreak(character)) {
        if (!broken && character === '\n') this.#break();
        this.#rawBreak(character);
        broken = true;
        continue;
      }
      if (broken) this.#indent(inner);
      this.#put(character === "'" ? "''" : character);
      this.#indention = false;
      broken = false;
    }
    this.#indicator("'");
    this.#space = false;
    this.#indention = false;
  }

  #rawBreak(character: string): void {
    if (character === '\n') {
      this.#break();
      return;
    }
    this.#parts.push(character);
    this.#column = 0;
    this.#indention = true;
  }

  #literal(text: string, inner: number): void {
    this.#indicator(`|${blockHints(text)}`, { spaced: true });
    this.#space = true;
    let broken = true;
    for (const character of text) {
      if (isBreak(character)) {
        this.#rawBreak(character);
        broken = true;
        continue;
      }
      if (broken) this.#indent(inner);
      this.#put(character);
      this.#indention = false;
      broken = false;
    }
  }
}

function isBreak(character: string): boolean {
  return ['\n', '\r', '\u0085', '\u2028', '\u2029'].includes(character);
}

/** The header of a block scalar: `2` where the text begins with space, `-` without a final break, `+` with several. */
function blockHints(text: string): string {
  const lead = /^[ \n\r\u0085\u2028\u2029]/.test(text) ? '2' : '';
  const breaks = /[\n\r\u0085\u2028\u2029]*$/.exec(text)?.[0].length ?? 0;
  if (breaks === 0) return `${lead}-`;
  return breaks > 1 || text.length === 1 ? `${lead}+` : lead;
}

/** The wanted style, or the nearest one that can hold the text. */
function usableStyle({ text, style, binary }: Scalar, isKey: boolean): Style {
  const allowed = analyse(text);
  let usable = style;
  if (usable === 'plain' && (!allowed.plain || (text === '' && isKey && !binary))) usable = 'single';
  if (usable === 'single' && !allowed.single) usable = 'double';
  if (usable === 'literal' && (!allowed.block || isKey)) usable = 'double';
  return usable;
}

interface Allowed {
  readonly plain: boolean;
  readonly single: boolean;
  readonly block: boolean;
}

const BREAK = '[\\n\\r\\u0085\\u2028\\u2029]';
const OUTER_BLANK = new RegExp(`^(?: |${BREAK})|(?: |${BREAK})$`);
const BREAK_SPACE = new RegExp(`${BREAK} `);
const SPACE_BREAK = new RegExp(` ${BREAK}`);
const ANY_BREAK = new RegExp(BREAK);
/** What may not stand in a block's plain scalar: an indicator at the start, `: `, ` #`. */
const INDICATOR = new RegExp(
  `^(?:---|\\.\\.\\.)|^[#,[\\]{}&*!|>'"%@\`]|^[?:-](?:[ \\t]|$)|:(?:[ \\t]|$)|(?:[ \\t]|${BREAK}|\\0)#`,
);
/** Not printable to libyaml: controls, the byte order mark, and all beyond the basic plane. */
const SPECIAL = /[^\t\n\u0020-\u007e\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/u;

function analyse(text: string): Allowed {
  if (text === '') return { plain: true, single: true, block: false };
  const special = SPECIAL.test(text) || SPACE_BREAK.test(text);
  const single = !BREAK_SPACE.test(text) && !special && !text.includes('\t');
  return {
    plain: single && !OUTER_BLANK.test(text) && !ANY_BREAK.test(text) && !INDICATOR.test(text),
    single,
    block: !special && !text.endsWith(' '),
  };
}

const ESCAPES: ReadonlyMap<number, string> = new Map([
  [0x00, '0'],
  [0x07, 'a'],
  [0x08, 'b'],
  [0x09, 't'],
  [0x0a, 'n'],
  [0x0b, 'v'],
  [0x0c, 'f'],
  [0x0d, 'r'],
  [0x1b, 'e'],
  [0x22, '"'],
  [0x5c, '\\'],
  [0x85, 'N'],
  [0xa0, '_'],
  [0x2028, 'L'],
  [0x2029, 'P'],
]);

function doubleQuoted(text: string): string {
  // libyaml looks for the mark at the start of the text whichever character it is at.
  const all = text.startsWith('\ufeff');
  let result = '"';
  for (const character of text) {
    const escaped =
      all || SPECIAL.test(character) || isBreak(character) || character === '"' || character === '\\';
    result += escaped || character === '\t' ? escapeSequence(character.codePointAt(0) ?? 0) : character;
  }
  return `${result}"`;
}

function escapeSequence(rune: number): string {
  const known = ESCAPES.get(rune);
  if (known !== undefined) return `\\${known}`;
  const digits = rune.toString(16).toUpperCase();
  if (rune <= 0xff) return `\\x${digits.padStart(2, '0')}`;
  return rune <= 0xffff ? `\\u${digits.padStart(4, '0')}` : `\\U${digits.padStart(8, '0')}`;
}
