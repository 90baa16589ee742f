/**
 * The OpenAPI schema of a value as CUE's encoding/openapi gives it with references expanded ("structural" schemas,
 * as Kubernetes wants them). A schema is built in two passes: the core collects the fields of all conjuncts and
 * alternatives with their types; what only some alternatives say comes below `oneOf`, without types.
 */
import { Bottom, isIncomplete } from '../bottom.ts';
import type { Decl } from '../compile/ir.ts';
import { diagnosticsOf } from '../diagnostic.ts';
import { toData } from '../eval/data.ts';
import { defaultOf } from '../eval/default.ts';
import { equal } from '../eval/equal.ts';
import type { Evaluation } from '../eval/evaluation.ts';
import { isConcrete, listElements } from '../eval/expr.ts';
import * as Kind from '../eval/kind.ts';
import { isDefinition, isHidden, isLet, isRegular, labelName } from '../eval/label.ts';
import { settleOptional } from '../eval/process.ts';
import * as Tag from '../eval/tag.ts';
import { ARC_OPTIONAL, kindOf, type Vertex } from '../eval/value.ts';
import { formatNode } from '../syntax/format.ts';
import type { Value } from '../value.ts';
import { guarded, settle } from '../value.ts';
import { anyElement, anyField } from './any-arc.ts';
import { docsOf, docText } from './docs.ts';
import {
  dropFormatBounds,
  FORMATS,
  has,
  type Json,
  put,
  type Schema,
  sortedKeys,
  toJsonData,
  typeOf,
} from './openapi-schema.ts';
import { orderArcs } from './order.ts';
import { dereferenced, evaluated, isReferenceView, split, type View, viewOf } from './split.ts';
import { SCHEMA, subsumes } from './subsume.ts';
import { vertexSyntax } from './syntax.ts';

export type { Schema } from './openapi-schema.ts';

export type OpenApiResult =
  | { readonly ok: true; readonly schema: Schema }
  /** `path` leads from the value to the field that no schema can be given for. */
  | { readonly ok: false; readonly path: readonly string[]; readonly message: string };

/**
 * The schema of a value. Errors: what does not exist, operators that OpenAPI cannot express, cycles, incomplete
 * defaults, and a schema that the budget does not reach for.
 */
export function toOpenApi(value: Value): OpenApiResult {
  const { ctx, vertex } = value;
  const error = value.exists() ? null : value.error();
  if (error !== null) return { ok: false, path: [], message: error.message };
  return guarded<OpenApiResult>(
    ctx,
    () => {
      settle(ctx, vertex);
      return described(ctx, vertex);
    },
    (spent) => ({ ok: false, path: [], message: diagnosticsOf(spent)[0]?.message ?? spent.code }),
  );
}

function described(ctx: Evaluation, vertex: Vertex): OpenApiResult {
  const build = new Build(ctx);
  try {
    return { ok: true, schema: build.schema(null, 'parameter', viewOf(vertex)) };
  } catch (stop) {
    if (!(stop instanceof Refusal)) throw stop;
    return { ok: false, path: stop.path, message: stop.message };
  }
}

/** Roughly what one schema takes, in bytes of the budget. */
const SCHEMA_BYTES = 200;

/** Thrown inside to give up; never leaves this file. */
class Refusal {
  readonly path: readonly string[];
  readonly message: string;
  constructor(path: readonly string[], message: string) {
    this.path = path;
    this.message = message;
  }
}

/** A scalar that is known, or an error that is final. Structs and lists are described, not enumerated. */
function isKnownScalar(vertex: Vertex): boolean {
  const v = vertex.deref();
  if (v.bottom !== null) return !isIncomplete(v.bottom);
  if (!isConcrete(v)) return false;
  return (kindOf(v) & Kind.COMPOSITE_KIND) === 0;
}

/** What all builders of one schema share. */
class Build {
  readonly ctx: Evaluation;
  /** The values that are being described, the outermost first. */
  readonly open: Vertex[] = [];
  /** Fields that a comprehension yields, and the fields of their structs. */
  private readonly yielded = new Set<Vertex>();
  path: readonly string[] = [];

