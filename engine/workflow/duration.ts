/** Durations as Go writes them (time.ParseDuration): `1h30m`, `1.5s`, `300ms`. */
const units: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};
const part = /^([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)/;

/** Milliseconds; undefined where the text is no duration. A negative duration is one, and over at once. */
export function milliseconds(text: string): number | undefined {
  const sign = text.startsWith('-') ? -1 : 1;
  const rest = text.replace(/^[+-]/, '');
  if (rest === '0') return 0;
  let total = 0;
  let left = rest;
  while (left !== '') {
    const match = part.exec(left);
    if (match === null) return undefined;
    total += Number(match[1]) * (units[match[2] ?? ''] ?? 0);
    left = left.slice(match[0].length);
  }
  return rest === '' ? undefined : sign * total;
}
