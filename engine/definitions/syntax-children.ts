/** Walking a CUE syntax tree without knowing every kind of node. */
import type { Ast } from '../cue/index.ts';

/** The nodes directly below a node, in the order of the text. */
export function childrenOf(node: Ast.Node): readonly Ast.Node[] {
  const children: Ast.Node[] = [];
  for (const [key, value] of Object.entries(node)) {
    if (key === 'comments' || key === 'quote') continue;
    for (const item of Array.isArray(value) ? value : [value]) {
      // Everything of a node that is an object with a type and a place is a node.
      if (typeof item === 'object' && item !== null && 'type' in item && 'start' in item)
        children.push(item as Ast.Node);
    }
  }
  return children.sort((a, b) => a.start - b.start);
}
