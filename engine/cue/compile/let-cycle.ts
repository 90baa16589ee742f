/** Lets and aliases that need themselves, in as many steps as there are uses: a program may have any number of lets. */

/** One that is on a cycle of uses; null where there is none. */
export function onCycle<T>(uses: ReadonlyMap<T, ReadonlySet<T>>): T | null {
  const left = withoutEnds(uses);
  // Whatever is left uses something that is left: following that comes to a cycle.
  let [at] = left;
  if (at === undefined) return null;
  const met = new Set<T>();
  while (!met.has(at)) {
    met.add(at);
    for (const next of uses.get(at) ?? []) {
      if (!left.has(next)) continue;
      at = next;
      break;
    }
  }
  return at;
}

/** All but those whose uses come to an end, in order. */
function withoutEnds<T>(uses: ReadonlyMap<T, ReadonlySet<T>>): ReadonlySet<T> {
  const users = new Map<T, T[]>();
  const open = new Map<T, number>();
  const ends: T[] = [];
  for (const [user, used] of uses) {
    open.set(user, used.size);
    if (used.size === 0) ends.push(user);
    for (const one of used) {
      const known = users.get(one);
      if (known === undefined) users.set(one, [user]);
      else known.push(user);
    }
  }
  for (let end = ends.pop(); end !== undefined; end = ends.pop()) {
    open.delete(end);
    for (const user of users.get(end) ?? []) {
      const count = (open.get(user) ?? 0) - 1;
      open.set(user, count);
      if (count === 0) ends.push(user);
    }
  }
  return new Set(open.keys());
}
