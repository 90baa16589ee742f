/** Domain names as `net.FQDN` takes them: ASCII labels, those with `xn--` checked as punycode. */

const BASE = 36;

/** The rate at which punycode's deltas shrink (RFC 3492, section 6.1). */
function adapt(delta: number, points: number, first: boolean): number {
  let rest = first ? Math.floor(delta / 700) : delta >> 1;
  rest += Math.floor(rest / points);
  let steps = 0;
  for (; rest > 455; steps += BASE) rest = Math.floor(rest / 35);
  return steps + Math.floor((36 * rest) / (rest + 38));
}

function digitOf(character: string): number {
  const value = Number.parseInt(character, BASE);
  // Digits stand for 26 to 35, letters for 0 to 25; capitals are not canonical.
  if (Number.isNaN(value) || /[A-Z]/.test(character)) return -1;
  return value < 10 ? value + 26 : value - 10;
}

/** The text that a label behind `xn--` stands for; null where it is no punycode. */
function decodePunycode(label: string): string | null {
  const hyphen = label.lastIndexOf('-');
  const output = Array.from(hyphen > 0 ? label.slice(0, hyphen) : '', (c) => c.codePointAt(0) ?? 0);
  let [code, bias, index] = [128, 72, 0];
  for (let at = hyphen > 0 ? hyphen + 1 : 0; at < label.length; ) {
    const before = index;
    let weight = 1;
    for (let k = BASE; ; k += BASE) {
      const digit = digitOf(label[at++] ?? '');
      if (digit < 0) return null;
      index += digit * weight;
      if (index > 0x7fffffff) return null;
      const threshold = Math.min(26, Math.max(1, k - bias));
      if (digit < threshold) break;
      weight *= BASE - threshold;
    }
    const points = output.length + 1;
    bias = adapt(index - before, points, before === 0);
    code += Math.floor(index / points);
    index %= points;
    if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return null;
    output.splice(index++, 0, code);
  }
  return String.fromCodePoint(...output);
}

/** Whether the characters may stand in a name: none that mapping would change, none unassigned or invisible. */
function isValidUnicode(text: string): boolean {
  const mapped = text.normalize('NFKC').toLowerCase().normalize('NFKC');
  return mapped === text && !/^\p{M}|[\p{Cc}\p{Cf}\p{Cn}\p{Co}\p{Cs}\p{Z}]/u.test(text);
}

function isLabel(label: string): boolean {
  if (label === '' || label.length > 63 || label.startsWith('-')) return false;
  if (!label.startsWith('xn--')) return !label.endsWith('-') && label.slice(2, 4) !== '--';
  const decoded = label.length > 4 ? decodePunycode(label.slice(4)) : null;
  if (decoded === null || decoded.startsWith('-') || decoded.endsWith('-') || decoded.slice(2, 4) === '--')
    return false;
  return decoded !== '' && isValidUnicode(decoded);
}

/** A name of labels, one dot behind it allowed. */
export function isDomainName(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  const name = text.endsWith('.') ? text.slice(0, -1) : text;
  return name.length <= 253 && name.split('.').every(isLabel);
}
