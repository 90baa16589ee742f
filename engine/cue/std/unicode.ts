/** Case and spaces as Go's `unicode` package has them (simple mappings, Unicode 15.0), without locale. */

/**
 * What Unicode got after 15.0, as ranges in order: how far behind the range before, and its length less one, in
 * base 36. These do not print, have no case and are the case of nothing.
 */
const LATER = rangesOf(
  '1ov 8 qt 3k 2r7-e 3-b 2r-1 1c 7e-1 tz o6-2 1gt va-3 dh-1 a na4-4 3 2 6-2 l gk2-f ce-1 1j-6 1ki-1f ' +
    'nh-p rr-11 4-s 9-1 8j-5 9-8 y-2 w4-9 2 3 2-11 2-9 2 3 2-3 2-9 2-1 9-1 ku-j vx-7 2h-x f-9 c7-17 5-9 ' +
    'a9 45i-32y 5qe-1l 2dj-1l 87-o 3-o 7z-4 4qq-7 zk a-l 2q-36 c9a-70 4-c3 7-m g-g 4io-16 5 5d-u 2-l 9-1 ' +
    '34p 4f-3 8o-9 5-1 f-8 ak-3 1e-1 4-1 1b 8 2 5 f 3 a-1 5 64-10 b 10zk-5 4mb-b 5s3-h9 aj7-3bd',
);

function rangesOf(text: string): readonly (readonly [first: number, last: number])[] {
  let at = 0;
  return text.split(' ').map((range) => {
    const [gap, more] = range.split('-').map((digits) => Number.parseInt(digits, 36));
    const first = at + (gap ?? 0);
    at = first + (more ?? 0);
    return [first, at];
  });
}

function isLater(rune: number): boolean {
  const range = LATER.find(([, last]) => rune <= last);
  return range !== undefined && rune >= range[0];
}

/** The one code point that a mapping gives, or the letter itself where the full mapping has several. */
function single(mapped: string, rune: number): number {
  const first = mapped.codePointAt(0) ?? rune;
  const isSimple = mapped.length === (first > 0xffff ? 2 : 1) && !isLater(rune) && !isLater(first);
  return isSimple ? first : rune;
}

export function toUpperRune(rune: number): number {
  if (rune < 0x80) return rune >= 0x61 && rune <= 0x7a ? rune - 32 : rune;
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
  return single(String.fromCodePoint(rune).toLowerCase(), rune);
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
  if (!isScalar(rune) || !/^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u.test(String.fromCodePoint(rune))) return false;
  return !isLater(rune);
}

/** Go's strconv.IsGraphic: what prints, and every space separator. */
export function isGraphic(rune: number): boolean {
  return isPrint(rune) || (isScalar(rune) && /^\p{Zs}$/u.test(String.fromCodePoint(rune)));
}

function isScalar(rune: number): boolean {
  return rune >= 0 && rune <= 0x10ffff && !(rune >= 0xd800 && rune < 0xe000);
}
