/** The formatter's lower half: expressions, clauses, labels, and the comments between them. */
import type * as Ast from './ast.ts';
import { gapBefore } from './comments.ts';
import * as L from './layout.ts';
import { isIntLiteral, isLiteralError, readQuotes } from './literal.ts';
import { isIdentifier, quoteText } from './quote.ts';

/** Where the printer stands in a node. */
interface Frame {
  /** Comments of the node that are not printed yet. */
  comments: readonly Ast.CommentGroup[];
  /** Tokens and children printed so far; a comment comes at its own position. */
  position: number;
  /** What separates the node's own parts: NEWLINE, or BLANK for one that stands on one line. */
  nodeSep: number;
  parentSep: number;
}

type Element = Ast.Expr | Ast.Comprehension | Ast.Ellipsis;

/** Binding strength of the binary operators, and of what binds more strongly than all. */
const PRECEDENCE: Readonly<Record<Ast.BinaryOp, number>> = {
  '|': 1,
  '&': 2,
  '||': 3,
  '&&': 4,
  '==': 5,
  '!=': 5,
  '<': 5,
  '<=': 5,
  '>': 5,
  '>=': 5,
  '=~': 5,
  '!~': 5,
  '+': 6,
  '-': 6,
  '*': 7,
  '/': 7,
  div: 7,
  mod: 7,
  quo: 7,
  rem: 7,
};
const UNARY = 8;
const HIGHEST = 9;
/** Behind every token of a node. */
const END = 127;
/** Multi-line strings are indented anew up to this depth. */
const DEEPEST_INDENT = 6;

export abstract class ExprPrinter {
  readonly layout = new L.Layout();
  protected readonly text: string;
  protected readonly simplify: boolean;
  protected frame: Frame = { comments: [], position: 0, nodeSep: L.NEWLINE, parentSep: L.NEWLINE };
  readonly #plainLabels: ReadonlyMap<object, string>;
  readonly #frames: Frame[] = [];

  constructor(text: string, simplify: boolean, plainLabels: ReadonlyMap<object, string>) {
    this.text = text;
    this.simplify = simplify;
    this.#plainLabels = plainLabels;
  }

  protected abstract decls(list: readonly Ast.Decl[]): void;

  // ---- places in the source

  protected gapAt(offset: number): Ast.Gap {
    return gapBefore(this.text, offset);
  }

  /** The place of the next token behind an offset, where only white space lies between; -1 without a source. */
  protected behind(offset: number): number {
    if (offset < 0) return -1;
    let at = offset;
    while (at < this.text.length && ' \t\r\n'.includes(this.text[at] ?? '')) at++;
    return at;
  }

  protected isNewline(offset: number): boolean {
    const gap = this.gapAt(offset);
    return gap === 'newline' || gap === 'section';
  }

  /** Where a declaration begins; a label that loses its quotes has no place any more. */
  protected startOf(decl: Ast.Decl): number {
    return decl.type === 'field' && decl.alias === null && this.#plainLabels.has(decl.label)
      ? -1
      : decl.start;
  }

