/** Evaluating expressions to values. An error is a value too: a bottom. */
import { Bottom, isIncomplete } from '../bottom.ts';
import type { Binary, BoundExpr, Expr, Interpolation, Resolver, Slice, Unary } from '../compile/ir.ts';
import { Binary as BinaryClass } from '../compile/ir.ts';
import * as number from '../number/number.ts';
import { decodeUtf8, encodeUtf8 } from '../std/utf8.ts';
import { boundKind } from './bounds.ts';
import { evaluateCall } from './call.ts';
import { binaryOp } from './compare.ts';
import { hasAncestor } from './cycle.ts';
import type { Evaluation } from './evaluation.ts';
import {
  BOOL_KIND,
  COMPOSITE_KIND,
  kindName,
  LIST_KIND,
  NUMBER_KIND,
  SCALAR_KINDS,
  STRING_KIND,
} from './kind.ts';
import { labelName } from './label.ts';

import { isLiteral } from './literal.ts';
import { complete, finalize, writtenScalar } from './process.ts';

import { defaulted, envAt, exprPlace, inlineVertex, resolve, underEvaluation } from './resolve.ts';
import {
  LAST_RESOLVER,
  LAST_SCALAR,
  LAST_VALUE,
  TAG_AND,
  TAG_BINARY,
  TAG_BOOL,
  TAG_BOTTOM,
  TAG_BOUND_EXPR,
  TAG_BYTES,
  TAG_CALL,
  TAG_DISJUNCTION,
  TAG_DISJUNCTION_EXPR,
  TAG_FIELD_REF,
  TAG_INTERPOLATION,
  TAG_KEY_REF,
  TAG_LABEL_REF,
  TAG_LIST,
  TAG_LIST_MARKER,
  TAG_NULL,
  TAG_NUM,
  TAG_SLICE,
  TAG_STRING,
  TAG_STRUCT,
  TAG_UNARY,
  TAG_VERTEX,
} from './tag.ts';
import { validate } from './validate.ts';
import { typeOf } from './validate-value.ts';
import type { Env, Scalar, Value, Vertex } from './value.ts';
import {
  ARC_MEMBER,
  ARC_PENDING,
  BoolValue,
  BoundValue,
  BytesValue,
  CLOSED_LIST,
  Disjunction,
  FINALIZED,
  kindOf,
  ListMarker,
  NODE_DONE,
  NumValue,
  StringValue,
  StructMarker,
  TopValue,
  TypeValue,
  Vertex as VertexClass,
} from './value.ts';

/** Evaluates to a value; structs, lists and disjunctions come as their vertex, complete but not finalized. */
export function evaluate(ctx: Evaluation, x: Expr, env: Env): Value {
  ctx.step();
  const tag = x.tag;
  if (tag <= LAST_VALUE) {
    const v = x as Value;
    return v instanceof VertexClass ? vertexValue(ctx, v, x) : v;
  }
  if (tag <= LAST_RESOLVER) {
    const v = resolve(ctx, x as Resolver, env);
    return v instanceof VertexClass ? vertexValue(ctx, v, x) : v;
  }
  switch (x.tag) {
    case TAG_INTERPOLATION:
      return interpolate(ctx, x, env);
    case TAG_BINARY:
      return evaluateBinary(ctx, x, env);
    case TAG_UNARY:
      return evaluateUnary(ctx, x, env);
    case TAG_BOUND_EXPR:
      return evaluateBound(ctx, x, env);
    case TAG_CALL:
      return evaluateCall(ctx, x, env);
    case TAG_KEY_REF:
      return keyValue(envAt(env, x.up));
    case TAG_LABEL_REF: {
      const label = envAt(env, x.up).label;
      if (label === null) return new TypeValue(x.place, STRING_KIND);
      return typeof label === 'number'
        ? new NumValue(x.place, BigInt(label))
        : new StringValue(x.place, labelName(label));
    }
    case TAG_SLICE:
      return evaluateSlice(ctx, x, env);
    case TAG_AND:
    case TAG_DISJUNCTION_EXPR:
    case TAG_STRUCT:
    case TAG_LIST:
      return inlineValue(ctx, x, env);
    default:
      // Values and references were handled above.
      throw new Error(`unexpected expression ${tag}`);
  }
}

/** What such an operand weighs in the depth budget. */
export const INLINE = 4;

