/**
 * Inserting conjuncts into a vertex. Literals go in at once; whatever needs other values becomes a task. Nothing
 * here evaluates anything, so the static part of a struct is complete before the first reference is followed.
 */

import { Bottom, combineErrors } from '../bottom.ts';
import type { Comprehension, Decl, Expr, ListLit, Resolver, StructLit } from '../compile/ir.ts';
import { insertArc, insertPattern, insertPendingArc } from './arc.ts';
import {
  enterComprehension,
  enterEmbedding,
  enterReference,
  enterStruct,
  noteFlags,
  refersToDefinition,
} from './closed.ts';
import { markNonCyclic } from './cycle.ts';
import { scheduleDisjunction } from './disjunction.ts';
import type { Evaluation } from './evaluation.ts';
import { insertValue, markCycleFree, updateKind } from './insert-value.ts';
import { LIST_KIND } from './kind.ts';
import { isDefinition, isLet, isRegular } from './label.ts';
import { derefShared } from './share.ts';
import type { NodeState } from './state.ts';
import {
  FLAG_ELLIPSIS,
  FLAG_STRUCT,
  pushed,
  TASK_COMPREHENSION,
  TASK_DYNAMIC,
  TASK_EXPR,
  TASK_LIST,
  TASK_PATTERN,
  TASK_RESOLVE,
  Task,
} from './state.ts';
import {
  LAST_RESOLVER,
  LAST_VALUE,
  TAG_AND,
  TAG_COMPREHENSION,
  TAG_DISJUNCTION_EXPR,
  TAG_DYNAMIC_FIELD,
  TAG_ELLIPSIS,
  TAG_FIELD,
  TAG_LET_FIELD,
  TAG_LIST,
  TAG_LIST_MARKER,
  TAG_PATTERN_FIELD,
  TAG_STRUCT,
  TAG_STRUCT_MARKER,
  TAG_VERTEX,
} from './tag.ts';
import type { CloseInfo, SimpleValue } from './value.ts';
import {
  ARC_MEMBER,
  ARC_OPTIONAL,
  appended,
  BoundValue,
  Conjunct,
  CYCLIC,
  Env,
  NO_CYCLE,
  NODE_DONE,
  NumValue,
  TopValue,
  Vertex,
} from './value.ts';

const TOP = new TopValue(null);
/** How often a vertex takes in another one by different ways, beyond which they come round in a circle. */
const MOST_REPEATS = 24;
const MANY_INSERTED = 64;

/** Adds one expression to what defines the vertex. `env` is null only for values. */
export function scheduleConjunct(
  ctx: Evaluation,
  n: NodeState,
  env: Env | null,
  expr: Expr,
  info: CloseInfo,
): void {
  ctx.step();
  markNonCyclic(n, info);
  const tag = expr.tag;
  if (tag <= LAST_VALUE) {
    if (expr instanceof Vertex) {
      scheduleVertexValue(ctx, n, expr, info);
      return;
    }
    unshare(ctx, n);
    // Values come before all other expressions; the vertex was handled above.
    insertValue(ctx, n, expr as SimpleValue, info);
    return;
  }
  switch (expr.tag) {
    case TAG_AND:
      scheduleConjunct(ctx, n, env, expr.left, info);
      scheduleConjunct(ctx, n, env, expr.right, info);
      return;
    case TAG_STRUCT:
      unshare(ctx, n);
      scheduleStruct(ctx, n, env, expr, info);
      return;
    case TAG_LIST:
      unshare(ctx, n);
      scheduleList(ctx, n, env, expr, info);
      return;
    case TAG_DISJUNCTION_EXPR:
      unshare(ctx, n);
      scheduleDisjunction(n, env, expr, info.optional());
      return;
    default:
      if (tag <= LAST_RESOLVER) addTask(n, TASK_RESOLVE, env, expr as Resolver, info);
      else {
        unshare(ctx, n);
        if (info.cycle === CYCLIC && !n.hasNonCycle && !n.hasNonCyclic) {
          n.hasAncestorCycle = true;
          return;
        }
        addTask(n, TASK_EXPR, env, expr, info);
      }
  }
}

function addTask(
  n: NodeState,
  kind: Task['kind'],
  env: Env | null,
  node: Task['node'],
  info: CloseInfo,
): Task {
  // Everything but a value comes from a scope.
  const task = new Task(kind, env as Env, node, info);
  n.tasks = pushed(n.tasks, task);
  return task;
}

