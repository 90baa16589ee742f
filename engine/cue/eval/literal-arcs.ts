/** The parts of vertices that one literal defines. Imported by value.ts, so it may import little itself. */
import type { Field, ListLit } from '../compile/ir.ts';
import { StructLit } from '../compile/ir.ts';
import { isDefinition } from './label.ts';
import { LAST_SCALAR } from './tag.ts';
import {
  ARC_MEMBER,
  ARC_OPTIONAL,
  CLOSED_LIST,
  Conjunct,
  Env,
  FINALIZED,
  type Scalar,
  STRUCT_MARKER,
  Vertex,
} from './value.ts';

/** Makes the parts of a finished vertex of data; they were counted when it was finished. */
export function openData(v: Vertex): void {
  // The caller saw the literal.
  makeArcs(v, v.literal!);
  const { arcs } = v;
  for (let i = 0; i < arcs.length; i++) {
    const arc = arcs[i]!;
    if (arc.status === FINALIZED) continue;
    arc.literal = arc.conjuncts[0]!;
    arc.status = FINALIZED;
  }
}

/** Takes a vertex of data apart that was known as a whole. */
export function fillLiteral(v: Vertex, c: Conjunct): void {
  v.literal = c;
  makeArcs(v, c);
}

/** Gives a vertex the arcs that a simple literal writes, and its base. */
export function makeArcs(v: Vertex, c: Conjunct): void {
  const { expr } = c;
  const arcs = expr instanceof StructLit ? structArcs(v, c, expr) : listArcs(v, c, expr as ListLit);
  v.arcs = arcs;
  if (arcs.length > 8) {
    v.index = new Map();
    for (let i = 0; i < arcs.length; i++) v.index.set(arcs[i]!.label, arcs[i]!);
  }
}

function structArcs(v: Vertex, c: Conjunct, s: StructLit): readonly Vertex[] {
  const env = new Env(c.env, v);
  const info = c.info.field();
  v.structs = [{ struct: s, env, info: c.info }];
  v.base = STRUCT_MARKER;
  const { decls } = s;
  const arcs: Vertex[] = [];
  for (let i = 0; i < decls.length; i++) {
    // A simple struct has nothing but fields.
    const d = decls[i] as Field;
    const fieldInfo = d.arcType === ARC_OPTIONAL ? info.optional() : info;
    const arc = newArc(v, d.label, d.arcType, new Conjunct(env, d.value, fieldInfo, d));
    if (typeof d.label === 'string' && isDefinition(d.label)) arc.closedRecursive = true;
    arcs.push(arc);
  }
  return arcs;
}

function listArcs(v: Vertex, c: Conjunct, l: ListLit): readonly Vertex[] {
  v.base = CLOSED_LIST;
  const { elements } = l;
  const arcs: Vertex[] = [];
  for (let i = 0; i < elements.length; i++) {
    // A simple list has no comprehensions.
    const expr = elements[i] as Conjunct['expr'];
    arcs.push(newArc(v, i, ARC_MEMBER, new Conjunct(c.env, expr, c.info, null)));
  }
  return arcs;
}

function newArc(v: Vertex, label: Vertex['label'], arcType: Vertex['arcType'], c: Conjunct): Vertex {
  const arc = new Vertex(label, v, arcType);
  arc.isInline = v.isInline;
  arc.closedRecursive = v.closedRecursive;
  arc.conjuncts = [c];
  if (c.expr.tag <= LAST_SCALAR) {
    // The tag says so.
    arc.base = c.expr as Scalar;
    arc.status = FINALIZED;
  }
  return arc;
}
