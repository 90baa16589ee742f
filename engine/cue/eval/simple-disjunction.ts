/** Disjunctions decided on simple values and on lists of them, without a vertex for each disjunct. */
import type { Bottom } from '../bottom.ts';
import type { Expr } from '../compile/ir.ts';
import type { DisjunctBranch, DisjunctTree } from './disjunct-tree.ts';
import { hasLeaf, markOf } from './disjunct-tree.ts';
import { alternativesOf, inOrder, levelOf, stageOf } from './disjunction.ts';
import { equal } from './equal.ts';
import type { Evaluation } from './evaluation.ts';
import { evaluate } from './expr.ts';
import { insertValue } from './insert-value.ts';
import { LIST_KIND, TOP_KIND } from './kind.ts';
import type { Shape } from './list-shape.ts';
import { fitLiteral, ListShape, listShape, ownShape, shapeVertex, unifyShapes } from './list-shape.ts';
import { complete } from './process.ts';
import { resolve } from './resolve.ts';
import type { DefaultMode, PendingDisjunction } from './state.ts';
import { NodeState } from './state.ts';
import {
  LAST_RESOLVER,
  LAST_SCALAR,
  LAST_VALUE,
  TAG_AND,
  TAG_BOTTOM,
  TAG_DISJUNCTION,
  TAG_DISJUNCTION_EXPR,
  TAG_LIST,
  TAG_LIST_MARKER,
  TAG_STRING,
  TAG_STRUCT,
  TAG_STRUCT_MARKER,
  TAG_TOP,
  TAG_TYPE,
  TAG_VERTEX,
} from './tag.ts';
import { checkScalar, typeOf } from './validate-value.ts';
import type { Env, Scalar, SimpleValue, Vertex } from './value.ts';
import { Disjunction, kindOf, NO_CLOSE_INFO, NODE_DONE } from './value.ts';

/**
 * The commonest disjunction, one of literals and types on a vertex with at most a scalar (`*"TCP" | "UDP"`), settled
 * without further ado. False if it is not one, or nothing fits.
 */
export function settleLiterals(ctx: Evaluation, n: NodeState, d: PendingDisjunction): boolean {
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
  n.vertex.base = values.length === 1 ? only : new Disjunction(values, defaults, defaults > 0);
  // A tag of a scalar.
  if (values.length === 1 && only.tag <= LAST_SCALAR) n.scalar = only as Scalar;
  return true;
}

/** What a literal or type and the vertex' own scalar or kind have in common. */
function fit(n: NodeState, value: SimpleValue): SimpleValue | null {
  const own = n.scalar;
  const kind = kindOf(value) & n.kind;
  if (kind === 0) return null;
  if (own === null) return value.tag === TAG_TYPE && kind !== value.kind ? null : value;
  const both = fitLiteral(own, value);
  return both === 'unsure' ? null : both;
}

/** A disjunct: its value, or the disjuncts that it consists of itself. */
interface Choice {
  readonly mode: DefaultMode;
  readonly value: Shape | readonly Choice[];
}

interface Column {
  readonly level: number;
  readonly choices: readonly Choice[];
  /** Why disjuncts of it were dropped. */
  readonly errors: Bottom[];
}

export interface SimpleOutcome {
  readonly tree: DisjunctTree;
  readonly errors: readonly Bottom[];
  /** As `NodeState.failedAt`. */
  readonly failedAt: number | null;
}

/**
 * Tries the disjuncts on the simple values, or the list of literals, that the vertex has. Null if only vertices can
 * tell; 'blocked' if it has to wait.
 */
export function expandSimple(ctx: Evaluation, n: NodeState): SimpleOutcome | 'blocked' | null {
  if (n.tasks.length > 0 || n.hasStruct || n.vertex.patterns !== null) return null;
  const own = n.isList ? ownShape(n) : null;
  if (own === null && (n.isList || n.vertex.arcs.length > 0)) return null;
  const columns: Column[] = [];
  for (const of of inOrder(n)) {
    const errors: Bottom[] = [];
    const choices = choicesOf(ctx, of, errors);
    if (ctx.blocked) return 'blocked';
    if (choices === null) return null;
    columns.push({ level: levelOf(n, of), choices, errors });
  }
  const trial = new Trial(ctx, n, columns);
  const tree = trial.next(0, own === null ? [] : [own]) ?? NOTHING;
  if (trial.isUnsure) return null;
  if (hasLeaf(tree)) return { tree, errors: [], failedAt: null };
  if (trial.hasLists) return null;
  return { tree, errors: trial.explained(), failedAt: stageOf(columns.slice(trial.furthest)) };
}

const NOTHING: DisjunctTree = { kind: 'fork', level: 0, branches: [] };

