/** Go's fmt verbs for the values of templates. */
import { formatFloat } from './float-text.ts';
import type { GoValue } from './go-value.ts';
import { goType, isGoInt, isGoList, isGoMap } from './go-value.ts';
import { quote, quoteToAscii } from './strconv.ts';
import { byteLength, decodeUtf8, encodeUtf8, runeCount } from './utf8.ts';

/** Flags, width and precision of one verb. */
interface Spec {
  readonly verb: string;
  readonly plus: boolean;
  readonly minus: boolean;
  readonly sharp: boolean;
  readonly space: boolean;
  readonly zero: boolean;
  readonly width: number;
  /** -1 where none is given. */
  readonly precision: number;
}

const PLAIN: Spec = {
  ...{ verb: 'v', plus: false, minus: false, sharp: false, space: false, zero: false },
  ...{ width: 0, precision: -1 },
};
/** Go's own bound for widths and precisions. */
const MAX_WIDTH = 1_000_000;

/** The text of a value as fmt.Sprint prints a single operand. */
export function goText(value: GoValue): string {
  return formatValue(value, PLAIN);
}

/** fmt.Sprint: a space between operands where neither is a string. */
export function sprint(values: readonly GoValue[]): string {
  return values
    .map((value, index) => {
      const spaced = index > 0 && typeof value !== 'string' && typeof values[index - 1] !== 'string';
      return (spaced ? ' ' : '') + goText(value);
    })
    .join('');
}

export function sprintln(values: readonly GoValue[]): string {
  return `${values.map(goText).join(' ')}\n`;
}