  #isOnOneLine(node: Ast.StructLit): boolean {
    const [first] = node.decls;
    const begins = node.chained && first !== undefined ? this.startOf(first) : node.start;
    if (begins < 0 || node.end < 0) return false;
    const line = this.text.indexOf('\n', node.start);
    return line < 0 || line >= node.end;
  }

  // ---- frames and comments

  protected before(node: Ast.NodeBase | null): void {
    this.#frames.push(this.frame);
    const { nodeSep } = this.frame;
    this.frame = { comments: [], position: 0, nodeSep, parentSep: nodeSep };
    if (node === null) return;
    if (isStruct(node) && node.decls.length <= 1 && nodeSep !== L.BLANK && this.#isOnOneLine(node)) {
      this.frame.nodeSep = L.BLANK;
    }
    if (node.comments === undefined) return;
    this.frame.comments = node.comments;
    this.showComments(0);
  }

  protected after(): void {
    this.showComments(END);
    this.frame = this.#frames.pop() ?? this.frame;
    this.passToken();
  }

  /** Counts a token or child that is not there. */
  protected passToken(): void {
    this.frame.position++;
    this.showComments(this.frame.position);
  }

  protected showComments(until: number): void {
    const { frame } = this;
    for (let first = true; ; first = false) {
      const [comment] = frame.comments;
      if (comment === undefined || comment.position > until) return;
      if (!first) this.layout.space(L.SECTION);
      frame.comments = frame.comments.slice(1);
      this.#comment(comment);
    }
  }

  #comment(group: Ast.CommentGroup): void {
    const { layout } = this;
    layout.beforeComments(group.place === 'line' ? 'blank' : group.gap);
    if (group.place === 'doc' && layout.hasOutput) layout.space(L.NEWLINE);
    for (const [i, line] of group.lines.entries()) {
      if (layout.isInLine) layout.space(L.ALIGN);
      layout.gap(i === 0 || group.gap === 'unset' ? group.gap : 'newline');
      layout.comment(`//${line}`);
      if (group.place === 'doc') layout.space(L.FIXED);
    }
  }

  // ---- tokens

  protected token(text: string, offset: number): void {
    this.layout.gap(this.gapAt(offset));
    this.layout.token(text);
    this.frame.position++;
  }

  /** A word that the layout takes for a literal. */
  protected word(text: string, offset: number): void {
    this.layout.gap(this.gapAt(offset));
    this.layout.literal(text, 'string');
    this.frame.position++;
  }

  protected name(ident: Ast.Ident): void {
    this.layout.literal(ident.name, 'ident');
  }

  protected formfeed(): number {
    return this.frame.nodeSep === L.BLANK ? L.BLANK : L.FORMFEED;
  }

  // ---- labels

  protected label(alias: Ast.Ident | null, label: Ast.Label, constraint: Ast.Field['constraint']): void {
    // A label that is an expression brings its comments by itself.
    const isPlain = label.type !== 'interpolation' && label.type !== 'paren' && label.type !== 'pattern';
    this.before(alias === null && isPlain ? label : null);
    if (alias === null) this.#labelText(label);
    else {
      this.before(null);
      this.#namedLabel(alias);
      this.token('=', this.behind(alias.end));
      this.#labelValue(label);
      this.after();
    }
    if (constraint !== 'regular') this.token(constraint === 'optional' ? '?' : '!', -1);
    this.after();
  }

  #namedLabel(ident: Ast.Ident): void {
    this.before(ident);
    this.#labelText(ident);
    this.after();
  }

  #labelText(label: Ast.Label): void {
    switch (label.type) {
      case 'ident':
        this.word(isIdentifier(label.name) ? label.name : quoteText(label.name), label.start);
        return;
      case 'string':
      case 'bytes':
      case 'badLiteral':
      case 'number':
        this.word(
          this.#plainLabels.get(label) ?? labelLiteral(label),
          this.#plainLabels.has(label) ? -1 : label.start,
        );
        return;
      case 'interpolation':
      case 'paren':
      case 'pattern':
        this.#labelValue(label);
        return;
      default:
        label satisfies never;
    }
  }

  #labelValue(label: Ast.Label): void {
    if (label.type !== 'pattern') {
      this.expr(label);
      return;
    }
    const { start, end, expr, comments } = label;
    const own = comments === undefined ? {} : { comments };
    this.expr({ type: 'list', start, end, elements: [expr], ...own });
  }

  // ---- expressions

  protected expr(expr: Ast.Expr): void {
    this.#exprAt(expr, 0, 1);
  }

  #exprAt(expr: Ast.Expr, lowest: number, depth: number): void {
    if (expr.type === 'binary') {
      this.#binary(expr, lowest, depth);
      return;
    }
    this.before(expr);
    this.#bare(expr, lowest, depth);
    this.after();
  }

  /** An expression without its frame. */
  #bare(expr: Ast.Expr, lowest: number, depth: number): void {
    const { layout } = this;
    switch (expr.type) {
      case 'bottom':
        this.token('_|_', expr.start);
        return;
      case 'null':
        this.#literal('null', 'null', expr.start);
        return;
      case 'bool':
        this.#literal(String(expr.value), 'bool', expr.start);
        return;
      case 'number':
        this.#literal(normalNumber(expr.raw), isIntLiteral(expr.raw) ? 'int' : 'float', expr.start);
        return;
      case 'string':
      case 'bytes':
      case 'badLiteral':
        layout.gap(this.gapAt(expr.start));
        layout.literal(this.#indentString(expr.raw), 'string');
        return;
      case 'ident':
        layout.gap(this.gapAt(expr.start));
        this.name(expr);
        return;
      case 'alias':
        this.#namedLabel(expr.name);
        this.token('=', this.behind(expr.name.end));
        this.expr(expr.value);
        return;
      case 'binary':
        this.#binaryParts(expr, lowest, depth);
        return;
      case 'unary':
        this.#unary(expr, lowest, depth);
        return;
      case 'interpolation':
        this.#interpolation(expr, depth);
        return;
      case 'paren':
        this.#paren(expr, depth);
        return;
      case 'selector':
        this.#selector(expr, depth);
        return;
      case 'index':
        this.#exprAt(expr.operand, HIGHEST, 1);
        this.token('[', this.behind(expr.operand.end));
        this.#exprAt(expr.index, 0, depth + 1);
        this.token(']', this.#lastOf(expr));
        return;
      case 'slice':
        this.#slice(expr, depth);
        return;
      case 'call':
        this.#call(expr, depth);
        return;
      case 'struct':
        this.#struct(expr);
        return;
      case 'list':
        this.#list(expr);
        return;
      default:
        expr satisfies never;
    }
  }

  #literal(text: string, kind: string, offset: number): void {
    this.layout.gap(this.gapAt(offset));
    this.layout.literal(text, kind);
  }

  #lastOf(node: Ast.NodeBase): number {
    return node.start < 0 ? -1 : node.end - 1;
  }

  /** A multi-line literal with its lines indented as the line it begins on, and one more. */
  #indentString(raw: string): string {
    if (this.layout.indent >= DEEPEST_INDENT || !raw.includes('\n')) return raw;
    const quotes = readQuotes(raw, raw);
    const indent = '\t'.repeat(this.layout.indent + 1);
    if (isLiteralError(quotes) || !quotes.info.multiline || quotes.info.indent === indent) return raw;
    return raw.replaceAll('\r', '').replaceAll(`\n${quotes.info.indent}`, `\n${indent}`);
  }

  #unary(expr: Ast.UnaryExpr, lowest: number, depth: number): void {
    if (UNARY < lowest) {
      this.token('(', -1);
      this.layout.space(L.FIXED);
      this.#bare(expr, 0, 1);
      this.token(')', -1);
      return;
    }
    this.token(expr.op, expr.start);
    this.layout.space(L.FIXED);
    this.#exprAt(expr.operand, UNARY, depth);
  }

  #paren(expr: Ast.ParenExpr, depth: number): void {
    if (expr.inner.type === 'paren') {
      this.#exprAt(expr.inner, 0, depth);
      return;
    }
    this.token('(', expr.start);
    this.#exprAt(expr.inner, 0, Math.max(depth - 1, 1));
    this.token(')', this.#lastOf(expr));
  }

  #interpolation(expr: Ast.Interpolation, depth: number): void {
    this.before(null);
    let raw = 0;
    for (const part of expr.parts) {
      if (typeof part !== 'string' && !(part instanceof Uint8Array)) {
        this.#exprAt(part, 0, depth + 1);
        continue;
      }
      const text = expr.raws[raw];
      raw++;
      if (text === undefined) continue;
      this.before(text);
      this.#literal(text.raw.replaceAll('\r', ''), 'string', text.start);
      this.after();
    }
    this.after();
  }

  #slice(expr: Ast.SliceExpr, depth: number): void {
    const { low, high } = expr;
    this.#exprAt(expr.operand, HIGHEST, 1);
    this.token('[', this.behind(expr.operand.end));
    if (low !== null) this.#exprAt(low, 0, depth + 1);
    const wide =
      depth <= 1 && low !== null && high !== null && (low.type === 'binary' || high.type === 'binary');
    if (wide) this.layout.space(L.BLANK);
    this.token(':', -1);
    if (wide) this.layout.space(L.BLANK);
    if (high !== null) this.#exprAt(high, 0, depth + 1);
    this.token(']', this.#lastOf(expr));
  }

  /** Gives whether the selector went to a line of its own, indented. */
  #selector(expr: Ast.SelectorExpr, depth: number): boolean {
    this.#exprAt(expr.operand, HIGHEST, depth);
    this.token('.', -1);
    if (this.isNewline(expr.selector.start)) {
      this.layout.space(L.INDENT | L.FORMFEED);
      this.expr(expr.selector);
      this.layout.space(L.UNINDENT);
      return true;
    }
    this.layout.space(L.NO_BLANK);
    this.expr(expr.selector);
    return false;
  }

  #call(expr: Ast.CallExpr, depth: number): void {
    const { layout } = this;
    const { callee, args } = expr;
    const inner = args.length > 1 ? depth + 1 : depth;
    let indented = false;
    if (callee.type === 'selector') indented = this.#selector(callee, inner);
    else this.#exprAt(callee, HIGHEST, inner);
    this.token('(', this.behind(callee.end));
    this.before(null);
    for (const arg of args) {
      this.before(arg);
      this.#bare(arg, 0, inner);
      layout.space(L.COMMA_SPACE | L.BLANK);
      this.after();
    }
    this.after();
    layout.space(L.TRAILING_COMMA | L.NO_BLANK);
    this.token(')', this.#lastOf(expr));
    if (indented) layout.space(L.UNINDENT);
  }

  #struct(expr: Ast.StructLit): void {
    const { layout } = this;
    const hasBraces = !expr.chained && expr.start >= 0;
    let space = L.NO_BLANK;
    let breaks = this.formfeed();
    const [first] = expr.decls;
    if (first === undefined) {
      if (expr.comments?.some((comment) => comment.position === 1) !== true) breaks = L.BLANK | L.FIXED;
    } else if (!hasBraces || this.startOf(first) < 0) space |= L.NEWLINE | L.FIXED;
    this.token('{', hasBraces ? expr.start : -1);
    const { line } = layout;
    layout.space(space | breaks | L.INDENT);
    layout.braceOnLine = true;
    this.decls(expr.decls);
    layout.space(L.UNINDENT);
    space = L.NO_BLANK;
    if (layout.line !== line) {
      space |= L.NEWLINE;
      if (layout.lastToken !== '}' && layout.lastToken !== ']') space |= L.FIXED;
    }
    layout.space(space);
    this.token('}', hasBraces ? this.#lastOf(expr) : -1);
  }

  #list(expr: Ast.ListLit): void {
    const { layout } = this;
    let space = L.NO_BLANK | L.INDENT;
    const isEmpty = expr.elements.length === 0;
    if (isEmpty && expr.comments?.some((comment) => comment.position === 1) !== true)
      space |= L.BLANK | L.FIXED;
    this.token('[', expr.start);
    layout.space(space);
    this.#elements(expr.elements);
    layout.space(L.TRAILING_COMMA | L.NO_BLANK);
    this.showComments(this.frame.position);
    layout.space(L.UNINDENT | L.NO_BLANK);
    this.token(']', this.#lastOf(expr));
  }

  #elements(elements: readonly Element[]): void {
    this.before(null);
    for (const element of elements) {
      this.before(element);
      // A comma can't stand behind a comment: what comes behind the element is held back until its comma is out.
      const held = element.start >= 0;
      const behind = (element.comments ?? []).filter((comment) => comment.start > element.start);
      if (held) this.frame.comments = [];
      this.#element(element);
      this.layout.space(L.COMMA_SPACE | L.BLANK);
      if (held) this.frame.comments = behind;
      this.after();
    }
    this.after();
  }

  #element(element: Element): void {
    switch (element.type) {
      case 'comprehension':
        this.clauses(element.clauses);
        this.layout.space(L.BLANK | L.FIXED);
        this.expr(element.value);
        return;
      case 'ellipsis':
        this.ellipsis(element);
        return;
      case 'alias':
        this.expr(element.name);
        this.token('=', this.behind(element.name.end));
        this.expr(element.value);
        return;
      default:
        this.#bare(element, 0, 1);
    }
  }

  protected ellipsis(ellipsis: Ast.Ellipsis): void {
    this.token('...', ellipsis.start);
    const { value } = ellipsis;
    if (value !== null && !(value.type === 'ident' && value.name === '_')) this.expr(value);
  }

  // ---- comprehensions

  protected clauses(clauses: readonly Ast.Clause[]): void {
    this.before(null);
    for (const [i, clause] of clauses.entries()) {
      this.before(clause);
      if (i > 0) this.layout.space(L.BLANK);
      this.#clause(clause);
      this.layout.endIndent();
      this.after();
    }
    this.after();
  }

  #clause(clause: Ast.Clause): void {
    const { layout } = this;
    switch (clause.type) {
      case 'for':
        this.word('for', clause.start);
        layout.space(L.BLANK | L.INDENT);
        if (clause.key === null) this.passToken();
        else {
          this.#namedLabel(clause.key);
          this.token(',', this.behind(clause.key.end));
          layout.space(L.BLANK);
        }
        this.#namedLabel(clause.value);
        layout.space(L.BLANK);
        this.word('in', this.behind(clause.value.end));
        layout.space(L.BLANK);
        this.expr(clause.source);
        return;
      case 'if':
        this.word('if', clause.start);
        layout.space(L.BLANK | L.INDENT);
        this.expr(clause.condition);
        return;
      case 'letClause':
        this.token('let', clause.start);
        layout.space(L.BLANK | L.FIXED | L.INDENT);
        this.expr(clause.name);
        layout.space(L.BLANK | L.FIXED);
        this.token('=', this.behind(clause.name.end));
        layout.space(L.BLANK);
        this.expr(clause.value);
        return;
      default:
        clause satisfies never;
    }
  }

  // ---- binary expressions

  /** Prints a binary expression with its frame; its left side, which may be long, in a loop. */
  #binary(expr: Ast.BinaryExpr, lowest: number, depth: number): void {
    this.before(expr);
    this.#binaryParts(expr, lowest, depth);
    this.after();
  }

  /** One level of operators that lean to the left, from the outermost on. */
  #binaryParts(expr: Ast.BinaryExpr, lowest: number, depth: number): void {
    if (PRECEDENCE[expr.op] < lowest) {
      this.token('(', -1);
      this.layout.space(L.FIXED);
      this.#exprAt(expr, 0, Math.max(depth - 1, 1));
      this.token(')', -1);
      return;
    }
    const spine: { readonly expr: Ast.BinaryExpr; readonly depth: number }[] = [{ expr, depth }];
    let at = expr;
    let inner = depth;
    while (at.left.type === 'binary' && PRECEDENCE[at.left.op] >= PRECEDENCE[at.op]) {
      if (PRECEDENCE[at.left.op] !== PRECEDENCE[at.op]) inner++;
      at = at.left;
      this.before(at);
      spine.push({ expr: at, depth: inner });
    }
    const cutoffs = findCutoffs(spine);
    this.#exprAt(at.left, PRECEDENCE[at.op], inner + 1);
    for (let i = spine.length - 1; i >= 0; i--) {
      const level = spine[i] as (typeof spine)[number]; // i is within
      this.#operator(level.expr, level.depth, cutoffs[i] ?? 0);
      if (i > 0) this.after();
    }
  }

  /** The operator and the right side. */
  #operator(expr: Ast.BinaryExpr, depth: number, cutoff: number): void {
    const { layout } = this;
    const precedence = PRECEDENCE[expr.op];
    let blank = precedence < cutoff;
    layout.space(blank ? L.FIXED | L.BLANK : L.FIXED);
    this.token(expr.op, expr.start < 0 ? -1 : expr.opStart);
    if (this.isNewline(expr.right.start)) {
      layout.space(L.FORMFEED);
      blank = false;
    } else layout.space(L.FIXED);
    if (blank) layout.space(L.BLANK);
    this.#exprAt(expr.right, precedence + 1, depth + 1);
  }
}

