/** The name that was probably meant where one is not known. */

/** Longer names get no advice, and further names are not looked at: who reads an error does not wait for it. */
const LONGEST_NAME = 64;
const MOST_NAMES = 500;

/** How many letters may be wrong: none in names of one or two, which are all near each other. */
function tolerance(length: number): number {
  return length < 3 ? 0 : Math.min(3, Math.max(1, Math.floor(length / 3)));
}

/**
 * The candidate with the fewest letters inserted, left out, replaced or swapped with their neighbour, case aside;
 * null where none is close. Of equals the first.
 */
export function nearestName(name: string, candidates: Iterable<string>): string | null {
  if (name.length > LONGEST_NAME) return null;
  const wanted = name.toLowerCase();
  let best: string | null = null;
  let least = tolerance(name.length) + 1;
  let looked = 0;
  for (const candidate of candidates) {
    if (++looked > MOST_NAMES || least === 0) break;
    if (candidate === name || Math.abs(candidate.length - name.length) >= least) continue;
    const distance = editDistance(wanted, candidate.toLowerCase(), least);
    if (distance >= least) continue;
    least = distance;
    best = candidate;
  }
  return best;
}

/** The distance, or something not below `limit`. Only what lies within it of the diagonal is worked out. */
function editDistance(a: string, b: string, limit: number): number {
  let above: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next: number[] = [];
    const last = Math.min(b.length, i + limit);
    if (i <= limit) next[0] = i;
    for (let j = Math.max(1, i - limit); j <= last; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let distance = Math.min(
        (next[j - 1] ?? limit) + 1,
        (row[j] ?? limit) + 1,
        (row[j - 1] ?? limit) + cost,
      );
      if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        distance = Math.min(distance, (above[j - 2] ?? limit) + 1);
      next[j] = distance;
    }
    above = row;
    row = next;
  }
  return row[b.length] ?? limit;
}
