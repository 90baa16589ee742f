/** Checking a value against the bounds and validators of its vertex, and what they say where there is no value yet. */
import { Bottom } from '../bottom.ts';
import type { Place } from '../compile/ir.ts';
import { simplifyBounds } from './bounds.ts';
import { binaryOp } from './compare.ts';
import type { Evaluation } from './evaluation.ts';
import { unwrap } from './expr.ts';
import type { EvaluatorFunction } from './function.ts';
import { addError } from './insert-value.ts';
import { kindName, TOP_KIND } from './kind.ts';
import type { Check, NodeState } from './state.ts';
import { TAG_BOOL, TAG_BOTTOM, TAG_BOUND, TAG_BUILTIN, TAG_NULL, TAG_VALIDATOR, TAG_VERTEX } from './tag.ts';
import type { BoundValue, Scalar, ValidatorValue, Value, Vertex } from './value.ts';
import { Conjunction, kindOf, TopValue, TypeValue } from './value.ts';

const TOP = new TopValue(null);

/** The bounds and validators of a vertex as one value. */
export function typeOf(ctx: Evaluation, n: NodeState): Value {
  const values: Value[] = [];
  let kind = TOP_KIND;
  if (n.lower !== null) values.push(n.lower);
  if (n.upper !== null) values.push(n.upper);
  for (const c of n.checks) {
    if (c.tag === TAG_BOUND && c.op === '!=') {
      if (n.upper !== null && simplifyBounds(ctx, n.kind, n.upper, c) !== null) continue;
      if (n.lower !== null && simplifyBounds(ctx, n.kind, n.lower, c) !== null) continue;
    }
    values.push(c);
  }
  for (const v of values) kind &= kindOf(v);
  if ((kind & ~n.kind) !== 0) {
    const expr = n.kindExpr;
    values.push(new TypeValue(expr !== null && 'place' in expr ? expr.place : null, n.kind));
  }
  if (values.length === 0) return n.kind === TOP_KIND ? TOP : new TypeValue(placeOfKind(n), n.kind);
  return values.length === 1 ? values[0]! : new Conjunction(values);
}

function placeOfKind(n: NodeState): Place | null {
  const expr = n.kindExpr;
  return expr !== null && 'place' in expr ? expr.place : null;
}

/** Checks a scalar against all bounds and validators; failures are added to the vertex. */
export function checkScalar(ctx: Evaluation, n: NodeState, value: Scalar): void {
  checkBounds(ctx, n, value);
  for (const c of n.checks) check(ctx, n, c, value);
}

/** Checks a scalar against `<`, `<=`, `>` and `>=`. The others are checked when the vertex is finalized. */
export function checkBounds(ctx: Evaluation, n: NodeState, value: Scalar): void {
  if (n.lower !== null) checkBound(ctx, n, n.lower, value);
  if (n.upper !== null) checkBound(ctx, n, n.upper, value);
}

/** Checks a finished value against validators, `=~`, `!~` and `!=`. */
export function runChecks(ctx: Evaluation, n: NodeState): void {
  const v = n.vertex;
  for (const c of n.checks) check(ctx, n, c, n.scalar ?? v);
  if (n.errors !== null) v.base = n.errors;
}

function check(ctx: Evaluation, n: NodeState, c: Check, value: Scalar | Vertex): void {
  switch (c.tag) {
    case TAG_BOUND:
      checkBound(ctx, n, c, value);
      return;
    case TAG_VALIDATOR: {
      const error = runValidator(ctx, n.vertex, c, value);
      if (error !== null) addError(n, error);
      return;
    }
    case TAG_BUILTIN:
      return;
    default:
      c satisfies never;
  }
}

function placeOf(value: Value): Place | null {
  return value.tag === TAG_VERTEX ? null : value.tag === TAG_BOTTOM ? null : value.place;
}

function checkBound(ctx: Evaluation, n: NodeState, bound: BoundValue, value: Scalar | Vertex): void {
  const r = binaryOp(ctx, bound.place, bound.op, value, bound.value);
  if (r.tag === TAG_BOOL && r.value) return;
  const others = [bound.place, placeOf(value)].filter((p): p is Place => p !== null);
  if (r.tag === TAG_BOTTOM) {
    addError(n, new Bottom(r.code, [{ ...r.issues[0]!, node: n.vertex, others }], n.vertex));
    return;
  }
  const issue = {
    node: n.vertex,
    format: 'invalid value %v (out of bound %v)',
    args: [value, bound],
    place: bound.place,
    others,
  };
  addError(n, new Bottom('eval', [issue], n.vertex));
}

/** The error of the first of some arguments that is of a wrong kind; the first of them is the parameter `from`. */
export function wrongArgument(
  ctx: Evaluation,
  node: Vertex | null,
  place: (i: number) => Place | null,
  fn: EvaluatorFunction,
  args: readonly Value[],
  from = 0,
): Bottom | null {
  for (let i = 0; i < args.length; i++) {
    const kind = kindOf(unwrap(args[i]!));
    const wanted = fn.paramKinds[i + from] ?? TOP_KIND;
    if ((kind & wanted) !== 0 || wanted === TOP_KIND) continue;
    const format = 'cannot use %v (type %v) as %v in argument %v to %v';
    const words = [args[i], kindName(kind), kindName(wanted), i + from + 1, fn.name];
    return ctx.errorAt(node, 'eval', place(i), format, ...words);
  }
  return null;
}

/** The error of a value that a validator refuses, or null. */
export function runValidator(
  ctx: Evaluation,
  vertex: Vertex | null,
  validator: ValidatorValue,
  value: Value,
): Bottom | null {
  const { fn, args } = validator;
  const wrong = wrongArgument(ctx, vertex, () => validator.place, fn, args, 1);
  if (wrong !== null) return wrong;
  const r = fn.call(ctx, [value, ...args], {
    call: validator.call,
    env: null,
    isValidator: true,
  });
  // A function without a result (uuid.Valid) says by an error alone that the value fails.
  if (r.tag === TAG_NULL || (r.tag === TAG_BOOL && r.value)) return null;
  const code = r.tag === TAG_BOTTOM ? r.code : 'eval';
  const why = r.tag === TAG_BOTTOM ? r.issues : [];
  const others = [validator.place, placeOf(value)].filter((p): p is Place => p !== null);
  const issue = {
    node: vertex,
    format: 'invalid value %v (does not satisfy %v)',
    args: [value, validator],
    place: validator.place,
    others,
    causes: why,
  };
  return new Bottom(code, [issue], vertex);
}
