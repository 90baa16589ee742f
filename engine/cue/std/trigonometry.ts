/**
 * Sine, cosine, tangent and their inverses of float64 by the rational approximations of the Cephes library
 * (S. L. Moshier), which Go's math package uses; other platforms differ in the last digit.
 */

/** π/4 in three parts, so that multiples of it can be subtracted with extra precision. */
const QUARTER = [0.7853981256484985, 3.774894707930798e-8, 2.6951514290790595e-15] as const;
const SINE = [
  ...[1.5896230157654656e-10, -2.5050747762857807e-8, 2.7557313621385722e-6],
  ...[-0.0001984126982958954, 0.008333333333322118, -0.1666666666666663],
];
const COSINE = [
  ...[-1.1358536521387682e-11, 2.087570084197473e-9, -2.755731417929674e-7],
  ...[2.4801587288851704e-5, -0.0013888888888873056, 0.041666666666666595],
];
const TANGENT_P = [-13093.693918138379, 1153516.6483858742, -17956525.197648488];
const TANGENT_Q = [1, ...[13681.296347069296, -1320892.3444021097, 25008380.18233579, -53869575.592945464]];
const ARC_P = [
  ...[-0.8750608600031904, -16.157537187333652, -75.00855792314705],
  ...[-122.88666844901361, -64.85021904942025],
];
const ARC_Q = [
  1,
  ...[24.858464901423062, 165.02700983169885, 432.88106049129027],
  ...[485.3903996359137, 194.5506571482614],
];

/** A polynomial with the highest coefficient first. */
function polynomial(coefficients: readonly number[], x: number): number {
  let [sum = 0] = coefficients;
  for (let i = 1; i < coefficients.length; i++) sum = sum * x + (coefficients[i] ?? 0);
  return sum;
}

/** Beyond this the reduction in three parts loses digits. */
const LARGE = 2 ** 29;

interface Reduced {
  /** Which eighth of the circle, made even. */
  readonly octant: number;
  /** The rest, between -π/4 and π/4. */
  readonly rest: number;
}

function reduce(x: number): Reduced {
  if (x >= LARGE) return reduceLarge(x);
  let octant = Math.trunc(x * (4 / Math.PI));
  if (octant % 2 === 1) octant++;
  const rest = x - octant * QUARTER[0] - octant * QUARTER[1] - octant * QUARTER[2];
  return { octant: octant % 8, rest };
}

/** 4/π in binary, 1216 digits behind the point. */
const FOUR_OVER_PI = BigInt(
  '0x145f306dc9c882a53f84eafa3ea69bb81b6c52b3278872083fca2c757bd778ac36e48dc74849ba5c00c925dd413a32439fc3bd63962534e7dd1046' +
    'bea5d768909d338e04d68befc827323ac7306a673e93908bf177bf250763ff12fffbc0b301fde5e2316b414da3eda6cfd9e4f96136e9e8c7ecd3cb' +
    'fd45aea4f758fd7cbe2f67a0e73ef14a525d4d7f6bf623f1aba10ac06608df8f6d757',
);
const DIGITS = 1216;
const MASK = (1n << 64n) - 1n;

/** Reduction by Payne and Hanek: of x × 4/π only the digits that matter are multiplied. */
function reduceLarge(x: number): Reduced {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  const bits = view.getBigUint64(0);
  const exponent = Number((bits >> 52n) & 0x7ffn) - 1075;
  const mantissa = (bits & ((1n << 52n) - 1n)) | (1n << 52n);
  // 192 digits of 4/π from where the product has three digits before the point.
  const window = (FOUR_OVER_PI >> BigInt(DIGITS - 189 - exponent)) & ((1n << 192n) - 1n);
  const [z0, z1, z2] = [window >> 128n, (window >> 64n) & MASK, window & MASK];
  const low = z1 * mantissa + ((z2 * mantissa) >> 64n);
  const high = (((z0 * mantissa) & MASK) + (low >> 64n)) & MASK;
  const fraction = ((high << 3n) & MASK) | ((low & MASK) >> 61n);
  const octant = Number(high >> 61n);
  const rest = toUnit(fraction, low & MASK);
  return octant % 2 === 1
    ? { octant: (octant + 1) % 8, rest: (rest - 1) * (Math.PI / 4) }
    : { octant, rest: rest * (Math.PI / 4) };
}

