/** Following references: from a name, a selector or an index to the vertex it means. */
import { Bottom, isIncomplete } from '../bottom.ts';
import type { Comprehension, Expr, LetField, Place, Resolver } from '../compile/ir.ts';
import { nearestField } from '../diagnostic.ts';
import * as number from '../number/number.ts';
import { matchesPattern } from './arc.ts';
import { writtenElement } from './comprehension.ts';
import type { Evaluation } from './evaluation.ts';
import { evaluate, scalarOperand } from './expr.ts';
import { COMPOSITE_KIND, kindName, LIST_KIND, STRUCT_KIND } from './kind.ts';
import type { Label } from './label.ts';
import { isDefinition, isHidden, isLet, labelText, letLabel, regularLabel } from './label.ts';
import { packageRoot } from './package.ts';
import { complete, runFieldTasks } from './process.ts';
import { runTask } from './run-task.ts';
import type { NodeState } from './state.ts';
import { TASK_COMPREHENSION, TASK_PATTERN } from './state.ts';
import {
  LAST_RESOLVER,
  TAG_BOTTOM,
  TAG_COMPREHENSION,
  TAG_DISJUNCTION,
  TAG_DYNAMIC_REF,
  TAG_FIELD_REF,
  TAG_FOR_REF,
  TAG_IMPORT_REF,
  TAG_INDEX,
  TAG_LET_REF,
  TAG_LIST,
  TAG_LIST_MARKER,
  TAG_NUM,
  TAG_SELECTOR,
  TAG_STRING,
  TAG_STRUCT_MARKER,
  TAG_VALUE_REF,
  TAG_VERTEX,
} from './tag.ts';
import type { Value } from './value.ts';
import {
  ARC_MEMBER,
  ARC_OPTIONAL,
  ARC_REQUIRED,
  Conjunct,
  Disjunction,
  type Env,
  FINALIZED,
  kindOf,
  ListMarker,
  NO_CLOSE_INFO,
  NODE_DONE,
  StructMarker,
  Vertex,
} from './value.ts';

export function envAt(env: Env, up: number): Env {
  let e = env;
  // The compiler counted the levels; they are there.
  for (let i = up; i > 0; i--) e = e.up!;
  return e;
}

/** The vertex a reference leads to (or, for a loop variable, the value bound to it); a bottom if there is none. */
export function resolve(ctx: Evaluation, ref: Resolver, env: Env): Value {
  switch (ref.tag) {
    case TAG_FIELD_REF:
      return lookup(ctx, envAt(env, ref.up).vertex, ref.label, ref.place);
    case TAG_FOR_REF:
      return envAt(env, ref.up).bound!;
    case TAG_LET_REF:
      return letVertex(ctx, envAt(env, ref.up), ref.target);
    case TAG_SELECTOR: {
      const operand = selectable(ctx, ref.operand, env, ref.place, ref, ref.label);
      return operand instanceof Vertex ? lookup(ctx, operand, ref.label, ref.labelPlace) : operand;
    }
    case TAG_INDEX:
      return resolveIndex(ctx, ref.operand, ref.index, env, ref);
    case TAG_VALUE_REF:
      return ref.up === 0 ? (ctx.current ?? env.vertex) : envAt(env, ref.up - 1).vertex;
    case TAG_DYNAMIC_REF: {
      const e = envAt(env, ref.up);
      const label = scalarOperand(ctx, ref.label, e);
      if (label.tag === TAG_BOTTOM) return label;
      if (label.tag !== TAG_STRING) return ctx.error('incomplete', ref.place, 'undefined field %v', label);
      return lookup(ctx, e.vertex, regularLabel(label.value), ref.place);
    }
    case TAG_IMPORT_REF:
      return packageRoot(ctx, ref);
    default:
      return ref satisfies never;
  }
}

/** The vertex of a let, one for each scope it is used in. */
function letVertex(ctx: Evaluation, env: Env, target: LetField): Vertex {
  env.lets ??= new Map();
  let v = env.lets.get(target);
  if (v === undefined) {
    ctx.node();
    v = new Vertex(letLabel(target.label), env.vertex, ARC_MEMBER);
    v.addConjunct(new Conjunct(env, target.value, NO_CLOSE_INFO, null));
    env.lets.set(target, v);
  }
  return v;
}

/** A vertex made by an expression, without a place in the tree. */
export function inlineVertex(ctx: Evaluation, env: Env | null, expr: Expr): Vertex {
  ctx.node();
  const v = new Vertex('', null, ARC_MEMBER);
  v.isInline = true;
  v.addConjunct(new Conjunct(env, expr, NO_CLOSE_INFO, null));
  return v;
}

