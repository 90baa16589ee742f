/** What an envelope's index names, read without judging it: for the side that made it. */

import { decodeBase64url } from './base64url.ts';
import { type BundleIndex, bundleIndexSchema, type Envelope } from './bundle.ts';
import { utf8ToText } from './utf8.ts';

/** The index of an envelope, or undefined where it is none. The signature is not looked at. */
export function indexOf(envelope: Envelope): BundleIndex | undefined {
  const payload = decodeBase64url(envelope.payload);
  if (payload === undefined) return undefined;
  try {
    const parsed = bundleIndexSchema.safeParse(JSON.parse(utf8ToText(payload)));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** Addresses of the objects in an envelope's index. */
export function addressesOf(envelope: Envelope): ReadonlySet<string> {
  return new Set(indexOf(envelope)?.objects.map(({ sha256 }) => sha256) ?? []);
}
