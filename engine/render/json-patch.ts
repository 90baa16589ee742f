/** JSON Patch (RFC 6902) and JSON Merge Patch (RFC 7396), as KubeVela's library applies them (evanphx/json-patch). */
import type { JsonArray, JsonDraft, JsonObject, JsonValue } from '../json.ts';
import { isArray, isObject, jsonEqual, own, put } from '../json.ts';

export type PatchOutcome =
  | { readonly ok: true; readonly value: JsonValue }
  | { readonly ok: false; readonly message: string };

class PatchFailure {
  readonly message: string;
  constructor(message: string) {
    this.message = message;
  }
}

/** Applies the operations in order. The first that fails gives the message; negative indices count from the end. */
export function applyJsonPatch(document: JsonValue, operations: JsonValue): PatchOutcome {
  if (!isArray(operations)) return { ok: false, message: 'the operations of a JSON patch must be a list' };
  let current = document;
  for (const [i, operation] of operations.entries()) {
    const next = isObject(operation)
      ? applyOperation(current, operation)
      : new PatchFailure('an operation must be a map');
    if (next instanceof PatchFailure) return { ok: false, message: `operation ${i}: ${next.message}` };
    current = next;
  }
  return { ok: true, value: current };
}

function applyOperation(document: JsonValue, operation: JsonObject): JsonValue | PatchFailure {
  const op = operation['op'];
  const path = operation['path'];
  if (typeof op !== 'string' || typeof path !== 'string')
    return new PatchFailure('op and path must be strings');
  // An absent value is null.
  const value = operation['value'] ?? null;
  switch (op) {
    case 'add':
      return change(document, path, 'add', value);
    case 'replace':
      return change(document, path, 'replace', value);
    case 'remove':
      return change(document, path, 'remove', null);
    case 'test':
      return test(document, path, value);
    case 'copy':
    case 'move':
      return copyOrMove(document, op, operation['from'], path);
    default:
      return new PatchFailure(`"${op}" is no operation; there are add, remove, replace, move, copy and test`);
  }
}

function copyOrMove(
  document: JsonValue,
  op: 'copy' | 'move',
  from: JsonValue | undefined,
  path: string,
): JsonValue | PatchFailure {
  if (typeof from !== 'string') return new PatchFailure(`${op} needs a from`);
  const value = read(document, from);
  if (value === undefined) return new PatchFailure(`${op}: there is nothing at ${from}`);
  const rest = op === 'move' ? change(document, from, 'remove', null) : document;
  return rest instanceof PatchFailure ? rest : change(rest, path, 'add', value);
}

function test(document: JsonValue, path: string, expected: JsonValue): JsonValue | PatchFailure {
  const value = read(document, path) ?? null;
  return jsonEqual(value, expected) ? document : new PatchFailure(`testing value ${path} failed`);
}

/** What stands before the first slash does not count, as in the library. */
function segmentsOf(path: string): readonly string[] {
  return path
    .split('/')
    .slice(1)
    .map((s) => s.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function read(document: JsonValue, path: string): JsonValue | undefined {
  let here: JsonValue | undefined = document;
  for (const segment of segmentsOf(path)) {
    if (isArray(here)) here = here[indexIn(segment, here.length)];
    else if (isObject(here)) here = own(here, segment);
    else return undefined;
  }
  return here;
}

/** The index a segment means in a list of this length; -1 where it means none. */
function indexIn(segment: string, length: number): number {
  if (!/^-?(?:0|[1-9][0-9]{0,9})$/.test(segment)) return -1;
  const index = Number(segment);
  return index < 0 ? index + length : index;
}

type Change = 'add' | 'replace' | 'remove';

function change(document: JsonValue, path: string, how: Change, value: JsonValue): JsonValue | PatchFailure {
  const segments = segmentsOf(path);
  if (segments.length === 0) {
    return path === '' && how !== 'remove'
      ? value
      : new PatchFailure(`${how}: ${path === '' ? 'the whole document' : path} is no place`);
  }
  return changeAt(document, segments, { path, how, value });
}

interface Request {
  readonly path: string;
  readonly how: Change;
  readonly value: JsonValue;
}

function changeAt(here: JsonValue, segments: readonly string[], request: Request): JsonValue | PatchFailure {
  const [segment = '', ...rest] = segments;
  const { how, path } = request;
  if (isArray(here)) return changeList(here, segment, rest, request);
  if (!isObject(here)) return new PatchFailure(`${how} for path ${path}: the path does not exist`);
  const before = own(here, segment);
  if (rest.length > 0) {
    if (before === undefined) return new PatchFailure(`${how} for path ${path}: the path does not exist`);
    const inner = changeAt(before, rest, request);
    return inner instanceof PatchFailure ? inner : withKey(here, segment, inner);
  }
  // The library takes `replace` of a missing key as `add`.
  if (how === 'remove' && before === undefined)
    return new PatchFailure(`${how} for path ${path}: there is no key ${segment}`);
  return how === 'remove' ? withoutKey(here, segment) : withKey(here, segment, request.value);
}

function changeList(
  here: JsonArray,
  segment: string,
  rest: readonly string[],
  request: Request,
): JsonValue | PatchFailure {
  const { how, path, value } = request;
  const last = rest.length === 0;
  if (last && how === 'add') {
    const index = segment === '-' ? here.length : indexIn(segment, here.length + 1);
    if (index < 0 || index > here.length)
      return new PatchFailure(`add for path ${path}: the index is out of bounds`);
    return here.toSpliced(index, 0, value);
  }
  const index = indexIn(segment, here.length);
  const before = here[index];
  if (before === undefined) return new PatchFailure(`${how} for path ${path}: the index is out of bounds`);
  if (last) return how === 'remove' ? here.toSpliced(index, 1) : here.with(index, value);
  const inner = changeAt(before, rest, request);
  return inner instanceof PatchFailure ? inner : here.with(index, inner);
}

function withKey(object: JsonObject, key: string, value: JsonValue): JsonObject {
  const out: JsonDraft = { ...object };
  put(out, key, value);
  return out;
}

function withoutKey(object: JsonObject, key: string): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([k]) => k !== key));
}

/** A null removes, maps merge, anything else replaces. */
export function applyMergePatch(document: JsonValue, patch: JsonValue): JsonValue {
  if (!isObject(patch)) return patch;
  if (!isObject(document)) return pruneNulls(patch);
  const out: JsonDraft = { ...document };
  for (const [key, value] of Object.entries(patch)) {
    const before = own(out, key);
    if (value === null) delete out[key];
    else if (before === undefined || before === null) put(out, key, pruneNulls(value));
    else put(out, key, isObject(before) ? applyMergePatch(before, value) : pruneNulls(value));
  }
  return out;
}

/** Maps lose their nulls, also inside lists; a null that is an element stays. */
function pruneNulls(value: JsonValue): JsonValue {
  if (isArray(value)) return value.map((v) => (v === null ? null : pruneNulls(v)));
  if (!isObject(value)) return value;
  const out: JsonDraft = {};
  for (const [key, v] of Object.entries(value)) if (v !== null) put(out, key, pruneNulls(v));
  return out;
}
