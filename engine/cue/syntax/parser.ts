/**
 * The parser: CUE text to a syntax tree, accepting and refusing what CUE v0.14.1 does (cue/parser; the
 * specification's grammar). One pass, one token ahead, linear in the text. Nesting is bounded by an argument.
 * This layer reads declarations and files; expression.ts and reader.ts are below it.
 */
import type * as Ast from './ast.ts';
import { ExpressionParser, parseAlias, parseExpression, parseIdent } from './expression.ts';
import { Abort, IssueList, type SyntaxIssue } from './issue.ts';
import { isLiteralError, unquote } from './literal.ts';
import {
  atComma,
  enter,
  expect,
  expectClosing,
  expectComma,
  fail,
  failExpected,
  leave,
  next,
  takeDeclComma,
} from './reader.ts';
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
  return run(source, options, (parser) => parseFile(parser, source));
}

/** Parses one expression, with nothing behind it. */
export function parseExpr(source: Ast.Source, options: ParseOptions = {}): ParseResult<Ast.Expr> {
  return run(source, options, parseWholeExpr);
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
  headDecl: Ast.Decl | null = null;
  /** Whether a pattern is the plain `[string]`, and whether a field is called `string`, which makes it suspect. */
  matchesStrings = false;
  declaresString = false;

  parseStruct(): Ast.StructLit {
    return parseStruct(this);
  }

  parseClauses(): Ast.Clause[] | Ast.Ident {
    return parseClauses(this);
  }
}

// ---- files

function parseFile(p: Parser, source: Ast.Source): Ast.File {
  const { comments, issues } = p;
  if (!issues.isEmpty) throw new Abort();
  comments.openList();
  const preamble: Ast.PreambleDecl[] = [];
  let early: Ast.Attribute[] = parseAttributeDecls(p);
  applyExperiments(p, early);
  let packageName: string | null = null;
  if (atWord(p, 'package')) {
    const clause = parsePackage(p);
    packageName = clause.name.name;
    preamble.push(...early, clause);
    early = parseAttributeDecls(p);
  } else early.push(...parseAttributeDecls(p));
  const imports: Ast.ImportSpec[] = [];
  while (atWord(p, 'import')) {
    const decl = parseImports(p);
    imports.push(...decl.specs);
    preamble.push(...early, decl);
    early = [];
  }
  const decls: Ast.Decl[] = [...early, ...parseDecls(p)];
  expect(p, T.EOF);
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
  checkClashes(p, file);
  return file;
}

function parseWholeExpr(p: Parser): Ast.Expr {
  if (!p.issues.isEmpty) throw new Abort();
  const expr = parseExpression(p);
  if (p.tok === T.COMMA && p.scanner.automatic) next(p);
  expect(p, T.EOF);
  checkClashes(p, expr);
  return expr;
}

function checkClashes(p: Parser, root: Ast.File | Ast.Expr): void {
  const mayClash = p.bindsNames || (p.matchesStrings && p.declaresString);
  if (!mayClash || !p.issues.isEmpty) return;
  checkScopes(root, (start, end, message) => fail(p, start, message, end));
}

function atWord(p: Parser, word: string): boolean {
  const { tok, start, end } = p.scanner;
  return tok === T.IDENT && end - start === word.length && p.text.startsWith(word, start);
}

function parseAttributeDecls(p: Parser): Ast.Attribute[] {
  const found: Ast.Attribute[] = [];
  while (p.tok === T.ATTRIBUTE) {
    found.push(parseAttribute(p));
    takeDeclComma(p);
  }
  return found;
}

function applyExperiments(p: Parser, attributes: readonly Ast.Attribute[]): void {
  for (const { name, body } of attributes) {
    if (name !== 'experiment') continue;
    for (const word of body.split(',').map((part) => part.trim())) {
      if (word === 'structcmp') p.comparesStructs = true;
      else if (word !== '' && !EXPERIMENTS.has(word))
        fail(p, p.scanner.start, `unknown experiment "${word}"`);
    }
  }
}

function parsePackage(p: Parser): Ast.PackageClause {
  p.comments.open();
  const { start } = p.scanner;
  next(p);
  const name = parseIdent(p);
  if (isDefinition(name.name)) fail(p, p.scanner.start, `invalid package name ${name.name}`);
  expectComma(p);
  return p.comments.close({ type: 'package', start, end: name.end, name });
}

