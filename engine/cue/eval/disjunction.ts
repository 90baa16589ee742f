/**
 * Disjunctions. All other conjuncts of a vertex go in first; then each disjunct is tried with them. A disjunct that
 * fails, even one that is only incomplete, is dropped; equal ones are merged; what marks are left with is told by
 * disjunct-tree.ts.
 *
 * A vertex without fields is decided on simple values alone (simple-disjunction.ts). Otherwise an alternative is a
 * vertex of its own with the same conjuncts and a note which disjunct to take; it decides the remaining disjunctions
 * in turn, so that a combination ends at the first disjunct that does not fit.
 */

import { Bottom } from '../bottom.ts';
import type { DisjunctionExpr, Expr } from '../compile/ir.ts';
import type { DisjunctBranch, DisjunctTree } from './disjunct-tree.ts';
import { markOf, settleDisjuncts } from './disjunct-tree.ts';
import { emptyDisjunction } from './disjunction-error.ts';
import type { Evaluation } from './evaluation.ts';
import { addError, conflict } from './insert-value.ts';
import { LIST_KIND, STRUCT_KIND } from './kind.ts';
import { isLet } from './label.ts';
import { listShape, shapeVertex } from './list-shape.ts';
import { finalize } from './process.ts';
import { exprPlace } from './resolve.ts';
import { scheduleConjunct } from './schedule.ts';
import { expandSimple, isBare, settleLiterals } from './simple-disjunction.ts';
import type { Choice, DefaultMode, PendingDisjunction } from './state.ts';
import { MODE_DEFAULT, NodeState, pushed } from './state.ts';
import { LAST_VALUE, TAG_BOTTOM, TAG_DISJUNCTION, TAG_LIST, TAG_STRUCT, TAG_VERTEX } from './tag.ts';
import type { CloseInfo, Disjunction, Env, Value } from './value.ts';
import { ARC_REQUIRED, CLOSED_LIST, EVALUATING, kindOf, OPEN_LIST, Vertex } from './value.ts';

type Source = DisjunctionExpr | Disjunction;

/** The key of all disjunctions that come as values: they are made anew each time, so only their order tells them apart. */
const COMPUTED: object = Object.freeze({});

/** Notes a disjunction, or takes the disjunct that this vertex was made for. */
export function scheduleDisjunction(n: NodeState, env: Env | null, source: Source, info: CloseInfo): void {
  const key = source.tag === TAG_DISJUNCTION ? COMPUTED : source.place.node;
  let occurrence = 0;
  for (const k of n.seenKeys) if (k === key) occurrence++;
  n.seenKeys = pushed(n.seenKeys, key);
  n.hasDisjunction = true;
  for (const choice of n.choices) {
    if (choice.key !== key || choice.occurrence !== occurrence) continue;
    const expr =
      source.tag === TAG_DISJUNCTION ? source.values[choice.index]! : source.disjuncts[choice.index]!.value;
    n.chosen = pushed(n.chosen, { env, expr, info });
    return;
  }
  n.disjunctions = pushed(n.disjunctions, { env, source, key, occurrence, info });
}

/** Inserts the disjuncts that the vertex was made for, all else being in; false if there are none left. */
export function insertChosen(ctx: Evaluation, n: NodeState): boolean {
  const { chosen } = n;
  if (chosen.length === 0) return false;
  n.chosen = [];
  for (const { env, expr, info } of chosen) scheduleConjunct(ctx, n, env, expr, info);
  return true;
}

interface Alternative {
  readonly expr: Expr;
  readonly mode: DefaultMode;
}

export function alternativesOf(source: Source): Alternative[] {
  if (source.tag === TAG_DISJUNCTION) {
    return source.values.map((expr, i) => ({ expr, mode: markOf(source.hasDefaults, i < source.defaults) }));
  }
  return source.disjuncts.map((d) => ({ expr: d.value, mode: markOf(source.hasDefaults, d.isDefault) }));
}

function countOf(source: Source): number {
  return source.tag === TAG_DISJUNCTION ? source.values.length : source.disjuncts.length;
}

