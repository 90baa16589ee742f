/** The functions that Go templates know. `and` and `or` stop early, so the execution has them. */
import type { BuiltinError } from './builtin.ts';
import { evalError } from './builtin.ts';
import { goText, sprint, sprintf, sprintln } from './go-format.ts';
import type { GoValue } from './go-value.ts';
import { goInt, goType, isGoInt, isGoList, isGoMap, isTrue } from './go-value.ts';
import { escapeHtml } from './html-text.ts';
import { isPrint } from './unicode.ts';
import { queryEscape } from './url-text.ts';
import { byteLength, compareText, decodeUtf8, encodeUtf8 } from './utf8.ts';

type TemplateResult = { readonly ok: true; readonly value: GoValue } | BuiltinError;

function ok(value: GoValue): TemplateResult {
  return { ok: true, value };
}

interface TemplateFunction {
  readonly least: number;
  readonly most: number;
  run(args: readonly GoValue[]): TemplateResult;
}

const MANY = Number.POSITIVE_INFINITY;

/** HTML that is safe in text and attributes; a zero byte becomes U+FFFD. */
export function htmlEscaped(text: string): string {
  return escapeHtml(text).replaceAll('\0', '\ufffd');
}

/** Text that is safe inside a JavaScript string. */
export function jsEscaped(text: string): string {
  let result = '';
  for (const character of text) {
    const rune = character.codePointAt(0) ?? 0;
    if (character === '\\' || character === "'" || character === '"') result += `\\${character}`;
    else if (rune < 0x20 || '<>&='.includes(character)) result += unicodeEscape(rune);
    else result += rune < 0x80 || isPrint(rune) ? character : unicodeEscape(rune);
  }
  return result;
}

function unicodeEscape(rune: number): string {
  return `\\u${rune.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** The text of arguments for an escaping function. */
function joined(args: readonly GoValue[]): string {
  const [only] = args;
  if (args.length === 1 && typeof only === 'string') return only;
  return sprint(args.map((arg) => (arg === null || arg === undefined ? '<no value>' : arg)));
}

function length(value: GoValue): TemplateResult {
  if (typeof value === 'string') return ok(goInt(byteLength(value)));
  if (value instanceof Uint8Array || isGoList(value)) return ok(goInt(value.length));
  return isGoMap(value) ? ok(goInt(value.size)) : evalError(`len of type ${goType(value)}`);
}

/** An index within 0 and a limit. */
function position(index: GoValue, limit: number): number | BuiltinError {
  if (!isGoInt(index)) return evalError(`cannot index slice/array with type ${goType(index)}`);
  const inside = index.value >= 0n && index.value <= BigInt(limit);
  return inside ? Number(index.value) : evalError(`index out of range: ${index.value}`);
}

function indexOnce(item: GoValue, index: GoValue): TemplateResult {
  if (isGoMap(item)) {
    return typeof index === 'string'
      ? ok(item.get(index))
      : evalError(`value has type ${goType(index)}; should be string`);
  }
  const sequence = typeof item === 'string' ? encodeUtf8(item) : item;
  if (!(sequence instanceof Uint8Array) && !isGoList(sequence))
    return evalError(`can't index item of type ${goType(item)}`);
  const at = position(index, sequence.length - 1);
  if (typeof at !== 'number') return at;
  return ok(sequence instanceof Uint8Array ? goInt(sequence[at] ?? 0, 'uint8') : sequence[at]);
}

function indexAll([item, ...indexes]: readonly GoValue[]): TemplateResult {
  if (item === null || item === undefined) return evalError('index of untyped nil');
  let result: GoValue = item;
  for (const index of indexes) {
    const next = indexOnce(result, index);
    if (!('ok' in next)) return next;
    result = next.value;
  }
  return ok(result);
}

function slice([item, ...indexes]: readonly GoValue[]): TemplateResult {
  const sequence = typeof item === 'string' ? encodeUtf8(item) : item;
  if (!(sequence instanceof Uint8Array) && !isGoList(sequence))
    return evalError(`can't slice item of type ${goType(item)}`);
  if (typeof item === 'string' && indexes.length === 3) return evalError('cannot 3-index slice a string');
  const bounds = [0, sequence.length];
  for (const [i, index] of indexes.entries()) {
    const at = position(index, sequence.length);
    if (typeof at !== 'number') return at;
    bounds[i] = at;
  }
  const [start = 0, end = 0, capacity = sequence.length] = bounds;
  if (start > end || end > capacity) return evalError(`invalid slice index: ${start} > ${end}`);
  const part = sequence.slice(start, end);
  return ok(typeof item === 'string' && part instanceof Uint8Array ? decodeUtf8(part) : part);
}

