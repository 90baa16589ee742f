/**
 * The name clashes that CUE's parser refuses (cue/ast/astutil, Resolve): a let or alias beside a field of the
 * same name, a let or alias declared twice, and a pattern that refers to its own struct. Nothing is resolved here.
 */
import type * as Ast from './ast.ts';

export type ReportClash = (start: number, end: number, message: string) => void;

interface Scope {
  readonly outer: Scope | null;
  /** Whether the scope is that of one field (its value alias, its pattern's alias). */
  readonly ofField: boolean;
  readonly names: Map<string, Entry>;
  /** Whether the value of one of the scope's fields is being walked. */
  inField: boolean;
}

type Entry = 'field' | 'binding' | 'import' | 'variable';

/** Reports every clash in a file or expression. */
export function checkScopes(root: Ast.File | Ast.Expr, report: ReportClash): void {
  const checker = new ScopeChecker(report);
  if (root.type !== 'file') {
    checker.expr(root, openScope(null, false));
    return;
  }
  checker.file(root);
}

function openScope(outer: Scope | null, ofField: boolean): Scope {
  return { outer, ofField, names: new Map(), inField: false };
}

function isBinding(scope: Scope, entry: Entry): boolean {
  return scope.ofField || entry === 'binding';
}

function isUnique(scope: Scope, entry: Entry): boolean {
  return scope.ofField || entry === 'binding' || entry === 'import';
}

function find(scope: Scope, name: string): { readonly scope: Scope; readonly entry: Entry } | null {
  if (name === '_') return null;
  for (let at: Scope | null = scope; at !== null; at = at.outer) {
    const entry = at.names.get(name);
    if (entry !== undefined) return { scope: at, entry };
  }
  return null;
}

class ScopeChecker {
  readonly #report: ReportClash;

  constructor(report: ReportClash) {
    this.#report = report;
  }

  file(file: Ast.File): void {
    const scope = openScope(null, false);
    for (const spec of file.imports) {
      const name =
        spec.alias ?? spec.path.slice(Math.max(spec.path.lastIndexOf('/'), spec.path.lastIndexOf(':')) + 1);
      this.#insert(scope, name, 'import', spec);
    }
    this.#decls(file.decls, scope);
  }