/** A fraction of 64 digits as a float64 below 1, cut after 53 digits. */
function toUnit(fraction: bigint, low: bigint): number {
  const zeros = 64 - (fraction === 0n ? 0 : fraction.toString(2).length);
  const shifted = ((fraction << BigInt(zeros + 1)) & MASK) | (low >> BigInt(63 - zeros));
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, (shifted >> 12n) | (BigInt(1022 - zeros) << 52n));
  return view.getFloat64(0);
}

function sineSeries(z: number): number {
  const square = z * z;
  return z + z * square * polynomial(SINE, square);
}

function cosineSeries(z: number): number {
  const square = z * z;
  return 1 - 0.5 * square + square * square * polynomial(COSINE, square);
}

export function sin(x: number): number {
  if (x === 0 || Number.isNaN(x)) return x;
  if (!Number.isFinite(x)) return Number.NaN;
  const { octant, rest } = reduce(Math.abs(x));
  const value = octant === 2 || octant === 6 ? cosineSeries(rest) : sineSeries(rest);
  return x < 0 !== octant > 3 ? -value : value;
}

export function cos(x: number): number {
  if (!Number.isFinite(x)) return Number.NaN;
  const { octant, rest } = reduce(Math.abs(x));
  const value = octant === 2 || octant === 6 ? sineSeries(rest) : cosineSeries(rest);
  return octant === 2 || octant === 4 ? -value : value;
}

export function tan(x: number): number {
  if (x === 0 || Number.isNaN(x)) return x;
  if (!Number.isFinite(x)) return Number.NaN;
  const { octant, rest } = reduce(Math.abs(x));
  const square = rest * rest;
  const series = rest + rest * ((square * polynomial(TANGENT_P, square)) / polynomial(TANGENT_Q, square));
  const near = square > 1e-14 ? series : rest;
  const value = octant === 2 || octant === 6 ? -1 / near : near;
  return x < 0 ? -value : value;
}

/** The arc tangent of a number between 0 and 0.66. */
function arcSeries(x: number): number {
  const square = x * x;
  const quotient = (square * polynomial(ARC_P, square)) / polynomial(ARC_Q, square);
  return x * quotient + x;
}

/** What π/2 lacks as a float64. */
const MORE_BITS = 6.123233995736766e-17;
const TAN_3_PI_8 = 2.414213562373095;

function arcOfPositive(x: number): number {
  if (x <= 0.66) return arcSeries(x);
  if (x > TAN_3_PI_8) return Math.PI / 2 - arcSeries(1 / x) + MORE_BITS;
  return Math.PI / 4 + arcSeries((x - 1) / (x + 1)) + 0.5 * MORE_BITS;
}

export function atan(x: number): number {
  if (x === 0) return x;
  return x > 0 ? arcOfPositive(x) : -arcOfPositive(-x);
}

export function asin(x: number): number {
  if (x === 0) return x;
  const size = Math.abs(x);
  if (!(size <= 1)) return Number.NaN;
  const other = Math.sqrt(1 - size * size);
  const angle = size > 0.7 ? Math.PI / 2 - arcOfPositive(other / size) : arcOfPositive(size / other);
  return x < 0 ? -angle : angle;
}

export function acos(x: number): number {
  return Math.PI / 2 - asin(x);
}

export function atan2(y: number, x: number): number {
  // Zeros and infinities are settled by IEEE 754, which the platform follows.
  if (y === 0 || x === 0 || !Number.isFinite(x) || !Number.isFinite(y)) return Math.atan2(y, x);
  const angle = atan(y / x);
  if (x >= 0) return angle;
  return angle <= 0 ? angle + Math.PI : angle - Math.PI;
}