/** Inserts the fields of a struct literal; what is embedded or computed becomes tasks. */
function scheduleStruct(
  ctx: Evaluation,
  n: NodeState,
  env: Env | null,
  s: StructLit,
  outerInfo: CloseInfo,
): void {
  const v = n.vertex;
  markCycleFree(ctx, n, outerInfo);
  const child = new Env(env, v);
  n.hasStruct = true;
  let info = outerInfo;
  if (s.hasEmbedding) info = enterStruct(ctx, n, info, s.isFile);
  v.structs = appended(v.structs, { struct: s, env: child, info });
  if (info.scope !== null && outerInfo.scope !== null) noteFlags(n, outerInfo, FLAG_STRUCT);
  const fieldInfo = info.field();
  const decls = s.decls;
  for (let i = 0; i < decls.length; i++) scheduleDecl(ctx, n, child, decls[i]!, info, fieldInfo);
  if (s.hasEllipsis) {
    v.hasEllipsis = true;
    noteFlags(n, info, FLAG_ELLIPSIS);
  }
  if (s.isPlain) {
    n.isSureStruct = true;
    n.sureStructExpr ??= s;
  }
}

function scheduleDecl(
  ctx: Evaluation,
  n: NodeState,
  env: Env,
  d: Decl,
  info: CloseInfo,
  fieldInfo: CloseInfo,
): void {
  switch (d.tag) {
    case TAG_FIELD: {
      if (d.arcType === ARC_MEMBER && isRegular(d.label)) {
        n.isSureStruct = true;
        n.sureStructExpr ??= env.vertex.structs[env.vertex.structs.length - 1]!.struct;
      }
      const i = d.arcType === ARC_OPTIONAL ? fieldInfo.optional() : fieldInfo;
      insertArc(ctx, n, d.label, d.arcType, new Conjunct(env, d.value, i, d));
      return;
    }
    case TAG_LET_FIELD:
    case TAG_ELLIPSIS:
      return;
    case TAG_DYNAMIC_FIELD:
      if (d.arcType === ARC_MEMBER) {
        n.isSureStruct = true;
        n.sureStructExpr ??= env.vertex.structs[env.vertex.structs.length - 1]!.struct;
      }
      addTask(n, TASK_DYNAMIC, env, d, fieldInfo);
      return;
    case TAG_PATTERN_FIELD:
      if (d.pattern.tag <= LAST_VALUE && d.pattern.tag !== TAG_VERTEX) {
        insertPattern(ctx, n, d.pattern as TopValue, env, d.value, fieldInfo.optional(), d);
        return;
      }
      addTask(n, TASK_PATTERN, env, d, fieldInfo.optional());
      return;
    case TAG_COMPREHENSION:
      scheduleComprehension(ctx, n, env, d, enterComprehension(ctx, n, info, d.isFixed));
      return;
    default:
      scheduleConjunct(ctx, n, env, d, enterEmbedding(ctx, n, info));
  }
}

/** A comprehension is run when its turn comes, but its fields take their places in the struct at once. */
function scheduleComprehension(
  ctx: Evaluation,
  n: NodeState,
  env: Env,
  c: Comprehension,
  info: CloseInfo,
): void {
  const task = addTask(n, TASK_COMPREHENSION, env, c, info.optional());
  if (!c.isFixed) return;
  for (const label of c.labels) insertPendingArc(ctx, n, label, task);
}

function scheduleList(ctx: Evaluation, n: NodeState, env: Env | null, l: ListLit, info: CloseInfo): void {
  markCycleFree(ctx, n, info);
  updateKind(ctx, n, LIST_KIND, l);
  if (l.hasComprehension) addTask(n, TASK_LIST, env, l, info);
  else insertElements(ctx, n, l, info, plainElements(env, l), env);
}

export interface Element {
  readonly env: Env | null;
  readonly expr: Expr;
}

function plainElements(env: Env | null, l: ListLit): Element[] {
  // Without comprehensions all elements are expressions.
  return l.elements.map((e) => ({ env, expr: e as Expr }));
}

