/** Comparing concrete values, and the operators on them. */
import type { Bottom } from '../bottom.ts';
import type { ArithmeticOp, Place } from '../compile/ir.ts';
import { isNumberError } from '../number/decimal.ts';
import type { CueNumber } from '../number/number.ts';
import * as number from '../number/number.ts';
import { isBuiltinError } from '../std/builtin.ts';
import { compareText } from '../std/utf8.ts';
import { equal } from './equal.ts';
import type { Evaluation } from './evaluation.ts';
import { kindName, LIST_KIND } from './kind.ts';
import { TAG_BOOL, TAG_BYTES, TAG_NULL, TAG_NUM, TAG_STRING, TAG_VERTEX } from './tag.ts';
import type { Value } from './value.ts';
import { BoolValue, BytesValue, kindOf, NumValue, StringValue } from './value.ts';

export function compareBytes(a: Uint8Array, b: Uint8Array): -1 | 0 | 1 {
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i++) {
    if (a[i] !== b[i]) return a[i]! < b[i]! ? -1 : 1;
  }
  return a.length === b.length ? 0 : a.length < b.length ? -1 : 1;
}

function holds(op: ArithmeticOp, order: number): boolean {
  switch (op) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '==':
      return order === 0;
    case '!=':
      return order !== 0;
    case '>=':
      return order >= 0;
    default:
      return order > 0;
  }
}

/** `a op b` for concrete operands; null where the operator has no meaning for them. */
function compareOp(ctx: Evaluation, op: ArithmeticOp, a: Value, b: Value): boolean | null {
  const equality = op === '==' || op === '!=';
  if (a instanceof NumValue && b instanceof NumValue) return holds(op, number.compare(a.value, b.value));
  if (a instanceof StringValue && b instanceof StringValue) {
    if (equality) return (a.value === b.value) === (op === '==');
    return holds(op, compareText(a.value, b.value));
  }
  if (a.tag === TAG_BYTES && b.tag === TAG_BYTES) return holds(op, compareBytes(a.value, b.value));
  if (!equality) return null;
  if (a.tag === TAG_NULL || b.tag === TAG_NULL) return (a.tag === b.tag) === (op === '==');
  if (a.tag === TAG_BOOL && b.tag === TAG_BOOL) return (a.value === b.value) === (op === '==');
  if (a.tag === TAG_VERTEX && b.tag === TAG_VERTEX && kindOf(a) === LIST_KIND && kindOf(b) === LIST_KIND) {
    return equal(ctx, a, b, false) === (op === '==');
  }
  return null;
}

/** Whether `a op b` holds; operands that do not compare do not hold. */
export function testOp(ctx: Evaluation, op: ArithmeticOp, a: Value, b: Value): boolean {
  const r = binaryOp(ctx, null, op, a, b);
  return r.tag === TAG_BOOL && r.value;
}

function arithmetic(
  op: ArithmeticOp,
  a: CueNumber,
  b: CueNumber,
): CueNumber | { readonly message: string } | null {
  switch (op) {
    case '+':
      return number.add(a, b);
    case '-':
      return number.sub(a, b);
    case '*':
      return number.mul(a, b);
    case '/':
      return number.quo(a, b);
    case 'div':
    case 'mod':
    case 'quo':
    case 'rem': {
      const x = number.asInt(a);
      const y = number.asInt(b);
      return x === null || y === null ? null : number.intDivision(op, x, y);
    }
    default:
      return null;
  }
}

function concatBytes(a: Uint8Array, b: Uint8Array): Uint8Array {
  const out = new Uint8Array(a.length + b.length);
  out.set(a);
  out.set(b, a.length);
  return out;
}

function repeat(ctx: Evaluation, place: Place | null, a: Value, count: NumValue): Value | null {
  const n = number.asInt(count.value);
  if (n === null) return null;
  if (n < 0n) {
    return ctx.error('eval', place, 'cannot convert number to uint64: cannot use %v as uint64', count);
  }
  if (a.tag === TAG_STRING) {
    const total = Number(n) * a.value.length;
    ctx.charge(Math.min(total, Number.MAX_SAFE_INTEGER));
    return new StringValue(place, a.value.repeat(Number(n)));
  }
  if (a.tag === TAG_BYTES) {
    ctx.charge(Number(n) * a.value.length);
    const out = new Uint8Array(Number(n) * a.value.length);
    for (let i = 0; i < Number(n); i++) out.set(a.value, i * a.value.length);
    return new BytesValue(place, out);
  }
  return null;
}

