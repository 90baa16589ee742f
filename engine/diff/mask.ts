/** What must not be shown of an object: a Secret's values, and annotations that hold a copy of the whole object. */
import { isArray, isObject, type JsonDraft, type JsonObject, type JsonValue, own, put } from '../json.ts';
import { segmentsOf } from '../result.ts';

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

interface Change {
  readonly path: string;
  readonly from?: JsonValue;
  readonly to?: JsonValue;
}

/**
 * A change of an object of this kind, its values hidden where they must not be shown: for changes that somebody else
 * has found, who should have hidden them.
 */
export function maskedChange(
  of: { readonly apiVersion: string; readonly kind: string },
  change: Change,
): Change {
  const shown = (value: JsonValue): JsonValue =>
    valueAt(masked({ ...nested(segmentsOf(change.path), value), ...of }), change.path) ?? MASKED;
  return {
    path: change.path,
    ...(change.from === undefined ? {} : { from: shown(change.from) }),
    ...(change.to === undefined ? {} : { to: shown(change.to) }),
  };
}

/** An object that holds the value at a path, and nothing else. */
function nested(path: readonly string[], value: JsonValue): JsonObject {
  const inner = path.reduceRight((held: JsonValue, name) => {
    const out: JsonDraft = {};
    put(out, name, held);
    return out;
  }, value);
  return isObject(inner) ? inner : {};
}

/** The value at a JSON pointer. */
export function valueAt(object: JsonObject, path: string): JsonValue | undefined {
  let value: JsonValue | undefined = object;
  for (const name of segmentsOf(path)) {
    if (isObject(value)) value = own(value, name);
    else if (isArray(value)) value = value[Number(name)];
    else return undefined;
  }
  return value;
}
