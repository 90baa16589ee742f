/**
 * An object on its way from template to manifest: a CUE value until a trait patches it, a patch tree from then on.
 * Defaults survive patches (`replicas: *1 | int` gives way to a patch); the JSON takes them.
 */
import type { Value } from '../cue/index.ts';
import { CueError } from '../cue/index.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { isObject } from '../json.ts';
import { applyJsonPatch, applyMergePatch } from './json-patch.ts';
import { textOfTree } from './patch-text.ts';
import type { PatchNode } from './patch-tree.ts';
import { jsonOfTree, jsonOfValue, treeOfJson, treeOfValue } from './patch-value.ts';
import { openLists, prepareByStrategy } from './strategy.ts';
import { tagsOf } from './tags.ts';
import type { Unifier } from './unify.ts';
import { unify } from './unify.ts';

/** Why an object could not be patched or printed. */
export class ManifestError {
  readonly message: string;
  readonly cause: CueError | null;
  constructor(message: string, cause: CueError | null = null) {
    this.message = message;
    this.cause = cause;
  }
}

export class Manifest {
  #state:
    | { readonly type: 'value'; readonly value: Value }
    | { readonly type: 'tree'; readonly tree: PatchNode };
  #json: JsonValue | CueError | null = null;

  constructor(value: Value) {
    this.#state = { type: 'value', value };
  }

  /** The JSON, with defaults taken, or what is not concrete. */
  json(): JsonValue | CueError {
    this.#json ??=
      this.#state.type === 'value' ? jsonOfValue(this.#state.value) : jsonOfTree(this.#state.tree);
    return this.#json;
  }

  /** The finished object: concrete, with a kind. */
  finished(): JsonObject | ManifestError {
    if (this.#state.type === 'value') {
      const { value } = this.#state;
      const error = value.error() ?? value.validate({ concrete: true, final: true });
      if (error !== null) return new ManifestError(error.message, error);
    }
    const json = this.json();
    if (json instanceof CueError) return new ManifestError(json.message, json);
    if (!isObject(json)) return new ManifestError('the object is not a map');
    const kind = json['kind'];
    if (typeof kind !== 'string' || kind === '') return new ManifestError("Object 'Kind' is missing");
    return json;
  }

  /** The object as CUE text. */
  text(): string | CueError {
    const tree = this.#state.type === 'value' ? treeOfValue(this.#state.value) : this.#state.tree;
    return tree instanceof CueError ? tree : textOfTree(tree);
  }

  /** Patches the object, as the patch's markers ask. Null when it went well. */
  patch(patch: Value, strategies: 'all' | 'default', unifier: Unifier): ManifestError | null {
    const strategy =
      strategies === 'all' ? tagsOf(patch.docs().flatMap((d) => d.lines)).get('patchStrategy') : undefined;
    if (strategy === 'jsonPatch') return this.#byJson(patch.lookup(['operations']), applyJsonPatch);
    if (strategy === 'jsonMergePatch') {
      return this.#byJson(patch, (document, merge) => ({
        ok: true,
        value: applyMergePatch(document, merge),
      }));
    }
    return this.#byUnification(patch, unifier);
  }

  #byJson(
    patch: Value,
    apply: (
      document: JsonValue,
      patch: JsonValue,
    ) => { ok: true; value: JsonValue } | { ok: false; message: string },
  ): ManifestError | null {
    const document = this.json();
    if (document instanceof CueError) return new ManifestError(document.message, document);
    const operations = jsonOfValue(patch);
    if (operations instanceof CueError) return new ManifestError(operations.message, operations);
    const patched = apply(document, operations);
    if (!patched.ok) return new ManifestError(patched.message);
    this.#become(treeOfJson(patched.value));
    return null;
  }

  #byUnification(patch: Value, unifier: Unifier): ManifestError | null {
    const base = this.#state.type === 'value' ? treeOfValue(this.#state.value) : this.#state.tree;
    if (base instanceof CueError) return new ManifestError(base.message, base);
    const tree = treeOfValue(patch);
    if (tree instanceof CueError) return new ManifestError(tree.message, tree);
    if (base.kind === 'struct' && tree.kind === 'struct') {
      openLists(base);
      prepareByStrategy(base, tree);
    }
    const merged = unify(base, tree, unifier);
    if (merged.type === 'node') {
      this.#become(merged.node);
      return null;
    }
    if (merged.type === 'undecided') return new ManifestError('two values that are not concrete meet');
    return new ManifestError(`${merged.path.join('.')}: ${merged.message}`);
  }

  #become(tree: PatchNode): void {
    this.#state = { type: 'tree', tree };
    this.#json = null;
  }
}
