/**
 * Cycles. A reference that leads to its own vertex says nothing (`a: b, b: a` is `_`). A conjunct that reaches its
 * own ancestor, or repeats a reference it came by, is cyclic; a vertex all of whose conjuncts are cyclic would never
 * end: a structural cycle (spec, "Cycles"). Inside something optional it is none until a field calls for it.
 */
import { Bottom, combineErrors } from '../bottom.ts';
import type { Resolver } from '../compile/ir.ts';
import type { NodeState } from './state.ts';
import { pushed } from './state.ts';
import { TAG_BOTTOM } from './tag.ts';
import type { CloseInfo, Env, Vertex } from './value.ts';
import { Conjunct, CYCLE_MAYBE, CYCLE_OPTIONAL, CYCLIC, NO_CYCLE } from './value.ts';

function sameVertex(a: Vertex, b: Vertex): boolean {
  return a === b || a.held() === b.held();
}

/** Whether `arc` is above the vertex, or is having its arcs finalized right now. */
export function hasAncestor(v: Vertex, arc: Vertex): boolean {
  const target = arc.held();
  if (target.isFinalizing && target !== v) return true;
  for (let p = v.parent; p !== null; p = p.parent) {
    if (p === arc || p.held() === target || p.state?.standsFor === arc) return true;
  }
  return false;
}

/**
 * Notes that a conjunct of `n` follows `ref` to `arc`. Returns the conjunct's new history, or null when it is to be
 * left out: it refers to its own vertex, or it is cyclic and nothing else has yet shown that the vertex ends.
 */
export function followReference(
  n: NodeState,
  arc: Vertex,
  env: Env | null,
  ref: Resolver,
  info: CloseInfo,
): CloseInfo | null {
  // An alternative that refers to the vertex it is one of.
  if (n.standsFor !== null && n.standsFor === arc) return null;
  if (hasAncestor(n.vertex, arc)) {
    const cyclic = info.withCycle(CYCLIC, info.refs);
    n.hasAnyCyclicConjunct = true;
    n.hasAncestorCycle = true;
    if (!n.hasNonCycle && env !== null) {
      postpone(n, env, ref, cyclic, arc);
      return null;
    }
    return cyclic;
  }
  if (n.hasNonCyclic && info.cycle === CYCLE_MAYBE) return info;
  for (let r = info.refs; r !== null; r = r.next) {
    if (sameVertex(r.arc, arc)) {
      if (sameVertex(r.node, n.vertex)) return null;
      if (info.cycle === CYCLE_OPTIONAL && n.hasNonCyclic) {
        return r.depth === n.depth ? null : info.withCycle(CYCLE_MAYBE, null);
      }
      if (n.hasNonCycle && n.hasNonCyclic && r.depth !== n.depth) return info;
      return repeated(n, arc, env, ref, info);
    }
    if (r.ref === ref && arc.isInline && sameVertex(r.node, n.vertex))
      return repeated(n, arc, env, ref, info);
  }
  const length = info.refs === null ? 1 : info.refs.length + 1;
  const refs = { ref, arc: arc.held(), node: n.vertex.held(), next: info.refs, length, depth: n.depth };
  return info.withCycle(info.cycle, refs);
}

function repeated(
  n: NodeState,
  arc: Vertex,
  env: Env | null,
  ref: Resolver,
  info: CloseInfo,
): CloseInfo | null {
  const cyclic = info.withCycle(CYCLIC, info.refs);
  n.hasAnyCyclicConjunct = true;
  if (!n.hasNonCyclic && !n.hasNonCycle && env !== null) {
    postpone(n, env, ref, cyclic, arc);
    return null;
  }
  return cyclic;
}

function postpone(n: NodeState, env: Env, ref: Resolver, info: CloseInfo, arc: Vertex): void {
  n.cyclicConjuncts = pushed(n.cyclicConjuncts, { conjunct: new Conjunct(env, ref, info, null), arc });
}

export function markNonCyclic(n: NodeState, info: CloseInfo): void {
  if (info.cycle === NO_CYCLE || info.cycle === CYCLE_OPTIONAL) n.hasNonCyclic = true;
}

/** True when everything that defines the vertex is cyclic. */
export function isStructuralCycle(n: NodeState): boolean {
  return (n.hasAncestorCycle && !n.hasNonCycle) || (n.hasAnyCyclicConjunct && !n.hasNonCyclic);
}

export function reportStructuralCycle(n: NodeState): void {
  const v = n.vertex;
  const issue = { node: v, format: 'structural cycle', args: [], place: null, others: [] };
  const error = new Bottom('structural', [issue], v);
  v.base = combineErrors(v.base !== null && v.base.tag === TAG_BOTTOM ? v.base : null, error);
  v.arcs = [];
  v.index = null;
}
