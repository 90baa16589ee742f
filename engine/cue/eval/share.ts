/**
 * Sharing: a vertex that is nothing but another one takes that one for its value instead of working its conjuncts out
 * again. What that shows in is the path of an error, so beyond references, which share in CUE too, only data is shared.
 */
import type { Expr, Resolver } from '../compile/ir.ts';
import { ListLit, StructLit } from '../compile/ir.ts';
import { refersToDefinition } from './closed.ts';
import { expandClauses } from './comprehension.ts';
import { hasAncestor } from './cycle.ts';
import type { Evaluation } from './evaluation.ts';
import { isDefinition, isLet } from './label.ts';
import { contentSize } from './literal.ts';
import { completeIn, finalize } from './process.ts';
import { resolve } from './resolve.ts';
import {
  LAST_SCALAR,
  TAG_BOTTOM,
  TAG_COMPREHENSION,
  TAG_DISJUNCTION,
  TAG_FIELD_REF,
  TAG_FOR_REF,
  TAG_INDEX,
  TAG_LET_REF,
  TAG_LIST_MARKER,
  TAG_SELECTOR,
  TAG_STRUCT,
  TAG_STRUCT_MARKER,
  TAG_TYPE,
  TAG_VERTEX,
} from './tag.ts';
import type { BaseValue, Scalar, Value } from './value.ts';
import { ARC_MEMBER, ARC_REQUIRED, Conjunct, Env, FINALIZED, NO_CYCLE, NODE_DONE, Vertex } from './value.ts';

/** Follows sharing, but stops at a vertex that is a disjunction: its conjuncts are those of the disjunction. */
export function derefShared(v: Vertex): Vertex {
  let w = v;
  while (w.base instanceof Vertex && !w.base.isDisjunct) w = w.base;
  return w;
}

/** Lets a lone reference share what it refers to, if that is a vertex that can be shared. */
export function shareReference(ctx: Evaluation, v: Vertex, c: Conjunct): Value | Conjunct | 'shared' | 'no' {
  // Tags say that it is a reference; references have a scope.
  const found = resolve(ctx, c.expr as Resolver, c.env!);
  if (ctx.blocked || found.tag !== TAG_VERTEX) return found;
  if (v.arcs.length > 0) return 'no';
  let arc = derefShared(found);
  if (arc.isInline || isLet(arc.label)) {
    const scalar = scalarOf(ctx, arc);
    if (scalar !== null) return scalar;
    // It may have turned out to be a reference to something in the tree.
    arc = derefShared(arc);
  }
  if (arc.isInline || isLet(arc.label) || isClosedAround(v, arc)) return takeOver(ctx, v, c, arc);
  if (!canShare(v, arc, c)) return 'no';
  v.base = arc;
  v.isShared = true;
  return 'shared';
}

/** Whether the vertex is closed with the definition it stands in, and the other one is not. */
function isClosedAround(v: Vertex, arc: Vertex): boolean {
  return !arc.closedRecursive && (v.closedRecursive || v.parent?.closedRecursive === true);
}

/** What a lone reference makes of a vertex that cannot be shared: its scalar, or its literal of data, if it is one. */
function takeOver(ctx: Evaluation, v: Vertex, c: Conjunct, arc: Vertex): Scalar | Conjunct | 'no' {
  if (arc === v || arc.isDisjunct || v.isDisjunct || v.closedOnce) return 'no';
  const { parent } = arc;
  // While more may come, the vertex has to be told.
  if (parent !== null && parent.state !== null && parent.status < NODE_DONE && !arc.isInline) return 'no';
  const literal = dataOf(arc);
  if (literal === null) {
    if (arc.status < NODE_DONE && !(isInert(arc) && completeIn(ctx, arc, false))) return 'no';
    // The tag says that it is a scalar.
    return arc.base !== null && arc.base.tag <= LAST_SCALAR ? (arc.base as Scalar) : 'no';
  }
  if (arc.closedOnce || isDefinition(arc.label) || refersToDefinition(c.expr)) return 'no';
  const isOpen = c.info.embedding !== null && !arc.closedRecursive;
  return new Conjunct(literal.env, literal.expr, isOpen ? c.info.withDef(false) : c.info, literal.field);
}

