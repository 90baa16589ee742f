/**
 * KubeVela's upgrade of templates written for older CUE (pkg/cue/upgrade): list `+` and `*` become calls, and a
 * field named `error` is quoted. Works on the text by the syntax tree, so all else stays as written. A template
 * that does not parse is left alone.
 */
import type { Ast } from '../cue/index.ts';
import { parse } from '../cue/index.ts';
import type { TemplateText } from './definition.ts';
import { childrenOf } from './syntax-children.ts';

export type RewriteId = 'list-arithmetic' | 'error-field-label';

export interface Rewritten {
  readonly template: TemplateText;
  readonly applied: readonly RewriteId[];
}

/** The template as CUE v0.14 takes it, and which rewrites it needed. */
export function rewriteTemplate(template: TemplateText): Rewritten {
  const { text } = template;
  if (!/[+*]|\berror\s*[?!]?\s*:/.test(text)) return { template, applied: [] };
  const parsed = parse({ name: template.source, text });
  if (!parsed.ok) return { template, applied: [] };
  const rewriter = new Rewriter(text, listNames(parsed.value));
  const body = rewriter.file(parsed.value);
  const applied = [...rewriter.applied].sort().reverse();
  if (applied.length === 0) return { template, applied };
  const needsImport =
    rewriter.applied.has('list-arithmetic') && !parsed.value.imports.some((i) => i.path === 'list');
  if (!needsImport) return { template: { ...template, text: body }, applied };
  return { template: withListImport(template, body, parsed.value), applied };
}

/** The import goes on a line of its own, so what follows keeps its columns and moves by one line. */
function withListImport(template: TemplateText, body: string, file: Ast.File): TemplateText {
  const clause = file.preamble.find((d) => d.type === 'package');
  if (clause === undefined) return { ...template, text: `import "list"\n${body}`, line: template.line - 1 };
  return {
    ...template,
    text: `${body.slice(0, clause.end)}\nimport "list"${body.slice(clause.end)}`,
    line: template.line - 1,
  };
}

class Rewriter {
  readonly applied = new Set<RewriteId>();
  readonly #text: string;
  readonly #lists: ReadonlySet<string>;

  constructor(text: string, lists: ReadonlySet<string>) {
    this.#text = text;
    this.#lists = lists;
  }

  file(file: Ast.File): string {
    return this.#around(file, file.decls);
  }

