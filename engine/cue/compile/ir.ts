/**
 * What the compiler makes of the syntax tree: expressions with every name resolved to a number of scopes to go up
 * and a label. Immutable; one template is evaluated many times. Literal values are expressions themselves.
 */

import type { Label } from '../eval/label.ts';
import { isRegular } from '../eval/label.ts';
import {
  LAST_SCALAR,
  TAG_AND,
  TAG_BINARY,
  TAG_BOTTOM,
  TAG_BOUND_EXPR,
  TAG_CALL,
  TAG_COMPREHENSION,
  TAG_DISJUNCTION_EXPR,
  TAG_DYNAMIC_FIELD,
  TAG_DYNAMIC_REF,
  TAG_ELLIPSIS,
  TAG_FIELD,
  TAG_FIELD_REF,
  TAG_FOR,
  TAG_FOR_REF,
  TAG_IF,
  TAG_IMPORT_REF,
  TAG_INDEX,
  TAG_INTERPOLATION,
  TAG_KEY_REF,
  TAG_LABEL_REF,
  TAG_LET_CLAUSE,
  TAG_LET_FIELD,
  TAG_LET_REF,
  TAG_LIST,
  TAG_PATTERN_FIELD,
  TAG_SELECTOR,
  TAG_SLICE,
  TAG_STRUCT,
  TAG_UNARY,
  TAG_VALUE_REF,
} from '../eval/tag.ts';
import type { ArcType, Disjunction, Value } from '../eval/value.ts';
import type { Data } from '../std/builtin.ts';
import type { Attribute, CommentGroup, NodeBase, Source } from '../syntax/ast.ts';
import { hasGroundDecls, hasGroundElements, plainDisjunction } from './ground.ts';

const ARC_MEMBER = 0;

/** Where something was written. */
export interface Place {
  readonly source: Source;
  readonly node: NodeBase;
}

export type BoundOp = '<' | '<=' | '>' | '>=' | '!=' | '=~' | '!~';
export type ArithmeticOp =
  | BoundOp
  | '=='
  | '&&'
  | '||'
  | '+'
  | '-'
  | '*'
  | '/'
  | 'div'
  | 'mod'
  | 'quo'
  | 'rem';

