/** The error of a disjunction of which nothing is left, made from those of its disjuncts. */
import type { Issue } from '../bottom.ts';
import { Bottom, combineErrors, isIncomplete } from '../bottom.ts';
import type { Place } from '../compile/ir.ts';
import { pathOf } from '../diagnostic.ts';
import type { NodeState } from './state.ts';

/** `demand` is the place of what asked for the value. */
export function emptyDisjunction(n: NodeState, errors: readonly Bottom[], demand: Place | null): Bottom {
  const users = errors.filter((e) => e.code === 'user');
  const counted = relevantErrors(users.length > 0 ? users : errors);
  let code: Bottom['code'] = 'eval';
  for (const e of errors) if (RANK[e.code] > RANK[code]) code = e.code;
  let causes: Bottom | null = null;
  for (const e of counted) causes = combineErrors(causes, e);
  if (causes === null) {
    return new Bottom(
      'eval',
      [{ node: n.vertex, format: 'empty disjunction', args: [], place: null, others: [] }],
      n.vertex,
    );
  }
  const all = distinct(counted.flatMap((e) => e.issues));
  if (all.length === 1) return new Bottom(code, all, n.vertex);
  const head = {
    node: n.vertex,
    format: '%v errors in empty disjunction:',
    args: [all.length],
    place: demand,
    // Disjunctions inside of disjunctions name the same places again and again.
    others: [...new Set(all.flatMap((i) => i.others))],
  };
  return new Bottom(code, [head, ...all], n.vertex);
}

/** The same complaint about the same place is one, whichever disjunct it came from. */
function distinct(issues: readonly Issue[]): readonly Issue[] {
  const seen = new Set<string>();
  return issues.filter((i) => {
    const path = (i.path ?? pathOf(i.node)).join('.');
    const at = i.place ?? i.others[0] ?? null;
    const key = `${path} ${i.format} ${at === null ? '' : at.node.start}`;
    if (i.format !== 'field not allowed') return true;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** Of many errors those worth telling: incomplete ones if there are any, and one for each place. */
function relevantErrors(errors: readonly Bottom[]): readonly Bottom[] {
  if (errors.length <= 2) return errors;
  const open = errors.findIndex(isIncomplete);
  const seen = new Set<unknown>();
  return errors.slice(Math.max(0, open)).filter((e) => {
    const issue = e.issues[0];
    const primary = issue?.place?.node ?? null;
    const at = !seen.has(primary) ? primary : issue?.others.map((p) => p.node).find((p) => !seen.has(p));
    if (at === undefined) return false;
    seen.add(at);
    return true;
  });
}

/** A failed disjunction is as incomplete as its most hopeful disjunct. */
const RANK: Readonly<Record<Bottom['code'], number>> = {
  budget: 0,
  eval: 1,
  user: 2,
  structural: 3,
  incomplete: 4,
  cycle: 5,
};
