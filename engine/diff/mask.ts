/** What must not be shown of an object: a Secret's values, and annotations that hold a copy of the whole object. */
import { isObject, type JsonDraft, type JsonObject, type JsonValue, put } from '../json.ts';

const copies: ReadonlySet<string> = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  'app.oam.dev/last-applied-configuration',
]);

/** Stands for a value that is not shown; two different values give the same. */
export const MASKED = '(hidden)';

function maskedValues(values: JsonValue | undefined): JsonObject {
  const out: JsonDraft = {};
  for (const name of isObject(values) ? Object.keys(values) : []) put(out, name, MASKED);
  return out;
}

/** The object without what must not be shown; field names stay. */
export function masked(object: JsonObject): JsonObject {
  const out: JsonDraft = { ...object };
  if (object['kind'] === 'Secret' && object['apiVersion'] === 'v1') {
    for (const part of ['data', 'stringData']) if (part in object) out[part] = maskedValues(object[part]);
  }
  const { metadata } = object;
  if (isObject(metadata) && isObject(metadata['annotations'])) {
    const annotations: JsonDraft = {};
    for (const [name, value] of Object.entries(metadata['annotations'])) {
      put(annotations, name, copies.has(name) ? MASKED : value);
    }
    out['metadata'] = { ...metadata, annotations };
  }
  return out;
}
