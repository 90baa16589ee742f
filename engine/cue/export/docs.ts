/** The doc comments of a vertex, from all its declarations, as CUE's Doc() gives them. */
import { TAG_STRUCT } from '../eval/tag.ts';
import type { Vertex } from '../eval/value.ts';
import type { CommentGroup, File, NodeBase } from '../syntax/ast.ts';

/** Each group once; groups of the same text count as the same. */
export function docsOf(vertex: Vertex): readonly CommentGroup[] {
  const found: CommentGroup[] = [];
  const texts = new Set<string>();
  function add(groups: readonly CommentGroup[]): void {
    for (const group of groups) {
      const text = docText(group);
      if (texts.has(text)) continue;
      texts.add(text);
      found.push(group);
    }
  }
  for (const { field, expr } of vertex.conjuncts) {
    if (field !== null) {
      if ('notes' in field && field.notes !== null) add(field.notes.docs);
    } else if (expr.tag === TAG_STRUCT && expr.isFile && isFile(expr.place.node))
      add(fileDocs(expr.place.node));
  }
  return found;
}

function isFile(node: NodeBase): node is File {
  return 'type' in node && node.type === 'file';
}

/** The comments that say what a file is about: those of its package clause, or else its first. */
function fileDocs(file: File): readonly CommentGroup[] {
  const clause = file.preamble.find((decl) => decl.type === 'package');
  const own = (file.comments ?? []).filter((group) => group.place === 'doc');
  const docs = [...(clause?.comments ?? []), ...own];
  if (clause !== undefined || docs.length > 0) return docs;
  return (file.comments ?? []).slice(0, 1);
}

/** A comment's text: without the blank that most lines begin with, and with at most one empty line in a row. */
export function docText(group: CommentGroup): string {
  const lines = group.lines.map((line) => (line.startsWith(' ') ? line.slice(1) : line).trimEnd());
  return lines
    .join('\n')
    .replace(/^\n+|\n+$/g, '')
    .replace(/\n{3,}/g, '\n\n');
}
