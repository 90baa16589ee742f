/** The parser's lower half: tokens one ahead, comments handed to their nodes, errors and how to go on after one. */
import type { Gap } from './ast.ts';
import { CommentStack, commentLine, type OpenComment } from './comments.ts';
import type { IssueList } from './issue.ts';
import { Scanner } from './scanner.ts';
import * as T from './token.ts';

/** Where the parser stands. */
export class TokenReader {
  readonly text: string;
  readonly issues: IssueList;
  readonly scanner: Scanner;
  readonly comments = new CommentStack();
  /** Where the token before the one at hand ended. */
  lastEnd = 0;
  /** How many constructs are open around the token at hand. */
  depth = 0;
  readonly maxDepth: number;
  syncStart = -1;
  syncCount = 0;
  lineOffset = 0;
  line = 1;

  constructor(text: string, issues: IssueList, maxDepth: number) {
    this.text = text;
    this.issues = issues;
    this.maxDepth = maxDepth;
    this.scanner = new Scanner(text, (offset, message) => issues.add(offset, message));
    advance(this, -1);
  }

  get tok(): T.Token {
    return this.scanner.tok;
  }
}

/** Moves to the next token that is no comment; comments on the way go to the innermost open node. */
export function next(p: TokenReader): void {
  p.lastEnd = p.scanner.end;
  advance(p, p.scanner.start);
}

function advance(p: TokenReader, previous: number): void {
  const { comments } = p;
  if (comments.lead !== null) {
    comments.add(comments.lead);
    comments.lead = null;
  }
  p.scanner.scan();
  comments.advance();
  if (p.scanner.tok === T.COMMENT) readComments(p, previous);
}

/**
 * Reads the comment groups at hand. The first is a line comment if it stands behind a token on its line; the
 * last is a doc comment if the next token stands on the line below it.
 */
function readComments(p: TokenReader, previous: number): void {
  let previousLine = previous < 0 ? 0 : lineOf(p, previous);
  let currentLine = lineOf(p, p.scanner.start);
  let group: OpenComment | null = null;
  let endLine = -1;
  if (previousLine === currentLine) {
    group = readGroup(p, 'blank', 0);
    if (lineOf(p, p.scanner.start) !== currentLine) group.place = 'line';
  }
  while (p.tok === T.COMMENT) {
    if (group !== null) p.comments.add(group);
    const first = lineOf(p, p.scanner.start);
    group = readGroup(p, gapOfLines(first - previousLine), 1);
    endLine = first + group.lines.length - 1;
    previousLine = currentLine;
    currentLine = lineOf(p, p.scanner.start);
  }
  if (group === null) return;
  if (endLine + 1 === lineOf(p, p.scanner.start) && p.tok !== T.EOF) {
    group.place = 'doc';
    p.comments.lead = group;
  } else p.comments.add(group);
}

/** Reads comments as long as each begins at most `lines` lines below the one before. */
function readGroup(p: TokenReader, gap: Gap, lines: number): OpenComment {
  const { scanner, text } = p;
  const start = scanner.start;
  const found: string[] = [];
  let end = start;
  let line = lineOf(p, start);
  while (scanner.tok === T.COMMENT && lineOf(p, scanner.start) <= line + lines) {
    line = lineOf(p, scanner.start);
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
function lineOf(p: TokenReader, offset: number): number {
  if (offset < p.lineOffset) {
    p.lineOffset = 0;
    p.line = 1;
  }
  for (;;) {
    const next = p.text.indexOf('\n', p.lineOffset);
    if (next < 0 || next >= offset || next + 1 === p.text.length) return p.line;
    p.lineOffset = next + 1;
    p.line++;
  }
}

// ---- depth

/** Enters a construct; gives up where it lies too deep. */
export function enter(p: TokenReader, levels = 1): void {
  p.depth += levels;
  if (p.depth > p.maxDepth) p.issues.tooDeep(p.scanner.start, p.maxDepth);
}

export function leave(p: TokenReader, levels = 1): void {
  p.depth -= levels;
}

// ---- errors

export function fail(p: TokenReader, start: number, message: string, end = start + 1): void {
  p.issues.addOncePerLine(start, end, message);
}

export function failExpected(p: TokenReader, start: number, wanted: string): void {
  const { scanner } = p;
  if (start !== scanner.start) {
    fail(p, start, `expected ${wanted}`);
    return;
  }
  if (scanner.tok === T.COMMA && scanner.automatic) {
    fail(p, start, `expected ${wanted}, found newline`);
    return;
  }
  const name = T.tokenName(scanner.tok);
  const literal = T.isLiteral(scanner.tok) ? ` ${p.text.slice(start, scanner.end)}` : '';
  fail(p, start, `expected ${wanted}, found '${name}'${literal}`, scanner.end);
}

/** Passes the token, reporting if it is not the one wanted. Gives where it began. */
export function expect(p: TokenReader, tok: T.Token): number {
  const start = p.scanner.start;
  if (p.tok !== tok) failExpected(p, start, `'${T.tokenName(tok)}'`);
  next(p);
  return start;
}

/** `expect` for a closing bracket, which may lack a comma before its own line. */
export function expectClosing(p: TokenReader, tok: T.Token, context: string): void {
  if (p.tok !== tok && p.tok === T.COMMA && p.scanner.automatic) {
    fail(p, p.scanner.start, `missing ',' before newline in ${context}`);
    next(p);
  }
  expect(p, tok);
}

export function expectComma(p: TokenReader): void {
  const { tok } = p;
  if (tok === T.RPAREN || tok === T.RBRACE || tok === T.EOF) return;
  if (tok === T.COMMA) {
    next(p);
    return;
  }
  failExpected(p, p.scanner.start, "','");
  sync(p);
}

/** Whether a comma is at hand, or must be taken as being there; false before the tokens that end the list. */
export function atComma(
  p: TokenReader,
  context: string,
  follow: T.Token,
  follow2 = follow,
  follow3 = follow,
): boolean {
  const { tok } = p;
  if (tok === T.COMMA) return true;
  if (tok === follow || tok === follow2 || tok === follow3) return false;
  fail(p, p.scanner.start, `missing ',' in ${context}`, p.scanner.end);
  return true;
}

export function takeDeclComma(p: TokenReader): void {
  if (atComma(p, 'struct literal', T.RBRACE, T.EOF)) next(p);
}

/** After an error: goes on to the next comma, and makes sure that repeated calls come forward. */
export function sync(p: TokenReader): void {
  while (p.tok !== T.EOF) {
    if (p.tok === T.COMMA) {
      const { start } = p.scanner;
      if (start === p.syncStart && p.syncCount < 10) {
        p.syncCount++;
        return;
      }
      if (p.syncStart < start) {
        p.syncStart = start;
        p.syncCount = 0;
        return;
      }
    }
    next(p);
  }
}
function gapOfLines(lines: number): Gap {
  return lines === 0 ? 'blank' : lines === 1 ? 'newline' : 'section';
}