/** A lexical reference to a field of the struct `up` scopes out. */
export class FieldRef {
  readonly tag = TAG_FIELD_REF;
  readonly place: Place;
  readonly up: number;
  readonly label: Label;
  constructor(place: Place, up: number, label: Label) {
    this.place = place;
    this.up = up;
    this.label = label;
  }
}
/** The value alias of `a: X=…`: with `up` 0 the value itself, else the struct `up - 1` scopes out. */
export class ValueRef {
  readonly tag = TAG_VALUE_REF;
  readonly place: Place;
  readonly up: number;
  constructor(place: Place, up: number) {
    this.place = place;
    this.up = up;
  }
}
/** The value variable of a `for` clause, or the name of a `let` clause of a comprehension. */
export class ForRef {
  readonly tag = TAG_FOR_REF;
  readonly place: Place;
  readonly up: number;
  constructor(place: Place, up: number) {
    this.place = place;
    this.up = up;
  }
}
/** The key variable of a `for` clause. */
export class KeyRef {
  readonly tag = TAG_KEY_REF;
  readonly place: Place;
  readonly up: number;
  constructor(place: Place, up: number) {
    this.place = place;
    this.up = up;
  }
}
/** The label that a pattern matched: the X of `[X=string]: …`. */
export class LabelRef {
  readonly tag = TAG_LABEL_REF;
  readonly place: Place;
  readonly up: number;
  constructor(place: Place, up: number) {
    this.place = place;
    this.up = up;
  }
}
/** The X of `X=(expr): …`, `X="\(expr)": …` and `X=[string]: …`: the field whose label the expression gives. */
export class DynamicRef {
  readonly tag = TAG_DYNAMIC_REF;
  readonly place: Place;
  readonly up: number;
  readonly label: Expr;
  constructor(place: Place, up: number, label: Expr) {
    this.place = place;
    this.up = up;
    this.label = label;
  }
}
/** What a package offers: CUE source, and for the standard ones functions and constants. */
export interface Package {
  readonly path: string;
  readonly root: StructLit | null;
  readonly values: ReadonlyMap<string, Value>;
  readonly constants: ReadonlyMap<string, Data>;
}
/** An imported package as a value. */
export class ImportRef {
  readonly tag = TAG_IMPORT_REF;
  readonly place: Place;
  readonly path: string;
  readonly pkg: Package;
  constructor(place: Place, path: string, pkg: Package) {
    this.place = place;
    this.path = path;
    this.pkg = pkg;
  }
}
export class LetField {
  readonly tag = TAG_LET_FIELD;
  readonly place: Place;
  readonly label: string;
  /** Set by the compiler before anything is evaluated. */
  value: Expr;
  constructor(place: Place, label: string, value: Expr) {
    this.place = place;
    this.label = label;
    this.value = value;
  }
}
export class LetRef {
  readonly tag = TAG_LET_REF;
  readonly place: Place;
  readonly up: number;
  readonly target: LetField;
  constructor(place: Place, up: number, target: LetField) {
    this.place = place;
    this.up = up;
    this.target = target;
  }
}
export class Selector {
  readonly tag = TAG_SELECTOR;
  readonly place: Place;
  readonly operand: Expr;
  readonly label: Label;
  /** Where the label stands. */
  readonly labelPlace: Place;
  constructor(place: Place, operand: Expr, label: Label, labelPlace: Place) {
    this.place = place;
    this.operand = operand;
    this.label = label;
    this.labelPlace = labelPlace;
  }
}
export class Index {
  readonly tag = TAG_INDEX;
  readonly place: Place;
  readonly operand: Expr;
  readonly index: Expr;
  readonly indexPlace: Place;
  constructor(place: Place, operand: Expr, index: Expr, indexPlace: Place) {
    this.place = place;
    this.operand = operand;
    this.index = index;
    this.indexPlace = indexPlace;
  }
}
export class Slice {
  readonly tag = TAG_SLICE;
  readonly place: Place;
  readonly operand: Expr;
  readonly low: Expr | null;
  readonly high: Expr | null;
  constructor(place: Place, operand: Expr, low: Expr | null, high: Expr | null) {
    this.place = place;
    this.operand = operand;
    this.low = low;
    this.high = high;
  }
}
export class Interpolation {
  readonly tag = TAG_INTERPOLATION;
  readonly place: Place;
  readonly isBytes: boolean;
  readonly parts: readonly (string | Uint8Array | Expr)[];
  constructor(place: Place, isBytes: boolean, parts: readonly (string | Uint8Array | Expr)[]) {
    this.place = place;
    this.isBytes = isBytes;
    this.parts = parts;
  }
}
export class Unary {
  readonly tag = TAG_UNARY;
  readonly place: Place;
  readonly op: '+' | '-' | '!';
  readonly operand: Expr;
  constructor(place: Place, op: '+' | '-' | '!', operand: Expr) {
    this.place = place;
    this.op = op;
    this.operand = operand;
  }
}
export class Binary {
  readonly tag = TAG_BINARY;
  readonly place: Place;
  readonly op: ArithmeticOp;
  readonly left: Expr;
  readonly right: Expr;
  /** What is tested by `x == _|_` or `x != _|_`; null for all else. */
  readonly tested: Expr | null;
  constructor(place: Place, op: ArithmeticOp, left: Expr, right: Expr) {
    this.place = place;
    this.op = op;
    this.left = left;
    this.right = right;
    this.tested = null;
    if (op === '==' || op === '!=') {
      if (isBottomLiteral(left)) this.tested = right;
      else if (isBottomLiteral(right)) this.tested = left;
    }
  }
}

