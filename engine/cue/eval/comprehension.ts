/** Comprehensions: running their clauses and inserting what they yield. */
import { Bottom, combineErrors, isIncomplete } from '../bottom.ts';
import type { Comprehension, Expr, ListLit, StructLit } from '../compile/ir.ts';
import { pathOf } from '../diagnostic.ts';
import type { CueNumber } from '../number/number.ts';
import { addConjunct } from './arc.ts';
import type { Evaluation } from './evaluation.ts';

import { evaluate, INLINE, isInlineRunning, scalarOperand, unwrap } from './expr.ts';

import { addError } from './insert-value.ts';
import { COMPOSITE_KIND, kindName } from './kind.ts';
import { isRegular, labelText } from './label.ts';
import { complete, stateOf } from './process.ts';
import { defaulted, exprPlace, inlineVertex } from './resolve.ts';
import type { Element } from './schedule.ts';
import { scheduleConjunct } from './schedule.ts';
import type { NodeState, Task } from './state.ts';
import {
  TAG_BOOL,
  TAG_BOTTOM,
  TAG_COMPREHENSION,
  TAG_FIELD,
  TAG_FOR,
  TAG_IF,
  TAG_LET_CLAUSE,
  TAG_LIST_MARKER,
  TAG_STRUCT,
  TAG_STRUCT_MARKER,
  TAG_VERTEX,
} from './tag.ts';
import type { Value } from './value.ts';
import {
  ARC_MEMBER,
  ARC_OPTIONAL,
  ARC_REQUIRED,
  Conjunct,
  Env,
  kindOf,
  NO_CLOSE_INFO,
  NODE_DONE,
  UNPROCESSED,
  Vertex,
} from './value.ts';

/** Runs a comprehension of a struct and inserts its yields; false if it was blocked. */
export function runComprehension(ctx: Evaluation, n: NodeState, t: Task, c: Comprehension): boolean {
  const yields: Env[] = [];
  const error = expandClauses(ctx, c, t.env, (env) => yields.push(env));
  if (ctx.blocked) return false;
  if (error !== null) {
    if (isIncomplete(error)) leaveUndecided(ctx, n.vertex, c.body, error);
    addError(
      n,
      isIncomplete(error) && error.node !== n.vertex ? new Bottom(error.code, error.issues, n.vertex) : error,
    );
    return true;
  }
  if (yields.length > 0 && t.selfTested !== null && n.vertex.lookup(t.selfTested)?.arcType !== ARC_MEMBER) {
    const label = t.selfTested;
    const issue = {
      node: n.vertex,
      path: [...pathOf(n.vertex), label],
      format: 'cyclic reference to field %v',
      args: [labelText(label)],
      place: c.place,
      others: [],
    };
    addError(n, new Bottom('incomplete', [issue], n.vertex));
    return true;
  }
  for (let i = 0; i < yields.length; i++) scheduleConjunct(ctx, n, yields[i]!, c.body, t.info);
  return true;
}

/** Fields declared elsewhere as well, to which the comprehension may yet add something: they are not known either. */
function leaveUndecided(ctx: Evaluation, v: Vertex, body: StructLit, error: Bottom): void {
  for (const d of body.decls) {
    if (d.tag !== TAG_FIELD) continue;
    const arc = v.derefDisjunct().lookup(d.label);
    if (arc === null || arc.arcType > ARC_OPTIONAL) continue;
    if (d.value.tag === TAG_STRUCT) {
      // What is written of it has to be there.
      if (arc.status === UNPROCESSED && arc.state === null) stateOf(ctx, arc);
      leaveUndecided(ctx, arc, d.value, error);
    }
    const isWhole = d.value.tag !== TAG_STRUCT || d.value.decls.some((x) => x.tag !== TAG_FIELD);
    if (isWhole) addConjunct(ctx, arc, new Conjunct(null, error, NO_CLOSE_INFO, null));
  }
}

/** Calls `found` with the scope of each combination that the clauses let through. Returns the error that stopped it. */
export function expandClauses(
  ctx: Evaluation,
  c: Comprehension,
  env: Env,
  found: (env: Env) => void,
): Bottom | null {
  return step(ctx, c, 0, env, found);
}

function step(
  ctx: Evaluation,
  c: Comprehension,
  i: number,
  env: Env,
  found: (env: Env) => void,
): Bottom | null {
  ctx.step();
  const clause = c.clauses[i];
  if (clause === undefined) {
    found(env);
    return null;
  }
  switch (clause.tag) {
    case TAG_IF: {
      const v = scalarOperand(ctx, clause.condition, env);
      if (ctx.blocked) return null;
      if (v.tag === TAG_BOOL) return v.value ? step(ctx, c, i + 1, env, found) : null;
      return conditionError(ctx, clause.condition, v);
    }
    case TAG_LET_CLAUSE: {
      const inner = new Env(env, env.vertex);
      const v = inlineVertex(ctx, env, clause.value);
      inner.bound = v;
      return step(ctx, c, i + 1, inner, found);
    }
    case TAG_FOR: {
      const source = rangeSource(ctx, clause.source, env);
      if (ctx.blocked) return null;
      if (source.tag === TAG_BOTTOM) return source;
      return range(ctx, c, i, env, source, found);
    }
    default:
      return clause satisfies never;
  }
}

