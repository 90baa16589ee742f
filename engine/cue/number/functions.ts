/**
 * Roots, powers, exponentials and logarithms of decimals, to 34 digits. They work on fixed-point bigints with
 * spare digits; what is rounded along the way is rounded where CUE's arithmetic rounds.
 */
import type { Decimal, NumberError } from './decimal.ts';
import {
  abs,
  add,
  compare,
  digitCount,
  finite,
  fromBigint,
  INFINITY,
  integerPower,
  isNumberError,
  isZero,
  mul,
  NAN,
  numberError,
  ONE,
  PRECISION,
  pow10,
  quantize,
  quo,
  round,
  sign,
  split,
  sub,
  toBigint,
  ZERO,
} from './decimal.ts';

type Result = Decimal | NumberError;

const INVALID = numberError('invalid operation');
const OVERFLOW = numberError('overflow');
const UNDERFLOW = numberError('underflow, subnormal');

export const LN2 =
  '0.69314718055994530941723212145817656807550013436025525412068000949339362196969471560586332699641868754200148102';
const LN10 =
  '2.30258509299404568401799145468436420760110148862877297603332790096757260967735248023599720508959829834196778404';
export const INVERSE_LN10 = '0.4342944819032518276511289189166050822943970058036665661144537831';

/** Spare digits of the fixed-point work. */
const SPARE = 25;
/** Digits that the constants above are good for. */
const CONSTANT_DIGITS = 110;

/** A constant as a fixed-point number of `scale` digits behind the point; at most 110. */
function fixedConstant(text: string, scale: number): bigint {
  const digits = text.replace('.', '');
  const places = text.length - text.indexOf('.') - 1;
  return scale >= places ? BigInt(digits) * pow10(scale - places) : BigInt(digits) / pow10(places - scale);
}

/** A finite decimal as a fixed-point number. */
function toFixed(value: Decimal, scale: number): bigint {
  const shift = value.exponent + scale;
  const magnitude =
    shift >= 0 ? value.coefficient * pow10(shift) : value.coefficient / pow10(Math.min(-shift, 100_000));
  return value.negative ? -magnitude : magnitude;
}

function fromFixed(value: bigint, scale: number, precision: number): Result {
  return round(finite(value < 0n, value < 0n ? -value : value, -scale), precision);
}

/** The exponent of the leading digit. */
function adjusted(value: Decimal): number {
  return value.exponent + digitCount(value.coefficient) - 1;
}

/** The natural logarithm. Errors: a negative number. ln 0 is -Infinity, ln 1 is 0. */
export function ln(x: Decimal, precision = PRECISION): Result {
  const special = logarithmOfSpecial(x);
  if (special) return special;
  const offset = sub(x, ONE, precision + SPARE);
  if (isNumberError(offset)) return offset;
  // Close to 1 the leading digits cancel, so a series in the offset is exact where fixed point is not.
  if (adjusted(offset) < -20) return lnNearOne(offset, precision);
  const scale = precision + SPARE + 21;
  const digits = digitCount(x.coefficient);
  const whole = toFixed(finite(false, x.coefficient, -digits), scale);
  let [mantissa, halvings] = [whole, 0n];
  while (mantissa * 10n < pow10(scale) * 7n) {
    mantissa *= 2n;
    halvings++;
  }
  const powers = BigInt(x.exponent + digits);
  const sum =
    lnOfMantissa(mantissa, scale) -
    halvings * fixedConstant(LN2, scale) +
    powers * fixedConstant(LN10, scale);
  return fromFixed(sum, scale, precision);
}

function logarithmOfSpecial(x: Decimal): Result | null {
  if (x.form === 'nan') return NAN;
  if (sign(x) < 0) return INVALID;
  if (x.form === 'infinite') return INFINITY;
  if (isZero(x)) return { ...INFINITY, negative: true };
  return compare(x, ONE) === 0 ? ZERO : null;
}

/** ln(1 + d) = d - d²/2 + d³/3 for |d| below 10^-20. */
function lnNearOne(offset: Decimal, precision: number): Result {
  const wide = precision + SPARE;
  let sum: Result = offset;
  let power: Result = offset;
  for (let n = 2n; n <= 5n; n++) {
    if (isNumberError(power)) return power;
    power = mul(power, offset, wide);
    if (isNumberError(power)) break;
    const term: Result = quotient(power, fromBigint(n % 2n === 0n ? -n : n), wide);
    if (isNumberError(sum) || isNumberError(term)) break;
    sum = add(sum, term, wide);
  }
  return isNumberError(sum) ? sum : round(sum, precision);
}

function quotient(a: Decimal, b: Decimal, precision: number): Result {
  const shift = Math.max(0, precision + digitCount(b.coefficient) - digitCount(a.coefficient) + 1);
  const value = (a.coefficient * pow10(shift)) / b.coefficient;
  return round(finite(a.negative !== b.negative, value, a.exponent - b.exponent - shift), precision);
}

/** 2 × artanh((m - 1) / (m + 1)) for a fixed-point m between 0.7 and 1.4. */
function lnOfMantissa(mantissa: bigint, scale: number): bigint {
  const unit = pow10(scale);
  const z = ((mantissa - unit) * unit) / (mantissa + unit);
  const square = (z * z) / unit;
  let sum = 0n;
  let power = z;
  for (let n = 1n; power !== 0n; n += 2n) {
    sum += power / n;
    power = (power * square) / unit;
  }
  return sum * 2n;
}

/** The logarithm to base 10, from the natural one at 36 digits. */
export function log10(x: Decimal): Result {
  const special = logarithmOfSpecial(x);
  if (special) return special;
  const natural = ln(x, PRECISION + 2);
  if (isNumberError(natural)) return natural;
  return mul(natural, finite(false, fixedConstant(INVERSE_LN10, 64), -64));
}

