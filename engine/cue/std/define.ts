/** Builds the functions of a package: the conversions that Go's wrappers make, then the call. */

import type { Decimal } from '../number/decimal.ts';
import * as decimal from '../number/decimal.ts';
import type { CueNumber } from '../number/number.ts';
import { asDecimal, asInt, formatNumber, makeNumber } from '../number/number.ts';
import type {
  Builtin,
  BuiltinEnv,
  BuiltinError,
  Data,
  ListView,
  Outcome,
  Param,
  Rearrangement,
  ResultKind,
  StructData,
} from './builtin.ts';
import { evalError, isBuiltinError, isList, isNumber, isStruct, kindOf } from './builtin.ts';
import { encodeUtf8 } from './utf8.ts';

/** What a Go function takes: the type after conversion. `int` is Go's int (64 bits), `bigint` any int. */
interface ArgTypes {
  any: Data;
  bool: boolean;
  int: number;
  int64: bigint;
  int32: number;
  uint: bigint;
  byte: number;
  bigint: bigint;
  decimal: Decimal;
  float64: number;
  string: string;
  bytes: Uint8Array;
  /** Bytes or text, whichever was given. */
  source: string | Uint8Array;
  list: readonly Data[];
  strings: readonly string[];
  decimals: readonly Decimal[];
  struct: StructData;
}
type ArgType = keyof ArgTypes;

/** An argument with the value it has when omitted. */
interface Defaulted<T extends ArgType = ArgType> {
  readonly type: T;
  readonly default: Data;
}
type Arg = ArgType | Defaulted;
type TypeOf<A> = A extends ArgType ? ArgTypes[A] : A extends Defaulted<infer T> ? ArgTypes[T] : never;
type Converted<A extends readonly Arg[]> = { [K in keyof A]: TypeOf<A[K]> };

const KINDS: Readonly<Record<ArgType, Param['kind']>> = {
  any: 'any',
  bool: 'bool',
  int: 'int',
  int64: 'int',
  int32: 'int',
  uint: 'int',
  byte: 'int',
  bigint: 'int',
  decimal: 'number',
  float64: 'number',
  string: 'string',
  bytes: 'string|bytes',
  source: 'string|bytes',
  list: 'list',
  strings: 'list',
  decimals: 'list',
  struct: 'struct',
};

const ELEMENTS: Partial<Record<ArgType, Param['elements']>> = { strings: 'string', decimals: 'number' };

/** Makes the functions of one package. */
export function functionsOf(path: string) {
  return function define<const A extends readonly Arg[]>(
    name: string,
    args: A,
    result: ResultKind,
    call: (args: Converted<A>, env: BuiltinEnv) => Outcome,
  ): Builtin {
    const qualifiedName = `${path}.${name}`;
    const types = args.map((arg) => (typeof arg === 'string' ? arg : arg.type));
    const run = (given: readonly Data[], env: BuiltinEnv): Outcome => {
      const converted: unknown[] = [];
      for (const [index, type] of types.entries()) {
        const value = convert(type, given[index] ?? null, { index, qualifiedName });
        if (isBuiltinError(value)) return value;
        converted.push(value);
      }
      // The loop has converted each argument to the type that `args` names for it.
      return named(qualifiedName, call(converted as unknown as Converted<A>, env));
    };
    return { name, qualifiedName, params: args.map(paramOf), result, call: run };
  };
}

function paramOf(arg: Arg): Param {
  if (typeof arg !== 'string') return { kind: KINDS[arg.type], default: arg.default };
  return { kind: KINDS[arg], elements: ELEMENTS[arg] };
}

function named(qualifiedName: string, outcome: Outcome): Outcome {
  return isBuiltinError(outcome) ? inCall(qualifiedName, outcome) : outcome;
}

function inCall(qualifiedName: string, error: BuiltinError): BuiltinError {
  return { ...error, message: `error in call to ${qualifiedName}: ${error.message}` };
}

/** What a rearrangement makes of the elements of its first argument. */
type Rearrange = <T>(
  items: readonly T[],
  numbers: readonly bigint[],
  view: ListView<T>,
  env: BuiltinEnv,
) => readonly T[] | BuiltinError;

/** Makes the rearrangements of one package. */
export function rearrangementOf(path: string) {
  return function define(name: string, params: readonly Param[], run: Rearrange): Rearrangement {
    const qualifiedName = `${path}.${name}`;
    return {
      name,
      qualifiedName,
      params,
      rearrange(subject, numbers, view, env) {
        for (const [index, value] of numbers.entries()) {
          if (!fits(value, 64)) return overflow(value, 'int64', { index: index + 1, qualifiedName });
        }
        const items = view.elements(subject);
        const result = isBuiltinError(items) ? items : run(items, numbers, view, env);
        return isBuiltinError(result) ? inCall(qualifiedName, result) : result;
      },
    };
  };
}

interface Place {
  readonly index: number;
  readonly qualifiedName: string;
}

