/** Patch trees from and to JSON, and to CUE syntax where only CUE can tell how they unify. */
import type * as Ast from '../cue/syntax/ast.ts';
import type { JsonDraft, JsonValue } from '../json.ts';
import { isArray, isObject, put } from '../json.ts';
import type { PatchNode, Scalar } from './patch-tree.ts';
import { noTags, scalarLeaf } from './patch-tree.ts';

/** A tree whose structs and lists, as fields' values, stay open: what KubeVela makes of a JSON patch's result. */
export function treeOfJson(value: JsonValue): PatchNode {
  if (isArray(value)) return { kind: 'list', elements: value.map(treeOfJson), open: true };
  if (!isObject(value)) return scalarLeaf(scalarOf(value));
  const fields = Object.entries(value).map(([label, v]) => ({ label, value: treeOfJson(v), tags: noTags }));
  return { kind: 'struct', fields, closed: false };
}

function scalarOf(value: null | boolean | number | string): Scalar {
  if (value === null) return { type: 'null' };
  if (typeof value === 'boolean') return { type: 'bool', value };
  if (typeof value === 'string') return { type: 'string', value };
  const text = JSON.stringify(value);
  return { type: /[.e]/.test(text) ? 'float' : 'int', text };
}

/** The JSON of a tree of concrete values; null where a leaf is not concrete. */
export function jsonOfTree(node: PatchNode): { readonly value: JsonValue } | null {
  switch (node.kind) {
    case 'leaf':
      return node.scalar === null ? null : { value: jsonOfScalar(node.scalar) };
    case 'list': {
      const out: JsonValue[] = [];
      for (const element of node.elements) {
        const value = jsonOfTree(element);
        if (value === null) return null;
        out.push(value.value);
      }
      return { value: out };
    }
    case 'struct': {
      const out: JsonDraft = {};
      for (const field of node.fields) {
        const value = jsonOfTree(field.value);
        if (value === null) return null;
        put(out, field.label, value.value);
      }
      return { value: out };
    }
    default:
      return node satisfies never;
  }
}

export function jsonOfScalar(scalar: Scalar): JsonValue {
  switch (scalar.type) {
    case 'null':
      return null;
    case 'bool':
    case 'string':
    case 'bytes':
      return scalar.value;
    case 'int':
    case 'float':
      return Number(scalar.text);
    default:
      return scalar satisfies never;
  }
}

const nowhere = { start: 0, end: 0 } as const;

/** The tree as CUE. */
export function syntaxOfTree(node: PatchNode): Ast.Expr {
  switch (node.kind) {
    case 'leaf':
      return node.expr ?? scalarSyntax(node.scalar as Scalar);
    case 'list': {
      const elements: (Ast.Expr | Ast.Ellipsis)[] = node.elements.map(syntaxOfTree);
      if (node.open) elements.push({ type: 'ellipsis', value: null, ...nowhere });
      return { type: 'list', elements, ...nowhere };
    }
    case 'struct': {
      const decls: Ast.Decl[] = node.fields.map((f) => ({
        type: 'field',
        alias: null,
        label: stringSyntax(f.label),
        constraint: 'regular',
        value: syntaxOfTree(f.value),
        attributes: [],
        ...nowhere,
      }));
      const struct: Ast.StructLit = { type: 'struct', decls, chained: false, ...nowhere };
      if (!node.closed) return struct;
      return { type: 'call', callee: { type: 'ident', name: 'close', ...nowhere }, args: [struct], ...nowhere };
    }
    default:
      return node satisfies never;
  }
}

function stringSyntax(value: string): Ast.StringLit {
  return { type: 'string', value, raw: JSON.stringify(value), quote: { hashes: 0, multiline: false }, ...nowhere };
}

function scalarSyntax(scalar: Scalar): Ast.Expr {
  switch (scalar.type) {
    case 'null':
      return { type: 'null', ...nowhere };
    case 'bool':
      return { type: 'bool', value: scalar.value, ...nowhere };
    case 'string':
      return stringSyntax(scalar.value);
    case 'bytes':
      return stringSyntax(scalar.value);
    case 'int':
    case 'float': {
      const raw = scalar.text.replace(/^-/, '');
      const number: Ast.NumberLit = { type: 'number', raw, ...nowhere };
      return raw === scalar.text ? number : { type: 'unary', op: '-', operand: number, ...nowhere };
    }
    default:
      return scalar satisfies never;
  }
}
