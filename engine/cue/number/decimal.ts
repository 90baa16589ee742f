/**
 * Decimal arithmetic as CUE's numbers have it: 34 significant digits, half-way cases away from zero, adjusted
 * exponents up to ±100 000 (General Decimal Arithmetic; https://speleotrove.com/decimal/decarith.html).
 * Every result that would leave these bounds is an error value, so no operation makes a giant bigint.
 */

/** An arbitrary-precision decimal: (-1)^negative × coefficient × 10^exponent. The coefficient is never negative. */
export interface Decimal {
  readonly form: 'finite' | 'infinite' | 'nan';
  readonly negative: boolean;
  readonly coefficient: bigint;
  readonly exponent: number;
}

/** Arithmetic that has no result. Final (`eval`) in CUE. */
export interface NumberError {
  readonly type: 'error';
  readonly code: 'eval';
  readonly message: string;
}

export type Rounding = 'half-up' | 'half-even';

/** Significant digits of a result. */
export const PRECISION = 34;
/** The largest |exponent + digits - 1| of a finite number. */
export const MAX_EXPONENT = 100_000;
/** The longest run of digits that is read; a longer number is an error. */
export const MAX_DIGITS = 100_000;

const OUT_OF_RANGE = 'exponent out of range';
const SMALL_POWERS: readonly bigint[] = Array.from({ length: 80 }, (_, n) => 10n ** BigInt(n));

export const ZERO = finite(false, 0n, 0);
export const ONE = finite(false, 1n, 0);
export const INFINITY: Decimal = { form: 'infinite', negative: false, coefficient: 0n, exponent: 0 };
export const NAN: Decimal = { form: 'nan', negative: false, coefficient: 0n, exponent: 0 };

export function numberError(message: string): NumberError {
  return { type: 'error', code: 'eval', message };
}

/** What an object calls itself by its `type`; undefined for anything else. */
export function typeTag(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined;
}

export function isNumberError(value: unknown): value is NumberError {
  return typeTag(value) === 'error';
}

/** 10^n for n ≥ 0. Callers keep n within the exponent range. */
export function pow10(n: number): bigint {
  return SMALL_POWERS[n] ?? 10n ** BigInt(n);
}

export function finite(negative: boolean, coefficient: bigint, exponent: number): Decimal {
  return { form: 'finite', negative, coefficient, exponent };
}

export function fromBigint(value: bigint): Decimal {
  return value < 0n ? finite(true, -value, 0) : finite(false, value, 0);
}

/** The decimal that a number's shortest text spells, as Go's strconv gives it for a float64. */
export function fromFloat(value: number): Decimal {
  if (Number.isNaN(value)) return NAN;
  if (!Number.isFinite(value)) return { ...INFINITY, negative: value < 0 };
  const [mantissa = '0', exponent = '0'] = Math.abs(value).toExponential().split('e');
  const digits = mantissa.replace('.', '');
  const scale = Number(exponent) - (digits.length - 1);
  return finite(value < 0 || Object.is(value, -0), BigInt(digits), scale);
}

/** The float64 nearest to a decimal (±Infinity beyond its range). */
export function toFloat(value: Decimal): number {
  return Number(value.form === 'nan' ? 'NaN' : format(value));
}

/**
 * Reads `[+-]digits[.digits][e[+-]digits]` (also `.5`, `5.`) without rounding; underscores are not accepted.
 * Error: not a number, too many digits, or an exponent out of range.
 */
export function fromString(text: string): Decimal | NumberError {
  if (text.length > MAX_DIGITS + 32) return numberError('number has too many digits');
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text);
  const whole = match?.[2] ?? '';
  const fraction = match?.[3] ?? '';
  if (!match || whole.length + fraction.length === 0) return numberError(`invalid number "${clip(text)}"`);
  const scale = Number(match[4] ?? '0') - fraction.length;
  return bounded(match[1] === '-', BigInt(whole + fraction), scale);
}

