/** Which parts of `context` a template reads, so that only those are handed to it. */
import type { Ast } from '../cue/index.ts';
import { childrenOf } from '../definitions/syntax-children.ts';

/**
 * The names behind `context.` (or in `context["…"]`) in the whole file; null where `context` is used in another
 * way (ranged over, passed to a function, declared by the template), which may read everything.
 */
export function contextNames(file: Ast.File): ReadonlySet<string> | null {
  const names = new Set<string>();
  return file.decls.every((decl) => collect(decl, names)) ? names : null;
}

function collect(node: Ast.Node, names: Set<string>): boolean {
  if (node.type === 'ident') return node.name !== 'context';
  const member = memberOfContext(node);
  if (member !== null) {
    names.add(member);
    return true;
  }
  // A selector's name is no reference.
  const children = node.type === 'selector' ? [node.operand] : childrenOf(node);
  return children.every((child) => collect(child, names));
}

function memberOfContext(node: Ast.Node): string | null {
  if (node.type === 'selector' && isContext(node.operand)) {
    if (node.selector.type === 'ident') return node.selector.name;
    return node.selector.type === 'string' ? node.selector.value : null;
  }
  if (node.type === 'index' && isContext(node.operand) && node.index.type === 'string')
    return node.index.value;
  return null;
}

function isContext(expr: Ast.Expr): boolean {
  return expr.type === 'ident' && expr.name === 'context';
}
