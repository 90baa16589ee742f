// RFC 7396, with one habit of the API server: nulls go out of new values at any depth, inside lists too.

import { isObject, type Json, type JsonObject, setKey } from '../json.ts';

export function applyMergePatch(target: Json, patch: Json): Json {
  if (!isObject(target)) return withoutNulls(patch);
  if (!isObject(patch)) return patch;
  const result: JsonObject = { ...target };
  for (const [key, value] of Object.entries(patch)) {
    const before = Object.hasOwn(result, key) ? (result[key] ?? null) : null;
    if (value === null) delete result[key];
    else setKey(result, key, applyMergePatch(before, value));
  }
  return result;
}

function withoutNulls(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  const result: JsonObject = {};
  for (const [key, inner] of Object.entries(value))
    if (inner !== null) setKey(result, key, withoutNulls(inner));
  return result;
}
