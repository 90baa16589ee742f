/**
 * The syntax tree of CUE. Plain data, built by the parser, printed by the formatter and lowered by the
 * compiler. A node names its place by offsets into the text of its `Source`; the `File` knows the source.
 */

/** A named text. `name` is what diagnostics show; it is never opened. */
export interface Source {
  readonly name: string;
  readonly text: string;
}

/** One comment group: consecutive `//` lines with nothing between them. */
export interface CommentGroup {
  /** Each line without the leading slashes and without the line break; a leading space is kept. */
  readonly lines: readonly string[];
  /** `doc`: directly above the node; `line`: behind it on its last line; `inner`: anywhere else inside it. */
  readonly place: 'doc' | 'line' | 'inner';
  /** Before which token of the node it stands: 0 before the first, 1 before the second (a field's colon), … */
  readonly position: number;
  /** What separates it from the token before it. */
  readonly gap: Gap;
  readonly start: number;
  readonly end: number;
}

/** Nothing, blanks, one line break, or at least one empty line. `unset` where there is no source text. */
export type Gap = 'unset' | 'none' | 'blank' | 'newline' | 'section';

export interface NodeBase {
  /** Offset of the first character; -1 in a node that was made and not parsed. */
  readonly start: number;
  /** Offset behind the last character. */
  readonly end: number;
  readonly comments?: readonly CommentGroup[];
}

export interface File extends NodeBase {
  readonly type: 'file';
  readonly source: Source;
  readonly packageName: string | null;
  readonly imports: readonly ImportSpec[];
  /** The declarations before the first ordinary one as they were written, if package or import is among them. */
  readonly preamble: readonly PreambleDecl[];
  readonly decls: readonly Decl[];
}

export type PreambleDecl = PackageClause | ImportDecl | Attribute;

/** `package name`. */
export interface PackageClause extends NodeBase {
  readonly type: 'package';
  readonly name: Ident;
}

/** `import "x"` or `import ("x", "y")`. */
export interface ImportDecl extends NodeBase {
  readonly type: 'imports';
  readonly parens: boolean;
  readonly specs: readonly ImportSpec[];
}

export interface ImportSpec extends NodeBase {
  readonly type: 'import';
  /** The name given before the path, if any. */
  readonly alias: string | null;
  /** The path as written, e.g. `encoding/json` or `example.com/x:name`. */
  readonly path: string;
  /** The literal that spells the path, with its quotes. */
  readonly raw: string;
}

// ---- expressions

export type Expr =
  | Ident
  | NullLit
  | BoolLit
  | NumberLit
  | StringLit
  | BytesLit
  | Interpolation
  | BottomLit
  | StructLit
  | ListLit
  | UnaryExpr
  | BinaryExpr
  | ParenExpr
  | SelectorExpr
  | IndexExpr
  | SliceExpr
  | CallExpr
  | AliasExpr
  | BadLiteral;

/** `a`, `#A`, `_a`, `_#A`, `_`, `__string`. */
export interface Ident extends NodeBase {
  readonly type: 'ident';
  readonly name: string;
}
export interface NullLit extends NodeBase {
  readonly type: 'null';
}
export interface BoolLit extends NodeBase {
  readonly type: 'bool';
  readonly value: boolean;
}
/** A number as written (`1_000`, `0x1F`, `1.5Ki`, `1e3`); `readNumber` of literal.ts reads it. */
export interface NumberLit extends NodeBase {
  readonly type: 'number';
  readonly raw: string;
}
/** A string without interpolations, unquoted. `quote` is kept for the formatter. */
export interface StringLit extends NodeBase {
  readonly type: 'string';
  readonly value: string;
  readonly quote: Quote;
  /** The literal as written, with its quotes. */
  readonly raw: string;
}
export interface BytesLit extends NodeBase {
  readonly type: 'bytes';
  readonly value: Uint8Array;
  readonly quote: Quote;
  readonly raw: string;
}
export interface Quote {
  /** Number of `#` before the opening quote. */
  readonly hashes: number;
  readonly multiline: boolean;
}
/**
 * A string or bytes literal with at least one `\(expr)`. `parts` alternates unquoted text and
 * expressions, and begins and ends with text (which may be empty). For bytes the text parts are bytes.
 */
export interface Interpolation extends NodeBase {
  readonly type: 'interpolation';
  readonly kind: 'string' | 'bytes';
  readonly quote: Quote;
  readonly parts: readonly (string | Uint8Array | Expr)[];
  /** The text parts as written, in order: `"a\\(`, `)b\\(`, `)"`. */
  readonly raws: readonly RawText[];
}
/** A text part of an interpolation as written. */
export interface RawText extends NodeBase {
  readonly type: 'rawText';
  readonly raw: string;
}
/**
 * A literal that the scanner accepts and that has no value all the same: `"\\101"` (an octal escape in a string),
 * half a surrogate pair, wrong indentation. It is the compiler that refuses it, with `message`.
 */