/** The value of a struct, list or unification written as an operand. One that needs itself says nothing. */
function inlineValue(ctx: Evaluation, x: Expr, env: Env): Value {
  if (isInlineRunning(ctx, x, env)) return new TopValue(exprPlace(x));
  ctx.inlines.push({ expr: x, env });
  ctx.enter(INLINE);
  const v = vertexValue(ctx, inlineVertex(ctx, env, x), x);
  ctx.leave(INLINE);
  ctx.inlines.pop();
  return v;
}

export function isInlineRunning({ inlines }: Evaluation, x: Expr, env: Env): boolean {
  for (let i = inlines.length - 1; i >= 0; i--) {
    const r = inlines[i]!;
    if (r.expr === x && r.env.vertex === env.vertex && r.env.up === env.up && r.env.bound === env.bound)
      return true;
  }
  return false;
}

function keyValue(env: Env): Value {
  const label = env.label!;
  // The key of a loop is asked for again and again.
  env.key ??=
    typeof label === 'number' ? new NumValue(null, BigInt(label)) : new StringValue(null, labelName(label));
  return env.key;
}

/** The value of a vertex as an operand sees it. */
export function vertexValue(ctx: Evaluation, v: Vertex, x: Expr): Value {
  let done = true;
  if (v.status < NODE_DONE) {
    const { demand } = ctx;
    ctx.demand = x;
    done = complete(ctx, v);
    ctx.demand = demand;
  }
  const w = v.deref();
  if (!done || w.status < NODE_DONE) {
    const n = w.state;
    if (n !== null) {
      if (n.errors !== null && !isIncomplete(n.errors)) return n.errors;
      if (n.scalar !== null) return n.scalar;
      if (n.isSureStruct || n.hasStruct || n.isList || n.kind === LIST_KIND) return w;
    }
    if (!ctx.final) ctx.blocked = true;
    // Something else is said of the field as well.
    const isTyped = n !== null && (n.hasTop || n.kindExpr !== null);
    return ctx.error(isTyped ? 'incomplete' : 'cycle', exprPlace(x), 'cycle with field: %v', x);
  }
  const base = w.base;
  return base instanceof Bottom ? base : w;
}

/** Evaluates, takes the default and unwraps: a scalar, a type, a bottom, or the vertex of a struct or list. */
export function operandValue(ctx: Evaluation, x: Expr, env: Env): Value {
  return settled(ctx, evaluate(ctx, x, env), x);
}

/** The value `v` of `x`; of a field that is asked for while it is worked out, the type that is known so far. */
export function openValue(ctx: Evaluation, v: Value, x: Expr, env: Env): Value {
  if (ctx.blocked || !(v instanceof Bottom) || !isIncomplete(v)) return v;
  const at = underEvaluation(ctx, x, env);
  if (at === null) return v;
  return at.state === null ? new TopValue(exprPlace(x)) : typeOf(ctx, at.state);
}

/**
 * As `operandValue`, for operands of which only a scalar is wanted: where a literal among the conjuncts tells it,
 * nobody asks whether bounds, disjunctions and references beside it agree. That is the field's own affair.
 */
export function scalarOperand(ctx: Evaluation, x: Expr, env: Env): Value {
  if (x.tag > LAST_RESOLVER || x.tag < TAG_FIELD_REF) return operandValue(ctx, x, env);
  ctx.step();
  // The tag says that it is a reference.
  const v = resolve(ctx, x as Resolver, env);
  if (!(v instanceof VertexClass)) return v instanceof Disjunction ? settled(ctx, v, x) : v;
  if (v.status < NODE_DONE) {
    const known = v.conjuncts.length > 1 ? writtenScalar(ctx, v) : null;
    if (known !== null) return known;
  } else {
    const { base } = v;
    // A tag of a scalar.
    if (base !== null && base.tag <= LAST_SCALAR) return base as Scalar;
  }
  return settled(ctx, vertexValue(ctx, v, x), x);
}

function settled(ctx: Evaluation, v: Value, x: Expr): Value {
  if (v instanceof VertexClass) {
    const w = v.deref();
    const { base } = w;
    if (base === null || base instanceof StructMarker || base instanceof ListMarker) return w;
    if (!(base instanceof Disjunction)) return unwrap(w);
  } else if (!(v instanceof Disjunction)) return v;
  return unwrap(defaulted(ctx, v, x));
}

export function unwrap(v: Value): Value {
  if (!(v instanceof VertexClass)) return v;
  const w = v.deref();
  const { base } = w;
  if (base === null || base instanceof StructMarker || base instanceof ListMarker) return w;
  return base instanceof VertexClass ? w : base;
}

/** A scalar, a struct, a list: something operators can work with. */
export function isConcrete(v: Value): boolean {
  const { tag } = v instanceof VertexClass ? (v.deref().base ?? v) : v;
  // The markers of structs and lists come behind bottom, and then vertices whose value is not known yet.
  return tag <= LAST_SCALAR || tag >= TAG_BOTTOM;
}

