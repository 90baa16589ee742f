/**
 * Driving a vertex from its conjuncts to its value. `complete` makes the vertex itself known (value and set of arcs),
 * `finalize` everything below it as well, checked.
 *
 * A task that meets something still under evaluation is blocked: it has no effect and runs again when its vertex has
 * made progress. When nothing moves any more, the vertex that everybody waits for runs its tasks as final: what is
 * not known then is absent.
 */
import { Bottom, combineErrors, isIncomplete, worseCode } from '../bottom.ts';
import type { Comprehension } from '../compile/ir.ts';
import { ListLit, StructLit } from '../compile/ir.ts';
import { checkFields, isUnrestricted } from './closed.ts';
import { isStructuralCycle, reportStructuralCycle } from './cycle.ts';
import { expandDisjunctions, hasOwnDisjunction, insertChosen } from './disjunction.ts';
import type { Evaluation } from './evaluation.ts';
import { evaluate } from './expr.ts';
import { ownError, updateKind } from './insert-value.ts';
import { LIST_KIND, STRUCT_KIND, TOP_KIND } from './kind.ts';
import { isLet, isRegular } from './label.ts';
import { depthOf, finishData, isLiteral, openLiteral } from './literal.ts';
import { fitsDisjunction, settleOutline } from './outline.ts';
import { runTask } from './run-task.ts';
import { scheduleConjunct } from './schedule.ts';
import { shareData, sharedOperand, shareReference } from './share.ts';
import type { Task } from './state.ts';
import { NO_TASKS, NodeState, TASK_COMPREHENSION } from './state.ts';
import {
  LAST_RESOLVER,
  LAST_SCALAR,
  TAG_BINARY,
  TAG_BOTTOM,
  TAG_COMPREHENSION,
  TAG_DISJUNCTION_EXPR,
  TAG_FIELD_REF,
  TAG_INTERPOLATION,
  TAG_KEY_REF,
  TAG_LIST_MARKER,
  TAG_STRING,
  TAG_STRUCT_MARKER,
  TAG_TOP,
  TAG_TYPE,
  TAG_UNARY,
  TAG_VERTEX,
} from './tag.ts';
import { checkBounds, runChecks, typeOf } from './validate-value.ts';
import type { Scalar } from './value.ts';
import {
  ARC_OPTIONAL,
  ARC_PENDING,
  ARC_REQUIRED,
  CLOSED_LIST,
  Conjunct,
  CYCLE_OPTIONAL,
  EVALUATING,
  FINALIZED,
  NO_CYCLE,
  NODE_DONE,
  OPEN_LIST,
  STRUCT_MARKER,
  UNPROCESSED,
  type Vertex,
} from './value.ts';

/** What following a reference weighs in the depth budget. */
const REFERENCE = 3;

/** Makes the value and the set of arcs known; false while they depend on something under evaluation. */
export function complete(ctx: Evaluation, v: Vertex): boolean {
  return completeIn(ctx, v, ctx.final);
}

export function stateOf(ctx: Evaluation, v: Vertex): NodeState {
  if (v.state !== null) return v.state;
  const n = new NodeState(v, depthOf(v));
  v.state = n;
  v.status = EVALUATING;
  if (v.conjuncts.length > 1) n.noSharing = true;
  inheritClosedness(v);
  const saved = ctx.current;
  ctx.current = v;
  for (let i = 0; i < v.conjuncts.length; i++) {
    const c = v.conjuncts[i]!;
    scheduleConjunct(ctx, n, c.env, c.expr, c.info);
  }
  ctx.current = saved;
  return n;
}

function inheritClosedness(v: Vertex): void {
  if (v.parent?.closedRecursive && !isLet(v.label)) v.closedRecursive = true;
  for (let i = 0; i < v.conjuncts.length; i++) if (v.conjuncts[i]!.info.fromDef) v.closedRecursive = true;
}

/**
 * A vertex with a single conjunct that is a literal, a reference or an operation needs no state: it is that value, or
 * shares the vertex referred to. Null where that is not enough; then nothing has been decided.
 */
