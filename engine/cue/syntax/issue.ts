/** Why a text is not CUE. */
export interface SyntaxIssue {
  /** `syntax`: the text breaks the grammar; `budget`: it is nested more deeply than was allowed. */
  readonly code: 'syntax' | 'budget';
  readonly message: string;
  /** Offsets into the text. */
  readonly span: { readonly start: number; readonly end: number };
  /** Both count from 1; the column counts UTF-16 units. */
  readonly line: number;
  readonly column: number;
}

interface Found {
  readonly code: 'syntax' | 'budget';
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

/** Thrown inside the parser to give up; never leaves it. */
export class Abort {}

/** More issues than anybody reads. */
const MAX_PARSER_ISSUES = 10;
const MAX_ISSUES = 50;

/** Collects issues as CUE's parser reports them: those of the parser itself at most once a line. */
export class IssueList {
  readonly #text: string;
  readonly #found: Found[] = [];
  #lineStart = 0;
  #lineEnd = -1;

  constructor(text: string) {
    this.#text = text;
  }

  get isEmpty(): boolean {
    return this.#found.length === 0;
  }

  /** Adds an issue of the scanner. */
  add(offset: number, message: string): void {
    this.#push({ code: 'syntax', message, start: offset, end: offset + 1 });
    if (this.#found.length > MAX_ISSUES) throw new Abort();
  }

  /** Adds an issue of the parser unless the issue before it is on the same line, as it is likely a consequence. */
  addOncePerLine(start: number, end: number, message: string): void {
    if (start >= this.#lineStart && start <= this.#lineEnd) return;
    if (this.#found.length > MAX_PARSER_ISSUES) throw new Abort();
    this.#push({ code: 'syntax', message, start, end });
  }

  /** Gives up because the text is nested too deeply. */
  tooDeep(offset: number, limit: number): never {
    this.#found.length = 0;
    this.#push({ code: 'budget', message: `nested more than ${limit} deep`, start: offset, end: offset + 1 });
    throw new Abort();
  }

  #push(issue: Found): void {
    this.#found.push(issue);
    const last = Math.min(issue.start, this.#text.length - 1) - 1;
    this.#lineStart = last < 0 ? 0 : this.#text.lastIndexOf('\n', last) + 1;
    const end = this.#text.indexOf('\n', issue.start);
    // The end of the text counts to the line that its last line break ends.
    this.#lineEnd = end < 0 || end + 1 === this.#text.length ? this.#text.length : end;
  }

  /** All issues in the order of the text, one a place. */
  sorted(): readonly SyntaxIssue[] {
    const text = this.#text;
    const order = this.#found
      .map((issue, index) => ({ issue, index }))
      .sort((a, b) => a.issue.start - b.issue.start || a.index - b.index);
    const out: SyntaxIssue[] = [];
    let at = 0;
    let line = 1;
    for (const { issue } of order) {
      if (out[out.length - 1]?.span.start === issue.start) continue;
      for (;;) {
        const next = text.indexOf('\n', at);
        if (next < 0 || next >= issue.start || next + 1 === text.length) break;
        line++;
        at = next + 1;
      }
      const span = { start: issue.start, end: Math.min(Math.max(issue.end, issue.start), text.length) };
      out.push({ code: issue.code, message: issue.message, span, line, column: issue.start - at + 1 });
    }
    return out;
  }
}