/** The struct or list that a selector or an index looks into. */
function selectable(
  ctx: Evaluation,
  x: Expr,
  env: Env,
  place: Place,
  whole: Resolver,
  label: Label | null,
): Value {
  let v = evaluate(ctx, x, env);
  if (ctx.blocked) return v;
  const torn = v instanceof Bottom && v.code === 'eval' ? contradictory(ctx, x, env) : null;
  if (torn !== null) v = torn;
  v = defaulted(ctx, v, whole);
  if (v instanceof Bottom) return isIncomplete(v) ? (underEvaluation(ctx, x, env) ?? v) : v;
  if (v instanceof Vertex) {
    const at = v.deref();
    const base = at.base;
    if (base === null || base instanceof StructMarker || base instanceof ListMarker) return at;
    if (base.tag === TAG_BOTTOM) return torn === null ? base : at;
    if (at.arcs.length > 0 && label !== null && (isDefinition(label) || isHidden(label) || isLet(label)))
      return at;
    if (base.tag !== TAG_VERTEX) v = base;
  }
  const kind = kindOf(v);
  if ((kind & COMPOSITE_KIND) !== 0) {
    return ctx.error(
      'incomplete',
      exprPlace(x) ?? place,
      '%v undefined as %v is incomplete (type %v)',
      whole,
      x,
      kindName(kind),
    );
  }
  return ctx.error(
    'eval',
    exprPlace(x) ?? place,
    'invalid operand %v (found %v, want list or struct)',
    x,
    kindName(kind),
  );
}

/**
 * A field whose own conjuncts contradict each other, before that has become its value: what it was written as is
 * still looked into, be it a scalar or the fields of a struct.
 */
function contradictory(ctx: Evaluation, x: Expr, env: Env): Value | null {
  if (x.tag > LAST_RESOLVER || x.tag < TAG_FIELD_REF) return null;
  // The tag says that it is a reference.
  const v = resolve(ctx, x as Resolver, env);
  if (ctx.blocked || v.tag !== TAG_VERTEX) return null;
  const at = v.deref();
  if (at.status === FINALIZED || at.state === null || at.state.kind !== 0) return null;
  return at.state.scalar ?? (at.arcs.length > 0 ? at : null);
}

/** A vertex that asks for a field of itself: the field is looked for in what there is of it. */
export function underEvaluation(ctx: Evaluation, x: Expr, env: Env): Vertex | null {
  if (x.tag > LAST_RESOLVER || x.tag < TAG_FIELD_REF) return null;
  // The tag says that it is a reference.
  const v = resolve(ctx, x as Resolver, env);
  if (ctx.blocked || v.tag !== TAG_VERTEX) return null;
  const at = v.deref();
  return at.base === null ? at : null;
}

export function exprPlace(x: Expr): Place | null {
  return 'place' in x ? x.place : null;
}

/** The value of `x` with its default taken; an undecided disjunction is an incomplete error. */
export function defaulted(ctx: Evaluation, v: Value, x: Expr): Value {
  let d = v;
  if (v instanceof Vertex) {
    const { base } = v.deref();
    if (!(base instanceof Disjunction)) return v;
    d = base;
  }
  if (!(d instanceof Disjunction)) return v;
  if (d.defaults !== 1) {
    return ctx.error(
      'incomplete',
      exprPlace(x),
      'unresolved disjunction %v (type %v)',
      d,
      kindName(kindOf(d)),
    );
  }
  return defaulted(ctx, d.values[0]!, x);
}

function resolveIndex(ctx: Evaluation, operand: Expr, index: Expr, env: Env, whole: Resolver): Value {
  if (operand.tag === TAG_LIST && index.tag === TAG_NUM) {
    const element = writtenElement(ctx, operand, index.value, env);
    if (element !== null) return element;
  }
  const v = selectable(ctx, operand, env, whole.place, whole, null);
  if (ctx.blocked) return v;
  const i = scalarOperand(ctx, index, env);
  if (ctx.blocked) return i;
  if (v.tag !== TAG_VERTEX) return v;
  const label = indexLabel(ctx, index, i);
  if (typeof label === 'object') return label;
  return lookup(ctx, v, label, exprPlace(index) ?? whole.place);
}

function indexLabel(ctx: Evaluation, x: Expr, v: Value): Label | Bottom {
  switch (v.tag) {
    case TAG_BOTTOM:
      return v;
    case TAG_STRING:
      return regularLabel(v.value);
    case TAG_NUM: {
      const n = number.asInt(v.value);
      if (n === null) return ctx.error('eval', exprPlace(x), 'cannot use %v as list index', v);
      if (n < 0n) return ctx.error('eval', exprPlace(x), 'invalid index %v (index must be non-negative)', v);
      return n > 1n << 31n ? Number.MAX_SAFE_INTEGER : Number(n);
    }
    default: {
      const kind = kindOf(v);
      if ((kind & 28) !== 0 && v.tag !== TAG_VERTEX) {
        return ctx.error(
          'incomplete',
          v.place ?? exprPlace(x),
          'invalid non-ground value %v (must be concrete int|string)',
          v,
        );
      }
      return ctx.error('eval', exprPlace(x), 'invalid index %v (invalid type %v)', v, kindName(kind));
    }
  }
}

/**
 * The arc with a label. While the vertex is under evaluation, the tasks that may add the arc are run first. Errors:
 * absent (incomplete, or eval where the label can never be), or only optional (incomplete).
 */
