/** The parser's middle: expressions. Structs are read by the layer above. */
import type * as Ast from './ast.ts';
import { isLiteralError, type LiteralError, unquote, unquoteParts } from './literal.ts';
import {
  atComma,
  enter,
  expect,
  expectClosing,
  fail,
  failExpected,
  leave,
  next,
  sync,
  TokenReader,
} from './reader.ts';
import * as T from './token.ts';

const PLACEHOLDER: Ast.BottomLit = { type: 'bottom', start: 0, end: 0 };

/** Tokens that are expressions by themselves. */
const LEAVES = T.tokens(T.IDENT, T.STRING, T.INT, T.FLOAT, T.NULL, T.TRUE, T.FALSE, T.BOTTOM);
/** Tokens that no expression goes on with. */
const ENDS = T.tokens(T.COMMA, T.COLON, T.RBRACE, T.RBRACK, T.RPAREN, T.LBRACE, T.EOF);
const UNARY = T.tokens(...[T.ADD, T.SUB, T.NOT, T.MUL, T.LSS, T.LEQ, T.GEQ, T.GTR, T.NEQ, T.MAT, T.NMAT]);

export abstract class ExpressionParser extends TokenReader {
  /** Whether names were declared that may clash with others of their scope (let, alias, pattern label). */
  bindsNames = false;
  /** Whether the file allows `==x`. */
  comparesStructs = false;

  abstract parseStruct(): Ast.StructLit;
  abstract parseClauses(): Ast.Clause[] | Ast.Ident;
}

export function parseIdent(p: ExpressionParser): Ast.Ident {
  const { start, end } = p.scanner;
  if (p.tok === T.IDENT && p.comments.isQuiet) {
    const ident: Ast.Ident = { type: 'ident', start, end, name: p.text.slice(start, end) };
    passLeaf(p, ident);
    return ident;
  }
  p.comments.open();
  const isIdent = p.tok === T.IDENT;
  if (isIdent) next(p);
  else expect(p, T.IDENT);
  const name = isIdent ? p.text.slice(start, end) : '_';
  return p.comments.close({ type: 'ident', start, end, name });
}

/** Moves behind a node of one token: no comment can follow directly, since a comma stands for the line's end. */
function passLeaf(p: ExpressionParser, node: Ast.NodeBase): void {
  p.lastEnd = p.scanner.end;
  p.scanner.scan();
  p.comments.pass(node);
}

function parseKeyword(p: ExpressionParser): Ast.Ident {
  p.comments.open();
  const { start, end } = p.scanner;
  next(p);
  return p.comments.close({ type: 'ident', start, end, name: p.text.slice(start, end) });
}

/** An expression, with a comment frame of its own. */
export function parseExpression(p: ExpressionParser): Ast.Expr {
  const { comments } = p;
  const leaf = LEAVES[p.tok] && comments.isQuiet ? readLeaf(p) : null;
  if (leaf !== null) {
    p.lastEnd = p.scanner.end;
    p.scanner.scan();
    if (ENDS[p.tok]) {
      comments.pass(leaf);
      return leaf;
    }
  }
  comments.open();
  comments.openList();
  if (leaf !== null) comments.pass(leaf);
  const expr = parseBinaryTail(p, 1, leaf === null ? parseUnary(p) : parsePrimaryTail(p, leaf));
  comments.closeList();
  return comments.close(expr);
}

function readLeaf(p: ExpressionParser): Ast.Expr {
  const { tok, start, end } = p.scanner;
  if (tok === T.IDENT) return { type: 'ident', start, end, name: p.text.slice(start, end) };
  return readLiteral(p, tok, start, end);
}

/** The binary operators of at least this precedence behind `left`, and their right sides. */
function parseBinaryTail(p: ExpressionParser, lowest: number, left: Ast.Expr): Ast.Expr {
  let expr = left;
  for (;;) {
    const { tok, start: opStart } = p.scanner;
    const word = tok === T.IDENT ? wordOperator(p) : null;
    const precedence = word === null ? T.precedence(tok) : 7;
    if (precedence < lowest) return expr;
    const { comments } = p;
    comments.open(1);
    next(p);
    comments.openList();
    const right = parseBinaryTail(p, precedence + 1, parseUnary(p));
    comments.closeList();
    const op = word ?? (T.tokenName(tok) as Ast.BinaryOp); // precedence is 0 for any other token
    const { start } = expr;
    expr = comments.close({ type: 'binary', start, end: right.end, op, opStart, left: expr, right });
  }
}

