/**
 * The parser: CUE text to a syntax tree, accepting and refusing what CUE v0.14.1 does (cue/parser; the
 * specification's grammar). One pass, one token ahead, linear in the text. Nesting is bounded by an argument.
 * This layer reads declarations and files; expression.ts and reader.ts are below it.
 */
import type * as Ast from './ast.ts';
import { ExpressionParser } from './expression.ts';
import { Abort, IssueList, type SyntaxIssue } from './issue.ts';
import { isLiteralError, unquote } from './literal.ts';
import { reportBadCharacters } from './scanner.ts';
import { checkScopes } from './scopes.ts';
import * as T from './token.ts';

export interface ParseOptions {
  /** How deep structs, lists, parentheses, calls, chained labels and the like may lie in each other. */
  readonly maxDepth?: number;
}

export type ParseResult<N> =
  | { readonly ok: true; readonly value: N }
  | { readonly ok: false; readonly issues: readonly SyntaxIssue[] };

/** Deep enough for any text that people write, and flat enough for the stack of every platform. */
export const DEFAULT_MAX_DEPTH = 500;

/** Parses a whole file. Issues come in the order of the text. */
export function parse(source: Ast.Source, options: ParseOptions = {}): ParseResult<Ast.File> {
  return run(source, options, (parser) => parser.parseFile(source));
}

/** Parses one expression, with nothing behind it. */
export function parseExpr(source: Ast.Source, options: ParseOptions = {}): ParseResult<Ast.Expr> {
  return run(source, options, (parser) => parser.parseWholeExpr());
}

function run<N>(source: Ast.Source, options: ParseOptions, read: (parser: Parser) => N): ParseResult<N> {
  const issues = new IssueList(source.text);
  try {
    reportBadCharacters(source.text, (offset, message) => issues.add(offset, message));
    if (issues.isEmpty) {
      const value = read(new Parser(source.text, issues, options.maxDepth ?? DEFAULT_MAX_DEPTH));
      if (issues.isEmpty) return { ok: true, value };
    }
  } catch (stop) {
    if (!(stop instanceof Abort)) throw stop;
  }
  return { ok: false, issues: issues.sorted() };
}

/** Experiments of the language that v0.14.1 knows. */
const EXPERIMENTS: ReadonlySet<string> = new Set(['testing', 'structcmp']);
const DEPRECATED_ALIAS =
  'use of deprecated old-style alias; use "let X = expr" instead (deprecated as of v0.1.4)';

class Parser extends ExpressionParser {
  /** The declaration that `parseHead` found in place of an expression. */
  #headDecl: Ast.Decl | null = null;
  /** Whether a pattern is the plain `[string]`, and whether a field is called `string`, which makes it suspect. */
  #matchesStrings = false;
  #declaresString = false;

  // ---- files