/** How one argument becomes what the Go function takes; errors in Go's words. */
function convert(type: ArgType, value: Data, place: Place): ArgTypes[ArgType] | BuiltinError {
  switch (type) {
    case 'any':
      return value;
    case 'bool':
      return typeof value === 'boolean' ? value : mismatch(value, 'bool', place);
    case 'string':
      return typeof value === 'string' ? value : mismatch(value, 'string', place);
    case 'bytes':
      return bytesOf(value) ?? mismatch(value, 'bytes', place);
    case 'source':
      return typeof value === 'string' || value instanceof Uint8Array
        ? value
        : mismatch(value, 'bytes', place);
    case 'list':
      return isList(value) ? value : mismatch(value, 'list', place);
    case 'struct':
      return isStruct(value) ? value : mismatch(value, 'struct', place);
    case 'strings':
      return isList(value) ? eachString(value, place) : mismatch(value, 'list', place);
    case 'decimals':
      return isList(value) ? eachDecimal(value, place) : mismatch(value, 'list', place);
    case 'decimal':
      return isNumber(value) ? asDecimal(value) : mismatch(value, 'Decimal', place);
    case 'float64':
      return isNumber(value) ? floatArgument(value, place) : mismatch(value, 'float64', place);
    default:
      return intArgument(type, value, place);
  }
}

/** The bytes of a `bytes` or of a string in UTF-8; null for another kind. */
function bytesOf(value: Data): Uint8Array | null {
  if (value instanceof Uint8Array) return value;
  return typeof value === 'string' ? encodeUtf8(value) : null;
}

function mismatch(value: Data, type: string, place: Place): BuiltinError {
  const at = `argument ${place.index} to ${place.qualifiedName}`;
  return evalError(`cannot use ${describe(value)} (type ${kindOf(value)}) as ${type} in ${at}`);
}

/** A value in an error message; long ones are cut. */
export function describe(value: Data): string {
  if (isNumber(value)) return formatNumber(value);
  if (typeof value === 'string') return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);
  if (value === null || typeof value === 'boolean') return String(value);
  return kindOf(value);
}

function intArgument(
  type: 'int' | 'int64' | 'int32' | 'uint' | 'byte' | 'bigint',
  value: Data,
  place: Place,
): number | bigint | BuiltinError {
  const whole = isNumber(value) ? asInt(value) : null;
  if (whole === null) return mismatch(value, type, place);
  switch (type) {
    case 'bigint':
      return whole;
    case 'int64':
      return fits(whole, 64) ? clampInt64(whole) : overflow(whole, 'int64', place);
    // Beyond 2^53 an index or count is out of any range here; the nearest double says so as well.
    case 'int':
      return fits(whole, 64) ? Number(whole) : overflow(whole, 'int64', place);
    case 'int32':
      return fits(whole, 32) ? Number(BigInt.asIntN(32, whole)) : overflow(whole, 'int32', place);
    case 'uint':
      if (whole < 0n) return mismatch(value, 'uint64', place);
      return fits(whole, 64) ? whole : overflow(whole, 'uint64', place);
    case 'byte':
      if (whole < 0n) return mismatch(value, 'byte', place);
      return fits(whole, 8) ? Number(whole) : overflow(whole, 'byte', place);
    default:
      return type satisfies never;
  }
}

const INT64_MAX = 2n ** 63n - 1n;

/** Go's test lets 64 bits of magnitude pass and then takes the nearest int64. */
function clampInt64(value: bigint): bigint {
  if (value > INT64_MAX) return INT64_MAX;
  return value < -INT64_MAX - 1n ? -INT64_MAX - 1n : value;
}

/** Go's test: the magnitude takes at most so many bits. */
function fits(value: bigint, bits: number): boolean {
  return (value < 0n ? -value : value) < 1n << BigInt(bits);
}

function overflow(value: bigint, type: string, place: Place): BuiltinError {
  const text = value.toString();
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return evalError(
    `int ${shown} overflows ${type} in argument ${place.index} in call to ${place.qualifiedName}`,
  );
}

function floatArgument(value: CueNumber, place: Place): number | BuiltinError {
  const exact = asDecimal(value);
  const float = decimal.toFloat(exact);
  const lost =
    exact.form === 'finite' && (!Number.isFinite(float) || (float === 0 && exact.coefficient !== 0n));
  if (lost) return mismatch(value, 'float64', place);
  return float === 0 ? 0 : float;
}

function eachString(values: readonly Data[], place: Place): readonly string[] | BuiltinError {
  const result: string[] = [];
  for (const [index, value] of values.entries()) {
    if (typeof value !== 'string') return badElement(value, index, 'string', place);
    result.push(value);
  }
  return result;
}

function eachDecimal(values: readonly Data[], place: Place): readonly Decimal[] | BuiltinError {
  const result: Decimal[] = [];
  for (const [index, value] of values.entries()) {
    if (!isNumber(value)) return badElement(value, index, 'number', place);
    result.push(asDecimal(value));
  }
  return result;
}

function badElement(value: Data, index: number, type: string, place: Place): BuiltinError {
  return evalError(
    `invalid list element ${index} in argument ${place.index} to call: cannot use value ${describe(value)} (${kindOf(value)}) as ${type}`,
  );
}

/** What CUE makes of a decimal that Go returns: an int where it is whole, however it is written, else a float. */
export function fromDecimal(value: Decimal): CueNumber {
  if (value.form !== 'finite') return { type: 'int', value };
  if (!decimal.isInt(value)) return { type: 'float', value };
  const whole = decimal.quantize(value, 0);
  return decimal.isNumberError(whole) ? { type: 'float', value } : makeNumber('int', whole);
}

/** What CUE makes of a float64 that Go returns: always a float, in the shortest digits that tell it apart. */
export function fromFloat64(value: number): CueNumber {
  return { type: 'float', value: decimal.fromFloat(value) };
}

export function structOf(entries: Iterable<readonly [string, Data]>): StructData {
  return { type: 'struct', fields: new Map(entries) };
}

/** Given up because the budget is spent. The evaluator reports its own sentence for that. */
export function overBudget(): BuiltinError {
  return evalError('out of budget');
}
