/** Calls: of the language's own functions, of the standard packages' and of validators. */
import { Bottom } from '../bottom.ts';
import type { Call } from '../compile/ir.ts';
import type { Evaluation } from './evaluation.ts';
import { evaluate, openValue, operandValue, vertexValue, worse } from './expr.ts';
import type { EvaluatorFunction } from './function.ts';
import { isValidatorResult } from './insert-value.ts';
import { kindName } from './kind.ts';
import { exprPlace } from './resolve.ts';
import { TAG_BOTTOM, TAG_BUILTIN, TAG_VALIDATOR, TAG_VERTEX } from './tag.ts';
import { wrongArgument } from './validate-value.ts';
import type { Env, Value } from './value.ts';
import { kindOf, ValidatorValue } from './value.ts';

/** Whether `f` called with this many arguments is a constraint on one more. */
function isPartial(fn: EvaluatorFunction, args: number): boolean {
  return (
    args === fn.paramKinds.length - 1 &&
    isValidatorResult(fn.resultKind) &&
    (fn.defaults[args] ?? null) === null
  );
}

function notCallable(ctx: Evaluation, x: Call, callee: Value): Bottom {
  const kind = kindName(kindOf(callee));
  const error = ctx.error('eval', x.place, 'cannot call non-function %v (type %v)', x.fn, kind);
  // A package that has no such function knows what was meant.
  const nearest = callee.tag === TAG_BOTTOM ? callee.issues[0]?.nearest : undefined;
  if (nearest === undefined) return error;
  return new Bottom(
    'eval',
    error.issues.map((issue) => ({ ...issue, nearest })),
    error.node,
  );
}

export function evaluateCall(ctx: Evaluation, x: Call, env: Env): Value {
  const callee = x.fn.tag === TAG_BUILTIN ? x.fn : operandValue(ctx, x.fn, env);
  if (ctx.blocked) return callee;
  let fn: EvaluatorFunction;
  if (callee.tag === TAG_BUILTIN) fn = callee.fn;
  else if (callee.tag === TAG_VALIDATOR) {
    if (callee.call !== null)
      return ctx.error('eval', x.place, 'cannot call previously called validator %v', x.fn);
    if (isPartial(callee.fn, x.args.length)) return new ValidatorValue(x.place, callee.fn, [], x);
    fn = callee.fn;
  } else {
    return notCallable(ctx, x, callee);
  }
  return fn.raw === undefined
    ? callWithArgs(ctx, x, env, fn)
    : (checkCount(ctx, x, fn) ?? fn.raw(ctx, x, env));
}

function callWithArgs(ctx: Evaluation, x: Call, env: Env, fn: EvaluatorFunction): Value {
  const args: Value[] = [];
  let bad: Bottom | null = null;
  for (const a of x.args) {
    const v = openValue(ctx, fn.takesOpen ? evaluate(ctx, a, env) : operandValue(ctx, a, env), a, env);
    if (ctx.blocked) return v;
    if (v.tag === TAG_BOTTOM) bad = worse(bad ?? v, v);
    else args.push(v);
  }
  bad ??= checkCount(ctx, x, fn);
  if (bad !== null) return bad;
  if (isPartial(fn, args.length)) return new ValidatorValue(x.place, fn, args, x);
  const checked = checkArgs(ctx, x, fn, args);
  if (checked instanceof Bottom) return checked;
  const result = fn.call(ctx, checked, { call: x, env, isValidator: false });
  return result.tag === TAG_VERTEX ? vertexValue(ctx, result, x) : result;
}

/** The error of a call with too many or too few arguments. */
function checkCount(ctx: Evaluation, x: Call, fn: EvaluatorFunction): Bottom | null {
  const wanted = fn.paramKinds.length;
  const given = x.args.length;
  if (given === wanted || isPartial(fn, given)) return null;
  const isMore = given > wanted;
  if (!isMore && (fn.defaults[given] ?? null) !== null) return null;
  return ctx.error(
    'eval',
    x.place,
    isMore
      ? 'too many arguments in call to %v (have %v, want %v)'
      : 'not enough arguments in call to %v (have %v, want %v)',
    fn.name,
    given,
    wanted,
  );
}

function checkArgs(
  ctx: Evaluation,
  x: Call,
  fn: EvaluatorFunction,
  given: readonly Value[],
): readonly Value[] | Bottom {
  const args = [...given];
  for (let i = given.length; i < fn.paramKinds.length; i++) {
    const value = fn.defaults[i] ?? null;
    if (value !== null) args.push(value);
  }
  const at = (i: number) => exprPlace(x.args[i] ?? x);
  return wrongArgument(ctx, ctx.current, at, fn, args) ?? args;
}