function wordOperator(p: ExpressionParser): 'div' | 'mod' | 'quo' | 'rem' | null {
  const { start, end } = p.scanner;
  if (end - start !== 3) return null;
  const word = p.text.slice(start, end);
  return word === 'div' || word === 'mod' || word === 'quo' || word === 'rem' ? word : null;
}

function parseUnary(p: ExpressionParser): Ast.Expr {
  const isOperator = UNARY[p.tok] || (p.tok === T.EQL && p.comparesStructs);
  return isOperator ? parseUnaryOperator(p) : parsePrimary(p);
}

function parseUnaryOperator(p: ExpressionParser): Ast.Expr {
  const { start, tok } = p.scanner;
  p.comments.open();
  enter(p);
  next(p);
  const operand = parseUnary(p);
  leave(p);
  const op = T.tokenName(tok) as Ast.UnaryOp; // one of the tokens above
  return p.comments.close({ type: 'unary', start, end: operand.end, op, operand });
}

/** An operand with its selectors, indices and calls. */
function parsePrimary(p: ExpressionParser): Ast.Expr {
  return parsePrimaryTail(p, parseOperand(p));
}

function parsePrimaryTail(p: ExpressionParser, operand: Ast.Expr): Ast.Expr {
  let expr = operand;
  let levels = 0;
  for (;;) {
    switch (p.tok) {
      case T.PERIOD:
        expr = parseSelector(p, expr);
        break;
      case T.LBRACK:
        expr = parseIndexOrSlice(p, expr);
        break;
      case T.LPAREN:
        expr = parseCall(p, expr);
        break;
      default:
        leave(p, levels);
        return expr;
    }
    enter(p);
    levels++;
  }
}

function parseOperand(p: ExpressionParser): Ast.Expr {
  switch (p.tok) {
    case T.IDENT:
      return parseIdent(p);
    case T.LBRACE:
      return p.parseStruct();
    case T.LBRACK:
      return parseList(p);
    case T.INTERPOLATION:
      return parseInterpolation(p);
    case T.LPAREN:
      return parseParen(p);
  }
  if (LEAVES[p.tok]) return parseLiteral(p);
  if (T.isKeyword(p.tok)) return parseKeyword(p);
  p.comments.open();
  failExpected(p, p.scanner.start, 'operand');
  sync(p);
  return p.comments.close({ ...PLACEHOLDER });
}

function parseLiteral(p: ExpressionParser): Ast.Expr {
  const { comments, scanner } = p;
  const literal = readLiteral(p, scanner.tok, scanner.start, scanner.end);
  if (comments.isQuiet) {
    passLeaf(p, literal);
    return literal;
  }
  comments.open();
  next(p);
  return comments.close(literal);
}

function readLiteral(p: ExpressionParser, tok: T.Token, start: number, end: number): Ast.Expr {
  switch (tok) {
    case T.INT:
    case T.FLOAT:
      return { type: 'number', start, end, raw: p.text.slice(start, end) };
    case T.NULL:
      return { type: 'null', start, end };
    case T.BOTTOM:
      return { type: 'bottom', start, end };
    case T.STRING:
      return readString(p, start, end);
    default:
      return { type: 'bool', start, end, value: tok === T.TRUE };
  }
}

function readString(
  p: ExpressionParser,
  start: number,
  end: number,
): Ast.StringLit | Ast.BytesLit | Ast.BadLiteral {
  const raw = p.text.slice(start, end);
  // The scanner has seen no backslash and no line break: what stands between the quotes is the value.
  if (!p.scanner.escaped && raw.charCodeAt(0) === 34 && raw.charCodeAt(1) !== 34) {
    const value = raw.slice(1, -1);
    if (!value.includes('\r')) {
      return { type: 'string', start, end, value, quote: { hashes: 0, multiline: false }, raw };
    }
  }
  const hashes = hashCount(raw);
  const kind = raw[hashes] === '"' ? 'string' : 'bytes';
  const multiline = raw.startsWith(kind === 'string' ? '"""' : "'''", hashes);
  const value = p.issues.isEmpty ? unquote(raw) : '';
  if (isLiteralError(value)) return { type: 'badLiteral', start, end, kind, raw, message: value.message };
  const quote = { hashes, multiline };
  if (typeof value === 'string') return { type: 'string', start, end, value, quote, raw };
  return { type: 'bytes', start, end, value, quote, raw };
}

