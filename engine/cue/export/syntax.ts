/**
 * The syntax tree of an evaluated value, as CUE's Syntax gives it with references resolved (internal/core/export of
 * v0.14.1): what is known is spelled out; what is not known yet stays the expression that it was written as.
 */
import type { Bottom } from '../bottom.ts';
import { diagnosticsOf } from '../diagnostic.ts';
import { defaultOf } from '../eval/default.ts';
import type { Evaluation } from '../eval/evaluation.ts';
import type { EvaluatorFunction } from '../eval/function.ts';
import { kindName, NUMBER_KIND, TOP_KIND } from '../eval/kind.ts';
import { isDefinition, isHidden, isRegular, type Label, labelName } from '../eval/label.ts';
import { settleOptional } from '../eval/process.ts';
import * as Tag from '../eval/tag.ts';
import {
  ARC_OPTIONAL,
  ARC_REQUIRED,
  type BaseValue,
  type Conjunct,
  type Conjunction,
  type Disjunction,
  kindOf,
  type Value,
  type Vertex,
} from '../eval/value.ts';
import type * as Ast from '../syntax/ast.ts';
import { isDefinitionOrHidden, isIdentifier, quoteBytes, quoteLines, quoteText } from '../syntax/quote.ts';
import type { Value as Handle } from '../value.ts';
import { guarded, settle } from '../value.ts';
import { anyElement } from './any-arc.ts';
import { numberText, simplifyBounds } from './bounds.ts';
import { detach, joined, operandRank, unification } from './detach.ts';
import { docsOf } from './docs.ts';
import { orderArcs } from './order.ts';

export interface SyntaxOptions {
  /** Doc comments of fields and elements. Default false. */
  readonly docs?: boolean;
  /** Attributes of fields and structs. Default true. */
  readonly attributes?: boolean;
  /** Optional fields. Default true. */
  readonly optional?: boolean;
  /** Default true. */
  readonly definitions?: boolean;
  /** Hidden fields. Default false. */
  readonly hidden?: boolean;
  /** Errors of fields at their places, in a struct that is otherwise shown, with their messages. Default true. */
  readonly errors?: boolean;
  /** Defaults in place of disjunctions, and closed lists. Default false. */
  readonly defaults?: boolean;
}

/** What `Syntax(Final())` shows. */
export const FINAL_SYNTAX: SyntaxOptions = {
  optional: false,
  definitions: false,
  errors: false,
  defaults: true,
};

export interface ValueSyntax {
  readonly expr: Ast.Expr;
  /** Paths of the packages that the expression refers to. */
  readonly imports: readonly string[];
}

/**
 * The tree of a value, as Go's `Value.Syntax` gives it. Nodes have no places; the printer lays them out. What does not
 * exist, and a tree that the budget does not reach for, are a bottom with its message.
 */
export function syntaxOf(value: Handle, options: SyntaxOptions = {}): ValueSyntax {
  const error = value.exists() ? null : value.error();
  if (error !== null) return { expr: new SyntaxWriter(value.ctx, options).failed(error.bottom), imports: [] };
  guarded(
    value.ctx,
    () => settle(value.ctx, value.vertex),
    () => {},
  );
  return vertexSyntax(value.ctx, value.vertex, options);
}

/** The tree of a finalized vertex. */
export function vertexSyntax(ctx: Evaluation, vertex: Vertex, options: SyntaxOptions = {}): ValueSyntax {
  const writer = new SyntaxWriter(ctx, options);
  // Optional fields are worked out here, which may spend the budget.
  const expr = guarded<Ast.Expr>(
    ctx,
    () => writer.vertex(vertex),
    (error) => writer.failed(error),
  );
  return { expr, imports: [...writer.imports].sort() };
}

/** Roughly what a node of the tree takes, in bytes of the budget. */
const NODE_BYTES = 100;

const DEFAULTS: Required<SyntaxOptions> = {
  docs: false,
  attributes: true,
  optional: true,
  definitions: true,
  hidden: false,
  errors: true,
  defaults: false,
};

const NOWHERE = { start: -1, end: -1 } as const;

function ident(name: string): Ast.Ident {
  return { type: 'ident', ...NOWHERE, name };
}

function stringLiteral(value: string, tabs: number): Ast.StringLit {
  const raw = quoteLines(value, tabs);
  const hashes = raw.startsWith('#') ? raw.indexOf('"') : 0;
  return { type: 'string', ...NOWHERE, value, quote: { hashes, multiline: value.includes('\n') }, raw };
}