  constructor(ctx: Evaluation) {
    this.ctx = ctx;
  }

  fail(message: string): never {
    throw new Refusal(this.path, message);
  }

  schema(core: Builder | null, name: string, view: View): Schema {
    const { path } = this;
    this.path = [...path, name];
    this.ctx.charge(SCHEMA_BYTES);
    this.ctx.enter();
    const builder = new Builder(this, core);
    if (core === null) {
      builder.collect(view);
      builder.coreSchema();
    }
    const schema = builder.fill(view);
    this.ctx.leave();
    this.path = path;
    return schema;
  }

  /** The fields of a struct, or of its default, in CUE's order, hidden ones and lets apart. */
  fields(vertex: Vertex, definitions: boolean): Vertex[] {
    const taken = defaultOf(vertex);
    const v = (taken.tag === Tag.TAG_VERTEX ? taken : vertex).deref();
    for (const arc of v.arcs) settleOptional(this.ctx, arc);
    const arcs = orderArcs(v).filter(({ label, arcType }) => {
      if (typeof label === 'number' || isLet(label) || isHidden(label) || arcType > ARC_OPTIONAL)
        return false;
      return definitions || !isDefinition(label);
    });
    const decls = this.yielded.has(v) ? null : yieldedDecls(v);
    for (const arc of arcs) {
      const isYielded =
        decls === null || arc.conjuncts.some(({ field }) => field !== null && decls.has(field));
      if (isYielded && !arc.isShared) this.yielded.add(arc.deref());
    }
    return arcs;
  }

  /**
   * CUE tells the alternatives of a yielded field with a default twice: the default stands for the whole
   * disjunction, and the others follow once more. Null where this does not apply.
   */
  repeated(view: View): { readonly all: View; readonly others: readonly View[] } | null {
    const v = view.vertex.deref();
    const [only] = v.conjuncts;
    if (!this.yielded.has(v) || v.conjuncts.length > 1 || only?.expr.tag !== Tag.TAG_DISJUNCTION_EXPR)
      return null;
    const { base } = v;
    if (base === null || base.tag !== Tag.TAG_DISJUNCTION || base.defaults !== 1) return null;
    const values = split(this.ctx, { vertex: v, isData: true }).operands;
    return { all: viewOf(v), others: values.slice(1) };
  }

  /** Fails where a value is described inside its own description. */
  checkCycle(vertex: Vertex): void {
    const v = vertex.deref();
    if (!this.open.includes(v)) return;
    this.fail('cyclic structures not allowed when reference expansion is requested');
  }

  inside<T>(view: View, run: () => T): T {
    this.open.push(view.vertex.deref());
    const result = run();
    this.open.pop();
    return result;
  }

  json(view: View): Json {
    const taken = defaultOf(view.vertex);
    const data = toData(this.ctx, taken.tag === Tag.TAG_VERTEX ? taken : view.vertex);
    if (!(data instanceof Bottom)) return toJsonData(data);
    const [first] = diagnosticsOf(data);
    return this.fail(first === undefined ? data.code : first.message);
  }
}

/** What a type's own description adds, in place of `describe`. */
type Describe = (builder: Builder, view: View) => void;

class Builder {
  private readonly build: Build;
  private readonly core: Builder | null;
  type = '';
  format = '';
  /** Keys that a schema has once. */
  private readonly single: Schema = {};
  private current: Schema | null = null;
  private readonly allOf: Schema[] = [];
  private filled: Schema | null = null;

  // The core: everything that any of the conjuncts and alternatives says.
  private kind = 0;
  private readonly values: View[] = [];
  readonly properties = new Map<string, Builder>();
  items: Builder | null = null;

  constructor(build: Build, core: Builder | null) {
    this.build = build;
    this.core = core;
  }

  /** A builder for one alternative of what this one describes. */
  private alternative(): Builder {
    const builder = new Builder(this.build, this.core ?? this);
    builder.type = this.type;
    builder.format = this.format;
    return builder;
  }

  // ---- the core

