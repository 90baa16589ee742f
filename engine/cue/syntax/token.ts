/** The tokens of CUE as small integers, in the order of cue/token, and what each is called in an error. */

export const ILLEGAL = 0;
export const EOF = 1;
export const COMMENT = 2;
export const ATTRIBUTE = 3;
export const IDENT = 4;
export const INT = 5;
export const FLOAT = 6;
export const STRING = 7;
export const INTERPOLATION = 8;
export const BOTTOM = 9;
export const ADD = 10;
export const SUB = 11;
export const MUL = 12;
export const QUO = 13;
export const AND = 14;
export const OR = 15;
export const LAND = 16;
export const LOR = 17;
export const BIND = 18;
export const EQL = 19;
export const LSS = 20;
export const GTR = 21;
export const NOT = 22;
export const ARROW = 23;
export const NEQ = 24;
export const LEQ = 25;
export const GEQ = 26;
export const MAT = 27;
export const NMAT = 28;
export const LPAREN = 29;
export const LBRACK = 30;
export const LBRACE = 31;
export const COMMA = 32;
export const PERIOD = 33;
export const ELLIPSIS = 34;
export const RPAREN = 35;
export const RBRACK = 36;
export const RBRACE = 37;
export const SEMICOLON = 38;
export const COLON = 39;
export const OPTION = 40;
export const IF = 41;
export const FOR = 42;
export const IN = 43;
export const LET = 44;
export const FUNC = 45;
export const TRUE = 46;
export const FALSE = 47;
export const NULL = 48;

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

/** Identifiers, numbers, strings and bottom. */
export function isLiteral(token: Token): boolean {
  return token >= IDENT && token <= BOTTOM;
}

export function isKeyword(token: Token): boolean {
  return token >= IF;
}

/** The binding strength of a binary operator, 1 to 7; 0 for anything else. */
export function precedence(token: Token): number {
  switch (token) {
    case OR:
      return 1;
    case AND:
      return 2;
    case LOR:
      return 3;
    case LAND:
      return 4;
    case EQL:
    case NEQ:
    case LSS:
    case LEQ:
    case GTR:
    case GEQ:
    case MAT:
    case NMAT:
      return 5;
    case ADD:
    case SUB:
      return 6;
    case MUL:
    case QUO:
      return 7;
    default:
      return 0;
  }
}
