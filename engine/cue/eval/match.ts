/** `matchN` and `matchIf`: how many constraints a value satisfies. */
import { Bottom, isIncomplete } from '../bottom.ts';
import { elements, NOWHERE, place, truth, unified } from './argument.ts';
import { DataLiterals } from './data.ts';
import { describe } from './describe.ts';
import type { Evaluation } from './evaluation.ts';
import type { CallSite, EvaluatorFunction } from './function.ts';
import { define } from './functions.ts';
import { BOOL_KIND, LIST_KIND, TOP_KIND } from './kind.ts';
import { TAG_LIST_MARKER, TAG_STRUCT_MARKER, TAG_VERTEX } from './tag.ts';
import { validate } from './validate.ts';
import type { Value } from './value.ts';
import { Vertex } from './value.ts';

/** Whether `value` satisfies `constraint`; a bottom where that is not known yet. */
export function satisfies(ctx: Evaluation, value: Value, constraint: Value): boolean | Bottom {
  const { vertex, error } = unified(ctx, [asData(value), constraint]);
  if (error !== null && !isIncomplete(error)) return false;
  const bad = validate(ctx, vertex, {});
  if (bad === null) return true;
  return isIncomplete(bad) ? bad : false;
}

/** The value under test without its own constraints, the test among them. */
function asData(value: Value): Value {
  if (value.tag !== TAG_VERTEX) return value;
  const v = value.deref();
  if (v.base === null || (v.base.tag !== TAG_STRUCT_MARKER && v.base.tag !== TAG_LIST_MARKER)) return value;
  const copy = new Vertex('', null, 0);
  copy.isInline = true;
  copy.base = v.base;
  copy.arcs = v.arcs;
  copy.index = v.index;
  copy.status = v.status;
  return copy;
}

/** Whether the number of matches is what was asked for: `n` is a constraint on it. */
export function judge(
  ctx: Evaluation,
  site: CallSite,
  n: Value,
  results: readonly (boolean | Bottom)[],
): Value {
  const matches = results.filter((r) => r === true).length;
  const { error } = unified(ctx, [n, new DataLiterals(NOWHERE.source).expr(BigInt(matches))]);
  if (error === null) return truth(site, true);
  if (results.some((r) => r instanceof Bottom))
    return ctx.error('incomplete', place(site), 'cannot tell how many match yet');
  return ctx.error('eval', place(site), '%v matched, expected %v', matches, describe(n));
}

/** `matchN(n, [...])`: how many of the constraints the value satisfies. */
export const matchN: EvaluatorFunction = define(
  'matchN',
  [TOP_KIND, TOP_KIND, LIST_KIND],
  BOOL_KIND,
  (ctx, [value, n, list], site) => {
    const constraints = elements(ctx, list!, site);
    if (constraints instanceof Bottom) return constraints;
    const results = constraints.map((constraint) => satisfies(ctx, value!, constraint));
    return judge(ctx, site, n!, results);
  },
  true,
);

/** `matchIf(if, then, else)`: the value satisfies `then` if it satisfies `if`, else `else`. */
export const matchIf: EvaluatorFunction = define(
  'matchIf',
  [TOP_KIND, TOP_KIND, TOP_KIND, TOP_KIND],
  BOOL_KIND,
  (ctx, [value, condition, then, otherwise], site) => {
    const c = satisfies(ctx, value!, condition!);
    const r = satisfies(ctx, value!, c === true ? then! : otherwise!);
    if (r === true) return truth(site, true);
    if (r instanceof Bottom)
      return ctx.error('incomplete', place(site), 'cannot tell whether it matches yet');
    return ctx.error('eval', place(site), 'failed to match');
  },
  true,
);