  /** Collects fields and elements of all conjuncts and alternatives. */
  collect(given: View): void {
    const { ctx } = this.build;
    ctx.charge(SCHEMA_BYTES);
    ctx.enter();
    this.build.inside(given, () => {
      // An alternative has no docs of its own.
      if (!given.isData) this.describeDocs(given.vertex);
      this.format = formatOf(ctx, given);
      let view = given;
      if (this.format === '') {
        view = evaluated(given);
        this.kind = kindOf(view.vertex);
        if (this.kind === Kind.STRUCT_KIND) this.collectStruct(view);
        else if (this.kind === Kind.LIST_KIND) this.collectItems(anyElement(ctx, view.vertex));
      }
      if (!this.values.some((known) => isEqual(ctx, known.vertex, view.vertex))) this.values.push(view);
    });
    ctx.leave();
  }

  private collectItems(type: Vertex | null): void {
    if (type === null) return;
    this.build.checkCycle(type);
    this.items ??= new Builder(this.build, null);
    this.items.collect(viewOf(type));
  }

  private collectStruct(view: View): void {
    this.collectItems(anyField(this.build.ctx, view.vertex));
    const { op, operands } = split(this.build.ctx, view);
    if (op === '&' || op === '|') for (const operand of operands) this.collect(operand);
    for (const arc of this.build.fields(view.vertex, false)) {
      const name = labelName(arc.label);
      let property = this.properties.get(name);
      if (property === undefined) {
        property = new Builder(this.build, null);
        this.properties.set(name, property);
      }
      property.collect(viewOf(arc));
    }
  }

  private coreSchemaNamed(name: string): Schema {
    const { path } = this.build;
    this.build.path = [...path, name];
    const schema = this.coreSchema();
    this.build.path = path;
    return schema;
  }

  coreSchema(): Schema {
    if (this.kind === Kind.LIST_KIND && this.items !== null) {
      this.setType('array');
      this.setSingle('items', this.items.coreSchemaNamed('*'));
    }
    if (this.kind === Kind.STRUCT_KIND) {
      const properties: Schema = {};
      for (const [name, property] of this.properties) put(properties, name, property.coreSchemaNamed(name));
      if (this.properties.size > 0 || this.items !== null) this.setType('object');
      if (this.properties.size > 0) this.setSingle('properties', properties);
      if (this.items !== null) this.setSingle('additionalProperties', this.items.coreSchemaNamed('*'));
    }
    const [only] = this.values;
    return this.values.length === 1 && only !== undefined ? this.fill(only) : this.finish();
  }

  private describeDocs(vertex: Vertex): void {
    const docs = docsOf(vertex).map((group) => `${docText(group)}\n`);
    if (docs.length > 0) this.setSingle('description', docs.join('\n\n').trim(), true);
  }

  // ---- filling in

  fill(view: View): Schema {
    if (this.filled !== null) return this.filled;
    if (this.core === null) this.type = typeOf(kindOf(view.vertex));
    this.format = formatOf(this.build.ctx, view);
    if (this.core === null || this.core.values.length > 1) this.value(view, null);
    const schema = this.finish();
    if (this.type === 'number' || this.type === 'integer') dropFormatBounds(schema, this.format);
    this.filled = sortedKeys(schema);
    return this.filled;
  }

  private get isCore(): boolean {
    return this.core === null;
  }

  private value(view: View, describe: Describe | null): void {
    this.build.ctx.enter();
    this.build.inside(view, () => {
      let whole = dereferenced(view);
      if ((kindOf(whole.vertex) & Kind.STRUCT_KIND) !== Kind.STRUCT_KIND) whole = evaluated(whole);
      for (const conjunct of this.parts('&', whole)) this.conjunct(conjunct, describe);
      this.describeDefault(view);
    });
    this.build.ctx.leave();
  }

  private conjunct(view: View, describe: Describe | null): void {
    if (isKnownScalar(view.vertex)) {
      this.dispatch(view, describe);
      if (this.isCore) this.set('enum', [this.build.json(view)]);
      return;
    }
    const alternatives = this.parts('|', view).map((one) => (isReferenceView(one) ? one : evaluated(one)));
    const [only] = alternatives;
    if (alternatives.length > 1) {
      this.disjunction(alternatives, describe);
      return;
    }
    if (only === undefined) return;
    const { bottom } = only.vertex.deref();
    if (bottom !== null) this.build.fail(`openapi: ${diagnosticsOf(bottom)[0]?.message ?? bottom.code}`);
    this.dispatch(only, describe);
  }

