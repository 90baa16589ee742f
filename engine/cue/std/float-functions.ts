/** Functions of float64 as Go's math package computes them, where the platform's own differ or lack. */

/** The exponent of two of the leading bit; of a subnormal number too. */
function binaryExponent(x: number): number {
  const magnitude = Math.abs(x);
  let exponent = Math.floor(Math.log2(magnitude));
  // The logarithm may be off by one next to a power of two.
  if (2 ** exponent > magnitude) exponent--;
  else if (2 ** (exponent + 1) <= magnitude) exponent++;
  return exponent;
}

export function logb(x: number): number {
  if (x === 0) return Number.NEGATIVE_INFINITY;
  if (Number.isNaN(x)) return x;
  return Number.isFinite(x) ? binaryExponent(x) : Number.POSITIVE_INFINITY;
}

export function ilogb(x: number): bigint {
  if (x === 0) return -2147483648n;
  return Number.isFinite(x) ? BigInt(binaryExponent(x)) : 2147483647n;
}

/** fraction × 2^exponent, rounded once. */
export function ldexp(fraction: number, exponent: number): number {
  if (fraction === 0 || !Number.isFinite(fraction)) return fraction;
  const steps = Math.max(-2200, Math.min(2200, exponent));
  const shift = binaryExponent(fraction);
  const mantissa = scale(fraction, -shift);
  const total = shift + steps;
  if (total >= 1024) return fraction < 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (total >= -1022) return scale(mantissa, total);
  // Below the normal range the one multiplication that rounds comes last.
  return total < -1080 ? 0 * fraction : scale(mantissa, total + 1074) * 2 ** -1074;
}

/** x × 2^n in steps that stay in range. */
function scale(x: number, n: number): number {
  let value = x;
  let rest = n;
  for (; rest > 1000; rest -= 1000) value *= 2 ** 1000;
  for (; rest < -1000; rest += 1000) value *= 2 ** -1000;
  return value * 2 ** rest;
}

/** The IEEE 754 remainder: x - n y with n the whole number nearest to x / y, the even one in a tie. */
export function remainder(x: number, y: number): number {
  if (Number.isNaN(x) || Number.isNaN(y) || !Number.isFinite(x) || y === 0) return Number.NaN;
  if (!Number.isFinite(y)) return x;
  const divisor = Math.abs(y);
  let rest = Math.abs(x);
  if (rest === divisor) return 0 * x;
  if (divisor <= Number.MAX_VALUE / 2) rest %= divisor + divisor;
  if (divisor < 2 ** -1021) {
    if (rest + rest > divisor) {
      rest -= divisor;
      if (rest + rest >= divisor) rest -= divisor;
    }
  } else if (rest > divisor / 2) {
    rest -= divisor;
    if (rest >= divisor / 2) rest -= divisor;
  }
  return x < 0 ? -rest : rest;
}
