/** The fields of a vertex in the order they are shown in. */
import { orderArcs } from '../export/order.ts';
import type { Source } from '../syntax/ast.ts';
import type { Label } from './label.ts';
import { isRegular } from './label.ts';
import { TAG_AND, TAG_FIELD } from './tag.ts';
import type { StructInfo, Vertex } from './value.ts';
import { ARC_MEMBER } from './value.ts';

/** All arcs in CUE's order of fields. */
export function orderedArcs(v: Vertex): readonly Vertex[] {
  if (v.arcs.length <= 1 || isInOrder(v)) return v.arcs;
  return directOrder(v) ?? orderArcs(v);
}

/** Whether one literal wrote the vertex alone and its arcs came in that order. */
function isInOrder(v: Vertex): boolean {
  const { structs, arcs } = v;
  if (structs.length !== 1) return false;
  const { decls } = structs[0]!.struct;
  if (decls.length < arcs.length) return false;
  for (let i = 0; i < arcs.length; i++) {
    const d = decls[i]!;
    if (d.tag !== TAG_FIELD || d.label !== arcs[i]!.label) return false;
  }
  return true;
}

/** The fields that are data: regular ones that exist. */
export function dataFields(v: Vertex): readonly Vertex[] {
  const arcs = orderedArcs(v);
  for (let i = 0; i < arcs.length; i++) {
    if (!isDataField(arcs[i]!)) return arcs.filter(isDataField);
  }
  return arcs;
}

function isDataField(a: Vertex): boolean {
  return a.arcType === ARC_MEMBER && typeof a.label === 'string' && isRegular(a.label);
}

const MOST_STRUCTS = 24;

/**
 * The order where it needs no graph: a few literals of one text, none of them reached through a reference or joined
 * by `&`. Each then stands where the field of it stands that came last, and their fields follow one another.
 */
function directOrder(v: Vertex): readonly Vertex[] | null {
  const { structs } = v;
  const count = structs.length;
  if (count === 0 || count > MOST_STRUCTS) return null;
  const { source } = structs[0]!.struct.place;
  for (let i = 0; i < count; i++) if (!isDirect(structs, i, source)) return null;
  for (const c of v.conjuncts) if (c.expr.tag === TAG_AND) return null;
  const offsets = structs.map((s) => s.struct.place.node.start);
  for (const arc of v.arcs) {
    for (const c of arc.conjuncts) {
      if (c.info.refs !== null || c.field === null) return null;
      for (let i = 0; i < count; i++) {
        if (structs[i]!.env === c.env) offsets[i] = c.field.place.node.start;
      }
    }
  }
  const order = offsets.map((_, i) => i).sort((a, b) => offsets[a]! - offsets[b]!);
  for (let i = 1; i < count; i++) if (offsets[order[i]!] === offsets[order[i - 1]!]) return null;
  return collect(v, structs, order);
}

function isDirect(structs: readonly StructInfo[], i: number, source: Source): boolean {
  const { struct } = structs[i]!;
  if (
    struct.place.source !== source ||
    struct.isFile ||
    struct.place.node.start < 0 ||
    !struct.hasDirectOrder
  )
    return false;
  for (let k = 0; k < i; k++) if (structs[k]!.struct === struct) return false;
  return true;
}

function collect(
  v: Vertex,
  structs: readonly StructInfo[],
  order: readonly number[],
): readonly Vertex[] | null {
  const seen = new Set<Label>();
  const out: Vertex[] = [];
  for (const i of order) {
    for (const decl of structs[i]!.struct.decls) {
      if (decl.tag !== TAG_FIELD || seen.has(decl.label)) continue;
      seen.add(decl.label);
      const arc = v.lookup(decl.label);
      if (arc !== null) out.push(arc);
    }
  }
  return out.length === v.arcs.length ? out : null;
}
