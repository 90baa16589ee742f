/** float64 as text in Go's formats (strconv.FormatFloat), exact at any precision. */
import { scientific } from '../number/decimal.ts';

/** The decimal digits of a magnitude: 0.d1d2d3… × 10^point, without trailing zeros; empty for zero. */
interface Digits {
  readonly digits: string;
  readonly point: number;
}

/** The mantissa and the exponent of two of a positive finite number. */
function binaryParts(value: number): { readonly mantissa: bigint; readonly exponent: number } {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  const high = bits.getUint32(0);
  const fraction = (BigInt(high & 0xfffff) << 32n) | BigInt(bits.getUint32(4));
  const exponent = (high >> 20) & 0x7ff;
  if (exponent === 0) return { mantissa: fraction, exponent: -1074 };
  return { mantissa: fraction | (1n << 52n), exponent: exponent - 1075 };
}

/** All digits of a number: every float64 has a finite decimal expansion. */
function exactDigits(value: number): Digits {
  const { mantissa, exponent } = binaryParts(value);
  if (mantissa === 0n) return { digits: '', point: 0 };
  if (exponent >= 0) return trimmed((mantissa << BigInt(exponent)).toString(), 0);
  // m / 2^k is m × 5^k / 10^k.
  return trimmed((mantissa * 5n ** BigInt(-exponent)).toString(), exponent);
}

function trimmed(all: string, scale: number): Digits {
  return { digits: all.replace(/0+$/, ''), point: all.length + scale };
}

/** The fewest digits that read back as the same number of 64 or 32 bits. */
function shortestDigits(value: number, bits: 32 | 64): Digits {
  if (value === 0) return { digits: '', point: 0 };
  let text = value.toExponential();
  for (let count = 1; bits === 32 && count <= 9; count++) {
    text = value.toExponential(count - 1);
    if (Math.fround(Number(text)) === value) break;
  }
  const [mantissa = '', exponent = '0'] = text.split('e');
  return { digits: mantissa.replace('.', '').replace(/0+$/, ''), point: Number(exponent) + 1 };
}

/** Keeps `count` digits, rounding half to even. */
function roundDigits({ digits, point }: Digits, count: number): Digits {
  if (count >= digits.length) return { digits, point };
  if (count < 0) return { digits: '', point: 0 };
  const kept = digits.slice(0, count);
  const rest = digits.slice(count);
  const half = rest === '5';
  const up = half ? Number(kept.at(-1) ?? '0') % 2 === 1 : rest >= '5';
  if (!up) return { digits: kept.replace(/0+$/, ''), point };
  const raised = (BigInt(kept === '' ? '0' : kept) + 1n).toString();
  return trimmed(raised, point - kept.length);
}

interface FloatFormat {
  /** `e`, `E`, `f`, `g`, `G`, `b`, `x` or `X`. */
  readonly verb: string;
  /** Digits behind the point, or significant ones for `g`; -1 for as few as tell the number apart. */
  readonly precision: number;
  readonly bits: 32 | 64;
}

/** The text of a number; an unknown verb gives `%` and the verb, as in Go. */
export function formatFloat(given: number, format: FloatFormat): string {
  const value = format.bits === 32 ? Math.fround(given) : given;
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (!'eEfgGbxX'.includes(format.verb)) return `%${format.verb}`;
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  return sign + formatMagnitude(Math.abs(value), format);
}

function formatMagnitude(value: number, format: FloatFormat): string {
  const { verb, precision, bits } = format;
  const shortest = precision < 0;
  const digits = shortest ? shortestDigits(value, bits) : exactDigits(value);
  switch (verb) {
    case 'e':
    case 'E':
      return exponential(digits, shortest ? Math.max(digits.digits.length - 1, 0) : precision, verb);
    case 'f':
      return fixed(digits, shortest ? Math.max(digits.digits.length - digits.point, 0) : precision);
    case 'g':
    case 'G':
      return general(digits, format);
    case 'b':
      return binary(value, bits);
    default:
      return hexadecimal(value, precision, verb === 'X');
  }
}

function exponential(all: Digits, precision: number, mark: 'e' | 'E'): string {
  const { digits, point } = roundDigits(all, precision + 1);
  const padded = (digits === '' ? '0' : digits).padEnd(precision + 1, '0');
  const exponent = digits === '' ? 0 : point - 1;
  return scientific(padded, exponent, mark).replace(/([+-])(\d)$/, '$10$2');
}

function fixed(all: Digits, precision: number): string {
  const { digits, point } = roundDigits(all, all.point + precision);
  const whole = point > 0 ? digits.slice(0, point).padEnd(point, '0') : '0';
  if (precision === 0) return whole;
  const fraction = point >= 0 ? digits.slice(point) : '0'.repeat(-point) + digits;
  return `${whole}.${fraction.slice(0, precision).padEnd(precision, '0')}`;
}

/** `e` for exponents below -4 or from the precision on (6 where none is asked for), else `f`; no trailing zeros. */
function general(all: Digits, { verb, precision }: FloatFormat): string {
  const shortest = precision < 0;
  const rounded = shortest ? all : roundDigits(all, Math.max(precision, 1));
  const count = rounded.digits.length;
  const wanted = shortest ? count : Math.max(precision, 1);
  let limit = wanted > count && count >= rounded.point ? count : wanted;
  if (shortest) limit = 6;
  const exponent = rounded.point - 1;
  if (exponent >= -4 && exponent < limit) return fixed(rounded, Math.max(count - rounded.point, 0));
  return exponential(rounded, Math.max(Math.min(wanted, count) - 1, 0), verb === 'G' ? 'E' : 'e');
}

/** `4503599627370496p-52`: the mantissa as an int and the exponent of two. */
function binary(value: number, bits: 32 | 64): string {
  const { mantissa, exponent } = binaryParts(value);
  if (bits === 64) return `${mantissa}p${exponent < 0 ? '' : '+'}${exponent}`;
  if (value === 0) return '0p-149';
  // 24 bits of the 53, or fewer below the smallest normal float32.
  const shift = Math.max(29, -149 - exponent);
  return `${mantissa >> BigInt(shift)}p${exponent + shift < 0 ? '' : '+'}${exponent + shift}`;
}

/** `0x1.8p+00`, rounded half to even where a precision is given. */
function hexadecimal(value: number, precision: number, capital: boolean): string {
  const { mantissa, exponent } = binaryParts(value);
  let fraction = mantissa;
  let power = exponent + 52;
  while (fraction !== 0n && fraction >> 52n === 0n) {
    fraction <<= 1n;
    power--;
  }
  if (value === 0) power = 0;
  if (precision >= 0 && precision < 13) {
    const drop = BigInt(4 * (13 - precision));
    const rest = fraction & ((1n << drop) - 1n);
    const half = 1n << (drop - 1n);
    fraction >>= drop;
    if (rest > half || (rest === half && fraction & 1n)) fraction++;
    fraction <<= drop;
    if (fraction >> 53n) {
      fraction >>= 1n;
      power++;
    }
  }
  const digits = (fraction & ((1n << 52n) - 1n)).toString(16).padStart(13, '0');
  const shown = precision < 0 ? digits.replace(/0+$/, '') : digits.padEnd(precision, '0').slice(0, precision);
  const text = `0x${fraction >> 52n}${shown === '' ? '' : `.${shown}`}`;
  const size = Math.abs(power).toString().padStart(2, '0');
  const result = `${text}p${power < 0 ? '-' : '+'}${size}`;
  return capital ? result.toUpperCase() : result;
}