function concrete(ctx: Evaluation, x: Expr, env: Env, op: string): Value {
  const v = scalarOperand(ctx, x, env);
  if (isConcrete(v)) return v;
  return ctx.error('incomplete', exprPlace(x), 'non-concrete value %v in operand to %v', v, op);
}

export function worse(a: Value, b: Value): Bottom | null {
  if (!(a instanceof Bottom)) return b instanceof Bottom ? b : null;
  if (!(b instanceof Bottom)) return a;
  return isIncomplete(a) && !isIncomplete(b) ? b : a;
}

/** A chain of operators leans to the left and may be long, so it is worked off from its innermost operand. */
function evaluateBinary(ctx: Evaluation, x: Binary, env: Env): Value {
  if (!(x.left instanceof BinaryClass)) return operate(ctx, x, env, null);
  const chain: Binary[] = [];
  let at: Expr = x;
  while (at.tag === TAG_BINARY) {
    chain.push(at);
    if (at.tested !== null) break;
    at = at.left;
  }
  let value: Value | null = null;
  for (let i = chain.length - 1; i >= 0; i--) {
    value = operate(ctx, chain[i]!, env, value);
    if (ctx.blocked) return value;
  }
  return value!;
}

/** One operator; `known` is its left operand if that has been worked out. */
function operate(ctx: Evaluation, x: Binary, env: Env, known: Value | null): Value {
  if (known === null && x.tested !== null) return testBottom(ctx, x.tested, env, x);
  ctx.enter();
  const left = known ?? concrete(ctx, x.left, env, x.op);
  const right = ctx.blocked ? left : concrete(ctx, x.right, env, x.op);
  ctx.leave();
  if (ctx.blocked) return left;
  const bad = worse(left, right);
  if (bad !== null) return bad;
  if (left instanceof VertexClass || right instanceof VertexClass) {
    const open = finishOperand(ctx, left, x, 'left') ?? finishOperand(ctx, right, x, 'right');
    if (open !== null) return open;
  }
  return binaryOp(ctx, x.place, x.op, left, right);
}

/** Lists are compared whole, so their elements have to be known. */
function finishOperand(ctx: Evaluation, v: Value, x: Binary, side: 'left' | 'right'): Bottom | null {
  if (v.tag !== TAG_VERTEX) return null;
  if (!finalize(ctx, v) && !ctx.final) ctx.blocked = true;
  const open = validate(ctx, v, { concrete: true });
  if (open === null) return null;
  return ctx.error(
    open.code,
    x.place,
    `invalid ${side}-hand value to '%v' (type %v)`,
    x.op,
    kindName(kindOf(v)),
  );
}

/**
 * `x == _|_` and `x != _|_`: whether x is an error, absent, or a plain type. The oddities are CUE 0.14's: `_` and
 * undecided disjunctions count as values, `int` does not; an error anywhere inside counts as one.
 */
function testBottom(ctx: Evaluation, x: Expr, env: Env, whole: Binary): Value {
  const { demand } = ctx;
  ctx.demand = x;
  const isError = isUndefined(ctx, x, env);
  ctx.demand = demand;
  if (typeof isError !== 'boolean') return isError;
  return new BoolValue(whole.place, isError === (whole.op === '=='));
}

function isUndefined(ctx: Evaluation, x: Expr, env: Env): boolean | Bottom {
  ctx.inTest++;
  let v = evaluate(ctx, x, env);
  ctx.inTest--;
  if (ctx.blocked) return ctx.error('cycle', exprPlace(x), 'cycle');
  if (v instanceof Bottom) return v.code === 'cycle' ? v : true;
  const vertex = v instanceof VertexClass ? v : null;
  v = unwrap(defaulted(ctx, v, x));
  // An undecided disjunction is looked at as it is.
  if (v instanceof Bottom) return vertex !== null ? disjunctionIsUndefined(ctx, vertex) : true;
  if (v instanceof VertexClass) return compositeIsUndefined(ctx, v);
  if (v.tag <= LAST_SCALAR) return false;
  const kind = kindOf(v);
  return (kind & COMPOSITE_KIND) === 0 || vertex === null
    ? !isTopLike(v)
    : vertex.arcType === ARC_PENDING || !isTopLike(v);
}

function isTopLike(v: Value): boolean {
  return (kindOf(v) & COMPOSITE_KIND) !== 0;
}