function processAlone(ctx: Evaluation, v: Vertex, c: Conjunct, final: boolean): boolean | null {
  const { expr } = c;
  const { tag } = expr;
  if (tag <= LAST_SCALAR || tag === TAG_TYPE) {
    // A lone literal is its own value.
    v.base = expr as typeof v.base;
    v.status = NODE_DONE;
    return true;
  }
  if (tag === TAG_DISJUNCTION_EXPR && expr.plain !== null) {
    inheritClosedness(v);
    v.base = expr.plain;
    v.status = NODE_DONE;
    return true;
  }
  if ((expr instanceof StructLit || expr instanceof ListLit) && expr.isSimple) {
    openLiteral(ctx, v, c);
    return true;
  }
  if (expr instanceof ListLit) return null;
  const isReference = tag >= TAG_FIELD_REF && tag <= LAST_RESOLVER;
  const embedded = isReference ? null : sharedOperand(expr);
  if (
    !isReference &&
    embedded === null &&
    tag !== TAG_INTERPOLATION &&
    tag !== TAG_BINARY &&
    tag !== TAG_UNARY &&
    tag !== TAG_KEY_REF
  ) {
    return null;
  }
  if (c.info.cycle !== NO_CYCLE && c.info.cycle !== CYCLE_OPTIONAL) return null;
  if (c.env === null && tag !== TAG_VERTEX) return null;
  ctx.enter(REFERENCE);
  ctx.step();
  const { blocked, final: wasFinal, current, inTest } = ctx;
  ctx.blocked = false;
  ctx.final = final;
  ctx.current = v;
  ctx.inTest = 0;
  v.status = EVALUATING;
  const result =
    embedded !== null
      ? shareData(ctx, v, c, embedded)
      : isReference
        ? shareReference(ctx, v, c)
        : // Only a vertex is without a scope.
          evaluate(ctx, c.expr, c.env!);
  const wasBlocked = ctx.blocked;
  ctx.blocked = blocked;
  ctx.final = wasFinal;
  ctx.current = current;
  ctx.inTest = inTest;
  ctx.leave(REFERENCE);
  // The conjuncts may have become more meanwhile; then the vertex has a state, or is new again.
  if (v.status !== EVALUATING || v.state !== null || v.conjuncts.length !== 1) {
    if (v.state === null) {
      v.status = UNPROCESSED;
      v.base = null;
      v.isShared = false;
    }
    return null;
  }
  if (result instanceof Conjunct) {
    openLiteral(ctx, v, result);
    return true;
  }
  if (!wasBlocked && typeof result === 'object' && (result.tag <= LAST_SCALAR || result.tag === TAG_BOTTOM)) {
    v.base = result.tag === TAG_BOTTOM ? ownError(result) : result;
    v.status = NODE_DONE;
    return true;
  }
  if (result === 'shared' && !wasBlocked) {
    // Sharing has set the base.
    const known = completeIn(ctx, v.base as Vertex, final);
    if (v.status !== EVALUATING || v.state !== null) return null;
    if (known) {
      v.status = NODE_DONE;
      return true;
    }
  }
  v.status = UNPROCESSED;
  v.base = null;
  v.isShared = false;
  return wasBlocked || result === 'shared' ? false : null;
}

/** Literals, types and plain disjunctions that agree (`string` and `"x"`) need no state: the vertex is the literal. */
function settleLiterals(ctx: Evaluation, v: Vertex): boolean {
  const { conjuncts } = v;
  let kind = TOP_KIND;
  let scalar: Scalar | null = null;
  let hasMore = false;
  for (let i = 0; i < conjuncts.length; i++) {
    const { expr } = conjuncts[i]!;
    if (expr.tag === TAG_TYPE) kind &= expr.kind;
    else if (expr.tag === TAG_TOP || (expr.tag === TAG_DISJUNCTION_EXPR && expr.plain !== null))
      hasMore = true;
    else if (expr.tag > LAST_SCALAR) return false;
    else if (scalar === null) scalar = expr as Scalar;
    else if (expr.tag !== TAG_STRING || scalar.tag !== TAG_STRING || expr.value !== scalar.value)
      return false;
  }
  if (scalar === null || (scalar.kind & kind) === 0 || v.arcs.length > 0) return false;
  for (let i = 0; hasMore && i < conjuncts.length; i++) {
    const { expr } = conjuncts[i]!;
    if (expr.tag === TAG_DISJUNCTION_EXPR && !fitsDisjunction(scalar, expr.disjuncts)) return false;
  }
  if (hasMore) inheritClosedness(v);
  ctx.step();
  v.base = scalar;
  v.status = NODE_DONE;
  return true;
}

