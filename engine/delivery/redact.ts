/** What of a live object may leave its cluster. Runs in the agent, before anything is sent. */
import { isObject, type JsonDraft, type JsonObject, type JsonValue, put, utf8Length } from '../json.ts';
import { MAX_LIVE_BYTES } from './protocol.ts';

/** Annotations that hold a copy of the whole object. */
const lastApplied = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  'app.oam.dev/last-applied-configuration',
]);

/** Marks an object of which only metadata and status were sent. */
export const partialAnnotation = 'mainsheet.dev/partial';

/**
 * The object without managedFields, last-applied copies and the values of Secrets (their keys stay, each with an
 * empty value). Above 64 KiB only metadata and status, then only what identifies it.
 */
export function redact(live: JsonObject): JsonObject {
  const metadata = isObject(live['metadata']) ? redactMetadata(live['metadata']) : {};
  const whole: JsonObject = { ...(isSecret(live) ? withoutValues(live) : live), metadata };
  if (sizeOf(whole) <= MAX_LIVE_BYTES) return whole;
  const { apiVersion = '', kind = '', status } = live;
  const partial = { ...metadata, annotations: { ...annotationsOf(metadata), [partialAnnotation]: 'true' } };
  const reduced: JsonObject = {
    apiVersion,
    kind,
    metadata: partial,
    ...(status !== undefined && { status }),
  };
  if (sizeOf(reduced) <= MAX_LIVE_BYTES) return reduced;
  const { name = '', namespace, uid, generation, labels = {} } = metadata;
  const identity = {
    name,
    ...(namespace && { namespace }),
    ...(uid && { uid }),
    ...(generation && { generation }),
  };
  const bare = { ...identity, labels, annotations: { [partialAnnotation]: 'true' } };
  return sizeOf(bare) <= MAX_LIVE_BYTES
    ? { apiVersion, kind, metadata: bare }
    : { apiVersion, kind, metadata: identity };
}

function isSecret({ apiVersion, kind }: JsonObject): boolean {
  return apiVersion === 'v1' && kind === 'Secret';
}

function withoutValues(secret: JsonObject): JsonObject {
  const blanked = (value: JsonValue | undefined): JsonObject => {
    const out: JsonDraft = {};
    for (const key of isObject(value) ? Object.keys(value) : []) put(out, key, '');
    return out;
  };
  const { stringData: _, ...rest } = secret;
  return { ...rest, ...('data' in secret && { data: blanked(secret['data']) }) };
}

function annotationsOf(metadata: JsonObject): JsonObject {
  return isObject(metadata['annotations']) ? metadata['annotations'] : {};
}

function redactMetadata(metadata: JsonObject): JsonObject {
  const { managedFields: _, annotations, ...rest } = metadata;
  if (!isObject(annotations)) return rest;
  const kept: JsonDraft = {};
  for (const [key, value] of Object.entries(annotations)) if (!lastApplied.has(key)) put(kept, key, value);
  return { ...rest, annotations: kept };
}

function sizeOf(value: JsonValue): number {
  return utf8Length(JSON.stringify(value));
}