function parseParen(p: ExpressionParser): Ast.Expr {
  const { comments, scanner } = p;
  comments.open();
  const { start } = scanner;
  enter(p);
  next(p);
  comments.openList();
  const inner = parseExpression(p);
  comments.closeList();
  leave(p);
  expect(p, T.RPAREN);
  return comments.close({ type: 'paren', start, end: p.lastEnd, inner });
}

function parseSelector(p: ExpressionParser, operand: Ast.Expr): Ast.Expr {
  const { comments } = p;
  const { start } = operand;
  comments.open(1);
  next(p);
  const selector = parseSelectorName(p);
  return comments.close({ type: 'selector', start, end: selector.end, operand, selector });
}

function parseSelectorName(p: ExpressionParser): Ast.SelectorExpr['selector'] {
  const { tok, start, end } = p.scanner;
  if (tok === T.IDENT) return parseIdent(p);
  if (tok === T.STRING && p.text[start] === '"' && p.text[start + 1] !== '"') {
    const name = readString(p, start, end);
    next(p);
    if (name.type !== 'bytes') return name;
  } else if (T.isKeyword(tok)) return parseKeyword(p);
  else {
    failExpected(p, start, 'selector');
    next(p);
  }
  return { type: 'ident', start, end, name: '_' };
}

function parseIndexOrSlice(p: ExpressionParser, operand: Ast.Expr): Ast.Expr {
  const { comments } = p;
  const { start } = operand;
  comments.open(1);
  enter(p);
  next(p);
  const low = p.tok === T.COLON ? null : parseExpression(p);
  let high: Ast.Expr | null = null;
  const isSlice = p.tok === T.COLON;
  if (isSlice) {
    next(p);
    const { tok } = p;
    if (tok !== T.COLON && tok !== T.RBRACK && tok !== T.EOF) high = parseExpression(p);
  }
  leave(p);
  expect(p, T.RBRACK);
  const end = p.lastEnd;
  if (isSlice) return comments.close({ type: 'slice', start, end, operand, low, high });
  return comments.close({ type: 'index', start, end, operand, index: low ?? PLACEHOLDER });
}

function parseCall(p: ExpressionParser, callee: Ast.Expr): Ast.Expr {
  const { comments } = p;
  const { start } = callee;
  comments.open();
  comments.openList();
  enter(p);
  next(p);
  const args: Ast.Expr[] = [];
  while (p.tok !== T.RPAREN && p.tok !== T.EOF) {
    args.push(parseExpression(p));
    if (!atComma(p, 'argument list', T.RPAREN)) break;
    next(p);
  }
  leave(p);
  expectClosing(p, T.RPAREN, 'argument list');
  const end = p.lastEnd;
  comments.closeList();
  return comments.close({ type: 'call', start, end, callee, args });
}

function parseInterpolation(p: ExpressionParser): Ast.Expr {
  const { comments, scanner, text } = p;
  const { start } = scanner;
  comments.open();
  comments.openList();
  comments.open();
  enter(p);
  const exprs: Ast.Expr[] = [];
  let end = scanner.end;
  let part: Ast.RawText = { type: 'rawText', start, end, raw: text.slice(start, end) };
  const raws: Ast.RawText[] = [part];
  next(p);
  while (p.tok === T.LPAREN) {
    next(p);
    comments.close(part);
    exprs.push(parseExpression(p));
    comments.open();
    if (p.tok !== T.RPAREN) fail(p, scanner.start, "expected ')' for string interpolation");
    scanner.resumeInterpolation();
    ({ end } = scanner);
    part = { type: 'rawText', start: scanner.start, end, raw: text.slice(scanner.start, end) };
    raws.push(part);
    next(p);
  }
  leave(p);
  comments.close(part);
  comments.closeList();
  return comments.close(makeInterpolation(p, start, end, raws, exprs));
}

