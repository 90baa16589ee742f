/**
 * Values and the vertices that hold them.
 *
 * A vertex is a place in the value tree: a label, a parent and the conjuncts that define it. Evaluating it fills in
 * `base` (a scalar, a type, a marker for struct or list, a disjunction, an error, or another vertex that it shares)
 * and `arcs`. Conjuncts keep what they were declared by, so docs, attributes and positions survive evaluation.
 */
import { Bottom } from '../bottom.ts';
import type { BoundOp, Call, Expr, FieldDecl, Place, Resolver, StructLit } from '../compile/ir.ts';
import type { CueNumber } from '../number/number.ts';
import type { Evaluation } from './evaluation.ts';
import type { EvaluatorFunction } from './function.ts';
import type { Kind } from './kind.ts';
import {
  BOOL_KIND,
  BYTES_KIND,
  FLOAT_KIND,
  FUNC_KIND,
  INT_KIND,
  LIST_KIND,
  NULL_KIND,
  STRING_KIND,
  STRUCT_KIND,
} from './kind.ts';
import type { Label } from './label.ts';
import { openData } from './literal-arcs.ts';
import type { Outline } from './outline.ts';
import type { NodeState, Task } from './state.ts';
import {
  TAG_BOOL,
  TAG_BOTTOM,
  TAG_BOUND,
  TAG_BUILTIN,
  TAG_BYTES,
  TAG_CONJUNCTION,
  TAG_DISJUNCTION,
  TAG_LIST_MARKER,
  TAG_NULL,
  TAG_NUM,
  TAG_STRING,
  TAG_STRUCT_MARKER,
  TAG_TOP,
  TAG_TYPE,
  TAG_VALIDATOR,
  TAG_VERTEX,
} from './tag.ts';

export class NullValue {
  readonly tag = TAG_NULL;
  readonly kind = NULL_KIND;
  readonly place: Place | null;
  constructor(place: Place | null) {
    this.place = place;
  }
}
export class BoolValue {
  readonly tag = TAG_BOOL;
  readonly kind = BOOL_KIND;
  readonly place: Place | null;
  readonly value: boolean;
  constructor(place: Place | null, value: boolean) {
    this.place = place;
    this.value = value;
  }
}
export class NumValue {
  readonly tag = TAG_NUM;
  readonly kind: Kind;
  readonly place: Place | null;
  readonly value: CueNumber;
  constructor(place: Place | null, value: CueNumber) {
    this.place = place;
    this.value = value;
    this.kind = typeof value === 'bigint' || value.type === 'int' ? INT_KIND : FLOAT_KIND;
  }
}
export class StringValue {
  readonly tag = TAG_STRING;
  readonly kind = STRING_KIND;
  readonly place: Place | null;
  readonly value: string;
  constructor(place: Place | null, value: string) {
    this.place = place;
    this.value = value;
  }
}
export class BytesValue {
  readonly tag = TAG_BYTES;
  readonly kind = BYTES_KIND;
  readonly place: Place | null;
  readonly value: Uint8Array;
  constructor(place: Place | null, value: Uint8Array) {
    this.place = place;
    this.value = value;
  }
}
/** `int`, `string`, `number`, also computed sets of kinds. */
export class TypeValue {
  readonly tag = TAG_TYPE;
  readonly kind: Kind;
  readonly place: Place | null;
  constructor(place: Place | null, kind: Kind) {
    this.place = place;
    this.kind = kind;
  }
}
/** `_` */
export class TopValue {
  readonly tag = TAG_TOP;
  readonly kind: Kind = 511;
  readonly place: Place | null;
  constructor(place: Place | null) {
    this.place = place;
  }
}
/** `>=1`, `!="a"`, `=~"x"`; its value is concrete. */
export class BoundValue {
  readonly tag = TAG_BOUND;
  readonly kind: Kind;
  readonly place: Place | null;
  readonly op: BoundOp;
  readonly value: Scalar;
  constructor(place: Place | null, op: BoundOp, value: Scalar, kind: Kind) {
    this.place = place;
    this.op = op;
    this.value = value;
    this.kind = kind;
  }
}
/** A function of the evaluator or of a standard package. */
export class BuiltinValue {
  readonly tag = TAG_BUILTIN;
  readonly kind = FUNC_KIND;
  readonly place: Place | null;
  readonly fn: EvaluatorFunction;
  constructor(place: Place | null, fn: EvaluatorFunction) {
    this.place = place;
    this.fn = fn;
  }
}
/** A function as a constraint: `strings.MinRunes(3)`. `args` are all but the value under test. */
export class ValidatorValue {
  readonly tag = TAG_VALIDATOR;
  readonly kind: Kind;
  readonly place: Place | null;
  readonly fn: EvaluatorFunction;
  readonly args: readonly Value[];
  /** Null for a bare name. */
  readonly call: Call | null;
  constructor(place: Place | null, fn: EvaluatorFunction, args: readonly Value[], call: Call | null) {
    this.place = place;
    this.fn = fn;
    this.args = args;
    this.call = call;
    this.kind = fn.paramKinds[0] ?? 511;
  }
}
/** Constraints that no single value can express: `>=1 & <=5`. */
export class Conjunction {
  readonly tag = TAG_CONJUNCTION;
  readonly place: Place | null = null;
  readonly kind: Kind;
  readonly values: readonly Value[];
  constructor(values: readonly Value[]) {
    this.values = values;
    let kind = 511;
    for (const v of values) kind &= kindOf(v);
    this.kind = kind;
  }
}
/** What is left of a disjunction: the defaults first. */
export class Disjunction {
  readonly tag = TAG_DISJUNCTION;
  readonly place: Place | null = null;
  readonly values: readonly Value[];
  readonly defaults: number;
  /** Some disjunct was marked, even where the marked ones were dropped. */
  readonly hasDefaults: boolean;
  constructor(values: readonly Value[], defaults: number, hasDefaults: boolean) {
    this.values = values;
    this.defaults = defaults;
    this.hasDefaults = hasDefaults;
  }
}
export class StructMarker {
  readonly tag = TAG_STRUCT_MARKER;
}
export class ListMarker {
  readonly tag = TAG_LIST_MARKER;
  readonly isOpen: boolean;
  constructor(isOpen: boolean) {
    this.isOpen = isOpen;
  }
}
export const STRUCT_MARKER: StructMarker = new StructMarker();
export const OPEN_LIST: ListMarker = new ListMarker(true);
export const CLOSED_LIST: ListMarker = new ListMarker(false);

