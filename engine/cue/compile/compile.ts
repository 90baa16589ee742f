/**
 * From the syntax tree to expressions with every name resolved. Refused here: names that nothing declares, imports,
 * lets and aliases that nothing uses, unknown packages, bad literals, operators on what can never be concrete.
 */
import { Bottom, MAX_ISSUES } from '../bottom.ts';
import { positionOf } from '../diagnostic.ts';
import type { Label } from '../eval/label.ts';
import { identifierLabel, letLabel, regularLabel } from '../eval/label.ts';
import {
  LAST_SCALAR,
  LAST_VALUE,
  TAG_BOTTOM,
  TAG_BOUND_EXPR,
  TAG_BUILTIN,
  TAG_IMPORT_REF,
} from '../eval/tag.ts';
import type { ArcType, Value } from '../eval/value.ts';
import {
  ARC_MEMBER,
  ARC_OPTIONAL,
  ARC_REQUIRED,
  BoolValue,
  BuiltinValue,
  BytesValue,
  NullValue,
  NumValue,
  StringValue,
} from '../eval/value.ts';
import { nearestName } from '../nearest.ts';
import type * as Ast from '../syntax/ast.ts';
import { isLiteralError, readNumber } from '../syntax/literal.ts';
import * as ir from './ir.ts';
import { onCycle } from './let-cycle.ts';
import { predeclared } from './predeclared.ts';
import type { Binding, Scope } from './scope.ts';
import { find } from './scope.ts';

/** Why a file does not compile. */
export interface CompileIssue {
  readonly code: 'compile';
  readonly message: string;
  readonly place: ir.Place;
  /** The labels of the fields around the place. */
  readonly path: readonly Label[];
  /** The name that was probably meant. */
  readonly nearest: string | null;
}

export interface CompileOptions {
  readonly importPackage: (path: string) => ir.Package | Refusal;
  /** Top-level names that are bound at evaluation. */
  readonly declare: readonly string[];
  /** Identity of the package, for hidden fields; '' for the main one. */
  readonly packageId: string;
}

/** Why there is no package at a path, as a sentence, and the path that was probably meant. */
export interface Refusal {
  readonly refused: string;
  readonly nearest: string | null;
}

export type CompileResult =
  | { readonly ok: true; readonly root: ir.StructLit; readonly patterns: ReadonlySet<string> }
  | { readonly ok: false; readonly issues: readonly CompileIssue[] };

interface Import {
  readonly path: string;
  readonly spec: Ast.ImportSpec;
  readonly source: Ast.Source;
  used: boolean;
}

/** Compiles files as if they were one text. */
export function compileFiles(files: readonly Ast.File[], options: CompileOptions): CompileResult {
  return new Compiler(options).files(files);
}

const BAD = new Bottom('eval', [], null);

class Compiler {
  readonly #options: CompileOptions;
  readonly #issues: CompileIssue[] = [];
  readonly #imports = new Map<string, Import>();
  readonly #packages = new Map<string, ir.Package | Refusal>();
  readonly #scopes: Scope[] = [];
  readonly #path: Label[] = [];
  #source!: Ast.Source;
  /** Lets whose value is being compiled, outermost first. */
  readonly #openLets: Set<object>[] = [];
  readonly #letUses = new Map<object, Set<object>>();
  /** Regular expressions written out in the files. */
  readonly #patterns = new Set<string>();
  /** Docs in front of a chain `a: b: c:`, which belong to its last field. */
  #chainDocs: readonly Ast.CommentGroup[] = [];

  constructor(options: CompileOptions) {
    this.#options = options;
  }

