/** Packages that templates import, where what they do does not matter. */
import type { Ast } from '../cue/index.ts';
import { parse } from '../cue/index.ts';
import { childrenOf } from './syntax-children.ts';

/** The files of a package by its import path, or null where there is none. */
export type ImportPackages = (path: string) => readonly Ast.File[] | null;

/** Stands in for the packages that a file imports: whatever the file names of a package exists and is open. */
export function standInPackages(file: Ast.File): ImportPackages {
  return (path) => {
    const spec = file.imports.find((i) => i.path === path);
    if (spec === undefined) return null;
    const name = localName(spec);
    const members = [...membersOf(file, name)].map((member) => `${member}: {...}\n`);
    const parsed = parse({ name: path, text: `package ${name}\n${members.join('')}` });
    return parsed.ok ? [parsed.value] : null;
  };
}

/** `x` for `import x "a/b"`, `c` for `"a/b:c"`, else the path's last part. */
function localName(spec: Ast.ImportSpec): string {
  if (spec.alias !== null) return spec.alias;
  const last = spec.path.split('/').at(-1) ?? spec.path;
  return last.includes(':') ? (last.split(':').at(-1) ?? last) : last;
}

function membersOf(file: Ast.File, name: string): ReadonlySet<string> {
  const members = new Set<string>();
  const visit = (node: Ast.Node): void => {
    if (node.type === 'selector' && node.operand.type === 'ident' && node.operand.name === name) {
      if (node.selector.type === 'ident') members.add(node.selector.name);
    }
    for (const child of childrenOf(node)) visit(child);
  };
  for (const decl of file.decls) visit(decl);
  return members;
}
