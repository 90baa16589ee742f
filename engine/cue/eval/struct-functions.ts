/** Functions of package `struct`: they ask whether a struct may still grow. */
import { Bottom } from '../bottom.ts';
import { count, failed, place, truth } from './argument.ts';
import { defaultOf } from './default.ts';
import { unwrap } from './expr.ts';
import { dataFields } from './fields.ts';
import type { EvaluatorFunction } from './function.ts';
import { define } from './functions.ts';
import { BOOL_KIND, INT_KIND, STRUCT_KIND } from './kind.ts';
import { isRegular } from './label.ts';
import { TAG_BOTTOM, TAG_STRUCT_MARKER, TAG_VERTEX } from './tag.ts';
import type { Vertex } from './value.ts';

function fieldCount(name: string, isMinimum: boolean): EvaluatorFunction {
  return define(name, [STRUCT_KIND, INT_KIND], BOOL_KIND, (ctx, [arg, limit], site) => {
    const v = unwrap(defaultOf(arg!));
    if (v.tag === TAG_BOTTOM) return v;
    const n = count(ctx, limit!, site);
    if (n instanceof Bottom) return n;
    const at = v.tag === TAG_VERTEX ? v.deref() : null;
    if (at?.base?.tag !== TAG_STRUCT_MARKER) {
      return ctx.error('incomplete', place(site), 'cannot use %v as struct', v);
    }
    const fields = BigInt(dataFields(at).length);
    if (isMinimum ? fields >= n : fields <= n) return truth(site, true);
    return failed(ctx, site, isMinimum && mayHave(at, n));
  });
}

/** Whether a struct may come to have this many fields; an ellipsis in a definition does not count, as in v0.14.1. */
function mayHave(v: Vertex, count: bigint): boolean {
  const isClosed = v.closedRecursive || v.closedOnce;
  if (!isClosed || (v.patterns?.length ?? 0) > 0) return true;
  const known = v.arcs.filter((a) => typeof a.label === 'string' && isRegular(a.label));
  return BigInt(known.length) >= count;
}

export const structFunctions: readonly EvaluatorFunction[] = [
  fieldCount('struct.MinFields', true),
  fieldCount('struct.MaxFields', false),
];
