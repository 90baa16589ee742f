/**
 * The scanner: from text to tokens, one call a token, nothing allocated. It inserts the commas that a line
 * break stands for (cue/scanner; the specification's section "Commas"), keeps the stack of open
 * interpolations, and reports what no token can be made of through `report`.
 */
import * as T from './token.ts';

export type Report = (offset: number, message: string) => void;

interface OpenQuote {
  /** Character code of `"` or `'`. */
  readonly char: number;
  /** 1 or 3. */
  readonly count: number;
  readonly hashes: number;
}

const NEWLINE = 10;
const CR = 13;
const DOUBLE_QUOTE = 34;
const HASH = 35;
const DOLLAR = 36;
const SINGLE_QUOTE = 39;
const LEFT_PAREN = 40;
const RIGHT_PAREN = 41;
const DOT = 46;
const SLASH = 47;
const DIGIT_0 = 48;
const DIGIT_9 = 57;
const COLON_CHAR = 58;
const COMMA_CHAR = 44;
const BACKSLASH = 92;
const UNDERSCORE = 95;
const END = -1;
const MAX_NESTED_ATTRIBUTES = 50;

/** 1: letter, `_` or `$`; 2: decimal digit. Beyond ASCII the Unicode categories decide. */
const CLASS: Readonly<Uint8Array> = Uint8Array.from({ length: 128 }, (_, c) => {
  if ((c >= 97 && c <= 122) || (c >= 65 && c <= 90) || c === UNDERSCORE || c === DOLLAR) return 1;
  return c >= DIGIT_0 && c <= DIGIT_9 ? 2 : 0;
});
const LETTER = /^\p{L}$/u;
const DECIMAL_DIGIT = /^\p{Nd}$/u;

/** The value of a hexadecimal digit; `_` counts as 0; 16 for anything else. */
function digitValue(c: number): number {
  if (c >= DIGIT_0 && c <= DIGIT_9) return c - DIGIT_0;
  if (c === UNDERSCORE) return 0;
  if (c >= 97 && c <= 102) return c - 87;
  if (c >= 65 && c <= 70) return c - 55;
  return 16;
}

export function isLetterAt(text: string, at: number): boolean {
  const c = text.charCodeAt(at);
  if (c < 128) return CLASS[c] === 1 && c !== UNDERSCORE && c !== DOLLAR;
  return LETTER.test(characterAt(text, at));
}

export function isDigitAt(text: string, at: number): boolean {
  const c = text.charCodeAt(at);
  return c < 128 ? CLASS[c] === 2 : DECIMAL_DIGIT.test(characterAt(text, at));
}

function characterAt(text: string, at: number): string {
  const point = text.codePointAt(at);
  return point === undefined ? '' : String.fromCodePoint(point);
}

/** `U+2264 '≤'`, as an error shows a character. */
function describe(character: string): string {
  const point = character.codePointAt(0) ?? 0;
  const code = `U+${point.toString(16).toUpperCase().padStart(4, '0')}`;
  return point < 32 || (point >= 127 && point < 160) ? code : `${code} '${character}'`;
}

