/** UTF-8 and runes of CUE's strings, which Go holds as bytes and JavaScript as UTF-16. */

/** Whether all code units are below 0x80, so that bytes, runes and code units count alike. */
export function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}

/** How many bytes the text takes in UTF-8. */
export function byteLength(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    if (unit < 0x800) bytes += 1;
    else if (unit >= 0xd800 && unit < 0xdc00 && isLow(text.charCodeAt(i + 1))) {
      bytes += 2;
      i++;
    } else bytes += 2;
  }
  return bytes;
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}

/** How many code points the text has. */
export function runeCount(text: string): number {
  let count = text.length;
  for (let i = 0; i + 1 < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0xd800 && unit < 0xdc00 && isLow(text.charCodeAt(i + 1))) {
      count--;
      i++;
    }
  }
  return count;
}

/** The bytes of the text; a lone surrogate becomes U+FFFD. */
export function encodeUtf8(text: string): Uint8Array {
  const bytes = new Uint8Array(byteLength(text));
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    let rune = text.charCodeAt(i);
    if (rune < 0x80) {
      bytes[at++] = rune;
      continue;
    }
    if (rune >= 0xd800 && rune < 0xe000) {
      rune = text.codePointAt(i) ?? 0xfffd;
      if (rune > 0xffff) i++;
      else rune = 0xfffd;
    }
    at = writeRune(bytes, at, rune);
  }
  return bytes;
}

function writeRune(bytes: Uint8Array, start: number, rune: number): number {
  let at = start;
  if (rune < 0x800) {
    bytes[at++] = 0xc0 | (rune >> 6);
  } else {
    if (rune > 0xffff) {
      bytes[at++] = 0xf0 | (rune >> 18);
      bytes[at++] = 0x80 | ((rune >> 12) & 0x3f);
    } else {
      bytes[at++] = 0xe0 | (rune >> 12);
    }
    bytes[at++] = 0x80 | ((rune >> 6) & 0x3f);
  }
  bytes[at++] = 0x80 | (rune & 0x3f);
  return at;
}

/** A decoded rune and the number of bytes it took; an invalid byte is U+FFFD of size 1 and not `valid`. */
interface DecodedRune {
  readonly rune: number;
  readonly size: number;
  readonly valid: boolean;
}

const INVALID: DecodedRune = { rune: 0xfffd, size: 1, valid: false };

/** The rune at an offset, by Go's utf8.DecodeRune: overlong forms, surrogates and cut sequences are invalid. */
function decodeRune(bytes: Uint8Array, offset: number): DecodedRune {
  const first = bytes[offset] ?? 0;
  if (first < 0x80) return { rune: first, size: 1, valid: true };
  const size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4) return INVALID;
  let rune = first & (0xff >> (size + 1));
  for (let i = 1; i < size; i++) {
    const next = bytes[offset + i];
    if (next === undefined || (next & 0xc0) !== 0x80) return INVALID;
    rune = (rune << 6) | (next & 0x3f);
  }
  const smallest = size === 2 ? 0x80 : size === 3 ? 0x800 : 0x10000;
  if (rune < smallest || rune > 0x10ffff || (rune >= 0xd800 && rune < 0xe000)) return INVALID;
  return { rune, size, valid: true };
}

/** Whether the bytes are valid UTF-8. */
export function isUtf8(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; ) {
    const decoded = decodeRune(bytes, at);
    if (!decoded.valid) return false;
    at += decoded.size;
  }
  return true;
}

/** The text of the bytes, with U+FFFD for each maximal run of a broken sequence (as x/text's UTF8 decoder does). */
export function decodeUtf8(bytes: Uint8Array): string {
  const parts: string[] = [];
  let units: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    const decoded = decodeRune(bytes, at);
    at += decoded.valid ? decoded.size : brokenLength(bytes, at);
    units.push(decoded.rune);
    if (units.length === 4096) {
      parts.push(String.fromCodePoint(...units));
      units = [];
    }
  }
  parts.push(String.fromCodePoint(...units));
  return parts.join('');
}

/** The length of the longest prefix of a sequence that begins well and breaks off (Unicode's maximal subpart). */
function brokenLength(bytes: Uint8Array, offset: number): number {
  const first = bytes[offset] ?? 0;
  if (first < 0xc2 || first > 0xf4) return 1;
  const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  const second = bytes[offset + 1];
  if (second === undefined || second < low || second > high) return 1;
  const size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  let length = 2;
  while (length < size && ((bytes[offset + length] ?? 0) & 0xc0) === 0x80) length++;
  return Math.min(length, size - 1);
}

/** The offset in bytes of an offset in code units. */
export function byteOffset(text: string, unitOffset: number): number {
  return byteLength(text.slice(0, unitOffset));
}

/** Orders texts by their UTF-8 bytes, which is by code point and not by UTF-16 unit. */
export function compareText(a: string, b: string): -1 | 0 | 1 {
  const end = Math.min(a.length, b.length);
  for (let i = 0; i < end; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    const surrogateX = x >= 0xd800 && x < 0xe000;
    const surrogateY = y >= 0xd800 && y < 0xe000;
    // A surrogate stands for a rune above U+FFFF, beyond any other unit.
    if (surrogateX !== surrogateY) return surrogateX ? 1 : -1;
    return x < y ? -1 : 1;
  }
  return a.length === b.length ? 0 : a.length < b.length ? -1 : 1;
}

/** The runes of a text as numbers. */
export function runesOf(text: string): number[] {
  return Array.from(text, (c) => c.codePointAt(0) ?? 0xfffd);
}
