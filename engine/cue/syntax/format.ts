/**
 * Prints a syntax tree as `cue fmt` does (cue/format of v0.14.1): tabs, values and comments in columns, line breaks
 * and empty lines as the source has them, comments where they belong. Nodes without a source are laid out anew.
 */
import type * as Ast from './ast.ts';
import { ExprPrinter } from './format-expr.ts';
import * as L from './layout.ts';
import { parse } from './parser.ts';
import { isDefinitionOrHidden } from './quote.ts';
import { haveSameComments, hoistComments, isSameFile } from './same-tree.ts';
import { findPlainLabels } from './simplify.ts';

export interface FormatOptions {
  /** As `cue fmt -s`: labels without needless quotes, structs of one field without braces. */
  readonly simplify?: boolean;
  /** The text that the nodes were parsed from; for a file it is known. */
  readonly source?: Ast.Source;
}

/** How often a text is printed anew until nothing changes any more. */
const MAX_PASSES = 5;

/**
 * A file's text, with a line break at its end. Formatting it again changes nothing, and it means what the file
 * means: where `cue fmt` would move a comment or a column the second time, this is what it comes to in the end, and
 * a comment in the midst of an expression that it would break goes to the end of the line. What cannot be printed
 * at all stays as it is.
 */
export function formatFile(file: Ast.File, options: FormatOptions = {}): string {
  return settled(file, options) ?? settled(hoistComments(file), options) ?? file.source.text;
}

/** The text that printing comes to; null if that means something else than the file, or loses a comment. */
function settled(file: Ast.File, options: FormatOptions): string | null {
  let text = printFile(file, options);
  for (let pass = 1; pass < MAX_PASSES; pass++) {
    const source: Ast.Source = { name: file.source.name, text };
    const parsed = parse(source);
    if (!parsed.ok || !haveSameComments(file, parsed.value)) return null;
    if (options.simplify !== true && !isSameFile(file, parsed.value)) return null;
    const next = printFile(parsed.value, { ...options, source });
    if (next === text) return text;
    text = next;
  }
  return null;
}

function printFile(file: Ast.File, options: FormatOptions): string {
  const printer = new DeclPrinter({ source: file.source, ...options }, file);
  printer.file(file);
  return printer.layout.finish();
}

/** The text of an expression or declaration, without a line break at its end. */
export function formatNode(node: Ast.Expr | Ast.Decl, options: FormatOptions = {}): string {
  const printer = new DeclPrinter(options, node);
  printer.node(node);
  return printer.layout.text().replace(/\n+$/, '');
}

class DeclPrinter extends ExprPrinter {
  constructor(options: FormatOptions, root: Ast.File | Ast.Expr | Ast.Decl) {
    const simplify = options.simplify === true;
    super(options.source?.text ?? '', simplify, simplify ? findPlainLabels(root) : new Map());
    this.layout.allowed = L.FIXED;
  }

  file(file: Ast.File): void {
    this.before(file);
    this.decls([...file.preamble, ...file.decls]);
    this.after();
  }

  node(node: Ast.Expr | Ast.Decl): void {
    switch (node.type) {
      case 'field':
      case 'embedding':
      case 'let':
      case 'comprehension':
      case 'attribute':
      case 'ellipsis':
        this.#decl(node);
        return;
      default:
        this.expr(node);
    }
  }

