/** `Validate` of packages that read texts: what is read has to fit a schema. */
import { Bottom, isIncomplete } from '../bottom.ts';
import type { Expr } from '../compile/ir.ts';
import type { Builtin, BuiltinError, Data, Outcome } from '../std/builtin.ts';
import { isBuiltinError } from '../std/builtin.ts';
import { NOWHERE, place, truth, unified } from './argument.ts';
import { DataLiterals } from './data.ts';
import { defaultOf } from './default.ts';
import { unwrap } from './expr.ts';
import type { EvaluatorFunction } from './function.ts';
import { define } from './functions.ts';
import { BOOL_KIND, BYTES_KIND, STRING_KIND, TOP_KIND } from './kind.ts';
import { aboutCaller, absentValue } from './std-function.ts';
import { TAG_BOTTOM, TAG_BYTES, TAG_STRING } from './tag.ts';
import type { ValidateOptions } from './validate.ts';
import { validate } from './validate.ts';

/** `unmarshal` reads the text; the validator is `name` beside it, and the result has to be what `demand` says. */
export function textValidator(unmarshal: Builtin, name: string, demand: ValidateOptions): EvaluatorFunction {
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
      const { vertex, error } = unified(ctx, [schema!, valueRead(read)]);
      if (error !== null && !isIncomplete(error)) return aboutCaller(ctx, error);
      const open = validate(ctx, vertex, demand);
      if (open === null) return truth(site, true);
      // Who demands concrete values is told for good that one is not.
      const code = demand.concrete === true && isIncomplete(open) ? 'eval' : open.code;
      return aboutCaller(ctx, new Bottom(code, open.issues, open.node));
    },
    true,
  );
}

function valueRead(read: Exclude<Outcome, BuiltinError>): Expr {
  if (typeof read === 'object' && read !== null && 'type' in read && read.type === 'absent')
    return absentValue(null);
  // Unmarshal tests nothing, so what is neither a refusal nor absent is data.
  return new DataLiterals(NOWHERE.source).expr(read as Data);
}
