/** Leaves out of a manifest what another Application holds, so that the rest of it can be applied. */
import { isArray, isObject, type JsonObject, type JsonValue } from '../engine/json.ts';

type Segment =
  | { readonly key: string }
  | { readonly where: Readonly<Record<string, JsonValue>> }
  | { readonly value: JsonValue };

const segmentForms = [
  // `.name`, and names with dots and slashes as annotations have them up to the next `.` or `[`
  /^\.([^.[\]]+)/,
  /^\[((?:[A-Za-z0-9_-]+=(?:"(?:[^"\\]|\\.)*"|[^,\]]+),?)+)\]/,
  /^\[=("(?:[^"\\]|\\.)*"|[^\]]+)\]/,
] as const;

/** Reads a field path as server-side apply prints it, e.g. `.spec.containers[name="web"].image`. */
export function parseFieldPath(path: string): readonly Segment[] | undefined {
  const segments: Segment[] = [];
  let rest = path;
  while (rest !== '') {
    const [name, where, value] = segmentForms.map((form) => form.exec(rest));
    if (name?.[1] !== undefined) segments.push({ key: name[1] });
    else if (where?.[1] !== undefined) segments.push({ where: selectorOf(where[1]) });
    else if (value?.[1] !== undefined) segments.push({ value: scalarOf(value[1]) });
    else return undefined;
    rest = rest.slice((name ?? where ?? value)?.[0].length);
  }
  return segments.length === 0 ? undefined : segments;
}

function selectorOf(text: string): Record<string, JsonValue> {
  const pairs = text.matchAll(/([A-Za-z0-9_-]+)=("(?:[^"\\]|\\.)*"|[^,\]]+)/g);
  return Object.fromEntries([...pairs].map(([, key = '', value = '']) => [key, scalarOf(value)]));
}

function scalarOf(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}

/** The manifest without the fields, or undefined where one of them cannot be found in it. */
export function withoutFields(manifest: JsonObject, paths: readonly string[]): JsonObject | undefined {
  let current: JsonValue = manifest;
  for (const path of paths) {
    const segments = parseFieldPath(path);
    const next: JsonValue | undefined = segments === undefined ? undefined : without(current, segments);
    if (next === undefined) return undefined;
    current = next;
  }
  return isObject(current) ? current : undefined;
}

function without(value: JsonValue, segments: readonly Segment[]): JsonValue | undefined {
  const [head, ...rest] = segments;
  if (head === undefined) return undefined;
  if ('key' in head) return isObject(value) ? withoutKey(value, head.key, rest) : undefined;
  if (!isArray(value)) return undefined;
  const index = value.findIndex((item) => matches(item, head));
  if (index < 0) return undefined;
  if (rest.length === 0) return value.filter((_, i) => i !== index);
  const inner = without(value[index] ?? null, rest);
  return inner === undefined ? undefined : value.map((item, i) => (i === index ? inner : item));
}

function withoutKey(value: JsonObject, key: string, rest: readonly Segment[]): JsonObject | undefined {
  const inner = Object.hasOwn(value, key) ? value[key] : undefined;
  if (inner === undefined) return undefined;
  if (rest.length === 0) {
    const { [key]: _, ...others } = value;
    return others;
  }
  const changed = without(inner, rest);
  return changed === undefined ? undefined : { ...value, [key]: changed };
}

function matches(item: JsonValue, segment: Segment): boolean {
  if ('value' in segment) return item === segment.value;
  if (!('where' in segment) || !isObject(item)) return false;
  // A key that the manifest leaves out has its default there, which only the server knows.
  return Object.entries(segment.where).every(([key, value]) => !(key in item) || item[key] === value);
}