  private describeDefault(view: View): void {
    const v = view.vertex.deref();
    const taken = defaultOf(v);
    // CUE takes the default of any list to be another value than the list.
    if ((taken === v && v.base?.tag !== Tag.TAG_LIST_MARKER) || !this.isCore) return;
    const vertex = taken.tag === Tag.TAG_VERTEX ? taken.deref() : null;
    if (vertex === null || vertex.bottom !== null || !isConcrete(vertex)) return;
    if (kindOf(vertex) === Kind.LIST_KIND && listElements(vertex).length === 0) return;
    this.set('default', this.build.json(viewOf(vertex)));
  }

  /** The operands of `&` or `|`, those of operands among them; equal ones once. */
  private parts(by: '&' | '|', view: View, isSplit = false): View[] {
    const { ctx } = this.build;
    const repeated = by === '|' ? this.build.repeated(view) : null;
    if (repeated !== null && !isSplit) {
      return [...this.parts(by, repeated.all, true), ...repeated.others];
    }
    const { op, operands } = split(ctx, view);
    const kept = operands.filter((one, i) => {
      return !operands.slice(0, i).some((other) => isSame(ctx, one, other));
    });
    if (op === 'none' && kept.length === 1) return kept;
    if (op !== by) return [view];
    return kept.flatMap((one) => this.parts(by, one));
  }

  private disjunction(alternatives: readonly View[], describe: Describe | null): void {
    const isNull = (view: View): boolean => kindOf(view.vertex) === Kind.NULL_KIND;
    const rest = alternatives.filter((view) => !isNull(view));
    const known = rest.filter((view) => isKnownScalar(view.vertex)).map((view) => this.build.json(view));
    const open = rest.filter((view) => !isKnownScalar(view.vertex));
    const isNullable = rest.length < alternatives.length;
    const [first] = open;
    if (open.length === 0 || (open.length === 1 && known.length === 0)) {
      if (first !== undefined) this.value(first, describe);
      if (known.length > 0 && this.isCore) this.set('enum', known);
    } else this.oneOf(known, open, describe);
    if (isNullable) this.setSingle('nullable', true, true);
  }

  private oneOf(known: readonly Json[], open: readonly View[], describe: Describe | null): void {
    const schemas: Schema[] = [];
    for (const view of open) {
      const builder = this.alternative();
      builder.value(view, describe);
      const schema = builder.finish();
      if (Object.keys(schema).length === 0 && builder.type === '') return;
      schemas.push(schema);
    }
    const all: Json[] = known.length > 0 ? [{ enum: known }] : [];
    for (const [i, schema] of schemas.entries()) all.push(this.distinct(schema, i, open, schemas));
    this.set('oneOf', all);
  }

  /** The schema of an alternative with those excluded that it would admit as well. */
  private distinct(schema: Schema, at: number, open: readonly View[], schemas: readonly Schema[]): Schema {
    const view = open[at];
    const admitted = schemas.filter((_, i) => {
      const other = open[i];
      if (i === at || view === undefined || other === undefined) return false;
      return subsumes(this.build.ctx, view.vertex, other.vertex, { ...SCHEMA, data: other.isData }) !== 'no';
    });
    if (admitted.length === 0) return schema;
    const exclusion: Schema = { not: { anyOf: admitted } };
    return Object.keys(schema).length === 0 ? exclusion : { allOf: [schema, exclusion] };
  }

  // ---- by type

