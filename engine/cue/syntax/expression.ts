/** The parser's middle: expressions. Structs are read by the layer above. */
import type * as Ast from './ast.ts';
import { isLiteralError, type LiteralError, unquote, unquoteParts } from './literal.ts';
import { TokenReader } from './reader.ts';
import * as T from './token.ts';

const PLACEHOLDER: Ast.BottomLit = { type: 'bottom', start: 0, end: 0 };

/** Tokens that are expressions by themselves. */
const LEAVES = T.tokens(T.IDENT, T.STRING, T.INT, T.FLOAT, T.NULL, T.TRUE, T.FALSE, T.BOTTOM);
/** Tokens that no expression goes on with. */
const ENDS = T.tokens(T.COMMA, T.COLON, T.RBRACE, T.RBRACK, T.RPAREN, T.LBRACE, T.EOF);
const UNARY = T.tokens(...[T.ADD, T.SUB, T.NOT, T.MUL, T.LSS, T.LEQ, T.GEQ, T.GTR, T.NEQ, T.MAT, T.NMAT]);

export abstract class ExpressionParser extends TokenReader {
  /** Whether names were declared that may clash with others of their scope (let, alias, pattern label). */
  protected bindsNames = false;
  /** Whether the file allows `==x`. */
  protected comparesStructs = false;

  protected abstract parseStruct(): Ast.StructLit;
  protected abstract parseClauses(): Ast.Clause[] | Ast.Ident;

  protected parseIdent(): Ast.Ident {
    const { start, end } = this.scanner;
    if (this.tok === T.IDENT && this.comments.isQuiet) {
      const ident: Ast.Ident = { type: 'ident', start, end, name: this.text.slice(start, end) };
      this.#passLeaf(ident);
      return ident;
    }
    this.comments.open();
    const isIdent = this.tok === T.IDENT;
    if (isIdent) this.next();
    else this.expect(T.IDENT);
    const name = isIdent ? this.text.slice(start, end) : '_';
    return this.comments.close({ type: 'ident', start, end, name });
  }

