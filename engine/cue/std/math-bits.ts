/** Package `math/bits`: ints of any size as two's complement. */
import type { BuiltinEnv, BuiltinError, StdPackage } from './builtin.ts';
import { evalError } from './builtin.ts';
import { functionsOf, overBudget } from './define.ts';

const define = functionsOf('math/bits');

function magnitude(x: bigint): bigint {
  return x < 0n ? -x : x;
}

function bitLength(x: bigint): number {
  const hex = magnitude(x).toString(16);
  return x === 0n ? 0 : (hex.length - 1) * 4 + (32 - Math.clz32(Number.parseInt(hex[0] ?? '0', 16)));
}

function onesCount(x: bigint): number {
  const digits = magnitude(x).toString(2);
  return digits.length - digits.replaceAll('1', '').length;
}

/** Charges for a result of so many bits before it is built. */
function affordable(bits: bigint, env: BuiltinEnv): boolean {
  return bits < 1n << 40n && env.charge(Number(bits >> 3n) + 8);
}

function shiftLeft(x: bigint, n: bigint, env: BuiltinEnv): bigint | BuiltinError {
  if (x === 0n) return 0n;
  return affordable(n + BigInt(bitLength(x)), env) ? x << n : overBudget();
}

function shiftRight(x: bigint, n: bigint): bigint {
  if (n >= BigInt(bitLength(x))) return x < 0n ? -1n : 0n;
  return x >> n;
}

function bitAt(x: bigint, index: bigint): bigint | BuiltinError {
  return index > 0x7fffffffn ? evalError('bit index too large') : shiftRight(x, index) & 1n;
}

function setBit(x: bigint, index: bigint, bit: bigint, env: BuiltinEnv): bigint | BuiltinError {
  if (index < 0n) return evalError('negative bit index');
  if (bit > 1n) return evalError('set bit is not 0 or 1');
  if ((shiftRight(x, index) & 1n) === bit) return x;
  if (!affordable(index, env)) return overBudget();
  return bit === 1n ? x | (1n << index) : x & ~(1n << index);
}

export const bits: StdPackage = {
  path: 'math/bits',
  functions: [
    define('Lsh', ['bigint', 'uint'], 'int', ([x, n], env) => shiftLeft(x, n, env)),
    define('Rsh', ['bigint', 'uint'], 'int', ([x, n]) => shiftRight(x, n)),
    define('At', ['bigint', 'uint'], 'int', ([x, index]) => bitAt(x, index)),
    define('Set', ['bigint', 'int64', 'uint'], 'int', ([x, index, bit], env) => setBit(x, index, bit, env)),
    define('And', ['bigint', 'bigint'], 'int', ([a, b]) => a & b),
    define('Or', ['bigint', 'bigint'], 'int', ([a, b]) => a | b),
    define('Xor', ['bigint', 'bigint'], 'int', ([a, b]) => a ^ b),
    define('Clear', ['bigint', 'bigint'], 'int', ([a, b]) => a & ~b),
    define('OnesCount', ['bigint'], 'int', ([x]) => BigInt(onesCount(x))),
    define('Len', ['bigint'], 'int', ([x]) => BigInt(bitLength(x))),
  ],
};