/** What operators occur in an expression, parentheses apart. */
interface Mix {
  has6: boolean;
  has7: boolean;
  /** Two operators that would run into each other. */
  problem: number;
}

/**
 * For each level of a left-leaning expression, the outermost first: operators that bind less strongly than this
 * get blanks around them. In `a*b + c*d` only the weaker ones do.
 */
function findCutoffs(spine: readonly { readonly expr: Ast.BinaryExpr; readonly depth: number }[]): number[] {
  const cutoffs: number[] = [];
  const mix: Mix = { has6: false, has7: false, problem: 0 };
  for (let i = spine.length - 1; i >= 0; i--) {
    const level = spine[i];
    if (level === undefined) break;
    addOperator(mix, level.expr);
    cutoffs[i] = cutoffOf(mix, level.depth);
  }
  return cutoffs;
}

function addOperator(mix: Mix, expr: Ast.BinaryExpr): void {
  const precedence = PRECEDENCE[expr.op];
  if (precedence === 6) mix.has6 = true;
  if (precedence === 7) mix.has7 = true;
  const { right } = expr;
  if (right.type === 'unary') {
    const both = expr.op + right.op;
    if (both === '/*') mix.problem = 8;
    else if (both === '++' || both === '--') mix.problem = Math.max(mix.problem, 6);
  } else if (right.type === 'binary' && PRECEDENCE[right.op] > precedence) {
    // A right side that binds more strongly leans to the left itself.
    for (let at: Ast.Expr = right; at.type === 'binary'; at = at.left) {
      addOperator(mix, at);
      if (at.left.type === 'binary' && PRECEDENCE[at.left.op] < PRECEDENCE[at.op]) break;
    }
  }
}

