/**
 * Lines the elements of a patch's list up with those of the base's by a key (sets/operation.go listMergeProcess).
 * The behaviour is KubeVela's to the letter, also where it surprises: elements of the patch without the key are
 * dropped; elements of the base without it leave no place; of several keys each is matched on its own and the
 * passes append one behind the other; a key that is no literal leaves the list as it was.
 */
import { lookUp } from './patch-parts.ts';
import type { ListNode, PatchNode } from './patch-tree.ts';
import { emptyStruct } from './patch-tree.ts';

/**
 * @param keys one key, or several divided by commas; each may be a dotted path
 * @param retain a matched element of the base is emptied, so that the patch's stands alone
 */
export function mergeListByKey(base: ListNode, patch: ListNode, keys: string, retain: boolean): void {
  const unmatched = new Map<string, PatchNode>();
  const lined: PatchNode[] = [];
  for (const key of keys.split(',')) {
    const path = key.split('.');
    const indexed = indexByKey(patch, key, path, unmatched);
    if (indexed === 'not-literal') return;
    if (indexed === 'none') {
      if (patch.elements.length === 0 && !patch.open) continue;
      return;
    }
    if (!lineUp({ base, key, path, retain }, unmatched, lined)) return;
  }
  const left = new Set(unmatched.values());
  patch.elements = [...lined, ...patch.elements.filter((element) => left.has(element))];
  patch.open = true;
  patch.rest = null;
}

function indexByKey(
  patch: ListNode,
  key: string,
  path: readonly string[],
  into: Map<string, PatchNode>,
): 'indexed' | 'none' | 'not-literal' {
  let found = false;
  for (const element of patch.elements) {
    const value = lookUp(element, path);
    if (value === null) continue;
    found = true;
    if (value.kind !== 'leaf' || value.literal === null) return 'not-literal';
    into.set(`${key}\n${value.literal}`, element);
  }
  return found ? 'indexed' : 'none';
}

interface LineUp {
  readonly base: ListNode;
  readonly key: string;
  readonly path: readonly string[];
  readonly retain: boolean;
}

/** False where an element of the base has a key that is no literal: then the patch stays as it is. */
function lineUp(
  { base, key, path, retain }: LineUp,
  unmatched: Map<string, PatchNode>,
  lined: PatchNode[],
): boolean {
  for (const [i, element] of base.elements.entries()) {
    const value = lookUp(element, path);
    if (value === null) continue;
    if (value.kind !== 'leaf' || value.literal === null) return false;
    const name = `${key}\n${value.literal}`;
    const match = unmatched.get(name);
    if (match === undefined) {
      lined.push(emptyStruct());
      continue;
    }
    if (retain) base.elements[i] = emptyStruct();
    lined.push(match);
    unmatched.delete(name);
  }
  return true;
}