/** A regular label as an identifier where it is one, else quoted. */
function labelSyntax(label: Label): Ast.Label {
  const name = labelName(label);
  if (!isRegular(label) || (isIdentifier(name) && !isDefinitionOrHidden(name))) return ident(name);
  const raw = quoteText(name);
  return { type: 'string', ...NOWHERE, value: name, quote: { hashes: 0, multiline: false }, raw };
}

class SyntaxWriter {
  readonly imports = new Set<string>();
  private readonly ctx: Evaluation;
  private readonly options: Required<SyntaxOptions>;
  private depth = 0;

  constructor(ctx: Evaluation, options: SyntaxOptions) {
    this.ctx = ctx;
    this.options = { ...DEFAULTS, ...options };
  }

  vertex(arc: Vertex): Ast.Expr {
    // A small program may mean a giant value: what it prints as is charged as it grows.
    this.ctx.charge(NODE_BYTES);
    this.ctx.enter();
    this.depth++;
    settleOptional(this.ctx, arc);
    const v = arc.deref();
    const expr = this.known(v) ?? this.written(v);
    this.depth--;
    this.ctx.leave();
    return expr;
  }

  /** The value as far as it was worked out; null if nothing but its expressions is known. */
  private known(v: Vertex): Ast.Expr | null {
    const { base } = v;
    if (base === null) return null;
    const attributes = this.attributesOf(v);
    switch (base.tag) {
      case Tag.TAG_STRUCT_MARKER:
        return this.struct(v, attributes);
      case Tag.TAG_LIST_MARKER:
        return this.showsArcs(v) || attributes.length > 0 ? this.struct(v, attributes) : this.list(v);
      case Tag.TAG_BOTTOM:
        return this.bottom(v, base, attributes);
      case Tag.TAG_VERTEX:
        return null;
      default:
        if (this.showsArcs(v) || attributes.length > 0) return this.struct(v, attributes);
        return this.value(base, v.conjuncts);
    }
  }

  private bottom(v: Vertex, base: Bottom, attributes: readonly Ast.Attribute[]): Ast.Expr | null {
    if (v.arcType === ARC_OPTIONAL) return null;
    if (this.options.errors && base.childError) {
      const isList = typeof v.arcs[0]?.label === 'number';
      return isList && !this.showsArcs(v) && attributes.length === 0
        ? this.list(v)
        : this.struct(v, attributes);
    }
    const isIncomplete = base.code === 'incomplete' || base.code === 'cycle';
    return isIncomplete && v.conjuncts.length > 0 ? null : this.failed(base);
  }

  /** `_|_`, with what is wrong behind it. */
  failed(bottom: Bottom): Ast.BottomLit {
    const literal: Ast.BottomLit = { type: 'bottom', ...NOWHERE };
    const diagnostics = this.options.errors ? diagnosticsOf(bottom) : [];
    const [first] = diagnostics;
    if (first === undefined) return literal;
    const more = diagnostics.length > 1 ? ` (and ${diagnostics.length - 1} more errors)` : '';
    const path = first.pathText === '' ? '' : `${first.pathText}: `;
    const line = ` ${path}${first.message}${more}`.replaceAll('\n', ' ');
    return {
      ...literal,
      comments: [{ lines: [line], place: 'line', position: 2, gap: 'unset', ...NOWHERE }],
    };
  }

  /** The unification of the expressions that the vertex was declared with. */
  private written(v: Vertex): Ast.Expr {
    const operands = v.conjuncts.map((conjunct) => this.expression(conjunct));
    return unification(operands.sort((a, b) => operandRank(a) - operandRank(b)));
  }

  private expression({ expr }: Conjunct): Ast.Expr {
    if (expr.tag <= Tag.LAST_VALUE) {
      const value = expr as Value; // the tags of values are the lowest
      return value.tag === Tag.TAG_VERTEX ? this.vertex(value) : this.value(value, []);
    }
    const node = 'place' in expr && expr.place !== null ? expr.place.node : null;
    // The place of an expression is the expression in the tree; that of a file is its declarations.
    if (node === null || !('type' in node)) return ident('_');
    const source = node as Ast.Expr | Ast.File | Ast.Embedding;
    if (source.type === 'embedding') return detach(source.expr, this.options);
    if (source.type !== 'file') return detach(source, this.options);
    return detach({ type: 'struct', ...NOWHERE, decls: source.decls, chained: false }, this.options);
  }

  // ---- simple values

