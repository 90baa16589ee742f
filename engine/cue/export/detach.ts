/** Copies of source expressions that stand by themselves: without places, and with doc comments only. */
import type * as Ast from '../syntax/ast.ts';

/** Names that mean a type, and so come first in a unification. */
const TYPES: ReadonlySet<string> = new Set(['null', 'bool', 'int', 'float', 'number', 'string', 'bytes']);

export interface DetachOptions {
  readonly docs: boolean;
}

/** The expression as it would be written anew: parentheses go (the printer sets those that are needed). */
export function detach(expr: Ast.Expr, options: DetachOptions): Ast.Expr {
  return new Copier(options.docs).expr(expr);
}

/** Orders the operands of a unification: types, references, scalars, bounds, other expressions, structs and lists. */
export function operandRank(expr: Ast.Expr): number {
  switch (expr.type) {
    case 'ident':
      return expr.name === '_' ? 0 : TYPES.has(expr.name) ? 1 : 2;
    case 'null':
    case 'bool':
    case 'number':
    case 'string':
    case 'bytes':
      return 10;
    case 'unary':
      return expr.op === '-' || expr.op === '+' || expr.op === '!' ? 25 : 20;
    case 'struct':
    case 'list':
      return 500;
    default:
      return 25;
  }
}

class Copier {
  private readonly docs: boolean;

  constructor(docs: boolean) {
    this.docs = docs;
  }

  expr(expr: Ast.Expr): Ast.Expr {
    switch (expr.type) {
      case 'paren':
        return this.expr(expr.inner);
      case 'binary':
        return this.binary(expr);
      case 'list':
        return { ...this.bare(expr), elements: expr.elements.map((element) => this.element(element)) };
      case 'struct':
        return this.struct(expr);
      case 'unary':
        return { ...this.bare(expr), operand: this.expr(expr.operand) };
      case 'selector':
        return { ...this.bare(expr), operand: this.expr(expr.operand), selector: this.bare(expr.selector) };
      case 'index':
        return { ...this.bare(expr), operand: this.expr(expr.operand), index: this.expr(expr.index) };
      case 'slice':
        return {
          ...this.bare(expr),
          operand: this.expr(expr.operand),
          low: this.or(expr.low),
          high: this.or(expr.high),
        };
      case 'call':
        return {
          ...this.bare(expr),
          callee: this.expr(expr.callee),
          args: expr.args.map((arg) => this.expr(arg)),
        };
      case 'alias':
        return { ...this.bare(expr), name: this.bare(expr.name), value: this.expr(expr.value) };
      case 'interpolation':
        return this.interpolation(expr);
      default:
        return this.bare(expr);
    }
  }

  private or(expr: Ast.Expr | null): Ast.Expr | null {
    return expr === null ? null : this.expr(expr);
  }

  /** The node itself without its place; its comments only if they are docs that are asked for. */
  private bare<N extends Ast.NodeBase>(node: N): N {
    const { comments, ...rest } = node;
    const docs = this.docs ? (comments ?? []).filter((group) => group.place === 'doc') : [];
    // Only the place and the comments change, both of which every node has.
    return { ...rest, start: -1, end: -1, ...(docs.length > 0 ? { comments: docs } : {}) } as unknown as N;
  }

  private binary(expr: Ast.BinaryExpr): Ast.Expr {
    if (expr.op !== '&') {
      return { ...this.bare(expr), left: this.expr(expr.left), right: this.expr(expr.right) };
    }
    const operands: Ast.Expr[] = [];
    const open: Ast.Expr[] = [expr];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (at.type === 'paren') open.push(at.inner);
      else if (at.type === 'binary' && at.op === '&') open.push(at.right, at.left);
      else operands.push(this.expr(at));
    }
    return unification(operands.sort((a, b) => operandRank(a) - operandRank(b)));
  }

  private interpolation(expr: Ast.Interpolation): Ast.Interpolation {
    const parts = expr.parts.map((part) => {
      return typeof part === 'string' || part instanceof Uint8Array ? part : this.expr(part);
    });
    return { ...this.bare(expr), parts };
  }

  private struct(struct: Ast.StructLit): Ast.StructLit {
    return { ...this.bare(struct), decls: struct.decls.map((decl) => this.decl(decl)) };
  }

  private element(
    element: Ast.Expr | Ast.Comprehension | Ast.Ellipsis,
  ): Ast.Expr | Ast.Comprehension | Ast.Ellipsis {
    if (element.type === 'comprehension') return this.comprehension(element);
    return element.type === 'ellipsis'
      ? { ...this.bare(element), value: this.or(element.value) }
      : this.expr(element);
  }

  private decl(decl: Ast.Decl): Ast.Decl {
    switch (decl.type) {
      case 'field': {
        const { alias, label } = decl;
        const value = this.expr(decl.value);
        return {
          ...this.bare(decl),
          alias: alias === null ? null : this.bare(alias),
          label: this.label(label),
          value,
        };
      }
      case 'embedding':
        return { ...this.bare(decl), expr: this.expr(decl.expr) };
      case 'let':
        return { ...this.bare(decl), name: this.bare(decl.name), value: this.expr(decl.value) };
      case 'comprehension':
        return this.comprehension(decl);
      case 'ellipsis':
        return { ...this.bare(decl), value: this.or(decl.value) };
      case 'attribute':
        return this.bare(decl);
      default:
        return decl satisfies never;
    }
  }

  private label(label: Ast.Label): Ast.Label {
    switch (label.type) {
      case 'pattern':
        return { ...this.bare(label), expr: this.expr(label.expr) };
      case 'paren':
        return { ...this.bare(label), inner: this.expr(label.inner) };
      case 'interpolation':
        return this.interpolation(label);
      default:
        return this.bare(label);
    }
  }

  private comprehension(comprehension: Ast.Comprehension): Ast.Comprehension {
    const clauses = comprehension.clauses.map((clause) => this.clause(clause));
    return { ...this.bare(comprehension), clauses, value: this.struct(comprehension.value) };
  }

  private clause(clause: Ast.Clause): Ast.Clause {
    switch (clause.type) {
      case 'for': {
        const key = clause.key === null ? null : this.bare(clause.key);
        return {
          ...this.bare(clause),
          key,
          value: this.bare(clause.value),
          source: this.expr(clause.source),
        };
      }
      case 'if':
        return { ...this.bare(clause), condition: this.expr(clause.condition) };
      case 'letClause':
        return { ...this.bare(clause), name: this.bare(clause.name), value: this.expr(clause.value) };
      default:
        return clause satisfies never;
    }
  }
}

/** `a & b & c`; `_` for nothing. */
export function unification(operands: readonly Ast.Expr[]): Ast.Expr {
  const meaningful = operands.filter((operand) => operand.type !== 'ident' || operand.name !== '_');
  return joined('&', meaningful) ?? { type: 'ident', start: -1, end: -1, name: '_' };
}

/** The operands joined by an operator, leaning to the left; null for none. */
export function joined(op: '&' | '|', operands: readonly Ast.Expr[]): Ast.Expr | null {
  let out: Ast.Expr | null = null;
  for (const right of operands) {
    out = out === null ? right : { type: 'binary', start: -1, end: -1, op, opStart: -1, left: out, right };
  }
  return out;
}