function isBottomLiteral(x: Expr): boolean {
  return x.tag === TAG_BOTTOM && x.code === 'user';
}
export class And {
  readonly tag = TAG_AND;
  readonly place: Place;
  readonly left: Expr;
  readonly right: Expr;
  constructor(place: Place, left: Expr, right: Expr) {
    this.place = place;
    this.left = left;
    this.right = right;
  }
}
export class BoundExpr {
  readonly tag = TAG_BOUND_EXPR;
  readonly place: Place;
  readonly op: BoundOp;
  readonly operand: Expr;
  constructor(place: Place, op: BoundOp, operand: Expr) {
    this.place = place;
    this.op = op;
    this.operand = operand;
  }
}
export class Call {
  readonly tag = TAG_CALL;
  readonly place: Place;
  readonly fn: Expr;
  readonly args: readonly Expr[];
  constructor(place: Place, fn: Expr, args: readonly Expr[]) {
    this.place = place;
    this.fn = fn;
    this.args = args;
  }
}
export interface Disjunct {
  readonly value: Expr;
  readonly isDefault: boolean;
}
export class DisjunctionExpr {
  readonly tag = TAG_DISJUNCTION_EXPR;
  readonly place: Place;
  readonly disjuncts: readonly Disjunct[];
  readonly hasDefaults: boolean;
  /** What it is by itself, where it is made of different literals and types: `*"TCP" | "UDP"`. */
  readonly plain: Disjunction | null;
  constructor(place: Place, disjuncts: readonly Disjunct[]) {
    this.place = place;
    this.disjuncts = disjuncts;
    this.hasDefaults = disjuncts.some((d) => d.isDefault);
    this.plain = plainDisjunction(disjuncts, this.hasDefaults);
  }
}

export class StructLit {
  readonly tag = TAG_STRUCT;
  readonly place: Place;
  readonly decls: readonly Decl[];
  /** A whole file: embedding a definition does not close it. */
  readonly isFile: boolean;
  /** Embeds a value, itself or in a comprehension. */
  readonly hasEmbedding: boolean;
  /** Has neither embedded values nor comprehensions: it can be nothing but a struct. */
  readonly isPlain: boolean;
  /** Has no computed labels and embeds no `&`: the order of its fields is that of the text. */
  readonly hasDirectOrder: boolean;
  readonly hasEllipsis: boolean;
  /** Has optional fields, patterns or `...`: things that do not show in the value. */
  readonly hasOptional: boolean;
  /** What a comprehension yields, or a field of that: its fields and its other declarations are inserted apart. */
  isYielded = false;
  /** Nothing but fields with labels as written, each once. */
  readonly isSimple: boolean;
  /** How many values lie in it, if those are literals one and all; else -1. */
  readonly contentSize: number;
  /** Has ground fields of different regular names, or a single ground pattern for all names, and nothing else but `...`. */
  readonly isGround: boolean;
  readonly attributes: readonly Attribute[];
  /** How many values stand in it, itself included, if it is data; 0 for what was written in a program. */
  readonly dataSize: number;
  private names: ReadonlyMap<Label, Field> | null = null;
  constructor(
    place: Place,
    decls: readonly Decl[],
    isFile: boolean,
    attributes: readonly Attribute[],
    dataSize = 0,
  ) {
    this.place = place;
    this.decls = decls;
    this.isFile = isFile;
    this.attributes = attributes;
    this.dataSize = dataSize;
    if (dataSize > 0) {
      this.hasEmbedding = false;
      this.isPlain = true;
      this.hasDirectOrder = true;
      this.hasEllipsis = false;
      this.hasOptional = false;
      this.isSimple = true;
      this.contentSize = dataSize - 1;
      this.isGround = true;
      return;
    }
    let hasEmbedding = false;
    let hasEllipsis = false;
    let hasOptional = false;
    let isPlain = true;
    let hasDirectOrder = true;
    let isSimple = true;
    for (let i = 0; i < decls.length; i++) {
      const d = decls[i]!;
      if (d.tag === TAG_FIELD || d.tag === TAG_DYNAMIC_FIELD) {
        hasOptional ||= d.arcType !== ARC_MEMBER;
        if (d.tag === TAG_FIELD) continue;
        hasDirectOrder = false;
        isSimple = false;
        continue;
      }
      isSimple = false;
      if (d.tag === TAG_ELLIPSIS) hasEllipsis = true;
      else if (d.tag === TAG_PATTERN_FIELD) hasOptional = true;
      else if (d.tag === TAG_COMPREHENSION) {
        isPlain = false;
        markYielded(d.body);
        hasEmbedding ||= d.body.hasEmbedding;
      } else if (d.tag !== TAG_LET_FIELD) {
        isPlain = false;
        hasEmbedding = true;
        if (d.tag === TAG_AND) hasDirectOrder = false;
      }
    }
    this.hasEmbedding = hasEmbedding;
    this.hasEllipsis = hasEllipsis;
    this.hasOptional = hasOptional || hasEllipsis;
    this.isPlain = isPlain;
    this.hasDirectOrder = hasDirectOrder;
    this.isSimple = isSimple && hasDistinctLabels(decls);
    this.contentSize = this.isSimple ? fieldsSize(decls) : -1;
    this.isGround = isPlain && !isFile && hasGroundDecls(decls);
    if (this.isGround && decls.length > FEW) this.names = namesOf(decls);
  }

