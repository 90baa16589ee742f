/** Patch trees for tests: from JSON and back. */
import assert from 'node:assert/strict';
import { CueError } from '../../../engine/cue/index.ts';
import type { JsonValue } from '../../../engine/json.ts';
import { isArray, isObject } from '../../../engine/json.ts';
import { jsonOfTree } from '../../../engine/render/patch-json.ts';
import type { PatchNode, Tags } from '../../../engine/render/patch-tree.ts';
import { noTags, scalarLeaf } from '../../../engine/render/patch-tree.ts';
import { tagsOf } from '../../../engine/render/tags.ts';

/** JSON as a tree; a key `"//name"` holds the doc comment of the field `name`. */
export function treeOf(value: JsonValue): PatchNode {
  if (isArray(value)) return { kind: 'list', elements: value.map(treeOf), open: false, rest: null };
  if (!isObject(value)) {
    if (value === null) return scalarLeaf({ type: 'null' });
    if (typeof value === 'boolean') return scalarLeaf({ type: 'bool', value });
    if (typeof value === 'string') return scalarLeaf({ type: 'string', value });
    return scalarLeaf({ type: Number.isInteger(value) ? 'int' : 'float', text: String(value) });
  }
  const tags = (name: string): Tags =>
    typeof value[`//${name}`] === 'string' ? tagsOf([value[`//${name}`] as string]) : noTags;
  const fields = Object.entries(value).filter(([name]) => !name.startsWith('//'));
  return {
    kind: 'struct',
    fields: fields.map(([label, v]) => ({ label, value: treeOf(v), tags: tags(label) })),
    optional: new Map(),
  };
}

export function jsonOf(node: PatchNode): JsonValue {
  const value = jsonOfTree(node);
  assert.ok(!(value instanceof CueError));
  return value;
}
