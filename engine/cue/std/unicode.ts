/** Case and spaces as Go's `unicode` package has them (simple mappings, Unicode 15.0), without locale. */

/** Cased letters that Unicode got after 15.0; they map to themselves. */
const LATER: readonly (readonly [number, number])[] = [
  [0x1c89, 0x1c8a],
  [0xa7cb, 0xa7cf],
  [0xa7d2, 0xa7d5],
  [0xa7da, 0xa7dc],
  [0x10d50, 0x10d85],
  [0x16ea0, 0x16ed3],
];

function isLater(rune: number): boolean {
  return LATER.some(([first, last]) => rune >= first && rune <= last);
}

/** The one code point that a mapping gives, or the letter itself where the full mapping has several. */
function single(mapped: string, rune: number): number {
  const first = mapped.codePointAt(0) ?? rune;
  return mapped.length === (first > 0xffff ? 2 : 1) ? first : rune;
}

export function toUpperRune(rune: number): number {
  if (rune < 0x80) return rune >= 0x61 && rune <= 0x7a ? rune - 32 : rune;
  // ƛ and ɤ got their capitals after 15.0.
  if (isLater(rune) || rune === 0x19b || rune === 0x264) return rune;
  if (rune >= 0x1f80 && rune < 0x2000) return upperGreek(rune);
  return single(String.fromCodePoint(rune).toUpperCase(), rune);
}

/** Greek letters with iota subscript have a simple capital (ᾈ) where the full mapping writes two letters (ἈΙ). */
function upperGreek(rune: number): number {
  if (rune <= 0x1faf) return rune | 8;
  if (rune === 0x1fb3 || rune === 0x1fc3 || rune === 0x1ff3) return rune + 9;
  return single(String.fromCodePoint(rune).toUpperCase(), rune);
}

export function toLowerRune(rune: number): number {
  if (rune < 0x80) return rune >= 0x41 && rune <= 0x5a ? rune + 32 : rune;
  if (rune === 0x130) return 0x69;
  return isLater(rune) ? rune : single(String.fromCodePoint(rune).toLowerCase(), rune);
}

/** Title case differs from upper case for the digraphs (Dž) and for Georgian. */
export function toTitleRune(rune: number): number {
  if (rune >= 0x1c4 && rune <= 0x1cc) return rune <= 0x1c6 ? 0x1c5 : rune <= 0x1c9 ? 0x1c8 : 0x1cb;
  if (rune >= 0x1f1 && rune <= 0x1f3) return 0x1f2;
  if (rune >= 0x10d0 && rune <= 0x10ff) return rune;
  return toUpperRune(rune);
}

/** Maps a text rune by rune. */
export function mapRunes(text: string, map: (rune: number) => number): string {
  let result = '';
  for (const character of text) result += String.fromCodePoint(map(character.codePointAt(0) ?? 0xfffd));
  return result;
}

/** Go's unicode.IsSpace. */
export function isSpace(rune: number): boolean {
  if (rune <= 0xff) return (rune >= 9 && rune <= 13) || rune === 0x20 || rune === 0x85 || rune === 0xa0;
  if (rune >= 0x2000 && rune <= 0x200a) return true;
  return [0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000].includes(rune);
}

/** Go's strconv.IsPrint: letters, marks, numbers, punctuation, symbols and the plain space. */
export function isPrint(rune: number): boolean {
  if (rune < 0x80) return rune >= 0x20 && rune < 0x7f;
  return isScalar(rune) && /^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u.test(String.fromCodePoint(rune));
}

/** Go's strconv.IsGraphic: what prints, and every space separator. */
export function isGraphic(rune: number): boolean {
  return isPrint(rune) || (isScalar(rune) && /^\p{Zs}$/u.test(String.fromCodePoint(rune)));
}

function isScalar(rune: number): boolean {
  return rune >= 0 && rune <= 0x10ffff && !(rune >= 0xd800 && rune < 0xe000);
}
