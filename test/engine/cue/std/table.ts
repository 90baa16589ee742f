/** Tables of calls with the answers of the real CUE: `{call, args, json, kind}` or `{call, args, error}`. */
import { readFileSync } from 'node:fs';
import * as decimal from '../../../../engine/cue/number/decimal.ts';
import { standardPackages } from '../../../../engine/cue/packages.ts';
import type { BuiltinEnv, Data, ListView, Outcome } from '../../../../engine/cue/std/builtin.ts';
import { evalError, isBuiltinError, isList, isStruct, kindOf } from '../../../../engine/cue/std/builtin.ts';
import { formatJson } from '../../../../engine/cue/std/json-text.ts';
import { libraries } from '../../../../engine/definitions/libraries.ts';

/** JSON stands for itself; what JSON lacks is an object with one key. */
export type Encoded =
  | null
  | boolean
  | number
  | string
  | readonly Encoded[]
  | { readonly int: string }
  | { readonly float: string }
  | { readonly bytes: string }
  | { readonly struct: readonly (readonly [string, Encoded])[] };

export interface Case {
  readonly call: string;
  readonly args: readonly Encoded[];
  readonly json?: string;
  readonly kind?: string;
  readonly error?: 'eval' | 'incomplete';
}

export function readTable(name: string): readonly Case[] {
  const table: readonly Case[] = JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));
  return table;
}

export function decode(value: Encoded): Data {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number') return BigInt(value);
  if (Array.isArray(value)) return value.map(decode);
  if ('int' in value) return BigInt(value.int);
  if ('bytes' in value) return Uint8Array.from(Buffer.from(value.bytes, 'hex'));
  if ('struct' in value)
    return { type: 'struct', fields: new Map(value.struct.map(([k, v]) => [k, decode(v)])) };
  if (!('float' in value)) throw new Error('not an encoded value');
  const number = decimal.fromString(value.float);
  if (decimal.isNumberError(number)) throw new Error(number.message);
  return { type: 'float', value: number };
}

/** A generous budget that still stops what runs away. */
export function testEnv(limit = 64 * 1024 * 1024): BuiltinEnv {
  let left = limit;
  return {
    ...libraries,
    charge(bytes) {
      left -= bytes;
      return left >= 0;
    },
    nest() {},
  };
}

const DATA_VIEW: ListView<Data> = {
  isList,
  elements: (value) => (isList(value) ? value : evalError('not a list')),
  resolved: (value) => value,
};

/** Calls a function of a standard package as the evaluator does: `strings.Split`, `encoding/json.Marshal`. */
export function callBuiltin(name: string, args: readonly Data[], env: BuiltinEnv = testEnv()): Outcome {
  const dot = name.lastIndexOf('.');
  const found = standardPackages.find((one) => one.path === name.slice(0, dot));
  const builtin = found?.functions.find((one) => one.qualifiedName === name);
  if (builtin) {
    const defaults = builtin.params.slice(args.length).map((param) => param.default ?? null);
    return builtin.call([...args, ...defaults], env);
  }
  const rearrangement = found?.rearrangements?.find((one) => one.qualifiedName === name);
  const [subject = null, ...numbers] = args;
  if (!rearrangement) throw new Error(`no function ${name}`);
  const ints = numbers.filter((number) => typeof number === 'bigint');
  return rearrangement.rearrange(subject, ints, DATA_VIEW, env);
}

/** Whether a field was given twice with different values, which the evaluator makes an error of. */
function hasConflict(value: Data): boolean {
  if (isList(value)) return value.some(hasConflict);
  return isStruct(value) && (value.again !== undefined || [...value.fields.values()].some(hasConflict));
}

/** What a case asks for, in the shape of its expectation. */
export function answerOf({ call, args }: Case): Omit<Case, 'call' | 'args'> {
  const outcome = callBuiltin(call, args.map(decode));
  if (isBuiltinError(outcome)) return { error: outcome.code };
  if (typeof outcome === 'object' && outcome !== null && 'type' in outcome) {
    if (outcome.type === 'unsatisfied') return { json: 'false', kind: 'bool' };
    if (outcome.type === 'absent') return { json: 'null', kind: '_|_' };
  }
  if (hasConflict(outcome)) return { error: 'eval' };
  return { json: formatJson(outcome), kind: kindOf(outcome) };
}