  private value(given: Value, conjuncts: readonly Conjunct[]): Ast.Expr {
    const value = this.options.defaults ? defaultOf(given) : given;
    switch (value.tag) {
      case Tag.TAG_NULL:
        return { type: 'null', ...NOWHERE };
      case Tag.TAG_BOOL:
        return { type: 'bool', ...NOWHERE, value: value.value };
      case Tag.TAG_NUM:
        return literalOf(conjuncts) ?? { type: 'number', ...NOWHERE, raw: numberText(value.value) };
      case Tag.TAG_STRING:
        return literalOf(conjuncts) ?? stringLiteral(value.value, this.depth);
      case Tag.TAG_BYTES: {
        const raw = quoteBytes(value.value);
        const quote = { hashes: 0, multiline: false };
        return literalOf(conjuncts) ?? { type: 'bytes', ...NOWHERE, value: value.value, quote, raw };
      }
      case Tag.TAG_TYPE:
        return this.type(value.kind);
      case Tag.TAG_TOP:
        return ident('_');
      case Tag.TAG_BOUND:
        return { type: 'unary', ...NOWHERE, op: value.op, operand: this.value(value.value, []) };
      case Tag.TAG_BUILTIN:
        return this.builtin(value.fn);
      case Tag.TAG_VALIDATOR: {
        const args = value.args.map((arg) => this.value(arg, []));
        return { type: 'call', ...NOWHERE, callee: this.builtin(value.fn), args };
      }
      case Tag.TAG_CONJUNCTION:
        return this.conjunction(value);
      case Tag.TAG_DISJUNCTION:
        return this.disjunction(value);
      case Tag.TAG_BOTTOM:
        return this.failed(value);
      case Tag.TAG_VERTEX:
        return this.vertex(value);
      default:
        return value satisfies never;
    }
  }

  /** A type; a set of several, which no name stands for, as a disjunction. */
  private type(kind: number): Ast.Expr {
    if (kind === TOP_KIND) return ident('_');
    const names: string[] = [];
    let rest = kind;
    if ((kind & NUMBER_KIND) === NUMBER_KIND) {
      names.push('number');
      rest &= ~NUMBER_KIND;
    }
    for (let bit = 1; bit < TOP_KIND; bit <<= 1) if ((rest & bit) !== 0) names.push(kindName(bit));
    const types = names.map((name): Ast.Expr => {
      if (name === 'struct') return { type: 'struct', ...NOWHERE, decls: [ELLIPSIS], chained: false };
      return name === 'list' ? { type: 'list', ...NOWHERE, elements: [ELLIPSIS] } : ident(name);
    });
    return joined('|', types) ?? { type: 'bottom', ...NOWHERE };
  }

  private builtin(fn: EvaluatorFunction): Ast.Expr {
    const dot = fn.name.lastIndexOf('.');
    if (dot < 0) return ident(fn.name);
    const path = fn.name.slice(0, dot);
    this.imports.add(path);
    const operand = ident(path.slice(path.lastIndexOf('/') + 1));
    return { type: 'selector', ...NOWHERE, operand, selector: ident(fn.name.slice(dot + 1)) };
  }

  private conjunction({ values }: Conjunction): Ast.Expr {
    const simple = simplifyBounds(values);
    const rest = [...(simple === null ? values : simple.others)];
    rest.sort((a, b) => valueRank(a) - valueRank(b) || offsetOf(a) - offsetOf(b));
    const names = (simple?.names ?? []).map(ident);
    const bounds = (simple?.bounds ?? []).map((bound) => this.value(bound, []));
    return unification([...names, ...bounds, ...rest.map((value) => this.value(value, []))]);
  }

  private disjunction({ values, defaults }: Disjunction): Ast.Expr {
    const operands = values.map((value, i): Ast.Expr => {
      const operand = this.value(value, []);
      return i < defaults ? { type: 'unary', ...NOWHERE, op: '*', operand } : operand;
    });
    return joined('|', operands) ?? { type: 'bottom', ...NOWHERE };
  }

  // ---- composites

  private showsArcs(v: Vertex): boolean {
    const { definitions, hidden } = this.options;
    return v.arcs.some(({ label }) => (definitions && isDefinition(label)) || (hidden && isHidden(label)));
  }

  private isShown(arc: Vertex, isStruct: boolean): boolean {
    const { label } = arc;
    if (arc.arcType > ARC_OPTIONAL || (arc.arcType === ARC_OPTIONAL && !this.options.optional)) return false;
    if (typeof label === 'number') return false;
    if (isRegular(label)) return isStruct;
    return isHidden(label) ? this.options.hidden : isDefinition(label) && this.options.definitions;
  }