  /** The field that a ground struct or data has by this name. */
  fieldNamed(label: Label): Field | null {
    const { decls } = this;
    if (decls.length > FEW) {
      // Data belong to one evaluation and get their index when one is wanted.
      this.names ??= namesOf(decls);
      return this.names.get(label) ?? null;
    }
    for (let i = 0; i < decls.length; i++) {
      const d = decls[i]!;
      if (d.tag === TAG_FIELD && d.label === label) return d;
    }
    return null;
  }
}
function markYielded(s: StructLit): void {
  s.isYielded = true;
  for (const d of s.decls) if (d.tag === TAG_FIELD && d.value.tag === TAG_STRUCT) markYielded(d.value);
}

const FEW = 8;

function namesOf(decls: readonly Decl[]): ReadonlyMap<Label, Field> {
  const names = new Map<Label, Field>();
  for (const d of decls) if (d.tag === TAG_FIELD) names.set(d.label, d);
  return names;
}

/** How many values a literal is, itself included; -1 if it is more than that. */
function literalSize(x: Expr | Comprehension): number {
  if (x.tag <= LAST_SCALAR) return 1;
  if (x.tag !== TAG_STRUCT && x.tag !== TAG_LIST) return -1;
  return x.contentSize < 0 ? -1 : x.contentSize + 1;
}

function fieldsSize(decls: readonly Decl[]): number {
  let size = 0;
  for (let i = 0; i < decls.length; i++) {
    // The caller saw that all declarations are fields.
    const { label, arcType, value } = decls[i] as Field;
    const inner = arcType === ARC_MEMBER && isRegular(label) ? literalSize(value) : -1;
    if (inner < 0) return -1;
    size += inner;
  }
  return size;
}

function elementsSize(elements: readonly (Expr | Comprehension)[]): number {
  let size = 0;
  for (let i = 0; i < elements.length; i++) {
    const inner = literalSize(elements[i]!);
    if (inner < 0) return -1;
    size += inner;
  }
  return size;
}

/** Whether no two fields have one label; all declarations are fields. */
function hasDistinctLabels(decls: readonly Decl[]): boolean {
  if (decls.length > FEW) return new Set(decls.map((d) => (d as Field).label)).size === decls.length;
  for (let i = 1; i < decls.length; i++) {
    const { label } = decls[i] as Field;
    for (let k = 0; k < i; k++) if ((decls[k] as Field).label === label) return false;
  }
  return true;
}

export class ListLit {
  readonly tag = TAG_LIST;
  readonly place: Place;
  readonly elements: readonly (Expr | Comprehension)[];
  readonly ellipsis: Ellipsis | null;
  readonly hasComprehension: boolean;
  /** Nothing but elements. */
  readonly isSimple: boolean;
  /** As of a struct. */
  readonly contentSize: number;
  /** Has ground elements, or none and a ground ellipsis. */
  readonly isGround: boolean;
  /** As of a struct. */
  readonly dataSize: number;
  constructor(
    place: Place,
    elements: readonly (Expr | Comprehension)[],
    ellipsis: Ellipsis | null,
    dataSize = 0,
  ) {
    this.place = place;
    this.elements = elements;
    this.ellipsis = ellipsis;
    this.dataSize = dataSize;
    let hasComprehension = false;
    for (let i = 0; dataSize === 0 && i < elements.length; i++)
      hasComprehension ||= elements[i]!.tag === TAG_COMPREHENSION;
    this.hasComprehension = hasComprehension;
    this.isSimple = ellipsis === null && !hasComprehension;
    if (dataSize > 0) this.contentSize = dataSize - 1;
    else this.contentSize = this.isSimple ? elementsSize(elements) : -1;
    this.isGround = dataSize > 0 || hasGroundElements(elements, ellipsis);
  }
}