function parseImports(p: Parser): Ast.ImportDecl {
  const { comments } = p;
  comments.open();
  const { start } = parseIdent(p);
  const specs: Ast.ImportSpec[] = [];
  let end: number;
  const parens = p.tok === T.LPAREN;
  if (parens) {
    next(p);
    comments.openList();
    while (p.tok !== T.RPAREN && p.tok !== T.EOF) specs.push(parseImportSpec(p));
    comments.closeList();
    expect(p, T.RPAREN);
    end = p.lastEnd;
    expectComma(p);
  } else {
    const spec = parseImportSpec(p);
    specs.push(spec);
    ({ end } = spec);
  }
  return comments.close({ type: 'imports', start, end, parens, specs });
}

function parseImportSpec(p: Parser): Ast.ImportSpec {
  const { comments, scanner } = p;
  comments.open();
  let { start } = scanner;
  let alias: string | null = null;
  if (p.tok === T.IDENT) {
    alias = parseIdent(p).name;
    if (isDefinition(alias)) fail(p, scanner.start, 'cannot import package as definition identifier');
  }
  const pathStart = scanner.start;
  if (alias === null) start = pathStart;
  let raw = '';
  let path = '';
  if (p.tok === T.STRING) {
    raw = p.text.slice(pathStart, scanner.end);
    path = importPath(raw);
    if (path === '') fail(p, pathStart, `invalid import path: ${raw}`, scanner.end);
    next(p);
    expectComma(p);
  } else {
    expect(p, T.STRING);
    if (p.tok === T.COMMA) expectComma(p);
  }
  return comments.close({ type: 'import', start, end: pathStart + raw.length, alias, path, raw });
}

// ---- declarations

function parseStruct(p: Parser): Ast.StructLit {
  const { start } = p.scanner;
  enter(p);
  expect(p, T.LBRACE);
  const decls = p.tok === T.RBRACE ? [] : parseDecls(p);
  leave(p);
  expectClosing(p, T.RBRACE, 'struct literal');
  return { type: 'struct', start, end: p.lastEnd, decls, chained: false };
}

function parseDecls(p: Parser): Ast.Decl[] {
  const { comments } = p;
  const decls: Ast.Decl[] = [];
  comments.openList();
  while (p.tok !== T.RBRACE && p.tok !== T.EOF) {
    if (p.tok === T.ATTRIBUTE) {
      decls.push(parseAttribute(p));
      takeDeclComma(p);
    } else if (p.tok === T.ELLIPSIS) {
      const { start, end } = p.scanner;
      comments.open();
      next(p);
      decls.push(comments.close({ type: 'ellipsis', start, end, value: null }));
      takeDeclComma(p);
    } else decls.push(parseDecl(p));
  }
  comments.closeList();
  return decls;
}

function parseAttribute(p: Parser): Ast.Attribute {
  const { comments, scanner, text } = p;
  const { start, end } = scanner;
  comments.open();
  const paren = text.indexOf('(', start);
  const open = paren < 0 || paren > end ? end : paren;
  const name = text.slice(start + 1, open).trim();
  const body = text.slice(open + 1, end - 1);
  next(p);
  return comments.close({ type: 'attribute', start, end, name, body });
}

function parseDecl(p: Parser): Ast.Decl {
  const { comments, scanner } = p;
  comments.open();
  const first = scanner.tok;
  const expr = parseHead(p, false);
  if (p.headDecl !== null) {
    const decl = p.headDecl;
    p.headDecl = null;
    return comments.close(decl);
  }
  if (expr === null || !isLabel(expr)) {
    const embedded = expr ?? parseExpression(p);
    if (embedded.type === 'alias') p.issues.add(embedded.start, DEPRECATED_ALIAS);
    takeDeclComma(p);
    return comments.close(embed(embedded));
  }
  const constraint = parseConstraint(p);
  if (p.tok !== T.COLON) return comments.close(parseBareLabel(p, first, expr));
  next(p);
  const field = parseField(p, expr, constraint);
  takeDeclComma(p);
  return comments.close(field);
}

/** `a` where no colon follows: an embedding, or a mistake. */
function parseBareLabel(p: Parser, first: T.Token, expr: Ast.Expr): Ast.Embedding {
  const { tok } = p;
  const ends = tok === T.COMMA || tok === T.RBRACE || tok === T.EOF;
  if (tok === T.COMMA) expectComma(p);
  if (ends && expr.type === 'alias') p.issues.add(expr.start, DEPRECATED_ALIAS);
  else if (!ends || first === T.FUNC) failExpected(p, p.scanner.start, "label or ':'");
  return embed(expr);
}

function parseConstraint(p: Parser): Ast.Field['constraint'] {
  const { tok } = p;
  if (tok !== T.OPTION && tok !== T.NOT) return 'regular';
  next(p);
  return tok === T.OPTION ? 'optional' : 'required';
}