  #insert(scope: Scope, name: string, entry: Entry, place: Ast.NodeBase): void {
    const existing = find(scope, name);
    if (existing !== null) {
      if (isBinding(scope, entry) !== isBinding(existing.scope, existing.entry)) {
        const message = `cannot have both alias and field with name "${name}" in same scope`;
        this.#report(place.start, place.end, message);
        return;
      }
      const unique = isUnique(scope, entry) || isUnique(existing.scope, existing.entry);
      if (unique && existing.scope === scope) {
        if (existing.entry !== 'import') {
          this.#report(place.start, place.end, `alias "${name}" redeclared in same scope`);
        }
        return;
      }
    }
    scope.names.set(name, entry);
  }

  #decls(decls: readonly Ast.Decl[], scope: Scope): void {
    for (const decl of decls) this.#bind(decl, scope);
    for (const decl of decls) this.#decl(decl, scope);
  }

  #bind(decl: Ast.Decl, scope: Scope): void {
    if (decl.type === 'let') this.#insert(scope, decl.name.name, 'binding', decl);
    if (decl.type !== 'field') return;
    const { alias, label, value } = decl;
    if (alias !== null && label.type !== 'pattern') this.#insert(scope, alias.name, 'binding', decl);
    if (label.type !== 'ident') return;
    this.#insert(scope, label.name, 'field', value.type === 'alias' ? value.value : value);
  }

  #decl(decl: Ast.Decl, scope: Scope): void {
    switch (decl.type) {
      case 'field':
        this.#field(decl, scope);
        return;
      case 'embedding':
        this.expr(decl.expr, scope);
        return;
      case 'let':
        this.#letDecl(decl, scope);
        return;
      case 'comprehension':
        this.#comprehension(decl, scope);
        return;
      case 'ellipsis':
        if (decl.value !== null) this.expr(decl.value, scope);
        return;
      case 'attribute':
        return;
      default:
        decl satisfies never;
    }
  }

  /** A let does not see itself, but a name of an outer scope. */
  #letDecl(decl: Ast.LetDecl, scope: Scope): void {
    const { name } = decl.name;
    const own = scope.names.get(name);
    scope.names.delete(name);
    this.expr(decl.value, scope);
    if (own !== undefined) scope.names.set(name, own);
  }

  #field(field: Ast.Field, outer: Scope): void {
    const { label, value } = field;
    let scope = outer;
    if (label.type === 'paren' || label.type === 'interpolation') this.expr(label, scope);
    if (label.type === 'pattern') {
      scope = openScope(scope, true);
      this.#pattern(field, label, scope);
    }
    let inner = value;
    if (value.type === 'alias') {
      scope = openScope(scope, true);
      this.#insert(scope, value.name.name, 'binding', value);
      inner = value.value;
    }
    scope.inField = true;
    this.expr(inner, scope);
    scope.inField = false;
  }

  #pattern(field: Ast.Field, label: Ast.PatternLabel, scope: Scope): void {
    if (field.alias !== null) this.#insert(scope, field.alias.name, 'binding', field);
    let { expr } = label;
    if (expr.type === 'alias') {
      this.#insert(scope, expr.name.name, 'binding', expr.value);
      expr = expr.value;
    }
    for (const ident of identsIn(expr)) {
      for (let at: Scope | null = scope; at !== null && !at.inField; at = at.outer) {
        if (!at.names.has(ident.name)) continue;
        const message = `reference "${ident.name}" in label expression refers to field against which it would be matched`;
        this.#report(ident.start, ident.end, message);
      }
    }
    this.expr(expr, scope);
  }

  #comprehension(comprehension: Ast.Comprehension, outer: Scope): void {
    let scope = outer;
    for (const clause of comprehension.clauses) {
      if (clause.type === 'if') {
        this.expr(clause.condition, scope);
        continue;
      }
      this.expr(clause.type === 'for' ? clause.source : clause.value, scope);
      scope = openScope(scope, false);
      if (clause.type === 'for') {
        if (clause.key !== null) this.#insert(scope, clause.key.name, 'variable', clause.key);
        this.#insert(scope, clause.value.name, 'variable', clause.value);
      } else this.#insert(scope, clause.name.name, 'variable', clause.name);
    }
    this.expr(comprehension.value, scope);
  }

  expr(expr: Ast.Expr, scope: Scope): void {
    let at = expr;
    // A long sum leans to the left: its left sides are walked in a loop.
    while (at.type === 'binary') {
      this.expr(at.right, scope);
      at = at.left;
    }
    if (at.type === 'struct') this.#decls(at.decls, openScope(scope, false));
    else for (const child of childrenOf(at)) this.#child(child, scope);
  }

  #child(child: Ast.Expr | Ast.Comprehension | Ast.Ellipsis, scope: Scope): void {
    if (child.type === 'comprehension') this.#comprehension(child, scope);
    else if (child.type !== 'ellipsis') this.expr(child, scope);
    else if (child.value !== null) this.expr(child.value, scope);
  }
}

type Child = Ast.Expr | Ast.Comprehension | Ast.Ellipsis;
const NO_CHILDREN: readonly Child[] = [];

/** The expressions directly inside an expression other than a struct or a binary one. */
function childrenOf(expr: Ast.Expr): readonly Child[] {
  switch (expr.type) {
    case 'list':
      return expr.elements;
    case 'unary':
    case 'selector':
      return [expr.operand];
    case 'binary':
      return [expr.left, expr.right];
    case 'paren':
      return [expr.inner];
    case 'index':
      return [expr.operand, expr.index];
    case 'slice':
      return [expr.operand, expr.low, expr.high].filter((part) => part !== null);
    case 'call':
      return [expr.callee, ...expr.args];
    case 'alias':
      return [expr.value];
    case 'interpolation':
      return expr.parts.filter((part) => typeof part === 'object' && 'type' in part);
    default:
      return NO_CHILDREN;
  }
}

/** Every identifier written in an expression, selectors' names and labels of structs too. */
function identsIn(expr: Ast.Expr): Ast.Ident[] {
  const found: Ast.Ident[] = [];
  const open: unknown[] = [expr];
  while (open.length > 0) {
    const node = open.pop();
    if (typeof node !== 'object' || node === null || node instanceof Uint8Array) continue;
    if (isIdent(node)) found.push(node);
    else for (const value of Object.values(node)) open.push(value);
  }
  return found;
}

function isIdent(node: object): node is Ast.Ident {
  return 'type' in node && node.type === 'ident';
}