function cutoffOf(mix: Mix, depth: number): number {
  if (mix.problem > 0) return mix.problem + 1;
  if (mix.has6 && mix.has7) return depth === 1 ? 7 : 6;
  return depth === 1 ? 8 : 6;
}

function isStruct(node: Ast.NodeBase): node is Ast.StructLit {
  return 'type' in node && node.type === 'struct';
}

function labelLiteral(label: Ast.StringLit | Ast.BytesLit | Ast.BadLiteral | Ast.NumberLit): string {
  const { raw } = label;
  if (label.type !== 'string' || !(raw.startsWith('"""') || raw.startsWith('#'))) return raw;
  return quoteText(label.value);
}

/** A number with digits on both sides of its point and a small `e`. */
function normalNumber(raw: string): string {
  if (isIntLiteral(raw)) {
    const dot = raw.indexOf('.');
    const padded =
      dot >= 0 && (raw[dot + 1] ?? '') > '9' ? `${raw.slice(0, dot + 1)}0${raw.slice(dot + 1)}` : raw;
    const exponent = padded.indexOf('E');
    return exponent >= 0 && exponent < padded.length - 1 ? padded.toLowerCase() : padded;
  }
  let text = raw;
  const dot = raw.indexOf('.');
  if (dot === 0) text = `0${raw}`;
  else if (dot === raw.length - 1) text = `${raw}0`;
  else if (dot > 0 && (raw[dot + 1] ?? '') > '9') text = `${raw.slice(0, dot + 1)}0${raw.slice(dot + 1)}`;
  return text.includes('E') ? text.toLowerCase() : text;
}