function disjunctionIsUndefined(ctx: Evaluation, v: Vertex): boolean {
  const w = v.deref();
  if (w.base !== null && w.base.tag === TAG_DISJUNCTION) return false;
  finalize(ctx, w);
  return w.bottom !== null;
}

function compositeIsUndefined(ctx: Evaluation, v: Vertex): boolean | Bottom {
  const w = v.deref();
  const n = w.state;
  if (
    w.status !== FINALIZED &&
    (n !== null || isLiteral(w)) &&
    (w.isFinalizing || (ctx.current?.state && hasAncestor(ctx.current, w)))
  ) {
    // The struct tests itself: it is not there yet.
    return w.status < NODE_DONE || w.isFinalizing ? true : w.bottom !== null;
  }
  if (!finalize(ctx, w) && !ctx.final) {
    ctx.blocked = true;
    return ctx.error('cycle', null, 'cycle');
  }
  const b = w.bottom;
  return b !== null && !isIncomplete(b);
}

function evaluateUnary(ctx: Evaluation, x: Unary, env: Env): Value {
  const { operand } = x;
  if ((operand.tag > LAST_SCALAR && operand.tag < TAG_BOTTOM) || operand.tag === TAG_BOUND_EXPR) {
    const error = ctx.error('eval', null, "invalid operand %v ('%v' requires concrete value)", operand, x.op);
    const others = 'place' in operand && operand.place !== null ? [operand.place] : [];
    return new Bottom('eval', [{ ...error.issues[0]!, others }], error.node);
  }
  const v = scalarOperand(ctx, x.operand, env);
  if (ctx.blocked || v.tag === TAG_BOTTOM) return v;
  if (x.op === '!') {
    if (v.tag === TAG_BOOL) return new BoolValue(x.place, !v.value);
  } else if (v.tag === TAG_NUM) {
    return x.op === '-' ? new NumValue(x.place, number.neg(v.value)) : v;
  }
  const kind = kindOf(v);
  const wanted = x.op === '!' ? BOOL_KIND : NUMBER_KIND;
  if ((kind & wanted) !== 0) {
    return ctx.error(
      'incomplete',
      exprPlace(x.operand),
      "operand %v of '%v' not concrete (was %v)",
      x.operand,
      x.op,
      kindName(kind),
    );
  }
  return ctx.error('eval', x.place, 'invalid operation %v (%v %v)', x, x.op, kindName(kind));
}

function evaluateBound(ctx: Evaluation, x: BoundExpr, env: Env): Value {
  const v = scalarOperand(ctx, x.operand, env);
  if (ctx.blocked || v.tag === TAG_BOTTOM) return v;
  if (v.tag <= LAST_SCALAR) {
    // A tag of a scalar.
    const s = v as Scalar;
    if (s.tag === TAG_NULL && x.op !== '!=') {
      return ctx.error('eval', x.place, 'cannot use null for bound %v', x.op);
    }
    const isMatch = x.op === '=~' || x.op === '!~';
    if (s.tag === TAG_BOOL || (isMatch && s.tag !== TAG_STRING && s.tag !== TAG_BYTES)) {
      return ctx.error('eval', x.place, 'invalid value %v (type %v) for bound %v', s, kindName(s.kind), x.op);
    }
    return new BoundValue(x.place, x.op, s, boundKind(x.op, s));
  }
  if (v.tag === TAG_VERTEX) return ctx.error('eval', x.place, 'cannot use %v for bound %v', v, x.op);
  return ctx.error('incomplete', x.place, 'non-concrete value %v for bound %v', v, x.op);
}

