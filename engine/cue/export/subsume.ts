/** Whether one value admits everything that another admits (internal/core/subsume of CUE v0.14.1). */
import { matchesPattern } from '../eval/arc.ts';
import { binaryOp, compareBytes } from '../eval/compare.ts';
import { defaultOf } from '../eval/default.ts';
import { equal } from '../eval/equal.ts';
import type { Evaluation } from '../eval/evaluation.ts';
import { NULL_KIND, TOP_KIND } from '../eval/kind.ts';
import type { Label } from '../eval/label.ts';
import { settleOptional } from '../eval/process.ts';
import { accepts } from '../eval/resolve.ts';
import * as Tag from '../eval/tag.ts';
import {
  ARC_MEMBER,
  ARC_OPTIONAL,
  type BoundValue,
  Conjunct,
  type Disjunction,
  Env,
  kindOf,
  type Value,
  Vertex,
} from '../eval/value.ts';
import { compare, numberKind } from '../number/number.ts';
import { anyElement, anything, settle } from './any-arc.ts';

export interface SubsumeOptions {
  /** Take the default of the admitted value. */
  readonly defaults: boolean;
  /** Take the default of the admitting value. */
  readonly leftDefault: boolean;
  readonly ignoreClosedness: boolean;
  /** Structs are closed but for those that end in `...`, as they are inside a definition. */
  readonly closed?: boolean;
  /** The admitted value is data: no more fields will be added to it. */
  readonly data?: boolean;
}

/** Values as they are. */
export const RAW: SubsumeOptions = { defaults: false, leftDefault: false, ignoreClosedness: false };
/** As schemas: open and closed structs are alike. */
export const SCHEMA: SubsumeOptions = { defaults: true, leftDefault: false, ignoreClosedness: true };
/** For dropping a disjunct that another one covers. */
export const SIMPLIFY: SubsumeOptions = { defaults: false, leftDefault: true, ignoreClosedness: false };

/** `unknown`: the patterns of structs cannot be compared exactly. */
export type Subsumption = 'yes' | 'no' | 'unknown';

/** Whether `a` admits all of `b`. Both are finalized. */
export function subsumes(ctx: Evaluation, a: Value, b: Value, options: SubsumeOptions): Subsumption {
  const check = new Check(ctx, options);
  if (options.data === true) check.markData(b);
  if (check.values(a, b)) return 'yes';
  return check.isInexact ? 'unknown' : 'no';
}

function unshared(value: Value): Value {
  return value.tag === Tag.TAG_VERTEX ? value.deref() : value;
}

/** The value of a vertex where that is no struct and no list; else null. */
function simpleBase(v: Vertex): Value | null {
  const { base } = v;
  if (base === null || base.tag === Tag.TAG_STRUCT_MARKER || base.tag === Tag.TAG_LIST_MARKER) return null;
  return base;
}

function isFinal(value: Value): boolean {
  return value.tag === Tag.TAG_BOTTOM && value.code !== 'incomplete' && value.code !== 'cycle';
}

class Check {
  isInexact = false;
  /** The value that is data as a whole, if one is. */
  private data: Vertex | null = null;
  private readonly ctx: Evaluation;
  private readonly options: SubsumeOptions;

  constructor(ctx: Evaluation, options: SubsumeOptions) {
    this.ctx = ctx;
    this.options = options;
  }

  markData(value: Value): void {
    const taken = unshared(this.options.defaults ? defaultOf(value) : value);
    if (taken.tag === Tag.TAG_VERTEX) this.data = taken;
  }

  private isData(v: Vertex): boolean {
    return v === this.data || v.conjuncts.length === 0;
  }

  values(left: Value, right: Value): boolean {
    this.ctx.step();
    const a = unshared(left);
    const b = unshared(this.options.defaults ? defaultOf(right) : right);
    if (a === b) return true;
    if (b.tag === Tag.TAG_BOTTOM) return isFinal(b);
    if (b.tag === Tag.TAG_VERTEX) {
      if (a.tag === Tag.TAG_VERTEX) return this.vertices(a, b);
      const base = simpleBase(b);
      if (base !== null) return this.values(a, base);
    }
    if (b.tag === Tag.TAG_CONJUNCTION && a.tag !== Tag.TAG_CONJUNCTION) {
      return b.values.some((value) => this.values(a, value));
    }
    if (b.tag === Tag.TAG_DISJUNCTION && a.tag !== Tag.TAG_DISJUNCTION) {
      return b.values.every((value) => this.values(a, value));
    }
    return this.admits(a, b);
  }

