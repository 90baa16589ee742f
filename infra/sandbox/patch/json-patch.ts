// RFC 6902 on JSON values.

import { copyJson, equalJson, isObject, type Json, type JsonObject, setKey, stringOf } from '../json.ts';

export type Patched =
  | { readonly ok: true; readonly value: Json }
  | { readonly ok: false; readonly message: string };

class Refused extends Error {}

/** Applies every operation or none. */
export function applyJsonPatch(document: Json, operations: readonly JsonObject[]): Patched {
  let value: Json = copyJson(document);
  try {
    for (const operation of operations) value = step(value, operation);
  } catch (error) {
    if (error instanceof Refused) return { ok: false, message: error.message };
    throw error;
  }
  return { ok: true, value };
}

function step(document: Json, operation: JsonObject): Json {
  const path = pointer(operation['path']);
  const given = operation['value'] ?? null;
  switch (operation['op']) {
    case 'add':
      return add(document, path, given);
    case 'remove':
      return removed(document, path);
    case 'replace':
      if (path.length === 0) return given;
      read(document, path);
      return add(removed(document, path), path, given);
    case 'move': {
      const from = pointer(operation['from']);
      const moved = read(document, from);
      return add(removed(document, from), path, moved);
    }
    case 'copy':
      return add(document, path, copyJson(read(document, pointer(operation['from']))));
    case 'test':
      if (equalJson(lookup(document, path) ?? null, given)) return document;
      throw new Refused(`testing path ${stringOf(operation['path'])} failed`);
    default:
      throw new Refused(`unexpected kind: ${stringOf(operation['op'])}`);
  }
}

function pointer(text: Json | undefined): string[] {
  if (typeof text !== 'string' || (text !== '' && !text.startsWith('/')))
    throw new Refused('missing or wrong path');
  return text
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function lookup(document: Json, path: readonly string[]): Json | undefined {
  let at: Json | undefined = document;
  for (const part of path) {
    if (Array.isArray(at)) at = /^\d+$/.test(part) ? at[Number(part)] : undefined;
    else at = isObject(at) && Object.hasOwn(at, part) ? at[part] : undefined;
  }
  return at;
}

function read(document: Json, path: readonly string[]): Json {
  const found = lookup(document, path);
  if (found === undefined) throw new Refused(`no value at /${path.join('/')}`);
  return found;
}

function parentOf(document: Json, path: readonly string[]): { parent: JsonObject | Json[]; last: string } {
  const parent = lookup(document, path.slice(0, -1));
  if (!isObject(parent) && !Array.isArray(parent))
    throw new Refused(`no value at /${path.slice(0, -1).join('/')}`);
  return { parent, last: path.at(-1) ?? '' };
}

function add(document: Json, path: readonly string[], value: Json): Json {
  if (path.length === 0) return value;
  const { parent, last } = parentOf(document, path);
  if (Array.isArray(parent)) {
    const index = last === '-' ? parent.length : Number(last);
    if (!Number.isInteger(index) || index < 0 || index > parent.length) throw new Refused(`no index ${last}`);
    parent.splice(index, 0, value);
  } else setKey(parent, last, value);
  return document;
}

function removed(document: Json, path: readonly string[]): Json {
  read(document, path);
  if (path.length === 0) return null;
  const { parent, last } = parentOf(document, path);
  if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else delete parent[last];
  return document;
}
