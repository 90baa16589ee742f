/** Standard base64 (RFC 4648, padded) as Go's encoding/base64 reads and writes it. */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

export function encodeBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let i = 0; i < bytes.length; i += 3) {
    const group = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const rest = bytes.length - i;
    const third = rest > 1 ? ALPHABET[(group >> 6) & 63] : '=';
    const fourth = rest > 2 ? ALPHABET[group & 63] : '=';
    parts.push(`${ALPHABET[group >> 18]}${ALPHABET[(group >> 12) & 63]}${third}${fourth}`);
  }
  return parts.join('');
}

function digit(unit: number): number {
  if (unit >= 65 && unit <= 90) return unit - 65;
  if (unit >= 97 && unit <= 122) return unit - 71;
  if (unit >= 48 && unit <= 57) return unit + 4;
  if (unit === 43) return 62;
  return unit === 47 ? 63 : -1;
}

/**
 * The bytes, or the offset of the first wrong character. Line breaks are skipped anywhere; the padding must be
 * there; bits left over in the last group are not looked at.
 */
export function decodeBase64(text: string): Uint8Array | number {
  const bytes: number[] = [];
  let group = 0;
  let held = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 10 || unit === 13) continue;
    const value = digit(unit);
    if (value < 0) return unit === 61 ? endOfPadding(text, i, { bytes, group, held }) : i;
    group = (group << 6) | value;
    if (++held < 4) continue;
    bytes.push((group >> 16) & 255, (group >> 8) & 255, group & 255);
    group = 0;
    held = 0;
  }
  return held === 0 ? Uint8Array.from(bytes) : text.length - held;
}

interface Partial {
  readonly bytes: number[];
  readonly group: number;
  readonly held: number;
}

/** Checks the padding from its first character on and completes the bytes. */
function endOfPadding(text: string, start: number, { bytes, group, held }: Partial): Uint8Array | number {
  if (held < 2) return start;
  const skipBreaks = (at: number): number => {
    let next = at;
    while (text[next] === '\n' || text[next] === '\r') next++;
    return next;
  };
  let at = start;
  if (held === 2) {
    at = skipBreaks(start + 1);
    if (text[at] !== '=') return at === text.length ? text.length : at - 1;
  }
  const end = skipBreaks(at + 1);
  if (end < text.length) return end;
  if (held === 2) bytes.push((group >> 4) & 255);
  else bytes.push((group >> 10) & 255, (group >> 2) & 255);
  return Uint8Array.from(bytes);
}
