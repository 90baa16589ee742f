/** Packages `crypto/md5`, `crypto/sha1`, `crypto/sha256`, `crypto/sha512` and `crypto/hmac`. */
import { hmac as authenticate } from '@noble/hashes/hmac.js';
import { md5 as md5Hash, sha1 as sha1Hash } from '@noble/hashes/legacy.js';
import {
  sha224,
  sha256 as sha256Hash,
  sha384,
  sha512_224,
  sha512_256,
  sha512 as sha512Hash,
} from '@noble/hashes/sha2.js';
import type { Builtin, Data, StdPackage } from './builtin.ts';
import { evalError } from './builtin.ts';
import { functionsOf, overBudget } from './define.ts';

type Hash = typeof sha256Hash | typeof md5Hash | typeof sha512Hash;

function summing(path: string, functions: readonly (readonly [name: string, hash: Hash])[]): Builtin[] {
  const define = functionsOf(path);
  return functions.map(([name, hash]) =>
    define(name, ['bytes'], 'bytes', ([data], env) => (env.charge(data.length) ? hash(data) : overBudget())),
  );
}

function sizes(...entries: readonly (readonly [string, bigint])[]): ReadonlyMap<string, Data> {
  return new Map(entries);
}

export const md5: StdPackage = {
  path: 'crypto/md5',
  functions: summing('crypto/md5', [['Sum', md5Hash]]),
  constants: sizes(['Size', 16n], ['BlockSize', 64n]),
};

export const sha1: StdPackage = {
  path: 'crypto/sha1',
  functions: summing('crypto/sha1', [['Sum', sha1Hash]]),
  constants: sizes(['Size', 20n], ['BlockSize', 64n]),
};

export const sha256: StdPackage = {
  path: 'crypto/sha256',
  functions: summing('crypto/sha256', [
    ['Sum256', sha256Hash],
    ['Sum224', sha224],
  ]),
  constants: sizes(['Size', 32n], ['Size224', 28n], ['BlockSize', 64n]),
};

export const sha512: StdPackage = {
  path: 'crypto/sha512',
  functions: summing('crypto/sha512', [
    ['Sum512', sha512Hash],
    ['Sum384', sha384],
    ['Sum512_224', sha512_224],
    ['Sum512_256', sha512_256],
  ]),
  constants: sizes(['Size', 64n], ['Size224', 28n], ['Size256', 32n], ['Size384', 48n], ['BlockSize', 128n]),
};

const HASHES: ReadonlyMap<string, Hash> = new Map<string, Hash>([
  ['MD5', md5Hash],
  ['SHA1', sha1Hash],
  ['SHA224', sha224],
  ['SHA256', sha256Hash],
  ['SHA384', sha384],
  ['SHA512', sha512Hash],
  ['SHA512_224', sha512_224],
  ['SHA512_256', sha512_256],
]);

export const hmac: StdPackage = {
  path: 'crypto/hmac',
  functions: [
    functionsOf('crypto/hmac')('Sign', ['string', 'bytes', 'bytes'], 'bytes', ([name, key, data], env) => {
      const hash = HASHES.get(name);
      if (!hash) return evalError('unsupported hash function');
      return env.charge(key.length + data.length) ? authenticate(hash, key, data) : overBudget();
    }),
  ],
  constants: new Map<string, Data>([...HASHES.keys()].map((name) => [name, name])),
};
