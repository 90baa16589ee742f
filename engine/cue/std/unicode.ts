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

/** Letters and signs that Unicode got after 15.0, as ranges in hexadecimal. They do not print. */
const UNPRINTED =
  '88f 897 c5c cdc 1acf-1add 1ae0-1aeb 1b4e-1b4f 1b7f 1c89-1c8a 20c1 2427-2429 2b96 2ffc-2fff ' +
  '31e4-31e5 31ef a7cb-a7cf a7d2 a7d4 a7da-a7dc a7f1 fbc3-fbd2 fd90-fd91 fdc8-fdce 105c0-105f3 ' +
  '10940-10959 10d40-10d65 10d69-10d85 10d8e-10d8f 10ec2-10ec7 10ed0-10ed8 10efa-10efc 11380-11389 ' +
  '1138b 1138e 11390-113b5 113b7-113c0 113c2 113c5 113c7-113ca 113cc-113d5 113d7-113d8 113e1-113e2 ' +
  '116d0-116e3 11b60-11b67 11bc0-11be1 11bf0-11bf9 11db0-11ddb 11de0-11de9 11f5a 13460-143fa ' +
  '16100-16139 16d40-16d79 16ea0-16eb8 16ebb-16ed3 16ff2-16ff6 187f8-187ff 18cff 18d09-18d1e ' +
  '18d80-18df2 1cc00-1ccfc 1cd00-1ceb3 1ceba-1ced0 1cee0-1cef0 1e5d0-1e5fa 1e5ff 1e6c0-1e6de ' +
  '1e6e0-1e6f5 1e6fe-1e6ff 1f6d8 1f777-1f77a 1f8b2-1f8bb 1f8c0-1f8c1 1f8d0-1f8d8 1fa54-1fa57 ' +
  '1fa89-1fa8a 1fa8e-1fa8f 1fabe 1fac6 1fac8 1facd 1fadc 1fadf 1fae9-1faea 1faef 1fbcb-1fbef 1fbfa ' +
  '2b73a-2b73f 2cea2-2cead 2ebf0-2ee5d 323b0-33479';

function unprinted(): readonly (readonly [number, number])[] {
  return UNPRINTED.split(' ').map((range) => {
    const [first = '', last = first] = range.split('-');
    return [Number.parseInt(first, 16), Number.parseInt(last, 16)];
  });
}
const UNPRINTED_RANGES = unprinted();

/** Go's strconv.IsPrint: letters, marks, numbers, punctuation, symbols and the plain space. */
export function isPrint(rune: number): boolean {
  if (rune < 0x80) return rune >= 0x20 && rune < 0x7f;
  if (!isScalar(rune) || !/^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u.test(String.fromCodePoint(rune))) return false;
  return !UNPRINTED_RANGES.some(([first, last]) => rune >= first && rune <= last);
}

/** Go's strconv.IsGraphic: what prints, and every space separator. */
export function isGraphic(rune: number): boolean {
  return isPrint(rune) || (isScalar(rune) && /^\p{Zs}$/u.test(String.fromCodePoint(rune)));
}

function isScalar(rune: number): boolean {
  return rune >= 0 && rune <= 0x10ffff && !(rune >= 0xd800 && rune < 0xe000);
}