  parseFile(source: Ast.Source): Ast.File {
    const { comments, issues } = this;
    if (!issues.isEmpty) throw new Abort();
    comments.openList();
    const preamble: Ast.PreambleDecl[] = [];
    let early: Ast.Attribute[] = this.#parseAttributeDecls();
    this.#applyExperiments(early);
    let packageName: string | null = null;
    if (this.#atWord('package')) {
      const clause = this.#parsePackage();
      packageName = clause.name.name;
      preamble.push(...early, clause);
      early = this.#parseAttributeDecls();
    } else early.push(...this.#parseAttributeDecls());
    const imports: Ast.ImportSpec[] = [];
    while (this.#atWord('import')) {
      const decl = this.#parseImports();
      imports.push(...decl.specs);
      preamble.push(...early, decl);
      early = [];
    }
    const decls: Ast.Decl[] = [...early, ...this.#parseDecls()];
    this.expect(T.EOF);
    comments.closeList();
    const { length } = source.text;
    const file: Ast.File = {
      type: 'file',
      start: 0,
      end: length,
      source,
      packageName,
      imports,
      preamble,
      decls,
    };
    comments.close(file);
    if (this.#mayClash() && issues.isEmpty) checkScopes(file, this.#reportScope);
    return file;
  }

  parseWholeExpr(): Ast.Expr {
    if (!this.issues.isEmpty) throw new Abort();
    const expr = this.parseExpr();
    if (this.tok === T.COMMA && this.scanner.automatic) this.next();
    this.expect(T.EOF);
    if (this.#mayClash() && this.issues.isEmpty) checkScopes(expr, this.#reportScope);
    return expr;
  }

  #mayClash(): boolean {
    return this.bindsNames || (this.#matchesStrings && this.#declaresString);
  }

  readonly #reportScope = (start: number, end: number, message: string): void => {
    this.fail(start, message, end);
  };

  #atWord(word: string): boolean {
    const { tok, start, end } = this.scanner;
    return tok === T.IDENT && end - start === word.length && this.text.startsWith(word, start);
  }

  #parseAttributeDecls(): Ast.Attribute[] {
    const found: Ast.Attribute[] = [];
    while (this.tok === T.ATTRIBUTE) {
      found.push(this.#parseAttribute());
      this.takeDeclComma();
    }
    return found;
  }

  #applyExperiments(attributes: readonly Ast.Attribute[]): void {
    for (const { name, body } of attributes) {
      if (name !== 'experiment') continue;
      for (const word of body.split(',').map((part) => part.trim())) {
        if (word === 'structcmp') this.comparesStructs = true;
        else if (word !== '' && !EXPERIMENTS.has(word))
          this.fail(this.scanner.start, `unknown experiment "${word}"`);
      }
    }
  }

  #parsePackage(): Ast.PackageClause {
    this.comments.open();
    const { start } = this.scanner;
    this.next();
    const name = this.parseIdent();
    if (isDefinition(name.name)) this.fail(this.scanner.start, `invalid package name ${name.name}`);
    this.expectComma();
    return this.comments.close({ type: 'package', start, end: name.end, name });
  }

  #parseImports(): Ast.ImportDecl {
    const { comments } = this;
    comments.open();
    const { start } = this.parseIdent();
    const specs: Ast.ImportSpec[] = [];
    let end: number;
    const parens = this.tok === T.LPAREN;
    if (parens) {
      this.next();
      comments.openList();
      while (this.tok !== T.RPAREN && this.tok !== T.EOF) specs.push(this.#parseImportSpec());
      comments.closeList();
      this.expect(T.RPAREN);
      end = this.lastEnd;
      this.expectComma();
    } else {
      const spec = this.#parseImportSpec();
      specs.push(spec);
      ({ end } = spec);
    }
    return comments.close({ type: 'imports', start, end, parens, specs });
  }

