/** Makes the next bundle of one (application, cluster) of what a run has rendered and what the last bundle held. */
import { isObject, type JsonObject, utf8Length } from '../json.ts';
import { earlyObjectsOf, objectsOf, type RenderedTarget } from '../workflow/rendering.ts';
import {
  type BundleIndex,
  type IndexEntry,
  MAX_BUNDLE_BYTES,
  MAX_BUNDLE_OBJECTS,
  type Pack,
  refKey,
  refOf,
} from './bundle.ts';
import { addressOf, canonicalize } from './canonical.ts';
import { ownerOf, stampOwner } from './ownership.ts';

export interface BundleRequest {
  /** Everything of the index but its objects. */
  readonly head: Omit<BundleIndex, 'objects'>;
  /** What shall be in the cluster, in the order of delivery. */
  readonly targets: readonly RenderedTarget[];
  /** Hash of the revision's spec, for KubeVela's label. */
  readonly revisionHash: string;
  /** The last bundle of this cluster: what it holds stays, unless this one prunes. */
  readonly previous: { readonly objects: readonly IndexEntry[]; readonly pack: Pack } | null;
  /** Whether objects of a kind live in namespaces. */
  isNamespaced(object: JsonObject): boolean;
}

export interface BuiltObject extends IndexEntry {
  /** Of which component; '' for what is kept from before. */
  readonly component: string;
}

export type Built =
  | {
      readonly ok: true;
      readonly index: BundleIndex;
      readonly pack: Pack;
      readonly objects: readonly BuiltObject[];
      /** Objects that are kept from before and are not of these targets. */
      readonly surplus: number;
    }
  | { readonly ok: false; readonly message: string };

export function buildBundle(request: BundleRequest): Built {
  const { head, previous } = request;
  const byKey = new Map<string, BuiltObject>();
  const pack: Record<string, JsonObject> = {};
  for (const target of request.targets) {
    const early = earlyObjectsOf(target);
    for (const rendered of objectsOf(target)) {
      const { manifest } = rendered;
      const object = dispatched(manifest, target, request);
      const ref = refOf(object);
      if (ref === undefined)
        return { ok: false, message: `an object of component ${target.component} has no name or kind` };
      const sha256 = addressOf(object);
      pack[sha256] = object;
      const stage = early.has(rendered) ? ({ stage: 0 } as const) : {};
      byKey.set(refKey(ref), { ref, sha256, ...stage, component: target.component });
    }
  }
  let surplus = 0;
  for (const entry of head.prune ? [] : (previous?.objects ?? [])) {
    const { ref, sha256 } = entry;
    const object = previous?.pack[sha256];
    if (byKey.has(refKey(ref)) || object === undefined) continue;
    byKey.set(refKey(ref), { ...entry, component: '' });
    pack[sha256] = object;
    surplus += 1;
  }
  const objects = [...byKey.values()];
  const tooLarge = excess(objects.length, pack);
  if (tooLarge !== undefined) return { ok: false, message: tooLarge };
  const index = { ...head, objects: objects.map(({ component: _, ...entry }) => entry) };
  return { ok: true, index, pack, objects, surplus };
}

function excess(count: number, pack: Pack): string | undefined {
  if (count > MAX_BUNDLE_OBJECTS)
    return `${count} objects are more than the ${MAX_BUNDLE_OBJECTS} of one delivery`;
  let bytes = 0;
  for (const object of Object.values(pack)) bytes += utf8Length(JSON.stringify(object));
  return bytes > MAX_BUNDLE_BYTES
    ? `${bytes} bytes are more than the ${MAX_BUNDLE_BYTES} of one delivery`
    : undefined;
}

/** What KubeVela adds at dispatch (pkg/resourcekeeper, pkg/oam/labels.go), our marks of ownership, a namespace. */
function dispatched(manifest: JsonObject, target: RenderedTarget, request: BundleRequest): JsonObject {
  const { tenant, hub, application } = request.head;
  const { namespace, ...metadata } = sent(isObject(manifest['metadata']) ? manifest['metadata'] : {});
  const inNamespace = request.isNamespaced(manifest);
  const place = inNamespace ? { namespace: namespace || target.placement.namespace } : {};
  const labels = {
    ...(isObject(metadata['labels']) ? metadata['labels'] : {}),
    'app.oam.dev/app-revision-hash': request.revisionHash.slice(0, 16),
    'app.oam.dev/cluster': target.placement.cluster === 'local' ? '' : target.placement.cluster,
    'oam.dev/render-hash': addressOf(manifest).slice(0, 16),
  };
  const object = { ...manifest, metadata: { ...metadata, ...place, labels } };
  return stampOwner(object, ownerOf(hub, tenant, application.uid));
}

/** Without the time that Go writes as null where a cluster has set none. */
function sent({ creationTimestamp, ...metadata }: JsonObject): JsonObject {
  return creationTimestamp === null || creationTimestamp === undefined
    ? metadata
    : { ...metadata, creationTimestamp };
}

/** The bytes that are signed. */
export function indexText(index: BundleIndex): string {
  // An index is JSON all through; its type only lacks the index signature.
  return canonicalize(index as unknown as JsonObject);
}
