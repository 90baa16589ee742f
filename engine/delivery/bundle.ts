/**
 * The bundle: the whole desired set of one (application, cluster), as a signed index and content-addressed
 * objects. The index alone is signed; an object is trusted when its address stands in a signed index.
 */
import { z } from 'zod';
import type { ApplicationUid, ClusterId, TenantId } from '../ids.ts';
import type { JsonObject } from '../json.ts';

/** DSSE payload type of an index. */
export const BUNDLE_TYPE = 'application/vnd.mainsheet.bundle+json';

/** Caps of one bundle: what a submission may render. */
export const MAX_BUNDLE_OBJECTS = 500;
export const MAX_BUNDLE_BYTES = 5 * 1024 * 1024;

const name = z.string().min(1).max(253);

/** Which object is meant. Two versions of one group and kind name the same object; see `refKey`. */
export const objectRefSchema = z.object({
  apiVersion: z.string().min(1).max(253),
  kind: z.string().min(1).max(63),
  namespace: name.optional(),
  name,
});
export type ObjectRef = z.infer<typeof objectRefSchema>;

export const indexEntrySchema = z.object({
  ref: objectRefSchema,
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** 0: before the workloads (traits of stage PreDispatch). Absent: with them. */
  stage: z.literal(0).optional(),
});
export type IndexEntry = z.infer<typeof indexEntrySchema>;

const brandedTenant = z.string().transform((id) => id as TenantId);
const brandedCluster = z.string().transform((id) => id as ClusterId);
const brandedApplication = z.string().transform((id) => id as ApplicationUid);

/** What to do with a live object that no longer is as the bundle says. */
export const driftRule = z.enum(['heal', 'report']);
export type DriftRule = z.infer<typeof driftRule>;

/** The signed index. Unknown fields pass, so that a newer hub may say more to an older agent. */
export const bundleIndexSchema = z.object({
  v: z.literal(1),
  keyId: z.string().min(1).max(64),
  hub: z.string().min(1).max(64),
  tenant: brandedTenant,
  cluster: brandedCluster,
  application: z.object({ uid: brandedApplication, namespace: name, name }),
  revision: z.number().int().nonnegative(),
  /** Grows with every bundle of this (application, cluster); an agent refuses what is not above its own. */
  sequence: z.number().int().positive(),
  /** Fencing epoch of the lease under which the bundle was built. */
  epoch: z.number().int().nonnegative(),
  objects: z.array(indexEntrySchema).max(MAX_BUNDLE_OBJECTS),
  /** Whether owned objects that the index does not name are to be deleted. */
  prune: z.boolean(),
  drift: driftRule,
});
export type BundleIndex = z.infer<typeof bundleIndexSchema>;

/** A DSSE envelope: `payload` and `sig` are base64url without padding. */
export const envelopeSchema = z.object({
  payloadType: z.string(),
  payload: z.string(),
  signatures: z
    .array(z.object({ keyid: z.string(), sig: z.string() }))
    .min(1)
    .max(4),
});
export type Envelope = z.infer<typeof envelopeSchema>;

/** Objects by their address. A pack holds what one bundle changed. */
export type Pack = Readonly<Record<string, JsonObject>>;

/** `group/Kind/namespace/name`: equal for the same object in any version of its group. */
export function refKey(ref: ObjectRef): string {
  const slash = ref.apiVersion.indexOf('/');
  const group = slash < 0 ? '' : ref.apiVersion.slice(0, slash);
  return `${group}/${ref.kind}/${ref.namespace ?? ''}/${ref.name}`;
}

/** The reference of a manifest, or undefined where it lacks what identifies it. */
export function refOf(object: JsonObject): ObjectRef | undefined {
  const metadata = object['metadata'];
  const parsed = objectRefSchema.safeParse({
    apiVersion: object['apiVersion'],
    kind: object['kind'],
    ...(typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata)
      ? {
          name: (metadata as JsonObject)['name'],
          namespace: (metadata as JsonObject)['namespace'] || undefined,
        }
      : {}),
  });
  return parsed.success ? parsed.data : undefined;
}