/** What is left of the disjunctions of a vertex, and why the others are not. */
interface Outcome {
  readonly tree: DisjunctTree;
  readonly errors: readonly Bottom[];
  readonly failedAt: number | null;
}

/** Expands the disjunctions of a vertex into its value. False while an alternative is blocked. */
export function expandDisjunctions(ctx: Evaluation, n: NodeState, final: boolean): boolean {
  if (n.disjunctions.length === 1 && n.choices.length === 0 && settleLiterals(ctx, n, n.disjunctions[0]!)) {
    n.disjunctionsDone = true;
    return true;
  }
  const simple = expandSimple(ctx, n);
  if (ctx.blocked && simple === null) ctx.blocked = false;
  if (simple === 'blocked') return false;
  const outcome = simple ?? expandVertices(ctx, n, final);
  if (outcome === 'blocked') return false;
  n.disjunctionsDone = true;
  n.failedAt = outcome.failedAt;
  if (n.closesList) closeLists(outcome.tree);
  if (settleDisjuncts(ctx, n, outcome.tree)) return true;
  addError(n, emptyDisjunction(n, outcome.errors, ctx.demand === null ? null : exprPlace(ctx.demand)));
  n.vertex.base = n.errors;
  return true;
}

/** More combinations than these are not tried one by one. */
const MANY = 64;

function expandVertices(ctx: Evaluation, n: NodeState, final: boolean): Outcome | 'blocked' {
  let combinations = 1;
  for (const d of n.disjunctions) combinations *= countOf(d.source);
  if (n.disjunctions.length > 1 && combinations > MANY) {
    const outcome = expandMany(ctx, n, final);
    if (outcome !== null) return outcome;
  }
  const of = inOrder(n)[0]!;
  const level = levelOf(n, of);
  const rest = markedRest(n, of);
  const branches: DisjunctBranch[] = [];
  const errors: (Bottom | null)[] = [];
  const stages: number[] = [];
  const alternatives = alternativesOf(of.source);
  const attempts = alternatives.map((_, i) => ({ choices: [choiceOf(of, i)], leavesRest: false, level }));
  for (let i = 0; i < alternatives.length; i++) {
    const { expr, mode } = alternatives[i]!;
    if (cannotFit(n, expr)) continue;
    if (rest === null && expr.tag === TAG_BOTTOM) {
      // Tried only if nothing is left: then its error counts.
      errors[i] = null;
      continue;
    }
    const d = literalList(ctx, n, expr) ?? tryChoices(ctx, n, attempts[i]!, final);
    if (d === 'blocked') return 'blocked';
    if (d instanceof Bottom) {
      errors[i] = d;
      if (n.tried !== null && n.tried.failedAt !== null) stages[i] = n.tried.failedAt;
      const end = rest === null ? null : deadEnd(ctx, n, { ...attempts[i]!, leavesRest: true }, rest);
      if (end !== null) branches.push({ mode, tree: end });
    } else branches.push({ mode, tree: treeOf(d) });
  }
  for (let i = 0; i < errors.length && branches.length === 0; i++) {
    if (errors[i] !== null) continue;
    const d = tryChoices(ctx, n, attempts[i]!, final);
    if (d === 'blocked') return 'blocked';
    if (d instanceof Bottom) errors[i] = d;
  }
  for (let i = 0; i < alternatives.length && branches.length === 0; i++) {
    // Only where nothing fits is anybody told why.
    const { expr } = alternatives[i]!;
    if (cannotFit(n, expr)) errors[i] = misfit(n, expr);
  }
  return { tree: { kind: 'fork', level, branches }, ...lastErrors(n, errors, stages) };
}

