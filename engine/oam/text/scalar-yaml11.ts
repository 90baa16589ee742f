/**
 * The value of a plain YAML scalar as Kubernetes' tools see it (sigs.k8s.io/yaml over yaml.v2): YAML 1.1 words
 * for booleans, octal by a leading zero, underscores in numbers, no sexagesimals, timestamps stay strings.
 */
const words: ReadonlyMap<string, boolean | null> = new Map<string, boolean | null>([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map((w) => [w, true] as const),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map(
    (w) => [w, false] as const,
  ),
  ...['', '~', 'null', 'Null', 'NULL'].map((w) => [w, null] as const),
]);
const notFinite = /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const integer = /^[-+]?(?:0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)$/;
const float = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;

export type ScalarValue = null | boolean | number | string;

/** The value, or `'not-finite'` in an object for `.inf` and `.nan`, which JSON cannot hold. */
export function resolvePlain(
  source: string,
): { readonly value: ScalarValue } | { readonly refused: 'not-finite' } {
  const word = words.get(source);
  if (word !== undefined) return { value: word };
  const first = source.charCodeAt(0);
  const numeric = (first >= 0x30 && first <= 0x39) || first === 0x2b || first === 0x2d || first === 0x2e;
  if (!numeric) return { value: source };
  if (notFinite.test(source)) return { refused: 'not-finite' };
  const number = numberOf(source.replaceAll('_', ''));
  if (number === null) return { value: source };
  // Out of range even for a float: Go's reader leaves the text.
  return { value: Number.isFinite(number) ? (number === 0 ? 0 : number) : source };
}

function numberOf(plain: string): number | null {
  if (integer.test(plain)) {
    const negative = plain.startsWith('-');
    const digits = plain.replace(/^[-+]/, '');
    const magnitude = /^0[0-7]+$/.test(digits)
      ? Number(BigInt(`0o${digits.slice(1)}`))
      : Number(BigInt(digits));
    return negative ? -magnitude : magnitude;
  }
  return float.test(plain) ? Number(plain) : null;
}

/** How a key that is not a string is written in JSON: numbers in decimal, booleans as words; null has no form. */
export function keyText(value: ScalarValue): string | null {
  if (value === null) return null;
  return String(value);
}
