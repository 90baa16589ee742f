/** Unifying simple values: kinds, scalars, bounds and validators of one vertex narrow each other. */

import { Bottom, combineErrors } from '../bottom.ts';
import type { Expr, Place } from '../compile/ir.ts';
import { simplifyBounds } from './bounds.ts';
import { noteFlags } from './closed.ts';
import { testOp } from './compare.ts';
import { scheduleDisjunction } from './disjunction.ts';
import { equal } from './equal.ts';
import type { Evaluation } from './evaluation.ts';
import type { Kind } from './kind.ts';
import { COMPOSITE_KIND, kindName, TOP_KIND } from './kind.ts';
import { scheduleConjunct, scheduleVertex } from './schedule.ts';
import type { Check, NodeState } from './state.ts';
import { FLAG_OPEN_VALIDATOR, FLAG_TOP, pushed } from './state.ts';
import {
  TAG_BOTTOM,
  TAG_BOUND,
  TAG_BUILTIN,
  TAG_CONJUNCTION,
  TAG_DISJUNCTION,
  TAG_NULL,
  TAG_TOP,
  TAG_TYPE,
  TAG_VALIDATOR,
} from './tag.ts';
import type { BoundValue, CloseInfo, Scalar, SimpleValue, Value } from './value.ts';
import { CYCLIC, kindOf, ValidatorValue } from './value.ts';

/** Something that is no cycle has arrived: conjuncts that were put off for want of it may go in. */
export function markCycleFree(ctx: Evaluation, n: NodeState, info: CloseInfo): void {
  if (info.cycle === CYCLIC) return;
  n.hasNonCycle = true;
  if (n.cyclicConjuncts.length === 0) return;
  const waiting = n.cyclicConjuncts;
  n.cyclicConjuncts = [];
  for (const { conjunct, arc } of waiting) {
    scheduleVertex(ctx, n, conjunct.expr, arc, conjunct.info, conjunct.env);
  }
}

export function addError(n: NodeState, error: Bottom): void {
  n.errors = combineErrors(n.errors, ownError(error));
}

/** An error as the vertex' own: no longer that of somebody else's field. */
export function ownError(error: Bottom): Bottom {
  return error.childError ? new Bottom(error.code, error.issues, error.node) : error;
}

function placeOf(x: Expr | null): Place | null {
  return x !== null && 'place' in x ? x.place : null;
}

/** Two conjuncts that no value can satisfy. */
export function conflict(n: NodeState, a: Expr, b: Expr, kinds: readonly [Kind, Kind]): Bottom {
  const others = [placeOf(a), placeOf(b)].filter((p): p is Place => p !== null);
  const [ak, bk] = kinds;
  const types = ak === bk ? '' : ' (mismatched types %v and %v)';
  const format = `conflicting values %v and %v${types}`;
  const issue = { node: n.vertex, format, args: [a, b, kindName(ak), kindName(bk)], place: null, others };
  return new Bottom('eval', [issue], n.vertex);
}

/** Narrows the kinds the vertex may be; false when nothing is left. */
export function updateKind(ctx: Evaluation, n: NodeState, kind: Kind, expr: Expr | null): boolean {
  const narrowed = n.kind & kind;
  if (n.kind === 0 || kind === 0) return false;
  if (narrowed === 0) {
    if (n.kindExpr !== null && expr !== null) addError(n, conflict(n, n.kindExpr, expr, [n.kind, kind]));
    else {
      addError(
        n,
        ctx.errorAt(
          n.vertex,
          'eval',
          null,
          'conflicting value %v (mismatched types %v and %v)',
          expr,
          kindName(n.kind),
          kindName(kind),
        ),
      );
    }
  }
  if (n.kind !== narrowed || n.kindExpr === null) n.kindExpr = expr;
  n.kind = narrowed;
  return narrowed !== 0;
}

