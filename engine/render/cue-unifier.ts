/** Unifies what is not concrete, by CUE itself. */
import type { Libraries, Value } from '../cue/index.ts';
import { CueError, compile, parse } from '../cue/index.ts';
import { dataOfTree } from './patch-json.ts';
import { opened, treeOfValue } from './patch-parts.ts';
import { textOfTree } from './patch-text.ts';
import type { OpenNode, PatchNode } from './patch-tree.ts';
import type { Unified, Unifier } from './unify.ts';

export class CueUnifier implements Unifier {
  readonly #libraries: Libraries;

  constructor(libraries: Libraries) {
    this.#libraries = libraries;
  }

  leaves(a: OpenNode, b: OpenNode): Unified {
    const left = openValue(a);
    const right = openValue(b);
    if (left !== null && isTop(left)) return { type: 'node', node: b };
    if (right !== null && isTop(right)) return { type: 'node', node: a };
    const merged =
      (left === null ? filled(right, a) : right === null ? filled(left, b) : null) ?? this.#byText(a, b);
    if (merged === null) return { type: 'undecided' };
    const error = merged.error();
    if (error !== null) return conflict(error);
    const tree = treeOfValue(merged);
    return tree instanceof CueError ? conflict(tree) : { type: 'node', node: tree };
  }

  #byText(a: PatchNode, b: PatchNode): Value | null {
    const parsed = parse({ name: 'patch', text: `merged: ${textOfTree(a)} & ${textOfTree(b)}` });
    const compiled = parsed.ok ? compile([parsed.value], { libraries: this.#libraries }) : null;
    return compiled?.ok ? compiled.value.evaluate().lookup(['merged']) : null;
  }

  /** What an open list asks of its elements up to a length: the list unified with that many times `_`. */
  rest(list: Value, length: number): readonly PatchNode[] | null {
    const parsed = parse({ name: 'rest', text: `[${'_, '.repeat(length)}]` });
    const compiled = parsed.ok ? compile([parsed.value], { libraries: this.#libraries }) : null;
    if (compiled === null || !compiled.ok) return null;
    const tree = treeOfValue(list.unify(compiled.value.evaluate()));
    return tree instanceof CueError || tree.kind !== 'list' ? null : tree.elements;
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
