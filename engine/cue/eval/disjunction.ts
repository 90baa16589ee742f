/**
 * Disjunctions. All other conjuncts of a vertex go in first; then each disjunct is tried with them. A disjunct that
 * fails, even one that is only incomplete, is dropped; equal ones are merged; marks combine by the spec's rules
 * (U0 to U2 and M0, M1).
 *
 * A vertex without fields is decided on simple values alone. Otherwise an alternative is a vertex of its own with the
 * same conjuncts and a note which disjunct to take; it decides the remaining disjunctions in turn, so that a
 * combination ends at the first disjunct that does not fit.
 */

import type { Issue } from '../bottom.ts';
import { Bottom, combineErrors, isIncomplete } from '../bottom.ts';
import type { DisjunctionExpr, Expr, Place } from '../compile/ir.ts';
import { pathOf } from '../diagnostic.ts';
import { compare } from '../number/number.ts';
import { equal } from './equal.ts';
import type { Evaluation } from './evaluation.ts';
import { evaluate } from './expr.ts';
import { addError, conflict, insertValue } from './insert-value.ts';
import { LIST_KIND, STRUCT_KIND, TOP_KIND } from './kind.ts';
import { isLet } from './label.ts';
import { complete, finalize } from './process.ts';
import { exprPlace, resolve } from './resolve.ts';
import { scheduleConjunct } from './schedule.ts';
import type { Choice, DefaultMode, Mark, PendingDisjunction } from './state.ts';
import { MODE_DEFAULT, MODE_MAYBE, MODE_NOT_DEFAULT, NodeState, pushed } from './state.ts';
import {
  LAST_RESOLVER,
  LAST_SCALAR,
  LAST_VALUE,
  TAG_AND,
  TAG_BOOL,
  TAG_BOTTOM,
  TAG_DISJUNCTION,
  TAG_DISJUNCTION_EXPR,
  TAG_LIST,
  TAG_LIST_MARKER,
  TAG_NULL,
  TAG_NUM,
  TAG_STRING,
  TAG_STRUCT,
  TAG_STRUCT_MARKER,
  TAG_TOP,
  TAG_TYPE,
  TAG_VERTEX,
} from './tag.ts';
import { checkScalar, typeOf } from './validate-value.ts';
import type { CloseInfo, Env, SimpleValue, Value } from './value.ts';
import { ARC_REQUIRED, Disjunction, EVALUATING, kindOf, NO_CLOSE_INFO, NODE_DONE, Vertex } from './value.ts';

type Source = DisjunctionExpr | Disjunction;

/** The key of all disjunctions that come as values: they are made anew each time, so only their order tells them apart. */
const COMPUTED: object = Object.freeze({});

/** Notes a disjunction, or takes the disjunct that this vertex was made for. */
export function scheduleDisjunction(
  ctx: Evaluation,
  n: NodeState,
  env: Env | null,
  source: Source,
  info: CloseInfo,
): void {
  const key = source.tag === TAG_DISJUNCTION ? COMPUTED : source.place.node;
  let occurrence = 0;
  for (const k of n.seenKeys) if (k === key) occurrence++;
  n.seenKeys = pushed(n.seenKeys, key);
  n.hasDisjunction = true;
  for (const choice of n.choices) {
    if (choice.key !== key || choice.occurrence !== occurrence) continue;
    const value =
      source.tag === TAG_DISJUNCTION ? source.values[choice.index]! : source.disjuncts[choice.index]!.value;
    scheduleConjunct(ctx, n, env, value, info);
    return;
  }
  n.disjunctions = pushed(n.disjunctions, { env, source, key, occurrence, info });
}

interface Alternative {
  readonly expr: Expr;
  readonly mode: DefaultMode;
}

function alternativesOf(source: Source): Alternative[] {
  if (source.tag === TAG_DISJUNCTION) {
    return source.values.map((expr, i) => ({ expr, mode: modeOf(source.hasDefaults, i < source.defaults) }));
  }
  return source.disjuncts.map((d) => ({ expr: d.value, mode: modeOf(source.hasDefaults, d.isDefault) }));
}

function countOf(source: Source): number {
  return source.tag === TAG_DISJUNCTION ? source.values.length : source.disjuncts.length;
}