/** Why nothing is left, in CUE's way: only the last disjunction that any combination got to has a say. */
function lastErrors(
  n: NodeState,
  errors: readonly (Bottom | null)[],
  stages: readonly number[],
): { readonly errors: readonly Bottom[]; readonly failedAt: number } {
  const here = stageOf(inOrder(n).map((d) => ({ level: levelOf(n, d) })));
  const failedAt = stages.reduce((least, s) => Math.min(least, s), here);
  const told: Bottom[] = [];
  errors.forEach((e, i) => {
    if (e !== null && (stages[i] ?? here) === failedAt) told.push(e);
  });
  return { errors: told, failedAt };
}

/** How many disjunctions of the vertex itself are still to come, the one under way included: the least is the furthest. */
export function stageOf(rest: readonly { readonly level: number }[]): number {
  const own = rest.reduce((n, { level }) => (level === 0 ? n + 1 : n), 0);
  return rest[0]?.level === 0 ? own : own + 1;
}

/** The value of a literal list where there is nothing else, which need not be tried. */
function literalList(ctx: Evaluation, n: NodeState, expr: Expr): Vertex | null {
  const shape = expr.tag === TAG_LIST && isEmpty(n) ? listShape(expr) : null;
  return shape === null ? null : shapeVertex(ctx, n.vertex, shape);
}

/** Behind so many disjuncts taken it is not looked into how far another one gets. */
const DEEP = 2;

/** The disjunctions still to come if there are marks among them all, so that it counts how far a disjunct gets. */
function markedRest(n: NodeState, of: PendingDisjunction): readonly PendingDisjunction[] | null {
  if (n.disjunctions.length === 1 || n.choices.length > DEEP) return null;
  if (!n.disjunctions.some((d) => d.source.hasDefaults)) return null;
  return n.disjunctions.filter((d) => d !== of);
}

/** What is left of a disjunct that fails only together with the disjunctions to come; null if it fails alone. */
function deadEnd(
  ctx: Evaluation,
  n: NodeState,
  attempt: Attempt,
  rest: readonly PendingDisjunction[],
): DisjunctTree | null {
  if (!(tryChoices(ctx, n, attempt, false) instanceof Vertex)) return null;
  return { kind: 'fork', level: Math.max(...rest.map((d) => levelOf(n, d))), branches: [] };
}

/** Whether the disjunction is all that the vertex is made of. */
function isEmpty(n: NodeState): boolean {
  if (n.disjunctions.length > 1 || n.tasks.length > 0 || n.hasStruct || n.isList || !isBare(n)) return false;
  return n.scalar === null && n.vertex.arcs.length === 0 && n.vertex.patterns === null;
}

/** The disjunctions in the order they are expanded in: those inside of the disjunct taken last before its siblings. */
export function inOrder(n: NodeState): readonly PendingDisjunction[] {
  const { disjunctions } = n;
  if (disjunctions.length === 1 || n.siblings.length === 0) return disjunctions;
  return disjunctions.toSorted((a, b) => levelOf(n, b) - levelOf(n, a));
}

/** Whether there is a disjunction that an alternative does not have in common with the vertex it is one of. */
export function hasOwnDisjunction(n: NodeState): boolean {
  return n.choices.length === 0 || n.disjunctions.some((d) => levelOf(n, d) === n.level);
}

/** How many disjuncts deep a disjunction of the vertex lies. */
export function levelOf(n: NodeState, d: PendingDisjunction): number {
  const sibling = n.siblings.find((s) => s.key === d.key && s.occurrence === d.occurrence);
  return sibling === undefined ? n.level : sibling.level;
}

/** What is left below an alternative. */
function treeOf(d: Vertex): DisjunctTree {
  return d.state?.tree ?? { kind: 'leaf', value: d.deref() };
}

function choiceOf(d: PendingDisjunction, index: number): Choice {
  return { key: d.key, occurrence: d.occurrence, index };
}

/** Disjuncts to try. */
interface Attempt {
  readonly choices: readonly Choice[];
  /** The other disjunctions are left out of account. */
  readonly leavesRest: boolean;
  /** That of the disjunctions taken. */
  readonly level: number;
}

