/** Finds the quoted labels that may lose their quotes without a reference changing its meaning (`cue fmt -s`). */
import type * as Ast from './ast.ts';
import { isDefinitionOrHidden, isIdentifier } from './quote.ts';

type LabelLiteral = Ast.StringLit | Ast.BytesLit;

/** The names declared in a struct: true as long as nothing refers to them. */
interface Scope {
  readonly outer: Scope | null;
  readonly free: Map<string, boolean>;
}

/** The literals among the labels below a node that may be printed as identifiers. */
export function findPlainLabels(root: Ast.File | Ast.Expr | Ast.Decl): ReadonlyMap<LabelLiteral, string> {
  const finder = new Finder();
  if (root.type === 'file') finder.decls(root.decls, null);
  else finder.walk(root, { outer: null, free: new Map() });
  return finder.plain;
}

/** The name that a quoted label would have as an identifier; null if it has none. */
function plainName(label: LabelLiteral): string | null {
  const { quote, raw } = label;
  if (quote.hashes > 0 || quote.multiline) return null;
  const name = label.type === 'string' ? label.value : raw.slice(1, -1);
  if (label.type === 'bytes' && [...name].length !== 1) return null;
  return isIdentifier(name) && !isDefinitionOrHidden(name) ? name : null;
}

class Finder {
  readonly plain = new Map<LabelLiteral, string>();

  decls(decls: readonly Ast.Decl[], outer: Scope | null): void {
    const scope: Scope = { outer, free: new Map() };
    const candidates: { readonly label: LabelLiteral; readonly name: string }[] = [];
    for (const decl of decls) {
      if (decl.type !== 'field') continue;
      const { alias, label } = decl;
      if (alias !== null) scope.free.set(alias.name, true);
      this.#bind(label, scope);
      if (alias !== null || (label.type !== 'string' && label.type !== 'bytes')) continue;
      const name = plainName(label);
      if (name !== null) candidates.push({ label, name });
    }
    for (const decl of decls) this.walk(decl.type === 'field' ? decl.value : decl, scope);
    for (const { label, name } of candidates) if (scope.free.get(name) === true) this.plain.set(label, name);
  }

  #bind(label: Ast.Label | Ast.Expr, scope: Scope): void {
    if (label.type === 'ident') scope.free.set(label.name, true);
    else if (label.type === 'paren') this.#bind(label.inner, scope);
    else if (label.type === 'string' || label.type === 'bytes') {
      const name = plainName(label);
      if (name !== null) scope.free.set(name, true);
    }
  }

  /** Marks every name that is referred to. */
  walk(root: object, scope: Scope): void {
    const open: unknown[] = [root];
    while (open.length > 0) {
      const node = open.pop();
      if (typeof node !== 'object' || node === null || node instanceof Uint8Array) continue;
      if (Array.isArray(node)) open.push(...node);
      else if (isNode(node)) this.#visit(node, scope, open);
    }
  }

  #visit(node: Ast.Node, scope: Scope, open: unknown[]): void {
    switch (node.type) {
      case 'struct':
        this.decls(node.decls, scope);
        return;
      case 'selector':
        open.push(node.operand);
        return;
      case 'ident':
        for (let at: Scope | null = scope; at !== null; at = at.outer) {
          if (!at.free.has(node.name)) continue;
          at.free.set(node.name, false);
          return;
        }
        return;
      default:
        for (const [key, value] of Object.entries(node)) if (key !== 'comments') open.push(value);
    }
  }
}

function isNode(value: object): value is Ast.Node {
  return 'type' in value;
}
