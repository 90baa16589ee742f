/** Equality of evaluated values. */

import * as number from '../number/number.ts';
import { compareBytes } from './compare.ts';
import { defaultOf } from './default.ts';
import type { Evaluation } from './evaluation.ts';
import { isRegular } from './label.ts';
import { settleOptional } from './process.ts';
import {
  TAG_BOOL,
  TAG_BOTTOM,
  TAG_BOUND,
  TAG_BUILTIN,
  TAG_BYTES,
  TAG_CONJUNCTION,
  TAG_DISJUNCTION,
  TAG_LIST_MARKER,
  TAG_NULL,
  TAG_NUM,
  TAG_STRING,
  TAG_STRUCT_MARKER,
  TAG_TOP,
  TAG_TYPE,
  TAG_VALIDATOR,
  TAG_VERTEX,
} from './tag.ts';
import type { BaseValue, Value } from './value.ts';
import { ARC_OPTIONAL, ARC_REQUIRED, Vertex } from './value.ts';

/**
 * Whether two evaluated values are the same. Structural equality also compares optional and hidden fields and
 * closedness, though not patterns: it is what tells disjuncts apart. The other compares data, after defaults.
 */
export function equal(ctx: Evaluation, a: Value, b: Value, structural: boolean): boolean {
  ctx.step();
  const x = unwrapped(structural ? a : defaultOf(a));
  const y = unwrapped(structural ? b : defaultOf(b));
  if (x === y) return true;
  if (x instanceof Vertex) return y instanceof Vertex && equalVertex(ctx, x, y, structural);
  if (y instanceof Vertex) return false;
  return equalTerminal(ctx, x, y, structural);
}

/** The simple value of a vertex without arcs, or the vertex that holds the arcs. */
function unwrapped(value: Value): BaseValue {
  if (value.tag !== TAG_VERTEX) return value;
  const v = value.deref();
  if (v.base === null || v.base.tag === TAG_STRUCT_MARKER || v.base.tag === TAG_LIST_MARKER) return v;
  return v.arcs.length === 0 ? v.base : v;
}

function equalVertex(ctx: Evaluation, x: Vertex, y: Vertex, structural: boolean): boolean {
  const maxArc = structural ? ARC_OPTIONAL : ARC_REQUIRED;
  const xb = x.base;
  const yb = y.base;
  if ((xb?.tag ?? 0) !== (yb?.tag ?? 0)) return false;
  if (structural) {
    const xc = x.closedRecursive || x.closedOnce;
    const yc = y.closedRecursive || y.closedOnce;
    if (xc !== yc) return false;
    if (xb?.tag === TAG_LIST_MARKER && yb?.tag === TAG_LIST_MARKER && xb.isOpen !== yb.isOpen) return false;
  }
  let count = 0;
  for (const a of x.arcs) {
    if (a.arcType > maxArc || (!structural && !isRegular(a.label))) continue;
    count++;
    const b = y.lookup(a.label);
    if (b === null || b.arcType !== a.arcType) return false;
    settleOptional(ctx, a);
    settleOptional(ctx, b);
    if (!equal(ctx, a, b, structural)) return false;
  }
  for (const b of y.arcs) {
    if (b.arcType > maxArc || (!structural && !isRegular(b.label))) continue;
    count--;
  }
  if (count !== 0) return false;
  if (xb === null || yb === null) return true;
  if (xb.tag === TAG_STRUCT_MARKER || xb.tag === TAG_LIST_MARKER) return true;
  return xb.tag === TAG_VERTEX || yb.tag === TAG_VERTEX ? xb === yb : equalTerminal(ctx, xb, yb, structural);
}

function equalTerminal(ctx: Evaluation, x: BaseValue, y: BaseValue, structural: boolean): boolean {
  switch (x.tag) {
    case TAG_NULL:
    case TAG_TOP:
    case TAG_BOTTOM:
      return y.tag === x.tag;
    case TAG_BOOL:
      return y.tag === TAG_BOOL && x.value === y.value;
    case TAG_NUM:
      return y.tag === TAG_NUM && x.kind === y.kind && number.compare(x.value, y.value) === 0;
    case TAG_STRING:
      return y.tag === TAG_STRING && x.value === y.value;
    case TAG_BYTES:
      return y.tag === TAG_BYTES && compareBytes(x.value, y.value) === 0;
    case TAG_TYPE:
      return y.tag === TAG_TYPE && x.kind === y.kind;
    case TAG_BOUND:
      return y.tag === TAG_BOUND && x.op === y.op && equal(ctx, x.value, y.value, structural);
    case TAG_BUILTIN:
      return y.tag === TAG_BUILTIN && x.fn === y.fn;
    case TAG_VALIDATOR:
      return (
        y.tag === TAG_VALIDATOR &&
        x.fn === y.fn &&
        x.args.length === y.args.length &&
        x.args.every((a, i) => equal(ctx, a, y.args[i]!, structural))
      );
    case TAG_CONJUNCTION:
    case TAG_DISJUNCTION:
      return (
        y.tag === x.tag &&
        x.values.length === y.values.length &&
        x.values.every((a, i) => equal(ctx, a, y.values[i]!, structural))
      );
    default:
      return false;
  }
}
