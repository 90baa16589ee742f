/** Adding arcs and pattern constraints to a vertex under evaluation. */

import { combineErrors } from '../bottom.ts';
import type { Expr, FieldDecl } from '../compile/ir.ts';
import * as number from '../number/number.ts';
import { binaryOp } from './compare.ts';
import { equal } from './equal.ts';
import type { Evaluation } from './evaluation.ts';
import { INT_KIND, STRING_KIND } from './kind.ts';
import type { Label } from './label.ts';
import { isDefinition, isRegular, labelName } from './label.ts';
import { literalState } from './literal.ts';
import { complete } from './process.ts';
import { scheduleConjunct } from './schedule.ts';
import type { NodeState, Task } from './state.ts';
import {
  TAG_BOOL,
  TAG_BOTTOM,
  TAG_BOUND,
  TAG_CONJUNCTION,
  TAG_DISJUNCTION,
  TAG_NUM,
  TAG_STRING,
  TAG_TOP,
  TAG_TYPE,
  TAG_VALIDATOR,
  TAG_VERTEX,
} from './tag.ts';
import type { ArcType, CloseInfo, Value } from './value.ts';
import {
  ARC_NOT_PRESENT,
  ARC_PENDING,
  Conjunct,
  Env,
  EVALUATING,
  FINALIZED,
  NODE_DONE,
  NumValue,
  StringValue,
  UNPROCESSED,
  Vertex,
} from './value.ts';

/** A new arc of a vertex under evaluation. */
function newArc(
  ctx: Evaluation,
  n: NodeState,
  label: Label,
  arcType: ArcType,
  field: FieldDecl | null,
): Vertex {
  const v = n.vertex;
  ctx.node();
  const arc = new Vertex(label, v, arcType);
  arc.isInline = v.isInline;
  arc.closedRecursive = v.closedRecursive || (typeof label === 'string' && isDefinition(label));
  v.addArc(arc);
  if (arcType < ARC_PENDING) checkFrozen(ctx, n, arc, field);
  return arc;
}

/** A field that comes when somebody has gone through the fields already is an error. */
function checkFrozen(ctx: Evaluation, n: NodeState, arc: Vertex, field: FieldDecl | null): void {
  const { label } = arc;
  const v = n.vertex;
  if (v.isFrozen && isRegular(label)) {
    n.errors = combineErrors(
      n.errors,
      ctx.errorAt(
        v,
        'eval',
        field?.place ?? null,
        'adding field %v not allowed as field set was already referenced',
        labelName(label),
      ),
    );
    arc.arcType = ARC_NOT_PRESENT;
  }
}

/**
 * Declares a field: adds its value's expression to the arc, and to a new arc the patterns that match its label. Of
 * an arc that is there already the stronger type wins.
 */
export function insertArc(
  ctx: Evaluation,
  n: NodeState,
  label: Label,
  arcType: ArcType,
  conjunct: Conjunct,
): Vertex {
  const v = n.vertex;
  const known = v.lookup(label);
  if (known !== null) {
    const isNew = known.arcType === ARC_PENDING && arcType < ARC_PENDING;
    if (arcType < known.arcType) known.arcType = arcType;
    if (isNew) checkFrozen(ctx, n, known, conjunct.field);
    addConjunct(ctx, known, conjunct);
    return known;
  }
  const arc = newArc(ctx, n, label, arcType, conjunct.field);
  arc.addConjunct(conjunct);
  constrainArc(ctx, arc, arcType);
  return arc;
}

/** Declares that there may be a field, or more of one: that is up to a comprehension that has yet to run. */
export function insertPendingArc(ctx: Evaluation, n: NodeState, label: Label, task: Task): void {
  let arc = n.vertex.lookup(label);
  if (arc === null) {
    arc = newArc(ctx, n, label, ARC_PENDING, null);
    constrainArc(ctx, arc, ARC_PENDING);
  }
  if (arc.awaited === null) arc.awaited = [task];
  else arc.awaited.push(task);
}

function constrainArc(ctx: Evaluation, arc: Vertex, arcType: ArcType): void {
  // An arc has a parent.
  const { patterns } = arc.parent!;
  for (let i = 0; patterns !== null && i < patterns.length; i++) {
    const p = patterns[i]!;
    if (!matchesPattern(ctx, p.pattern, arc.label)) continue;
    for (let k = 0; k < p.conjuncts.length; k++) addConstraint(ctx, arc, arcType, p.conjuncts[k]!);
  }
}

/** How often one declaration may come to a field by different ways, beyond which it comes round in a circle. */
const MOST_REPEATS = 24;

function isDuplicate(ctx: Evaluation, arc: Vertex, c: Conjunct): boolean {
  const all = arc.conjuncts;
  // Long lists are searched now and then only.
  if (all.length > 32) {
    if ((all.length & 63) !== 0) return false;
    ctx.work(all.length >> 4);
  }
  let repeats = 0;
  for (let i = 0; i < all.length; i++) {
    const d = all[i]!;
    if (d.expr !== c.expr) continue;
    if (isSameEnv(d.env, c.env) && ++repeats >= MOST_REPEATS) return true;
    if (d.info.scope !== c.info.scope || d.info.embedding !== c.info.embedding) continue;
    if (isSameEnv(d.env, c.env)) return true;
  }
  return false;
}

function isSameEnv(a: Env | null, b: Env | null): boolean {
  if (a === b) return true;
  if (a === null || b === null) return false;
  return a.vertex === b.vertex && a.up === b.up && a.label === b.label && a.bound === b.bound;
}

