/** Between evaluated values and plain concrete data. */
import { Bottom } from '../bottom.ts';
import type { Expr, Place } from '../compile/ir.ts';
import { Field, ListLit, StructLit } from '../compile/ir.ts';
import type { Data, StructData } from '../std/builtin.ts';
import { isList, isStruct } from '../std/builtin.ts';
import type { Attribute, Source } from '../syntax/ast.ts';
import { defaultOf } from './default.ts';
import type { Evaluation } from './evaluation.ts';
import { listElements, unwrap } from './expr.ts';
import { dataFields } from './fields.ts';
import { kindName } from './kind.ts';
import { labelName, regularLabel } from './label.ts';
import { finalize } from './process.ts';
import { inlineVertex } from './resolve.ts';
import {
  TAG_BOOL,
  TAG_BOTTOM,
  TAG_BYTES,
  TAG_LIST,
  TAG_LIST_MARKER,
  TAG_NULL,
  TAG_NUM,
  TAG_STRING,
  TAG_STRUCT,
  TAG_STRUCT_MARKER,
  TAG_VERTEX,
} from './tag.ts';
import type { Value, Vertex } from './value.ts';
import {
  ARC_MEMBER,
  ARC_REQUIRED,
  BoolValue,
  BytesValue,
  kindOf,
  NullValue,
  NumValue,
  StringValue,
} from './value.ts';

/** Concrete data of a value, defaults taken; the first error or incomplete value otherwise. */
export function toData(ctx: Evaluation, value: Value): Data | Bottom {
  ctx.step();
  const v = unwrap(defaultOf(value));
  switch (v.tag) {
    case TAG_NULL:
      return null;
    case TAG_BOOL:
    case TAG_STRING:
    case TAG_BYTES:
    case TAG_NUM:
      return v.value;
    case TAG_BOTTOM:
      return v;
    case TAG_VERTEX:
      return vertexData(ctx, v);
    default:
      return ctx.error('incomplete', v.place, 'non-concrete value %v (type %v)', v, kindName(kindOf(v)));
  }
}

function vertexData(ctx: Evaluation, vertex: Vertex): Data | Bottom {
  if (!finalize(ctx, vertex) && !ctx.final) {
    ctx.blocked = true;
    return ctx.error('cycle', null, 'cycle');
  }
  const v = vertex.deref();
  const base = v.base;
  if (base !== null && base.tag === TAG_BOTTOM) return base;
  if (base !== null && base.tag === TAG_LIST_MARKER) {
    const items: Data[] = [];
    for (const e of listElements(v)) {
      const item = toData(ctx, e);
      if (item instanceof Bottom) return item;
      items.push(item);
    }
    return items;
  }
  if (base === null || base.tag !== TAG_STRUCT_MARKER)
    return ctx.error('incomplete', null, 'non-concrete value %v', v);
  const missing = v.arcs.find((a) => a.arcType === ARC_REQUIRED);
  if (missing !== undefined)
    return ctx.errorAt(missing, 'incomplete', null, 'field is required but not present');
  const fields = new Map<string, Data>();
  for (const a of dataFields(v)) {
    const item = toData(ctx, a);
    if (item instanceof Bottom) return item;
    fields.set(labelName(a.label), item);
  }
  return { type: 'struct', fields };
}

/** A value for data. Structs and lists become finished vertices without conjuncts. */
export function fromData(ctx: Evaluation, data: Data, place: Place | null): Value {
  if (data === null) return new NullValue(place);
  if (typeof data === 'boolean') return new BoolValue(place, data);
  if (typeof data === 'string') return new StringValue(place, data);
  if (typeof data === 'bigint') return new NumValue(place, data);
  if (data instanceof Uint8Array) return new BytesValue(place, data);
  if (isList(data)) return literal(ctx, data, place);
  return isStruct(data) ? literal(ctx, data, place) : new NumValue(place, data);
}

/** A struct or list as a vertex defined by its literal. */
function literal(ctx: Evaluation, data: Data, place: Place | null): Vertex {
  const literals = new DataLiterals({ name: place?.source.name ?? '', text: '' });
  return inlineVertex(ctx, null, literals.expr(data));
}

/**
 * Data as literals of the language, to be unified like written text. Each struct and list gets an offset behind
 * `text`, in order, so that fields are ordered as if the data had been appended to the text.
 */
export class DataLiterals {
  private readonly source: Source;
  private offset: number;
  private readonly nowhere: Place;

  constructor(source: Source) {
    this.source = source;
    this.offset = source.text.length + 1;
    this.nowhere = this.place();
  }

  place(): Place {
    const start = this.offset++;
    return { source: this.source, node: { start, end: start } };
  }

  expr(data: Data): Expr {
    if (typeof data === 'string') return new StringValue(this.nowhere, data);
    if (typeof data === 'bigint') return new NumValue(this.nowhere, data);
    if (data === null) return new NullValue(this.nowhere);
    if (typeof data === 'boolean') return new BoolValue(this.nowhere, data);
    if (data instanceof Uint8Array) return new BytesValue(this.nowhere, data);
    if (isList(data)) return this.list(data);
    return isStruct(data) ? this.struct(data) : new NumValue(this.nowhere, data);
  }

  private list(items: readonly Data[]): ListLit {
    const place = this.place();
    const elements: Expr[] = [];
    let size = 1;
    for (let i = 0; i < items.length; i++) {
      const element = this.expr(items[i]!);
      elements.push(element);
      size += sizeOf(element);
    }
    return new ListLit(place, elements, null, plainSize(size));
  }

  private struct({ fields: items, again }: StructData): StructLit {
    const place = this.place();
    const fields: Field[] = [];
    let size = again === undefined ? 1 : NOT_PLAIN;
    for (const [name, item] of again === undefined ? items : [...items, ...again]) {
      const value = this.expr(item);
      fields.push(new Field(place, regularLabel(name), ARC_MEMBER, value, null));
      size += sizeOf(value);
    }
    return new StructLit(place, fields, false, NO_ATTRIBUTES, plainSize(size));
  }
}

const NO_ATTRIBUTES: readonly Attribute[] = Object.freeze([]);
/** The size of what holds a field twice, and of all around it. */
const NOT_PLAIN = Number.NEGATIVE_INFINITY;

function sizeOf(x: Expr): number {
  if (x.tag !== TAG_STRUCT && x.tag !== TAG_LIST) return 1;
  return x.dataSize === 0 ? NOT_PLAIN : x.dataSize;
}

/** The `dataSize` of a literal: 0 says that it is to be treated as if it were written in a program. */
function plainSize(size: number): number {
  return Math.max(size, 0);
}