  files(files: readonly Ast.File[]): CompileResult {
    const scope: Scope = { levels: 1, names: new Map() };
    for (const name of this.#options.declare) {
      scope.names.set(name, { type: 'field', label: this.#identifier(name) });
    }
    this.#scopes.push(scope);
    for (const file of files) {
      this.#source = file.source;
      for (const spec of file.imports) this.#addImport(spec);
    }
    for (const file of files) {
      this.#source = file.source;
      this.#declareAll(file.decls, scope);
    }
    const decls: ir.Decl[] = [];
    const attributes: Ast.Attribute[] = [];
    for (const file of files) {
      this.#source = file.source;
      this.#compileDecls(file.decls, decls, attributes);
    }
    this.#closeScope();
    this.#checkImports();
    this.#checkLetCycles();
    const first = files[0];
    if (this.#issues.length > 0 || first === undefined) return { ok: false, issues: this.#issues };
    const root = new ir.StructLit({ source: first.source, node: first }, decls, true, attributes);
    return { ok: true, root, patterns: this.#patterns };
  }

  #place(node: Ast.NodeBase): ir.Place {
    return { source: this.#source, node };
  }

  #fail(node: Ast.NodeBase, message: string, nearest: () => string | null = () => null): Bottom {
    if (this.#issues.length >= MAX_ISSUES) return BAD;
    const place = this.#place(node);
    this.#issues.push({ code: 'compile', message, place, path: [...this.#path], nearest: nearest() });
    return BAD;
  }

  #identifier(name: string): string {
    return identifierLabel(name, this.#options.packageId);
  }

  // ---- imports

  #addImport(spec: Ast.ImportSpec): void {
    const at = spec.path.lastIndexOf(':');
    const bare = at < 0 ? spec.path : spec.path.slice(0, at);
    const last = bare.slice(bare.lastIndexOf('/') + 1);
    const name = spec.alias ?? (at < 0 ? last : spec.path.slice(at + 1));
    const pkg = this.#packages.get(spec.path) ?? this.#options.importPackage(spec.path);
    this.#packages.set(spec.path, pkg);
    if ('refused' in pkg) this.#fail(spec, pkg.refused, () => pkg.nearest);
    const earlier = this.#imports.get(name);
    if (earlier !== undefined) {
      earlier.used = true;
      if (this.#issues.length < MAX_ISSUES) this.#failImportedTwice(spec, name, earlier);
    }
    this.#imports.set(name, { path: spec.path, spec, source: this.#source, used: false });
  }

  #failImportedTwice(spec: Ast.ImportSpec, name: string, earlier: Import): void {
    const { source, column, line } = positionOf({ source: earlier.source, node: earlier.spec });
    const at = `${source}:${line}:${column}`;
    this.#fail(spec, `${name} redeclared as imported package name\n\tprevious declaration at ${at}`);
  }

  #checkImports(): void {
    for (const [name, imported] of this.#imports) {
      if (imported.used) continue;
      this.#source = imported.source;
      const shown = imported.spec.alias === null ? '' : ` as ${name}`;
      this.#fail(imported.spec, `imported and not used: ${JSON.stringify(imported.path)}${shown}`);
    }
  }

  // ---- scopes

  #declareAll(decls: readonly Ast.Decl[], scope: Scope): void {
    for (const d of decls) {
      if (d.type === 'let') {
        this.#bind(scope, d.name, {
          type: 'let',
          target: new ir.LetField(this.#place(d), d.name.name, BAD),
          start: d.start,
          used: false,
        });
      } else if (d.type === 'field') {
        if (d.label.type === 'ident') {
          const { name } = d.label;
          if (!scope.names.has(name)) scope.names.set(name, { type: 'field', label: this.#identifier(name) });
        }
        if (d.alias !== null) this.#bindAlias(scope, d, d.alias);
      }
    }
  }

  #bindAlias(scope: Scope, d: Ast.Field, alias: Ast.Ident): void {
    const { label } = d;
    if (label.type === 'pattern') {
      this.#bind(scope, alias, { type: 'patternField', start: alias.start, used: false });
      return;
    }
    const fixed = this.#fixedLabel(label);
    this.#bind(scope, alias, { type: 'alias', label: fixed, key: null, start: alias.start, used: false });
  }

  #bind(scope: Scope, name: Ast.Ident, binding: Binding): void {
    if (name.name === '_') {
      this.#fail(name, 'cannot use _ as alias or let clause');
      return;
    }
    scope.names.set(name.name, binding);
  }

