/**
 * Which disjuncts were tried, and what is left of them. The marks of what is left combine stage by stage, one
 * disjunction after the other, as CUE's evaluator does (crossProduct of internal/core/adt/disjunct2.go): a default
 * counts for nothing once none of its side survives, and U1, U2 and M2 of the spec hold for the rest.
 */
import { equal } from './equal.ts';
import type { Evaluation } from './evaluation.ts';
import type { DefaultMode, NodeState } from './state.ts';
import { MODE_DEFAULT, MODE_MAYBE, MODE_NOT_DEFAULT } from './state.ts';
import { LAST_SCALAR, TAG_VERTEX } from './tag.ts';
import type { Value } from './value.ts';
import { Disjunction } from './value.ts';

/** A value that is left. */
export interface DisjunctLeaf {
  readonly kind: 'leaf';
  readonly value: Value;
}

/** A disjunction: its disjuncts that are left, and below each the next disjunction or the value. */
export interface DisjunctFork {
  readonly kind: 'fork';
  /** 0 for the disjunctions of a vertex, one more for those inside of a disjunct. */
  readonly level: number;
  readonly branches: readonly DisjunctBranch[];
}

export interface DisjunctBranch {
  readonly mode: DefaultMode;
  readonly tree: DisjunctTree;
}

export type DisjunctTree = DisjunctLeaf | DisjunctFork;

export function markOf(hasDefaults: boolean, isDefault: boolean): DefaultMode {
  return !hasDefaults ? MODE_MAYBE : isDefault ? MODE_DEFAULT : MODE_NOT_DEFAULT;
}

/** One way through the disjunctions so far: its mark, and the mark of the disjunct it took last. */
interface Way {
  readonly tree: DisjunctTree;
  mode: DefaultMode;
  readonly last: DefaultMode;
}

/** Whether any value is left. */
export function hasLeaf(tree: DisjunctTree): boolean {
  return tree.kind === 'leaf' || tree.branches.some((b) => hasLeaf(b.tree));
}

/** Goes through all disjunctions of at least this level; the ways that are left, equal values merged. */
function follow(ctx: Evaluation, start: Way, level: number): Way[] {
  let ways: Way[] = [start];
  for (;;) {
    const next = ways[0]?.tree;
    if (next === undefined || next.kind === 'leaf' || next.level < level) return ways;
    ways = stage(ctx, ways, next.level);
  }
}

/** Combines the ways so far with the disjuncts of the next disjunction. */
function stage(ctx: Evaluation, ways: readonly Way[], level: number): Way[] {
  const found: { readonly way: Way; readonly inner: readonly Way[] | null }[] = [];
  let leftDrops = true;
  let rightDrops = true;
  for (const w of ways) {
    if (w.tree.kind === 'leaf') continue;
    for (const b of w.tree.branches) {
      const way = { tree: b.tree, mode: w.mode, last: b.mode };
      const inner = b.tree.kind === 'fork' && b.tree.level > level ? follow(ctx, way, level + 1) : [way];
      if (inner.length === 0) continue;
      const only = inner[0]!;
      if (inner.length > 1) found.push({ way, inner });
      else found.push({ way: only === way ? way : { ...only, last: b.mode }, inner: null });
      if (w.mode === MODE_DEFAULT || w.last === MODE_DEFAULT) leftDrops = false;
      if (b.mode === MODE_DEFAULT) rightDrops = false;
    }
  }
  const left: Way[] = ways.filter((w) => w.tree.kind === 'leaf');
  let isMarked = false;
  for (const { way, inner } of found) {
    const before = leftDrops ? MODE_MAYBE : way.mode;
    if (inner === null) {
      way.mode = stronger(before, rightDrops ? MODE_MAYBE : way.last);
      append(ctx, left, way);
      continue;
    }
    for (const x of inner) {
      x.mode = stronger(before, stronger(way.last, x.mode));
      if (x.mode !== MODE_MAYBE) isMarked = true;
      append(ctx, left, x);
    }
  }
  if (isMarked) for (const w of left) if (w.mode === MODE_MAYBE) w.mode = MODE_NOT_DEFAULT;
  return left;
}

/** U1 and U2: a default only if both are; unmarked gives way to either. */
function stronger(a: DefaultMode, b: DefaultMode): DefaultMode {
  return a > b ? a : b;
}

function append(ctx: Evaluation, ways: Way[], way: Way): void {
  for (const w of ways) {
    if (!isSame(ctx, w.tree, way.tree)) continue;
    if (way.mode === MODE_DEFAULT) w.mode = MODE_DEFAULT;
    return;
  }
  ways.push(way);
}

/** Whether two ways are at the same value, or lead on to the same ones. */
function isSame(ctx: Evaluation, a: DisjunctTree, b: DisjunctTree): boolean {
  if (a.kind === 'leaf') return b.kind === 'leaf' && equal(ctx, a.value, b.value, true);
  if (b.kind === 'leaf' || a.level !== b.level) return false;
  if (a.branches.length === 0 || a.branches.length !== b.branches.length) return false;
  return a.branches.every((x, i) => {
    const y = b.branches[i]!;
    return x.mode === y.mode && isSame(ctx, x.tree, y.tree);
  });
}

/** Makes the value of the vertex out of what is left; false if that is nothing. */
export function settleDisjuncts(ctx: Evaluation, n: NodeState, tree: DisjunctTree): boolean {
  const v = n.vertex;
  const kept = follow(ctx, { tree, mode: MODE_MAYBE, last: MODE_MAYBE }, 0);
  if (kept.length === 0) return false;
  const values: Value[] = [];
  let defaults = 0;
  let hasDefaults = false;
  kept.forEach(({ tree: leaf, mode }, i) => {
    if (leaf.kind !== 'leaf') return;
    // A default moves to the front by changing places with the first that is none, as CUE orders them.
    if (mode === MODE_DEFAULT) {
      if (i > defaults) values[i] = values[defaults]!;
      values[defaults++] = leaf.value;
    } else values[i] = leaf.value;
    if (mode !== MODE_MAYBE) hasDefaults = true;
  });
  n.tree = tree;
  v.arcs = [];
  v.index = null;
  v.childErrors = null;
  const only = values[0]!;
  if (values.length > 1) {
    v.base = new Disjunction(values, defaults, hasDefaults);
    return true;
  }
  v.base = only;
  if (only.tag === TAG_VERTEX) v.closedRecursive = only.closedRecursive;
  // A tag of a scalar.
  n.scalar = only.tag <= LAST_SCALAR ? (only as NonNullable<typeof n.scalar>) : null;
  return true;
}