/** The scalar that a literal among the conjuncts of a vertex under evaluation gives it; null if none does. */
export function writtenScalar(ctx: Evaluation, v: Vertex): Scalar | null {
  if (v.state === null) {
    if (v.status !== UNPROCESSED) return null;
    if (settleLiterals(ctx, v)) return v.base as Scalar; // it settles literals
    stateOf(ctx, v);
  }
  const { state } = v;
  return state === null || (state.errors !== null && !isIncomplete(state.errors)) ? null : state.scalar;
}

/**
 * Runs the comprehensions of a struct that may write a field and wait to be asked for. False while one is blocked;
 * one that is running already asks for its own field, and gets it as it is.
 */
export function runFieldTasks(ctx: Evaluation, arc: Vertex, final: boolean): boolean {
  const n = arc.parent === null ? null : arc.parent.state;
  const tasks = arc.awaited;
  if (n === null || tasks === null) return true;
  let isBlocked = false;
  let isOpen = false;
  for (let i = 0; i < tasks.length; i++) {
    const t = tasks[i]!;
    if (t.isDone) continue;
    if (!t.isRunning) {
      ctx.enter(REFERENCE);
      const done = runTask(ctx, n, t, final);
      ctx.leave(REFERENCE);
      if (done) continue;
      isBlocked = true;
    }
    isOpen = true;
  }
  if (!isOpen) arc.awaited = null;
  return !isBlocked;
}

function process(ctx: Evaluation, v: Vertex, final: boolean, fieldwise = false): boolean {
  if (v.status >= NODE_DONE) return true;
  if (v.awaited !== null) {
    if (!runFieldTasks(ctx, v, final)) return false;
    if (v.status >= NODE_DONE) return true;
  }
  if (v.state === null) {
    if (v.status === EVALUATING) return false;
    if (settleOutline(ctx, v)) return true;
    if (v.conjuncts.length === 1) {
      const direct = processAlone(ctx, v, v.conjuncts[0]!, final);
      if (direct !== null) return direct;
    } else if (settleLiterals(ctx, v)) return true;
  }
  ctx.enter(REFERENCE);
  const n = stateOf(ctx, v);
  if (n.isRunning) {
    ctx.leave(REFERENCE);
    return false;
  }
  n.isRunning = true;
  const saved = ctx.current;
  const { inTest } = ctx;
  ctx.current = v;
  ctx.inTest = 0;
  const done = drive(ctx, n, final, fieldwise);
  ctx.current = saved;
  ctx.inTest = inTest;
  n.isRunning = false;
  ctx.leave(REFERENCE);
  return done;
}

function drive(ctx: Evaluation, n: NodeState, final: boolean, fieldwise: boolean): boolean {
  const v = n.vertex;
  n.isWaiting = false;
  for (;;) {
    runTasks(ctx, n, fieldwise);
    if (insertChosen(ctx, n)) continue;
    if (fieldwise && mayWait(n)) {
      n.isWaiting = true;
      return false;
    }
    if (n.tasks.length > 0 && (n.disjunctions.length === 0 || n.leavesRest)) {
      if (!final) return false;
      if (forceTask(ctx, n)) continue;
      if (n.tasks.length > 0) return false;
    }
    break;
  }
  if (v.isShared) {
    // A shared base is always a vertex.
    const target = v.base as Vertex;
    const known = completeIn(ctx, target, final);
    if (!known) return false;
    v.status = NODE_DONE;
    return true;
  }
  if (
    n.disjunctions.length > 0 &&
    !n.disjunctionsDone &&
    !n.leavesRest &&
    (n.errors === null || (isIncomplete(n.errors) && hasOwnDisjunction(n)))
  ) {
    if (!expandDisjunctions(ctx, n, final)) return false;
    n.tasks = NO_TASKS;
    if (n.disjunctionsDone) {
      v.status = NODE_DONE;
      return true;
    }
  }
  finishNode(ctx, n);
  v.status = NODE_DONE;
  return true;
}

