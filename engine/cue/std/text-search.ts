/** Substring search whose time is linear in the text even where text and pattern are chosen to make it slow. */

/** Up to this product of lengths the engine's own search is quick whatever the input. */
const SAFE_PRODUCT = 4_000_000;

/** Prepares a search for a pattern that is not empty; the result gives the index of a match at or after `from`, or -1. */
export function finder(text: string, pattern: string): (from: number) => number {
  if (pattern.length < 32 || text.length * pattern.length <= SAFE_PRODUCT) {
    return (from) => text.indexOf(pattern, from);
  }
  const borders = bordersOf(pattern);
  return (from) => search(text, pattern, borders, from);
}

/** The index of the last match, or -1. The pattern is not empty. */
export function lastIndexOf(text: string, pattern: string): number {
  if (pattern.length < 32 || text.length * pattern.length <= SAFE_PRODUCT) return text.lastIndexOf(pattern);
  const reversedText = reversed(text);
  const reversedPattern = reversed(pattern);
  const at = search(reversedText, reversedPattern, bordersOf(reversedPattern), 0);
  return at < 0 ? -1 : text.length - at - pattern.length;
}

function reversed(text: string): string {
  return text.split('').reverse().join('');
}

/** For each prefix the length of its longest proper border (Knuth–Morris–Pratt). */
function bordersOf(pattern: string): Int32Array {
  const borders = new Int32Array(pattern.length);
  let length = 0;
  for (let i = 1; i < pattern.length; i++) {
    while (length > 0 && pattern[i] !== pattern[length]) length = borders[length - 1] ?? 0;
    if (pattern[i] === pattern[length]) length++;
    borders[i] = length;
  }
  return borders;
}

function search(text: string, pattern: string, borders: Int32Array, from: number): number {
  let matched = 0;
  for (let i = from; i < text.length; i++) {
    while (matched > 0 && text[i] !== pattern[matched]) matched = borders[matched - 1] ?? 0;
    if (text[i] === pattern[matched]) matched++;
    if (matched === pattern.length) return i - matched + 1;
  }
  return -1;
}

/** How often a pattern that is not empty occurs without overlap. */
export function countOf(text: string, pattern: string): number {
  const find = finder(text, pattern);
  let count = 0;
  for (let at = find(0); at >= 0; at = find(at + pattern.length)) count++;
  return count;
}
