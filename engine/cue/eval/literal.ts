/**
 * Vertices that one literal defines alone: a struct of plain fields, or a list of plain elements. All there is to
 * know of them stands in the text, so they are complete without a state. One is made only when a second conjunct
 * comes. Of those that hold nothing but data, the parts are made when somebody looks at them (`Vertex.deref`).
 */
import { ListLit, StructLit } from '../compile/ir.ts';
import { isLiteralAllowed, noteFlags } from './closed.ts';
import { markNonCyclic } from './cycle.ts';
import type { Evaluation } from './evaluation.ts';
import { LIST_KIND, STRUCT_KIND } from './kind.ts';
import { isLet } from './label.ts';
import { makeArcs } from './literal-arcs.ts';
import { FLAG_STRUCT, NodeState } from './state.ts';
import type { Conjunct, Vertex } from './value.ts';
import { CYCLIC, EVALUATING, FINALIZED, NODE_DONE } from './value.ts';

/** Whether a literal is all there is to the vertex, and it is complete. */
export function isLiteral(v: Vertex): boolean {
  return v.literal !== null && v.state === null;
}

/** How many values lie in the literal of a conjunct, if it is nothing but data, else -1. */
export function contentSize({ expr }: Conjunct): number {
  return expr instanceof StructLit || expr instanceof ListLit ? expr.contentSize : -1;
}

/** Completes a vertex that is what this conjunct, a simple struct or list, says. */
export function openLiteral(ctx: Evaluation, v: Vertex, c: Conjunct): void {
  ctx.step();
  if (c.info.fromDef || (v.parent?.closedRecursive && !isLet(v.label))) v.closedRecursive = true;
  v.literal = c;
  makeArcs(v, c);
  ctx.node(v.arcs.length);
  v.status = NODE_DONE;
}

/** Takes a vertex for finished that one literal of data defines; false if it is no such vertex. */
export function finishData(ctx: Evaluation, v: Vertex): boolean {
  const [c] = v.conjuncts;
  if (c === undefined || v.conjuncts.length > 1) return false;
  const size = contentSize(c);
  if (size < 0 || (ctx.hasRequirements && !isLiteralAllowed(v, c))) return false;
  ctx.step();
  if (c.info.fromDef || v.parent?.closedRecursive) v.closedRecursive = true;
  ctx.node(size);
  v.literal = c;
  v.status = FINALIZED;
  return true;
}

/** The state as it would be had the literal been inserted like any conjunct; further ones may come then. */
export function literalState(v: Vertex, { expr, info }: Conjunct): NodeState {
  const n = new NodeState(v, depthOf(v));
  n.noSharing = true;
  markNonCyclic(n, info);
  n.hasNonCycle = info.cycle !== CYCLIC;
  n.kindExpr = expr;
  if (expr instanceof ListLit) {
    n.kind = LIST_KIND;
    n.isList = true;
    n.listIsClosed = true;
    n.listLength = expr.elements.length;
    n.listExpr = expr;
  } else if (expr instanceof StructLit) {
    n.kind = STRUCT_KIND;
    n.hasStruct = true;
    n.isSureStruct = true;
    n.sureStructExpr = expr;
    if (info.scope !== null) noteFlags(n, info, FLAG_STRUCT);
  }
  v.literal = null;
  v.state = n;
  v.status = EVALUATING;
  return n;
}

/** How deep the vertex lies, as far as depths of states count. */
export function depthOf(v: Vertex): number {
  let depth = 0;
  let p = v.parent;
  for (; p !== null && isLiteral(p); p = p.parent) depth++;
  if (p === null) return depth;
  return depth + (p.state === null ? 1 : p.state.depth + 1);
}