const VERB = /%([+\-# 0]*)(\*|\d*)(?:\.(\*|\d*))?(.?)/gsu;

/** fmt.Sprintf without argument indexes; what does not fit is marked as Go marks it (`%!d(string=x)`). */
export function sprintf(format: string, values: readonly GoValue[]): string {
  let next = 0;
  const number = (text: string): number | null => {
    if (text !== '*') return text === '' ? null : Number(text);
    const value = values[next++];
    return isGoInt(value) ? Number(value.value) : null;
  };
  const text = format.replace(
    VERB,
    (_, flags: string, width: string, precision: string | undefined, verb: string) => {
      const wide = number(width);
      const exact = precision === undefined ? null : (number(precision) ?? 0);
      if (verb === '') return '%!(NOVERB)';
      if (verb === '%') return '%';
      if (next >= values.length) return `%!${verb}(MISSING)`;
      const tooWide = Math.abs(wide ?? 0) > MAX_WIDTH;
      return formatValue(values[next++], {
        verb,
        plus: flags.includes('+'),
        minus: flags.includes('-') || (wide ?? 0) < 0,
        sharp: flags.includes('#'),
        space: flags.includes(' '),
        zero: flags.includes('0') && !flags.includes('-'),
        width: tooWide ? 0 : Math.abs(wide ?? 0),
        precision: exact === null || exact < 0 || exact > MAX_WIDTH ? -1 : exact,
      });
    },
  );
  if (next >= values.length) return text;
  const extra = values
    .slice(next)
    .map((value) => (value === null ? '<nil>' : `${goType(value)}=${goText(value)}`));
  return `${text}%!(EXTRA ${extra.join(', ')})`;
}

/** Widths a format asks for, to be charged before it is carried out. */
export function formatSize(format: string, values: readonly GoValue[]): number {
  let size = format.length;
  for (const [digits] of format.matchAll(/\d+/g)) size += Math.min(Number(digits), MAX_WIDTH);
  if (format.includes('*'))
    for (const value of values)
      if (isGoInt(value)) size += Math.min(Math.abs(Number(value.value)), MAX_WIDTH);
  return size;
}

function pad(text: string, { width, minus, zero }: Spec): string {
  const missing = width - runeCount(text);
  if (missing <= 0) return text;
  if (minus) return text + ' '.repeat(missing);
  return (zero ? '0' : ' ').repeat(missing) + text;
}

function badVerb(value: GoValue, { verb }: Spec): string {
  return value === null || value === undefined
    ? `%!${verb}(<nil>)`
    : `%!${verb}(${goType(value)}=${goText(value)})`;
}

/** An element of a list or map; a nil there prints the same with every verb. */
function formatElement(value: GoValue, spec: Spec): string {
  return value === null || value === undefined
    ? pad('<nil>', { ...spec, zero: false })
    : formatValue(value, spec);
}

function formatValue(value: GoValue, given: Spec): string {
  // With %+v the plus asks for field names, which none of these values has.
  const spec = given.verb === 'v' && given.plus ? { ...given, plus: false } : given;
  if (spec.verb === 'T') return pad(goType(value), { ...spec, zero: false });
  if (value === null || value === undefined) {
    return spec.verb === 'v' ? pad('<nil>', spec) : badVerb(value, spec);
  }
  if (typeof value === 'boolean') {
    return spec.verb === 'v' || spec.verb === 't' ? pad(String(value), spec) : badVerb(value, spec);
  }
  if (typeof value === 'number') return formatFloating(value, spec);
  if (typeof value === 'bigint') return formatInteger(value, value, spec);
  if (typeof value === 'string') return formatText(value, encodeUtf8(value), spec);
  if (value instanceof Uint8Array) return formatBytes(value, spec);
  if (isGoInt(value)) return formatInteger(value.value, value, spec);
  if (isGoList(value)) return `[${value.map((item) => formatElement(item, spec)).join(' ')}]`;
  if (!isGoMap(value)) return badVerb(value, spec);
  return `map[${[...value].map(([key, item]) => `${formatValue(key, spec)}:${formatElement(item, spec)}`).join(' ')}]`;
}

const BASES: ReadonlyMap<string, number> = new Map([
  ['v', 10],
  ['d', 10],
  ['b', 2],
  ['o', 8],
  ['O', 8],
  ['x', 16],
  ['X', 16],
]);

function formatInteger(value: bigint, whole: GoValue, spec: Spec): string {
  const base = BASES.get(spec.verb);
  if (base === undefined) return formatRune(value, whole, spec);
  const magnitude = (value < 0n ? -value : value).toString(base);
  const digits = spec.verb === 'X' ? magnitude.toUpperCase() : magnitude;
  const sign = value < 0n ? '-' : spec.plus ? '+' : spec.space ? ' ' : '';
  const prefix = spec.verb === 'O' ? '0o' : spec.sharp ? sharpPrefix(spec.verb) : '';
  const lead = sign + prefix;
  if (spec.precision >= 0) {
    const shown = spec.precision === 0 && value === 0n ? '' : digits.padStart(spec.precision, '0');
    return pad(lead + shown, { ...spec, zero: false });
  }
  // Zeros go between the sign and the digits.
  return pad(lead + (spec.zero ? digits.padStart(spec.width - lead.length, '0') : digits), {
    ...spec,
    zero: false,
  });
}

function sharpPrefix(verb: string): string {
  if (verb === 'x') return '0x';
  if (verb === 'X') return '0X';
  return verb === 'o' ? '0' : verb === 'b' ? '0b' : '';
}

function formatRune(value: bigint, whole: GoValue, spec: Spec): string {
  const valid = value >= 0n && value <= 0x10ffffn && !(value >= 0xd800n && value < 0xe000n);
  const character = String.fromCodePoint(valid ? Number(value) : 0xfffd);
  switch (spec.verb) {
    case 'c':
      return pad(character, spec);
    case 'q':
      return pad(`'${character === "'" ? "\\'" : quote(character).slice(1, -1).replace('\\"', '"')}'`, spec);
    case 'U': {
      const point = `U+${value.toString(16).toUpperCase().padStart(4, '0')}`;
      return pad(spec.sharp ? `${point} '${character}'` : point, { ...spec, zero: false });
    }
    default:
      return badVerb(whole, spec);
  }
}

const FLOAT_VERBS: ReadonlyMap<string, string> = new Map([
  ['v', 'g'],
  ['F', 'f'],
  ...['e', 'E', 'f', 'g', 'G', 'b', 'x', 'X'].map((verb) => [verb, verb] as const),
]);

function formatFloating(value: number, spec: Spec): string {
  const verb = FLOAT_VERBS.get(spec.verb);
  if (verb === undefined) return badVerb(value, spec);
  const fallback = 'efEF'.includes(spec.verb) ? 6 : -1;
  const precision = spec.precision < 0 ? fallback : spec.precision;
  const text = formatFloat(value, { verb, precision, bits: 64 });
  const signed = /^[-+]/.test(text) ? text : (spec.plus ? '+' : spec.space ? ' ' : '') + text;
  const shown = signed === '+Inf' && !spec.plus ? '+Inf' : signed;
  const finite = Number.isFinite(value);
  if (!spec.zero || !finite) return pad(shown, { ...spec, zero: false });
  const sign = /^[-+ ]/.exec(shown)?.[0] ?? '';
  return sign + shown.slice(sign.length).padStart(spec.width - sign.length, '0');
}

function formatText(text: string, bytes: Uint8Array, spec: Spec): string {
  const cut = spec.precision < 0 ? text : Array.from(text).slice(0, spec.precision).join('');
  switch (spec.verb) {
    case 'v':
      return pad(spec.sharp ? quote(cut) : cut, spec);
    case 's':
      return pad(cut, spec);
    case 'q':
      if (spec.sharp && canRawQuote(cut)) return pad(`\`${cut}\``, spec);
      return pad(spec.plus ? quoteToAscii(cut) : quote(cut), spec);
    case 'x':
    case 'X':
      return pad(hexText(bytes, spec), spec);
    default:
      return badVerb(text, spec);
  }
}

function canRawQuote(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what raw strings cannot hold
  return !/[\u0000-\u0008\u000a-\u001f\u007f`\ufeff]/.test(text);
}

function hexText(bytes: Uint8Array, { verb, sharp, space, precision }: Spec): string {
  const used = precision < 0 ? bytes : bytes.slice(0, precision);
  const prefix = sharp ? `0${verb}` : '';
  const pairs = Array.from(used, (byte) => byte.toString(16).padStart(2, '0'));
  const text = space ? pairs.map((pair) => prefix + pair).join(' ') : prefix + pairs.join('');
  return verb === 'X' ? text.toUpperCase() : text;
}

function formatBytes(bytes: Uint8Array, spec: Spec): string {
  if (spec.verb !== 'v' && spec.verb !== 'd') return formatText(decodeUtf8(bytes), bytes, spec);
  return `[${Array.from(bytes, (byte) => formatInteger(BigInt(byte), null, spec)).join(' ')}]`;
}

/** The bytes a value takes when printed, about. */
export function printedSize(value: GoValue): number {
  if (typeof value === 'string') return byteLength(value);
  if (value instanceof Uint8Array) return value.length * 4;
  if (isGoList(value)) return value.reduce<number>((sum, item) => sum + printedSize(item) + 1, 2);
  if (!isGoMap(value)) return 24;
  let sum = 5;
  for (const [key, item] of value) sum += key.length + 2 + printedSize(item);
  return sum;
}