type BasicKind = 'bool' | 'int' | 'float' | 'string' | null;

function basicKind(value: GoValue): BasicKind {
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return 'float';
  if (typeof value === 'string') return 'string';
  return isGoInt(value) ? 'int' : null;
}

function plain(value: GoValue): unknown {
  return isGoInt(value) ? value.value : value;
}

function isNil(value: GoValue): boolean {
  return value === null || value === undefined;
}

function equal(a: GoValue, b: GoValue): boolean | BuiltinError {
  const [kind, other] = [basicKind(a), basicKind(b)];
  if (kind !== null || other !== null) {
    if (kind === other) return plain(a) === plain(b);
    return isNil(a) || isNil(b) ? false : evalError('incompatible types for comparison');
  }
  if (isNil(a) || isNil(b)) return isNil(a) === isNil(b);
  if (typeof a === 'bigint' && typeof b === 'bigint') return a === b;
  return evalError(`non-comparable type ${goType(b)}`);
}

function equalAny([first, ...others]: readonly GoValue[]): TemplateResult {
  for (const other of others) {
    const same = equal(first, other);
    if (typeof same !== 'boolean') return same;
    if (same) return ok(true);
  }
  return ok(false);
}

/** -1, 0 or 1 for two numbers of one kind or two strings. */
function order(a: GoValue, b: GoValue): number | BuiltinError {
  const [kind, other] = [basicKind(a), basicKind(b)];
  if (kind === null || other === null || kind === 'bool') return evalError('invalid type for comparison');
  if (kind !== other) return evalError('incompatible types for comparison');
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  if (typeof a === 'number' && typeof b === 'number')
    return a < b ? -1 : a > b ? 1 : a === b ? 0 : Number.NaN;
  if (!isGoInt(a) || !isGoInt(b)) return evalError('invalid type for comparison');
  return a.value < b.value ? -1 : a.value > b.value ? 1 : 0;
}

function comparing(test: (order: number) => boolean): TemplateFunction {
  return {
    least: 2,
    most: 2,
    run: ([a, b]) => {
      const result = order(a, b);
      return typeof result === 'number' ? ok(test(result)) : result;
    },
  };
}

const FUNCTIONS: ReadonlyMap<string, TemplateFunction> = new Map<string, TemplateFunction>([
  [
    'call',
    {
      least: 1,
      most: MANY,
      run: ([f]) => evalError(`error calling call: non-function of type ${goType(f)}`),
    },
  ],
  ['eq', { least: 2, most: MANY, run: equalAny }],
  [
    'ne',
    {
      least: 2,
      most: 2,
      run: ([a, b]) => {
        const same = equal(a, b);
        return typeof same === 'boolean' ? ok(!same) : same;
      },
    },
  ],
  ['lt', comparing((n) => n < 0)],
  ['le', comparing((n) => n <= 0)],
  ['gt', comparing((n) => !(n <= 0))],
  ['ge', comparing((n) => !(n < 0))],
  ['html', { least: 0, most: MANY, run: (args) => ok(htmlEscaped(joined(args))) }],
  ['js', { least: 0, most: MANY, run: (args) => ok(jsEscaped(joined(args))) }],
  ['urlquery', { least: 0, most: MANY, run: (args) => ok(queryEscape(joined(args))) }],
  ['index', { least: 1, most: MANY, run: indexAll }],
  ['len', { least: 1, most: 1, run: ([value]) => length(value) }],
  ['not', { least: 1, most: 1, run: ([value]) => ok(!isTrue(value)) }],
  ['print', { least: 0, most: MANY, run: (args) => ok(sprint(args)) }],
  [
    'printf',
    {
      least: 1,
      most: MANY,
      run: ([format, ...args]) =>
        typeof format === 'string'
          ? ok(sprintf(format, args))
          : evalError(`wrong type for value; expected string; got ${goText(format)}`),
    },
  ],
  ['println', { least: 0, most: MANY, run: (args) => ok(sprintln(args)) }],
  ['slice', { least: 1, most: 4, run: slice }],
]);

export const TEMPLATE_FUNCTION_NAMES: ReadonlySet<string> = new Set([...FUNCTIONS.keys(), 'and', 'or']);

/** Calls a function other than `and` and `or`. Errors: a wrong number of arguments, or what the function refuses. */
export function callTemplateFunction(name: string, args: readonly GoValue[]): TemplateResult {
  const found = FUNCTIONS.get(name);
  if (!found) return evalError(`"${name}" is not a defined function`);
  if (args.length < found.least || args.length > found.most) {
    return evalError(`wrong number of args for ${name}: got ${args.length}`);
  }
  return found.run(args);
}