  private admits(a: Value, b: Value): boolean {
    switch (a.tag) {
      case Tag.TAG_TOP:
        return true;
      case Tag.TAG_BOTTOM:
        return false;
      case Tag.TAG_TYPE:
        return (a.kind & kindOf(b)) === kindOf(b);
      case Tag.TAG_BOUND:
        return this.bound(a, b);
      case Tag.TAG_BUILTIN:
        return b.tag === Tag.TAG_BUILTIN && a.fn === b.fn;
      case Tag.TAG_VALIDATOR: {
        const result = a.fn.call(this.ctx, [b, ...a.args], { call: a.call, env: null, isValidator: true });
        return result.tag === Tag.TAG_BOOL && result.value;
      }
      case Tag.TAG_NULL:
        return kindOf(b) === NULL_KIND;
      case Tag.TAG_BOOL:
        return b.tag === Tag.TAG_BOOL && a.value === b.value;
      case Tag.TAG_NUM:
        return (
          b.tag === Tag.TAG_NUM &&
          numberKind(a.value) === numberKind(b.value) &&
          compare(a.value, b.value) === 0
        );
      case Tag.TAG_STRING:
        return b.tag === Tag.TAG_STRING && a.value === b.value;
      case Tag.TAG_BYTES:
        return b.tag === Tag.TAG_BYTES && compareBytes(a.value, b.value) === 0;
      case Tag.TAG_VERTEX: {
        const base = simpleBase(a);
        return base !== null && this.values(base, b);
      }
      case Tag.TAG_CONJUNCTION:
        if (b.tag !== Tag.TAG_CONJUNCTION) return a.values.every((value) => this.values(value, b));
        return a.values.every((value) => b.values.some((other) => this.values(value, other)));
      case Tag.TAG_DISJUNCTION:
        return this.disjunction(a, b);
      default:
        return a satisfies never;
    }
  }

  private disjunction(given: Disjunction, b: Value): boolean {
    const a = this.options.leftDefault ? defaultOf(given) : given;
    if (a.tag !== Tag.TAG_DISJUNCTION) return this.values(a, b);
    if (b.tag !== Tag.TAG_DISJUNCTION) return a.values.some((value) => this.values(value, b));
    return b.values.every((other, i) => {
      return a.values.some((value, k) => (k < a.defaults || i >= b.defaults) && this.values(value, other));
    });
  }

  private test(op: '<' | '<=' | '>' | '>=' | '==', a: Value, b: Value): boolean {
    const result = binaryOp(this.ctx, null, op, a, b);
    return result.tag === Tag.TAG_BOOL && result.value;
  }

  private bound(x: BoundValue, b: Value): boolean {
    if (b.tag === Tag.TAG_NUM || b.tag === Tag.TAG_STRING || b.tag === Tag.TAG_BOOL) {
      const result = binaryOp(this.ctx, null, x.op, b, x.value);
      return result.tag === Tag.TAG_BOOL && result.value;
    }
    if (b.tag !== Tag.TAG_BOUND || (x.kind & b.kind & ~x.kind) !== 0) return false;
    return this.bounds(x, b);
  }

  private bounds(x: BoundValue, y: BoundValue): boolean {
    const [a, b] = [x.value, y.value];
    switch (x.op) {
      case '>':
        if (y.op === '>=') return this.test('<', a, b);
        return y.op === '>' && this.test('<=', a, b);
      case '>=':
        return (y.op === '>' || y.op === '>=') && this.test('<=', a, b);
      case '<':
        if (y.op === '<=') return this.test('>', a, b);
        return y.op === '<' && this.test('>=', a, b);
      case '<=':
        return (y.op === '<' || y.op === '<=') && this.test('>=', a, b);
      case '!=':
        return this.unequal(y, a, b);
      case '=~':
      case '!~':
        return y.op === x.op && this.test('==', a, b);
      default:
        return x.op satisfies never;
    }
  }

  private unequal(y: BoundValue, a: Value, b: Value): boolean {
    switch (y.op) {
      case '!=':
        return this.test('==', a, b);
      case '>=':
        return this.test('<', a, b);
      case '>':
        return this.test('<=', a, b);
      case '<':
        return this.test('>=', a, b);
      case '<=':
        return this.test('>', a, b);
      default:
        return false;
    }
  }

  // ---- composites

  private vertices(left: Vertex, right: Vertex): boolean {
    const x = left.deref();
    if (x === right.deref()) return true;
    if (left.arcType < right.arcType) return false;
    const taken = this.options.defaults ? defaultOf(right) : right;
    if (taken.tag !== Tag.TAG_VERTEX) return this.values(x, taken);
    const y = taken.deref();
    if (y.bottom !== null) return isFinal(y.bottom);
    const { base } = x;
    if (base === null || base.tag === Tag.TAG_BOTTOM) return false;
    this.ctx.enter();
    const holds = this.composites(x, y);
    this.ctx.leave();
    return holds;
  }

  private composites(x: Vertex, y: Vertex): boolean {
    const { base } = x;
    if (base === null) return false;
    const isData = this.isData(y);
    if (base.tag === Tag.TAG_LIST_MARKER) return y.base?.tag === Tag.TAG_LIST_MARKER && this.lists(x, y);
    if (base.tag === Tag.TAG_STRUCT_MARKER) {
      if (y.base?.tag !== Tag.TAG_STRUCT_MARKER) return false;
    } else {
      if (base.tag === Tag.TAG_VERTEX || !this.values(base, simpleBase(y) ?? y)) return false;
      if (isData) return true;
    }
    return this.structs(x, y, isData);
  }