  #parseImportSpec(): Ast.ImportSpec {
    const { comments, scanner } = this;
    comments.open();
    let { start } = scanner;
    let alias: string | null = null;
    if (this.tok === T.IDENT) {
      alias = this.parseIdent().name;
      if (isDefinition(alias)) this.fail(scanner.start, 'cannot import package as definition identifier');
    }
    const pathStart = scanner.start;
    if (alias === null) start = pathStart;
    let raw = '';
    let path = '';
    if (this.tok === T.STRING) {
      raw = this.text.slice(pathStart, scanner.end);
      path = importPath(raw);
      if (path === '') this.fail(pathStart, `invalid import path: ${raw}`, scanner.end);
      this.next();
      this.expectComma();
    } else {
      this.expect(T.STRING);
      if (this.tok === T.COMMA) this.expectComma();
    }
    return comments.close({ type: 'import', start, end: pathStart + raw.length, alias, path, raw });
  }

  // ---- declarations

  protected parseStruct(): Ast.StructLit {
    const { start } = this.scanner;
    this.enter();
    this.expect(T.LBRACE);
    const decls = this.tok === T.RBRACE ? [] : this.#parseDecls();
    this.leave();
    this.expectClosing(T.RBRACE, 'struct literal');
    return { type: 'struct', start, end: this.lastEnd, decls, chained: false };
  }

  #parseDecls(): Ast.Decl[] {
    const { comments } = this;
    const decls: Ast.Decl[] = [];
    comments.openList();
    while (this.tok !== T.RBRACE && this.tok !== T.EOF) {
      if (this.tok === T.ATTRIBUTE) {
        decls.push(this.#parseAttribute());
        this.takeDeclComma();
      } else if (this.tok === T.ELLIPSIS) {
        const { start, end } = this.scanner;
        comments.open();
        this.next();
        decls.push(comments.close({ type: 'ellipsis', start, end, value: null }));
        this.takeDeclComma();
      } else decls.push(this.#parseDecl());
    }
    comments.closeList();
    return decls;
  }

  #parseAttribute(): Ast.Attribute {
    const { comments, scanner, text } = this;
    const { start, end } = scanner;
    comments.open();
    const paren = text.indexOf('(', start);
    const open = paren < 0 || paren > end ? end : paren;
    const name = text.slice(start + 1, open).trim();
    const body = text.slice(open + 1, end - 1);
    this.next();
    return comments.close({ type: 'attribute', start, end, name, body });
  }

  #parseDecl(): Ast.Decl {
    const { comments, scanner } = this;
    comments.open();
    const first = scanner.tok;
    const expr = this.#parseHead(false);
    if (this.#headDecl !== null) {
      const decl = this.#headDecl;
      this.#headDecl = null;
      return comments.close(decl);
    }
    if (expr === null || !isLabel(expr)) {
      const embedded = expr ?? this.parseExpr();
      if (embedded.type === 'alias') this.issues.add(embedded.start, DEPRECATED_ALIAS);
      this.takeDeclComma();
      return comments.close(embed(embedded));
    }
    const constraint = this.#parseConstraint();
    if (this.tok !== T.COLON) return comments.close(this.#parseBareLabel(first, expr));
    this.next();
    const field = this.#parseField(expr, constraint);
    this.takeDeclComma();
    return comments.close(field);
  }

  /** `a` where no colon follows: an embedding, or a mistake. */
  #parseBareLabel(first: T.Token, expr: Ast.Expr): Ast.Embedding {
    const { tok } = this;
    const ends = tok === T.COMMA || tok === T.RBRACE || tok === T.EOF;
    if (tok === T.COMMA) this.expectComma();
    if (ends && expr.type === 'alias') this.issues.add(expr.start, DEPRECATED_ALIAS);
    else if (!ends || first === T.FUNC) this.failExpected(this.scanner.start, "label or ':'");
    return embed(expr);
  }

  #parseConstraint(): Ast.Field['constraint'] {
    const { tok } = this;
    if (tok !== T.OPTION && tok !== T.NOT) return 'regular';
    this.next();
    return tok === T.OPTION ? 'optional' : 'required';
  }

  /** What follows the first label's colon: more labels, the value, attributes. */
  #parseField(first: Ast.Expr, firstConstraint: Ast.Field['constraint']): Ast.Field {
    let labels: Ast.Expr[] | null = null;
    const constraints: Ast.Field['constraint'][] = [firstConstraint];
    let value: Ast.Expr;
    for (let label = first; ; ) {
      this.#checkPattern(label);
      const expr = this.#parseHead(true);
      this.#headDecl = null;
      const { tok } = this;
      if (expr === null || (tok !== T.COLON && tok !== T.OPTION && tok !== T.NOT) || !isLabel(expr)) {
        value = expr ?? this.parseExpr();
        break;
      }
      this.enter();
      label = expr;
      labels ??= [first];
      labels.push(expr);
      constraints.push(this.#parseConstraint());
      if (this.tok !== T.COLON) {
        this.#failNoColon();
        value = expr;
        break;
      }
      this.next();
    }
    const attributes = this.#parseFieldAttributes();
    if (labels === null) return this.#makeField(first, firstConstraint, value, attributes);
    this.leave(labels.length - 1);
    return this.#chain(labels, constraints, value, attributes);
  }

  #failNoColon(): void {
    const { tok, start, end } = this.scanner;
    const found = T.isLiteral(tok) ? this.text.slice(start, end) : T.tokenName(tok);
    this.fail(start, `expected ':'; found ${found}`, end);
  }

  #checkPattern(label: Ast.Expr): void {
    if (label.type === 'ident') {
      if (label.name === 'string') this.#declaresString = true;
      return;
    }
    const list = label.type === 'alias' ? label.value : label;
    if (list.type !== 'list') return;
    const [first] = list.elements;
    if (first?.type === 'ident' && first.name === 'string') this.#matchesStrings = true;
    else this.bindsNames = true;
    if (list.elements.length !== 1 && this.issues.isEmpty) {
      this.fail(list.start, 'square bracket must have exactly one element', list.end);
    }
  }

  #parseFieldAttributes(): readonly Ast.Attribute[] {
    if (this.tok !== T.ATTRIBUTE) {
      this.comments.skip();
      return NO_ATTRIBUTES;
    }
    this.comments.openList();
    let attributes: Ast.Attribute[] | null = null;
    while (this.tok === T.ATTRIBUTE) {
      attributes ??= [];
      attributes.push(this.#parseAttribute());
    }
    this.comments.closeList();
    return attributes ?? NO_ATTRIBUTES;
  }

  /**
   * What stands at the beginning of a declaration: an expression that may be a label, or null. Null with
   * `headDecl` set is a whole declaration. `inner`: behind the colon of another label.
   */
  #parseHead(inner: boolean): Ast.Expr | null {
    switch (this.tok) {
      case T.FOR:
      case T.IF:
        return inner ? this.#label(this.parseExpr(), inner) : this.#parseComprehension();
      case T.LET:
        return this.#parseLet(inner);
      case T.IDENT:
      case T.STRING:
      case T.INTERPOLATION:
      case T.LPAREN:
      case T.NULL:
      case T.TRUE:
      case T.FALSE:
      case T.IN:
      case T.FUNC:
      case T.LBRACK:
        return this.#label(this.parseExpr(), inner);
      default:
        return null;
    }
  }

  #label(expr: Ast.Expr, inner: boolean): Ast.Expr {
    if (expr.type !== 'ident') return expr;
    if (!inner && expr.name.startsWith('__')) {
      this.fail(expr.start, "identifiers starting with '__' are reserved", expr.end);
    }
    return this.parseAlias(expr);
  }

  #parseLet(inner: boolean): Ast.Expr | null {
    const { comments } = this;
    const { start, end } = this.scanner;
    comments.open();
    this.next();
    if (this.tok !== T.IDENT) {
      comments.close(null);
      return this.#label({ type: 'ident', start, end, name: 'let' }, inner);
    }
    this.bindsNames = true;
    const name = this.parseIdent();
    this.expect(T.BIND);
    const value = this.parseExpr();
    this.takeDeclComma();
    this.#headDecl = comments.close({ type: 'let', start, end: value.end, name, value } as const);
    return null;
  }

  #parseComprehension(): Ast.Expr | null {
    const { comments } = this;
    const { start } = this.scanner;
    comments.open();
    const clauses = this.parseClauses();
    if (!Array.isArray(clauses)) {
      comments.close(null);
      return this.#label(clauses, false);
    }
    comments.open();
    const value = comments.close(this.parseStruct());
    if (this.atComma('struct literal', T.RBRACE)) this.next();
    this.#headDecl = comments.close({
      type: 'comprehension',
      start,
      end: value.end,
      clauses,
      value,
    } as const);
    return null;
  }

  /** The clauses of a comprehension, or the identifier if `for` or `if` is a label or a reference. */
  protected parseClauses(): Ast.Clause[] | Ast.Ident {
    const { comments } = this;
    const clauses: Ast.Clause[] = [];
    for (;;) {
      const { tok, start, end } = this.scanner;
      if (tok !== T.FOR && tok !== T.IF && tok !== T.LET) return clauses;
      comments.open();
      this.next();
      if (clauses.length === 0 && tok !== T.LET && this.#isKeywordLabel(tok)) {
        return comments.close<Ast.Ident>({ type: 'ident', start, end, name: T.tokenName(tok) });
      }
      const clause =
        tok === T.FOR
          ? this.#parseFor(start)
          : tok === T.IF
            ? this.#parseIf(start)
            : this.#parseLetClause(start);
      clauses.push(comments.close(clause));
      if (this.tok === T.COMMA) this.next();
    }
  }

  /** Behind `for` or `if`: whether the word is a name. */
  #isKeywordLabel(word: T.Token): boolean {
    switch (this.tok) {
      case T.COLON:
      case T.BIND:
      case T.OPTION:
      case T.COMMA:
      case T.EOF:
        return true;
      case T.NOT:
        return (
          word === T.FOR || /^[ \t\r\n]*:/.test(this.text.slice(this.scanner.end, this.scanner.end + 64))
        );
      default:
        return false;
    }
  }

  #parseFor(start: number): Ast.ForClause {
    let key: Ast.Ident | null = null;
    let value = this.parseIdent();
    if (this.tok === T.COMMA) {
      this.next();
      key = value;
      value = this.parseIdent();
    }
    this.comments.setPosition(4);
    this.expect(T.IN);
    const source = this.parseExpr();
    return { type: 'for', start, end: source.end, key, value, source };
  }

  #parseIf(start: number): Ast.IfClause {
    const condition = this.parseExpr();
    return { type: 'if', start, end: condition.end, condition };
  }

  #parseLetClause(start: number): Ast.LetClause {
    this.bindsNames = true;
    const name = this.parseIdent();
    this.expect(T.BIND);
    const value = this.parseExpr();
    return { type: 'letClause', start, end: value.end, name, value };
  }

  /** `a: b: c: value`, from the inside out. */
  #chain(
    labels: readonly Ast.Expr[],
    constraints: readonly Ast.Field['constraint'][],
    value: Ast.Expr,
    attributes: readonly Ast.Attribute[],
  ): Ast.Field {
    let own = attributes;
    let inner = value;
    for (let i = labels.length - 1; ; i--) {
      // i counts down from the last
      const field = this.#makeField(labels[i] as Ast.Expr, constraints[i] ?? 'regular', inner, own);
      if (i === 0) return field;
      const { start, end } = field;
      own = NO_ATTRIBUTES;
      inner = { type: 'struct', start, end, decls: [field], chained: true };
    }
  }

  #makeField(
    expr: Ast.Expr,
    constraint: Ast.Field['constraint'],
    value: Ast.Expr,
    attributes: readonly Ast.Attribute[],
  ): Ast.Field {
    const isAlias = expr.type === 'alias';
    const alias = isAlias ? expr.name : null;
    const label = this.#toLabel(isAlias ? expr.value : expr);
    const end = attributes.length === 0 ? value.end : (attributes[attributes.length - 1]?.end ?? value.end);
    return { type: 'field', start: expr.start, end, alias, label, constraint, value, attributes };
  }

  #toLabel(expr: Ast.Expr): Ast.Label {
    if (expr.type === 'ident' || expr.type === 'string') return expr;
    const { start, end } = expr;
    const comments = expr.comments === undefined ? {} : { comments: expr.comments };
    switch (expr.type) {
      case 'null':
        return { type: 'ident', start, end, name: 'null', ...comments };
      case 'bool':
        return { type: 'ident', start, end, name: String(expr.value), ...comments };
      case 'list':
        return { type: 'pattern', start, end, expr: this.#toPattern(expr), ...comments };
      default:
        return expr as Ast.Label; // isLabel let it pass
    }
  }

  /** What stands in the brackets of a pattern label; the compiler refuses what is no expression. */
  #toPattern({ elements }: Ast.ListLit): Ast.Expr {
    const [first] = elements;
    const { start, end } = first ?? { start: 0, end: 0 };
    if (first !== undefined && first.type !== 'ellipsis' && first.type !== 'comprehension') return first;
    return {
      type: 'badLiteral',
      start,
      end,
      kind: 'string',
      raw: this.text.slice(start, end),
      message: 'a pattern must be an expression',
    };
  }
}