function range(
  ctx: Evaluation,
  c: Comprehension,
  i: number,
  env: Env,
  source: Vertex,
  found: (env: Env) => void,
): Bottom | null {
  const { arcs } = source;
  source.isFrozen = true;
  let error: Bottom | null = null;
  // Fields that come meanwhile do not count.
  const count = arcs.length;
  for (let k = 0; k < count; k++) {
    const arc = arcs[k]!;
    if (!isRegular(arc.label)) continue;
    if (arc.arcType === ARC_REQUIRED) {
      error = combineErrors(
        error,
        ctx.error(
          'incomplete',
          clausePlace(c, i),
          'missing required field in for comprehension: %v',
          labelText(arc.label),
        ),
      );
      continue;
    }
    if (arc.arcType !== ARC_MEMBER) continue;
    const inner = new Env(env, env.vertex);
    inner.bound = arc;
    inner.label = arc.label;
    const e = step(ctx, c, i + 1, inner, found);
    if (ctx.blocked) return null;
    error = combineErrors(error, e);
    if (e !== null) break;
  }
  return error;
}

function clausePlace(c: Comprehension, i: number) {
  return c.clauses[i]!.place;
}

function conditionError(ctx: Evaluation, x: Expr, v: Value): Bottom {
  if (v.tag === TAG_BOTTOM) return v;
  const kind = kindOf(v);
  if ((kind & 2) !== 0 && v.tag !== TAG_VERTEX) {
    return ctx.error('incomplete', v.place ?? exprPlace(x), 'incomplete bool: %v', v);
  }
  return ctx.error('eval', exprPlace(x), 'cannot use %v (type %v) as type bool', v, kindName(kind));
}

/** The struct or list to range over, its fields all known. */
function rangeSource(ctx: Evaluation, x: Expr, env: Env): Vertex | Bottom {
  let v = evaluate(ctx, x, env);
  if (ctx.blocked) return ctx.error('cycle', exprPlace(x), 'cycle');
  if (v.tag === TAG_VERTEX && v.deref().status < NODE_DONE && !complete(ctx, v) && !ctx.final) {
    ctx.blocked = true;
    return ctx.error('cycle', exprPlace(x), 'cycle');
  }
  v = unwrap(defaulted(ctx, v, x));
  if (v.tag === TAG_BOTTOM) return v;
  if (v.tag === TAG_VERTEX) {
    const base = v.base;
    if (base === null || base.tag === TAG_STRUCT_MARKER || base.tag === TAG_LIST_MARKER) return v;
  }
  const kind = kindOf(v);
  if ((kind & COMPOSITE_KIND) !== 0) {
    return ctx.error(
      'incomplete',
      exprPlace(x),
      'cannot range over %v (incomplete type %v)',
      x,
      kindName(kind),
    );
  }
  return ctx.error(
    'eval',
    exprPlace(x),
    'cannot range over %v (found %v, want list or struct)',
    x,
    kindName(kind),
  );
}

/**
 * The element that `[…][i]` stands for, without a vertex for the list: most conditional values are written so
 * (`[if x {a}, b][0]`). A bottom if the list is wrong or blocked; null where it has to be made to tell.
 */
export function writtenElement(
  ctx: Evaluation,
  list: ListLit,
  index: CueNumber,
  env: Env,
): Vertex | Bottom | null {
  if (typeof index !== 'bigint' || list.ellipsis !== null || isInlineRunning(ctx, list, env)) return null;
  const { blocked, final, current, inTest } = ctx;
  ctx.inlines.push({ expr: list, env });
  ctx.enter(INLINE);
  ctx.blocked = false;
  ctx.final = false;
  ctx.inTest = 0;
  const parent = new Vertex('', null, ARC_MEMBER);
  parent.isInline = true;
  ctx.current = parent;
  const found = elementAt(ctx, list, Number(index), env);
  const isSure = !ctx.blocked;
  ctx.blocked = blocked || (!isSure && !final);
  ctx.final = final;
  ctx.current = current;
  ctx.inTest = inTest;
  ctx.leave(INLINE);
  ctx.inlines.pop();
  if (!isSure) return final ? null : ctx.error('cycle', list.place, 'cycle');
  if (found instanceof Bottom && found.code !== 'cycle') {
    return found.node === parent ? found : new Bottom(found.code, found.issues, parent);
  }
  if (found === null || found instanceof Bottom) return null;
  ctx.node(2);
  const arc = new Vertex(Number(index), parent, ARC_MEMBER);
  arc.isInline = true;
  arc.addConjunct(new Conjunct(found.env, found.expr, NO_CLOSE_INFO, null));
  return arc;
}

function elementAt(ctx: Evaluation, list: ListLit, index: number, env: Env): Element | Bottom | null {
  let at: Element | null = null;
  let count = 0;
  for (const e of list.elements) {
    if (e.tag !== TAG_COMPREHENSION) {
      if (count++ === index) at = { env, expr: e };
      continue;
    }
    const error = expandClauses(ctx, e, env, (inner) => {
      if (count++ === index) at = { env: inner, expr: e.body };
    });
    if (ctx.blocked) return null;
    if (error !== null) return error;
  }
  return at;
}