class Trial {
  /** Something came up that only vertices can tell. */
  isUnsure = false;
  hasLists = false;
  private conflicts = 0;
  /** The disjunction that some way got to; the next finds nothing to go on with. */
  furthest = 0;
  private readonly ctx: Evaluation;
  private readonly n: NodeState;
  private readonly columns: readonly Column[];
  constructor(ctx: Evaluation, n: NodeState, columns: readonly Column[]) {
    this.ctx = ctx;
    this.n = n;
    this.columns = columns;
  }

  /** Goes on with the next disjunction; what was taken so far fits together. A list is there alone. */
  next(column: number, taken: readonly Shape[], known: SimpleValue | null = null): DisjunctTree | null {
    const next = this.columns[column];
    if (next !== undefined) return this.fork(next.level, column, next.choices, taken);
    const only = taken[0];
    if (only instanceof ListShape) return { kind: 'leaf', value: shapeVertex(this.ctx, this.n.vertex, only) };
    return known === null ? null : { kind: 'leaf', value: known };
  }

  private fork(
    level: number,
    column: number,
    choices: readonly Choice[],
    taken: readonly Shape[],
  ): DisjunctTree {
    const branches: DisjunctBranch[] = [];
    for (const { mode, value } of choices) {
      // An array is a disjunction inside of the disjunct.
      const tree = Array.isArray(value)
        ? this.fork(level + 1, column, value as readonly Choice[], taken)
        : this.take(column, taken, value as Shape);
      if (tree !== null) branches.push({ mode, tree });
    }
    return { kind: 'fork', level, branches };
  }

  private take(column: number, taken: readonly Shape[], value: Shape): DisjunctTree | null {
    this.ctx.step();
    if (column > this.furthest) this.furthest = column;
    if (value instanceof ListShape || taken[0] instanceof ListShape) {
      this.hasLists = true;
      const both = this.unifiedLists(taken, value);
      if (both === 'unsure') this.isUnsure = true;
      return both === null || both === 'unsure' ? null : this.next(column + 1, [both]);
    }
    if (taken.length === 0 && conflicts(this.n, value)) {
      this.conflicts++;
      return null;
    }
    // No list is among them.
    const all = [...(taken as readonly SimpleValue[]), value];
    this.ctx.work(all.length >> 2);
    const unified = unifySimple(this.ctx, this.n, all);
    if (unified.tag !== TAG_BOTTOM) return this.next(column + 1, all, unified);
    this.columns[column]!.errors.push(unified);
    return null;
  }

  private unifiedLists(taken: readonly Shape[], value: Shape): Shape | null | 'unsure' {
    const { n } = this;
    if ((n.kind & LIST_KIND) === 0 || n.scalar !== null) return null;
    if (!isBare(n)) return 'unsure';
    let both: Shape | null | 'unsure' = value;
    for (const t of taken) {
      both = unifyShapes(t, both);
      if (both === null || both === 'unsure') return both;
    }
    return both;
  }

  /**
   * Why nothing is left, in CUE's way: what the last disjunction says that any combination got to. The errors of those
   * that were passed over quickly are made now.
   */
  explained(): readonly Bottom[] {
    const { errors, choices } = this.columns[this.furthest]!;
    if (this.conflicts === 0 || this.furthest > 0) return errors;
    for (const { value } of choices) {
      if (Array.isArray(value) || value instanceof ListShape) continue;
      // Neither a list nor a disjunction.
      const unified = unifySimple(this.ctx, this.n, [value as SimpleValue]);
      if (unified.tag === TAG_BOTTOM && !errors.includes(unified)) errors.push(unified);
    }
    return errors;
  }
}

function choicesOf(ctx: Evaluation, d: PendingDisjunction, errors: Bottom[]): readonly Choice[] | null {
  const list: Choice[] = [];
  for (const { expr, mode } of alternativesOf(d.source)) {
    const value = expr.tag === TAG_LIST ? listShape(expr) : simpleValue(ctx, d.env, expr);
    if (ctx.blocked) return list;
    if (value === null) return null;
    if (value instanceof ListShape) list.push({ mode, value });
    else if (value.tag === TAG_BOTTOM) errors.push(value);
    else {
      const parts = value.tag === TAG_DISJUNCTION ? partsOf(value) : value;
      if (parts === null) return null;
      list.push({ mode, value: parts });
    }
  }
  return list;
}

/** The disjuncts of a disjunction that came as a value; null if there are vertices among them. */
function partsOf(d: Disjunction): readonly Choice[] | null {
  const parts: Choice[] = [];
  for (let i = 0; i < d.values.length; i++) {
    const v = d.values[i]!;
    if (v.tag === TAG_VERTEX) return null;
    const value = v.tag === TAG_DISJUNCTION ? partsOf(v) : v;
    if (value === null) return null;
    parts.push({ mode: markOf(d.hasDefaults, i < d.defaults), value });
  }
  return parts;
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
  // A circle says nothing, which is a disjunct nevertheless.
  if (ctx.blocked || (v.tag === TAG_BOTTOM && v.code === 'cycle' && expr.tag <= LAST_RESOLVER)) return null;
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

export function isBare(n: NodeState): boolean {
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