/** The literal of data that is all there is to a vertex. */
function dataOf(v: Vertex): Conjunct | null {
  if (v.literal !== null) return contentSize(v.literal) < 0 ? null : v.literal;
  const [only] = v.conjuncts;
  return only === undefined || v.conjuncts.length > 1 || contentSize(only) < 0 ? null : only;
}

/** Whether working the vertex out asks for nothing else: literals and types define it. */
function isInert(v: Vertex): boolean {
  for (let i = 0; i < v.conjuncts.length; i++) if (v.conjuncts[i]!.expr.tag > TAG_TYPE) return false;
  return v.state === null;
}

/** The scalar that a vertex is without a place in the tree, if it can be told; such a vertex is not shared. */
function scalarOf(ctx: Evaluation, arc: Vertex): Scalar | null {
  if (arc.status < NODE_DONE) {
    const [only] = arc.conjuncts;
    if (only === undefined || arc.conjuncts.length > 1) return null;
    if (only.expr instanceof ListLit || (only.expr instanceof StructLit && only.expr.isPlain)) return null;
    if (!completeIn(ctx, arc, ctx.final)) return null;
  }
  const { base } = arc.deref();
  // The tag says so.
  return base !== null && base.tag <= LAST_SCALAR ? (base as Scalar) : null;
}

/**
 * What `{reference}` embeds, comprehensions beside it (`{for …, reference}`) left aside, or a vertex given as a value;
 * null for any other expression.
 */
export function sharedOperand(x: Expr): Resolver | Vertex | null {
  if (x.tag === TAG_VERTEX) return x;
  if (x.tag !== TAG_STRUCT) return null;
  let found: Resolver | null = null;
  for (let i = 0; i < x.decls.length; i++) {
    const d = x.decls[i]!;
    switch (d.tag) {
      case TAG_FIELD_REF:
      case TAG_FOR_REF:
      case TAG_LET_REF:
      case TAG_SELECTOR:
      case TAG_INDEX:
        if (found !== null) return null;
        found = d;
        break;
      case TAG_COMPREHENSION:
        break;
      default:
        return null;
    }
  }
  return found;
}

/** Lets a vertex share the data that its only conjunct embeds or is (`{reference}`, an element of a computed list). */
export function shareData(ctx: Evaluation, v: Vertex, c: Conjunct, x: Resolver | Vertex): 'shared' | 'no' {
  const env = new Env(c.env, v);
  const found = x.tag === TAG_VERTEX ? x : resolve(ctx, x, env);
  const arc = !ctx.blocked && found.tag === TAG_VERTEX ? derefShared(found) : null;
  if (arc !== null && isShareable(v, arc, c) && yieldsNothing(ctx, c.expr, env) && isSettled(ctx, arc, c)) {
    v.base = arc;
    v.isShared = true;
    return 'shared';
  }
  // What is not known yet is for the conjunct to wait for.
  ctx.blocked = false;
  return 'no';
}

/** Whether a vertex may be data, as far as it is known without working it out. */
function isShareable(v: Vertex, arc: Vertex, c: Conjunct): boolean {
  // A later conjunct takes the conjuncts of what is shared.
  if (arc.conjuncts.length === 0 || !canShare(v, arc, c)) return false;
  const at = arc.deref();
  return !at.closedRecursive && !at.closedOnce && (arc.status !== FINALIZED || isData(at));
}