  private dispatch(view: View, describe: Describe | null): void {
    if (describe !== null) {
      describe(this, view);
      return;
    }
    switch (kindOf(view.vertex)) {
      case Kind.NULL_KIND:
        this.setSingle('nullable', true, true);
        return;
      case Kind.BOOL_KIND:
        this.setType('boolean');
        return;
      case Kind.FLOAT_KIND:
      case Kind.NUMBER_KIND:
        this.setType('number');
        this.number(view);
        return;
      case Kind.INT_KIND:
        this.setType('integer');
        this.number(view);
        return;
      case Kind.BYTES_KIND:
        this.setType('string', 'byte');
        this.text(view, 'bytes');
        return;
      case Kind.STRING_KIND:
        this.setType('string');
        this.text(view, 'string');
        return;
      case Kind.STRUCT_KIND:
        this.setType('object');
        this.object(view);
        return;
      case Kind.LIST_KIND:
        this.setType('array');
        this.array(view);
        return;
    }
  }

  private number(view: View): void {
    const { op, operands, callee } = split(this.build.ctx, view);
    const limit = (): Json => this.build.json(operands[0] ?? view);
    switch (op) {
      case '<':
        this.set('exclusiveMaximum', true);
        this.set('maximum', limit());
        return;
      case '<=':
        this.set('maximum', limit());
        return;
      case '>':
        this.set('exclusiveMinimum', true);
        this.set('minimum', limit());
        return;
      case '>=':
        this.set('minimum', limit());
        return;
      case '!=':
        this.allOf.push({ not: { allOff: [{ minimum: limit() }, { maximum: limit() }] } });
        return;
      case 'call':
        if (callee === 'math.MultipleOf') this.set('multipleOf', this.argument(operands));
        return;
      case 'none':
        return;
      default:
        this.build.fail(`unsupported op for number ${op}`);
    }
  }

  private argument(operands: readonly View[]): Json {
    const [only] = operands;
    return only === undefined || operands.length !== 1
      ? this.build.fail('a constraint must be used with one argument')
      : this.build.json(only);
  }

  private text(view: View, type: 'string' | 'bytes'): void {
    const { op, operands, callee } = split(this.build.ctx, view);
    switch (op) {
      case '=~':
        this.set('pattern', this.build.json(operands[0] ?? view));
        return;
      case '!~':
        this.allOf.push({ not: { pattern: this.build.json(operands[0] ?? view) } });
        return;
      case 'none':
      case 'reference':
        return;
      case 'call':
        if (type === 'bytes') break;
        if (callee === 'strings.MinRunes') this.set('minLength', this.argument(operands));
        else if (callee === 'strings.MaxRunes') this.set('maxLength', this.argument(operands));
        return;
    }
    this.build.fail(`unsupported op ${op} for ${type} type`);
  }

  private object(view: View): void {
    const { ctx } = this.build;
    const { op, operands, callee } = split(ctx, view);
    if (op === 'call') {
      if (callee === 'struct.MinFields') this.set('minProperties', this.argument(operands));
      else if (callee === 'struct.MaxFields') this.set('maxProperties', this.argument(operands));
      return;
    }
    if (op !== 'none') this.build.fail(`unsupported op ${op} for object type`);
    const all = this.build.fields(view.vertex, true);
    const required = all.filter((arc) => arc.arcType !== ARC_OPTIONAL && isRegular(arc.label));
    if (required.length > 0)
      this.set(
        'required',
        required.map((arc) => labelName(arc.label)),
      );
    this.objectProperties(all);
    const further = anyField(ctx, view.vertex.deref());
    if (further === null || (this.core !== null && this.core.items !== null)) return;
    this.build.checkCycle(further);
    const schema = this.build.schema(null, '*', viewOf(further));
    if (Object.keys(schema).length > 0) this.setSingle('additionalProperties', schema, true);
  }

  private objectProperties(arcs: readonly Vertex[]): void {
    const known = has(this.single, 'properties') ? (this.single['properties'] as Schema) : null; // set as a schema
    const properties = known ?? {};
    for (const arc of arcs) {
      const name = labelName(arc.label);
      // A definition would be a schema beside this one.
      if (!isRegular(arc.label)) continue;
      const schema = this.build.schema(this.core?.properties.get(name) ?? null, name, viewOf(arc));
      if (this.isCore || Object.keys(schema).length > 0) put(properties, name, schema);
    }
    if (known === null && Object.keys(properties).length > 0) this.setSingle('properties', properties);
  }