export type Scalar = NullValue | BoolValue | NumValue | StringValue | BytesValue;
/** A value without arcs. */
export type SimpleValue =
  | Scalar
  | TypeValue
  | TopValue
  | BoundValue
  | ValidatorValue
  | BuiltinValue
  | Conjunction
  | Disjunction
  | Bottom;
export type Value = SimpleValue | Vertex;
export type BaseValue = Value | StructMarker | ListMarker;

/** Ordered by how present the field is: a lower type wins when declarations meet. */
export type ArcType = 0 | 1 | 2 | 3 | 4;
export const ARC_MEMBER = 0;
export const ARC_REQUIRED = 1;
export const ARC_OPTIONAL = 2;
/** Looked for while it was not yet known whether it exists. */
export const ARC_PENDING = 3;
export const ARC_NOT_PRESENT = 4;

/** A level of lexical scope at run time. */
export class Env {
  readonly up: Env | null;
  /** The vertex of the struct whose literal this level is; for a clause of a comprehension that of the struct around. */
  readonly vertex: Vertex;
  /** The label that a pattern constraint matched. */
  label: Label | null = null;
  /** The label as a value, once asked for. */
  key: Scalar | null = null;
  /** The value variable of a `for` or `let` clause. */
  bound: Value | null = null;
  /** The values of the lets of this level, once asked for. */
  lets: Map<object, Vertex> | null = null;
  constructor(up: Env | null, vertex: Vertex) {
    this.up = up;
    this.vertex = vertex;
  }
}

/**
 * A group of conjuncts for the check that fields are allowed (see closed.ts): one reference, embedding or struct
 * that has embeddings. A conjunct belongs to its scope and to all that contain it.
 */
export class Scope {
  readonly kind: 'reference' | 'embedding' | 'struct';
  /** The scopes that contain this one. */
  readonly parents: Scope[];
  /** How many scopes lie around it. */
  readonly depth: number;
  /** The struct around the reference that is closed by it. */
  readonly outer: Scope | null;
  /** The embedding it is part of; an embedding is part of itself. */
  readonly embedding: Scope | null;
  /** The vertex referred to; null for embeddings and structs. */
  readonly target: Vertex | null;
  /** For the search through scopes (closed.ts): the last one that came by. */
  search = 0;
  readonly ctx: Evaluation;
  constructor(ctx: Evaluation, kind: Scope['kind'], info: CloseInfo, target: Vertex | null) {
    this.ctx = ctx;
    this.kind = kind;
    // What contains a reference is noted when it is known.
    const around = kind === 'reference' ? null : info.scope;
    this.parents = around === null ? [] : [around];
    this.depth = around === null ? 0 : around.depth + 1;
    this.outer = kind === 'reference' ? info.outer : around;
    this.embedding = kind === 'embedding' ? this : info.embedding;
    this.target = target;
  }
}

/** The references followed to get to a conjunct, the last first. */
export interface RefNode {
  readonly ref: Resolver;
  readonly arc: Vertex;
  readonly node: Vertex;
  readonly next: RefNode | null;
  /** How many there are from here on. */
  readonly length: number;
  readonly depth: number;
}