  /** The label where it is written out, else null. */
  #fixedLabel(label: Ast.Label): string | null {
    if (label.type === 'ident') return this.#identifier(label.name);
    if (label.type === 'string') return regularLabel(label.value);
    if (label.type === 'bytes') return regularLabel(String.fromCharCode(...label.value));
    if (label.type === 'number') return regularLabel(label.raw);
    return null;
  }

  #closeScope(): void {
    const scope = this.#scopes.pop()!;
    for (const [name, b] of scope.names) {
      if ('used' in b && !b.used) {
        this.#fail({ start: b.start, end: b.start }, `unreferenced alias or let clause ${name}`);
      }
    }
  }

  #within<T>(names: Iterable<readonly [string, Binding]>, levels: 0 | 1, body: () => T): T {
    this.#scopes.push({ levels, names: new Map(names) });
    const result = body();
    this.#closeScope();
    return result;
  }

  // ---- names

  /** The innermost first. */
  *#namesInSight(): Generator<string> {
    for (const { names } of this.#scopes.toReversed()) yield* names.keys();
    yield* this.#imports.keys();
  }

  #resolve(x: Ast.Ident): ir.Expr {
    const place = this.#place(x);
    const { name } = x;
    if (name === '_') return predeclared('_', place)!;
    const found = find(this.#scopes, name);
    if (found === null) {
      const imported = this.#imports.get(name);
      if (imported !== undefined) {
        imported.used = true;
        const pkg = this.#packages.get(imported.path);
        return pkg === undefined || 'refused' in pkg ? BAD : new ir.ImportRef(place, imported.path, pkg);
      }
      const nearest = () => nearestName(name, this.#namesInSight());
      return (
        predeclared(name, place) ?? this.#fail(x, `reference ${JSON.stringify(name)} not found`, nearest)
      );
    }
    const { binding, up } = found;
    if ('used' in binding) binding.used = true;
    switch (binding.type) {
      case 'field':
        return new ir.FieldRef(place, up, binding.label);
      case 'let':
        for (const uses of this.#openLets) uses.add(binding.target);
        return new ir.LetRef(place, up, binding.target);
      case 'alias':
        if (binding.label !== null) return new ir.FieldRef(place, up, binding.label);
        return new ir.DynamicRef(place, up, binding.key ?? BAD);
      case 'value':
        return new ir.ValueRef(place, up);
      case 'label':
        return new ir.LabelRef(place, up);
      case 'patternField':
        return new ir.DynamicRef(place, up, new ir.LabelRef(place, 0));
      case 'key':
        return new ir.KeyRef(place, up);
      case 'bound':
        return new ir.ForRef(place, up);
      default:
        return binding satisfies never;
    }
  }

  #checkLetCycles(): void {
    const target = onCycle(this.#letUses);
    if (target === null) return;
    // Lets know their own place.
    const at = (target as ir.LetField).place;
    this.#source = at.source;
    this.#path.push(letLabel('let[]'));
    this.#fail(at.node, 'cyclic references in let clause or alias');
    this.#path.pop();
  }

  // ---- declarations

  #structLit(decls: readonly Ast.Decl[], node: Ast.NodeBase): ir.StructLit {
    const scope: Scope = { levels: 1, names: new Map() };
    this.#declareAll(decls, scope);
    this.#scopes.push(scope);
    const out: ir.Decl[] = [];
    const attributes: Ast.Attribute[] = [];
    this.#compileDecls(decls, out, attributes);
    this.#closeScope();
    return new ir.StructLit(this.#place(node), out, false, attributes);
  }

  #compileDecls(decls: readonly Ast.Decl[], out: ir.Decl[], attributes: Ast.Attribute[]): void {
    for (const d of decls) {
      // Labels that aliases stand for come first, since values may use them.
      if (
        d.type === 'field' &&
        d.alias !== null &&
        this.#fixedLabel(d.label) === null &&
        d.label.type !== 'pattern'
      ) {
        const b = this.#scopes[this.#scopes.length - 1]!.names.get(d.alias.name);
        if (b !== undefined && b.type === 'alias') b.key = this.#dynamicLabel(d.label);
      }
    }
    for (const d of decls) {
      const compiled = this.#decl(d, attributes);
      if (compiled !== null) out.push(compiled);
    }
  }

  #decl(d: Ast.Decl, attributes: Ast.Attribute[]): ir.Decl | null {
    switch (d.type) {
      case 'field':
        return this.#field(d);
      case 'embedding':
        return this.#expr(d.expr);
      case 'let':
        return this.#letDecl(d);
      case 'ellipsis':
        return new ir.Ellipsis(this.#place(d), d.value === null ? null : this.#expr(d.value));
      case 'comprehension':
        return this.#comprehension(d);
      case 'attribute':
        attributes.push(d);
        return null;
      default:
        return d satisfies never;
    }
  }

  #letDecl(d: Ast.LetDecl): ir.LetField | null {
    const b = this.#scopes[this.#scopes.length - 1]!.names.get(d.name.name);
    if (b === undefined || b.type !== 'let') return null;
    const uses = new Set<object>();
    this.#openLets.push(uses);
    b.target.value = this.#expr(d.value);
    this.#openLets.pop();
    this.#letUses.set(b.target, uses);
    return b.target;
  }

  #field(d: Ast.Field): ir.Decl {
    const place = this.#place(d);
    const notes = notesOf(d, this.#chainDocs);
    this.#chainDocs = isChained(d.value) ? [...this.#chainDocs, ...docsOf(d)] : [];
    const { label } = d;
    const fixed = this.#fixedLabel(label);
    if (fixed !== null) {
      if (label.type === 'ident' && label.name === '_') return this.#fail(d, 'cannot use _ as label');
      this.#path.push(fixed);
      const value = this.#fieldValue(d.value);
      this.#path.pop();
      return new ir.Field(place, fixed, arcTypeOf(d.constraint), value, notes);
    }
    if (label.type === 'pattern') {
      const alias = label.expr.type === 'alias' ? label.expr : null;
      const pattern = this.#expr(alias === null ? label.expr : alias.value);
      const names: [string, Binding][] = alias === null ? [] : [[alias.name.name, { type: 'label' }]];
      const value = this.#within(names, 0, () => this.#fieldValue(d.value));
      return new ir.PatternField(place, pattern, value, notes);
    }
    if (label.type === 'badLiteral') return this.#fail(label, label.message);
    const key = this.#dynamicLabel(label);
    return new ir.DynamicField(place, key, arcTypeOf(d.constraint), this.#fieldValue(d.value), notes);
  }

  #dynamicLabel(label: Ast.Label): ir.Expr {
    if (label.type === 'paren') return this.#expr(label.inner);
    if (label.type === 'interpolation') return this.#expr(label);
    return BAD;
  }

  /** A field's value, which may have an alias: `a: X=…`. */
  #fieldValue(x: Ast.Expr): ir.Expr {
    if (x.type !== 'alias') return this.#expr(x);
    const binding: Binding = { type: 'value', start: x.name.start, used: false };
    return this.#within([[x.name.name, binding]], 0, () => this.#expr(x.value));
  }

  #comprehension(c: Ast.Comprehension): ir.Comprehension | Bottom {
    const clauses: ir.Clause[] = [];
    let opened = 0;
    for (const clause of c.clauses) {
      const place = this.#place(clause);
      if (clauses.length === 0 && clause.type === 'letClause') {
        this.#fail(c, "first comprehension clause must be 'if' or 'for'");
      }
      if (clause.type === 'if') {
        clauses.push(new ir.IfClause(place, this.#expr(clause.condition)));
        continue;
      }
      const names = new Map<string, Binding>();
      if (clause.type === 'for') {
        clauses.push(new ir.ForClause(place, this.#expr(clause.source)));
        if (clause.key !== null) names.set(clause.key.name, { type: 'key' });
        names.set(clause.value.name, { type: 'bound' });
      } else {
        clauses.push(new ir.LetClause(place, clause.name.name, this.#expr(clause.value)));
        names.set(clause.name.name, { type: 'bound' });
      }
      names.delete('_');
      this.#scopes.push({ levels: 1, names });
      opened++;
    }
    const body = this.#structLit(c.value.decls, c.value);
    for (; opened > 0; opened--) this.#closeScope();
    return new ir.Comprehension(this.#place(c), clauses, body);
  }

  // ---- expressions

  #expr(x: Ast.Expr): ir.Expr {
    switch (x.type) {
      case 'ident':
        return this.#resolve(x);
      case 'null':
        return new NullValue(this.#place(x));
      case 'bool':
        return new BoolValue(this.#place(x), x.value);
      case 'number': {
        const n = readNumber(x.raw);
        return isLiteralError(n) ? this.#fail(x, n.message) : new NumValue(this.#place(x), n);
      }
      case 'string':
        return new StringValue(this.#place(x), x.value);
      case 'bytes':
        return new BytesValue(this.#place(x), x.value);
      case 'badLiteral':
        return this.#fail(x, x.message);
      case 'bottom':
        return this.#bottomLiteral(x);
      case 'interpolation':
        return this.#interpolation(x);
      case 'struct':
        return this.#structLit(x.decls, x);
      case 'list':
        return this.#list(x);
      case 'unary':
        return this.#unary(x);
      case 'binary':
        return this.#binary(x);
      case 'paren':
        return this.#paren(x);
      case 'selector':
        return this.#selector(x);
      case 'index':
        return new ir.Index(this.#place(x), this.#expr(x.operand), this.#expr(x.index), this.#place(x.index));
      case 'slice': {
        const operand = this.#expr(x.operand);
        const low = x.low === null ? null : this.#expr(x.low);
        return new ir.Slice(this.#place(x), operand, low, x.high === null ? null : this.#expr(x.high));
      }
      case 'call':
        return new ir.Call(
          this.#place(x),
          this.#expr(x.callee),
          x.args.map((a) => this.#expr(a)),
        );
      case 'alias':
        return this.#fail(x, 'alias not allowed in this position');
      default:
        return x satisfies never;
    }
  }

  #paren(x: Ast.ParenExpr): ir.Expr {
    let inner: Ast.Expr = x;
    while (inner.type === 'paren') inner = inner.inner;
    return this.#expr(inner);
  }

  #bottomLiteral(x: Ast.BottomLit): Bottom {
    const issue = {
      node: null,
      format: 'explicit error (_|_ literal) in source',
      args: [],
      place: this.#place(x),
      others: [],
    };
    return new Bottom('user', [issue], null);
  }

  #interpolation(x: Ast.Interpolation): ir.Expr {
    const parts = x.parts.map((p) => (typeof p === 'string' || p instanceof Uint8Array ? p : this.#expr(p)));
    return new ir.Interpolation(this.#place(x), x.kind === 'bytes', parts);
  }

  #list(x: Ast.ListLit): ir.Expr {
    const elements: (ir.Expr | ir.Comprehension)[] = [];
    let ellipsis: ir.Ellipsis | null = null;
    for (const e of x.elements) {
      if (e.type === 'ellipsis') {
        ellipsis = new ir.Ellipsis(this.#place(e), e.value === null ? null : this.#expr(e.value));
      } else elements.push(e.type === 'comprehension' ? this.#comprehension(e) : this.#expr(e));
    }
    return new ir.ListLit(this.#place(x), elements, ellipsis);
  }

  #unary(x: Ast.UnaryExpr): ir.Expr {
    const place = this.#place(x);
    switch (x.op) {
      case '+':
      case '-':
      case '!':
        return this.#sign(x, x.op);
      case '*':
        return this.#fail(x, 'preference mark not allowed at this position');
      case '==':
        return this.#fail(x, 'unsupported unary operator "=="');
      default:
        if ((x.op === '=~' || x.op === '!~') && x.operand.type === 'string')
          this.#patterns.add(x.operand.value);
        return new ir.BoundExpr(place, x.op, this.#expr(x.operand));
    }
  }

  /** A chain of signs, which may be long, from the inside out. */
  #sign(x: Ast.UnaryExpr, _op: '+' | '-' | '!'): ir.Expr {
    const chain: Ast.UnaryExpr[] = [];
    let inner: Ast.Expr = x;
    while (inner.type === 'unary' && (inner.op === '+' || inner.op === '-' || inner.op === '!')) {
      chain.push(inner);
      inner = inner.operand;
    }
    let result = this.#expr(inner);
    for (const u of chain.reverse()) result = new ir.Unary(this.#place(u), u.op as '+' | '-' | '!', result);
    return result;
  }

  #binary(x: Ast.BinaryExpr): ir.Expr {
    if (x.op === '|') {
      const disjuncts: ir.Disjunct[] = [];
      this.#addDisjuncts(x, false, disjuncts);
      return new ir.DisjunctionExpr(this.#place(x), disjuncts);
    }
    // A long chain leans to the left: compile it without recursion.
    const chain: Ast.BinaryExpr[] = [];
    let left: Ast.Expr = x;
    while (left.type === 'binary' && left.op !== '|') {
      chain.push(left);
      left = left.left;
    }
    let result = this.#expr(left);
    let leftAst: Ast.Expr = left;
    for (const b of chain.reverse()) {
      result = this.#binaryOf(b, leftAst, result);
      leftAst = b;
    }
    return result;
  }

  #binaryOf(b: Ast.BinaryExpr, leftAst: Ast.Expr, left: ir.Expr): ir.Expr {
    const right = this.#expr(b.right);
    if (b.op === '&') return new ir.And(this.#place(b), left, right);
    if (b.op === '|') return BAD;
    if ((b.op === '=~' || b.op === '!~') && b.right.type === 'string') this.#patterns.add(b.right.value);
    this.#assertConcretePossible(leftAst, left, b.op);
    this.#assertConcretePossible(b.right, right, b.op);
    return new ir.Binary(this.#place(b), b.op, left, right);
  }

  #assertConcretePossible(ast: Ast.Expr, x: ir.Expr, op: string): void {
    const isType =
      x.tag <= LAST_VALUE && x.tag > LAST_SCALAR && x.tag !== TAG_BOTTOM && x.tag !== TAG_BUILTIN;
    if (!isType && x.tag !== TAG_BOUND_EXPR) return;
    const text = this.#source.text.slice(ast.start, ast.end);
    this.#fail(ast, `invalid operand ${text} ('${op}' requires concrete value)`);
  }

  #addDisjuncts(x: Ast.Expr, isDefault: boolean, out: ir.Disjunct[]): void {
    const parts: { readonly expr: Ast.Expr; readonly isDefault: boolean }[] = [];
    let at: Ast.Expr = x;
    while (at.type === 'binary' && at.op === '|') {
      parts.push({ expr: at.right, isDefault });
      at = at.left;
    }
    parts.push({ expr: at, isDefault });
    for (const part of parts.reverse()) {
      const e = part.expr;
      if (e.type === 'unary' && e.op === '*') this.#addDisjuncts(e.operand, true, out);
      else if (e.type === 'binary' && e.op === '|') this.#addDisjuncts(e, part.isDefault, out);
      else out.push({ value: this.#expr(e), isDefault: part.isDefault });
    }
  }

  #selector(x: Ast.SelectorExpr): ir.Expr {
    const s = x.selector;
    if (s.type === 'badLiteral') return this.#fail(s, s.message);
    const operand = this.#expr(x.operand);
    if (operand.tag === TAG_IMPORT_REF && s.type === 'ident') {
      // A function of a package is known right here.
      const value: Value | undefined = operand.pkg.values.get(s.name);
      if (value !== undefined && value.tag === TAG_BUILTIN) return new BuiltinValue(this.#place(x), value.fn);
    }
    const label = s.type === 'string' ? regularLabel(s.value) : this.#selectorLabel(operand, s.name);
    return new ir.Selector(this.#place(x), operand, label, this.#place(s));
  }

  #selectorLabel(_operand: ir.Expr, name: string): string {
    return this.#identifier(name);
  }
}

function docsOf(d: Ast.Field): readonly Ast.CommentGroup[] {
  return d.comments?.filter((c) => c.place === 'doc') ?? [];
}

function arcTypeOf(constraint: Ast.Field['constraint']): ArcType {
  return constraint === 'regular' ? ARC_MEMBER : constraint === 'required' ? ARC_REQUIRED : ARC_OPTIONAL;
}

/** `a: b: …`: docs in front belong to the last label, as long as the labels are written out. */
function isChained(x: Ast.Expr): boolean {
  if (x.type !== 'struct' || !x.chained) return false;
  const [only] = x.decls;
  if (only === undefined || only.type !== 'field') return false;
  return only.label.type === 'ident' || only.label.type === 'string';
}

function notesOf(d: Ast.Field, inherited: readonly Ast.CommentGroup[]): ir.FieldNotes | null {
  const docs = [...inherited, ...docsOf(d)];
  if (isChained(d.value)) docs.length = 0;
  if (docs.length === 0 && d.attributes.length === 0) return null;
  return { docs, attributes: d.attributes };
}