export interface BadLiteral extends NodeBase {
  readonly type: 'badLiteral';
  readonly kind: 'string' | 'bytes';
  readonly raw: string;
  readonly message: string;
}
/** `_|_`. */
export interface BottomLit extends NodeBase {
  readonly type: 'bottom';
}
export interface StructLit extends NodeBase {
  readonly type: 'struct';
  readonly decls: readonly Decl[];
  /** True for the struct that `a: b: 1` puts around `b` without braces; it has exactly one declaration, a field. */
  readonly chained: boolean;
}
export interface ListLit extends NodeBase {
  readonly type: 'list';
  /** An ellipsis may only come last. */
  readonly elements: readonly (Expr | Comprehension | Ellipsis)[];
}
/** `...` or `...T`, in a struct or at the end of a list. */
export interface Ellipsis extends NodeBase {
  readonly type: 'ellipsis';
  readonly value: Expr | null;
}
export type UnaryOp = '+' | '-' | '!' | '*' | '<' | '<=' | '>' | '>=' | '!=' | '==' | '=~' | '!~';
/** `*x` (default mark) and bounds (`>=1`) are unary too. */
export interface UnaryExpr extends NodeBase {
  readonly type: 'unary';
  readonly op: UnaryOp;
  readonly operand: Expr;
}
export type BinaryOp =
  | '|'
  | '&'
  | '||'
  | '&&'
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | '=~'
  | '!~'
  | '+'
  | '-'
  | '*'
  | '/'
  | 'div'
  | 'mod'
  | 'quo'
  | 'rem';
export interface BinaryExpr extends NodeBase {
  readonly type: 'binary';
  readonly op: BinaryOp;
  /** Offset of the operator. */
  readonly opStart: number;
  readonly left: Expr;
  readonly right: Expr;
}
export interface ParenExpr extends NodeBase {
  readonly type: 'paren';
  readonly inner: Expr;
}
/** `x.sel`; the selector is an identifier or a quoted string. */
export interface SelectorExpr extends NodeBase {
  readonly type: 'selector';
  readonly operand: Expr;
  readonly selector: Ident | StringLit | BadLiteral;
}
export interface IndexExpr extends NodeBase {
  readonly type: 'index';
  readonly operand: Expr;
  readonly index: Expr;
}
export interface SliceExpr extends NodeBase {
  readonly type: 'slice';
  readonly operand: Expr;
  readonly low: Expr | null;
  readonly high: Expr | null;
}
export interface CallExpr extends NodeBase {
  readonly type: 'call';
  readonly callee: Expr;
  readonly args: readonly Expr[];
}
/** `X=expr` where a value may be aliased (`a: X={...}`, `[X=string]: ...`). */
export interface AliasExpr extends NodeBase {
  readonly type: 'alias';
  readonly name: Ident;
  readonly value: Expr;
}

// ---- declarations

export type Decl = Field | Embedding | LetDecl | Ellipsis | Comprehension | Attribute;

export interface Field extends NodeBase {
  readonly type: 'field';
  /** `X=` before the label: an alias for the field. */
  readonly alias: Ident | null;
  readonly label: Label;
  readonly constraint: 'regular' | 'optional' | 'required';
  readonly value: Expr;
  readonly attributes: readonly Attribute[];
}
export type Label =
  /** Keywords as labels (`if`, `null`, `true`) are identifiers too. */
  | Ident
  | StringLit
  | BytesLit
  | NumberLit
  | BadLiteral
  /** `"\(x)"` */
  | Interpolation
  /** `(x)` */
  | ParenExpr
  | PatternLabel;
/** `[expr]` or `[X=expr]` (then `expr` is an AliasExpr). */
export interface PatternLabel extends NodeBase {
  readonly type: 'pattern';
  readonly expr: Expr;
}
export interface Embedding extends NodeBase {
  readonly type: 'embedding';
  readonly expr: Expr;
}
export interface LetDecl extends NodeBase {
  readonly type: 'let';
  readonly name: Ident;
  readonly value: Expr;
}
export interface Comprehension extends NodeBase {
  readonly type: 'comprehension';
  readonly clauses: readonly Clause[];
  readonly value: StructLit;
}
export type Clause = ForClause | IfClause | LetClause;
export interface ForClause extends NodeBase {
  readonly type: 'for';
  readonly key: Ident | null;
  readonly value: Ident;
  readonly source: Expr;
}
export interface IfClause extends NodeBase {
  readonly type: 'if';
  readonly condition: Expr;
}
export interface LetClause extends NodeBase {
  readonly type: 'letClause';
  readonly name: Ident;
  readonly value: Expr;
}
/** `@name(body)`, on a field or as a declaration of its own. */
export interface Attribute extends NodeBase {
  readonly type: 'attribute';
  readonly name: string;
  readonly body: string;
}

export type Node = File | PreambleDecl | ImportSpec | Expr | Decl | Label | Clause | PatternLabel;
