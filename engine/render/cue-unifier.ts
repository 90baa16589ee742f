/** Unifies what is not concrete, by CUE itself. */
import type { Value } from '../cue/index.ts';
import { CueError, compile, parse } from '../cue/index.ts';
import { dataOfTree } from './patch-json.ts';
import { opened, treeOfValue } from './patch-parts.ts';
import { textOfTree } from './patch-text.ts';
import type { OpenNode, PatchNode } from './patch-tree.ts';
import type { TemplateCache } from './template-cache.ts';
import type { Unified, Unifier } from './unify.ts';

export class CueUnifier implements Unifier {
  readonly #cache: TemplateCache;

  constructor(cache: TemplateCache) {
    this.#cache = cache;
  }

  leaves(a: OpenNode, b: OpenNode): Unified {
    const left = openValue(a);
    const right = openValue(b);
    if (left !== null && isTop(left)) return { type: 'node', node: b };
    if (right !== null && isTop(right)) return { type: 'node', node: a };
    const quick = left === null ? filled(right, a) : right === null ? filled(left, b) : null;
    // Data has no text to be quoted in a message.
    const merged = quick === null || quick.error() !== null ? this.#byText(a, b) : quick;
    if (merged === null) return { type: 'undecided' };
    const error = merged.error();
    if (error !== null) return conflict(error);
    const tree = treeOfValue(merged);
    return tree instanceof CueError ? conflict(tree) : { type: 'node', node: tree };
  }

  #byText(a: PatchNode, b: PatchNode): Value | null {
    const parsed = parse({ name: 'patch', text: `merged: ${textOfTree(a)} & ${textOfTree(b)}` });
    const compiled = parsed.ok ? compile([parsed.value], { libraries: this.#cache.libraries }) : null;
    return compiled?.ok ? compiled.value.evaluate().lookup(['merged']) : null;
  }

  /** The list unified with one that is as long and says nothing about its elements. */
  rest(list: Value, from: number, to: number): readonly PatchNode[] | null {
    const top = this.#cache.get({ text: '_', source: 'rest', line: 1 });
    if (!top.ok) return null;
    const elements = list.fill([to - 1], top.template.evaluate()).elements();
    if (elements === null) return null;
    const nodes: PatchNode[] = [];
    for (const element of elements.slice(from, to)) {
      const tree = treeOfValue(element);
      if (tree instanceof CueError) return null;
      nodes.push(tree);
    }
    return nodes;
  }
}

function conflict(error: CueError): Unified {
  return { type: 'conflict', path: [], message: error.diagnostics[0]?.message ?? error.message };
}

/** `_`: it asks for nothing. */
function isTop(value: Value): boolean {
  return value.incompleteKind() === '_' && value.default() === null;
}

function openValue(node: OpenNode): Value | null {
  return node.kind === 'leaf' && node.scalar === null ? node.value : null;
}

/** A value unified with concrete data; null where the other side is open in some part. */
function filled(value: Value | null, node: PatchNode): Value | null {
  if (value === null || isOpen(node)) return null;
  const data = dataOfTree(node);
  return data instanceof CueError ? null : value.fill([], data);
}

/** Whether data cannot stand for the node: it is not concrete somewhere, or may have more elements. */
function isOpen(tree: PatchNode): boolean {
  const node = opened(tree);
  if (node.kind === 'leaf') return node.scalar === null;
  if (node.kind === 'list') return node.open || node.elements.some(isOpen);
  return node.fields.some((field) => isOpen(field.value));
}