function modeOf(hasDefaults: boolean, isDefault: boolean): DefaultMode {
  return !hasDefaults ? MODE_MAYBE : isDefault ? MODE_DEFAULT : MODE_NOT_DEFAULT;
}

/** One surviving combination: its value and, for each disjunction on the way, the mark of the disjunct taken. */
interface Result {
  readonly value: Value;
  readonly modes: readonly Mark[];
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
  const v = n.vertex;
  n.disjunctionsDone = true;
  if (outcome.results.length === 0) {
    const error = emptyDisjunction(n, outcome.errors, ctx.demand === null ? null : exprPlace(ctx.demand));
    addError(n, error);
    v.base = n.errors;
    return true;
  }
  settle(ctx, n, outcome.results);
  return true;
}

interface Outcome {
  readonly results: readonly Result[];
  readonly errors: readonly Bottom[];
}

function emptyDisjunction(n: NodeState, errors: readonly Bottom[], demand: Place | null): Bottom {
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
    others: all.flatMap((i) => i.others),
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

/** Makes the value of the vertex out of what is left. */
function settle(ctx: Evaluation, n: NodeState, results: readonly Result[]): void {
  const v = n.vertex;
  const modes = combineModes(results);
  const kept: { value: Value; mode: DefaultMode; marks: readonly Mark[] }[] = [];
  outer: for (let i = 0; i < results.length; i++) {
    const value = results[i]!.value;
    for (const k of kept) {
      if (!equal(ctx, k.value, value, true)) continue;
      if (modes[i] === MODE_DEFAULT && k.mode !== MODE_DEFAULT) {
        k.mode = MODE_DEFAULT;
        k.marks = results[i]!.modes;
      }
      continue outer;
    }
    kept.push({ value, mode: modes[i]!, marks: results[i]!.modes });
  }
  if (kept.length === 1) {
    const only = kept[0]!.value;
    v.arcs = [];
    v.index = null;
    v.base = only;
    n.outcomes = [kept[0]!.marks];
    if (only.tag === TAG_VERTEX) v.closedRecursive = only.closedRecursive;
    n.scalar =
      only.tag <= LAST_SCALAR && only.tag !== TAG_VERTEX ? (only as NonNullable<typeof n.scalar>) : null;
    return;
  }
  // A default moves to the front by changing places with the first that is none, as CUE orders them.
  const ordered: typeof kept = [];
  let defaults = 0;
  let hasDefaults = false;
  kept.forEach((k, i) => {
    if (k.mode === MODE_DEFAULT) {
      if (i > defaults) ordered[i] = ordered[defaults]!;
      ordered[defaults] = k;
      defaults++;
    } else ordered[i] = k;
    if (k.mode !== MODE_MAYBE) hasDefaults = true;
  });
  n.outcomes = ordered.map((k) => k.marks);
  v.arcs = [];
  v.index = null;
  v.childErrors = null;
  v.base = new Disjunction(
    ordered.map((k) => k.value),
    defaults,
    hasDefaults,
  );
}

/** The mark of each result: the marks of its disjuncts combined, where a default that did not survive counts for nothing. */
function combineModes(results: readonly Result[]): DefaultMode[] {
  if (results.every((r) => r.modes.length === 1 && isSameSource(r.modes[0]!, results[0]!.modes[0]!))) {
    const modes = results.map((r) => r.modes[0]!.mode);
    return modes.includes(MODE_DEFAULT)
      ? modes.map((m) => (m === MODE_MAYBE ? MODE_NOT_DEFAULT : m))
      : modes.fill(MODE_MAYBE);
  }
  const order: Mark[] = [];
  for (const r of results) {
    for (const m of r.modes) if (!order.some((o) => isSameSource(o, m))) order.push(m);
  }
  let left: DefaultMode[] = results.map(() => MODE_MAYBE);
  let first = true;
  for (const of of order) {
    const right = results.map((r) => r.modes.find((m) => isSameSource(m, of))?.mode ?? MODE_MAYBE);
    const leftDrops = first || !left.includes(MODE_DEFAULT);
    const rightDrops = !right.includes(MODE_DEFAULT);
    left = left.map((l, i) => {
      const a = leftDrops ? MODE_MAYBE : l;
      const b = rightDrops ? MODE_MAYBE : right[i]!;
      return stronger(a, b);
    });
    first = false;
  }
  if (left.some((m) => m !== MODE_MAYBE)) left = left.map((m) => (m === MODE_MAYBE ? MODE_NOT_DEFAULT : m));
  return left;
}

/** U1 and U2: a default only if both are; unmarked gives way to either. */
function stronger(a: DefaultMode, b: DefaultMode): DefaultMode {
  if (a > b) return a;
  return b;
}

function isSameSource(a: Mark, b: Mark): boolean {
  return a.of === b.of && a.occurrence === b.occurrence;
}

// ---- literals

/**
 * The commonest disjunction, one of literals and types on a vertex with at most a scalar (`*"TCP" | "UDP"`), settled
 * without further ado. False if it is not one, or nothing fits.
 */
function settleLiterals(ctx: Evaluation, n: NodeState, d: PendingDisjunction): boolean {
  const { source } = d;
  if (source.tag !== TAG_DISJUNCTION_EXPR || !isBare(n) || n.tasks.length > 0 || n.hasStruct || n.isList)
    return false;
  if (n.vertex.arcs.length > 0) return false;
  const { disjuncts } = source;
  for (let i = 0; i < disjuncts.length; i++) {
    const { tag } = disjuncts[i]!.value;
    if (tag > LAST_SCALAR && tag !== TAG_TYPE) return false;
  }
  const values: SimpleValue[] = [];
  let defaults = 0;
  for (let i = 0; i < disjuncts.length; i++) {
    ctx.step();
    const { value, isDefault } = disjuncts[i]!;
    // The tags were looked at above.
    const fitting = fit(n, value as SimpleValue);
    if (fitting === null) continue;
    const at = values.findIndex((v) => v === fitting || equal(ctx, v, fitting, true));
    if (at >= 0) {
      if (!isDefault || at < defaults) continue;
      values.splice(at, 1);
    }
    if (isDefault) values.splice(defaults++, 0, fitting);
    else values.push(fitting);
  }
  if (values.length === 0) return false;
  if (defaults > 1 || (defaults === 1 && values.length > 2 && !disjuncts[0]!.isDefault)) return false;
  const only = values[0]!;
  n.vertex.base = values.length === 1 ? only : new Disjunction(values, defaults, source.hasDefaults);
  // A tag of a scalar.
  if (values.length === 1 && only.tag <= LAST_SCALAR) n.scalar = only as NonNullable<typeof n.scalar>;
  return true;
}

/** What a literal or type and the vertex' own scalar or kind have in common. */
function fit(n: NodeState, value: SimpleValue): SimpleValue | null {
  const own = n.scalar;
  const kind = kindOf(value) & n.kind;
  if (kind === 0) return null;
  if (own === null) return value.tag === TAG_TYPE && kind !== value.kind ? null : value;
  if (value.tag === TAG_TYPE) return own;
  if (own.tag === TAG_STRING && value.tag === TAG_STRING) return own.value === value.value ? own : null;
  if (own.tag === TAG_BOOL && value.tag === TAG_BOOL) return own.value === value.value ? own : null;
  if (own.tag === TAG_NUM && value.tag === TAG_NUM) return compare(own.value, value.value) === 0 ? own : null;
  return own.tag === TAG_NULL && value.tag === TAG_NULL ? own : null;
}

// ---- simple values

/**
 * Decides disjunctions of simple values on a vertex without fields. Null if something in it is not simple;
 * 'blocked' if it has to wait.
 */
function expandSimple(ctx: Evaluation, n: NodeState): Outcome | 'blocked' | null {
  if (n.tasks.length > 0 || n.hasStruct || n.isList || n.vertex.arcs.length > 0 || n.vertex.patterns !== null)
    return null;
  const columns: {
    of: PendingDisjunction;
    alternatives: { value: SimpleValue; mode: DefaultMode; nested: readonly Mark[] }[];
  }[] = [];
  const errors: Bottom[] = [];
  for (const d of n.disjunctions) {
    const list = simpleAlternatives(ctx, d, errors);
    if (list === null) return null;
    if (ctx.blocked) return 'blocked';
    columns.push({ of: d, alternatives: list });
  }
  let partial: { values: SimpleValue[]; value: SimpleValue | null; modes: Mark[] }[] = [
    { values: [], value: null, modes: [] },
  ];
  let failures = 0;
  for (const { of, alternatives } of columns) {
    const next: typeof partial = [];
    for (const p of partial) {
      for (const a of alternatives) {
        ctx.step();
        const values = [...p.values, a.value];
        if (values.length === 1 && conflicts(n, a.value)) {
          failures++;
          continue;
        }
        const value = unifySimple(ctx, n, values);
        if (value.tag === TAG_BOTTOM) errors.push(value);
        else
          next.push({
            values,
            value,
            modes: [...p.modes, { of: of.key, occurrence: of.occurrence, mode: a.mode }, ...a.nested],
          });
      }
    }
    partial = next;
  }
  if (partial.length === 0 && failures > 0) {
    for (const a of columns[0]!.alternatives) {
      const value = unifySimple(ctx, n, [a.value]);
      if (value.tag === TAG_BOTTOM && !errors.includes(value)) errors.push(value);
    }
  }
  return { results: partial.map((p) => ({ value: p.value!, modes: p.modes })), errors };
}

function simpleAlternatives(
  ctx: Evaluation,
  d: PendingDisjunction,
  errors: Bottom[],
): { value: SimpleValue; mode: DefaultMode; nested: readonly Mark[] }[] | null {
  const list: { value: SimpleValue; mode: DefaultMode; nested: readonly Mark[] }[] = [];
  for (const { expr, mode } of alternativesOf(d.source)) {
    const value = simpleValue(ctx, d.env, expr);
    if (ctx.blocked) return list;
    if (value === null) return null;
    if (value.tag === TAG_BOTTOM) errors.push(value);
    else if (value.tag === TAG_DISJUNCTION) {
      for (let i = 0; i < value.values.length; i++) {
        const v = value.values[i]!;
        if (v.tag === TAG_VERTEX) return null;
        list.push({
          value: v,
          mode,
          nested: [{ of: value, occurrence: 0, mode: modeOf(value.hasDefaults, i < value.defaults) }],
        });
      }
    } else list.push({ value, mode, nested: [] });
  }
  return list;
}

/** The value of an expression if it has no fields; null if it may have some. */
function simpleValue(ctx: Evaluation, env: Env | null, expr: Expr): SimpleValue | null {
  if (expr.tag <= LAST_VALUE) {
    if (expr.tag !== TAG_VERTEX) {
      // Values come before all other expressions.
      return expr as SimpleValue;
    }
    complete(ctx, expr);
    return ctx.blocked ? null : simpleOf(expr);
  }
  if (
    expr.tag === TAG_STRUCT ||
    expr.tag === TAG_LIST ||
    expr.tag === TAG_AND ||
    expr.tag === TAG_DISJUNCTION_EXPR
  ) {
    return null;
  }
  if (env === null) return null;
  if (expr.tag <= LAST_RESOLVER) {
    // The tag says it is a reference.
    const found = resolve(ctx, expr as Parameters<typeof resolve>[1], env);
    if (ctx.blocked) return null;
    if (found.tag !== TAG_VERTEX) return found;
    if (found.status < NODE_DONE && found.state !== null && found.state.isRunning) return null;
  }
  const v = evaluate(ctx, expr, env);
  if (ctx.blocked) return null;
  return v.tag === TAG_VERTEX ? simpleOf(v) : v;
}

function simpleOf(v: Vertex): SimpleValue | null {
  const w = v.deref();
  const base = w.base;
  if (base === null || w.arcs.length > 0 || base.tag === TAG_VERTEX) return null;
  if (base.tag === TAG_STRUCT_MARKER || base.tag === TAG_LIST_MARKER) return null;
  if (w.state !== null && (w.state.hasStruct || w.patterns !== null)) return null;
  return base;
}

/** A scalar that is not the one the vertex has: the commonest way to fail, told without making an error. */
function conflicts(n: NodeState, value: SimpleValue): boolean {
  const own = n.scalar;
  if (own === null)
    return (n.kind & kindOf(value)) === 0 && value.tag !== TAG_BOTTOM && value.tag !== TAG_TOP;
  if (own.tag === TAG_STRING)
    return value.tag <= LAST_SCALAR && (value.tag !== TAG_STRING || value.value !== own.value);
  return value.tag <= LAST_SCALAR && value.tag !== own.tag;
}

function isBare(n: NodeState): boolean {
  return n.lower === null && n.upper === null && n.checks.length === 0 && n.errors === null;
}

/** The vertex's own simple conjuncts and some further values, unified. */
function unifySimple(ctx: Evaluation, n: NodeState, values: readonly SimpleValue[]): SimpleValue {
  const only = values[0];
  if (values.length === 1 && only !== undefined && isBare(n)) {
    if (n.scalar === null && n.kind === TOP_KIND && (only.tag <= LAST_SCALAR || only.tag === TAG_TYPE))
      return only;
    if (n.scalar !== null && only.tag === TAG_TYPE && (only.kind & n.scalar.kind) !== 0) return n.scalar;
    if (
      n.scalar !== null &&
      n.scalar.tag === TAG_STRING &&
      only.tag === TAG_STRING &&
      only.value === n.scalar.value
    ) {
      return n.scalar;
    }
  }
  const m = new NodeState(n.vertex, n.depth);
  m.kind = n.kind;
  m.kindExpr = n.kindExpr;
  m.scalar = n.scalar;
  m.lower = n.lower;
  m.upper = n.upper;
  m.checks = [...n.checks];
  m.hasTop = n.hasTop;
  m.errors = n.errors;
  for (const v of values) insertValue(ctx, m, v, NO_CLOSE_INFO);
  if (m.scalar !== null && m.errors === null) checkScalar(ctx, m, m.scalar);
  if (m.errors !== null) return m.errors;
  if (m.scalar !== null) return m.scalar;
  // What bounds and validators say has no fields.
  return typeOf(ctx, m) as SimpleValue;
}

// ---- vertices

/** More combinations than these are not tried one by one. */
const MANY = 64;

function expandVertices(ctx: Evaluation, n: NodeState, final: boolean): Outcome | 'blocked' {
  let combinations = 1;
  for (const d of n.disjunctions) combinations *= countOf(d.source);
  if (n.disjunctions.length > 1 && combinations > MANY) {
    const outcome = expandMany(ctx, n, final);
    if (outcome !== null) return outcome;
  }
  const first = n.disjunctions[0]!;
  const results: Result[] = [];
  const errors: Bottom[] = [];
  const unfit: { at: number; expr: Expr }[] = [];
  const alternatives = alternativesOf(first.source);
  for (let i = 0; i < alternatives.length; i++) {
    const a = alternatives[i]!;
    if (cannotFit(n, a.expr)) {
      unfit.push({ at: errors.length, expr: a.expr });
      continue;
    }
    const d = tryChoices(ctx, n, [choiceOf(first, i)], false, final);
    if (d === 'blocked') return 'blocked';
    if (d instanceof Bottom) errors.push(d);
    else collect(d, [{ of: first.key, occurrence: first.occurrence, mode: a.mode }], results);
  }
  // Only where nothing fits is anybody told why.
  if (results.length === 0)
    for (const [i, u] of unfit.entries()) errors.splice(u.at + i, 0, misfit(n, u.expr));
  return { results, errors };
}

function choiceOf(d: PendingDisjunction, index: number): Choice {
  return { key: d.key, occurrence: d.occurrence, index };
}

/** The vertex with these disjuncts taken, finalized; its error if they do not fit. */
function tryChoices(
  ctx: Evaluation,
  n: NodeState,
  choices: readonly Choice[],
  leavesRest: boolean,
  final: boolean,
): Vertex | Bottom | 'blocked' {
  const v = n.vertex;
  const d = makeAlternative(ctx, n, choices, leavesRest);
  const { base, arcs } = v;
  const wasFinal = ctx.final;
  v.base = d;
  ctx.final = final;
  const done = finalize(ctx, d);
  ctx.final = wasFinal;
  v.base = base;
  v.arcs = arcs;
  if (!done && !final) return 'blocked';
  return deepError(d) ?? d;
}

function makeAlternative(
  ctx: Evaluation,
  n: NodeState,
  choices: readonly Choice[],
  leavesRest: boolean,
): Vertex {
  ctx.node();
  const v = n.vertex;
  const d = new Vertex(v.label, v.parent, v.arcType);
  d.conjuncts = v.conjuncts;
  d.isDisjunct = true;
  d.isInline = v.isInline;
  d.closedRecursive = v.closedRecursive;
  const m = new NodeState(d, n.depth);
  m.choices = [...n.choices, ...choices];
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

// ---- many combinations

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
  const columns: Survivors[] = [];
  for (const of of n.disjunctions) {
    const alternatives: { index: number; mode: DefaultMode }[] = [];
    const errors: Bottom[] = [];
    const all = alternativesOf(of.source);
    for (let index = 0; index < all.length; index++) {
      const a = all[index]!;
      if (cannotFit(n, a.expr)) continue;
      const d = tryChoices(ctx, n, [choiceOf(of, index)], true, final);
      if (d === 'blocked') return 'blocked';
      if (d instanceof Bottom) errors.push(d);
      else alternatives.push({ index, mode: a.mode });
    }
    if (alternatives.length === 0) return { results: [], errors };
    columns.push({ of, alternatives });
  }
  let combinations = 1;
  for (const c of columns) combinations *= c.alternatives.length;
  if (combinations > MANY) return sample(ctx, n, columns, final);
  const fixed = columns.filter((c) => c.alternatives.length === 1);
  if (fixed.length === 0) return null;
  const d = tryChoices(
    ctx,
    n,
    fixed.map((c) => choiceOf(c.of, c.alternatives[0]!.index)),
    false,
    final,
  );
  if (d === 'blocked') return 'blocked';
  if (d instanceof Bottom) return { results: [], errors: [d] };
  const results: Result[] = [];
  collect(
    d,
    fixed.map((c) => markOf(c, 0)),
    results,
  );
  return { results, errors: [] };
}

function markOf(c: Survivors, i: number): Mark {
  return { of: c.of.key, occurrence: c.of.occurrence, mode: c.alternatives[i]!.mode };
}

/** The combination of defaults, and another one to stand for all others. */
function sample(
  ctx: Evaluation,
  n: NodeState,
  columns: readonly Survivors[],
  final: boolean,
): Outcome | 'blocked' | null {
  const results: Result[] = [];
  const preferred = columns.map((c) =>
    Math.max(
      0,
      c.alternatives.findIndex((a) => a.mode === MODE_DEFAULT),
    ),
  );
  const others = columns.map((c, k) => (preferred[k] === 0 ? c.alternatives.length - 1 : 0));
  for (const picks of [preferred, others]) {
    const choices = columns.map((c, k) => choiceOf(c.of, c.alternatives[picks[k]!]!.index));
    const d = tryChoices(ctx, n, choices, false, final);
    if (d === 'blocked') return 'blocked';
    if (d instanceof Bottom) return null;
    collect(
      d,
      columns.map((c, k) => markOf(c, picks[k]!)),
      results,
    );
  }
  return { results, errors: [] };
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

/** The values of an alternative: itself, or its own disjuncts if it is still undecided. */
function collect(d: Vertex, modes: readonly Mark[], into: Result[]): void {
  const inner = d.state?.outcomes ?? [];
  const base = d.base;
  if (base === null || base.tag !== TAG_DISJUNCTION) {
    into.push({ value: d.deref(), modes: [...modes, ...(inner[0] ?? [])] });
    return;
  }
  base.values.forEach((value, i) => {
    into.push({ value, modes: [...modes, ...(inner[i] ?? [])] });
  });
}

/** The first error in a value or anywhere below it, incomplete ones included. */
function deepError(v: Vertex): Bottom | null {
  const w = v.deref();
  if (w.base !== null && w.base.tag === TAG_BOTTOM) return w.base;
  if (w.childErrors !== null) return w.childErrors;
  for (const a of w.arcs) {
    if (a.arcType > ARC_REQUIRED || isLet(a.label)) continue;
    const e = deepError(a);
    if (e !== null) return e;
  }
  return null;
}
