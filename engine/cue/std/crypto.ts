/** Packages `crypto/md5`, `crypto/sha1`, `crypto/sha256`, `crypto/sha512` and `crypto/hmac`. */
import type { Builtin, Data, HashName, StdPackage } from './builtin.ts';
import { evalError } from './builtin.ts';
import { functionsOf, overBudget } from './define.ts';

function summing(path: string, functions: readonly (readonly [name: string, hash: HashName])[]): Builtin[] {
  const define = functionsOf(path);
  return functions.map(([name, hash]) =>
    define(name, ['bytes'], 'bytes', ([data], env) =>
      env.charge(data.length) ? env.hash.sum(hash, data) : overBudget(),
    ),
  );
}

function sizes(...entries: readonly (readonly [string, bigint])[]): ReadonlyMap<string, Data> {
  return new Map(entries);
}

export const md5: StdPackage = {
  path: 'crypto/md5',
  functions: summing('crypto/md5', [['Sum', 'MD5']]),
  constants: sizes(['Size', 16n], ['BlockSize', 64n]),
};

export const sha1: StdPackage = {
  path: 'crypto/sha1',
  functions: summing('crypto/sha1', [['Sum', 'SHA1']]),
  constants: sizes(['Size', 20n], ['BlockSize', 64n]),
};

export const sha256: StdPackage = {
  path: 'crypto/sha256',
  functions: summing('crypto/sha256', [
    ['Sum256', 'SHA256'],
    ['Sum224', 'SHA224'],
  ]),
  constants: sizes(['Size', 32n], ['Size224', 28n], ['BlockSize', 64n]),
};

export const sha512: StdPackage = {
  path: 'crypto/sha512',
  functions: summing('crypto/sha512', [
    ['Sum512', 'SHA512'],
    ['Sum384', 'SHA384'],
    ['Sum512_224', 'SHA512_224'],
    ['Sum512_256', 'SHA512_256'],
  ]),
  constants: sizes(['Size', 64n], ['Size224', 28n], ['Size256', 32n], ['Size384', 48n], ['BlockSize', 128n]),
};

const HASHES: readonly HashName[] = [
  'MD5',
  'SHA1',
  'SHA224',
  'SHA256',
  'SHA384',
  'SHA512',
  'SHA512_224',
  'SHA512_256',
];

export const hmac: StdPackage = {
  path: 'crypto/hmac',
  functions: [
    functionsOf('crypto/hmac')('Sign', ['string', 'bytes', 'bytes'], 'bytes', ([name, key, data], env) => {
      const hash = HASHES.find((known) => known === name);
      if (hash === undefined) return evalError('unsupported hash function');
      return env.charge(key.length + data.length) ? env.hash.hmac(hash, key, data) : overBudget();
    }),
  ],
  constants: new Map<string, Data>(HASHES.map((name) => [name, name])),
};