function interpolate(ctx: Evaluation, x: Interpolation, env: Env): Value {
  let text = '';
  const pieces: Uint8Array[] = [];
  let bad: Bottom | null = null;
  let size = 0;
  for (const part of x.parts) {
    let piece: string | Uint8Array | Bottom;
    if (typeof part === 'string' || part instanceof Uint8Array) piece = part;
    else {
      const v = scalarOperand(ctx, part, env);
      if (ctx.blocked) return v;
      piece = textOf(ctx, v, part);
      if (piece instanceof Bottom) {
        bad = bad === null ? piece : worse(bad, piece);
        continue;
      }
    }
    size += piece.length;
    if (x.isBytes) pieces.push(typeof piece === 'string' ? encodeUtf8(piece) : piece);
    else text += typeof piece === 'string' ? piece : decodeUtf8(piece);
  }
  if (bad !== null) return invalidInterpolation(ctx, x, bad);
  ctx.charge(size);
  return x.isBytes ? new BytesValue(x.place, joined(pieces)) : new StringValue(x.place, text);
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((n, piece) => n + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

function invalidInterpolation(ctx: Evaluation, x: Interpolation, cause: Bottom): Bottom {
  const first = cause.issues[0];
  if (first === undefined) return cause;
  const issue = {
    ...first,
    format: `invalid interpolation: ${first.format}`,
    others: [x.place, ...first.others],
  };
  return new Bottom(cause.code, [issue, ...cause.issues.slice(1)], ctx.current);
}

function textOf(ctx: Evaluation, v: Value, x: Expr): string | Uint8Array | Bottom {
  switch (v.tag) {
    case TAG_STRING:
    case TAG_BYTES:
      return v.value;
    case TAG_NUM:
      return number.formatNumber(v.value);
    case TAG_BOOL:
      return v.value ? 'true' : 'false';
    case TAG_BOTTOM:
      return v;
    default: {
      const kind = kindOf(v);
      if (v.tag !== TAG_VERTEX && v.tag !== TAG_NULL && (kind & SCALAR_KINDS) !== 0) {
        return ctx.error('incomplete', exprPlace(x), 'non-concrete value %v (type %v)', v, kindName(kind));
      }
      return ctx.error(
        'eval',
        exprPlace(x),
        'cannot use %v (type %v) as type %v',
        v,
        kindName(kind),
        '(bool|string|bytes|number)',
      );
    }
  }
}

function bound(ctx: Evaluation, x: Expr | null, env: Env, otherwise: number): number | Bottom {
  if (x === null) return otherwise;
  const v = operandValue(ctx, x, env);
  if (v.tag === TAG_BOTTOM) return v;
  if (v.tag !== TAG_NUM) {
    const code =
      v.tag > LAST_SCALAR && v.tag !== TAG_VERTEX && (kindOf(v) & NUMBER_KIND) !== 0 ? 'incomplete' : 'eval';
    return ctx.error(
      code,
      exprPlace(x),
      'cannot use %v (type %v) as type int in slice index',
      v,
      kindName(kindOf(v)),
    );
  }
  const n = number.asInt(v.value);
  if (n === null || n < 0n) return ctx.error('eval', exprPlace(x), 'cannot use %v as slice index', v);
  return n > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(n);
}

function evaluateSlice(ctx: Evaluation, x: Slice, env: Env): Value {
  const v = openValue(ctx, operandValue(ctx, x.operand, env), x.operand, env);
  if (ctx.blocked || v.tag === TAG_BOTTOM) return v;
  const base = v.tag === TAG_VERTEX ? v.deref().base : null;
  const isList = base !== null && base.tag === TAG_LIST_MARKER;
  if (!isList && v.tag !== TAG_BYTES) {
    return ctx.error('eval', x.place, 'cannot slice %v (type %v)', v, kindName(kindOf(v)));
  }
  const elements = v.tag === TAG_VERTEX ? listElements(v.deref()) : [];
  const length = v.tag === TAG_BYTES ? v.value.length : elements.length;
  const lo = bound(ctx, x.low, env, 0);
  const hi = bound(ctx, x.high, env, length);
  if (lo instanceof Bottom) return lo;
  if (hi instanceof Bottom) return hi;
  if (hi > length) return ctx.error('eval', x.place, 'index %v out of range', hi);
  if (lo > hi) return ctx.error('eval', x.place, 'invalid slice index: %v > %v', lo, hi);
  if (v.tag === TAG_BYTES) return new BytesValue(x.place, v.value.slice(lo, hi));
  return listOf(ctx, elements.slice(lo, hi));
}

export function listElements(v: Vertex): readonly Vertex[] {
  const { arcs } = v;
  for (let i = 0; i < arcs.length; i++) if (!isElement(arcs[i]!)) return arcs.filter(isElement);
  return arcs;
}

function isElement(arc: Vertex): boolean {
  return typeof arc.label === 'number' && arc.arcType === ARC_MEMBER;
}

/** A new closed list whose elements are given values. */
export function listOf(ctx: Evaluation, elements: readonly Value[]): Vertex {
  ctx.node();
  const list = new VertexClass('', null, ARC_MEMBER);
  list.isInline = true;
  list.base = CLOSED_LIST;
  elements.forEach((e, i) => {
    ctx.node();
    const arc = new VertexClass(i, list, ARC_MEMBER);
    if (e.tag === TAG_VERTEX) {
      arc.base = e;
      arc.isShared = true;
      arc.status = e.status;
    } else {
      arc.base = e;
      arc.status = NODE_DONE;
    }
    list.addArc(arc);
  });
  list.status = NODE_DONE;
  return list;
}