function isSettled(ctx: Evaluation, arc: Vertex, c: Conjunct): boolean {
  if (arc.status !== FINALIZED && !settled(ctx, arc)) return false;
  const at = arc.deref();
  if (at.closedRecursive || at.closedOnce || !isData(at)) return false;
  return c.expr.tag === TAG_VERTEX || keepsOrder(at);
}

/** Whether fields keep their order when a struct is embedded: those of several literals are no longer one behind another. */
function keepsOrder(vertex: Vertex): boolean {
  const v = vertex.held();
  if (v.base === null && v.literal !== null) return true;
  if (v.outline !== null && v.outline.data !== null && v.outline.schema !== null) return false;
  return v.structs.length <= 1 && v.arcs.every(keepsOrder);
}

/** Whether the comprehensions of a struct add nothing to it. */
function yieldsNothing(ctx: Evaluation, x: Expr, env: Env): boolean {
  if (x.tag !== TAG_STRUCT || x.decls.length === 1) return true;
  let isEmpty = true;
  for (const d of x.decls) {
    if (d.tag !== TAG_COMPREHENSION) continue;
    const error = expandClauses(ctx, d, env, () => {
      isEmpty = false;
    });
    if (error !== null || !isEmpty || ctx.blocked) return false;
  }
  return true;
}

function canShare(v: Vertex, arc: Vertex, c: Conjunct): boolean {
  if (arc === v || arc.isDisjunct || isLet(arc.label)) return false;
  if (v.isDisjunct || v.closedOnce || v.arcs.length > 0) return false;
  if (isClosedAround(v, arc)) return false;
  if (arc.isFinalizing) return false;
  if (arc.base !== null && arc.base.tag === TAG_BOTTOM && arc.base.code === 'structural') return false;
  if (c.info.refs !== null || c.info.cycle !== NO_CYCLE) {
    return !hasAncestor(v, arc.derefDisjunct()) && !comesBack(v, arc, c);
  }
  for (let p = v.parent; p !== null; p = p.parent) if (p === arc || p.held() === arc) return false;
  return true;
}

/** Whether the conjunct came by a reference to the same vertex before, or by the same reference to one like it. */
function comesBack(v: Vertex, arc: Vertex, c: Conjunct): boolean {
  for (let r = c.info.refs; r !== null; r = r.next) {
    if (r.arc === arc || r.arc.held() === arc.held()) return true;
    if (r.ref === c.expr && (r.node === v || r.node.held() === v.held())) return true;
  }
  return false;
}

/** Works a vertex out as far as that goes without taking anything for absent. */
function settled(ctx: Evaluation, v: Vertex): boolean {
  if (v.status === FINALIZED) return true;
  const { final, blocked } = ctx;
  ctx.final = false;
  const done = finalize(ctx, v);
  ctx.final = final;
  ctx.blocked = blocked;
  return done;
}

/** Whether a finalized vertex is concrete all through, so that nothing can be said of it or its parts but its value. */
function isData(vertex: Vertex): boolean {
  const v = vertex.held();
  // Data that nobody has looked into.
  if (v.base === null && v.literal !== null) return true;
  if (v.status !== FINALIZED || v.childErrors !== null || v.base === null || !isDataBase(v.base))
    return false;
  for (let i = 0; i < v.arcs.length; i++) {
    const a = v.arcs[i]!;
    if (a.arcType === ARC_REQUIRED || isLet(a.label)) return false;
    if (a.arcType === ARC_MEMBER && !(typeof a.label === 'string' && isDefinition(a.label)) && !isData(a))
      return false;
  }
  return true;
}

function isDataBase(base: BaseValue): boolean {
  switch (base.tag) {
    case TAG_STRUCT_MARKER:
      return true;
    case TAG_LIST_MARKER:
      return !base.isOpen;
    case TAG_DISJUNCTION: {
      const d = base.values[0]!;
      return base.defaults === 1 && (d.tag === TAG_VERTEX ? isData(d) : isDataBase(d));
    }
    default:
      return base.tag <= LAST_SCALAR;
  }
}
