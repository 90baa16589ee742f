/** The functions that are part of the language: `len`, `close`, `and`, `or`, `div` …, `error`. */
import { Bottom } from '../bottom.ts';
import type { Call, Interpolation } from '../compile/ir.ts';
import { DisjunctionExpr } from '../compile/ir.ts';
import { isNumberError } from '../number/decimal.ts';
import * as number from '../number/number.ts';
import { byteLength } from '../std/utf8.ts';
import { count, place } from './argument.ts';
import { describe } from './describe.ts';
import type { Evaluation } from './evaluation.ts';
import { evaluate, listElements, operandValue, unwrap } from './expr.ts';
import type { CallSite, EvaluatorFunction } from './function.ts';
import type { Kind } from './kind.ts';
import { BYTES_KIND, INT_KIND, kindName, LIST_KIND, STRING_KIND, STRUCT_KIND, TOP_KIND } from './kind.ts';
import { isRegular } from './label.ts';
import { inlineVertex } from './resolve.ts';
import {
  TAG_BOTTOM,
  TAG_BYTES,
  TAG_INTERPOLATION,
  TAG_LIST_MARKER,
  TAG_NUM,
  TAG_STRING,
  TAG_STRUCT_MARKER,
  TAG_VERTEX,
} from './tag.ts';
import type { Env, Value } from './value.ts';
import { ARC_MEMBER, Conjunction, kindOf, NumValue, TopValue, type Vertex } from './value.ts';

const LEN_KINDS = STRUCT_KIND | BYTES_KIND | STRING_KIND | LIST_KIND;

function lengthOf(ctx: Evaluation, [arg]: readonly Value[], site: CallSite): Value {
  const v = unwrap(arg!);
  if (v.tag === TAG_STRING) return new NumValue(place(site), BigInt(byteLength(v.value)));
  if (v.tag === TAG_BYTES) return new NumValue(place(site), BigInt(v.value.length));
  if (v.tag === TAG_VERTEX) {
    const { base, arcs } = v.deref();
    v.deref().isFrozen ||= base?.tag === TAG_STRUCT_MARKER;
    if (base !== null && base.tag === TAG_LIST_MARKER) {
      return new NumValue(place(site), BigInt(listElements(v.deref()).length));
    }
    if (base !== null && base.tag === TAG_STRUCT_MARKER) {
      const n = arcs.filter((a) => isRegular(a.label) && a.arcType === ARC_MEMBER).length;
      return new NumValue(place(site), BigInt(n));
    }
  }
  const kind = kindOf(v);
  if ((kind & LEN_KINDS) === 0)
    return ctx.error('eval', place(site), 'invalid argument type %v', kindName(kind));
  return ctx.error('incomplete', place(site), 'incomplete argument %v (type %v)', v, kindName(kind));
}

/** `close(x)`. What comes of a disjunction stays as open as it is. */
function closed(ctx: Evaluation, [arg]: readonly Value[], site: CallSite): Value {
  const v = unwrap(arg!);
  if (v.tag !== TAG_VERTEX) return ctx.error('eval', place(site), 'struct argument must be concrete');
  if (v.deref().isDisjunct) return v;
  // A vertex of its own that is defined by the argument, closed at this level.
  ctx.node();
  const w = inlineVertex(ctx, null, v);
  w.closedOnce = true;
  return w;
}

function conjunction(ctx: Evaluation, [arg]: readonly Value[], site: CallSite): Value {
  const list = elementsOf(ctx, arg!, site);
  if (list instanceof Bottom) return list;
  return list.length === 0 ? new TopValue(place(site)) : new Conjunction(list);
}

function disjunction(ctx: Evaluation, [arg]: readonly Value[], site: CallSite): Value {
  const list = elementsOf(ctx, arg!, site);
  if (list instanceof Bottom) return list;
  if (list.length === 0) return ctx.error('incomplete', place(site), 'empty list in call to or');
  const at = site.call!.place;
  const expr = new DisjunctionExpr(
    at,
    list.map((value) => ({ value, isDefault: false })),
  );
  return inlineVertex(ctx, site.env, expr);
}

function elementsOf(ctx: Evaluation, arg: Value, site: CallSite): readonly Vertex[] | Bottom {
  const v = unwrap(arg);
  if (v.tag === TAG_BOTTOM) return v;
  if (v.tag === TAG_VERTEX) {
    const base = v.deref().base;
    if (base !== null && base.tag === TAG_LIST_MARKER) return listElements(v.deref());
  }
  const kind = kindOf(v);
  if ((kind & LIST_KIND) !== 0) return ctx.error('incomplete', place(site), 'incomplete list: %v', v);
  return ctx.error('eval', place(site), 'cannot use %v (type %v) as list', v, kindName(kind));
}

function intFunction(name: number.IntOperator): EvaluatorFunction {
  return define(name, [INT_KIND, INT_KIND], INT_KIND, (ctx, [a, b], site) => {
    const x = count(ctx, a!, site);
    if (x instanceof Bottom) return x;
    const y = count(ctx, b!, site);
    if (y instanceof Bottom) return y;
    const r = number.intDivision(name, x, y);
    return isNumberError(r) ? ctx.error('eval', place(site), '%v', r.message) : new NumValue(place(site), r);
  });
}

/** `error("…")`: parts of an interpolation that have no value yet are shown as they are written. */
function userError(ctx: Evaluation, call: Call, env: Env): Value {
  const arg = call.args[0]!;
  if (arg.tag !== TAG_INTERPOLATION) {
    const v = operandValue(ctx, arg, env);
    if (ctx.blocked || v.tag === TAG_BOTTOM) return v;
    if (v.tag === TAG_STRING) return ctx.error('user', call.place, '%v', v.value);
    if (v.tag === TAG_NUM) return ctx.error('user', call.place, '%v', describe(v));
    const open = (kindOf(v) & STRING_KIND) !== 0;
    return ctx.error(open ? 'incomplete' : 'eval', call.place, 'cannot use %v as string', v);
  }
  return ctx.error('user', call.place, '%v', messageText(ctx, arg, env));
}

function messageText(ctx: Evaluation, x: Interpolation, env: Env): string {
  return x.parts
    .map((part) => {
      if (typeof part === 'string') return part;
      if (part instanceof Uint8Array) return '';
      const v = unwrap(evaluate(ctx, part, env));
      if (v.tag === TAG_STRING) return v.value;
      return v.tag === TAG_BOTTOM ? describe(part) : describe(v);
    })
    .join('');
}

type Body = (ctx: Evaluation, args: readonly Value[], site: CallSite) => Value;

export function define(
  name: string,
  params: readonly Kind[],
  result: Kind,
  call: Body,
  takesOpen = false,
): EvaluatorFunction {
  return { name, paramKinds: params, defaults: params.map(() => null), resultKind: result, takesOpen, call };
}

/** The language's functions by name. */
export const LANGUAGE_FUNCTIONS: ReadonlyMap<string, EvaluatorFunction> = new Map(
  [
    define('len', [LEN_KINDS], INT_KIND, lengthOf),
    define('close', [STRUCT_KIND], STRUCT_KIND, closed),
    define('and', [LIST_KIND], TOP_KIND, conjunction),
    define('or', [LIST_KIND], TOP_KIND, disjunction, true),
    intFunction('div'),
    intFunction('mod'),
    intFunction('quo'),
    intFunction('rem'),
    { ...define('error', [STRING_KIND], TOP_KIND, (_ctx, [v]) => v!), raw: userError },
  ].map((fn) => [fn.name, fn]),
);