function makeInterpolation(
  p: ExpressionParser,
  start: number,
  end: number,
  raws: Ast.RawText[],
  exprs: Ast.Expr[],
): Ast.Expr {
  const first = raws[0]?.raw ?? '';
  const hashes = hashCount(first);
  const kind = first[hashes] === '"' ? 'string' : 'bytes';
  const multiline = first.startsWith(kind === 'string' ? '"""' : "'''", hashes);
  const texts: (string | Uint8Array)[] | LiteralError = p.issues.isEmpty
    ? unquoteParts(raws.map(({ raw }) => raw))
    : [];
  if (isLiteralError(texts)) {
    return {
      type: 'badLiteral',
      start,
      end,
      kind,
      raw: p.text.slice(start, end),
      message: texts.message,
    };
  }
  const parts: (string | Uint8Array | Ast.Expr)[] = [];
  for (const [i, value] of texts.entries()) {
    parts.push(value);
    const expr = exprs[i];
    if (expr !== undefined) parts.push(expr);
  }
  return { type: 'interpolation', start, end, kind, quote: { hashes, multiline }, parts, raws };
}

// ---- lists

function parseList(p: ExpressionParser): Ast.ListLit {
  const { comments } = p;
  const { start } = p.scanner;
  enter(p);
  next(p);
  const elements: (Ast.Expr | Ast.Comprehension | Ast.Ellipsis)[] = [];
  comments.openList();
  while (p.tok !== T.RBRACK && p.tok !== T.ELLIPSIS && p.tok !== T.EOF) {
    if (!parseElement(p, elements)) break;
  }
  comments.closeList();
  if (p.tok === T.ELLIPSIS) elements.push(parseListEllipsis(p));
  leave(p);
  expectClosing(p, T.RBRACK, 'list literal');
  return { type: 'list', start, end: p.lastEnd, elements };
}

function parseListEllipsis(p: ExpressionParser): Ast.Ellipsis {
  const { start, end } = p.scanner;
  next(p);
  const value = p.tok === T.COMMA || p.tok === T.RBRACK ? null : parseExpression(p);
  if (atComma(p, 'list literal', T.RBRACK)) next(p);
  return { type: 'ellipsis', start, end: value?.end ?? end, value };
}

/** Reads one element and the comma behind it; false if it must be the last. */
function parseElement(
  p: ExpressionParser,
  elements: (Ast.Expr | Ast.Comprehension | Ast.Ellipsis)[],
): boolean {
  const { comments } = p;
  comments.open();
  let expr: Ast.Expr;
  if (p.tok === T.FOR || p.tok === T.IF) {
    const { start } = p.scanner;
    const clauses = p.parseClauses();
    if (Array.isArray(clauses)) {
      comments.open();
      const value = comments.close(p.parseStruct());
      if (atComma(p, 'list literal', T.RBRACK)) next(p);
      elements.push(comments.close({ type: 'comprehension', start, end: value.end, clauses, value }));
      return true;
    }
    expr = clauses;
  } else expr = parseUnary(p);
  expr = parseAlias(p, parseBinaryTail(p, 1, expr));
  const more = takeElementComma(p);
  elements.push(comments.close(expr));
  return more;
}

function takeElementComma(p: ExpressionParser): boolean {
  if (p.tok === T.COMMA && p.scanner.automatic) {
    next(p);
    // As in JSON, the last element needs no comma before the line of the bracket.
    if (p.tok === T.RBRACK || p.tok === T.FOR || p.tok === T.IF) return false;
    fail(p, p.scanner.start, "missing ',' before newline in list literal");
  } else if (!atComma(p, 'list literal', T.RBRACK, T.FOR, T.IF)) return false;
  next(p);
  return true;
}

/** Makes an alias of `left` if `=` follows. */
export function parseAlias(p: ExpressionParser, left: Ast.Expr): Ast.Expr {
  if (p.tok !== T.BIND) return left;
  p.bindsNames = true;
  enter(p);
  next(p);
  const value = parseExpression(p);
  leave(p);
  if (left.type === 'ident') return { type: 'alias', start: left.start, end: value.end, name: left, value };
  fail(p, p.scanner.start, 'expected identifier for alias');
  return value;
}
function hashCount(raw: string): number {
  let hashes = 0;
  while (raw[hashes] === '#') hashes++;
  return hashes;
}
