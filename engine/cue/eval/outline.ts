/**
 * Data that meets a schema of plain kinds, without a vertex for each of its values. Where a vertex is defined by data
 * and a ground schema (compile/ground.ts) and the two agree, everything below it is known at once: it gets an outline
 * instead of arcs. Tests, checks and JSON go by the outline; whoever looks at an arc has the arcs of that one level
 * made, exactly as evaluation would have left them.
 */
import type { Disjunct, Expr, Field, ListLit, StructLit } from '../compile/ir.ts';
import type { Evaluation } from './evaluation.ts';
import type { Kind } from './kind.ts';
import { fillLiteral } from './literal-arcs.ts';
import { complete, finishNode, stateOf } from './process.ts';
import {
  LAST_SCALAR,
  TAG_BOOL,
  TAG_DISJUNCTION_EXPR,
  TAG_FIELD,
  TAG_LIST,
  TAG_NULL,
  TAG_NUM,
  TAG_PATTERN_FIELD,
  TAG_STRING,
  TAG_STRUCT,
  TAG_TOP,
  TAG_TYPE,
} from './tag.ts';
import type { Scalar, Vertex } from './value.ts';
import {
  ARC_MEMBER,
  ARC_OPTIONAL,
  ARC_REQUIRED,
  CLOSED_LIST,
  NO_CLOSE_INFO,
  NODE_DONE,
  OPTIONAL_CLOSE_INFO,
  STRUCT_MARKER,
} from './value.ts';

type Literal = StructLit | ListLit;

/** What a vertex is known to be; its arcs are made when somebody looks at them. */
export class Outline {
  private readonly ctx: Evaluation;
  /** Null where the schema stands for the value: its literals and defaults. */
  readonly data: Literal | null;
  /** Null where anything goes. */
  readonly schema: Literal | null;
  /** Every value is a literal, or has one for its default. */
  readonly isConcrete: boolean;
  constructor(ctx: Evaluation, data: Literal | null, schema: Literal | null, isConcrete: boolean) {
    this.ctx = ctx;
    this.data = data;
    this.schema = schema;
    this.isConcrete = isConcrete;
  }

  /** Makes the arcs of the vertex, whose own values are known by an outline in turn. They have been paid for. */
  fill(v: Vertex): void {
    const { ctx } = this;
    const { steps, nodes } = ctx;
    // A field that was refused keeps its error.
    const { base, status } = v;
    ctx.steps = PAID;
    ctx.nodes = PAID;
    v.outline = null;
    const [only] = v.conjuncts;
    if (this.schema === null && only !== undefined && v.conjuncts.length === 1) fillLiteral(v, only);
    else finishNode(ctx, stateOf(ctx, v));
    v.base = base;
    v.status = status;
    const { arcs } = v;
    for (let i = 0; i < arcs.length; i++) {
      const arc = arcs[i]!;
      if (arc.arcType !== ARC_MEMBER) continue;
      this.settle(arc);
      arc.status = status;
    }
    ctx.steps = steps;
    ctx.nodes = nodes;
  }

  private settle(arc: Vertex): void {
    let data: Literal | null = null;
    let schema: Literal | null = null;
    const { conjuncts } = arc;
    for (let i = 0; i < conjuncts.length; i++) {
      const { expr } = conjuncts[i]!;
      if (expr.tag !== TAG_STRUCT && expr.tag !== TAG_LIST) continue;
      if (expr.dataSize > 0) data = expr;
      else schema = expr;
    }
    if (data === null && schema === null) complete(this.ctx, arc);
    else give(arc, new Outline(this.ctx, data, schema, this.isConcrete));
  }
}

/** So far below any budget that one level of arcs does not reach it. */
const PAID = -(1 << 29);

function give(v: Vertex, outline: Outline): void {
  const isStruct = (outline.data ?? outline.schema)!.tag === TAG_STRUCT;
  v.base = isStruct ? STRUCT_MARKER : CLOSED_LIST;
  v.status = NODE_DONE;
  v.hasEllipsis = outline.schema !== null && outline.schema.tag === TAG_STRUCT && outline.schema.hasEllipsis;
  v.outline = outline;
}

/** Gives a new vertex its outline if data and a ground schema define it and agree; else false. */
export function settleOutline(ctx: Evaluation, v: Vertex): boolean {
  const { conjuncts } = v;
  if (conjuncts.length > 2 || v.closedRecursive || v.parent?.closedRecursive) return false;
  let data: Literal | null = null;
  let schema: Literal | null = null;
  let hasSchema = false;
  for (let i = 0; i < conjuncts.length; i++) {
    const { expr, info } = conjuncts[i]!;
    if (info !== NO_CLOSE_INFO && info !== OPTIONAL_CLOSE_INFO) return false;
    if (expr.tag === TAG_STRUCT || expr.tag === TAG_LIST) {
      if (!expr.isGround) return false;
      if (expr.dataSize > 0 && data === null) data = expr;
      else if (hasSchema) return false;
      else schema = expr;
    } else if (expr.tag !== TAG_TOP) return false;
    if (schema === expr || expr.tag === TAG_TOP) hasSchema = true;
  }
  if ((data === null && schema === null) || v.arcs.length > 0) return false;
  const fit = new Fit(ctx);
  if (!(data === null ? fit.absent(schema!) : fit.value(data, schema))) {
    ctx.work(fit.count);
    return false;
  }
  ctx.work(fit.count);
  ctx.node(fit.count - 1);
  give(v, new Outline(ctx, data, schema, fit.isConcrete));
  return true;
}