/** The vertex with these disjuncts taken, finalized; its error if they do not fit. */
function tryChoices(
  ctx: Evaluation,
  n: NodeState,
  attempt: Attempt,
  final: boolean,
): Vertex | Bottom | 'blocked' {
  const v = n.vertex;
  const d = makeAlternative(ctx, n, attempt);
  const { base, arcs } = v;
  const wasFinal = ctx.final;
  v.base = d;
  ctx.final = final;
  const done = finalize(ctx, d);
  ctx.final = wasFinal;
  v.base = base;
  v.arcs = arcs;
  if (!done && !final) return 'blocked';
  const m = d.state;
  n.tried = m;
  if (m !== null && n.isList && !n.listIsClosed && closesList(n, m)) n.closesList = true;
  return deepError(d) ?? d;
}

/** Whether an alternative has closed the list that was open; one of another length fails before that. */
function closesList(n: NodeState, m: NodeState): boolean {
  return m.isList && m.kind !== 0 && m.listLength >= n.listLength && (m.listIsClosed || m.closesList);
}

function makeAlternative(ctx: Evaluation, n: NodeState, { choices, leavesRest, level }: Attempt): Vertex {
  ctx.node();
  const v = n.vertex;
  const d = new Vertex(v.label, v.parent, v.arcType);
  d.conjuncts = v.conjuncts;
  d.isDisjunct = true;
  d.isInline = v.isInline;
  d.closedRecursive = v.closedRecursive;
  const m = new NodeState(d, n.depth);
  m.choices = n.choices.length === 0 ? choices : [...n.choices, ...choices];
  m.level = level + 1;
  if (n.disjunctions.length > 1) {
    m.siblings = n.disjunctions.map((x) => ({ key: x.key, occurrence: x.occurrence, level: levelOf(n, x) }));
  }
  m.standsFor = n.standsFor ?? v;
  m.leavesRest = leavesRest;
  d.state = m;
  d.status = EVALUATING;
  const saved = ctx.current;
  ctx.current = d;
  for (let i = 0; i < d.conjuncts.length; i++) {
    const c = d.conjuncts[i]!;
    scheduleConjunct(ctx, m, c.env, c.expr, c.info);
  }
  ctx.current = saved;
  return d;
}

/**
 * In CUE 0.14 the disjuncts have the open list of their vertex in common, so the first that closes it, even if it then
 * fails, closes it in all: `[...int] & ([] | [...])` is `[]`.
 */
function closeLists(tree: DisjunctTree): void {
  if (tree.kind === 'fork') {
    for (const b of tree.branches) closeLists(b.tree);
  } else if (tree.value instanceof Vertex && tree.value.base === OPEN_LIST) tree.value.base = CLOSED_LIST;
}

/** The disjuncts of one disjunction that fit the vertex by themselves. */
interface Survivors {
  readonly of: PendingDisjunction;
  readonly alternatives: readonly { readonly index: number; readonly mode: DefaultMode }[];
}

/**
 * Tries each disjunct by itself first: what does not fit alone fits in no combination. If too many combinations are
 * left, the value is undecided except for its default, so only that and a second combination are worked out. Null
 * where that does not settle it.
 */
function expandMany(ctx: Evaluation, n: NodeState, final: boolean): Outcome | 'blocked' | null {
  const level = levelOf(n, inOrder(n)[0]!);
  const columns: Survivors[] = [];
  for (const of of n.disjunctions) {
    const alternatives: { index: number; mode: DefaultMode }[] = [];
    const errors: Bottom[] = [];
    const all = alternativesOf(of.source);
    for (let index = 0; index < all.length; index++) {
      const a = all[index]!;
      if (cannotFit(n, a.expr)) continue;
      const d = tryChoices(ctx, n, { choices: [choiceOf(of, index)], leavesRest: true, level }, final);
      if (d === 'blocked') return 'blocked';
      if (d instanceof Bottom) errors.push(d);
      else alternatives.push({ index, mode: a.mode });
    }
    if (alternatives.length === 0)
      return { tree: { kind: 'fork', level, branches: [] }, errors, failedAt: null };
    columns.push({ of, alternatives });
  }
  let combinations = 1;
  for (const c of columns) combinations *= c.alternatives.length;
  if (combinations > MANY) return sample(ctx, n, columns, final);
  const fixed = columns.filter((c) => c.alternatives.length === 1);
  if (fixed.length === 0) return null;
  const choices = fixed.map((c) => choiceOf(c.of, c.alternatives[0]!.index));
  const d = tryChoices(ctx, n, { choices, leavesRest: false, level }, final);
  if (d === 'blocked') return 'blocked';
  if (d instanceof Bottom)
    return { tree: { kind: 'fork', level, branches: [] }, errors: [d], failedAt: null };
  const modes = fixed.map((c) => c.alternatives[0]!.mode);
  return { tree: chain(level, modes, treeOf(d)), errors: [], failedAt: null };
}

