/** Bounds: what two of them say together, and which kinds they allow. */
import type { Bottom } from '../bottom.ts';
import type { BoundOp } from '../compile/ir.ts';
import * as decimal from '../number/decimal.ts';
import * as number from '../number/number.ts';
import { compareText } from '../std/utf8.ts';
import { compareBytes, testOp } from './compare.ts';
import type { Evaluation } from './evaluation.ts';
import type { Kind } from './kind.ts';
import { FLOAT_KIND, INT_KIND, NULL_KIND, NUMBER_KIND, TOP_KIND } from './kind.ts';
import { TAG_BYTES, TAG_NULL, TAG_NUM, TAG_STRING } from './tag.ts';
import type { BoundValue, NumValue, Scalar } from './value.ts';

/** The kinds of values that `op value` can hold for. */
export function boundKind(op: BoundOp, value: Scalar): Kind {
  if ((value.kind & NUMBER_KIND) !== 0) return NUMBER_KIND;
  if (value.tag === TAG_NULL && op === '!=') return TOP_KIND & ~NULL_KIND;
  return value.kind;
}

/** 1 for lower bounds, -1 for upper ones; the others stand for themselves. */
function side(op: BoundOp): number {
  switch (op) {
    case '>':
    case '>=':
      return 1;
    case '<':
    case '<=':
      return -1;
    case '!=':
      return 0;
    case '=~':
      return 2;
    default:
      return 3;
  }
}

function stricter(op: BoundOp): '>=' | '>' | '<=' | '<' {
  switch (op) {
    case '>':
      return '>=';
    case '>=':
      return '>';
    case '<':
      return '<=';
    default:
      return '<';
  }
}

/**
 * One value for two bounds where there is one: the tighter bound, or an error when nothing lies between. Null keeps
 * both. `kind` are the kinds still possible: integers have gaps. Source: the spec's chapter on bounds, and the
 * behaviour of CUE 0.14, which does not replace `>=2 & <=2` by 2.
 */
export function simplifyBounds(
  ctx: Evaluation,
  kind: Kind,
  x: BoundValue,
  y: BoundValue,
): BoundValue | Bottom | null {
  const xs = side(x.op);
  const ys = side(y.op);
  if (xs === ys) {
    if (xs === 0 || xs > 1) return testOp(ctx, '==', x.value, y.value) ? x : null;
    return testOp(ctx, stricter(x.op), x.value, y.value) ? x : y;
  }
  if (xs === -ys && xs !== 0) {
    const lower = xs === 1 ? x : y;
    const upper = xs === 1 ? y : x;
    return isEmptyRange(kind, lower, upper) ? incompatible(ctx, kind, lower, upper) : null;
  }
  if (x.op === '!=' && ys !== 2 && ys !== 3) return testOp(ctx, y.op, x.value, y.value) ? null : y;
  if (y.op === '!=' && xs !== 2 && xs !== 3) return testOp(ctx, x.op, y.value, x.value) ? null : x;
  return null;
}

function incompatible(ctx: Evaluation, kind: Kind, lower: BoundValue, upper: BoundValue): Bottom {
  const what =
    lower.value.tag === TAG_STRING
      ? 'string'
      : lower.value.tag === TAG_BYTES
        ? 'bytes'
        : kind === INT_KIND
          ? 'integer'
          : 'number';
  return ctx.error('eval', null, `incompatible ${what} bounds %v and %v`, upper, lower);
}

function isEmptyRange(kind: Kind, lower: BoundValue, upper: BoundValue): boolean {
  const a = lower.value;
  const b = upper.value;
  const inclusive = lower.op === '>=' && upper.op === '<=';
  if (a.tag === TAG_STRING && b.tag === TAG_STRING) {
    const order = compareText(a.value, b.value);
    return order > 0 || (order === 0 && !inclusive);
  }
  if (a.tag === TAG_BYTES && b.tag === TAG_BYTES) {
    const order = compareBytes(a.value, b.value);
    return order > 0 || (order === 0 && !inclusive);
  }
  if (a.tag !== TAG_NUM || b.tag !== TAG_NUM) return false;
  if ((kind & FLOAT_KIND) !== 0) {
    const order = number.compare(a.value, b.value);
    return order > 0 || (order === 0 && !inclusive);
  }
  const lo = firstInt(a, lower.op);
  const hi = lastInt(b, upper.op);
  return lo !== null && hi !== null && lo > hi;
}

function wholePart(value: NumValue): { readonly whole: bigint; readonly rest: number } | null {
  const d = number.asDecimal(value.value);
  if (d.form !== 'finite') return null;
  if (d.exponent >= 0 && d.exponent > 1000) return null;
  const { whole, fraction } = decimal.split(d);
  const int = decimal.toBigint(whole);
  return int === null ? null : { whole: int, rest: decimal.sign(fraction) };
}

function firstInt(value: NumValue, op: BoundOp): bigint | null {
  const p = wholePart(value);
  if (p === null) return null;
  if (p.rest > 0) return p.whole + 1n;
  if (p.rest < 0) return p.whole;
  return op === '>' ? p.whole + 1n : p.whole;
}

function lastInt(value: NumValue, op: BoundOp): bigint | null {
  const p = wholePart(value);
  if (p === null) return null;
  if (p.rest > 0) return p.whole;
  if (p.rest < 0) return p.whole - 1n;
  return op === '<' ? p.whole - 1n : p.whole;
}
