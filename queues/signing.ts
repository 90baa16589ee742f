/** The hub's signature over bundles: Ed25519 by WebCrypto, over DSSE's encoding of the exact bytes. */
import { decodeBase64url, encodeBase64url } from '../engine/delivery/base64url.ts';
import { BUNDLE_TYPE, type Envelope } from '../engine/delivery/bundle.ts';
import { preAuthEncoding } from '../engine/delivery/dsse.ts';
import type { Signer } from './ports.ts';

/** `privateKey`: PKCS #8, base64url. The key is imported once and cannot be exported again. */
export function ed25519Signer({
  keyId,
  privateKey,
}: {
  readonly keyId: string;
  readonly privateKey: string;
}): Signer {
  const der = decodeBase64url(privateKey);
  if (der === undefined) throw new RangeError('the signing key is not base64url');
  const imported = crypto.subtle.importKey('pkcs8', der, 'Ed25519', false, ['sign']);
  // Awaited at the first signature; until then a key that cannot be read is nobody's unhandled rejection.
  imported.catch(() => undefined);
  return {
    keyId,
    async sign(bytes) {
      return new Uint8Array(await crypto.subtle.sign('Ed25519', await imported, bytes));
    },
  };
}

/** The envelope of an index's text. */
export async function signIndex(signer: Signer, text: string): Promise<Envelope> {
  const payload = new TextEncoder().encode(text);
  const signature = await signer.sign(preAuthEncoding(BUNDLE_TYPE, payload));
  return {
    payloadType: BUNDLE_TYPE,
    payload: encodeBase64url(payload),
    signatures: [{ keyid: signer.keyId, sig: encodeBase64url(signature) }],
  };
}
