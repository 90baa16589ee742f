/**
 * An object on its way from template to manifest: a CUE value, taken apart where traits patch it. Defaults survive
 * patches (`replicas: *1 | int` gives way to a patch); the JSON takes them.
 */
import type { Data, Value } from '../cue/index.ts';
import { CueError } from '../cue/index.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { isObject } from '../json.ts';
import type { ContextUse } from './context-use.ts';
import type { PatchOutcome } from './json-patch.ts';
import { applyJsonPatch, applyMergePatch } from './json-patch.ts';
import { dataOfTree, inexactNumber, jsonOfTree, newReading } from './patch-json.ts';
import { jsonTree, opened, treeOfValue, wholeOf } from './patch-parts.ts';
import { textOfTree } from './patch-text.ts';
import type { OpenNode, PatchNode } from './patch-tree.ts';
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

/**
 * `value`: unpatched, and nobody has looked whether it is concrete. `concrete`: it is, throughout and with its
 * defaults. `patched`: a patch may have brought in what is not concrete.
 */
type State = 'value' | 'concrete' | 'patched';

export class Manifest {
  readonly #value: Value;
  #tree: PatchNode;
  #state: State;
  /** There were numbers that may be too large for JavaScript. */
  #large = false;

  /** @param concrete the value is known to be concrete with its defaults, and free of errors */
  constructor(value: Value, concrete = false) {
    this.#value = value;
    this.#tree = wholeOf(value, false);
    this.#state = concrete ? 'concrete' : 'value';
  }

  /** The JSON, with defaults taken, or what is not concrete. */
  json(): JsonValue | CueError {
    const reading = newReading();
    const json = jsonOfTree(this.#tree, reading);
    this.#large ||= reading.large;
    return json;
  }

  /** What keeps the object from being printed; null for nothing. */
  unprintable(): CueError | null {
    if (this.#isConcrete()) return null;
    const json = this.json();
    return json instanceof CueError ? json : null;
  }

  #isConcrete(): boolean {
    if (this.#state === 'value' && this.#value.validate({ concrete: true, final: true }) === null)
      this.#state = 'concrete';
    return this.#state === 'concrete';
  }

  /** What `use` names of the object, for other templates. */
  data(use: ContextUse): Data | CueError {
    return dataOfTree(this.#tree, use);
  }

  /** The finished object: concrete, with a kind. */
  finished(): JsonObject | ManifestError {
    if (this.#state === 'value' && !this.#isConcrete()) {
      const error = this.#value.error() ?? this.#value.validate({ concrete: true, final: true });
      if (error !== null) return new ManifestError(error.message, error);
    }
    const json = this.json();
    if (json instanceof CueError) return new ManifestError(json.message, json);
    if (!isObject(json)) return new ManifestError('the object is not a map');
    const kind = json['kind'];
    if (typeof kind !== 'string' || kind === '') return new ManifestError("Object 'Kind' is missing");
    const inexact = this.#large ? inexactNumber(this.#tree) : null;
    if (inexact !== null)
      return new ManifestError(`the number ${inexact} cannot be delivered with all its digits`);
    return json;
  }

  /** The object as CUE text. */
  text(): string {
    return textOfTree(this.#tree);
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
    apply: (document: PatchNode, patch: PatchNode) => PatchOutcome,
  ): ManifestError | null {
    const document = jsonTree(this.#tree);
    if (document instanceof CueError) return new ManifestError(document.message, document);
    const operations = jsonTree(wholeOf(patch, false));
    if (operations instanceof CueError) return new ManifestError(operations.message, operations);
    const patched = apply(document, operations);
    if (!patched.ok) return new ManifestError(patched.message);
    this.#tree = patched.value;
    this.#state = 'concrete';
    return null;
  }

  #byUnification(patch: Value, unifier: Unifier): ManifestError | null {
    const tree = treeOfValue(patch);
    if (tree instanceof CueError) return new ManifestError(tree.message, tree);
    const base = this.#base();
    if (base instanceof CueError) return new ManifestError(base.message, base);
    if (base.kind === 'struct' && tree.kind === 'struct') {
      openLists(base);
      prepareByStrategy(base, tree);
    }
    const merged = unify(base, tree, unifier);
    if (merged.type === 'node') {
      this.#tree = merged.node;
      if (this.#state === 'value' || !isConcrete(tree)) this.#state = 'patched';
      return null;
    }
    // What a failed patch has changed in place is taken apart anew.
    if (this.#tree.kind === 'whole') this.#tree.parts = null;
    // A budget that was spent on the way shows as anything.
    const error = this.#value.error();
    if (error?.code === 'budget') return new ManifestError(error.message, error);
    if (merged.type === 'undecided') return new ManifestError('two values that are not concrete meet');
    return new ManifestError(`${merged.path.join('.')}: ${merged.message}`);
  }

  /**
   * The tree for a patch to go into. A concrete value is taken apart where the patch meets it, any other throughout,
   * since its parts may have errors.
   */
  #base(): OpenNode | CueError {
    if (this.#state === 'value' && !this.#isConcrete()) return treeOfValue(this.#value);
    return opened(this.#tree);
  }
}

/** Whether nothing in a tree is left open: no type, and no default that could give way. */
function isConcrete(tree: PatchNode): boolean {
  const node = opened(tree);
  if (node.kind === 'leaf') return node.scalar !== null;
  return node.kind === 'list'
    ? node.elements.every(isConcrete)
    : node.fields.every(({ value }) => isConcrete(value));
}