const NO_ATTRIBUTES: readonly Ast.Attribute[] = [];

function isDefinition(name: string): boolean {
  return name.startsWith('#') || name.startsWith('_#');
}

const ILLEGAL_IN_PATH = /[!"#$%&'()*,:;<=>?[\\\]^{|}`\uFFFD\s]|[^\p{L}\p{M}\p{N}\p{P}\p{S}]/u;

/** The path that an import's literal spells; empty if there is none, or none that may be imported. */
function importPath(raw: string): string {
  const path = unquote(raw);
  if (typeof path !== 'string' || isLiteralError(path)) return '';
  const colon = path.lastIndexOf(':');
  const name = colon < 0 ? path : path.slice(0, colon);
  return name === '' || ILLEGAL_IN_PATH.test(name) ? '' : path;
}

/** Whether an expression may be followed by a colon. */
function isLabel(expr: Ast.Expr): boolean {
  switch (expr.type) {
    case 'ident':
    case 'string':
    case 'bytes':
    case 'badLiteral':
    case 'null':
    case 'bool':
    case 'interpolation':
    case 'paren':
    case 'list':
      return true;
    case 'alias':
      return expr.value.type === 'number' || (expr.value.type !== 'alias' && isLabel(expr.value));
    default:
      return false;
  }
}

function embed(expr: Ast.Expr): Ast.Embedding {
  return { type: 'embedding', start: expr.start, end: expr.end, expr };
}
