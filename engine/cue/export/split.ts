/**
 * Takes a value apart the way CUE's Expr does: into the operands of the operator that it was written with, each a
 * value of its own. What was worked out already is taken apart by its result.
 */
import type { Decl, Disjunct, Expr } from '../compile/ir.ts';
import { StructLit } from '../compile/ir.ts';
import type { Evaluation } from '../eval/evaluation.ts';
import { evaluate, listElements } from '../eval/expr.ts';
import type { EvaluatorFunction } from '../eval/function.ts';
import { STRUCT_KIND } from '../eval/kind.ts';
import * as Tag from '../eval/tag.ts';
import {
  ARC_MEMBER,
  type BoundValue,
  Conjunct,
  type Disjunction,
  Env,
  kindOf,
  NO_CLOSE_INFO,
  TypeValue,
  type Value,
  Vertex,
} from '../eval/value.ts';
import { settle } from './any-arc.ts';
import { SIMPLIFY, type SubsumeOptions, subsumes } from './subsume.ts';

/** What is split stands in a definition. */
const SIMPLIFY_CLOSED: SubsumeOptions = { ...SIMPLIFY, closed: true };

/** A value, and whether only its result counts and no longer how it was written. */
export interface View {
  readonly vertex: Vertex;
  readonly isData: boolean;
}

export type SplitOp = '&' | '|' | 'call' | 'reference' | 'other' | 'none' | BoundValue['op'];

export interface Split {
  readonly op: SplitOp;
  /** For a call its arguments. For `none` the value itself. */
  readonly operands: readonly View[];
  /** For a call: what is called, as messages name it. */
  readonly callee: string;
}

export function viewOf(vertex: Vertex): View {
  return { vertex, isData: false };
}

/** The value by its result alone. */
export function evaluated(view: View): View {
  return { vertex: view.vertex.deref(), isData: true };
}

/** The value that a lone reference leads to; any other value itself. */
export function dereferenced(view: View): View {
  const [only] = view.vertex.conjuncts;
  if (view.isData || only === undefined || view.vertex.conjuncts.length > 1 || !isReference(only.expr))
    return view;
  return viewOf(view.vertex.deref());
}

/** Whether a value was written as a reference and as nothing else. */
export function isReferenceView(view: View): boolean {
  const [only] = view.vertex.conjuncts;
  return !view.isData && only !== undefined && view.vertex.conjuncts.length === 1 && isReference(only.expr);
}

function isReference(expr: Expr): boolean {
  return expr.tag >= Tag.TAG_FIELD_REF && expr.tag <= Tag.LAST_RESOLVER;
}

export function split(ctx: Evaluation, view: View): Split {
  return new Splitter(ctx, view).split();
}

class Splitter {
  private readonly ctx: Evaluation;
  private readonly view: View;

  constructor(ctx: Evaluation, view: View) {
    this.ctx = ctx;
    this.view = view;
  }

  split(): Split {
    const { vertex, isData } = this.view;
    const { conjuncts } = vertex;
    const [only] = conjuncts;
    if (isData || only === undefined) return this.result(vertex.deref());
    if (conjuncts.length > 1) {
      return this.operands(
        '&',
        conjuncts.map((conjunct) => this.part(conjunct, vertex.parent)),
      );
    }
    if (only.expr.tag === Tag.TAG_VERTEX) return split(this.ctx, viewOf(only.expr));
    return this.expression(only.expr, only.env);
  }

  private itself(): Split {
    return { op: 'none', operands: [this.view], callee: '' };
  }

  private operands(op: SplitOp, operands: readonly View[], callee = ''): Split {
    return { op, operands, callee };
  }

  /** One conjunct as a value of its own, in the place of the whole. */
  private part(conjunct: Conjunct, parent: Vertex | null): View {
    const { vertex } = this.view;
    this.ctx.node();
    const v = new Vertex(vertex.label, parent, ARC_MEMBER);
    v.addConjunct(conjunct);
    settle(this.ctx, v);
    // What closes the struct around it says nothing about an expression by itself, but its path leads there.
    v.parent = vertex.parent;
    return viewOf(v);
  }

  private made(env: Env | null, expr: Expr): View {
    // An alternative still knows the disjunction that it was chosen from; only its result counts.
    if (expr.tag === Tag.TAG_VERTEX && expr.base !== null) return { vertex: expr, isData: expr.isDisjunct };
    return this.part(new Conjunct(env, expr, NO_CLOSE_INFO, null), null);
  }

  /** A value by its result. */
  private result(v: Vertex): Split {
    const { base } = v;
    if (base === null || base.tag === Tag.TAG_STRUCT_MARKER || base.tag === Tag.TAG_LIST_MARKER)
      return this.itself();
    return base.tag === Tag.TAG_VERTEX ? this.itself() : this.simple(base);
  }

