/** Package `encoding/hex`. */
import type { StdPackage } from './builtin.ts';
import { evalError } from './builtin.ts';
import { functionsOf, overBudget } from './define.ts';
import { encodeUtf8 } from './utf8.ts';

const define = functionsOf('encoding/hex');

export function encodeHex(bytes: Uint8Array): string {
  return Array.from(bytes, hexByte).join('');
}

function hexByte(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

function nibble(unit: number): number {
  if (unit >= 48 && unit <= 57) return unit - 48;
  const lower = unit | 0x20;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}

/** The bytes, or what is wrong: a character that is no hex digit comes before an odd length. */
export function decodeHex(text: string): Uint8Array | string {
  const units = encodeUtf8(text);
  const bytes = new Uint8Array(units.length >> 1);
  for (let i = 0; i < units.length; i++) {
    const value = nibble(units[i] ?? 0);
    if (value < 0) return `encoding/hex: invalid byte: ${JSON.stringify(String.fromCharCode(units[i] ?? 0))}`;
    if (i >> 1 < bytes.length) bytes[i >> 1] = ((bytes[i >> 1] ?? 0) << 4) | value;
  }
  return units.length % 2 === 0 ? bytes : 'encoding/hex: odd length hex string';
}

/** Lines of 16 bytes: offset, hex in two groups of eight, and the printable ASCII between bars. */
function dump(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let start = 0; start < bytes.length; start += 16) {
    const row = bytes.slice(start, start + 16);
    let line = `${start.toString(16).padStart(8, '0')} `;
    for (let i = 0; i < 16; i++) {
      const byte = row[i];
      line += `${i === 8 ? ' ' : ''} ${byte === undefined ? '  ' : hexByte(byte)}`;
    }
    const ascii = Array.from(row, (b) => (b < 32 || b > 126 ? '.' : String.fromCharCode(b))).join('');
    lines.push(`${line}  |${ascii}|\n`);
  }
  return lines.join('');
}

export const hex: StdPackage = {
  path: 'encoding/hex',
  functions: [
    define('EncodedLen', ['int64'], 'int', ([n]) => BigInt.asIntN(64, n * 2n)),
    define('DecodedLen', ['int64'], 'int', ([n]) => n / 2n),
    define('Encode', ['bytes'], 'string', ([bytes], env) =>
      env.charge(bytes.length * 2) ? encodeHex(bytes) : overBudget(),
    ),
    define('Decode', ['string'], 'bytes', ([text], env) => {
      if (!env.charge(text.length)) return overBudget();
      const decoded = decodeHex(text);
      return typeof decoded === 'string' ? evalError(decoded) : decoded;
    }),
    define('Dump', ['bytes'], 'string', ([bytes], env) =>
      env.charge(bytes.length * 5) ? dump(bytes) : overBudget(),
    ),
  ],
};