/** Inserts the elements of a list literal, comprehensions expanded; checks the length against the other lists. */
export function insertElements(
  ctx: Evaluation,
  n: NodeState,
  l: ListLit,
  info: CloseInfo,
  elements: readonly Element[],
  env: Env | null,
): void {
  const length = elements.length;
  const isClosed = l.ellipsis === null;
  for (let i = 0; i < length; i++) {
    insertArc(ctx, n, i, ARC_MEMBER, new Conjunct(elements[i]!.env, elements[i]!.expr, info, null));
    if (n.listIsClosed && i >= n.listLength) {
      invalidLength(ctx, n, n.listLength, length, l);
      return;
    }
  }
  if (l.ellipsis !== null) {
    const from = new BoundValue(null, '>=', new NumValue(null, BigInt(length)), LENGTH_KIND);
    insertPattern(ctx, n, from, env, l.ellipsis.value ?? TOP, info.optional(), l.ellipsis);
  }
  closeList(ctx, n, l, length, isClosed, l.hasComprehension);
}

const LENGTH_KIND = 12;

function closeList(
  ctx: Evaluation,
  n: NodeState,
  l: Expr,
  length: number,
  isClosed: boolean,
  hasComprehension: boolean,
): void {
  if (length < n.listLength) {
    if (isClosed) invalidLength(ctx, n, length, n.listLength, l);
  } else if (
    length > n.listLength ||
    (isClosed && !n.listIsClosed) ||
    (isClosed === n.listIsClosed && !hasComprehension)
  ) {
    n.listLength = length;
    n.listExpr = l;
    n.listIsClosed = isClosed;
  }
  n.isList = true;
}

function invalidLength(ctx: Evaluation, n: NodeState, wanted: number, found: number, l: Expr): void {
  const error = ctx.errorAt(n.vertex, 'eval', null, 'incompatible list lengths (%v and %v)', wanted, found);
  const others = [n.listExpr, l].flatMap((x) =>
    x !== null && 'place' in x && x.place !== null ? [x.place] : [],
  );
  const issue = { ...error.issues[0]!, others };
  n.errors = combineErrors(n.errors, new Bottom('eval', [issue], n.vertex));
}

/** A vertex given as a value (filled in, an element of a computed list): its conjuncts, or its arcs if it is data. */
function scheduleVertexValue(ctx: Evaluation, n: NodeState, v: Vertex, info: CloseInfo): void {
  const at = derefShared(v);
  if (v.closedOnce) n.vertex.closedOnce = true;
  const isAlternative = at.isDisjunct && at.state !== null && at.state.choices.length > 0;
  if (at.conjuncts.length > 0 && !isAlternative) {
    scheduleVertex(ctx, n, at, at, info);
    return;
  }
  unshare(ctx, n);
  insertData(ctx, n, at.deref(), info);
}

/** Inserts an evaluated vertex field by field: for values that have no conjuncts of their own. */
export function insertData(ctx: Evaluation, n: NodeState, v: Vertex, info: CloseInfo): void {
  let inner = info;
  if (v.closedOnce) {
    n.vertex.closedOnce = true;
    inner = enterReference(ctx, n, v, info, false);
  }
  const base = v.base;
  if (base === null) return;
  switch (base.tag) {
    case TAG_STRUCT_MARKER:
      markCycleFree(ctx, n, info);
      n.hasStruct = true;
      n.isSureStruct = true;
      for (const s of v.structs) n.vertex.structs = [...n.vertex.structs, s];
      break;
    case TAG_LIST_MARKER:
      markCycleFree(ctx, n, info);
      if (!updateKind(ctx, n, LIST_KIND, v)) return;
      if (n.listIsClosed && v.arcs.length > n.listLength) {
        invalidLength(ctx, n, n.listLength, v.arcs.length, v);
        return;
      }
      closeList(ctx, n, v, v.arcs.length, !base.isOpen, false);
      break;
    case TAG_VERTEX:
      insertData(ctx, n, base, info);
      return;
    default:
      insertValue(ctx, n, base, inner);
  }
  for (const arc of v.arcs) insertArc(ctx, n, arc.label, arc.arcType, new Conjunct(null, arc, inner, null));
  for (const p of v.patterns ?? []) {
    for (const c of p.conjuncts) insertPattern(ctx, n, p.pattern, c.env, c.expr, inner.optional(), c.field);
  }
}

