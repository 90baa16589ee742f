/** What functions that look at open values do with their arguments, and what they answer. */
import type { Bottom } from '../bottom.ts';
import type { Expr, Place } from '../compile/ir.ts';
import { And } from '../compile/ir.ts';
import * as number from '../number/number.ts';
import { defaultOf } from './default.ts';
import type { Evaluation } from './evaluation.ts';
import { listElements, unwrap } from './expr.ts';
import type { CallSite } from './function.ts';
import { INT_KIND, kindName, LIST_KIND } from './kind.ts';
import { finalize } from './process.ts';
import { inlineVertex } from './resolve.ts';
import { TAG_BOTTOM, TAG_LIST_MARKER, TAG_NUM, TAG_VERTEX } from './tag.ts';
import type { Value } from './value.ts';
import { BoolValue, kindOf, type Vertex } from './value.ts';

export function place(site: CallSite): Place | null {
  return site.call?.place ?? null;
}

export function truth(site: CallSite, holds: boolean): Value {
  return new BoolValue(place(site), holds);
}

/** The elements of a list argument; an error where it is none. */
export function elements(ctx: Evaluation, arg: Value, site: CallSite): readonly Vertex[] | Bottom {
  const v = unwrap(defaultOf(arg));
  if (v.tag === TAG_BOTTOM) return v;
  if (v.tag === TAG_VERTEX) {
    const at = v.deref();
    if (at.base !== null && at.base.tag === TAG_LIST_MARKER) {
      if (!finalize(ctx, at) && !ctx.final) ctx.blocked = true;
      return listElements(at);
    }
    if (at.base !== null && at.base.tag === TAG_BOTTOM && at.arcs.length > 0) return at.base;
  }
  const code = (kindOf(v) & LIST_KIND) !== 0 ? 'incomplete' : 'eval';
  return ctx.error(code, place(site), 'cannot use %v (type %v) as list', v, kindName(kindOf(v)));
}

export function count(ctx: Evaluation, arg: Value, site: CallSite): bigint | Bottom {
  const v = unwrap(defaultOf(arg));
  const n = v.tag === TAG_NUM ? number.asInt(v.value) : null;
  if (n !== null) return n;
  if (v.tag === TAG_BOTTOM) return v;
  const code = (kindOf(v) & INT_KIND) !== 0 && v.tag !== TAG_NUM ? 'incomplete' : 'eval';
  return ctx.error(code, place(site), 'cannot use %v (type %v) as int', v, kindName(kindOf(v)));
}

/** A test failed, for good or until the value grows. A plain call gives `false`. */
export function failed(ctx: Evaluation, site: CallSite, mayGrow: boolean): Value {
  const isOpen = mayGrow && site.isValidator;
  return isOpen ? ctx.error('incomplete', place(site), 'too few') : truth(site, false);
}

/** A vertex that is all of these expressions, or its error. */
export function unified(
  ctx: Evaluation,
  exprs: readonly Expr[],
): { readonly vertex: Vertex; readonly error: Bottom | null } {
  const [first, ...rest] = exprs;
  let expr = first!;
  for (const e of rest) expr = new And(NOWHERE, expr, e);
  const vertex = inlineVertex(ctx, null, expr);
  if (!finalize(ctx, vertex) && !ctx.final) ctx.blocked = true;
  return { vertex, error: vertex.deref().bottom };
}

export const NOWHERE: Place = { source: { name: '', text: '' }, node: { start: -1, end: -1 } };
