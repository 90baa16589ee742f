import { type IdKind, type IdOf, idPrefix } from '../engine/ids.ts';

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** `count` characters of `value`, most significant first. */
function base32(value: bigint, count: number): string {
  let text = '';
  for (let rest = value, i = 0; i < count; i++, rest >>= 5n) text = alphabet[Number(rest & 31n)] + text;
  return text;
}

function randomBits(bytes: number): bigint {
  let value = 0n;
  for (const byte of crypto.getRandomValues(new Uint8Array(bytes))) value = (value << 8n) | BigInt(byte);
  return value;
}

/**
 * A fresh id of its kind: 48 bits of `nowMs`, then 80 random bits, so that ids sort by time. A status id is 128
 * random bits instead: it is public, and must not tell when the Application was made.
 */
export function newId<K extends IdKind>(kind: K, nowMs: number): IdOf<K> {
  const value =
    kind === 'status'
      ? randomBits(16)
      : (BigInt.asUintN(48, BigInt(Math.floor(nowMs))) << 80n) | randomBits(10);
  // the form is what isId() of engine/ids.ts asks for; the brand exists in types only
  return `${idPrefix[kind]}_${base32(value, 26)}` as IdOf<K>;
}

/** A fresh random token for guards of writes; never stored for long, never shown. */
export function newWriteId(): string {
  return base32(randomBits(10), 16);
}
