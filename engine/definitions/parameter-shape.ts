/**
 * What a template's `parameter` declares, read from its syntax tree without evaluating: names, where they stand,
 * what is written as their type. It serves messages and warnings, never the decision whether a value is right;
 * where the syntax does not tell, the shape is `any`.
 */
import type { Ast } from '../cue/index.ts';
import { parse } from '../cue/index.ts';
import type { JsonValue } from '../json.ts';
import type { Span } from '../result.ts';
import { spanOf } from './cue-file.ts';
import { literalValue } from './cue-literal.ts';
import type { TemplateText } from './definition.ts';
import { childrenOf } from './syntax-children.ts';

export type Shape =
  | { readonly kind: 'struct'; readonly fields: ReadonlyMap<string, FieldShape>; readonly rest: Shape | null }
  | { readonly kind: 'list'; readonly element: Shape }
  | { readonly kind: 'scalar'; readonly allowed: readonly JsonValue[] }
  | { readonly kind: 'any' };

export interface FieldShape {
  readonly shape: Shape;
  readonly presence: 'optional' | 'required' | 'declared';
  /** The type as the definition writes it. */
  readonly text: string;
  readonly span: Span;
  /** The text behind `+usage=`. */
  readonly usage: string;
  readonly immutable: boolean;
}

const any: Shape = { kind: 'any' };
/** References and structs are followed so deep; a definition that refers to itself ends here. */
const maxDepth = 24;

/** The shape of `parameter` (or of `#parameter`, as older templates write it); null where it is not declared. */
export function parameterShape(template: TemplateText): FieldShape | null {
  const parsed = parse({ name: template.source, text: template.text });
  if (!parsed.ok) return null;
  const reader = new ShapeReader(parsed.value, template);
  const declared = parsed.value.decls.filter(
    (d): d is Ast.Field => d.type === 'field' && isParameter(d.label),
  );
  const [first] = declared;
  if (first === undefined) return null;
  const field = reader.field(first, 0);
  const shape = declared.map((d) => reader.shape(d.value, 0)).reduce(both);
  const isBare = shape.kind === 'struct' && shape.fields.size === 0 && shape.rest === null;
  return { ...field, shape: isBare && parsed.value.decls.some(passesOn) ? any : shape };
}

/** Whether `parameter` as a whole goes somewhere, with whatever a user gives. */
function passesOn(node: Ast.Node): boolean {
  if (node.type === 'ident') return node.name === 'parameter';
  if (node.type === 'field') return passesOn(node.value);
  if (node.type === 'selector') return node.operand.type !== 'ident' && passesOn(node.operand);
  return childrenOf(node).some(passesOn);
}

function isParameter(label: Ast.Label): boolean {
  const name = label.type === 'ident' ? label.name : label.type === 'string' ? label.value : '';
  return name === 'parameter' || name === '#parameter';
}

class ShapeReader {
  readonly #template: TemplateText;
  /** Fields and definitions at the top of the file, by name. */
  readonly #top = new Map<string, Ast.Field[]>();

  constructor(file: Ast.File, template: TemplateText) {
    this.#template = template;
    for (const decl of file.decls) {
      if (decl.type !== 'field' || decl.label.type !== 'ident') continue;
      const known = this.#top.get(decl.label.name);
      if (known === undefined) this.#top.set(decl.label.name, [decl]);
      else known.push(decl);
    }
  }

  field(field: Ast.Field, depth: number): FieldShape {
    const { text, source, line } = this.#template;
    const span = spanOf(text, source, field.label.start);
    const docs = (field.comments ?? []).flatMap((c) => c.lines);
    const usage = docs.map((l) => l.trim()).find((l) => l.startsWith('+usage='));
    return {
      shape: this.shape(field.value, depth + 1),
      presence: field.constraint === 'regular' ? 'declared' : field.constraint,
      text: text.slice(field.value.start, field.value.end),
      span: { ...span, line: span.line + line - 1 },
      usage: usage?.slice('+usage='.length) ?? '',
      immutable: docs.some((l) => l.trim() === '+immutable'),
    };
  }

  shape(expr: Ast.Expr, depth: number): Shape {
    if (depth > maxDepth) return any;
    switch (expr.type) {
      case 'struct':
        return this.#struct(expr.decls, depth);
      case 'list':
        return this.#list(expr, depth);
      case 'paren':
        return this.shape(expr.inner, depth + 1);
      case 'unary':
        return expr.op === '*' ? this.shape(expr.operand, depth + 1) : any;
      case 'binary':
        return this.#binary(expr, depth);
      case 'ident':
        return this.#reference(expr.name, depth);
      case 'call':
        return this.#call(expr, depth);
      case 'alias':
        return this.shape(expr.value, depth + 1);
      default: {
        const value = literalValue(expr);
        return value === undefined ? any : { kind: 'scalar', allowed: [value] };
      }
    }
  }