  private array(view: View): void {
    const { ctx } = this.build;
    const { op, operands, callee } = split(ctx, view);
    if (op === 'call') {
      if (callee === 'list.UniqueItems') this.set('uniqueItems', true);
      else if (callee === 'list.MinItems') this.set('minItems', this.argument(operands));
      else if (callee === 'list.MaxItems') this.set('maxItems', this.argument(operands));
      return;
    }
    if (op !== 'none') this.build.fail(`unsupported op ${op} for array type`);
    const v = view.vertex.deref();
    const elements = listElements(v);
    const items = elements.map((element, i) => this.build.schema(null, String(i), viewOf(element)));
    if (items.length > 0) this.set('items', items);
    if (v.base === null || v.base.tag !== Tag.TAG_LIST_MARKER || !v.base.isOpen) return;
    if (elements.length > 0) this.set('minItems', elements.length);
    const further = anyElement(ctx, v);
    if (further === null) return;
    this.build.checkCycle(further);
    const schema = this.build.schema(this.core?.items ?? null, '*', viewOf(further));
    if (items.length > 0) this.set('additionalItems', schema);
    else if (this.isCore || Object.keys(schema).length > 0) this.setSingle('items', schema, true);
  }

  // ---- keys

  private setType(type: string, format = ''): void {
    if (this.type !== '') return;
    this.type = type;
    if (format !== '') this.format = format;
  }

  private setSingle(key: string, value: Json, mayReplace = false): void {
    if (has(this.single, key) && !mayReplace) this.build.fail(`more than one value added for key "${key}"`);
    put(this.single, key, value);
  }

  private set(key: string, value: Json): void {
    if (this.current === null || has(this.current, key)) {
      this.current = {};
      this.allOf.push(this.current);
    }
    put(this.current, key, value);
  }

  private finish(): Schema {
    if (this.filled !== null) return this.filled;
    const [only] = this.allOf;
    const rest: Schema = this.allOf.length > 1 ? { allOf: this.allOf } : (only ?? {});
    const schema: Schema = { ...this.single, ...rest };
    if (this.type !== '' && this.isCore && !has(schema, 'type')) schema['type'] = this.type;
    if (this.format !== '' && (this.core === null || this.core.format !== this.format))
      schema['format'] = this.format;
    return sortedKeys(schema);
  }
}

/** Equal as data; alternatives have to be the same ones. */
function isEqual(ctx: Evaluation, a: Vertex, b: Vertex): boolean {
  const isOpen = [a, b].some((v) => v.deref().base?.tag === Tag.TAG_DISJUNCTION);
  return equal(ctx, a, b, isOpen);
}

function isSame(ctx: Evaluation, a: View, b: View): boolean {
  const raw = { defaults: false, leftDefault: false, ignoreClosedness: false, closed: true };
  return subsumes(ctx, a.vertex, b.vertex, raw) === 'yes' && subsumes(ctx, b.vertex, a.vertex, raw) === 'yes';
}

/** The fields that the comprehensions of a struct declare by name. */
function yieldedDecls(v: Vertex): ReadonlySet<object> {
  const decls = new Set<object>();
  const open: Decl[] = v.structs.flatMap(({ struct }) => struct.decls);
  for (let decl = open.pop(); decl !== undefined; decl = open.pop()) {
    if (decl.tag !== Tag.TAG_COMPREHENSION) continue;
    for (const inner of decl.body.decls) {
      if (inner.tag === Tag.TAG_FIELD) decls.add(inner);
      open.push(inner);
    }
  }
  return decls;
}

/** The format of a value that prints as one of the known types. */
function formatOf(ctx: Evaluation, view: View): string {
  const kind = kindOf(view.vertex);
  if ((kind & (Kind.NUMBER_KIND | Kind.STRING_KIND | Kind.BYTES_KIND)) === 0) return '';
  const base = view.vertex.deref().base;
  if (base === null || base.tag === Tag.TAG_BOTTOM || isKnownScalar(view.vertex)) return '';
  if (base.tag === Tag.TAG_TYPE && kind !== Kind.BYTES_KIND) return '';
  return FORMATS.get(formatNode(vertexSyntax(ctx, view.vertex.deref()).expr)) ?? '';
}