/** Adds a conjunct to a vertex whatever its state is, and passes it on to those that copied the others. */
export function addConjunct(ctx: Evaluation, arc: Vertex, c: Conjunct): void {
  if (isDuplicate(ctx, arc, c)) return;
  arc.addConjunct(c);
  if (arc.status !== UNPROCESSED) {
    if (arc.status === FINALIZED) ctx.mayBeWrong = true;
    reopen(arc);
    if (arc.state !== null) scheduleConjunct(ctx, arc.state, c.env, c.expr, c.info);
  }
  if (arc.receivers !== null) {
    for (let i = 0; i < arc.receivers.length; i++) {
      const { vertex, info } = arc.receivers[i]!;
      if (vertex.status === FINALIZED) ctx.mayBeWrong = true;
      reopen(vertex);
      if (vertex.state !== null) scheduleConjunct(ctx, vertex.state, c.env, c.expr, info);
    }
  }
}

/** Makes a vertex take further conjuncts: what was concluded from the old ones is worked out again. */
export function reopen(v: Vertex): void {
  if (v.status < NODE_DONE) return;
  // What nobody has looked into has no parts that could be kept.
  const n = v.literal !== null && v.base !== null ? literalState(v, v.literal) : v.state;
  if (n === null || n.disjunctionsDone) {
    v.isFrozen = false;
    v.literal = null;
    v.status = UNPROCESSED;
    v.state = null;
    v.base = null;
    v.isShared = false;
    v.outline = null;
    v.arcs = [];
    v.index = null;
    v.structs = [];
    v.patterns = null;
    v.childErrors = null;
    return;
  }
  v.status = EVALUATING;
  v.childErrors = null;
  if (!n.vertex.isShared) v.base = null;
}

/** Applies a pattern's conjunct to an arc; references to the label in it mean this arc's. */
function addConstraint(ctx: Evaluation, arc: Vertex, arcType: ArcType, c: Conjunct): void {
  let env = c.env;
  if (env !== null) {
    const copy = new Env(env.up, env.vertex);
    copy.label = arc.label;
    copy.bound = env.bound;
    env = copy;
  }
  if (arcType < arc.arcType) arc.arcType = arcType;
  addConjunct(ctx, arc, new Conjunct(env, c.expr, c.info, c.field));
}

/** Adds `[pattern]: …`: to all arcs that match now, and by `insertArc` to those to come. */
export function insertPattern(
  ctx: Evaluation,
  n: NodeState,
  pattern: Value,
  env: Env | null,
  expr: Expr,
  info: CloseInfo,
  field: FieldDecl | null,
): void {
  const v = n.vertex;
  const c = new Conjunct(env, expr, info, field);
  v.patterns ??= [];
  const known = v.patterns.find((p) => equal(ctx, p.pattern, pattern, true));
  if (known === undefined) v.patterns.push({ pattern, conjuncts: [c] });
  else {
    const isKnown = (d: Conjunct) => d.expr === expr && d.info.scope === info.scope && isSameEnv(d.env, env);
    if (known.conjuncts.some(isKnown)) return;
    known.conjuncts.push(c);
  }
  for (let i = 0; i < v.arcs.length; i++) {
    const arc = v.arcs[i]!;
    if (matchesPattern(ctx, pattern, arc.label)) addConstraint(ctx, arc, arc.arcType, c);
  }
}

/** Whether a pattern's value admits a label. Only regular labels match. */
export function matchesPattern(ctx: Evaluation, pattern: Value, label: Label): boolean {
  if (!isRegular(label)) return false;
  const kind = typeof label === 'number' ? INT_KIND : STRING_KIND;
  switch (pattern.tag) {
    case TAG_TOP:
      return true;
    case TAG_TYPE:
      return (pattern.kind & kind) === kind;
    case TAG_STRING:
      return typeof label === 'string' && pattern.value === labelName(label);
    case TAG_NUM:
      return typeof label === 'number' && number.asInt(pattern.value) === BigInt(label);
    case TAG_BOUND: {
      if ((pattern.kind & kind) === 0) return false;
      if (typeof label === 'number' && pattern.op === '>=' && pattern.value.tag === TAG_NUM) {
        // The ellipsis of a list: from its first index on.
        return typeof pattern.value.value === 'bigint' && label >= Number(pattern.value.value);
      }
      const r = binaryOp(ctx, null, pattern.op, labelValue(label), pattern.value);
      return r.tag === TAG_BOOL && r.value;
    }
    case TAG_CONJUNCTION:
      return pattern.values.every((p) => matchesPattern(ctx, p, label));
    case TAG_DISJUNCTION:
      return pattern.values.some((p) => matchesPattern(ctx, p, label));
    case TAG_VALIDATOR: {
      if ((pattern.kind & kind) === 0) return false;
      const r = pattern.fn.call(ctx, [labelValue(label), ...pattern.args], {
        call: pattern.call,
        env: null,
        isValidator: true,
      });
      return r.tag === TAG_BOOL && r.value;
    }
    case TAG_VERTEX: {
      complete(ctx, pattern);
      const base = pattern.deref().base;
      if (base === null || base.tag === TAG_VERTEX || base.tag === TAG_BOTTOM) return false;
      return base.tag <= TAG_DISJUNCTION && matchesPattern(ctx, base as Value, label);
    }
    default:
      return false;
  }
}

export function labelValue(label: Label): Value {
  return typeof label === 'number'
    ? new NumValue(null, BigInt(label))
    : new StringValue(null, labelName(label));
}