  protected decls(list: readonly (Ast.Decl | Ast.PreambleDecl)[]): void {
    const { layout } = this;
    this.before(null);
    let depth = 0;
    let ellipsis: Ast.Decl | Ast.PreambleDecl | null = null;
    let previous: Ast.Decl | Ast.PreambleDecl | null = null;
    for (const [i, decl] of list.entries()) {
      if (previous !== null) this.#separate(previous, decl, depth);
      if (this.simplify && isEllipsis(decl)) {
        ellipsis = decl;
        continue;
      }
      previous = decl;
      this.#decl(decl);
      depth = decl.type === 'field' ? chainDepth(decl) : 0;
      const next = list[i + 1];
      const breaks = next?.type === 'field' && endsTable(next.value);
      layout.space(breaks ? this.formfeed() : this.frame.parentSep);
    }
    if (ellipsis !== null) {
      const { comments } = ellipsis;
      this.#decl({
        type: 'ellipsis',
        start: -1,
        end: -1,
        value: null,
        ...(comments === undefined ? {} : { comments }),
      });
      layout.space(this.frame.parentSep);
    }
    this.after();
  }

  #separate(previous: Ast.Decl | Ast.PreambleDecl, decl: Ast.Decl | Ast.PreambleDecl, depth: number): void {
    const { layout } = this;
    layout.space(L.DECL_COMMA);
    const own = decl.type === 'field' ? chainDepth(decl) : 0;
    if (this.frame.parentSep === L.NEWLINE && (depth === 0 || own !== depth)) layout.space(this.formfeed());
    if (!hasComments(decl)) return;
    const { type } = previous;
    if (type !== 'field' || isDefinitionLabel(previous.label)) layout.space(L.SECTION);
  }

  #decl(decl: Ast.Decl | Ast.PreambleDecl): void {
    this.before(decl);
    switch (decl.type) {
      case 'field':
        this.#field(decl);
        break;
      case 'package':
        this.word('package', decl.start);
        this.layout.space(L.BLANK);
        this.name(decl.name);
        this.layout.space(L.SECTION | L.FIXED);
        break;
      case 'imports':
        this.#imports(decl);
        break;
      case 'let':
        this.#breakBefore(decl.start);
        this.token('let', decl.start);
        this.layout.space(L.BLANK | L.FIXED);
        this.expr(decl.name);
        this.layout.space(L.BLANK | L.FIXED);
        this.token('=', this.behind(decl.name.end));
        this.layout.space(L.BLANK);
        this.expr(decl.value);
        this.layout.space(L.DECL_COMMA);
        break;
      case 'embedding':
        this.#breakBefore(decl.start);
        this.expr(decl.expr);
        this.layout.space(L.NEWLINE);
        break;
      case 'attribute':
        this.#attribute(decl);
        break;
      case 'comprehension':
        this.#breakBefore(decl.start);
        this.clauses(decl.clauses);
        this.layout.space(L.BLANK | L.FIXED);
        this.expr(decl.value);
        break;
      case 'ellipsis':
        this.ellipsis(decl);
        break;
      default:
        decl satisfies never;
    }
    this.after();
  }

  /** A declaration on a line of its own ends the table above it. */
  #breakBefore(start: number): void {
    const gap = this.gapAt(start);
    if (gap === 'unset' || gap === 'newline' || gap === 'section') this.layout.space(L.FORMFEED);
  }

  #attribute(attribute: Ast.Attribute): void {
    const { start, end, name, body } = attribute;
    this.layout.gap(this.gapAt(start));
    this.layout.literal(start < 0 ? `@${name}(${body})` : this.text.slice(start, end), 'attribute');
  }

  #imports(decl: Ast.ImportDecl): void {
    const { layout } = this;
    const { specs } = decl;
    const [first] = specs;
    this.word('import', decl.start);
    layout.space(L.BLANK);
    if (first === undefined) {
      this.token('(', -1);
      this.token(')', -1);
      layout.space(L.NEWLINE);
    } else if (specs.length === 1 && first.comments === undefined && !decl.parens) {
      this.#importSpecs(specs);
    } else {
      this.token('(', decl.parens ? this.behind(decl.start + 'import'.length) : -1);
      layout.space(L.NEWLINE | L.INDENT);
      this.#importSpecs(specs);
      layout.space(L.UNINDENT | L.NEWLINE);
      this.token(')', decl.parens && decl.start >= 0 ? decl.end - 1 : -1);
      layout.space(L.NEWLINE);
    }
    layout.space(L.SECTION | L.FIXED);
  }

  #importSpecs(specs: readonly Ast.ImportSpec[]): void {
    this.before(null);
    for (const spec of specs) {
      this.before(spec);
      const pathStart = spec.start < 0 ? -1 : spec.end - spec.raw.length;
      if (spec.alias === null) this.passToken();
      else {
        this.before(null);
        this.layout.gap(this.gapAt(spec.start));
        this.layout.literal(spec.alias, 'string');
        this.after();
        this.layout.space(L.BLANK);
      }
      this.before(null);
      this.layout.gap(this.gapAt(pathStart));
      this.layout.literal(spec.raw, 'string');
      this.after();
      this.layout.space(L.NEWLINE);
      this.after();
    }
    this.after();
  }

  #field(field: Ast.Field): void {
    const { layout } = this;
    this.label(field.alias, field.label, field.constraint);
    layout.space(L.NO_BLANK | L.FIXED);
    this.token(':', -1);
    this.showComments(this.frame.position);
    const inner = this.#inlineField(field);
    if (inner !== null) {
      this.#innerField(inner);
      return;
    }
    const breaks = needsBreak(field.value);
    const gap = breaks || layout.braceOnLine ? L.BLANK : L.ALIGN;
    layout.space(gap);
    if (field.value.type === 'list' || field.value.type === 'struct') this.expr(field.value);
    else {
      layout.space(L.INDENT);
      this.expr(field.value);
      layout.endIndent();
    }
    let space = gap;
    for (const attribute of field.attributes) {
      this.before(attribute);
      layout.space(space);
      this.#attribute(attribute);
      this.after();
      space = L.BLANK;
    }
    if (breaks) layout.space(L.FORMFEED);
  }

  #innerField(inner: Ast.Field): void {
    const { layout } = this;
    if (this.simplify || !this.isNewline(this.startOf(inner))) {
      layout.space(L.BLANK | L.FIXED);
      this.#decl(inner);
      return;
    }
    layout.space(L.INDENT | L.FORMFEED);
    this.#decl(inner);
    layout.indent--;
  }

  /** The field to be printed behind this one's colon, as in `a: b: 1`; null for any other value. */
  #inlineField(field: Ast.Field): Ast.Field | null {
    const { value } = field;
    if (this.startOf(field) < 0 && !(this.simplify && isRegularLabel(field.label))) return null;
    if (value.type !== 'struct' || value.decls.length !== 1 || field.attributes.length > 0) return null;
    const hasBrace = !value.chained && value.start >= 0;
    if (hasBrace && (!this.simplify || hasComments(field))) return null;
    const [inner] = value.decls;
    if (inner?.type !== 'field' || inner.attributes.length > 0 || hasComments(inner)) return null;
    return inner;
  }
}

