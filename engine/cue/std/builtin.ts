/**
 * What a function of a standard package is made of. The evaluator resolves the arguments to the concrete
 * data below and turns the answer back into a value; validators (`strings.MinRunes(3)` used as a constraint)
 * are functions of kind `validator`, whose first parameter is the value under test.
 */
import type { Decimal } from '../number/decimal.ts';

/** Concrete data. `int` and `float` are distinct kinds in CUE: an int is a bigint, a float a Decimal. */
export type Data = null | boolean | bigint | DecimalData | string | Uint8Array | readonly Data[] | StructData;
export interface DecimalData {
  readonly type: 'float';
  readonly value: Decimal;
}
/** A struct's regular fields in order, concrete and without definitions or hidden fields. */
export interface StructData {
  readonly type: 'struct';
  readonly fields: ReadonlyMap<string, Data>;
}

export type ParamKind =
  | 'any'
  | 'null'
  | 'bool'
  | 'int'
  | 'float'
  | 'number'
  | 'string'
  | 'bytes'
  | 'string|bytes'
  | 'list'
  | 'struct';

/** A refusal: `eval` (wrong data) is final; `incomplete` may pass once more is known. */
export interface BuiltinError {
  readonly type: 'error';
  readonly code: 'eval' | 'incomplete';
  readonly message: string;
}

/** What is lent to a function: nothing of the outside world, only the libraries and the budget passed in. */
export interface BuiltinEnv {
  readonly regexp: RegexpLibrary;
  readonly yaml: YamlLibrary;
  /** Charges the budget with the bytes about to be produced; false when it is spent (then give up with an error). */
  charge(bytes: number): boolean;
}

export interface Builtin {
  readonly name: string;
  readonly params: readonly ParamKind[];
  readonly result: ParamKind;
  /** `validator`: returns a boolean, and `f(args…)` without its first argument is a constraint. */
  readonly kind: 'function' | 'validator';
  call(args: readonly Data[], env: BuiltinEnv): Data | BuiltinError;
}

/** A package: functions on concrete data, and constants. What needs open values is the evaluator's own. */
export interface StdPackage {
  readonly path: string;
  readonly functions: readonly Builtin[];
  /** CUE source of constants, e.g. `Pi: 3.14…`, or of constraint definitions (`#Time: ...`). */
  readonly constants?: ReadonlyMap<string, Data>;
}

/** RE2 semantics in linear time; the pattern is RE2 syntax. A refused pattern is an error value. */
export interface RegexpLibrary {
  compile(pattern: string): Regexp | BuiltinError;
}
export interface Regexp {
  readonly groupNames: readonly (string | null)[];
  test(text: string): boolean;
  /**
   * Matches from left to right without overlap, at most `limit` (-1: all): for each match the offsets
   * [start, end] of the whole and of every group; [-1, -1] where a group took no part. Offsets are UTF-16.
   */
  matches(text: string, limit: number): readonly (readonly (readonly [number, number])[])[];
}
export interface YamlLibrary {
  /** Parses a stream of documents as CUE's encoding/yaml does. */
  parse(text: string): readonly Data[] | BuiltinError;
  stringify(value: Data): string;
}
