/**
 * Vertices that one literal defines alone: a struct of plain fields, or a list of plain elements. All there is to
 * know of them stands in the text, so they are complete without a state. One is made only when a second conjunct
 * comes.
 */
import type { Field, ListLit, StructLit } from '../compile/ir.ts';
import { noteFlags } from './closed.ts';
import { markNonCyclic } from './cycle.ts';
import type { Evaluation } from './evaluation.ts';
import { LIST_KIND, STRUCT_KIND } from './kind.ts';
import { isDefinition, isLet } from './label.ts';
import { FLAG_STRUCT, NodeState } from './state.ts';
import { LAST_SCALAR, TAG_LIST, TAG_STRUCT } from './tag.ts';
import {
  ARC_MEMBER,
  ARC_OPTIONAL,
  CLOSED_LIST,
  Conjunct,
  CYCLIC,
  Env,
  EVALUATING,
  FINALIZED,
  NODE_DONE,
  type Scalar,
  STRUCT_MARKER,
  Vertex,
} from './value.ts';

/** Whether the vertex was completed from a literal, and nothing has been added since. */
export function isLiteral(v: Vertex): boolean {
  if (v.state !== null || v.outline !== null || v.conjuncts.length === 0) return false;
  return isSimple(v.conjuncts[0]!) && v.base !== null;
}

function isSimple({ expr }: Conjunct): boolean {
  return (expr.tag === TAG_STRUCT || expr.tag === TAG_LIST) && expr.isSimple;
}

/** Completes a vertex whose only conjunct is a simple struct. */
export function openStruct(ctx: Evaluation, v: Vertex, c: Conjunct, s: StructLit): void {
  ctx.step();
  inheritClosedness(v, c);
  const env = new Env(c.env, v);
  const info = c.info.field();
  v.structs = [{ struct: s, env, info: c.info }];
  const { decls } = s;
  const arcs: Vertex[] = new Array(decls.length);
  for (let i = 0; i < decls.length; i++) {
    // A simple struct has nothing but fields.
    const d = decls[i] as Field;
    const arc = newArc(ctx, v, d.label, d.arcType);
    if (typeof d.label === 'string' && isDefinition(d.label)) arc.closedRecursive = true;
    const i2 = d.arcType === ARC_OPTIONAL ? info.optional() : info;
    settle(arc, new Conjunct(env, d.value, i2, d));
    arcs[i] = arc;
  }
  setArcs(v, arcs);
  v.base = STRUCT_MARKER;
  v.status = NODE_DONE;
}

/** Completes a vertex whose only conjunct is a simple list. */
export function openList(ctx: Evaluation, v: Vertex, c: Conjunct, l: ListLit): void {
  ctx.step();
  inheritClosedness(v, c);
  const { elements } = l;
  const arcs: Vertex[] = new Array(elements.length);
  for (let i = 0; i < elements.length; i++) {
    const arc = newArc(ctx, v, i, ARC_MEMBER);
    // A simple list has no comprehensions.
    settle(arc, new Conjunct(c.env, elements[i] as Conjunct['expr'], c.info, null));
    arcs[i] = arc;
  }
  setArcs(v, arcs);
  v.base = CLOSED_LIST;
  v.status = NODE_DONE;
}

function inheritClosedness(v: Vertex, c: Conjunct): void {
  if (c.info.fromDef || (v.parent?.closedRecursive && !isLet(v.label))) v.closedRecursive = true;
}

function newArc(ctx: Evaluation, v: Vertex, label: Vertex['label'], arcType: Vertex['arcType']): Vertex {
  ctx.node();
  const arc = new Vertex(label, v, arcType);
  arc.isInline = v.isInline;
  arc.closedRecursive = v.closedRecursive;
  return arc;
}

/** Gives a new arc its conjunct; if that is a scalar there is no more to it. */
function settle(arc: Vertex, c: Conjunct): void {
  arc.conjuncts = [c];
  if (c.expr.tag > LAST_SCALAR) return;
  // The tag says so.
  arc.base = c.expr as Scalar;
  arc.status = FINALIZED;
}

function setArcs(v: Vertex, arcs: readonly Vertex[]): void {
  v.arcs = arcs;
  if (arcs.length > 8) v.index = new Map(arcs.map((a) => [a.label, a]));
}

/** The state as it would be had the literal been inserted like any conjunct; further ones may come then. */
export function literalState(v: Vertex): NodeState {
  const { expr, info } = v.conjuncts[0]!;
  const n = new NodeState(v, depthOf(v));
  n.noSharing = true;
  markNonCyclic(n, info);
  n.hasNonCycle = info.cycle !== CYCLIC;
  n.kindExpr = expr;
  if (expr.tag === TAG_LIST) {
    n.kind = LIST_KIND;
    n.isList = true;
    n.listIsClosed = true;
    n.listLength = expr.elements.length;
    n.listExpr = expr;
  } else if (expr.tag === TAG_STRUCT) {
    n.kind = STRUCT_KIND;
    n.hasStruct = true;
    n.isSureStruct = true;
    n.sureStructExpr = expr;
    if (info.scope !== null) noteFlags(n, info, FLAG_STRUCT);
  }
  v.state = n;
  v.status = EVALUATING;
  return n;
}

/** How deep the vertex lies, as far as depths of states count. */
export function depthOf(v: Vertex): number {
  let depth = 0;
  let p = v.parent;
  for (; p !== null && p.state === null && isLiteral(p); p = p.parent) depth++;
  if (p === null) return depth;
  return depth + (p.state === null ? 1 : p.state.depth + 1);
}