/** Whether nothing is open but comprehensions that wait for their fields to be asked for. */
function mayWait(n: NodeState): boolean {
  if (n.tasks.length === 0 || n.disjunctions.length > 0 || n.errors !== null || n.vertex.isShared)
    return false;
  for (let i = 0; i < n.tasks.length; i++) {
    const { node } = n.tasks[i]!;
    if (node.tag !== TAG_COMPREHENSION || !node.isFixed) return false;
  }
  if (n.isDef && !(n.hasTop && !n.hasStruct) && !n.hasOpenValidator) n.vertex.closedRecursive = true;
  return true;
}

export function completeIn(ctx: Evaluation, v: Vertex, final: boolean): boolean {
  if (v.status >= NODE_DONE) return true;
  if (process(ctx, v, false)) return true;
  return final && process(ctx, v, true);
}

function runTasks(ctx: Evaluation, n: NodeState, fieldwise: boolean): void {
  let progress = n.tasks.length > 0;
  while (progress) {
    progress = false;
    for (let i = 0; i < n.tasks.length; i++) {
      const t = n.tasks[i]!;
      if (t.kind !== TASK_COMPREHENSION && !t.isDone && !t.isRunning && runTask(ctx, n, t, false))
        progress = true;
    }
    if (progress) continue;
    for (let i = 0; i < n.tasks.length; i++) {
      const t = n.tasks[i]!;
      if (t.kind !== TASK_COMPREHENSION || t.isDone || t.isRunning) continue;
      // It waits for its fields to be asked for.
      if (fieldwise && (t.node as Comprehension).isFixed) continue;
      if (runTask(ctx, n, t, false)) progress = true;
    }
  }
  n.tasks = openTasks(n.tasks);
}

function openTasks(tasks: Task[]): Task[] {
  let open = 0;
  for (let i = 0; i < tasks.length; i++) if (!tasks[i]!.isDone) open++;
  if (open === tasks.length) return tasks;
  return open === 0 ? NO_TASKS : tasks.filter((t) => !t.isDone);
}

/** Runs one blocked task as final. Fields wait in the order of their arcs, so theirs come first. */
function forceTask(ctx: Evaluation, n: NodeState): boolean {
  for (let i = 0; i < n.tasks.length; i++) {
    const t = n.tasks[i]!;
    if (t.kind !== TASK_COMPREHENSION && !t.isDone && !t.isRunning) return runTask(ctx, n, t, true);
  }
  for (const label of labelsInOrder(n)) {
    for (const t of n.tasks) {
      if (t.isDone || t.isRunning || t.node.tag !== TAG_COMPREHENSION) continue;
      if (t.node.labels.has(label)) return runTask(ctx, n, t, true);
    }
  }
  for (const t of n.tasks) if (!t.isDone && !t.isRunning) return runTask(ctx, n, t, true);
  return false;
}

function labelsInOrder(n: NodeState): Set<string | number> {
  const labels = new Set<string | number>();
  for (const arc of n.vertex.arcs) labels.add(arc.label);
  for (const t of n.tasks) {
    if (t.node.tag === TAG_COMPREHENSION) for (const label of t.node.labels) labels.add(label);
  }
  return labels;
}