/** What follows the first label's colon: more labels, the value, attributes. */
function parseField(p: Parser, first: Ast.Expr, firstConstraint: Ast.Field['constraint']): Ast.Field {
  let labels: Ast.Expr[] | null = null;
  const constraints: Ast.Field['constraint'][] = [firstConstraint];
  let value: Ast.Expr;
  for (let label = first; ; ) {
    checkPattern(p, label);
    const expr = parseHead(p, true);
    p.headDecl = null;
    const { tok } = p;
    if (expr === null || (tok !== T.COLON && tok !== T.OPTION && tok !== T.NOT) || !isLabel(expr)) {
      value = expr ?? parseExpression(p);
      break;
    }
    enter(p);
    label = expr;
    labels ??= [first];
    labels.push(expr);
    constraints.push(parseConstraint(p));
    if (p.tok !== T.COLON) {
      failNoColon(p);
      value = expr;
      break;
    }
    next(p);
  }
  const attributes = parseFieldAttributes(p);
  if (labels === null) return makeField(p, first, firstConstraint, value, attributes);
  leave(p, labels.length - 1);
  return chain(p, labels, constraints, value, attributes);
}

function failNoColon(p: Parser): void {
  const { tok, start, end } = p.scanner;
  const found = T.isLiteral(tok) ? p.text.slice(start, end) : T.tokenName(tok);
  fail(p, start, `expected ':'; found ${found}`, end);
}

function checkPattern(p: Parser, label: Ast.Expr): void {
  if (label.type === 'ident') {
    if (label.name === 'string') p.declaresString = true;
    return;
  }
  const list = label.type === 'alias' ? label.value : label;
  if (list.type !== 'list') return;
  const [first] = list.elements;
  if (first?.type === 'ident' && first.name === 'string') p.matchesStrings = true;
  else p.bindsNames = true;
  if (list.elements.length !== 1 && p.issues.isEmpty) {
    fail(p, list.start, 'square bracket must have exactly one element', list.end);
  }
}

function parseFieldAttributes(p: Parser): readonly Ast.Attribute[] {
  if (p.tok !== T.ATTRIBUTE) {
    p.comments.skip();
    return NO_ATTRIBUTES;
  }
  p.comments.openList();
  let attributes: Ast.Attribute[] | null = null;
  while (p.tok === T.ATTRIBUTE) {
    attributes ??= [];
    attributes.push(parseAttribute(p));
  }
  p.comments.closeList();
  return attributes ?? NO_ATTRIBUTES;
}

/**
 * What stands at the beginning of a declaration: an expression that may be a label, or null. Null with
 * `headDecl` set is a whole declaration. `inner`: behind the colon of another label.
 */
function parseHead(p: Parser, inner: boolean): Ast.Expr | null {
  switch (p.tok) {
    case T.FOR:
    case T.IF:
      return inner ? labelOrAlias(p, parseExpression(p), inner) : parseComprehension(p);
    case T.LET:
      return parseLet(p, inner);
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
      return labelOrAlias(p, parseExpression(p), inner);
    default:
      return null;
  }
}

function labelOrAlias(p: Parser, expr: Ast.Expr, inner: boolean): Ast.Expr {
  if (expr.type !== 'ident') return expr;
  if (!inner && expr.name.startsWith('__')) {
    fail(p, expr.start, "identifiers starting with '__' are reserved", expr.end);
  }
  return parseAlias(p, expr);
}

function parseLet(p: Parser, inner: boolean): Ast.Expr | null {
  const { comments } = p;
  const { start, end } = p.scanner;
  comments.open();
  next(p);
  if (p.tok !== T.IDENT) {
    comments.close(null);
    return labelOrAlias(p, { type: 'ident', start, end, name: 'let' }, inner);
  }
  p.bindsNames = true;
  const name = parseIdent(p);
  expect(p, T.BIND);
  const value = parseExpression(p);
  takeDeclComma(p);
  p.headDecl = comments.close({ type: 'let', start, end: value.end, name, value } as const);
  return null;
}

function parseComprehension(p: Parser): Ast.Expr | null {
  const { comments } = p;
  const { start } = p.scanner;
  comments.open();
  const clauses = parseClauses(p);
  if (!Array.isArray(clauses)) {
    comments.close(null);
    return labelOrAlias(p, clauses, false);
  }
  comments.open();
  const value = comments.close(parseStruct(p));
  if (atComma(p, 'struct literal', T.RBRACE)) next(p);
  p.headDecl = comments.close({
    type: 'comprehension',
    start,
    end: value.end,
    clauses,
    value,
  } as const);
  return null;
}