function clip(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

/** How many digits a coefficient has; 1 for zero. */
export function digitCount(coefficient: bigint): number {
  if (coefficient < 1_000_000_000_000_000n) {
    const small = Number(coefficient);
    if (small < 10) return 1;
    if (small < 1e5) return small < 100 ? 2 : small < 1000 ? 3 : small < 10000 ? 4 : 5;
  }
  return coefficient.toString().length;
}

function bounded(negative: boolean, coefficient: bigint, exponent: number): Decimal | NumberError {
  const adjusted = exponent + digitCount(coefficient) - 1;
  const beyond = Math.abs(exponent) > 2 * MAX_EXPONENT || Math.abs(adjusted) > MAX_EXPONENT;
  return beyond ? numberError(OUT_OF_RANGE) : finite(negative, coefficient, exponent);
}

/** Rounds to `precision` significant digits. Error: the exponent leaves the range. */
export function round(
  value: Decimal,
  precision = PRECISION,
  rounding: Rounding = 'half-up',
): Decimal | NumberError {
  if (value.form !== 'finite') return value;
  if (Math.abs(value.exponent) > MAX_EXPONENT) return numberError(OUT_OF_RANGE);
  return roundDigits(value, precision, rounding);
}

/** Rounds a finite value whose exponent may be out of range before, but not after. */
function roundDigits(value: Decimal, precision: number, rounding: Rounding): Decimal | NumberError {
  const surplus = digitCount(value.coefficient) - precision;
  if (surplus <= 0) return bounded(value.negative, value.coefficient, value.exponent);
  const unit = pow10(surplus);
  const kept = value.coefficient / unit;
  const rounded = roundsUp(kept, value.coefficient % unit, unit, rounding) ? kept + 1n : kept;
  // 99…9 rounds up to one digit too many.
  if (rounded === pow10(precision))
    return bounded(value.negative, rounded / 10n, value.exponent + surplus + 1);
  return bounded(value.negative, rounded, value.exponent + surplus);
}

function roundsUp(kept: bigint, rest: bigint, unit: bigint, rounding: Rounding): boolean {
  const twice = rest * 2n;
  if (twice !== unit) return twice > unit;
  return rounding === 'half-up' || kept % 2n === 1n;
}

export function isZero(value: Decimal): boolean {
  return value.form === 'finite' && value.coefficient === 0n;
}

/** -1, 0 or 1; -0 has sign 0. */
export function sign(value: Decimal): -1 | 0 | 1 {
  if (isZero(value)) return 0;
  return value.negative ? -1 : 1;
}

/** The value with the other sign; zero has none. Not rounded. */
export function neg(value: Decimal): Decimal {
  return { ...value, negative: isZero(value) ? false : !value.negative };
}

export function abs(value: Decimal): Decimal {
  return value.negative ? { ...value, negative: false } : value;
}

/** Whether the value is a whole number, however it is written (`3.0`, `1E+3`). */
export function isInt(value: Decimal): boolean {
  if (value.form !== 'finite') return false;
  if (value.exponent >= 0 || value.coefficient === 0n) return true;
  if (-value.exponent > digitCount(value.coefficient)) return false;
  return value.coefficient % pow10(-value.exponent) === 0n;
}

/** The whole number that a decimal is, or null where it has a fraction or is not finite. At most 100 001 digits. */
export function toBigint(value: Decimal): bigint | null {
  if (!isInt(value)) return null;
  if (value.coefficient === 0n) return 0n;
  const magnitude =
    value.exponent >= 0
      ? value.coefficient * pow10(value.exponent)
      : value.coefficient / pow10(-value.exponent);
  return value.negative ? -magnitude : magnitude;
}

/** Compares by value: 1.0 equals 1, -0 equals 0. NaN is treated as the largest, so that sorting stays total. */
export function compare(a: Decimal, b: Decimal): -1 | 0 | 1 {
  if (a.form === 'nan' || b.form === 'nan') return order(a.form === 'nan' ? 1 : 0, b.form === 'nan' ? 1 : 0);
  const signs = order(sign(a), sign(b));
  if (signs !== 0 || isZero(a)) return signs;
  const magnitudes = compareMagnitude(a, b);
  if (magnitudes === 0) return 0;
  return (magnitudes === 1) !== a.negative ? 1 : -1;
}

function order<T extends number | bigint>(a: T, b: T): -1 | 0 | 1 {
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareMagnitude(a: Decimal, b: Decimal): -1 | 0 | 1 {
  if (a.form === 'infinite' || b.form === 'infinite') {
    return order(a.form === 'infinite' ? 1 : 0, b.form === 'infinite' ? 1 : 0);
  }
  if (a.exponent === b.exponent) return order(a.coefficient, b.coefficient);
  const adjusted = order(a.exponent + digitCount(a.coefficient), b.exponent + digitCount(b.coefficient));
  if (adjusted !== 0) return adjusted;
  const shift = a.exponent - b.exponent;
  return shift > 0
    ? order(a.coefficient * pow10(shift), b.coefficient)
    : order(a.coefficient, b.coefficient * pow10(-shift));
}

export function add(a: Decimal, b: Decimal, precision = PRECISION): Decimal | NumberError {
  if (a.form === 'nan' || b.form === 'nan') return NAN;
  if (a.form === 'infinite' || b.form === 'infinite') return addInfinite(a, b);
  if (Math.abs(a.exponent - b.exponent) > MAX_EXPONENT) return numberError(`add: ${OUT_OF_RANGE}`);
  const [x, y] = a.exponent < b.exponent ? [b, a] : [a, b];
  if (vanishesBeside(y, x, precision)) return addTiny(x, y, precision);
  const scaled = x.exponent === y.exponent ? x.coefficient : x.coefficient * pow10(x.exponent - y.exponent);
  return round(addAligned(x.negative, scaled, y), precision);
}

/** The sum of ±left × 10^e and y, whose exponent is e. An exact zero is positive unless both were negative. */
function addAligned(negative: boolean, left: bigint, y: Decimal): Decimal {
  if (negative === y.negative) return finite(negative, left + y.coefficient, y.exponent);
  const difference = left - y.coefficient;
  if (difference === 0n) return finite(false, 0n, y.exponent);
  return difference > 0n
    ? finite(negative, difference, y.exponent)
    : finite(!negative, -difference, y.exponent);
}

function addInfinite(a: Decimal, b: Decimal): Decimal | NumberError {
  if (a.form === 'infinite' && b.form === 'infinite' && a.negative !== b.negative) {
    return numberError('invalid operation');
  }
  return a.form === 'infinite' ? a : b;
}

const GUARD_DIGITS = 5;

/** Whether `small` lies so far below `large` that only its sign can touch the rounded sum. */
function vanishesBeside(small: Decimal, large: Decimal, precision: number): boolean {
  if (large.coefficient === 0n || large.exponent - small.exponent <= precision + GUARD_DIGITS) return false;
  const padding = Math.max(0, precision + GUARD_DIGITS - digitCount(large.coefficient));
  return small.exponent + digitCount(small.coefficient) < large.exponent - padding;
}

/** Adds a number that is too small to count: one unit far behind the last kept digit stands for it. */
function addTiny(large: Decimal, small: Decimal, precision: number): Decimal | NumberError {
  const digits = digitCount(large.coefficient);
  if (large.exponent + digits - small.exponent - precision > MAX_EXPONENT) return numberError(OUT_OF_RANGE);
  const padding = Math.max(0, precision + GUARD_DIGITS - digits) + 1;
  const padded = large.coefficient * pow10(padding);
  const stand = small.coefficient === 0n ? 0n : large.negative === small.negative ? 1n : -1n;
  return round(finite(large.negative, padded + stand, large.exponent - padding), precision);
}

export function sub(a: Decimal, b: Decimal, precision = PRECISION): Decimal | NumberError {
  return add(a, { ...b, negative: !b.negative }, precision);
}

/** The product; zeros of the factors' scales are kept (1.5 × 2.0 is 3.00), and 0 × -1 is -0. */
export function mul(a: Decimal, b: Decimal, precision = PRECISION): Decimal | NumberError {
  if (a.form === 'nan' || b.form === 'nan') return NAN;
  const negative = a.negative !== b.negative;
  if (a.form === 'infinite' || b.form === 'infinite') {
    return isZero(a) || isZero(b) ? numberError('invalid operation') : { ...INFINITY, negative };
  }
  return round(finite(negative, a.coefficient * b.coefficient, a.exponent + b.exponent), precision);
}

/**
 * The quotient, always a float in CUE: trailing zeros go, but one stays behind the point (6 / 2 is 3.0).
 * Errors: `division by zero`, `division undefined` (0 / 0), exponent out of range.
 */
export function quo(a: Decimal, b: Decimal): Decimal | NumberError {
  const quotient = divide(a, b);
  return isNumberError(quotient) ? quotient : reduceKeepingPoint(quotient);
}

/** The quotient at full precision, with the zeros that the division leaves. */
export function divide(a: Decimal, b: Decimal, precision = PRECISION): Decimal | NumberError {
  if (a.form === 'nan' || b.form === 'nan') return NAN;
  const negative = a.negative !== b.negative;
  if (a.form === 'infinite')
    return b.form === 'infinite' ? numberError('invalid operation') : { ...INFINITY, negative };
  if (b.form === 'infinite') return finite(negative, 0n, -1);
  if (b.coefficient === 0n)
    return numberError(a.coefficient === 0n ? 'division undefined' : 'division by zero');
  if (a.coefficient === 0n) return bounded(negative, 0n, a.exponent - b.exponent);
  // One digit more than asked, and a sticky digit behind it for the remainder.
  const shift = Math.max(0, precision + 1 + digitCount(b.coefficient) - digitCount(a.coefficient));
  const dividend = a.coefficient * pow10(shift);
  const whole = dividend / b.coefficient;
  const sticky = whole * b.coefficient === dividend ? 0n : 1n;
  const exact = finite(negative, whole * 10n + sticky, a.exponent - b.exponent - shift - 1);
  return roundDigits(exact, precision, 'half-up');
}

/** Drops trailing zeros, leaving `.0` on a number that had a fraction (CUE's form of quotients and roots). */
function reduceKeepingPoint(value: Decimal): Decimal {
  if (value.form !== 'finite') return value;
  const reduced = reduce(value);
  if (value.exponent >= 0 || reduced.exponent < 0) return reduced;
  return finite(reduced.negative, reduced.coefficient * 10n, reduced.exponent - 1);
}

/** The value without trailing zeros; zero becomes plain 0. */
export function reduce(value: Decimal): Decimal {
  if (value.form !== 'finite') return value;
  if (value.coefficient === 0n) return ZERO;
  if (value.coefficient % 10n !== 0n) return value;
  const digits = value.coefficient.toString();
  const kept = digits.replace(/0+$/, '');
  return finite(value.negative, BigInt(kept), value.exponent + digits.length - kept.length);
}

/** Rounds half away from zero to the given exponent, e.g. 0 for a whole number. Never more digits than the range allows. */
export function quantize(
  value: Decimal,
  exponent: number,
  rounding: Rounding = 'half-up',
): Decimal | NumberError {
  if (value.form !== 'finite') return value;
  const drop = exponent - value.exponent;
  if (drop <= 0) {
    if (-drop > MAX_EXPONENT) return numberError(OUT_OF_RANGE);
    return finite(value.negative, value.coefficient * pow10(-drop), exponent);
  }
  if (drop > digitCount(value.coefficient)) return finite(value.negative, 0n, exponent);
  const unit = pow10(drop);
  const kept = value.coefficient / unit;
  const up = roundsUp(kept, value.coefficient % unit, unit, rounding);
  return finite(value.negative, up ? kept + 1n : kept, exponent);
}

/** Splits at the decimal point; both parts carry the value's sign. */
export function split(value: Decimal): { readonly whole: Decimal; readonly fraction: Decimal } {
  if (value.exponent >= 0) return { whole: value, fraction: finite(value.negative, 0n, 0) };
  if (-value.exponent > digitCount(value.coefficient)) {
    return { whole: finite(value.negative, 0n, 0), fraction: value };
  }
  const unit = pow10(-value.exponent);
  return {
    whole: finite(value.negative, value.coefficient / unit, 0),
    fraction: finite(value.negative, value.coefficient % unit, value.exponent),
  };
}

/** x^n by repeated multiplication at the given precision; n may be negative. */
export function integerPower(x: Decimal, n: bigint, precision = PRECISION): Decimal | NumberError {
  let result: Decimal | NumberError = ONE;
  let square: Decimal | NumberError = x;
  for (let rest = n < 0n ? -n : n; rest > 0n; rest >>= 1n) {
    if (isNumberError(square) || isNumberError(result)) break;
    if (rest & 1n) result = mul(result, square, precision);
    if (rest > 1n) square = mul(square, square, precision);
  }
  if (isNumberError(square)) return square;
  if (isNumberError(result) || n >= 0n) return result;
  return divide(ONE, result, precision);
}

/**
 * The text of a number as CUE prints and marshals it (to-scientific-string, with `E+3` for a positive exponent):
 * 1.50, 1E+3, 1E-7, -0. A zero with decimals keeps them (0E-7 is 0.0000000) down to 2000 places.
 */
export function format(value: Decimal): string {
  const minus = value.negative ? '-' : '';
  if (value.form === 'nan') return `${minus}NaN`;
  if (value.form === 'infinite') return `${minus}Infinity`;
  const digits = value.coefficient.toString();
  const zeroWithPlaces = value.coefficient === 0n && value.exponent < 0 && value.exponent >= -2000;
  const adjusted = value.exponent + digits.length - 1;
  if (value.exponent <= 0 && (zeroWithPlaces || adjusted >= -6)) return minus + plain(digits, value.exponent);
  return minus + scientific(digits, adjusted, 'E');
}

export function scientific(digits: string, adjusted: number, mark: 'e' | 'E'): string {
  const mantissa = digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : digits;
  return `${mantissa}${mark}${adjusted < 0 ? '-' : '+'}${Math.abs(adjusted)}`;
}

function plain(digits: string, exponent: number): string {
  if (exponent >= 0) return digits + '0'.repeat(exponent);
  const point = digits.length + exponent;
  return point <= 0 ? `0.${'0'.repeat(-point)}${digits}` : `${digits.slice(0, point)}.${digits.slice(point)}`;
}