/** Settles what the vertex is, all conjuncts being in. */
export function finishNode(ctx: Evaluation, n: NodeState): void {
  const v = n.vertex;
  if (n.isSureStruct && n.kind !== STRUCT_KIND) updateKind(ctx, n, STRUCT_KIND, n.sureStructExpr);
  if (n.isDef && !(n.hasTop && !n.hasStruct) && !n.hasOpenValidator) v.closedRecursive = true;
  if (n.scalar !== null && (n.errors === null || n.errors.code !== 'eval')) checkBounds(ctx, n, n.scalar);
  if (n.errors !== null) {
    v.base = n.errors;
    return;
  }
  if (n.scalar !== null) {
    v.base = n.scalar;
    return;
  }
  if (n.isList && n.kind === LIST_KIND) {
    v.base = n.listIsClosed ? CLOSED_LIST : OPEN_LIST;
    return;
  }
  let isStruct = n.isSureStruct;
  if (!isStruct && n.hasStruct) {
    isStruct = (n.kind & STRUCT_KIND) !== 0 && !n.hasTop && n.checks.length === 0;
    // A field that a comprehension might have added makes a struct as well.
    for (const a of v.arcs) if (isRegular(a.label) && a.arcType !== ARC_OPTIONAL) isStruct = true;
  }
  v.base = isStruct ? STRUCT_MARKER : typeOf(ctx, n);
}

/**
 * As `complete`, but where a struct waits for comprehensions its fields are finalized one after the other, so that each
 * comprehension runs in the place of the first field it may write. What is blocked is left to the vertex as a whole.
 */
function completeFieldwise(ctx: Evaluation, v: Vertex): boolean {
  if (process(ctx, v, false, true)) return true;
  const n = v.state;
  if (n === null || !n.isWaiting || n.isRunning || v.isFinalizing) return ctx.final && process(ctx, v, true);
  n.isWaiting = false;
  for (let i = 0; i < v.arcs.length; i++) {
    const a = v.arcs[i]!;
    if (isLet(a.label)) continue;
    if (a.arcType > ARC_REQUIRED && a.awaited !== null && !runFieldTasks(ctx, a, false)) break;
    if (a.arcType <= ARC_REQUIRED && a.status !== FINALIZED && !finalize(ctx, a)) break;
  }
  return complete(ctx, v);
}

/** Completes the vertex and all below it, and checks them. False while something is under evaluation. */
export function finalize(ctx: Evaluation, v: Vertex): boolean {
  if (v.status === FINALIZED) return true;
  if (v.status === UNPROCESSED && v.awaited === null && finishData(ctx, v)) return true;
  if (v.status < NODE_DONE && !completeFieldwise(ctx, v)) return false;
  const w = v.held();
  if (w !== v) {
    const done = finalize(ctx, w);
    if (done) {
      v.status = FINALIZED;
      if (w.closedRecursive) v.closedRecursive = true;
      if (w.hasEllipsis) v.hasEllipsis = true;
    }
    return done;
  }
  if (v.outline !== null && (!ctx.hasRequirements || isUnrestricted(v))) {
    v.status = FINALIZED;
    return true;
  }
  const { arcs } = v;
  if (v.state === null) {
    if (arcs.length === 0) v.status = FINALIZED;
    if (arcs.length === 0) return true;
    if (!isLiteral(v)) {
      ctx.mayBeWrong = true;
      return finalizeElements(ctx, v);
    }
  }
  if (v.isFinalizing) return false;
  ctx.enter();
  v.isFinalizing = true;
  const saved = ctx.current;
  const { inTest } = ctx;
  ctx.current = v;
  ctx.inTest = 0;
  const done = finalizeBelow(ctx, v);
  ctx.current = saved;
  ctx.inTest = inTest;
  v.isFinalizing = false;
  ctx.leave();
  return done;
}

/** Finalizes what a computed value is made of; it has been checked where it came from. */
function finalizeElements(ctx: Evaluation, v: Vertex): boolean {
  if (v.isFinalizing) return false;
  ctx.enter();
  v.isFinalizing = true;
  let done = true;
  for (const a of v.arcs) {
    if (a.status !== FINALIZED && a.arcType <= ARC_REQUIRED && !isLet(a.label) && !finalize(ctx, a))
      done = false;
  }
  v.isFinalizing = false;
  ctx.leave();
  return done;
}