export function lookup(ctx: Evaluation, vertex: Vertex, label: Label, place: Place | null): Vertex | Bottom {
  ctx.step();
  let v = vertex.deref();
  let arc = v.lookup(label);
  if (arc !== null && arc.arcType === ARC_MEMBER) return arc;
  let done = v.status >= NODE_DONE;
  if (!done && arc !== null && arc.awaited !== null) {
    runFieldTasks(ctx, arc, false);
    if (arc.arcType === ARC_MEMBER) return arc;
  }
  if (!done) {
    done = complete(ctx, v);
    if (!done && v.state !== null) demand(ctx, v.state, label);
    v = vertex.deref();
    arc = v.lookup(label);
    done = v.status >= NODE_DONE;
  }
  if (arc !== null && arc.arcType <= ARC_REQUIRED) return arc;
  if (!done && (!ctx.final || hasOpenDisjunction(v))) {
    ctx.blocked = true;
    return ctx.error('incomplete', place, 'undefined field: %v', labelText(label));
  }
  if (!done && v.state !== null) markSelfTest(v.state, label);
  if (arc !== null && arc.arcType === ARC_OPTIONAL) {
    return ctx.errorAt(ctx.current, 'incomplete', place, 'cannot reference optional field: %v', () =>
      labelText(label),
    );
  }
  const base = v.base;
  if (base !== null && base.tag === TAG_BOTTOM && v.arcs.length === 0) return base;
  return absent(ctx, v, label, place);
}

function hasOpenDisjunction(v: Vertex): boolean {
  return v.state !== null && v.state.disjunctions.length > 0 && !v.state.disjunctionsDone;
}

function absent(ctx: Evaluation, v: Vertex, label: Label, place: Place | null): Bottom {
  // Of a struct that is not finished, nothing can be said for good.
  const isOpenStill = v.status !== FINALIZED && !v.isFinalizing;
  const isField = typeof label === 'string';
  const mayGrow = isOpenStill && isField && (kindOf(v) & STRUCT_KIND) !== 0;
  const isNoStruct = isField && v.base === null && v.state !== null && (v.state.kind & STRUCT_KIND) === 0;
  const isOpen = !isNoStruct && (mayGrow || accepts(ctx, v, label));
  const code = isOpen ? 'incomplete' : 'eval';
  if (typeof label === 'number') {
    return ctx.error(
      code,
      place,
      'index out of range [%v] with length %v',
      label,
      v.arcs.filter((a) => typeof a.label === 'number').length,
    );
  }
  const error = ctx.error(code, place, 'undefined field: %v', () => labelText(label));
  const [issue] = error.issues;
  if (issue === undefined) return error;
  const nearest = () => nearestField(v, labelText(label));
  return new Bottom(error.code, [{ ...issue, nearest }], error.node);
}

/** Whether a field with this label could still be added to the value. */
export function accepts(ctx: Evaluation, vertex: Vertex, label: Label): boolean {
  const v = vertex.deref();
  const base = v.base;
  if (base !== null && base.tag === TAG_DISJUNCTION) {
    return base.values.some((x) => x.tag === TAG_VERTEX && accepts(ctx, x, label));
  }
  if (typeof label === 'number') {
    if (base !== null && base.tag === TAG_LIST_MARKER) {
      return base.isOpen || v.lookup(label) !== null;
    }
    return (kindOf(v) & LIST_KIND) !== 0;
  }
  if (base !== null && base.tag !== TAG_STRUCT_MARKER && base.tag !== TAG_BOTTOM) {
    if ((kindOf(v) & STRUCT_KIND) === 0) return false;
  }
  if (isHidden(label) || isDefinition(label) || isLet(label)) return true;
  if (v.lookup(label) !== null || v.hasEllipsis) return true;
  if (!v.closedRecursive && !v.closedOnce) return true;
  return v.patterns?.some((p) => matchesPattern(ctx, p.pattern, label)) ?? false;
}

/** Runs the tasks of a vertex under evaluation that may add a field, until it is there. */
function demand(ctx: Evaluation, n: NodeState, label: Label): void {
  for (let i = 0; i < n.tasks.length; i++) {
    const t = n.tasks[i]!;
    if (t.isDone || t.isRunning || t.kind === TASK_PATTERN) continue;
    if (t.kind === TASK_COMPREHENSION && !mayAdd(t.node as Comprehension, label)) continue;
    runTask(ctx, n, t, ctx.final);
    const arc = n.vertex.derefDisjunct().lookup(label);
    if (arc !== null && arc.arcType === ARC_MEMBER) return;
  }
}

function mayAdd(c: Comprehension, label: Label): boolean {
  return c.labels.has(label) || c.isOpenEnded;
}

/** Notes that running comprehensions took this field for absent although they may add it. */
function markSelfTest(n: NodeState, label: Label): void {
  for (const t of n.tasks) {
    if (t.isRunning && t.node.tag === TAG_COMPREHENSION && t.node.labels.has(label)) t.selfTested = label;
  }
}
