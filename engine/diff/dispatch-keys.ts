/** Labels and annotations that every delivery sets anew: they say nothing about a change. */
import { isObject, type JsonDraft, type JsonObject } from '../json.ts';

const dispatchKeys: ReadonlySet<string> = new Set([
  'app.oam.dev/appRevision',
  'app.oam.dev/app-revision-hash',
  'app.oam.dev/cluster',
  'oam.dev/render-hash',
  'mainsheet.dev/owner',
  'mainsheet.dev/owner-of',
]);

/** The object without them; labels or annotations that are empty then go too. */
export function withoutDispatchKeys(object: JsonObject): JsonObject {
  const metadata: JsonDraft = isObject(object['metadata']) ? { ...object['metadata'] } : {};
  for (const part of ['labels', 'annotations']) {
    const values = metadata[part];
    const kept = Object.entries(isObject(values) ? values : {}).filter(([key]) => !dispatchKeys.has(key));
    if (kept.length > 0) metadata[part] = Object.fromEntries(kept);
    else delete metadata[part];
  }
  return { ...object, metadata };
}
