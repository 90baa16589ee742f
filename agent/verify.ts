/** What the agent believes: only what a pinned hub key has signed, for this cluster, and newer than what it has. */
import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { decodeBase64url } from '../engine/delivery/base64url.ts';
import {
  BUNDLE_TYPE,
  type BundleIndex,
  bundleIndexSchema,
  type Envelope,
} from '../engine/delivery/bundle.ts';
import { addressOf } from '../engine/delivery/canonical.ts';
import { preAuthEncoding } from '../engine/delivery/dsse.ts';
import type { HubKey } from '../engine/delivery/protocol.ts';
import type { ApplicationUid } from '../engine/ids.ts';
import type { JsonObject } from '../engine/json.ts';
import type { Membership } from './identity.ts';

export type Opened =
  | { readonly ok: true; readonly index: BundleIndex }
  | { readonly ok: false; readonly reason: string };

/** Opens a signed index. `held`: the newest sequence of its Application here, 0 for none. */
export function openIndex(
  envelope: Envelope,
  membership: Membership,
  held: (application: ApplicationUid) => number,
): Opened {
  if (envelope.payloadType !== BUNDLE_TYPE) return refuse('not a bundle');
  const payload = decodeBase64url(envelope.payload);
  if (payload === undefined) return refuse('the payload is not base64url');
  const signed = envelope.signatures.some(({ keyid, sig }) => {
    const key = membership.keys.find(({ keyId }) => keyId === keyid);
    return key !== undefined && isSignedBy(key, preAuthEncoding(envelope.payloadType, payload), sig);
  });
  if (!signed) return refuse('no signature by a key of this hub');
  const index = parseIndex(payload);
  if (index === undefined) return refuse('the index cannot be read');
  if (index.hub !== membership.hub) return refuse('of another hub');
  // The owner's own Applications only: other tenants need a grant, which this agent holds no list of.
  if (index.tenant !== membership.tenant) return refuse('of another tenant');
  if (index.cluster !== membership.cluster.id) return refuse('for another cluster');
  const newest = held(index.application.uid);
  if (index.sequence <= newest) return refuse(`sequence ${index.sequence} is not above ${newest}`);
  return { ok: true, index };
}

function refuse(reason: string): Opened {
  return { ok: false, reason };
}

function parseIndex(payload: Uint8Array): BundleIndex | undefined {
  try {
    const parsed = bundleIndexSchema.safeParse(JSON.parse(new TextDecoder().decode(payload)));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

function publicKeyOf(key: HubKey): KeyObject {
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: key.publicKey }, format: 'jwk' });
}

function isSignedBy(key: HubKey, bytes: Uint8Array, signature: string): boolean {
  const decoded = decodeBase64url(signature);
  return decoded?.length === 64 && verify(null, bytes, publicKeyOf(key), decoded);
}

/** Whether an object is the one that the index names. */
export function isObjectOf(address: string, object: JsonObject): boolean {
  return addressOf(object) === address;
}

/** Whether these keys of a hub are the ones that the enrolment token promises: its first is pinned by hash. */
export function isPinned(keys: readonly HubKey[], sha256: string): boolean {
  const raw = decodeBase64url(keys[0]?.publicKey ?? '');
  return raw?.length === 32 && createHash('sha256').update(raw).digest('hex') === sha256;
}

/** The known keys and those of `offered` that a known one endorses; whatever else is offered is left out. */
export function acceptKeys(known: readonly HubKey[], offered: readonly HubKey[]): readonly HubKey[] {
  const accepted = [...known];
  for (const key of offered) {
    if (accepted.some(({ keyId }) => keyId === key.keyId)) continue;
    const endorser = accepted.find(({ keyId }) => keyId === key.endorsement?.keyId);
    const raw = decodeBase64url(key.publicKey);
    if (endorser === undefined || key.endorsement === undefined || raw === undefined) continue;
    if (isSignedBy(endorser, raw, key.endorsement.signature)) accepted.push(key);
  }
  return accepted;
}