/** NUL, a byte order mark behind the beginning, and halves of surrogate pairs are no text. */
const NOT_TEXT = /[\0\uFEFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/** Reports every character that no CUE text may hold anywhere. */
export function reportBadCharacters(text: string, report: Report): void {
  if (!/[\0\uFEFF\uD800-\uDFFF]/.test(text)) return;
  for (const match of text.matchAll(NOT_TEXT)) {
    const c = match[0].charCodeAt(0);
    if (c === 0) report(match.index, 'illegal character NUL');
    else if (c !== 0xfeff) report(match.index, 'illegal UTF-8 encoding');
    else if (match.index > 0) report(match.index, 'illegal byte order mark');
  }
}

export class Scanner {
  /** The current token, its place, and for a comma whether a line break (or the end) stands for it. */
  tok: T.Token = T.ILLEGAL;
  start = 0;
  end = 0;
  automatic = false;
  /** For STRING and INTERPOLATION: whether the literal holds a backslash. */
  escaped = false;

  readonly text: string;
  readonly #length: number;
  readonly #report: Report;
  #pos = 0;
  #insertComma = false;
  readonly #quotes: OpenQuote[] = [];
  /** How many attributes are open: one may stand in the body of another. */
  #nesting = 0;

  constructor(text: string, report: Report) {
    this.text = text;
    this.#length = text.length;
    this.#report = report;
    if (text.charCodeAt(0) === 0xfeff) this.#pos = 1;
  }

  /** Where the scanner stands: behind the last token. */
  get offset(): number {
    return this.#pos;
  }

  /** Moves to the next token. */
  scan(): void {
    if (this.#skipSpace()) {
      this.#newline();
      return;
    }
    const at = this.#pos;
    this.start = at;
    if (at >= this.#length) {
      this.end = at;
      this.tok = this.#insertComma ? T.COMMA : T.EOF;
      this.automatic = this.#insertComma;
      this.#insertComma = false;
      return;
    }
    const c = this.text.charCodeAt(at);
    const kind = c < 128 ? CLASS[c] : isLetterAt(this.text, at) ? 1 : 0;
    if (kind === 1 && c !== UNDERSCORE) this.tok = this.#word(at);
    else if (kind === 2) this.tok = this.#number(false);
    else if (c === UNDERSCORE) this.tok = this.#underscore(at);
    else {
      this.#punctuation(c, at);
      return;
    }
    if (this.tok !== T.ILLEGAL) this.#insertComma = true;
    this.end = this.#pos;
  }

  /** Skips blanks; stops at a line break that stands for a comma, and says so. */
  #skipSpace(): boolean {
    const text = this.text;
    let p = this.#pos;
    for (;;) {
      const c = text.charCodeAt(p);
      if (c === NEWLINE) {
        if (this.#insertComma) {
          this.#pos = p;
          return true;
        }
      } else if (c !== 32 && c !== 9 && c !== CR) break;
      p++;
    }
    this.#pos = p;
    return false;
  }

  /** A comma for the line break here, unless `,` or `:` follows (so that JSON of any layout is read). */
  #newline(): void {
    const at = this.#pos;
    this.#insertComma = false;
    this.#pos = at + 1;
    this.#skipSpace();
    const next = this.text.charCodeAt(this.#pos);
    if (next === COMMA_CHAR || next === COLON_CHAR) {
      this.scan();
      return;
    }
    this.tok = T.COMMA;
    this.start = at;
    this.end = at;
    this.automatic = true;
  }

  /** Skips letters, digits, `_` and `$`. */
  #identifierTail(): void {
    const text = this.text;
    let p = this.#pos;
    for (;;) {
      const c = text.charCodeAt(p);
      if (c < 128) {
        if (CLASS[c] === 0) break;
        p++;
      } else if (c >= 128 && (isLetterAt(text, p) || isDigitAt(text, p))) {
        p += characterAt(text, p).length;
      } else break;
    }
    this.#pos = p;
  }

  #word(at: number): T.Token {
    this.#identifierTail();
    const length = this.#pos - at;
    if (length < 2 || length > 5) return T.IDENT;
    return KEYWORDS.get(this.text.slice(at, this.#pos)) ?? T.IDENT;
  }

  /** `_`, `_x`, `_#x`, `_|_`. */
  #underscore(at: number): T.Token {
    const text = this.text;
    this.#pos = at + 1;
    if (text.charCodeAt(this.#pos) === 124) {
      if (text.charCodeAt(at + 2) !== UNDERSCORE) {
        this.#pos = at + 2;
        this.#report(at, "illegal token '_|'; expected '_'");
        return T.ILLEGAL;
      }
      this.#pos = at + 3;
      return T.BOTTOM;
    }
    if (text.charCodeAt(this.#pos) === UNDERSCORE) this.#pos++;
    if (text.charCodeAt(this.#pos) === HASH) {
      this.#pos++;
      if (isDigitAt(text, this.#pos)) return T.IDENT;
    }
    this.#identifierTail();
    return T.IDENT;
  }

  /** Everything that begins with neither letter, `_`, `$` nor digit. Sets all of the token's fields. */
  #punctuation(c: number, at: number): void {
    if (c === SLASH && this.text.charCodeAt(at + 1) === SLASH) {
      this.#comment(at);
      return;
    }
    this.#pos = at + 1;
    const before = this.#insertComma;
    const tok = this.#operator(c, at);
    this.tok = tok;
    this.end = tok === T.INTERPOLATION ? this.#pos + 1 : this.#pos;
    this.automatic = false;
    this.#insertComma = tok === T.ILLEGAL ? before : ENDS_EXPRESSION[tok] === true;
  }

  #comment(at: number): void {
    if (this.#insertComma) {
      this.#insertComma = false;
      this.tok = T.COMMA;
      this.automatic = true;
      this.end = at;
      return;
    }
    const stop = this.text.indexOf('\n', at);
    this.#pos = stop < 0 ? this.#length : stop;
    this.tok = T.COMMENT;
    this.end = this.#pos;
  }

  #operator(c: number, at: number): T.Token {
    switch (c) {
      case DOUBLE_QUOTE:
      case SINGLE_QUOTE:
        return this.#quoted(at, c, 0);
      case HASH:
        return this.#hash(at);
      case 64:
        return this.#attribute();
      case DOT:
        return this.#dot(at);
      case 60:
        return this.#take(45) ? T.ARROW : this.#take(61) ? T.LEQ : T.LSS;
      case 62:
        return this.#take(61) ? T.GEQ : T.GTR;
      case 61:
        return this.#take(126) ? T.MAT : this.#take(61) ? T.EQL : T.BIND;
      case 33:
        return this.#take(126) ? T.NMAT : this.#take(61) ? T.NEQ : T.NOT;
      case 38:
        return this.#take(38) ? T.LAND : T.AND;
      case 124:
        return this.#take(124) ? T.LOR : T.OR;
      default:
        return SINGLE[c] || this.#illegal(at);
    }
  }

  #illegal(at: number): T.Token {
    const character = characterAt(this.text, at);
    this.#pos = at + character.length;
    this.#report(at, `illegal character ${describe(character)}`);
    return T.ILLEGAL;
  }

  #take(c: number): boolean {
    if (this.text.charCodeAt(this.#pos) !== c) return false;
    this.#pos++;
    return true;
  }

  #dot(at: number): T.Token {
    const c = this.text.charCodeAt(this.#pos);
    if (c >= DIGIT_0 && c <= DIGIT_9) return this.#number(true);
    if (c !== DOT) return T.PERIOD;
    this.#pos++;
    if (this.#take(DOT)) return T.ELLIPSIS;
    this.#report(at, "illegal token '..'; expected '.'");
    return T.ILLEGAL;
  }

  /** `#`, `#x`, or the `#"` of a raw string. */
  #hash(at: number): T.Token {
    const text = this.text;
    const next = text.charCodeAt(this.#pos);
    if (next !== HASH && next !== DOUBLE_QUOTE && next !== SINGLE_QUOTE) {
      if (!isDigitAt(text, this.#pos)) this.#identifierTail();
      return T.IDENT;
    }
    while (this.#take(HASH));
    const quote = text.charCodeAt(this.#pos);
    if (quote !== DOUBLE_QUOTE && quote !== SINGLE_QUOTE) return T.ILLEGAL;
    const hashes = this.#pos - at;
    this.#pos++;
    return this.#quoted(at, quote, hashes);
  }

  // ---- strings

  /** A literal whose first quote has just been read. */
  #quoted(at: number, char: number, hashes: number): T.Token {
    const text = this.text;
    this.escaped = false;
    if (!this.#take(char)) return this.#string(at, { char, count: 1, hashes });
    if (!this.#take(char)) {
      let seen = 0;
      while (seen < hashes && this.#take(HASH)) seen++;
      return seen === hashes ? T.STRING : this.#string(at, { char, count: 1, hashes });
    }
    const opened = this.#pos;
    if (this.#take(CR) ? this.#take(NEWLINE) : this.#take(NEWLINE)) {
      return this.#string(at, { char, count: 3, hashes });
    }
    this.#report(at, `expected newline after multiline quote ${text.slice(at, opened)}`);
    return T.STRING;
  }

  /** Reads up to the closing quote or the next `\(`. */
  #string(at: number, quote: OpenQuote): T.Token {
    const text = this.text;
    const char = quote.char;
    const oneLine = quote.count === 1;
    for (;;) {
      const c = text.charCodeAt(this.#pos);
      if (c === char) {
        this.#pos++;
        if (this.#closes(quote)) return T.STRING;
      } else if (c === BACKSLASH) {
        this.#pos++;
        this.escaped = true;
        if (this.#escape(quote)) {
          this.#quotes.push(quote);
          return T.INTERPOLATION;
        }
      } else if ((c === NEWLINE && oneLine) || this.#pos >= this.#length) {
        this.#report(at, 'string literal not terminated');
        return T.STRING;
      } else this.#pos++;
    }
  }

  /** Behind one closing quote character: whether the rest of the closing quote follows. Takes what matches. */
  #closes(quote: OpenQuote): boolean {
    for (let i = 1; i < quote.count; i++) if (!this.#take(quote.char)) return false;
    for (let i = 0; i < quote.hashes; i++) if (!this.#take(HASH)) return false;
    return true;
  }

  /** Behind a backslash: true if it opens an interpolation, whose parenthesis is then the next token. */
  #escape(quote: OpenQuote): boolean {
    for (let i = 0; i < quote.hashes; i++) if (!this.#take(HASH)) return false;
    const at = this.#pos;
    const c = this.text.charCodeAt(at);
    switch (c) {
      case LEFT_PAREN:
        return true;
      case 97:
      case 98:
      case 102:
      case 110:
      case 114:
      case 116:
      case 118:
      case BACKSLASH:
      case SLASH:
      case quote.char:
        this.#pos++;
        return false;
      case 120:
        this.#pos++;
        this.#codePoint(at, 2, 16);
        return false;
      case 117:
        this.#pos++;
        this.#codePoint(at, 4, 16);
        return false;
      case 85:
        this.#pos++;
        this.#codePoint(at, 8, 16);
        return false;
      default:
        if (c >= DIGIT_0 && c < 56) this.#codePoint(at, 3, 8);
        else
          this.#report(at, at < this.#length ? 'unknown escape sequence' : 'escape sequence not terminated');
        return false;
    }
  }

  #codePoint(at: number, digits: number, base: number): void {
    let value = 0;
    for (let n = 0; n < digits; n++) {
      const d = digitValue(this.text.charCodeAt(this.#pos));
      if (d >= base) {
        const found = characterAt(this.text, this.#pos);
        const message = `illegal character ${describe(found)} in escape sequence`;
        this.#report(this.#pos, found === '' ? 'escape sequence not terminated' : message);
        return;
      }
      value = value * base + d;
      this.#pos++;
    }
    const max = base === 8 || digits === 2 ? 0xff : 0x10ffff;
    if (value > max) this.#report(at, 'escape sequence is invalid Unicode code point');
  }

  /**
   * Goes on with a string behind the `)` of an interpolation, which has just been scanned. Sets `tok` to STRING
   * where the string ends, to INTERPOLATION where another expression follows.
   */
  resumeInterpolation(): void {
    const at = this.#pos - 1;
    const quote = this.#quotes.pop();
    this.start = at;
    this.tok = quote === undefined ? T.STRING : this.#string(at, quote);
    this.end = this.tok === T.INTERPOLATION ? this.#pos + 1 : this.#pos;
  }

  // ---- numbers

  #mantissa(base: number): void {
    let last = END;
    for (;;) {
      const c = this.text.charCodeAt(this.#pos);
      if (digitValue(c) >= base) break;
      if (last === UNDERSCORE && c === UNDERSCORE) this.#report(this.#pos, "illegal '_' in number");
      last = c;
      this.#pos++;
    }
    if (last === UNDERSCORE) this.#report(this.#pos - 1, "illegal '_' in number");
  }

  #number(afterDot: boolean): T.Token {
    const text = this.text;
    const at = this.#pos;
    if (afterDot) {
      this.#mantissa(10);
      return this.#exponent(T.FLOAT);
    }
    if (text.charCodeAt(at) !== DIGIT_0) {
      this.#mantissa(10);
      return this.#fraction();
    }
    this.#pos++;
    switch (text.charCodeAt(this.#pos)) {
      case 120:
      case 88:
        return this.#based(at, 16, 'hexadecimal');
      case 98:
        return this.#based(at, 2, 'binary');
      case 111:
        return this.#based(at, 8, 'octal');
    }
    const c = text.charCodeAt(this.#pos);
    const leadingZero = c >= DIGIT_0 && c <= DIGIT_9;
    if (leadingZero) this.#mantissa(10);
    const next = text.charCodeAt(this.#pos);
    if (next === DOT || next === 101 || next === 69) return this.#fraction();
    if (leadingZero) this.#report(at, 'illegal integer number');
    return T.INT;
  }

  #based(at: number, base: number, name: string): T.Token {
    this.#pos++;
    this.#mantissa(base);
    if (this.#pos - at <= 2) this.#report(at, `illegal ${name} number`);
    return T.INT;
  }

  #fraction(): T.Token {
    const text = this.text;
    if (text.charCodeAt(this.#pos) !== DOT) return this.#exponent(T.INT);
    if (text.charCodeAt(this.#pos + 1) === DOT) return T.INT;
    this.#pos++;
    this.#mantissa(10);
    return this.#exponent(T.FLOAT);
  }

  #exponent(tok: T.Token): T.Token {
    const c = this.text.charCodeAt(this.#pos);
    switch (c) {
      case 75:
      case 77:
      case 71:
      case 84:
      case 80:
        this.#pos++;
        this.#take(105);
        return T.INT;
      case 101:
      case 69:
        this.#pos++;
        if (!this.#take(45)) this.#take(43);
        this.#mantissa(10);
        return T.FLOAT;
      default:
        return tok;
    }
  }

  // ---- attributes

  /** `@name(body)`; the body is balanced tokens, read here as one. */
  #attribute(): T.Token {
    const at = this.#pos - 1;
    this.#identifierTail();
    this.#nesting++;
    if (this.#nesting > MAX_NESTED_ATTRIBUTES) this.#report(at, 'attributes are nested too deeply');
    else {
      this.scan();
      if (this.tok === T.LPAREN) this.#attributeBody();
      else this.#report(this.#pos, "invalid attribute: expected '('");
    }
    this.#nesting--;
    this.start = at;
    return T.ATTRIBUTE;
  }

  #attributeBody(): void {
    const open: T.Token[] = [T.RPAREN];
    for (;;) {
      const close = open[open.length - 1] ?? T.RPAREN;
      this.scan();
      const tok = this.tok;
      if (tok === close) {
        open.pop();
        if (open.length === 0) return;
      } else if (tok === T.LPAREN) open.push(T.RPAREN);
      else if (tok === T.LBRACE) open.push(T.RBRACE);
      else if (tok === T.LBRACK) open.push(T.RBRACK);
      else if (tok === T.RPAREN || tok === T.RBRACE || tok === T.RBRACK) {
        this.#report(this.#pos, `unexpected '${T.tokenName(tok)}'`);
      } else if (tok === T.INTERPOLATION) {
        this.#report(this.#pos, 'interpolation not allowed in attribute');
        this.#quotes.pop();
        this.#recoverParenthesis();
      } else if (tok === T.EOF) {
        this.#report(this.#pos, `attribute missing '${T.tokenName(close)}'`);
        return;
      }
    }
  }

  /** After a forbidden interpolation: goes on behind its parenthesis, or at the end of the line. */
  #recoverParenthesis(): void {
    let open = 1;
    for (; this.#pos < this.#length; this.#pos++) {
      const c = this.text.charCodeAt(this.#pos);
      if (c === NEWLINE) return;
      if (c === LEFT_PAREN) open++;
      if (c === RIGHT_PAREN && --open === 0) return;
    }
  }
}

/** The tokens behind which a line break stands for a comma. */
const ENDS_EXPRESSION = T.tokens(
  ...[T.RPAREN, T.RBRACK, T.RBRACE, T.STRING, T.INTERPOLATION, T.ATTRIBUTE],
  ...[T.OPTION, T.ELLIPSIS, T.SEMICOLON, T.INT, T.FLOAT, T.IDENT],
);

/** Characters that are tokens whatever follows. */
const SINGLE = Array.from({ length: 128 }, (_, c) => {
  const character = String.fromCharCode(c);
  return ':;?,()[]{}+-*/'.includes(character) ? T.tokenOf(character) : T.ILLEGAL;
});

const KEYWORDS: ReadonlyMap<string, T.Token> = new Map(
  ['if', 'for', 'in', 'let', 'func', 'true', 'false', 'null'].map((word) => [word, T.tokenOf(word)]),
);