/** The logarithm to base 2: the quotient of two natural ones, each rounded. */
export function log2(x: Decimal): Result {
  const natural = ln(x);
  const two = ln(fromBigint(2n));
  if (isNumberError(natural) || isNumberError(two)) return natural;
  return quo(natural, two);
}

/** e^x. Errors: overflow above about 23 000, underflow below. */
export function exp(x: Decimal, precision = PRECISION): Result {
  if (x.form === 'nan') return NAN;
  if (x.form === 'infinite') return x.negative ? ZERO : INFINITY;
  if (isZero(x)) return ONE;
  const limit = finite(false, BigInt(23 * Math.max(precision, 1000)), 0);
  if (compare(abs(x), limit) > 0) return x.negative ? UNDERFLOW : OVERFLOW;
  if (compare(abs(x), finite(false, 9n, -precision - 1)) <= 0) return ONE;
  const scale = Math.min(precision + SPARE + 8, CONSTANT_DIGITS - 6);
  const unit = pow10(scale);
  const ln10 = fixedConstant(LN10, scale);
  const rounded = round(x, precision, 'half-even');
  if (isNumberError(rounded)) return rounded;
  const value = toFixed(rounded, scale);
  const powers = value / ln10;
  const sum = expOfFraction(value - powers * ln10, unit);
  const result = fromFixed(sum, scale, precision);
  return isNumberError(result) ? result : finite(false, result.coefficient, result.exponent + Number(powers));
}

/** The exponential series of a fixed-point number below ln 10, after halving it six times. */
function expOfFraction(value: bigint, unit: bigint): bigint {
  const reduced = value / 64n;
  let sum = unit;
  let term = unit;
  for (let n = 1n; term !== 0n; n++) {
    term = (term * reduced) / (unit * n);
    sum += term;
  }
  for (let i = 0; i < 6; i++) sum = (sum * sum) / unit;
  return sum;
}

/** The cube root. An exact one still has 34 digits. */
export function cbrt(x: Decimal): Result {
  if (x.form !== 'finite') return x;
  if (isZero(x)) return finite(x.negative, 0n, Math.trunc(x.exponent / 3));
  const wanted = 3 * (PRECISION + 4);
  let shift = Math.max(0, wanted - digitCount(x.coefficient));
  while ((x.exponent - shift) % 3 !== 0) shift++;
  const scaled = x.coefficient * pow10(shift);
  const root = integerCubeRoot(scaled);
  const exact = root ** 3n === scaled;
  // A sticky digit keeps a root that is not exact on the right side of a tie.
  return round(finite(x.negative, root * 10n + (exact ? 0n : 1n), (x.exponent - shift) / 3 - 1));
}

function integerCubeRoot(n: bigint): bigint {
  let root = pow10(Math.ceil(digitCount(n) / 3));
  for (;;) {
    const next = (2n * root + n / (root * root)) / 3n;
    if (next >= root) return root;
    root = next;
  }
}

/** Precision that powers use for bases with very many digits. */
const WIDEST = 1000;
/** Beyond so many bits of exponent every power but of ±1 leaves the range. */
const MAX_POWER_BITS = 4096;

/** x^y. Errors: 0^0, a negative base with a fraction as exponent, a result out of range. */
export function pow(x: Decimal, y: Decimal): Result {
  if (x.form === 'nan' || y.form === 'nan') return NAN;
  const { whole, fraction } = y.form === 'finite' ? split(y) : { whole: y, fraction: ZERO };
  const isWhole = isZero(fraction);
  const odd = y.form === 'finite' && isWhole && whole.exponent === 0 && whole.coefficient % 2n === 1n;
  const negative = x.negative && odd;
  if (x.form === 'infinite') return powerOfInfinity(x, y, { isWhole, negative });
  if (isZero(x)) {
    if (sign(y) === 0) return INVALID;
    return { ...(sign(y) > 0 ? ZERO : INFINITY), negative };
  }
  if (sign(y) === 0) return ONE;
  if (x.negative && !isWhole) return INVALID;
  const precision = Math.min(Math.max(PRECISION, digitCount(x.coefficient)), WIDEST) + 10;
  const integral = wholePower(x, whole, precision);
  if (isNumberError(integral)) return integral;
  if (isWhole) return round(integral);
  const factor = fractionalPower(x, fraction, precision);
  const product = isNumberError(factor) ? factor : mul(integral, factor, precision);
  return isNumberError(product) ? product : round(product);
}

function powerOfInfinity(
  x: Decimal,
  y: Decimal,
  { isWhole, negative }: { readonly isWhole: boolean; readonly negative: boolean },
): Result {
  if (sign(y) === 0) return { ...ONE, negative };
  if (x.negative && (y.form === 'infinite' || !isWhole)) return INVALID;
  return { ...(y.negative ? ZERO : INFINITY), negative };
}

function wholePower(x: Decimal, n: Decimal, precision: number): Result {
  const whole = quantize(n, 0);
  const exponent = isNumberError(whole) ? null : toBigint(whole);
  if (exponent === null) return numberError('exponent out of range');
  if (exponent.toString(16).length * 4 > MAX_POWER_BITS && compare(abs(x), ONE) !== 0) {
    return numberError('exponent out of range');
  }
  if (exponent.toString(16).length * 4 > MAX_POWER_BITS) return exponent % 2n === 0n ? ONE : x;
  return integerPower(x, exponent, precision);
}

function fractionalPower(x: Decimal, fraction: Decimal, precision: number): Result {
  const width = Math.min(precision, PRECISION + 10);
  const logarithm = ln(abs(x), width);
  const product = isNumberError(logarithm) ? logarithm : mul(logarithm, fraction, width);
  return isNumberError(product) ? product : exp(product, width);
}