/** The clauses of a comprehension, or the identifier if `for` or `if` is a label or a reference. */
function parseClauses(p: Parser): Ast.Clause[] | Ast.Ident {
  const { comments } = p;
  const clauses: Ast.Clause[] = [];
  for (;;) {
    const { tok, start, end } = p.scanner;
    if (tok !== T.FOR && tok !== T.IF && tok !== T.LET) return clauses;
    comments.open();
    next(p);
    if (clauses.length === 0 && tok !== T.LET && isKeywordLabel(p, tok)) {
      return comments.close<Ast.Ident>({ type: 'ident', start, end, name: T.tokenName(tok) });
    }
    const clause =
      tok === T.FOR ? parseFor(p, start) : tok === T.IF ? parseIf(p, start) : parseLetClause(p, start);
    clauses.push(comments.close(clause));
    if (p.tok === T.COMMA) next(p);
  }
}

/** Behind `for` or `if`: whether the word is a name. */
function isKeywordLabel(p: Parser, word: T.Token): boolean {
  switch (p.tok) {
    case T.COLON:
    case T.BIND:
    case T.OPTION:
    case T.COMMA:
    case T.EOF:
      return true;
    case T.NOT:
      return word === T.FOR || /^[ \t\r\n]*:/.test(p.text.slice(p.scanner.end, p.scanner.end + 64));
    default:
      return false;
  }
}

function parseFor(p: Parser, start: number): Ast.ForClause {
  let key: Ast.Ident | null = null;
  let value = parseIdent(p);
  if (p.tok === T.COMMA) {
    next(p);
    key = value;
    value = parseIdent(p);
  }
  p.comments.setPosition(4);
  expect(p, T.IN);
  const source = parseExpression(p);
  return { type: 'for', start, end: source.end, key, value, source };
}

function parseIf(p: Parser, start: number): Ast.IfClause {
  const condition = parseExpression(p);
  return { type: 'if', start, end: condition.end, condition };
}

function parseLetClause(p: Parser, start: number): Ast.LetClause {
  p.bindsNames = true;
  const name = parseIdent(p);
  expect(p, T.BIND);
  const value = parseExpression(p);
  return { type: 'letClause', start, end: value.end, name, value };
}

/** `a: b: c: value`, from the inside out. */
function chain(
  p: Parser,
  labels: readonly Ast.Expr[],
  constraints: readonly Ast.Field['constraint'][],
  value: Ast.Expr,
  attributes: readonly Ast.Attribute[],
): Ast.Field {
  let own = attributes;
  let inner = value;
  for (let i = labels.length - 1; ; i--) {
    // i counts down from the last
    const field = makeField(p, labels[i] as Ast.Expr, constraints[i] ?? 'regular', inner, own);
    if (i === 0) return field;
    const { start, end } = field;
    own = NO_ATTRIBUTES;
    inner = { type: 'struct', start, end, decls: [field], chained: true };
  }
}

function makeField(
  p: Parser,
  expr: Ast.Expr,
  constraint: Ast.Field['constraint'],
  value: Ast.Expr,
  attributes: readonly Ast.Attribute[],
): Ast.Field {
  const isAlias = expr.type === 'alias';
  const alias = isAlias ? expr.name : null;
  const label = toLabel(p, isAlias ? expr.value : expr);
  const end = attributes.length === 0 ? value.end : (attributes[attributes.length - 1]?.end ?? value.end);
  return { type: 'field', start: expr.start, end, alias, label, constraint, value, attributes };
}

function toLabel(p: Parser, expr: Ast.Expr): Ast.Label {
  if (expr.type === 'ident' || expr.type === 'string') return expr;
  const { start, end } = expr;
  const comments = expr.comments === undefined ? {} : { comments: expr.comments };
  switch (expr.type) {
    case 'null':
      return { type: 'ident', start, end, name: 'null', ...comments };
    case 'bool':
      return { type: 'ident', start, end, name: String(expr.value), ...comments };
    case 'list':
      return { type: 'pattern', start, end, expr: toPattern(p, expr), ...comments };
    default:
      return expr as Ast.Label; // isLabel let it pass
  }
}

/** What stands in the brackets of a pattern label; the compiler refuses what is no expression. */
function toPattern(p: Parser, { elements }: Ast.ListLit): Ast.Expr {
  const [first] = elements;
  const { start, end } = first ?? { start: 0, end: 0 };
  if (first !== undefined && first.type !== 'ellipsis' && first.type !== 'comprehension') return first;
  return {
    type: 'badLiteral',
    start,
    end,
    kind: 'string',
    raw: p.text.slice(start, end),
    message: 'a pattern must be an expression',
  };
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
