/** The tokens of CUE as small integers, in the order of cue/token, and what each is called in an error. */

export const ILLEGAL: Token = 0;
export const EOF: Token = 1;
export const COMMENT: Token = 2;
export const ATTRIBUTE: Token = 3;
export const IDENT: Token = 4;
export const INT: Token = 5;
export const FLOAT: Token = 6;
export const STRING: Token = 7;
export const INTERPOLATION: Token = 8;
export const BOTTOM: Token = 9;
export const ADD: Token = 10;
export const SUB: Token = 11;
export const MUL: Token = 12;
export const QUO: Token = 13;
export const AND: Token = 14;
export const OR: Token = 15;
export const LAND: Token = 16;
export const LOR: Token = 17;
export const BIND: Token = 18;
export const EQL: Token = 19;
export const LSS: Token = 20;
export const GTR: Token = 21;
export const NOT: Token = 22;
export const ARROW: Token = 23;
export const NEQ: Token = 24;
export const LEQ: Token = 25;
export const GEQ: Token = 26;
export const MAT: Token = 27;
export const NMAT: Token = 28;
export const LPAREN: Token = 29;
export const LBRACK: Token = 30;
export const LBRACE: Token = 31;
export const COMMA: Token = 32;
export const PERIOD: Token = 33;
export const ELLIPSIS: Token = 34;
export const RPAREN: Token = 35;
export const RBRACK: Token = 36;
export const RBRACE: Token = 37;
export const SEMICOLON: Token = 38;
export const COLON: Token = 39;
export const OPTION: Token = 40;
export const IF: Token = 41;
export const FOR: Token = 42;
export const IN: Token = 43;
export const LET: Token = 44;
export const FUNC: Token = 45;
export const TRUE: Token = 46;
export const FALSE: Token = 47;
export const NULL: Token = 48;

export type Token = number;

const NAMES: readonly string[] = [
  'ILLEGAL', 'EOF', 'COMMENT', 'ATTRIBUTE', 'IDENT', 'INT', 'FLOAT', 'STRING', 'INTERPOLATION', '_|_',
  '+', '-', '*', '/', '&', '|', '&&', '||', '=', '==', '<', '>', '!', '<-', '!=', '<=', '>=', '=~', '!~',
  '(', '[', '{', ',', '.', '...', ')', ']', '}', ';', ':', '?',
  'if', 'for', 'in', 'let', 'func', 'true', 'false', 'null',
]; // biome-ignore format: a table

/** How an error names a token: the operator or keyword itself, or the class of a literal. */
export function tokenName(token: Token): string {
  return NAMES[token] ?? 'ILLEGAL';
}

/** The token that an operator or keyword is. */
export function tokenOf(text: string): Token {
  return NAMES.indexOf(text);
}

/** A table that has true for these tokens. */
export function tokens(...among: readonly Token[]): readonly boolean[] {
  return NAMES.map((_, token) => among.includes(token));
}

/** Identifiers, numbers, strings and bottom. */
export function isLiteral(token: Token): boolean {
  return token >= IDENT && token <= BOTTOM;
}

export function isKeyword(token: Token): boolean {
  return token >= IF;
}

const PRECEDENCES = NAMES.map((_, token) => {
  const level = [
    [OR],
    [AND],
    [LOR],
    [LAND],
    [EQL, NEQ, LSS, LEQ, GTR, GEQ, MAT, NMAT],
    [ADD, SUB],
    [MUL, QUO],
  ];
  return 1 + level.findIndex((operators) => operators.includes(token));
});

/** The binding strength of a binary operator, 1 to 7; 0 for anything else. */
export function precedence(token: Token): number {
  return PRECEDENCES[token] ?? 0;
}