/** Unifies a vertex with another one that an expression led to: shares it if it is alone, else copies its conjuncts. */
export function scheduleVertex(
  ctx: Evaluation,
  n: NodeState,
  expr: Expr,
  arc: Vertex,
  reached: CloseInfo,
  env: Env | null = null,
): void {
  let info = reached;
  if (!arc.closedRecursive && !arc.closedOnce && info.embedding !== null && info.fromDef) {
    info = info.withDef(false);
  }
  if (n.vertex.derefDisjunct() === arc.derefDisjunct()) {
    if (n.vertex.isShared) n.sharedInfos = pushed(n.sharedInfos, info);
    return;
  }
  if (shareIfPossible(n, env, expr, arc, info)) return;
  // All that the vertex has taken in so far is searched for each one more.
  const earlier = n.inserted.length;
  if (earlier > MANY_INSERTED) ctx.work(earlier >> 3);
  if (refersToDefinition(expr) || isDefinition(arc.label)) {
    // What `close` makes is closed at its own level only.
    n.isDef ||= expr !== arc || !n.vertex.closedOnce || !n.vertex.isInline;
    info = enterReference(ctx, n, arc, info.withDef(true), false);
  } else info = enterReference(ctx, n, arc, info, !arc.closedOnce);
  let repeats = 0;
  for (let i = 0; i < n.inserted.length; i++) {
    const x = n.inserted[i]!;
    if (x.target === arc && (sameInfo(x.info, info) || ++repeats >= MOST_REPEATS)) return;
  }
  n.inserted = pushed(n.inserted, { target: arc, info });
  const source = arc.closedOnce ? closedOperand(arc) : arc;
  const { parent } = source;
  if (parent !== null && parent.state !== null && parent.status < NODE_DONE && !source.isInline) {
    source.receivers ??= [];
    if (!source.receivers.some((r) => r.vertex === n.vertex))
      source.receivers.push({ vertex: n.vertex, info });
  }
  if (source.derefDisjunct() !== source && source.conjuncts.length === 0) {
    insertData(ctx, n, source.deref(), info);
    return;
  }
  for (let i = 0; i < source.conjuncts.length; i++) {
    const c = source.conjuncts[i]!;
    scheduleConjunct(ctx, n, c.env, c.expr, info);
  }
}

/** What `close` was called with: its conjuncts count by themselves, so that a definition closes no deeper level. */
function closedOperand(v: Vertex): Vertex {
  const expr = v.conjuncts.length === 1 ? v.conjuncts[0]!.expr : v;
  if (!(expr instanceof Vertex) || expr === v) return v;
  const operand = derefShared(expr);
  if (operand.isDisjunct || operand.derefDisjunct() !== operand || operand.conjuncts.length === 0) return v;
  return operand.closedOnce ? closedOperand(operand) : operand;
}

function sameInfo(a: CloseInfo, b: CloseInfo): boolean {
  return (
    a.scope === b.scope &&
    a.outer === b.outer &&
    a.embedding === b.embedding &&
    a.fromDef === b.fromDef &&
    a.fromEmbed === b.fromEmbed &&
    a.cycle === b.cycle
  );
}

/** A vertex that is nothing but one reference can be the very vertex it refers to. */
function shareIfPossible(n: NodeState, env: Env | null, expr: Expr, arc: Vertex, info: CloseInfo): boolean {
  const v = n.vertex;
  if (n.noSharing || v.isShared || v.arcs.length > 0 || arc.isInline || isLet(arc.label)) return false;
  if (n.tasks.length > 1 || v.conjuncts.length > 1 || v.isDisjunct || arc.isDisjunct) return false;
  if (info.cycle !== NO_CYCLE && info.cycle === CYCLIC) return false;
  if (v.closedOnce || (v.closedRecursive && !arc.closedRecursive)) return false;
  v.base = arc;
  v.isShared = true;
  n.sharedExpr = new Conjunct(env, expr, info, null);
  n.sharedInfos = [info];
  return true;
}

/** A second conjunct ends sharing: the conjuncts of the vertex shared so far are copied after all. */
export function unshare(ctx: Evaluation, n: NodeState): void {
  n.noSharing = true;
  const v = n.vertex;
  if (!v.isShared || n.sharedExpr === null) return;
  // A shared base is always a vertex.
  const arc = v.base as Vertex;
  v.isShared = false;
  v.base = null;
  for (const info of n.sharedInfos) scheduleVertex(ctx, n, n.sharedExpr.expr, arc, info, n.sharedExpr.env);
}
