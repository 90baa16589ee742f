/** Tokens of Go's template language. */
import type { BuiltinError } from './builtin.ts';
import { evalError } from './builtin.ts';

export type TokenKind =
  | 'text'
  | 'open'
  | 'close'
  | 'space'
  | 'identifier'
  | 'field'
  | 'variable'
  | 'dot'
  | 'string'
  | 'char'
  | 'number'
  | 'pipe'
  | 'declare'
  | 'assign'
  | 'comma'
  | 'left'
  | 'right';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
}

const OPEN = '{{';
const CLOSE = '}}';

/** In the order in which they are tried; what a word or number may be followed by is checked behind. */
const RULES: readonly (readonly [TokenKind, RegExp])[] = [
  ['space', /[ \t\r\n]+/y],
  ['declare', /:=/y],
  ['assign', /=/y],
  ['pipe', /\|/y],
  ['comma', /,/y],
  ['left', /\(/y],
  ['right', /\)/y],
  ['string', /"(?:[^"\\\n]|\\[^\n])*"|`[^`]*`/y],
  ['char', /'(?:[^'\\\n]|\\[^\n])*'/y],
  ['number', /[+-]?(?:\.?[0-9][0-9a-zA-Z_.]*(?:(?<=[eEpP])[+-][0-9a-zA-Z_.]*)?)/y],
  ['variable', /\$[\p{L}\p{Nd}_]*/uy],
  ['field', /\.[\p{L}_][\p{L}\p{Nd}_]*/uy],
  ['dot', /\./y],
  ['identifier', /[\p{L}_][\p{L}\p{Nd}_]*/uy],
];
const NEEDS_END: ReadonlySet<TokenKind> = new Set(['variable', 'field', 'identifier']);
const TERMINATOR = /[ \t\r\n.,|:)(]/;

/** Cuts a template into tokens; white space next to trim markers is gone. Error: what is no token. */
export function lexTemplate(source: string): readonly Token[] | BuiltinError {
  const tokens: Token[] = [];
  let at = 0;
  let trimStart = false;
  for (;;) {
    const open = source.indexOf(OPEN, at);
    let text = source.slice(at, open < 0 ? undefined : open);
    if (trimStart) text = text.replace(/^[ \t\r\n]+/, '');
    const trimEnd = open >= 0 && /^-[ \t\r\n]/.test(source.slice(open + 2, open + 4));
    if (trimEnd) text = text.replace(/[ \t\r\n]+$/, '');
    if (text !== '') tokens.push({ kind: 'text', text });
    if (open < 0) return tokens;
    const inside = open + 2 + (trimEnd ? 2 : 0);
    const action = source.startsWith('/*', inside)
      ? skipComment(source, inside)
      : lexAction(source, inside, tokens);
    if ('type' in action) return action;
    at = action.next;
    trimStart = action.trim;
  }
}

interface ActionEnd {
  readonly next: number;
  /** The action ends in ` -}}`. */
  readonly trim: boolean;
}

function closingAt(source: string, at: number): ActionEnd | null {
  if (source.startsWith(CLOSE, at)) return { next: at + 2, trim: false };
  return /^[ \t\r\n]-}}/.test(source.slice(at, at + 4)) ? { next: at + 4, trim: true } : null;
}

function skipComment(source: string, start: number): ActionEnd | BuiltinError {
  const end = source.indexOf('*/', start);
  if (end < 0) return evalError('template: unclosed comment');
  return closingAt(source, end + 2) ?? evalError('template: comment ends before closing delimiter');
}

function lexAction(source: string, start: number, tokens: Token[]): ActionEnd | BuiltinError {
  tokens.push({ kind: 'open', text: OPEN });
  for (let at = start; at < source.length; ) {
    const end = closingAt(source, at);
    if (end) {
      tokens.push({ kind: 'close', text: CLOSE });
      return end;
    }
    const token = tokenAt(source, at);
    if (token === null) return evalError(`template: unexpected ${JSON.stringify(source[at])} in action`);
    const text = token.kind === 'space' ? spaceBeforeTrim(source, at, token.text) : token.text;
    at += text.length;
    const next = source[at] ?? '';
    if (NEEDS_END.has(token.kind) && next !== '' && !TERMINATOR.test(next) && !closingAt(source, at)) {
      return evalError(`template: bad character ${JSON.stringify(next)}`);
    }
    tokens.push({ kind: token.kind, text });
  }
  return evalError('template: unclosed action');
}

/** Of a run of spaces before ` -}}`, the last belongs to the marker. */
function spaceBeforeTrim(source: string, at: number, text: string): string {
  const marker = text.length > 1 && source.startsWith('-}}', at + text.length);
  return marker ? text.slice(0, -1) : text;
}

function tokenAt(source: string, at: number): Token | null {
  for (const [kind, pattern] of RULES) {
    pattern.lastIndex = at;
    const text = pattern.exec(source)?.[0];
    if (text !== undefined) return { kind, text };
  }
  return null;
}
