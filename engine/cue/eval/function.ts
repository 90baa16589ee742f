/** Functions as the evaluator calls them. */
import type { Call } from '../compile/ir.ts';
import type { Evaluation } from './evaluation.ts';
import type { Kind } from './kind.ts';
import type { Env, Value } from './value.ts';

export interface CallSite {
  readonly call: Call | null;
  readonly env: Env | null;
  /** Called to check a value: a refusal is an error of that value. */
  readonly isValidator: boolean;
}

export interface EvaluatorFunction {
  /** As messages name it. */
  readonly name: string;
  readonly paramKinds: readonly Kind[];
  /** The value of an omitted argument, or null where it may not be left out. */
  readonly defaults: readonly (Value | null)[];
  readonly resultKind: Kind;
  /** Takes arguments as they are, incomplete ones too. */
  readonly takesOpen: boolean;
  /** Takes the expressions themselves, unevaluated. */
  raw?(ctx: Evaluation, call: Call, env: Env): Value;
  /** Gives a value; a bottom is a failure. A validator gives a bool, or a bottom that tells why. */
  call(ctx: Evaluation, args: readonly Value[], site: CallSite): Value;
}