export type CycleType = 0 | 1 | 2 | 3;
export const NO_CYCLE = 0;
export const CYCLE_OPTIONAL = 1;
export const CYCLE_MAYBE = 2;
export const CYCLIC = 3;

/** How a conjunct came to its vertex. Immutable. */
export class CloseInfo {
  readonly scope: Scope | null;
  readonly outer: Scope | null;
  readonly embedding: Scope | null;
  readonly fromDef: boolean;
  readonly fromEmbed: boolean;
  readonly cycle: CycleType;
  readonly refs: RefNode | null;
  constructor(
    scope: Scope | null,
    outer: Scope | null,
    embedding: Scope | null,
    fromDef: boolean,
    fromEmbed: boolean,
    cycle: CycleType,
    refs: RefNode | null,
  ) {
    this.scope = scope;
    this.outer = outer;
    this.embedding = embedding;
    this.fromDef = fromDef;
    this.fromEmbed = fromEmbed;
    this.cycle = cycle;
    this.refs = refs;
  }
  withCycle(cycle: CycleType, refs: RefNode | null): CloseInfo {
    return new CloseInfo(this.scope, this.outer, this.embedding, this.fromDef, this.fromEmbed, cycle, refs);
  }
  withDef(fromDef: boolean): CloseInfo {
    if (this.fromDef === fromDef) return this;
    const { scope, outer, embedding, fromEmbed, cycle, refs } = this;
    return new CloseInfo(scope, outer, embedding, fromDef, fromEmbed, cycle, refs);
  }
  /** Inside something optional a cycle is no error yet. */
  optional(): CloseInfo {
    if (this === NO_CLOSE_INFO) return OPTIONAL_CLOSE_INFO;
    return this.cycle === NO_CYCLE ? this.withCycle(CYCLE_OPTIONAL, this.refs) : this;
  }
  /** For the fields of a struct: they are not embedded themselves. */
  field(): CloseInfo {
    if (!this.fromEmbed) return this;
    return new CloseInfo(this.scope, this.outer, this.embedding, this.fromDef, false, this.cycle, this.refs);
  }
}
export const NO_CLOSE_INFO: CloseInfo = new CloseInfo(null, null, null, false, false, NO_CYCLE, null);
export const OPTIONAL_CLOSE_INFO: CloseInfo = NO_CLOSE_INFO.withCycle(CYCLE_OPTIONAL, null);

/** One expression that a vertex has to satisfy, in its scope. */
export class Conjunct {
  readonly env: Env | null;
  readonly expr: Expr;
  readonly info: CloseInfo;
  /** The declaration whose value `expr` is; null for embedded and other values. */
  readonly field: FieldDecl | null;
  constructor(env: Env | null, expr: Expr, info: CloseInfo, field: FieldDecl | null) {
    this.env = env;
    this.expr = expr;
    this.info = info;
    this.field = field;
  }
}

/** A struct literal that took part in a vertex, in the order of arrival; the order of fields is found from these. */
export interface StructInfo {
  readonly struct: StructLit;
  readonly env: Env;
  readonly info: CloseInfo;
}

/** A constraint on fields by name: `[pattern]: …` of a struct, `...T` of a list (then `from` is the first index). */
export interface PatternConstraint {
  readonly pattern: Value;
  readonly conjuncts: Conjunct[];
}

/** A vertex to which later conjuncts are to be passed on. */
export interface Receiver {
  readonly vertex: Vertex;
  readonly info: CloseInfo;
}

export type VertexStatus = 0 | 1 | 2 | 3;
export const UNPROCESSED = 0;
/** Conjuncts are being inserted, or wait for something that is under evaluation. */
export const EVALUATING = 1;
/** `base` and the set of arcs are known. */
export const NODE_DONE = 2;
/** All arcs are done and checked as well. */
export const FINALIZED = 3;

