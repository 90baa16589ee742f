/** Running the tasks of a vertex: what each kind of conjunct does once the values it needs are known. */
import { Bottom, combineErrors, isIncomplete } from '../bottom.ts';
import type { Comprehension, DynamicField, Expr, ListLit, PatternField, Resolver } from '../compile/ir.ts';
import { insertArc, insertPattern } from './arc.ts';
import { expandClauses, runComprehension } from './comprehension.ts';
import { followReference } from './cycle.ts';
import type { Evaluation } from './evaluation.ts';
import { evaluate, scalarOperand } from './expr.ts';
import { addError } from './insert-value.ts';
import { kindName } from './kind.ts';
import { regularLabel } from './label.ts';
import { runFieldTasks } from './process.ts';
import { resolve } from './resolve.ts';
import type { Element } from './schedule.ts';
import { insertElements, scheduleConjunct, scheduleVertex, unshare } from './schedule.ts';
import { derefShared } from './share.ts';
import type { Task } from './state.ts';
import {
  type NodeState,
  TASK_COMPREHENSION,
  TASK_DYNAMIC,
  TASK_EXPR,
  TASK_LIST,
  TASK_PATTERN,
  TASK_RESOLVE,
} from './state.ts';
import { LAST_SCALAR, TAG_BOTTOM, TAG_COMPREHENSION, TAG_STRING, TAG_VERTEX } from './tag.ts';
import { ARC_MEMBER, Conjunct, kindOf, NODE_DONE, Vertex } from './value.ts';

/** A way of so many references and levels costs steps to look through. */
const LONG_WAY = 64;

/** Runs a task; false if it was blocked. A blocked task has changed nothing. */
export function runTask(ctx: Evaluation, n: NodeState, t: Task, final: boolean): boolean {
  ctx.step();
  const { blocked, final: wasFinal, current, inTest } = ctx;
  ctx.blocked = false;
  ctx.final = final;
  ctx.current = n.vertex;
  ctx.inTest = 0;
  t.isRunning = true;
  const done = dispatch(ctx, n, t);
  t.isRunning = false;
  ctx.blocked = blocked;
  ctx.final = wasFinal;
  ctx.current = current;
  ctx.inTest = inTest;
  if (done) t.isDone = true;
  return done;
}

function dispatch(ctx: Evaluation, n: NodeState, t: Task): boolean {
  // The kind of a task says what its node is.
  switch (t.kind) {
    case TASK_RESOLVE:
      return runResolve(ctx, n, t, t.node as Resolver);
    case TASK_EXPR:
      return runExpr(ctx, n, t, t.node as Expr);
    case TASK_LIST:
      return runList(ctx, n, t, t.node as ListLit);
    case TASK_DYNAMIC:
      return runDynamic(ctx, n, t, t.node as DynamicField);
    case TASK_PATTERN:
      return runPattern(ctx, n, t, t.node as PatternField);
    case TASK_COMPREHENSION:
      return runComprehension(ctx, n, t, t.node as Comprehension);
    default:
      return t.kind satisfies never;
  }
}

function runResolve(ctx: Evaluation, n: NodeState, t: Task, ref: Resolver): boolean {
  const found = resolve(ctx, ref, t.env);
  if (ctx.blocked) return false;
  if (found instanceof Bottom) {
    unshare(ctx, n);
    addError(n, found);
    return true;
  }
  if (!(found instanceof Vertex)) {
    unshare(ctx, n);
    scheduleConjunct(ctx, n, null, found, t.info);
    return true;
  }
  const arc = derefShared(found);
  if (arc.awaited !== null && arc.status < NODE_DONE && !runFieldTasks(ctx, arc, ctx.final)) {
    ctx.blocked = true;
    return false;
  }
  // The whole way here and all that lies around are looked through for a circle.
  const walked = n.depth + (t.info.refs === null ? 0 : t.info.refs.length);
  if (walked > LONG_WAY) ctx.work(walked >> 4);
  const info = followReference(n, arc.derefDisjunct(), t.env, ref, t.info);
  if (info === null) {
    unshare(ctx, n);
    return true;
  }
  const { base } = arc.derefDisjunct();
  if (base instanceof Bottom && base.code === 'structural') {
    n.errors = combineErrors(n.errors, base);
    return true;
  }
  scheduleVertex(ctx, n, ref, arc, info, t.env);
  return true;
}

function runExpr(ctx: Evaluation, n: NodeState, t: Task, expr: Expr): boolean {
  const v = evaluate(ctx, expr, t.env);
  if (ctx.blocked) return false;
  scheduleConjunct(ctx, n, null, v, t.info);
  return true;
}

function runDynamic(ctx: Evaluation, n: NodeState, t: Task, d: DynamicField): boolean {
  const key = scalarOperand(ctx, d.key, t.env);
  if (ctx.blocked) return false;
  const fail = (code: 'eval' | 'incomplete', format: string, ...args: unknown[]) =>
    addError(n, ctx.errorAt(n.vertex, code, keyPlace(d), format, key, ...args));
  if (key.tag === TAG_STRING) {
    insertArc(ctx, n, regularLabel(key.value), d.arcType, new Conjunct(t.env, d.value, t.info, d));
  } else if (key.tag === TAG_BOTTOM) addError(n, isIncomplete(key) ? withNode(key, n) : key);
  else if (key.tag === TAG_VERTEX) fail('eval', 'invalid index %v (invalid type %v)', kindName(kindOf(key)));
  else if (key.tag <= LAST_SCALAR) fail('eval', 'invalid index %v: must be a string');
  else fail('incomplete', 'key value of dynamic field must be concrete, found %v');
  return true;
}

function keyPlace(d: DynamicField) {
  return 'place' in d.key ? d.key.place : d.place;
}

function withNode(error: Bottom, n: NodeState): Bottom {
  return error.node === n.vertex ? error : new Bottom(error.code, error.issues, n.vertex);
}

function runPattern(ctx: Evaluation, n: NodeState, t: Task, d: PatternField): boolean {
  const pattern = evaluate(ctx, d.pattern, t.env);
  if (ctx.blocked) return false;
  if (pattern.tag === TAG_BOTTOM) addError(n, pattern);
  else insertPattern(ctx, n, pattern, t.env, d.value, t.info, d);
  return true;
}

function runList(ctx: Evaluation, n: NodeState, t: Task, l: ListLit): boolean {
  const elements: Element[] = [];
  for (const e of l.elements) {
    if (e.tag !== TAG_COMPREHENSION) {
      elements.push({ env: t.env, expr: e });
      continue;
    }
    const error = expandClauses(ctx, e, t.env, (env) => {
      elements.push({ env, expr: e.body });
      ctx.expectNodes(elements.length);
    });
    if (ctx.blocked) return false;
    if (error !== null) {
      addError(n, withNode(error, n));
      // There are elements, but no list yet.
      elements.forEach((x, i) => {
        insertArc(ctx, n, i, ARC_MEMBER, new Conjunct(x.env, x.expr, t.info, null));
      });
      return true;
    }
  }
  insertElements(ctx, n, l, t.info, elements, t.env);
  return true;
}
