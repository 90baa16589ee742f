/** What a plain YAML scalar is, as CUE's reader decides it: YAML 1.2's core with the ints of 1.1, dates as text. */

type ScalarTag = 'null' | 'bool' | 'int' | 'float' | 'str' | 'timestamp';

const WORDS: ReadonlyMap<string, ScalarTag> = new Map([
  ...['true', 'True', 'TRUE', 'false', 'False', 'FALSE'].map((word) => [word, 'bool'] as const),
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, 'null'] as const),
  ...['.nan', '.NaN', '.NAN'].map((word) => [word, 'float'] as const),
  ...['', '+', '-'].flatMap((s) => ['.inf', '.Inf', '.INF'].map((word) => [s + word, 'float'] as const)),
]);

const FLOAT = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;
const UINT_MAX = 2n ** 64n - 1n;
const INT_MIN = -(2n ** 63n);

/** The tag of a plain scalar without one of its own. */
export function resolvePlain(text: string): ScalarTag {
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  const first = text[0] ?? '';
  if (first === '.') return FLOAT.test(text) && isFinite64(text) ? 'float' : 'str';
  if (!/[-+0-9]/.test(first)) return 'str';
  if (isTimestamp(text)) return 'timestamp';
  const digits = text.replaceAll('_', '');
  if (isInt64(digits)) return 'int';
  return FLOAT.test(digits) && isFinite64(digits) ? 'float' : 'str';
}

function isFinite64(text: string): boolean {
  return Number.isFinite(Number(text));
}

/** Decimal, 0x, 0o, 0b, and octal by a leading zero; within the range of int64 or uint64. */
function isInt64(digits: string): boolean {
  const match = /^([-+]?)(0[xX][0-9a-fA-F]+|0[oO]?[0-7]+|0[bB][01]+|0|[1-9][0-9]*)$/.exec(digits);
  const body = match?.[2];
  if (body === undefined) return false;
  const value = BigInt(/^0[0-7]/.test(body) ? `0o${body.slice(1)}` : body);
  return match?.[1] === ''
    ? value <= UINT_MAX
    : match?.[1] === '-'
      ? -value >= INT_MIN
      : value <= -INT_MIN - 1n;
}

const DATE = /^(\d{4})-(\d{1,2})-(\d{1,2})$/;
const DATE_TIME =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?(?:Z|[-+]\d\d:\d\d)| +(\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?)$/;

/** A date, or a date and time in the forms that the reader knows; the parts must be in range. */
function isTimestamp(text: string): boolean {
  const match = DATE.exec(text) ?? DATE_TIME.exec(text);
  if (!match) return false;
  const [year = 0, month = 0, day = 0, ...time] = match
    .slice(1)
    .filter((part) => part !== undefined)
    .map(Number);
  const [hour = 0, minute = 0, second = 0] = time;
  return (
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= daysIn(year, month) &&
    hour < 24 &&
    minute < 60 &&
    second < 60
  );
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
