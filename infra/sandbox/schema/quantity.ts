// Quantities in the form that the API server stores: 1000m is 1, 1024Mi is 1Gi, 0.5 is 500m.

const PATTERN = /^([+-]?)(\d+(?:\.\d*)?|\.\d+)(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE]|[eE][+-]?\d+)?$/;
const BINARY: readonly string[] = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const DECIMAL: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  '': 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
const SUFFIX_OF: ReadonlyMap<number, string> = new Map(
  Object.entries(DECIMAL).map(([suffix, exponent]) => [exponent, suffix]),
);
const NANO = 9;
const MAX_DIGITS = 100;

type Form = 'decimal' | 'binary' | 'exponent';

export interface Quantity {
  /** in billionths; finer fractions are rounded away from zero */
  readonly nano: bigint;
  readonly form: Form;
}

export function parseQuantity(text: string): Quantity | undefined {
  const match = PATTERN.exec(text.trim());
  if (!match?.[2] || text.length > MAX_DIGITS) return undefined;
  const [whole = '', fraction = ''] = match[2].split('.');
  const suffix = match[3] ?? '';
  const digits = BigInt(whole + fraction || '0');
  const power = BINARY.indexOf(suffix);
  const form: Form = power > 0 ? 'binary' : /^[eE][+-]?\d/.test(suffix) ? 'exponent' : 'decimal';
  const exponent =
    form === 'exponent' ? Number(suffix.slice(1)) : form === 'binary' ? 0 : (DECIMAL[suffix] ?? 0);
  if (Math.abs(exponent) > MAX_DIGITS) return undefined;
  const scaled = form === 'binary' ? digits * 1024n ** BigInt(power) : digits;
  const shift = NANO + exponent - fraction.length;
  const nano = shift >= 0 ? scaled * 10n ** BigInt(shift) : divideUp(scaled, 10n ** BigInt(-shift));
  return { nano: match[1] === '-' ? -nano : nano, form };
}

function divideUp(value: bigint, by: bigint): bigint {
  return (value + by - 1n) / by;
}

export function printQuantity({ nano, form }: Quantity): string {
  if (nano === 0n) return '0';
  const sign = nano < 0n ? '-' : '';
  const size = nano < 0n ? -nano : nano;
  const unit = 10n ** BigInt(NANO);
  if (form === 'binary' && size >= 1024n * unit && size % unit === 0n) {
    let whole = size / unit;
    let power = 0;
    while (whole % 1024n === 0n && power < BINARY.length - 1) {
      whole /= 1024n;
      power++;
    }
    return `${sign}${whole}${BINARY[power]}`;
  }
  let exponent = -NANO;
  let mantissa = size;
  while (mantissa % 1000n === 0n && exponent < 18) {
    mantissa /= 1000n;
    exponent += 3;
  }
  const suffix = form === 'exponent' ? (exponent === 0 ? '' : `e${exponent}`) : SUFFIX_OF.get(exponent);
  return `${sign}${mantissa}${suffix}`;
}

/** Compares by value, whatever the suffix. */
export function compareQuantities(a: string, b: string): number {
  const left = parseQuantity(a)?.nano ?? 0n;
  const right = parseQuantity(b)?.nano ?? 0n;
  return left < right ? -1 : left > right ? 1 : 0;
}
