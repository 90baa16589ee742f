/**
 * White space of the formatter: what may stand between two tokens is collected until the second one comes, which
 * can then say what the source had there. The rules are `cue fmt`'s (cue/format of v0.14.1).
 */
import type { Gap } from './ast.ts';
import { Columns } from './columns.ts';

export const BLANK = 1 << 0;
/** The next token lines up with those in the lines above and below. */
export const ALIGN = 1 << 1;
export const NO_BLANK = 1 << 2;
/** What the source has at this place does not count. */
export const FIXED = 1 << 3;
/** A comma. */
export const COMMA_SPACE = 1 << 4;
/** A comma only before a line break. */
export const TRAILING_COMMA = 1 << 5;
/** A comma only where no line break follows. */
export const DECL_COMMA = 1 << 6;
export const NEWLINE = 1 << 7;
/** A line break at which alignment ends. */
export const FORMFEED = 1 << 8;
/** An empty line. */
export const SECTION = 1 << 9;
/** One level deeper from the next line on, until UNINDENT. */
export const INDENT = 1 << 10;
export const UNINDENT = 1 << 11;
const INDENTED = 1 << 12;
const BREAKS = NEWLINE | FORMFEED | SECTION;

export class Layout {
  /** White space asked for so far. */
  allowed = 0;
  indent = 0;
  /** How many lines have been ended. */
  line = 0;
  /** Whether a `{` was written on this line and nothing has ended the line since. */
  braceOnLine = false;
  /** The last token: its text, or the class of a literal. Empty before the first. */
  lastToken = '';
  readonly #columns = new Columns();
  readonly #indents: number[] = [];
  #isEmpty = true;
  #atLineStart = true;
  #spaceBefore = false;
  #afterComment = false;

  /** Whether anything has been written. */
  get hasOutput(): boolean {
    return !this.#isEmpty;
  }

  /** Whether something stands on the line already, be it indentation. */
  get isInLine(): boolean {
    return !this.#atLineStart;
  }

  space(flags: number): void {
    this.allowed |= flags;
  }

  /** The next token stands like this in the source. */
  gap(gap: Gap): void {
    if (gap === 'unset' || (this.allowed & FIXED) !== 0) return;
    let wanted = this.allowed;
    if (gap === 'none' || gap === 'blank') {
      wanted &= ~BREAKS;
      if (gap === 'blank') wanted |= BLANK;
    } else wanted |= gap === 'newline' ? NEWLINE : SECTION;
    if (this.#afterComment) wanted |= NEWLINE;
    this.#flushSpace(wanted);
  }

  /** A comment group comes; one in the line of its token takes back the line breaks asked for. */
  beforeComments(gap: Gap): void {
    if (gap === 'blank') this.allowed |= BLANK;
    if (gap === 'none' || gap === 'blank') this.allowed &= ~(BREAKS | DECL_COMMA);
  }

  comment(text: string): void {
    this.literal(text, 'comment');
    this.#afterComment = true;
    this.space(NEWLINE);
  }

  /** An operator, bracket or keyword. */
  token(text: string): void {
    const [before, after] = mayCombine(this.lastToken, text);
    if (before && !this.#spaceBefore) this.allowed |= BLANK;
    this.lastToken = text;
    this.#put(text);
    if (after) this.allowed = BLANK;
  }

  /** A literal, label or identifier. */
  literal(text: string, kind: string): void {
    this.lastToken = kind;
    this.#put(text);
  }

  /** Ends the text with a line break and gives it. */
  finish(): string {
    this.#flushSpace(NEWLINE);
    return this.#columns.finish();
  }

  /** Gives the text without a closing line break. */
  text(): string {
    return this.#columns.finish();
  }

  #put(text: string): void {
    this.#flushSpace(this.allowed);
    this.#afterComment = false;
    if (text === '') return;
    this.#spaceBefore = false;
    this.#columns.write(text);
    this.#atLineStart = false;
    this.#isEmpty = false;
  }

  #flushSpace(wanted: number): void {
    this.allowed = 0;
    if ((wanted & COMMA_SPACE) !== 0 && ((wanted & BREAKS) !== 0 || (wanted & TRAILING_COMMA) === 0)) {
      this.#write(',');
    }
    if ((wanted & INDENT) !== 0) this.#indents.push(wanted);
    if ((wanted & UNINDENT) !== 0) this.endIndent();
    if ((wanted & SECTION) !== 0) this.#breakLine(wanted, 2, true);
    else if ((wanted & FORMFEED) !== 0) this.#breakLine(wanted, 1, true);
    else if ((wanted & NEWLINE) !== 0) this.#breakLine(wanted, 1, false);
    else if ((wanted & DECL_COMMA) !== 0) {
      this.#write(', ');
      this.#spaceBefore = true;
    } else if ((wanted & NO_BLANK) !== 0) return;
    else if ((wanted & ALIGN) !== 0) {
      this.#columns.align();
      this.#spaceBefore = true;
      this.#isEmpty = false;
      this.#atLineStart = false;
    } else if ((wanted & BLANK) !== 0) {
      this.#write(' ');
      this.#spaceBefore = true;
    }
  }

  #write(text: string): void {
    this.#columns.write(text);
    this.#isEmpty = false;
    this.#atLineStart = false;
  }

  #breakLine(wanted: number, count: number, ends: boolean): void {
    if ((wanted & UNINDENT) === 0) this.#beginIndent();
    for (let i = 0; i < count; i++) {
      if (ends) this.#columns.section();
      else this.#columns.newline();
    }
    for (let i = 0; i < this.indent; i++) this.#columns.tab();
    this.#atLineStart = this.indent === 0;
    this.#isEmpty = false;
    this.braceOnLine = false;
    this.line += count;
    this.#spaceBefore = true;
  }

  /** At a line break: the indentation asked for last takes effect, once. */
  #beginIndent(): void {
    const last = this.#indents.length - 1;
    const flags = this.#indents[last];
    if (flags === undefined || (flags & INDENTED) !== 0) return;
    this.#indents[last] = flags | INDENTED;
    this.indent++;
  }

  /** Takes back the indentation asked for last. */
  endIndent(): void {
    const flags = this.#indents.pop();
    if (flags !== undefined && (flags & INDENTED) !== 0) this.indent--;
  }
}

/** Whether two tokens need a blank between them, and whether the second needs one behind it. */
function mayCombine(previous: string, next: string): readonly [boolean, boolean] {
  const first = next[0] ?? '';
  if (first >= 'a' && first < 'z') return [previous !== '', true];
  switch (previous) {
    case 'int':
      return [next === '.', false];
    case '+':
    case '-':
      return [first === previous, false];
    case '/':
      return [first === '*', false];
    default:
      return [false, false];
  }
}