  /** Moves behind a node of one token: no comment can follow directly, since a comma stands for the line's end. */
  #passLeaf(node: Ast.NodeBase): void {
    this.lastEnd = this.scanner.end;
    this.scanner.scan();
    this.comments.pass(node);
  }

  protected parseKeyword(): Ast.Ident {
    this.comments.open();
    const { start, end } = this.scanner;
    this.next();
    return this.comments.close({ type: 'ident', start, end, name: this.text.slice(start, end) });
  }

  /** An expression, with a comment frame of its own. */
  protected parseExpr(): Ast.Expr {
    const { comments } = this;
    const leaf = LEAVES[this.tok] && comments.isQuiet ? this.#readLeaf() : null;
    if (leaf !== null) {
      this.lastEnd = this.scanner.end;
      this.scanner.scan();
      if (ENDS[this.tok]) {
        comments.pass(leaf);
        return leaf;
      }
    }
    comments.open();
    comments.openList();
    if (leaf !== null) comments.pass(leaf);
    const expr = this.parseBinaryTail(1, leaf === null ? this.parseUnary() : this.#parsePrimaryTail(leaf));
    comments.closeList();
    return comments.close(expr);
  }

  #readLeaf(): Ast.Expr {
    const { tok, start, end } = this.scanner;
    if (tok === T.IDENT) return { type: 'ident', start, end, name: this.text.slice(start, end) };
    return this.#readLiteral(tok, start, end);
  }

  /** The binary operators of at least this precedence behind `left`, and their right sides. */
  protected parseBinaryTail(lowest: number, left: Ast.Expr): Ast.Expr {
    let expr = left;
    for (;;) {
      const { tok, start: opStart } = this.scanner;
      const word = tok === T.IDENT ? this.#wordOperator() : null;
      const precedence = word === null ? T.precedence(tok) : 7;
      if (precedence < lowest) return expr;
      const { comments } = this;
      comments.open(1);
      this.next();
      comments.openList();
      const right = this.parseBinaryTail(precedence + 1, this.parseUnary());
      comments.closeList();
      const op = word ?? (T.tokenName(tok) as Ast.BinaryOp); // precedence is 0 for any other token
      const { start } = expr;
      expr = comments.close({ type: 'binary', start, end: right.end, op, opStart, left: expr, right });
    }
  }

  #wordOperator(): 'div' | 'mod' | 'quo' | 'rem' | null {
    const { start, end } = this.scanner;
    if (end - start !== 3) return null;
    const word = this.text.slice(start, end);
    return word === 'div' || word === 'mod' || word === 'quo' || word === 'rem' ? word : null;
  }

  protected parseUnary(): Ast.Expr {
    const isOperator = UNARY[this.tok] || (this.tok === T.EQL && this.comparesStructs);
    return isOperator ? this.#parseUnaryOperator() : this.#parsePrimary();
  }

  #parseUnaryOperator(): Ast.Expr {
    const { start, tok } = this.scanner;
    this.comments.open();
    this.enter();
    this.next();
    const operand = this.parseUnary();
    this.leave();
    const op = T.tokenName(tok) as Ast.UnaryOp; // one of the tokens above
    return this.comments.close({ type: 'unary', start, end: operand.end, op, operand });
  }

  /** An operand with its selectors, indices and calls. */
  #parsePrimary(): Ast.Expr {
    return this.#parsePrimaryTail(this.#parseOperand());
  }

  #parsePrimaryTail(operand: Ast.Expr): Ast.Expr {
    let expr = operand;
    let levels = 0;
    for (;;) {
      switch (this.tok) {
        case T.PERIOD:
          expr = this.#parseSelector(expr);
          break;
        case T.LBRACK:
          expr = this.#parseIndexOrSlice(expr);
          break;
        case T.LPAREN:
          expr = this.#parseCall(expr);
          break;
        default:
          this.leave(levels);
          return expr;
      }
      this.enter();
      levels++;
    }
  }

  #parseOperand(): Ast.Expr {
    switch (this.tok) {
      case T.IDENT:
        return this.parseIdent();
      case T.LBRACE:
        return this.parseStruct();
      case T.LBRACK:
        return this.parseList();
      case T.INTERPOLATION:
        return this.#parseInterpolation();
      case T.LPAREN:
        return this.#parseParen();
    }
    if (LEAVES[this.tok]) return this.#parseLiteral();
    if (T.isKeyword(this.tok)) return this.parseKeyword();
    this.comments.open();
    this.failExpected(this.scanner.start, 'operand');
    this.sync();
    return this.comments.close({ ...PLACEHOLDER });
  }

  #parseLiteral(): Ast.Expr {
    const { comments, scanner } = this;
    const literal = this.#readLiteral(scanner.tok, scanner.start, scanner.end);
    if (comments.isQuiet) {
      this.#passLeaf(literal);
      return literal;
    }
    comments.open();
    this.next();
    return comments.close(literal);
  }

  #readLiteral(tok: T.Token, start: number, end: number): Ast.Expr {
    switch (tok) {
      case T.INT:
      case T.FLOAT:
        return { type: 'number', start, end, raw: this.text.slice(start, end) };
      case T.NULL:
        return { type: 'null', start, end };
      case T.BOTTOM:
        return { type: 'bottom', start, end };
      case T.STRING:
        return this.readString(start, end);
      default:
        return { type: 'bool', start, end, value: tok === T.TRUE };
    }
  }

  protected readString(start: number, end: number): Ast.StringLit | Ast.BytesLit | Ast.BadLiteral {
    const raw = this.text.slice(start, end);
    // The scanner has seen no backslash and no line break: what stands between the quotes is the value.
    if (!this.scanner.escaped && raw.charCodeAt(0) === 34 && raw.charCodeAt(1) !== 34) {
      const value = raw.slice(1, -1);
      if (!value.includes('\r')) {
        return { type: 'string', start, end, value, quote: { hashes: 0, multiline: false }, raw };
      }
    }
    const hashes = hashCount(raw);
    const kind = raw[hashes] === '"' ? 'string' : 'bytes';
    const multiline = raw.startsWith(kind === 'string' ? '"""' : "'''", hashes);
    const value = this.issues.isEmpty ? unquote(raw) : '';
    if (isLiteralError(value)) return { type: 'badLiteral', start, end, kind, raw, message: value.message };
    const quote = { hashes, multiline };
    if (typeof value === 'string') return { type: 'string', start, end, value, quote, raw };
    return { type: 'bytes', start, end, value, quote, raw };
  }

  #parseParen(): Ast.Expr {
    const { comments, scanner } = this;
    comments.open();
    const { start } = scanner;
    this.enter();
    this.next();
    comments.openList();
    const inner = this.parseExpr();
    comments.closeList();
    this.leave();
    this.expect(T.RPAREN);
    return comments.close({ type: 'paren', start, end: this.lastEnd, inner });
  }

  #parseSelector(operand: Ast.Expr): Ast.Expr {
    const { comments } = this;
    const { start } = operand;
    comments.open(1);
    this.next();
    const selector = this.#parseSelectorName();
    return comments.close({ type: 'selector', start, end: selector.end, operand, selector });
  }

  #parseSelectorName(): Ast.SelectorExpr['selector'] {
    const { tok, start, end } = this.scanner;
    if (tok === T.IDENT) return this.parseIdent();
    if (tok === T.STRING && this.text[start] === '"' && this.text[start + 1] !== '"') {
      const name = this.readString(start, end);
      this.next();
      if (name.type !== 'bytes') return name;
    } else if (T.isKeyword(tok)) return this.parseKeyword();
    else {
      this.failExpected(start, 'selector');
      this.next();
    }
    return { type: 'ident', start, end, name: '_' };
  }

  #parseIndexOrSlice(operand: Ast.Expr): Ast.Expr {
    const { comments } = this;
    const { start } = operand;
    comments.open(1);
    this.enter();
    this.next();
    const low = this.tok === T.COLON ? null : this.parseExpr();
    let high: Ast.Expr | null = null;
    const isSlice = this.tok === T.COLON;
    if (isSlice) {
      this.next();
      const { tok } = this;
      if (tok !== T.COLON && tok !== T.RBRACK && tok !== T.EOF) high = this.parseExpr();
    }
    this.leave();
    this.expect(T.RBRACK);
    const end = this.lastEnd;
    if (isSlice) return comments.close({ type: 'slice', start, end, operand, low, high });
    return comments.close({ type: 'index', start, end, operand, index: low ?? PLACEHOLDER });
  }

  #parseCall(callee: Ast.Expr): Ast.Expr {
    const { comments } = this;
    const { start } = callee;
    comments.open();
    comments.openList();
    this.enter();
    this.next();
    const args: Ast.Expr[] = [];
    while (this.tok !== T.RPAREN && this.tok !== T.EOF) {
      args.push(this.parseExpr());
      if (!this.atComma('argument list', T.RPAREN)) break;
      this.next();
    }
    this.leave();
    this.expectClosing(T.RPAREN, 'argument list');
    const end = this.lastEnd;
    comments.closeList();
    return comments.close({ type: 'call', start, end, callee, args });
  }

  #parseInterpolation(): Ast.Expr {
    const { comments, scanner, text } = this;
    const { start } = scanner;
    comments.open();
    comments.openList();
    comments.open();
    this.enter();
    const exprs: Ast.Expr[] = [];
    let end = scanner.end;
    let part: Ast.RawText = { type: 'rawText', start, end, raw: text.slice(start, end) };
    const raws: Ast.RawText[] = [part];
    this.next();
    while (this.tok === T.LPAREN) {
      this.next();
      comments.close(part);
      exprs.push(this.parseExpr());
      comments.open();
      if (this.tok !== T.RPAREN) this.fail(scanner.start, "expected ')' for string interpolation");
      scanner.resumeInterpolation();
      ({ end } = scanner);
      part = { type: 'rawText', start: scanner.start, end, raw: text.slice(scanner.start, end) };
      raws.push(part);
      this.next();
    }
    this.leave();
    comments.close(part);
    comments.closeList();
    return comments.close(this.#makeInterpolation(start, end, raws, exprs));
  }

  #makeInterpolation(start: number, end: number, raws: Ast.RawText[], exprs: Ast.Expr[]): Ast.Expr {
    const first = raws[0]?.raw ?? '';
    const hashes = hashCount(first);
    const kind = first[hashes] === '"' ? 'string' : 'bytes';
    const multiline = first.startsWith(kind === 'string' ? '"""' : "'''", hashes);
    const texts: (string | Uint8Array)[] | LiteralError = this.issues.isEmpty
      ? unquoteParts(raws.map(({ raw }) => raw))
      : [];
    if (isLiteralError(texts)) {
      return {
        type: 'badLiteral',
        start,
        end,
        kind,
        raw: this.text.slice(start, end),
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

  protected parseList(): Ast.ListLit {
    const { comments } = this;
    const { start } = this.scanner;
    this.enter();
    this.next();
    const elements: (Ast.Expr | Ast.Comprehension | Ast.Ellipsis)[] = [];
    comments.openList();
    while (this.tok !== T.RBRACK && this.tok !== T.ELLIPSIS && this.tok !== T.EOF) {
      if (!this.#parseElement(elements)) break;
    }
    comments.closeList();
    if (this.tok === T.ELLIPSIS) elements.push(this.#parseListEllipsis());
    this.leave();
    this.expectClosing(T.RBRACK, 'list literal');
    return { type: 'list', start, end: this.lastEnd, elements };
  }

  #parseListEllipsis(): Ast.Ellipsis {
    const { start, end } = this.scanner;
    this.next();
    const value = this.tok === T.COMMA || this.tok === T.RBRACK ? null : this.parseExpr();
    if (this.atComma('list literal', T.RBRACK)) this.next();
    return { type: 'ellipsis', start, end: value?.end ?? end, value };
  }

  /** Reads one element and the comma behind it; false if it must be the last. */
  #parseElement(elements: (Ast.Expr | Ast.Comprehension | Ast.Ellipsis)[]): boolean {
    const { comments } = this;
    comments.open();
    let expr: Ast.Expr;
    if (this.tok === T.FOR || this.tok === T.IF) {
      const { start } = this.scanner;
      const clauses = this.parseClauses();
      if (Array.isArray(clauses)) {
        comments.open();
        const value = comments.close(this.parseStruct());
        if (this.atComma('list literal', T.RBRACK)) this.next();
        elements.push(comments.close({ type: 'comprehension', start, end: value.end, clauses, value }));
        return true;
      }
      expr = clauses;
    } else expr = this.parseUnary();
    expr = this.parseAlias(this.parseBinaryTail(1, expr));
    const more = this.#takeElementComma();
    elements.push(comments.close(expr));
    return more;
  }

  #takeElementComma(): boolean {
    if (this.tok === T.COMMA && this.scanner.automatic) {
      this.next();
      // As in JSON, the last element needs no comma before the line of the bracket.
      if (this.tok === T.RBRACK || this.tok === T.FOR || this.tok === T.IF) return false;
      this.fail(this.scanner.start, "missing ',' before newline in list literal");
    } else if (!this.atComma('list literal', T.RBRACK, T.FOR, T.IF)) return false;
    this.next();
    return true;
  }

  /** Makes an alias of `left` if `=` follows. */
  protected parseAlias(left: Ast.Expr): Ast.Expr {
    if (this.tok !== T.BIND) return left;
    this.bindsNames = true;
    this.enter();
    this.next();
    const value = this.parseExpr();
    this.leave();
    if (left.type === 'ident') return { type: 'alias', start: left.start, end: value.end, name: left, value };
    this.fail(this.scanner.start, 'expected identifier for alias');
    return value;
  }
}

function hashCount(raw: string): number {
  let hashes = 0;
  while (raw[hashes] === '#') hashes++;
  return hashes;
}
