/** Hash functions for the CUE engine, by @noble/hashes. */
import { hmac } from '@noble/hashes/hmac.js';
import { md5, sha1 } from '@noble/hashes/legacy.js';
import { sha224, sha256, sha384, sha512, sha512_224, sha512_256 } from '@noble/hashes/sha2.js';
import type { HashLibrary, HashName } from '../cue/std/builtin.ts';

const hashes = {
  MD5: md5,
  SHA1: sha1,
  SHA224: sha224,
  SHA256: sha256,
  SHA384: sha384,
  SHA512: sha512,
  SHA512_224: sha512_224,
  SHA512_256: sha512_256,
} satisfies Readonly<Record<HashName, unknown>>;

export const hashLibrary: HashLibrary = {
  sum: (name, data) => hashes[name](data),
  hmac: (name, key, data) => hmac(hashes[name], key, data),
};