  #binary(expr: Ast.BinaryExpr, depth: number): Shape {
    if (expr.op !== '|' && expr.op !== '&') return any;
    const left = this.shape(expr.left, depth + 1);
    const right = this.shape(expr.right, depth + 1);
    return expr.op === '|' ? either(left, right) : both(left, right);
  }

  #reference(name: string, depth: number): Shape {
    if (scalarTypes.has(name)) return { kind: 'scalar', allowed: [] };
    const declared = this.#top.get(name);
    if (declared === undefined) return any;
    return declared.map((d) => this.shape(d.value, depth + 1)).reduce(both);
  }

  #call(expr: Ast.CallExpr, depth: number): Shape {
    const [argument] = expr.args;
    const isClose = expr.callee.type === 'ident' && expr.callee.name === 'close';
    return isClose && argument !== undefined ? this.shape(argument, depth + 1) : any;
  }

  #list(expr: Ast.ListLit, depth: number): Shape {
    let element: Shape | null = null;
    for (const item of expr.elements) {
      if (item.type === 'comprehension') return { kind: 'list', element: any };
      const inner =
        item.type === 'ellipsis'
          ? item.value === null
            ? any
            : this.shape(item.value, depth + 1)
          : this.shape(item, depth + 1);
      element = element === null ? inner : either(element, inner);
    }
    return { kind: 'list', element: element ?? any };
  }

  #struct(decls: readonly Ast.Decl[], depth: number): Shape {
    const fields = new Map<string, FieldShape>();
    let shape: Shape = { kind: 'struct', fields, rest: null };
    for (const decl of decls) {
      switch (decl.type) {
        case 'field': {
          const name =
            decl.label.type === 'ident'
              ? decl.label.name
              : decl.label.type === 'string'
                ? decl.label.value
                : null;
          if (name === null) shape = both(shape, this.#dynamic(decl, depth));
          else fields.set(name, merged(fields.get(name), this.field(decl, depth)));
          break;
        }
        case 'ellipsis':
          shape = both(shape, { kind: 'struct', fields: new Map(), rest: any });
          break;
        case 'embedding':
          shape = both(shape, this.shape(decl.expr, depth + 1));
          break;
        case 'comprehension':
          shape = both(shape, this.shape(decl.value, depth + 1));
          break;
        default:
          break;
      }
    }
    return shape;
  }

  /** `[string]: T`, `"\(x)": T`: names that are not known here. */
  #dynamic(field: Ast.Field, depth: number): Shape {
    return { kind: 'struct', fields: new Map(), rest: this.shape(field.value, depth + 1) };
  }
}

const scalarTypes: ReadonlySet<string> = new Set([
  'string',
  'bytes',
  'bool',
  'int',
  'float',
  'number',
  'null',
  'uint',
  'uint8',
  'uint16',
  'uint32',
  'uint64',
  'int8',
  'int16',
  'int32',
  'int64',
  'float32',
  'float64',
]);

function merged(before: FieldShape | undefined, field: FieldShape): FieldShape {
  return before === undefined
    ? field
    : { ...before, shape: both(before.shape, field.shape), usage: before.usage || field.usage };
}

/** What may stand where both are declared: all names of either. */
function both(a: Shape, b: Shape): Shape {
  return join(a, b, 'both');
}

function either(a: Shape, b: Shape): Shape {
  return join(a, b, 'either');
}

function join(a: Shape, b: Shape, how: 'both' | 'either'): Shape {
  if (a.kind === 'any' || b.kind === 'any') return any;
  if (a.kind === 'struct' && b.kind === 'struct') {
    const fields = new Map(a.fields);
    for (const [name, field] of b.fields) fields.set(name, merged(fields.get(name), field));
    return {
      kind: 'struct',
      fields,
      rest: a.rest === null ? b.rest : b.rest === null ? a.rest : join(a.rest, b.rest, how),
    };
  }
  if (a.kind === 'list' && b.kind === 'list')
    return { kind: 'list', element: join(a.element, b.element, how) };
  if (a.kind === 'scalar' && b.kind === 'scalar') return joinScalars(a.allowed, b.allowed, how);
  // A scalar beside a struct or a list: only the latter has names to tell.
  if (a.kind === 'scalar') return b;
  return b.kind === 'scalar' ? a : any;
}

/** An empty list of allowed values stands for "any of its type". */
function joinScalars(a: readonly JsonValue[], b: readonly JsonValue[], how: 'both' | 'either'): Shape {
  if (how === 'both') return { kind: 'scalar', allowed: a.length === 0 ? b : a };
  return { kind: 'scalar', allowed: a.length === 0 || b.length === 0 ? [] : [...new Set([...a, ...b])] };
}
