/** Package `encoding/base64`. The first argument names the encoding: null, the standard one, is all there is. */

import { decodeBase64, encodeBase64 } from './base64-text.ts';
import type { BuiltinError, Data, StdPackage } from './builtin.ts';
import { evalError } from './builtin.ts';
import { functionsOf, overBudget } from './define.ts';

const define = functionsOf('encoding/base64');

function unsupported(encoding: Data): BuiltinError | null {
  return encoding === null ? null : evalError('base64: unsupported encoding');
}

/** With Go's wrap-around of 64 bits. */
function encodedLength(n: bigint): bigint {
  return BigInt.asIntN(64, (BigInt.asIntN(64, n + 2n) / 3n) * 4n);
}

export const base64: StdPackage = {
  path: 'encoding/base64',
  functions: [
    define(
      'EncodedLen',
      ['any', 'int64'],
      'int',
      ([encoding, n]) => unsupported(encoding) ?? encodedLength(n),
    ),
    define('DecodedLen', ['any', 'int64'], 'int', ([encoding, n]) => unsupported(encoding) ?? (n / 4n) * 3n),
    define('Encode', ['any', 'bytes'], 'string', ([encoding, bytes], env) => {
      const refused = unsupported(encoding);
      if (refused) return refused;
      return env.charge(bytes.length * 2) ? encodeBase64(bytes) : overBudget();
    }),
    define('Decode', ['any', 'string'], 'bytes', ([encoding, text], env) => {
      const refused = unsupported(encoding);
      if (refused) return refused;
      if (!env.charge(text.length)) return overBudget();
      const decoded = decodeBase64(text);
      return typeof decoded === 'number'
        ? evalError(`illegal base64 data at input byte ${decoded}`)
        : decoded;
    }),
  ],
};
