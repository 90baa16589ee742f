/**
 * Prepares base and patch for unification, as the patch's markers ask (sets/operation.go strategyPatchHandle): a
 * list with a `patchKey` is lined up with the base's, `patchStrategy=replace` puts the patch's list into the base,
 * `retainKeys` puts the patch's value into the base.
 */
import { mergeListByKey } from './list-merge.ts';
import { lookUp } from './patch-parts.ts';
import type { PatchField, PatchNode, StructNode } from './patch-tree.ts';
import { fieldOf } from './patch-tree.ts';

/** Changes both trees in place. The top of either is a struct. */
export function prepareByStrategy(base: StructNode, patch: StructNode): void {
  new Walk(base).struct(patch, [], undefined);
}

/**
 * Every field's list in the base gets room for more elements. Lists directly inside lists do not. Whole nodes have
 * seen to that themselves.
 */
export function openLists(node: PatchNode): void {
  if (node.kind === 'list') node.elements.forEach(openLists);
  if (node.kind !== 'struct') return;
  for (const field of node.fields) {
    if (field.value.kind === 'list') field.value.open = true;
    openLists(field.value);
  }
}

class Walk {
  readonly #base: StructNode;

  constructor(base: StructNode) {
    this.#base = base;
  }

  /** `inherited` is the patchKey of the nearest field above that has one. */
  struct(node: StructNode, path: readonly (string | number)[], inherited: string | undefined): void {
    for (const field of node.fields) {
      this.#prepare(field, path, inherited);
      if (field.label.startsWith('#')) continue;
      this.#descend(field.value, [...path, field.label], field.tags.get('patchKey') ?? inherited);
    }
  }

  #descend(node: PatchNode, path: readonly (string | number)[], inherited: string | undefined): void {
    if (node.kind === 'struct') this.struct(node, path, inherited);
    // The indices are those of the list as it is now, lined up with the base.
    if (node.kind === 'list')
      for (const [i, element] of node.elements.entries()) this.#descend(element, [...path, i], inherited);
  }

  #prepare(field: PatchField, path: readonly (string | number)[], inherited: string | undefined): void {
    const strategy = field.tags.get('patchStrategy');
    if (field.value.kind !== 'list') {
      if (strategy === 'retainKeys') this.#retain(field, path);
      return;
    }
    const baseList = lookUp(this.#base, [...path, field.label]);
    if (baseList === null || baseList.kind !== 'list') return;
    const key = field.tags.get('patchKey') ?? inherited ?? '';
    if (strategy === 'replace') {
      baseList.elements = field.value.elements;
      baseList.open = field.value.open;
      baseList.rest = field.value.rest;
    } else if (key !== '') {
      mergeListByKey(baseList, field.value, key, strategy === 'retainKeys');
    }
  }

  #retain(field: PatchField, path: readonly (string | number)[]): void {
    const holder = lookUp(this.#base, path);
    if (holder === null || holder.kind !== 'struct') return;
    const target = fieldOf(holder, field.label);
    if (target !== undefined) target.value = field.value;
    // A declared field becomes the patch's value too, so it asks for nothing any more.
    else if (holder.optional.has(field.label)) {
      holder.optional = new Map([...holder.optional].filter(([label]) => label !== field.label));
    }
  }
}