/** Unifies a simple value into the vertex. */
export function insertValue(ctx: Evaluation, n: NodeState, value: SimpleValue, info: CloseInfo): void {
  switch (value.tag) {
    case TAG_BOTTOM:
      addError(n, value);
      return;
    case TAG_BUILTIN:
      if (value.fn.paramKinds.length === 1 && isValidatorResult(value.fn.resultKind)) {
        insertCheck(ctx, n, new ValidatorValue(value.place, value.fn, [], null), info);
        return;
      }
      break;
    case TAG_CONJUNCTION:
      for (const v of value.values) scheduleConjunct(ctx, n, null, v, info);
      return;
    case TAG_DISJUNCTION:
      markCycleFree(ctx, n, info);
      scheduleDisjunction(n, null, value, info.optional());
      return;
    case TAG_TOP:
      markCycleFree(ctx, n, info);
      n.hasTop = true;
      noteFlags(n, info, FLAG_TOP);
      return;
    default:
  }
  if (!updateKind(ctx, n, kindOf(value), value)) return;
  switch (value.tag) {
    case TAG_TYPE:
      markCycleFree(ctx, n, info);
      noteFlags(n, info, FLAG_TOP);
      return;
    case TAG_BOUND:
      markCycleFree(ctx, n, info);
      insertBound(ctx, n, value);
      return;
    case TAG_VALIDATOR:
      insertCheck(ctx, n, value, info);
      return;
    case TAG_BUILTIN:
      n.checks = pushed(n.checks, value);
      return;
    default:
      markCycleFree(ctx, n, info);
      insertScalar(ctx, n, value);
  }
}

export function isValidatorResult(kind: Kind): boolean {
  // A function that gives a bool, or an error or nothing.
  return kind === 2 || kind === 0;
}

function insertScalar(ctx: Evaluation, n: NodeState, value: Scalar): void {
  if (n.scalar === null) {
    n.scalar = value;
    return;
  }
  if (!sameScalar(ctx, n.scalar, value)) {
    addError(n, conflict(n, n.scalar, value, [n.scalar.kind, value.kind]));
  }
}

function sameScalar(ctx: Evaluation, a: Scalar, b: Scalar): boolean {
  if (a.tag !== b.tag) return false;
  return a.tag === TAG_NULL || testOp(ctx, '==', a, b);
}

function insertBound(ctx: Evaluation, n: NodeState, x: BoundValue): void {
  switch (x.op) {
    case '<':
    case '<=': {
      const y = n.upper;
      n.upper = y === null ? x : (simplifyBounds(ctx, n.kind, x, y) as BoundValue);
      break;
    }
    case '>':
    case '>=': {
      const y = n.lower;
      n.lower = y === null ? x : (simplifyBounds(ctx, n.kind, x, y) as BoundValue);
      break;
    }
    default:
      insertExclusion(ctx, n, x);
      return;
  }
  if (n.lower === null || n.upper === null) return;
  const both = simplifyBounds(ctx, n.kind, n.lower, n.upper);
  if (both === null || both.tag !== TAG_BOTTOM) return;
  const others = [n.lower.place, n.upper.place].filter((p): p is Place => p !== null);
  addError(n, new Bottom('eval', [{ ...both.issues[0]!, node: n.vertex, others }], n.vertex));
}

function insertExclusion(ctx: Evaluation, n: NodeState, x: BoundValue): void {
  const kept: Check[] = [];
  let match = false;
  for (const c of n.checks) {
    if (c.tag === TAG_BOUND) {
      const z = simplifyBounds(ctx, n.kind, x, c);
      if (z === c || (z === x && c.op === x.op)) match = true;
      else if (z === x) continue;
    }
    kept.push(c);
  }
  if (!match) kept.push(x);
  n.checks = kept;
}

function insertCheck(ctx: Evaluation, n: NodeState, x: ValidatorValue, info: CloseInfo): void {
  const kind = x.kind;
  if ((kind & COMPOSITE_KIND) !== 0)
    noteFlags(n, info, x.fn.takesOpen ? FLAG_OPEN_VALIDATOR | FLAG_TOP : FLAG_TOP);
  if ((kind & COMPOSITE_KIND) !== 0 && x.fn.takesOpen) n.hasOpenValidator = true;
  for (const c of n.checks) {
    if (c === x) return;
    if (c.tag === TAG_VALIDATOR && c.fn === x.fn && sameArgs(ctx, c.args, x.args)) return;
  }
  n.checks = pushed(n.checks, x);
  if (kind === TOP_KIND) n.hasTop = true;
  updateKind(ctx, n, kind, x);
}

function sameArgs(ctx: Evaluation, a: readonly Value[], b: readonly Value[]): boolean {
  return a.length === b.length && a.every((x, i) => x === b[i] || equal(ctx, x, b[i]!, true));
}