/** One comparison of data and a ground schema. */
class Fit {
  /** The values looked at, and the fields of the schema that are not there. */
  count = 0;
  isConcrete = true;
  private readonly ctx: Evaluation;
  constructor(ctx: Evaluation) {
    this.ctx = ctx;
  }

  /** Whether data is a value of the schema; null means `_`. False also where this cannot tell. */
  value(data: Expr, schema: Expr | null): boolean {
    if (schema === null || schema.tag === TAG_TOP) {
      this.count += sizeOf(data);
      return true;
    }
    this.count++;
    switch (schema.tag) {
      case TAG_TYPE:
        return isOfKind(data, schema.kind);
      case TAG_DISJUNCTION_EXPR:
        return fitsDisjunction(data, schema.disjuncts);
      case TAG_STRUCT: {
        if (data.tag !== TAG_STRUCT || data.place.source !== schema.place.source) return false;
        this.ctx.enter();
        const fits = this.struct(data, schema);
        this.ctx.leave();
        return fits;
      }
      case TAG_LIST: {
        if (data.tag !== TAG_LIST || schema.ellipsis === null) return false;
        this.ctx.enter();
        const fits = this.elements(data, schema.ellipsis.value);
        this.ctx.leave();
        return fits;
      }
      default:
        return isSameLiteral(data, schema);
    }
  }

  private struct(data: StructLit, schema: StructLit): boolean {
    const pattern = patternOf(schema);
    let members = 0;
    for (let i = 0; i < data.decls.length; i++) {
      // Data is made of fields.
      const { label, value } = data.decls[i] as Field;
      const field = schema.fieldNamed(label);
      if (!this.value(value, field?.value ?? pattern)) return false;
      if (field !== null && field.arcType !== ARC_OPTIONAL) members++;
    }
    for (let i = 0; i < schema.decls.length; i++) {
      const d = schema.decls[i]!;
      if (d.tag === TAG_FIELD && d.arcType !== ARC_OPTIONAL) members--;
    }
    return members === 0 || this.absentFields(data, schema);
  }

  private elements(data: ListLit, schema: Expr | null): boolean {
    for (let i = 0; i < data.elements.length; i++) {
      // Data has no comprehensions.
      if (!this.value(data.elements[i] as Expr, schema)) return false;
    }
    return true;
  }

  private absentFields(data: StructLit, schema: StructLit): boolean {
    for (let i = 0; i < schema.decls.length; i++) {
      const d = schema.decls[i]!;
      if (d.tag !== TAG_FIELD || d.arcType === ARC_OPTIONAL || data.fieldNamed(d.label) !== null) continue;
      if (d.arcType === ARC_REQUIRED || !this.absent(d.value)) return false;
    }
    return true;
  }

  /** Whether a ground schema alone is a value, its literals and defaults taken. */
  absent(schema: Expr): boolean {
    this.count++;
    switch (schema.tag) {
      case TAG_DISJUNCTION_EXPR: {
        const { defaults, values } = schema.plain!;
        if (defaults !== 1 || values[0]!.tag > LAST_SCALAR) this.isConcrete = false;
        return true;
      }
      case TAG_STRUCT:
        return this.absentStruct(schema);
      case TAG_LIST:
        return schema.ellipsis === null && schema.elements.every((e) => this.absent(e as Expr));
      default:
        if (schema.tag > LAST_SCALAR) this.isConcrete = false;
        return true;
    }
  }

  private absentStruct(schema: StructLit): boolean {
    this.ctx.enter();
    let fits = true;
    for (let i = 0; fits && i < schema.decls.length; i++) {
      const d = schema.decls[i]!;
      if (d.tag !== TAG_FIELD || d.arcType === ARC_OPTIONAL) continue;
      fits = d.arcType === ARC_MEMBER && this.absent(d.value);
    }
    this.ctx.leave();
    return fits;
  }
}

function sizeOf(data: Expr): number {
  return data.tag === TAG_STRUCT || data.tag === TAG_LIST ? data.dataSize : 1;
}

/** Whether a literal is one of the disjuncts of a plain disjunction, or of a kind among them. */
export function fitsDisjunction(data: Expr, disjuncts: readonly Disjunct[]): boolean {
  for (let i = 0; i < disjuncts.length; i++) {
    const { value } = disjuncts[i]!;
    if (value.tag === TAG_TYPE ? isOfKind(data, value.kind) : isSameLiteral(data, value)) return true;
  }
  return false;
}

function isOfKind(data: Expr, kind: Kind): boolean {
  // The tag is that of a scalar.
  return data.tag <= LAST_SCALAR && ((data as Scalar).kind & kind) !== 0;
}

/** Whether two literals are the same beyond doubt. */
function isSameLiteral(a: Expr, b: Expr): boolean {
  if (a.tag === TAG_STRING) return b.tag === TAG_STRING && a.value === b.value;
  if (a.tag === TAG_BOOL) return b.tag === TAG_BOOL && a.value === b.value;
  if (a.tag === TAG_NUM) return b.tag === TAG_NUM && typeof a.value === 'bigint' && a.value === b.value;
  return a.tag === TAG_NULL && b.tag === TAG_NULL;
}

/** What the fields of a ground struct have to be that it does not name; null for anything. */
export function patternOf(schema: StructLit): Expr | null {
  for (let i = 0; i < schema.decls.length; i++) {
    const d = schema.decls[i]!;
    if (d.tag === TAG_PATTERN_FIELD) return d.value;
  }
  return null;
}
