/** DSSE v1 (secure-systems-lab/dsse, protocol.md): what is signed is the payload's exact bytes with their type. */
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';

/** Pre-authentication encoding: `DSSEv1 <length of type> <type> <length of body> <body>`, lengths in bytes. */
export function preAuthEncoding(payloadType: string, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const type = utf8ToBytes(payloadType);
  const head = utf8ToBytes(`DSSEv1 ${type.length} ${payloadType} ${payload.length} `);
  // `concatBytes` allocates what it gives; its type only forgets that the buffer is no shared one.
  return concatBytes(head, payload) as Uint8Array<ArrayBuffer>;
}
