/**
 * The regular expressions that definitions mostly have (`^([1-9][0-9]{0,63})(Ki|Mi|Gi)$`) mean the same to the
 * platform as to RE2, and take it linear time. Told by their form; null for any other.
 */

const LITERAL = String.raw`[A-Za-z0-9_ :/@%,=~#&;<>"'!-]|\\[.\-/+*?()[\]{}|^$\\]`;
const CLASS = String.raw`\[-?(?:[a-z]-[a-z]|[A-Z]-[A-Z]|[0-9]-[0-9]|[A-Za-z0-9_.:/@ +*])+-?\]`;
const REPEAT = String.raw`[?*+]|\{\d{1,4}(?:,\d{0,4})?\}`;
const ONE = `(?:${LITERAL}|${CLASS})(?:${REPEAT})?`;
const WORDS = String.raw`\w+(?:\|\w+)*`;
const GROUP = String.raw`\((?:\?:)?(?:(?:${ONE})+|${WORDS})\)`;
// Anchored at both ends, nothing repeated that repeats itself: what is tried again is counted below.
const PLAIN = new RegExp(String.raw`^\^(?:${ONE}|${GROUP})*\$$`);
const REPEATS = /\[[^\]]*\]|\\.|([(|])|([*+])|\{(\d+)(,?)(\d*)\}|(\?)(?!:)/g;

/** How often one place of the text may be looked at. */
const MOST_RETRIES = 1000;
/** RE2 refuses more repetitions. */
const MOST_REPEATS = 1000;

export function plainRegexp(pattern: string): RegExp | null {
  if (pattern.length > 200 || !PLAIN.test(pattern)) return null;
  let unbounded = 0;
  let retries = 1;
  let alternatives = 1;
  for (const [, bar, star, from, comma, to, option] of pattern.matchAll(REPEATS)) {
    if (bar !== undefined) {
      retries *= bar === '(' ? 1 : (alternatives + 1) / alternatives;
      alternatives = bar === '(' ? 1 : alternatives + 1;
      continue;
    }
    const least = Number(from ?? 0);
    const most = to === undefined || to === '' ? least : Number(to);
    if (least > most || most > MOST_REPEATS) return null;
    if (star !== undefined || (comma === ',' && to === '')) unbounded++;
    else retries *= option === undefined ? most - least + 1 : 2;
  }
  if (unbounded > 1 || Math.round(retries) > MOST_RETRIES) return null;
  try {
    return new RegExp(pattern);
  } catch {
    // A range that runs backwards: RE2 has its own words for it.
    return null;
  }
}
