/** Defaults: which value a disjunction or an open list stands for when one is needed. */
import type { Value } from './value.ts';
import { CLOSED_LIST, Disjunction, FINALIZED, ListMarker, NODE_DONE, Vertex } from './value.ts';

/** The default of a value, or the value itself where it has none. Several defaults stay a disjunction. */
export function defaultOf(value: Value): Value {
  if (value instanceof Disjunction) {
    if (value.defaults === 0) return value;
    if (value.defaults === 1) return defaultOf(value.values[0]!);
    return new Disjunction(value.values.slice(0, value.defaults), 0, false);
  }
  if (!(value instanceof Vertex)) return value;
  const v = value.deref();
  const { base } = v;
  if (base instanceof Disjunction) {
    const d = defaultOf(base);
    if (d === base) return v;
    return d instanceof Vertex ? d : wrapped(v, d);
  }
  if (base instanceof ListMarker && base.isOpen) return closedList(v);
  return v;
}

/** A simple value in the place of a vertex. */
export function wrapped(v: Vertex, value: Value): Vertex {
  const w = new Vertex(v.label, v.parent, v.arcType);
  w.conjuncts = v.conjuncts;
  w.base = value;
  w.status = v.status === FINALIZED ? FINALIZED : NODE_DONE;
  return w;
}

function closedList(v: Vertex): Vertex {
  const w = new Vertex(v.label, v.parent, v.arcType);
  w.conjuncts = v.conjuncts;
  w.arcs = v.arcs;
  w.index = v.index;
  w.structs = v.structs;
  w.status = v.status;
  w.childErrors = v.childErrors;
  w.base = CLOSED_LIST;
  return w;
}
