/** The fields of a vertex in the order they are shown in. */
import { orderArcs } from '../export/order.ts';
import { isRegular } from './label.ts';
import type { Vertex } from './value.ts';
import { ARC_MEMBER } from './value.ts';

/** All arcs in CUE's order of fields. */
export function orderedArcs(v: Vertex): readonly Vertex[] {
  return orderArcs(v);
}

/** The fields that are data: regular ones that exist. */
export function dataFields(v: Vertex): Vertex[] {
  return orderedArcs(v).filter((a) => a.arcType === ARC_MEMBER && typeof a.label === 'string' && isRegular(a.label));
}