/** One way through several disjunctions. */
function chain(level: number, modes: readonly DefaultMode[], end: DisjunctTree): DisjunctTree {
  let tree = end;
  for (const mode of modes.toReversed()) tree = { kind: 'fork', level, branches: [{ mode, tree }] };
  return tree;
}

/** The combination of defaults, and another one to stand for all others. */
function sample(
  ctx: Evaluation,
  n: NodeState,
  columns: readonly Survivors[],
  final: boolean,
): Outcome | 'blocked' | null {
  const level = levelOf(n, inOrder(n)[0]!);
  const branches: DisjunctBranch[] = [];
  const preferred = columns.map((c) =>
    Math.max(
      0,
      c.alternatives.findIndex((a) => a.mode === MODE_DEFAULT),
    ),
  );
  const others = columns.map((c, k) => (preferred[k] === 0 ? c.alternatives.length - 1 : 0));
  for (const picks of [preferred, others]) {
    const taken = columns.map((c, k) => c.alternatives[picks[k]!]!);
    const choices = columns.map((c, k) => choiceOf(c.of, taken[k]!.index));
    const d = tryChoices(ctx, n, { choices, leavesRest: false, level }, final);
    if (d === 'blocked') return 'blocked';
    if (d instanceof Bottom) return null;
    const [first, ...rest] = taken.map((a) => a.mode);
    // There are many columns.
    branches.push({ mode: first!, tree: chain(level, rest, treeOf(d)) });
  }
  return { tree: { kind: 'fork', level, branches }, errors: [], failedAt: null };
}

/** A quick look at a disjunct's kind, before a vertex is made for it. */
function cannotFit(n: NodeState, expr: Expr): boolean {
  const kind = writtenKind(expr);
  return kind !== null && (ownKind(n) & kind) === 0;
}

/** The error of a disjunct that cannot fit. */
function misfit(n: NodeState, expr: Expr): Bottom {
  const own = n.scalar ?? n.sureStructExpr ?? n.listExpr ?? n.kindExpr ?? expr;
  return conflict(n, own, expr, [ownKind(n), writtenKind(expr) ?? 0]);
}

function ownKind(n: NodeState): number {
  return n.isSureStruct ? n.kind & STRUCT_KIND : n.kind;
}

function writtenKind(expr: Expr): number | null {
  if (expr.tag === TAG_LIST) return LIST_KIND;
  if (expr.tag === TAG_STRUCT) return expr.isPlain ? STRUCT_KIND : null;
  if (expr.tag > LAST_VALUE || expr.tag === TAG_VERTEX || expr.tag === TAG_BOTTOM) return null;
  return kindOf(expr as Value); // the tag says that it is a value
}

/** The first error in a value or anywhere below it, incomplete ones included. */
function deepError(v: Vertex): Bottom | null {
  const w = v.held();
  if (w.base instanceof Bottom) return w.base;
  if (w.childErrors !== null) return w.childErrors;
  // What is known without its arcs has no errors.
  if (w.outline !== null) return null;
  for (const a of w.arcs) {
    if (a.arcType > ARC_REQUIRED || isLet(a.label)) continue;
    const e = deepError(a);
    if (e !== null) return e;
  }
  return null;
}
