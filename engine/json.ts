/** JSON as plain data, and the few operations the engine needs on it. */

export type JsonValue = null | boolean | number | string | JsonArray | JsonObject;
export type JsonArray = readonly JsonValue[];
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** An object under construction. */
export type JsonDraft = { [key: string]: JsonValue };

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isArray(value: JsonValue | undefined): value is JsonArray {
  return Array.isArray(value);
}

/** Sets an own property whatever its name is: a plain assignment to `__proto__` would change the prototype. */
export function put(target: JsonDraft, key: string, value: JsonValue): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  } else {
    target[key] = value;
  }
}

/** Reads an own property; inherited names (`constructor`) are absent. */
export function own(source: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(source, key) ? source[key] : undefined;
}

/** Orders strings by their UTF-8 bytes (= by code point), as Go does, not by UTF-16 units. */
export function compareBytes(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    // A surrogate stands for a code point above every unit that is not one.
    const xHigh = x >= 0xd800 && x <= 0xdfff;
    const yHigh = y >= 0xd800 && y <= 0xdfff;
    return xHigh === yHigh ? x - y : xHigh ? 1 : -1;
  }
  return a.length - b.length;
}

/** The keys of an object in byte order. (JavaScript itself would list integer-like keys first.) */
export function sortedKeys(value: JsonObject): string[] {
  const keys = Object.keys(value);
  return keys.length > 12 ? keys.sort(compareBytes) : insertionSorted(keys);
}

/** In place; for the few keys that most objects have this is faster than a general sort. */
function insertionSorted(keys: string[]): string[] {
  for (let i = 1; i < keys.length; i++) {
    const key = keys[i] as string;
    let j = i - 1;
    for (; j >= 0 && compareBytes(keys[j] as string, key) > 0; j--) keys[j + 1] = keys[j] as string;
    keys[j + 1] = key;
  }
  return keys;
}

/** JSON text with sorted keys and no spaces: equal values give equal text. Numbers print as ES6 (and Go) print them. */
export function canonicalJson(value: JsonValue): string {
  if (isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const parts: string[] = [];
  for (const key of sortedKeys(value)) {
    const field = value[key];
    if (field !== undefined) parts.push(`${JSON.stringify(key)}:${canonicalJson(field)}`);
  }
  return `{${parts.join(',')}}`;
}

/** Deep equality; the order of keys does not count, the order of lists does. */
export function jsonEqual(a: JsonValue, b: JsonValue): boolean {
  if (a === b) return true;
  if (isArray(a))
    return isArray(b) && a.length === b.length && a.every((x, i) => jsonEqual(x, b[i] as JsonValue));
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((k) => Object.hasOwn(b, k) && jsonEqual(a[k] as JsonValue, b[k] as JsonValue));
}

/** The value at a path of keys and indices, or undefined. */
export function at(
  value: JsonValue | undefined,
  ...path: readonly (string | number)[]
): JsonValue | undefined {
  let here = value;
  for (const step of path) {
    if (isArray(here) && typeof step === 'number') here = here[step];
    else if (isObject(here) && typeof step === 'string') here = own(here, step);
    else return undefined;
  }
  return here;
}

/** A deep copy with its keys in byte order. */
export function sortKeys(value: JsonValue): JsonValue {
  if (isArray(value)) return value.map(sortKeys);
  if (!isObject(value)) return value;
  const out: JsonDraft = {};
  for (const key of sortedKeys(value)) put(out, key, sortKeys(value[key] as JsonValue));
  return out;
}

/** Number of bytes of the text in UTF-8. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    if (unit < 0x800) bytes += 1;
    else if (unit >= 0xd800 && unit <= 0xdbff && i + 1 < text.length) {
      bytes += 2;
      i += 1;
    } else bytes += 2;
  }
  return bytes;
}
