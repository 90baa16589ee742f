/** The fields of a vertex in the order they are shown in. */
import { linearOrder } from '../export/linear-order.ts';
import { orderArcs } from '../export/order.ts';
import { isRegular } from './label.ts';
import { TAG_FIELD } from './tag.ts';
import type { Vertex } from './value.ts';
import { ARC_MEMBER } from './value.ts';

/** All arcs in CUE's order of fields. */
export function orderedArcs(v: Vertex): readonly Vertex[] {
  if (v.arcs.length <= 1 || isInOrder(v)) return v.arcs;
  return linearOrder(v) ?? orderArcs(v);
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
