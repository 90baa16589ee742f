/** The parser's lower half: tokens one ahead, comments handed to their nodes, errors and how to go on after one. */
import type { Gap } from './ast.ts';
import { CommentStack, commentLine, type OpenComment } from './comments.ts';
import type { IssueList } from './issue.ts';
import { Scanner } from './scanner.ts';
import * as T from './token.ts';

export class TokenReader {
  protected readonly text: string;
  protected readonly issues: IssueList;
  protected readonly scanner: Scanner;
  protected readonly comments = new CommentStack();
  /** Where the token before the one at hand ended. */
  protected lastEnd = 0;
  /** How many constructs are open around the token at hand. */
  protected depth = 0;
  readonly #maxDepth: number;
  #syncStart = -1;
  #syncCount = 0;
  #lineOffset = 0;
  #line = 1;

  constructor(text: string, issues: IssueList, maxDepth: number) {
    this.text = text;
    this.issues = issues;
    this.#maxDepth = maxDepth;
    this.scanner = new Scanner(text, (offset, message) => issues.add(offset, message));
    this.#advance(-1);
  }

  protected get tok(): T.Token {
    return this.scanner.tok;
  }

  /** Moves to the next token that is no comment; comments on the way go to the innermost open node. */
  protected next(): void {
    this.lastEnd = this.scanner.end;
    this.#advance(this.scanner.start);
  }

  #advance(previous: number): void {
    const { comments } = this;
    if (comments.lead !== null) {
      comments.add(comments.lead);
      comments.lead = null;
    }
    this.scanner.scan();
    comments.advance();
    if (this.scanner.tok === T.COMMENT) this.#readComments(previous);
  }

  /**
   * Reads the comment groups at hand. The first is a line comment if it stands behind a token on its line; the
   * last is a doc comment if the next token stands on the line below it.
   */
  #readComments(previous: number): void {
    let previousLine = previous < 0 ? 0 : this.#lineOf(previous);
    let currentLine = this.#lineOf(this.scanner.start);
    let group: OpenComment | null = null;
    let endLine = -1;
    if (previousLine === currentLine) {
      group = this.#readGroup('blank', 0);
      if (this.#lineOf(this.scanner.start) !== currentLine) group.place = 'line';
    }
    while (this.tok === T.COMMENT) {
      if (group !== null) this.comments.add(group);
      const first = this.#lineOf(this.scanner.start);
      group = this.#readGroup(gapOfLines(first - previousLine), 1);
      endLine = first + group.lines.length - 1;
      previousLine = currentLine;
      currentLine = this.#lineOf(this.scanner.start);
    }
    if (group === null) return;
    if (endLine + 1 === this.#lineOf(this.scanner.start) && this.tok !== T.EOF) {
      group.place = 'doc';
      this.comments.lead = group;
    } else this.comments.add(group);
  }

  /** Reads comments as long as each begins at most `lines` lines below the one before. */
  #readGroup(gap: Gap, lines: number): OpenComment {
    const { scanner, text } = this;
    const start = scanner.start;
    const found: string[] = [];
    let end = start;
    let line = this.#lineOf(start);
    while (scanner.tok === T.COMMENT && this.#lineOf(scanner.start) <= line + lines) {
      line = this.#lineOf(scanner.start);
      end = scanner.end;
      found.push(commentLine(text, scanner.start, end));
      scanner.scan();
    }
    return { lines: found, place: 'inner', position: 0, gap, start, end };
  }

  /**
   * The line of an offset, from 1; the end of the text is on the line that the last line break ends, as in CUE.
   * Asked for ever greater offsets, so all calls together are linear.
   */
  #lineOf(offset: number): number {
    if (offset < this.#lineOffset) {
      this.#lineOffset = 0;
      this.#line = 1;
    }
    for (;;) {
      const next = this.text.indexOf('\n', this.#lineOffset);
      if (next < 0 || next >= offset || next + 1 === this.text.length) return this.#line;
      this.#lineOffset = next + 1;
      this.#line++;
    }
  }

  // ---- depth

  /** Enters a construct; gives up where it lies too deep. */
  protected enter(levels = 1): void {
    this.depth += levels;
    if (this.depth > this.#maxDepth) this.issues.tooDeep(this.scanner.start, this.#maxDepth);
  }

  protected leave(levels = 1): void {
    this.depth -= levels;
  }

  // ---- errors

  protected fail(start: number, message: string, end = start + 1): void {
    this.issues.addOncePerLine(start, end, message);
  }

  protected failExpected(start: number, wanted: string): void {
    const { scanner } = this;
    if (start !== scanner.start) {
      this.fail(start, `expected ${wanted}`);
      return;
    }
    if (scanner.tok === T.COMMA && scanner.automatic) {
      this.fail(start, `expected ${wanted}, found newline`);
      return;
    }
    const name = T.tokenName(scanner.tok);
    const literal = T.isLiteral(scanner.tok) ? ` ${this.text.slice(start, scanner.end)}` : '';
    this.fail(start, `expected ${wanted}, found '${name}'${literal}`, scanner.end);
  }

  /** Passes the token, reporting if it is not the one wanted. Gives where it began. */
  protected expect(tok: T.Token): number {
    const start = this.scanner.start;
    if (this.tok !== tok) this.failExpected(start, `'${T.tokenName(tok)}'`);
    this.next();
    return start;
  }

  /** `expect` for a closing bracket, which may lack a comma before its own line. */
  protected expectClosing(tok: T.Token, context: string): void {
    if (this.tok !== tok && this.tok === T.COMMA && this.scanner.automatic) {
      this.fail(this.scanner.start, `missing ',' before newline in ${context}`);
      this.next();
    }
    this.expect(tok);
  }

  protected expectComma(): void {
    const { tok } = this;
    if (tok === T.RPAREN || tok === T.RBRACE || tok === T.EOF) return;
    if (tok === T.COMMA) {
      this.next();
      return;
    }
    this.failExpected(this.scanner.start, "','");
    this.sync();
  }

  /** Whether a comma is at hand, or must be taken as being there; false before the tokens that end the list. */
  protected atComma(context: string, follow: T.Token, follow2 = follow, follow3 = follow): boolean {
    const { tok } = this;
    if (tok === T.COMMA) return true;
    if (tok === follow || tok === follow2 || tok === follow3) return false;
    this.fail(this.scanner.start, `missing ',' in ${context}`, this.scanner.end);
    return true;
  }

  protected takeDeclComma(): void {
    if (this.atComma('struct literal', T.RBRACE, T.EOF)) this.next();
  }

  /** After an error: goes on to the next comma, and makes sure that repeated calls come forward. */
  protected sync(): void {
    while (this.tok !== T.EOF) {
      if (this.tok === T.COMMA) {
        const { start } = this.scanner;
        if (start === this.#syncStart && this.#syncCount < 10) {
          this.#syncCount++;
          return;
        }
        if (this.#syncStart < start) {
          this.#syncStart = start;
          this.#syncCount = 0;
          return;
        }
      }
      this.next();
    }
  }
}

function gapOfLines(lines: number): Gap {
  return lines === 0 ? 'blank' : lines === 1 ? 'newline' : 'section';
}
