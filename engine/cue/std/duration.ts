/** Durations as Go's time package writes and reads them: `1h15m30.918s`. */
import type { BuiltinError } from './builtin.ts';
import { evalError } from './builtin.ts';

/** Nanoseconds of each unit. */
const UNITS: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', 1000n],
  ['µs', 1000n],
  ['μs', 1000n],
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['m', 60_000_000_000n],
  ['h', 3_600_000_000_000n],
]);

const LIMIT = 1n << 63n;

function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

/** The nanoseconds of a text. Errors: a missing or unknown unit, no number, more than 64 bits. */
export function parseDuration(text: string): bigint | BuiltinError {
  const invalid = evalError(`time: invalid duration ${shown(text)}`);
  const negative = text.startsWith('-');
  let rest = /^[-+]/.test(text) ? text.slice(1) : text;
  if (rest === '0') return 0n;
  if (rest === '') return invalid;
  let total = 0n;
  while (rest !== '') {
    const match = /^(\d*)(?:\.(\d*))?([^.\d]*)/.exec(rest);
    const [all = '', whole = '', fraction = '', unit = ''] = match ?? [];
    if (whole === '' && fraction === '') return invalid;
    const size = UNITS.get(unit);
    if (unit === '') return evalError(`time: missing unit in duration ${shown(text)}`);
    if (size === undefined) return evalError(`time: unknown unit ${shown(unit)} in duration ${shown(text)}`);
    if (whole.replace(/^0+/, '').length > 19) return invalid;
    const value = BigInt(whole === '' ? '0' : whole) * size;
    if (value > LIMIT) return invalid;
    total += value + fractionOf(fraction, size);
    if (total > LIMIT) return invalid;
    rest = rest.slice(all.length);
  }
  if (negative) return -total;
  return total === LIMIT ? invalid : total;
}

/** What a fraction adds, computed in float64 as Go does; digits beyond 63 bits are ignored. */
function fractionOf(digits: string, size: bigint): bigint {
  let value = 0n;
  let scale = 1;
  for (const digit of digits) {
    const next = value * 10n + BigInt(digit);
    if (value > (LIMIT - 1n) / 10n || next > LIMIT) break;
    value = next;
    scale *= 10;
  }
  return value === 0n ? 0n : BigInt(Math.trunc(Number(value) * (Number(size) / scale)));
}

/** A number of nanoseconds as a text of hours, minutes and seconds, or of one smaller unit. */
export function formatDuration(nanoseconds: bigint): string {
  if (nanoseconds === 0n) return '0s';
  const sign = nanoseconds < 0n ? '-' : '';
  const size = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  if (size < 1000n) return `${sign}${size}ns`;
  if (size < 1_000_000n) return `${sign}${scaled(size, 3)}µs`;
  if (size < 1_000_000_000n) return `${sign}${scaled(size, 6)}ms`;
  const seconds = size / 1_000_000_000n;
  const rest = `${scaled((seconds % 60n) * 1_000_000_000n + (size % 1_000_000_000n), 9)}s`;
  if (seconds < 60n) return sign + rest;
  const minutes = `${(seconds / 60n) % 60n}m`;
  return seconds < 3600n ? sign + minutes + rest : `${sign}${seconds / 3600n}h${minutes}${rest}`;
}

/** A number divided by a power of ten, without trailing zeros. */
function scaled(value: bigint, places: number): string {
  const digits = value.toString().padStart(places + 1, '0');
  const fraction = digits.slice(-places).replace(/0+$/, '');
  return digits.slice(0, -places) + (fraction === '' ? '' : `.${fraction}`);
}