export class Comprehension {
  readonly tag = TAG_COMPREHENSION;
  readonly place: Place;
  readonly clauses: readonly Clause[];
  readonly body: StructLit;
  /** The labels that the body is sure to write, at any depth of nested comprehensions. */
  readonly labels: ReadonlySet<Label>;
  /** The body may write other labels as well (embeddings, computed labels). */
  readonly isOpenEnded: boolean;
  /** The body is nothing but fields with written labels. */
  readonly isFixed: boolean;
  constructor(place: Place, clauses: readonly Clause[], body: StructLit) {
    this.place = place;
    this.clauses = clauses;
    this.body = body;
    const labels = new Set<Label>();
    let openEnded = false;
    let fixed = body.decls.length > 0;
    for (const decl of body.decls) {
      fixed &&= decl.tag === TAG_FIELD;
      if (decl.tag === TAG_FIELD) labels.add(decl.label);
      else if (decl.tag === TAG_COMPREHENSION) {
        for (const label of decl.labels) labels.add(label);
        openEnded ||= decl.isOpenEnded;
      } else if (decl.tag !== TAG_LET_FIELD && decl.tag !== TAG_ELLIPSIS && decl.tag !== TAG_PATTERN_FIELD) {
        openEnded = true;
      }
    }
    this.labels = labels;
    this.isOpenEnded = openEnded;
    this.isFixed = fixed;
  }
}
export class ForClause {
  readonly tag = TAG_FOR;
  readonly place: Place;
  readonly source: Expr;
  constructor(place: Place, source: Expr) {
    this.place = place;
    this.source = source;
  }
}
export class IfClause {
  readonly tag = TAG_IF;
  readonly place: Place;
  readonly condition: Expr;
  constructor(place: Place, condition: Expr) {
    this.place = place;
    this.condition = condition;
  }
}
export class LetClause {
  readonly tag = TAG_LET_CLAUSE;
  readonly place: Place;
  readonly label: string;
  readonly value: Expr;
  constructor(place: Place, label: string, value: Expr) {
    this.place = place;
    this.label = label;
    this.value = value;
  }
}
export type Clause = ForClause | IfClause | LetClause;

/** What a declaration carries besides its meaning. */
export interface FieldNotes {
  readonly docs: readonly CommentGroup[];
  readonly attributes: readonly Attribute[];
}
export class Field {
  readonly tag = TAG_FIELD;
  readonly place: Place;
  readonly label: Label;
  readonly arcType: ArcType;
  readonly value: Expr;
  readonly notes: FieldNotes | null;
  constructor(place: Place, label: Label, arcType: ArcType, value: Expr, notes: FieldNotes | null) {
    this.place = place;
    this.label = label;
    this.arcType = arcType;
    this.value = value;
    this.notes = notes;
  }
}
/** `"\(x)": …`, `(x): …` */
export class DynamicField {
  readonly tag = TAG_DYNAMIC_FIELD;
  readonly place: Place;
  readonly key: Expr;
  readonly arcType: ArcType;
  readonly value: Expr;
  readonly notes: FieldNotes | null;
  constructor(place: Place, key: Expr, arcType: ArcType, value: Expr, notes: FieldNotes | null) {
    this.place = place;
    this.key = key;
    this.arcType = arcType;
    this.value = value;
    this.notes = notes;
  }
}
/** `[string]: …` */
export class PatternField {
  readonly tag = TAG_PATTERN_FIELD;
  readonly place: Place;
  readonly pattern: Expr;
  readonly value: Expr;
  readonly notes: FieldNotes | null;
  constructor(place: Place, pattern: Expr, value: Expr, notes: FieldNotes | null) {
    this.place = place;
    this.pattern = pattern;
    this.value = value;
    this.notes = notes;
  }
}
export class Ellipsis {
  readonly tag = TAG_ELLIPSIS;
  readonly place: Place;
  readonly value: Expr | null;
  constructor(place: Place, value: Expr | null) {
    this.place = place;
    this.value = value;
  }
}

/** Expressions that lead to a vertex of the tree. */
export type Resolver = FieldRef | ValueRef | ForRef | DynamicRef | ImportRef | LetRef | Selector | Index;
export type Expr =
  | Value
  | Resolver
  | LabelRef
  | KeyRef
  | Slice
  | Interpolation
  | Unary
  | Binary
  | BoundExpr
  | Call
  | And
  | DisjunctionExpr
  | StructLit
  | ListLit;
export type Decl = Expr | Comprehension | Field | LetField | DynamicField | PatternField | Ellipsis;
/** What a field conjunct was declared by. */
export type FieldDecl = Field | DynamicField | PatternField | Ellipsis;
