/**
 * Texts of API keys: `ms_`, 26 characters of the key's id, 43 random ones of base 62 (256 bits), and 6 of a CRC-32 in
 * base 62, which tells a key from a typing error and lets secret scanners find it.
 */
import type { KeyId } from '../engine/ids.ts';
import { sha256, toHex, utf8 } from './bytes.ts';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const secretLength = 43;
const checksumLength = 6;
const form = /^ms_[0-9a-z]{26}[0-9A-Za-z]{49}$/;

/** The text of a new key. It carries 256 random bits, which its id does not. */
export function makeKey(id: KeyId): string {
  const body = `ms_${id.slice(id.indexOf('_') + 1)}${randomText(secretLength)}`;
  return body + checksum(body);
}

/** The hash by which a presented key is found; `undefined` when the text can't be a key. */
export async function hashKey(text: string): Promise<string | undefined> {
  if (!form.test(text)) return undefined;
  const body = text.slice(0, -checksumLength);
  if (checksum(body) !== text.slice(-checksumLength)) return undefined;
  return hashToken(text);
}

/** SHA-256 in hex, for secrets with enough random bits of their own (enrolment tokens, the operator's key). */
export async function hashToken(text: string): Promise<string> {
  return toHex(await sha256(utf8(text)));
}

/** `length` characters of base 62, each uniform: bytes that would favour the first ones are drawn again. */
export function randomText(length: number): string {
  let text = '';
  while (text.length < length) {
    for (const byte of crypto.getRandomValues(new Uint8Array(length))) {
      if (byte < 248 && text.length < length) text += alphabet[byte % 62];
    }
  }
  return text;
}

function checksum(text: string): string {
  let crc = 0xffffffff;
  for (const byte of utf8(text)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  let value = (crc ^ 0xffffffff) >>> 0;
  let out = '';
  for (let i = 0; i < checksumLength; i++) {
    out = alphabet[value % 62] + out;
    value = Math.floor(value / 62);
  }
  return out;
}