function finalizeBelow(ctx: Evaluation, v: Vertex): boolean {
  const n = v.state;
  if (n !== null && isStructuralCycle(n)) {
    reportStructuralCycle(n);
    v.status = FINALIZED;
    return true;
  }
  let done = true;
  let hasPending = false;
  for (let i = 0; i < v.arcs.length; i++) {
    const a = v.arcs[i]!;
    if (a.arcType === ARC_PENDING && isUnwritten(ctx, a)) {
      hasPending = true;
      continue;
    }
    // An optional field is no part of the value: it is worked out when somebody looks at it (`settleOptional`).
    if (a.status !== FINALIZED && a.arcType !== ARC_OPTIONAL && !isLet(a.label) && !finalize(ctx, a))
      done = false;
    if (a.arcType >= ARC_PENDING) hasPending = true;
  }
  if (!done || v.status < NODE_DONE) return false;
  if (hasPending) {
    v.arcs = v.arcs.filter((a) => a.arcType < ARC_PENDING);
    v.index = null;
  }
  if (v.state !== null) reportMisplacedFields(ctx, v.state);
  collectChildErrors(ctx, v);
  if (v.state !== null) runCompositeChecks(ctx, v.state);
  checkFields(ctx, v);
  v.status = FINALIZED;
  return true;
}

/** Whether the comprehensions that may write the arc have run, and have not. */
function isUnwritten(ctx: Evaluation, arc: Vertex): boolean {
  if (arc.conjuncts.length > 0 || arc.state !== null || arc.base !== null) return false;
  return runFieldTasks(ctx, arc, ctx.final) && arc.arcType === ARC_PENDING && arc.conjuncts.length === 0;
}

function runCompositeChecks(ctx: Evaluation, n: NodeState): void {
  const { errors, scalar, vertex } = n;
  const isScalar = scalar !== null && vertex.base === (errors ?? scalar);
  if (n.checks.length > 0 && errors?.code !== 'eval' && (isScalar || isComposite(vertex))) runChecks(ctx, n);
}

/** Works an optional field out that finalizing its struct has left. */
export function settleOptional(ctx: Evaluation, arc: Vertex): void {
  if (arc.arcType !== ARC_OPTIONAL || arc.status === FINALIZED) return;
  const { blocked, final } = ctx;
  ctx.blocked = false;
  ctx.final = true;
  for (let i = 0; i < 4 && !finalize(ctx, arc); i++);
  ctx.blocked = blocked;
  ctx.final = final;
}

function isComposite(v: Vertex): boolean {
  return v.base !== null && (v.base.tag === TAG_STRUCT_MARKER || v.base.tag === TAG_LIST_MARKER);
}

function reportMisplacedFields(ctx: Evaluation, n: NodeState): void {
  const v = n.vertex;
  if (v.base === null || v.base.tag === TAG_BOTTOM || (n.kind & STRUCT_KIND) !== 0) return;
  for (let i = 0; i < v.arcs.length; i++) {
    const a = v.arcs[i]!;
    if (typeof a.label === 'number' || !isRegular(a.label) || a.arcType > ARC_REQUIRED) continue;
    const error = ctx.errorAt(v, 'eval', null, 'cannot combine regular field %v with %v', a.label, v);
    v.base = error;
    return;
  }
}

function collectChildErrors(ctx: Evaluation, v: Vertex): void {
  const { arcs } = v;
  for (let i = 0; i < arcs.length; i++) {
    const a = arcs[i]!;
    if (a.arcType > ARC_REQUIRED || isLet(a.label)) continue;
    const at = a.held();
    const error = at.base instanceof Bottom ? at.base : at.childErrors;
    if (error === null) continue;
    if (!isIncomplete(error)) ctx.mayBeWrong = true;
    if (error === at.base) addChildError(v, error);
    else v.childErrors = combineErrors(v.childErrors, error);
  }
}

/** Notes the error of an arc. The first real one becomes the vertex' own, except that refused fields give way. */
export function addChildError(v: Vertex, error: Bottom): void {
  v.childErrors = combineErrors(v.childErrors, error);
  if (isIncomplete(error)) return;
  const own = v.base !== null && v.base.tag === TAG_BOTTOM ? v.base : null;
  if (own !== null && !own.closeCheck && !isIncomplete(own)) {
    const { code } = worseCode(own, error);
    if (code !== own.code) v.base = new Bottom(code, own.issues, own.node, own.childError, own.closeCheck);
    return;
  }
  v.base = new Bottom(error.code, error.issues, error.node, true, error.closeCheck);
}