  private simple(value: Value): Split {
    switch (value.tag) {
      case Tag.TAG_BOUND:
        return this.operands(value.op, [this.made(null, value.value)]);
      case Tag.TAG_CONJUNCTION:
        return this.operands(
          '&',
          value.values.map((one) => this.made(null, one)),
        );
      case Tag.TAG_DISJUNCTION:
        return this.disjunction(value);
      case Tag.TAG_VALIDATOR:
        return this.operands(
          'call',
          value.args.map((arg) => this.made(null, arg)),
          value.fn.name,
        );
      default:
        return this.itself();
    }
  }

  private disjunction({ values, defaults }: Disjunction): Split {
    const others = values.slice(defaults);
    const kept = values.filter((value, i) => {
      return (
        i >= defaults || !others.some((other) => subsumes(this.ctx, other, value, SIMPLIFY_CLOSED) === 'yes')
      );
    });
    return this.operands(
      kept.length > 1 ? '|' : 'none',
      kept.map((value) => this.made(null, value)),
    );
  }

  private expression(expr: Expr, env: Env | null): Split {
    switch (expr.tag) {
      case Tag.TAG_AND:
        return this.operands('&', [this.made(env, expr.left), this.made(env, expr.right)]);
      case Tag.TAG_BOUND_EXPR:
        return this.operands(expr.op, [this.made(env, expr.operand)]);
      case Tag.TAG_DISJUNCTION_EXPR:
        return this.disjunctionExpr(expr.disjuncts, env);
      case Tag.TAG_CALL:
        return this.call(expr.fn, expr.args, env);
      case Tag.TAG_STRUCT:
        return this.struct(expr, env);
      case Tag.TAG_BINARY:
      case Tag.TAG_UNARY:
      case Tag.TAG_INTERPOLATION:
      case Tag.TAG_SLICE:
        return this.operands('other', []);
      case Tag.TAG_FIELD_REF:
      case Tag.TAG_SELECTOR:
        return this.operands('reference', []);
      case Tag.TAG_INDEX:
        return this.operands('other', []);
      default:
        return expr.tag <= Tag.LAST_VALUE ? this.simple(expr as Value) : this.itself(); // values have the low tags
    }
  }

  /** Drops defaults that another disjunct covers. */
  private disjunctionExpr(disjuncts: readonly Disjunct[], env: Env | null): Split {
    const all = disjuncts.map(({ value, isDefault }) => ({ view: this.made(env, value), isDefault }));
    const others = all.filter(({ isDefault }) => !isDefault);
    const kept = all.filter(({ view, isDefault }) => {
      return (
        !isDefault ||
        !others.some((other) => subsumes(this.ctx, other.view.vertex, view.vertex, SIMPLIFY_CLOSED) === 'yes')
      );
    });
    return this.operands(
      kept.length > 1 ? '|' : 'none',
      kept.map(({ view }) => view),
    );
  }

  private call(fn: Expr, args: readonly Expr[], env: Env | null): Split {
    const called = this.callee(fn, env);
    const [first] = args;
    if (
      called !== null &&
      args.length === 1 &&
      first !== undefined &&
      (called.name === 'and' || called.name === 'or')
    ) {
      const list = this.made(env, first).vertex.deref();
      const elements = listElements(list).map(viewOf);
      if (elements.length === 0) return this.itself();
      return this.operands(called.name === 'and' ? '&' : '|', elements);
    }
    return this.operands(
      'call',
      args.map((arg) => this.made(env, arg)),
      called?.name ?? '',
    );
  }

  private callee(fn: Expr, env: Env | null): EvaluatorFunction | null {
    const value = env === null ? fn : evaluate(this.ctx, fn, env);
    return value.tag === Tag.TAG_BUILTIN ? value.fn : null;
  }

  /** A struct with embedded values is the unification of these and of its fields. */
  private struct(expr: StructLit, env: Env | null): Split {
    const embedded = expr.decls.filter((decl): decl is Expr => isEmbedded(decl));
    if (embedded.length === 0) return this.itself();
    const fields = expr.decls.filter((decl) => !isEmbedded(decl));
    const { vertex } = this.view;
    const views: View[] = [];
    let home = vertex;
    let own: View | null = null;
    if (fields.length > 0) {
      const kind = kindOf(vertex);
      const decls: Decl[] =
        kind !== STRUCT_KIND && kind !== 0 ? [new TypeValue(null, kind), ...fields] : fields;
      own = this.made(env, new StructLit(expr.place, decls, expr.isFile, expr.attributes));
      home = own.vertex;
    }
    const inside = new Env(env, home);
    for (const one of embedded) views.push(this.made(inside, one));
    if (own !== null) views.push(own);
    const [first] = views;
    return views.length === 1 && first !== undefined ? split(this.ctx, first) : this.operands('&', views);
  }
}

function isEmbedded(decl: Decl): boolean {
  return decl.tag > Tag.LAST_VALUE && decl.tag < Tag.TAG_COMPREHENSION;
}