  private isClosed(v: Vertex): boolean {
    return !this.options.ignoreClosedness && (v.closedOnce || (v.closedRecursive && !v.hasEllipsis));
  }

  private structs(x: Vertex, y: Vertex, isData: boolean): boolean {
    const xClosed = this.isClosed(x);
    const yClosed = this.options.defaults || this.isClosed(y);
    if (xClosed && !yClosed) return false;
    if (!x.arcs.every((arc) => this.field(arc, y, isData))) return false;
    if (!y.arcs.every((arc) => this.furtherField(x, arc))) return false;
    return this.patterns(x, y, isData);
  }

  /** A field of the admitting struct. */
  private field(a: Vertex, y: Vertex, isData: boolean): boolean {
    if (a.arcType > ARC_OPTIONAL) return true;
    settleOptional(this.ctx, a);
    const isConstraint = a.arcType !== ARC_MEMBER;
    if (isConstraint && kindOf(a) === TOP_KIND) return true;
    const b = y.lookup(a.label);
    if (b !== null && b.arcType <= ARC_OPTIONAL) {
      settleOptional(this.ctx, b);
      return this.values(a, b);
    }
    if (!isConstraint) return false;
    const other = this.implied(y, a.label);
    if (isData || !this.isAccepted(y, a.label, other)) return true;
    return other !== null && this.values(a, other);
  }

  /** A field that only the admitted struct has. */
  private furtherField(x: Vertex, b: Vertex): boolean {
    if (b.arcType > ARC_OPTIONAL || x.lookup(b.label) !== null) return true;
    const a = this.implied(x, b.label);
    if (!this.isAccepted(x, b.label, a)) return this.options.ignoreClosedness;
    if (a === null) return true;
    settleOptional(this.ctx, b);
    return this.vertices(a, b);
  }

  private isAccepted(v: Vertex, label: Label, implied: Vertex | null): boolean {
    if (implied !== null) return true;
    return this.options.closed !== true && accepts(this.ctx, v, label);
  }

  /** What the patterns of a struct, or its `...`, say about a label; null if nothing. */
  private implied(v: Vertex, label: Label): Vertex | null {
    const arc = new Vertex(label, v, ARC_MEMBER);
    for (const { pattern, conjuncts } of v.patterns ?? []) {
      if (!matchesPattern(this.ctx, pattern, label)) continue;
      for (const { env, expr, info, field } of conjuncts) {
        const own = env === null ? null : new Env(env.up, env.vertex);
        if (own !== null) own.label = label;
        arc.addConjunct(new Conjunct(own, expr, info, field));
      }
    }
    if (arc.conjuncts.length === 0) return v.hasEllipsis ? anything(v) : null;
    this.ctx.node();
    settle(this.ctx, arc);
    return arc;
  }

  private patterns(x: Vertex, y: Vertex, isData: boolean): boolean {
    const ours = x.patterns ?? [];
    const theirs = y.patterns ?? [];
    if (ours.length === 0) return true;
    if (theirs.length === 0) return isData;
    if (ours.length > theirs.length) {
      this.isInexact = true;
      return false;
    }
    for (const p of ours) {
      const q = theirs.find((other) => equal(this.ctx, p.pattern, other.pattern, false));
      if (q === undefined) {
        this.isInexact = true;
        return false;
      }
      if (!this.values(this.constraint(x, p.conjuncts), this.constraint(y, q.conjuncts))) return false;
    }
    return true;
  }

  private constraint(parent: Vertex, conjuncts: readonly Conjunct[]): Vertex {
    this.ctx.node();
    const v = new Vertex('', parent, ARC_MEMBER);
    for (const c of conjuncts) v.addConjunct(c);
    settle(this.ctx, v);
    return v;
  }

  private lists(x: Vertex, y: Vertex): boolean {
    const isOpen = (v: Vertex): boolean => v.base?.tag === Tag.TAG_LIST_MARKER && v.base.isOpen;
    const elements = (v: Vertex): Vertex[] => v.arcs.filter((arc) => typeof arc.label === 'number');
    if (!isOpen(x) && isOpen(y)) return false;
    const ours = elements(x);
    const theirs = elements(y);
    if (ours.length > theirs.length || (ours.length < theirs.length && !isOpen(x))) return false;
    if (ours.length < theirs.length) {
      const further = anyElement(this.ctx, x);
      const rest = theirs.slice(ours.length);
      if (further !== null && !rest.every((b) => this.vertices(further, b))) return false;
    }
    return ours.every((a, i) => {
      const b = theirs[i];
      return b !== undefined && this.vertices(a, b);
    });
  }
}