/** Whether a declaration says no more than `...`: itself, `[string]: _` or `[_]: _`. */
function isEllipsis(decl: Ast.Decl | Ast.PreambleDecl): boolean {
  if (decl.type === 'ellipsis') return true;
  if (decl.type !== 'field' || decl.alias !== null || decl.label.type !== 'pattern') return false;
  const { expr } = decl.label;
  if (decl.value.type !== 'ident' || decl.value.name !== '_' || expr.type !== 'ident') return false;
  return expr.name === 'string' || expr.name === '_';
}

/** Whether a label is neither a definition nor hidden. */
function isRegularLabel(label: Ast.Label): boolean {
  return label.type !== 'ident' || !isDefinitionOrHidden(label.name);
}

/** How many labels `a: b: c: 1` has; 0 if a struct of several declarations is at its end. */
function chainDepth(field: Ast.Field): number {
  let depth = 1;
  let at = field;
  while (at.value.type === 'struct') {
    const [only] = at.value.decls;
    if (at.value.decls.length !== 1) return depth - 1;
    if (only?.type !== 'field') return depth;
    depth++;
    at = only;
  }
  return depth;
}

function hasComments(decl: Ast.Decl | Ast.PreambleDecl): boolean {
  if (decl.comments !== undefined && decl.comments.length > 0) return true;
  if (decl.type === 'field') return decl.alias === null && (decl.label.comments?.length ?? 0) > 0;
  return decl.type === 'let' && (decl.name.comments?.length ?? 0) > 0;
}

function isDefinitionLabel(label: Ast.Label): boolean {
  return label.type === 'ident' && (label.name.startsWith('#') || label.name.startsWith('_#'));
}

/** Whether the value of the next field is laid out apart from the columns of the fields above. */
function endsTable(value: Ast.Expr): boolean {
  if (value.type === 'list') return true;
  if (value.type !== 'struct') return false;
  return (!value.chained && value.start >= 0) || value.decls.length !== 1;
}

/** Whether a value takes, or may take, several lines. */
function needsBreak(value: Ast.Expr): boolean {
  let at = value;
  for (;;) {
    switch (at.type) {
      case 'struct':
      case 'list':
        return true;
      case 'string':
      case 'bytes':
      case 'badLiteral':
        return at.raw.includes('\n');
      case 'paren':
        at = at.inner;
        break;
      case 'unary':
      case 'index':
      case 'selector':
        at = at.operand;
        break;
      case 'binary':
        if (needsBreak(at.right)) return true;
        at = at.left;
        break;
      case 'call':
        return at.args.some(needsBreak);
      default:
        return false;
    }
  }
}