export class Vertex {
  readonly tag = TAG_VERTEX;
  readonly label: Label;
  parent: Vertex | null;
  arcType: ArcType;
  /** Only `addConjunct` and `addArc` append: lists are short, so they are kept at their length. */
  conjuncts: readonly Conjunct[] = NO_CONJUNCTS;
  private ownArcs: readonly Vertex[] = NO_ARCS;
  /** Index of `arcs`, made when there are many. */
  index: Map<Label, Vertex> | null = null;
  /** A vertex here means that this one is the same value: shared, or the one disjunct left. */
  base: BaseValue | null = null;
  status: VertexStatus = UNPROCESSED;
  state: NodeState | null = null;
  private ownStructs: readonly StructInfo[] = NO_STRUCTS;
  private ownPatterns: PatternConstraint[] | null = null;
  /** What is known of the arcs (outline.ts) while nobody has looked at them; they, and the state, are made then. */
  outline: Outline | null = null;
  /** Errors of arcs below. */
  childErrors: Bottom | null = null;
  closedRecursive = false;
  closedOnce = false;
  hasEllipsis = false;
  /** Its arcs are being finalized. */
  isFinalizing = false;
  /** No new arcs from here on: somebody has gone through them. */
  isFrozen = false;
  /** `base` is another vertex that a lone reference points to. */
  isShared = false;
  /** The struct or list literal that is all there is to the vertex, or was until something was added (literal.ts). */
  literal: Conjunct | null = null;
  /** One alternative under evaluation, or the result of it. */
  isDisjunct = false;
  /** The comprehensions that have yet to run and may write it. */
  awaited: Task[] | null = null;
  /** Made by an expression; it has no place of its own in the tree. */
  isInline = false;
  /** Vertices that took over the conjuncts of this one while more could still come. */
  receivers: Receiver[] | null = null;

  constructor(label: Label, parent: Vertex | null, arcType: ArcType) {
    this.label = label;
    this.parent = parent;
    this.arcType = arcType;
  }

  get arcs(): readonly Vertex[] {
    if (this.outline !== null) this.outline.fill(this);
    return this.ownArcs;
  }
  set arcs(arcs: readonly Vertex[]) {
    this.ownArcs = arcs;
  }
  get structs(): readonly StructInfo[] {
    if (this.outline !== null) this.outline.fill(this);
    return this.ownStructs;
  }
  set structs(structs: readonly StructInfo[]) {
    this.ownStructs = structs;
  }
  get patterns(): PatternConstraint[] | null {
    if (this.outline !== null) this.outline.fill(this);
    return this.ownPatterns;
  }
  set patterns(patterns: PatternConstraint[] | null) {
    this.ownPatterns = patterns;
  }

  /** The vertex that holds the value: follows sharing and single disjuncts. */
  deref(): Vertex {
    const v = this.held();
    if (v.base === null && v.literal !== null) openData(v);
    return v;
  }

  /** The same, but data that nobody has looked into stay closed up. */
  held(): Vertex {
    let v: Vertex = this;
    // Bases are of many classes: looking at the class is faster than reading the tag.
    while (v.base instanceof Vertex) v = v.base;
    return v;
  }

  /** The disjunct under evaluation or chosen, else itself. */
  derefDisjunct(): Vertex {
    let v: Vertex = this;
    while (v.base instanceof Vertex && v.base.isDisjunct) v = v.base;
    return v;
  }

  lookup(label: Label): Vertex | null {
    if (this.index !== null) return this.index.get(label) ?? null;
    const arcs = this.arcs;
    for (let i = 0; i < arcs.length; i++) {
      if (arcs[i]!.label === label) return arcs[i]!;
    }
    return null;
  }

  addConjunct(c: Conjunct): void {
    this.conjuncts = appended(this.conjuncts, c);
  }

  addArc(arc: Vertex): void {
    this.arcs = appended(this.arcs, arc);
    if (this.index !== null) this.index.set(arc.label, arc);
    else if (this.arcs.length > 8) {
      this.index = new Map();
      for (const a of this.arcs) this.index.set(a.label, a);
    }
  }

  get bottom(): Bottom | null {
    const { base } = this.deref();
    return base instanceof Bottom ? base : null;
  }
}

const NO_CONJUNCTS: readonly Conjunct[] = Object.freeze([]);
const NO_ARCS: readonly Vertex[] = Object.freeze([]);
const NO_STRUCTS: readonly StructInfo[] = Object.freeze([]);

/** Appends to a list that its vertex owns. A short one is copied: `push` would make room for sixteen more. */
export function appended<T>(list: readonly T[], item: T): readonly T[] {
  switch (list.length) {
    case 0:
      return [item];
    case 1:
      return [list[0]!, item];
    case 2:
      return [list[0]!, list[1]!, item];
    case 3:
      return [list[0]!, list[1]!, list[2]!, item];
    default:
      // Longer ones were made here.
      (list as T[]).push(item);
      return list;
  }
}

/** The kinds a value may be. For a vertex the kind of its base, or all if that is not known. */
export function kindOf(value: BaseValue): Kind {
  switch (value.tag) {
    case TAG_VERTEX: {
      const base = value.deref().base;
      if (base === null) return value.deref().state?.kind ?? 511;
      return kindOf(base);
    }
    case TAG_STRUCT_MARKER:
      return STRUCT_KIND;
    case TAG_LIST_MARKER:
      return LIST_KIND;
    case TAG_BOTTOM:
      return 0;
    case TAG_DISJUNCTION: {
      let kind = 0;
      for (const v of value.values) kind |= kindOf(v);
      return kind;
    }
    default:
      return value.kind;
  }
}
