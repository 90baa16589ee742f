/** `Validate` of packages that read texts: what is read has to fit a schema. */
import { isIncomplete } from '../bottom.ts';
import type { Builtin, Data } from '../std/builtin.ts';
import { isBuiltinError } from '../std/builtin.ts';
import { NOWHERE, place, truth, unified } from './argument.ts';
import { DataLiterals } from './data.ts';
import { defaultOf } from './default.ts';
import { unwrap } from './expr.ts';
import type { EvaluatorFunction } from './function.ts';
import { define } from './functions.ts';
import { BOOL_KIND, BYTES_KIND, STRING_KIND, TOP_KIND } from './kind.ts';
import { aboutCaller } from './std-function.ts';
import { TAG_BOTTOM, TAG_BYTES, TAG_STRING } from './tag.ts';
import { validate } from './validate.ts';

/** `unmarshal` reads the text. `partial`: the result need not be concrete. */
export function textValidator(unmarshal: Builtin, name: string, partial: boolean): EvaluatorFunction {
  return define(
    unmarshal.qualifiedName.replace(unmarshal.name, name),
    [STRING_KIND | BYTES_KIND, TOP_KIND],
    BOOL_KIND,
    (ctx, [arg, schema], site) => {
      const v = unwrap(defaultOf(arg!));
      if (v.tag === TAG_BOTTOM) return v;
      if (v.tag !== TAG_STRING && v.tag !== TAG_BYTES) {
        return ctx.error('incomplete', place(site), 'non-concrete argument %v', v);
      }
      const read = unmarshal.call([v.value], ctx);
      if (isBuiltinError(read)) return ctx.error('eval', place(site), '%v', read.message);
      // Unmarshal tests nothing, so what is no refusal is data.
      const data = read as Data;
      const { vertex, error } = unified(ctx, [schema!, new DataLiterals(NOWHERE.source).expr(data)]);
      if (error !== null && !isIncomplete(error)) return aboutCaller(ctx, error);
      const open = validate(ctx, vertex, partial ? {} : { concrete: true, final: true });
      if (open === null) return truth(site, true);
      return aboutCaller(ctx, open);
    },
    true,
  );
}