function addOrMultiply(
  ctx: Evaluation,
  place: Place | null,
  op: ArithmeticOp,
  a: Value,
  b: Value,
): Value | null {
  if (op === '+') {
    if (a.tag === TAG_STRING && b.tag === TAG_STRING) {
      ctx.charge(a.value.length + b.value.length);
      return new StringValue(place, a.value + b.value);
    }
    if (a.tag === TAG_BYTES && b.tag === TAG_BYTES) {
      ctx.charge(a.value.length + b.value.length);
      return new BytesValue(place, concatBytes(a.value, b.value));
    }
    if (kindOf(a) === LIST_KIND && kindOf(b) === LIST_KIND) {
      return ctx.error(
        'eval',
        place,
        'Addition of lists is superseded by list.Concat; see https://cuelang.org/e/v0.11-list-arithmetic',
      );
    }
  }
  if (op === '*') {
    if (b.tag === TAG_NUM && (a.tag === TAG_STRING || a.tag === TAG_BYTES)) return repeat(ctx, place, a, b);
    if (a.tag === TAG_NUM && (b.tag === TAG_STRING || b.tag === TAG_BYTES)) return repeat(ctx, place, b, a);
    if (kindOf(a) === LIST_KIND || kindOf(b) === LIST_KIND) {
      if (a.tag === TAG_NUM || b.tag === TAG_NUM) {
        return ctx.error(
          'eval',
          place,
          'Multiplication of lists is superseded by list.Repeat; see https://cuelang.org/e/v0.11-list-arithmetic',
        );
      }
    }
  }
  return null;
}

function matchOp(ctx: Evaluation, place: Place | null, op: ArithmeticOp, a: Value, b: Value): Value | null {
  if (b.tag !== TAG_STRING && b.tag !== TAG_BYTES) return null;
  const pattern = typeof b.value === 'string' ? b.value : latin(b.value);
  if (a.tag !== TAG_STRING) {
    return ctx.error(
      'eval',
      place,
      'cannot use %v (type %v) as type string in %v',
      a,
      kindName(kindOf(a)),
      op,
    );
  }
  const re = ctx.compileRegexp(pattern);
  if (isBuiltinError(re)) return ctx.error('eval', place, 'invalid regexp: %v', re.message);
  return new BoolValue(place, re.test(a.value) === (op === '=~'));
}

function latin(bytes: Uint8Array): string {
  let s = '';
  for (const b of bytes) s += String.fromCharCode(b);
  return s;
}

/**
 * A binary operator on concrete operands. Errors: operands of kinds the operator does not know, division by zero,
 * a pattern that is no regular expression.
 */
export function binaryOp(ctx: Evaluation, place: Place | null, op: ArithmeticOp, a: Value, b: Value): Value {
  switch (op) {
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=': {
      const r = compareOp(ctx, op, a, b);
      if (r !== null) return new BoolValue(place, r);
      break;
    }
    case '&&':
    case '||': {
      // What decides alone asks nothing of the right operand.
      const isDecided = a instanceof BoolValue && a.value === (op === '||');
      if (isDecided) return new BoolValue(place, a.value);
      const bad = a instanceof BoolValue ? b : a;
      if (bad instanceof BoolValue) return new BoolValue(place, bad.value);
      const format = 'cannot use %v (type %v) as type bool in %v';
      return ctx.error('eval', place, format, bad, kindName(kindOf(bad)), op);
    }
    case '=~':
    case '!~': {
      const r = matchOp(ctx, place, op, a, b);
      if (r !== null) return r;
      break;
    }
    default: {
      if (a.tag === TAG_NUM && b.tag === TAG_NUM) {
        const r = arithmetic(op, a.value, b.value);
        if (r === null) break;
        if (isNumberError(r)) return arithmeticError(ctx, place, r.message);
        // A number error is told apart above; what is left is a number.
        return new NumValue(place, r as CueNumber);
      }
      const r = addOrMultiply(ctx, place, op, a, b);
      if (r !== null) return r;
    }
  }
  return ctx.error(
    'eval',
    place,
    "invalid operands %v and %v to '%v' (type %v and %v)",
    a,
    b,
    op,
    kindName(kindOf(a)),
    kindName(kindOf(b)),
  );
}

function arithmeticError(ctx: Evaluation, place: Place | null, message: string): Bottom {
  return ctx.error('eval', place, '%v', message);
}