  private struct(v: Vertex, attributes: readonly Ast.Attribute[]): Ast.Expr {
    const { base } = v;
    const isStruct = base !== null && (base.tag === Tag.TAG_STRUCT_MARKER || base.tag === Tag.TAG_BOTTOM);
    const decls: Ast.Decl[] = [];
    if (base !== null && isSimple(base)) decls.push(embedding(this.value(base, [])));
    decls.push(...attributes);
    for (const arc of orderArcs(v)) if (this.isShown(arc, isStruct)) decls.push(this.field(arc));
    // A list may be long, and so comes last.
    if (base !== null && base.tag === Tag.TAG_LIST_MARKER) decls.push(embedding(this.list(v)));
    return { type: 'struct', ...NOWHERE, decls, chained: false };
  }

  private field(arc: Vertex): Ast.Field {
    const constraint =
      arc.arcType === ARC_OPTIONAL ? 'optional' : arc.arcType === ARC_REQUIRED ? 'required' : 'regular';
    const field: Ast.Field = {
      type: 'field',
      ...NOWHERE,
      alias: null,
      label: labelSyntax(arc.label),
      constraint,
      value: this.vertex(arc),
      attributes: this.options.attributes ? fieldAttributes(arc) : [],
    };
    return this.documented(field, arc);
  }

  private documented<N extends Ast.NodeBase>(node: N, arc: Vertex): N {
    const comments = this.options.docs ? docsOf(arc) : [];
    return comments.length === 0 ? node : { ...node, comments };
  }

  private list(v: Vertex): Ast.ListLit {
    const elements: (Ast.Expr | Ast.Ellipsis)[] = [];
    for (const arc of v.arcs) {
      if (typeof arc.label === 'number') elements.push(this.documented(this.vertex(arc), arc));
    }
    const { base } = v;
    if (!this.options.defaults && base !== null && base.tag === Tag.TAG_LIST_MARKER && base.isOpen) {
      elements.push(this.openEnd(v));
    }
    return { type: 'list', ...NOWHERE, elements };
  }

  private openEnd(v: Vertex): Ast.Ellipsis {
    const further = anyElement(this.ctx, v);
    const isTop = further === null || kindOf(further) === TOP_KIND;
    return { ...ELLIPSIS, value: isTop ? null : this.vertex(further) };
  }

  /** The attributes that stand in the structs of a vertex, each once. */
  private attributesOf(v: Vertex): readonly Ast.Attribute[] {
    if (!this.options.attributes) return [];
    return uniqueAttributes(v.structs.flatMap(({ struct }) => struct.attributes));
  }
}

const ELLIPSIS: Ast.Ellipsis = { type: 'ellipsis', ...NOWHERE, value: null };

function embedding(expr: Ast.Expr): Ast.Embedding {
  return { type: 'embedding', ...NOWHERE, expr };
}

/** A value without arcs of its own, in the place where markers may stand too. */
function isSimple(base: BaseValue): base is Exclude<Value, Vertex> {
  return base.tag < Tag.TAG_BOTTOM;
}

function fieldAttributes(arc: Vertex): readonly Ast.Attribute[] {
  return uniqueAttributes(
    arc.conjuncts.flatMap(({ field }) => {
      return field !== null && 'notes' in field && field.notes !== null ? field.notes.attributes : [];
    }),
  );
}

function uniqueAttributes(attributes: readonly Ast.Attribute[]): readonly Ast.Attribute[] {
  const byText = new Map(attributes.map((attribute) => [`${attribute.name}(${attribute.body})`, attribute]));
  return [...byText.values()].map(({ name, body }) => ({ type: 'attribute', ...NOWHERE, name, body }));
}

/** The literal that an element or embedded value was written as. */
function literalOf(conjuncts: readonly Conjunct[]): Ast.Expr | null {
  for (const { field, expr } of conjuncts) {
    if (field !== null || !('place' in expr) || expr.place === null) continue;
    const { node } = expr.place;
    if (node.start < 0 || !('type' in node)) continue;
    const { type } = node;
    if (type === 'number' || type === 'string' || type === 'bytes') {
      return detach(node as Ast.NumberLit | Ast.StringLit | Ast.BytesLit, { docs: false }); // the type says so
    }
  }
  return null;
}

function valueRank(value: Value): number {
  switch (value.tag) {
    case Tag.TAG_TOP:
      return 0;
    case Tag.TAG_TYPE:
      return 1;
    case Tag.TAG_NULL:
    case Tag.TAG_BOOL:
    case Tag.TAG_NUM:
    case Tag.TAG_STRING:
    case Tag.TAG_BYTES:
      return 10;
    case Tag.TAG_BOUND:
      return 20;
    default:
      return 25;
  }
}

function offsetOf(value: Value): number {
  return 'place' in value && value.place !== null ? value.place.node.start : -1;
}
