/** A patch tree as CUE text, for the rare meeting that only CUE can decide. */
import { FINAL_SYNTAX, formatNode, syntaxOf } from '../cue/format.ts';
import { opened } from './patch-parts.ts';
import type { PatchNode, Scalar } from './patch-tree.ts';

/** Defaults and types stay what they are; doc comments and fields that are absent are left out. */
export function textOfTree(tree: PatchNode): string {
  const node = opened(tree);
  switch (node.kind) {
    case 'leaf':
      if (node.scalar !== null) return scalarText(node.scalar);
      return `(${formatNode(syntaxOf(node.value, { ...FINAL_SYNTAX, defaults: false }).expr)})`;
    case 'list': {
      const elements = node.elements.map(textOfTree);
      return `[${(node.open ? [...elements, '...'] : elements).join(', ')}]`;
    }
    case 'struct':
      return `{${node.fields.map((f) => `${JSON.stringify(f.label)}: ${textOfTree(f.value)}`).join(', ')}}`;
    default:
      return node satisfies never;
  }
}

function scalarText(scalar: Scalar): string {
  switch (scalar.type) {
    case 'null':
      return 'null';
    case 'bool':
      return String(scalar.value);
    case 'string':
      return JSON.stringify(scalar.value);
    case 'bytes':
      // Base64 as a text: bytes have no other form in JSON, and hardly ever meet anything.
      return JSON.stringify(scalar.value);
    case 'int':
    case 'float':
      return scalar.text;
    default:
      return scalar satisfies never;
  }
}
