/** Which parts of `context` a template reads, so that only those are handed to it. */
import type { Ast } from '../cue/index.ts';
import { childrenOf } from '../definitions/syntax-children.ts';

/** All of a value, or the fields of it that are read, in byte order, each with what is read of it. */
export type ContextUse = 'all' | ReadonlyMap<string, ContextUse>;

type Draft = Map<string, Draft | 'all'>;

/**
 * The paths behind `context.` (or in `context["…"]`) in the whole file; `all` where `context` is used in another
 * way (ranged over, passed to a function, declared by the template), which may read everything.
 */
export function contextUse(file: Ast.File): ContextUse {
  const uses: Draft = new Map();
  return file.decls.every((decl) => collect(decl, uses)) ? inOrder(uses) : 'all';
}

function inOrder(uses: Draft): ContextUse {
  const entries = [...uses].sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(entries.map(([name, use]) => [name, use === 'all' ? use : inOrder(use)]));
}

function collect(node: Ast.Node, uses: Draft): boolean {
  if (node.type === 'ident') return node.name !== 'context';
  const path = pathInContext(node);
  if (path !== null) {
    add(path, uses);
    return true;
  }
  // A selector's name is no reference.
  const children = node.type === 'selector' ? [node.operand] : childrenOf(node);
  return children.every((child) => collect(child, uses));
}

function add(path: readonly string[], uses: Draft): void {
  let here = uses;
  for (const [i, name] of path.entries()) {
    const known = here.get(name);
    if (known === 'all') return;
    if (i === path.length - 1) {
      here.set(name, 'all');
      return;
    }
    const next: Draft = known ?? new Map();
    here.set(name, next);
    here = next;
  }
}

/** The names behind `context`, as many as are written out; null for what is no part of it. */
function pathInContext(node: Ast.Node): readonly string[] | null {
  const path: string[] = [];
  let here: Ast.Node = node;
  while (here.type === 'selector' || here.type === 'index') {
    const name = nameIn(here);
    if (name === null) return null;
    path.unshift(name);
    here = here.operand;
  }
  return path.length > 0 && here.type === 'ident' && here.name === 'context' ? path : null;
}

function nameIn(node: Ast.SelectorExpr | Ast.IndexExpr): string | null {
  const name = node.type === 'selector' ? node.selector : node.index;
  if (node.type === 'selector' && name.type === 'ident') return name.name;
  return name.type === 'string' ? name.value : null;
}