  /** The node's text with the rewrites inside it done. */
  #emit(node: Ast.Node): string {
    if (node.type === 'binary') {
      const call = node.op === '+' ? this.#concat(node) : node.op === '*' ? this.#repeat(node) : null;
      if (call !== null) return call;
    }
    if (node.type === 'field' && node.label.type === 'ident' && node.label.name === 'error') {
      this.applied.add('error-field-label');
      const { start, end } = node.label;
      return `${this.#text.slice(node.start, start)}"error"${this.#between(end, node.end, [node.value])}`;
    }
    return this.#around(node, childrenOf(node));
  }

  #around(node: { readonly start: number; readonly end: number }, children: readonly Ast.Node[]): string {
    return this.#between(node.start, node.end, children);
  }

  #between(start: number, end: number, children: readonly Ast.Node[]): string {
    let out = '';
    let last = start;
    for (const child of children) {
      if (child.start < last) continue;
      out += this.#text.slice(last, child.start) + this.#emit(child);
      last = child.end;
    }
    return out + this.#text.slice(last, end);
  }

  #concat(node: Ast.BinaryExpr): string | null {
    const operands = this.#addends(node);
    if (operands === null || operands.length < 2) return null;
    this.applied.add('list-arithmetic');
    return `list.Concat([${operands.map((o) => this.#emit(o)).join(', ')}])`;
  }

  /** The operands of a chain of `+` of which each is a list; null if one is not. */
  #addends(expr: Ast.Expr): readonly Ast.Node[] | null {
    if (expr.type !== 'binary' || expr.op !== '+')
      return isList(expr, this.#lists) ? concatArguments(expr) : null;
    const left = this.#addends(expr.left);
    if (left === null || !isList(expr.right, this.#lists)) return null;
    return [...left, ...concatArguments(expr.right)];
  }

  #repeat(node: Ast.BinaryExpr): string | null {
    const { left, right } = node;
    const leftFirst = isList(left, this.#lists) && isNumeric(right, this.#lists);
    const rightFirst = !leftFirst && isNumeric(left, this.#lists) && isList(right, this.#lists);
    if (!leftFirst && !rightFirst) return null;
    this.applied.add('list-arithmetic');
    const [list, count] = leftFirst ? [left, right] : [right, left];
    return `list.Repeat(${this.#emit(list)}, ${this.#emit(count)})`;
  }
}

/** An operand that is already `list.Concat([…])` gives its elements. */
function concatArguments(expr: Ast.Expr): readonly Ast.Node[] {
  if (expr.type !== 'call' || listFunction(expr) !== 'Concat' || expr.args.length !== 1) return [expr];
  const [argument] = expr.args;
  return argument?.type === 'list' ? argument.elements : [expr];
}

/** `F` of `list.F(…)`. */
function listFunction(expr: Ast.CallExpr): string | null {
  const { callee } = expr;
  if (callee.type !== 'selector' || callee.operand.type !== 'ident' || callee.operand.name !== 'list')
    return null;
  return callee.selector.type === 'ident' ? callee.selector.name : null;
}

function isList(expr: Ast.Expr, lists: ReadonlySet<string>): boolean {
  switch (expr.type) {
    case 'list':
      return true;
    case 'call':
      return listFunction(expr) !== null;
    case 'ident':
      return lists.has(expr.name);
    case 'selector':
      return (
        expr.operand.type === 'ident' &&
        expr.selector.type === 'ident' &&
        lists.has(`${expr.operand.name}.${expr.selector.name}`)
      );
    default:
      return false;
  }
}

function isNumeric(expr: Ast.Expr, lists: ReadonlySet<string>): boolean {
  if (expr.type === 'number') return true;
  if (expr.type === 'ident') return !lists.has(expr.name);
  return expr.type === 'unary' && isNumeric(expr.operand, lists);
}

/** A value that is a list by its syntax, also as one side of a disjunction or under a default mark. */
function isListLiteral(expr: Ast.Expr): boolean {
  if (expr.type === 'list') return true;
  if (expr.type === 'call') return listFunction(expr) !== null;
  if (expr.type === 'binary')
    return expr.op === '|' && (isListLiteral(expr.left) || isListLiteral(expr.right));
  return expr.type === 'unary' && isListLiteral(expr.operand);
}

function isListResult(expr: Ast.Expr, lists: ReadonlySet<string>): boolean {
  if (expr.type === 'call') {
    const name = listFunction(expr);
    return name === 'Concat' || name === 'Repeat';
  }
  if (expr.type !== 'binary') return false;
  const { left, right } = expr;
  if (expr.op === '+') return isList(left, lists) && isList(right, lists);
  if (expr.op !== '*') return false;
  return (isList(left, lists) && isNumeric(right, lists)) || (isNumeric(left, lists) && isList(right, lists));
}

/** Names (`a`) and qualified names (`a.b`) of fields that are lists, found by their declarations alone. */
function listNames(file: Ast.File): ReadonlySet<string> {
  const fields = namedFields(file);
  const lists = new Set<string>();
  for (const field of fields) {
    if (isListLiteral(field.value)) for (const name of field.names) lists.add(name);
  }
  for (let size = -1; size !== lists.size; ) {
    size = lists.size;
    for (const field of fields) {
      if (isListResult(field.value, lists)) for (const name of field.names) lists.add(name);
    }
  }
  return lists;
}

interface NamedField {
  readonly names: readonly string[];
  readonly value: Ast.Expr;
}

/** Every field with an identifier as its label, under its own name and under each path of structs that leads to it. */
function namedFields(file: Ast.File): readonly NamedField[] {
  const found: NamedField[] = [];
  const visit = (node: Ast.Node, prefixes: readonly string[]): void => {
    if (node.type === 'field' && node.label.type === 'ident') {
      const { name } = node.label;
      const names = [name, ...prefixes.map((p) => `${p}.${name}`)];
      found.push({ names, value: node.value });
      const inner = node.value.type === 'struct' ? names : [];
      if (node.value.type === 'struct') for (const decl of node.value.decls) visit(decl, inner);
      else visit(node.value, []);
      return;
    }
    for (const child of childrenOf(node)) visit(child, []);
  };
  for (const decl of file.decls) visit(decl, []);
  return found;
}
