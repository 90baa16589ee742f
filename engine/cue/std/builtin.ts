/**
 * What a function of a standard package is made of. The evaluator resolves the arguments to the concrete
 * data below, checks their kinds, and turns the answer back into a value.
 */
import type { EvaluatorFunction } from '../eval/function.ts';
import { typeTag } from '../number/decimal.ts';
import type { CueNumber, DecimalNumber } from '../number/number.ts';

/**
 * Concrete data. `int` and `float` are distinct kinds in CUE: an int is a bigint, a float a decimal. An int that
 * rounding has scaled, or that is -0, is a decimal too (see `number/number.ts`).
 */
export type Data =
  | null
  | boolean
  | bigint
  | DecimalNumber
  | string
  | Uint8Array
  | readonly Data[]
  | StructData;
/** A struct's regular fields in order, concrete and without definitions or hidden fields. */
export interface StructData {
  readonly type: 'struct';
  readonly fields: ReadonlyMap<string, Data>;
  /** Further values of fields, read from a text that gave one twice and differently: conflicts when evaluated. */
  readonly again?: readonly (readonly [string, Data])[];
}

/** The kinds a parameter takes, for the evaluator's check (`cannot use 1 (type int) as list in argument 1 to …`). */
export type ParamKind = 'any' | 'bool' | 'int' | 'number' | 'string' | 'string|bytes' | 'list' | 'struct';
export type ResultKind = ParamKind | 'bytes' | 'null';

export interface Param {
  readonly kind: ParamKind;
  /** The kind of all elements of a list. */
  readonly elements?: 'string' | 'number' | undefined;
  /** What an omitted argument is; the parameters behind it have one too. */
  readonly default?: Data;
}

/** A refusal: `eval` (wrong data) is final; `incomplete` may pass once more is known. */
export interface BuiltinError {
  readonly type: 'error';
  readonly code: 'eval' | 'incomplete';
  /** CUE's whole sentence, with the function's name where CUE gives it. */
  readonly message: string;
}
/** A test that the value fails, with the reason. A plain call gives `false`; a constraint fails with this code. */
export interface Unsatisfied {
  readonly type: 'unsatisfied';
  readonly code: 'eval' | 'incomplete';
  readonly message: string;
}
/** Nothing was there to be read: null unless something else is asked for (`*null | _`). */
export interface Absent {
  readonly type: 'absent';
}
export type Outcome = Data | BuiltinError | Unsatisfied | Absent;

/** What is lent to a function: nothing of the outside world, only the libraries and the budget passed in. */
export interface BuiltinEnv {
  readonly regexp: RegexpLibrary;
  readonly yaml: YamlLibrary;
  readonly hash: HashLibrary;
  /** Charges the budget with the bytes about to be produced; false when it is spent (then give up with an error). */
  charge(bytes: number): boolean;
  /** Told how deep the data about to be produced nests; ends the evaluation where that is more than it may. */
  nest(depth: number): void;
}

/**
 * A function of data. With a result of `bool` (or `null`: uuid.Valid) it is a validator as well: called with all
 * but its first argument it is a constraint, and with one parameter its bare name is one (`net.IPv4`).
 */
export interface Builtin {
  /** As messages name it: the import path, a dot and the name. */
  readonly qualifiedName: string;
  readonly name: string;
  readonly params: readonly Param[];
  readonly result: ResultKind;
  /** Whether numbers written out as elements of lists, or as the argument itself, come as they were written (`text`). */
  readonly keepsLiterals?: boolean;
  /** The arguments are of the kinds of `params`, defaults filled in. */
  call(args: readonly Data[], env: BuiltinEnv): Outcome;
}

/** How a rearrangement looks at the evaluator's values without knowing them. */
export interface ListView<T> {
  isList(value: T): boolean;
  /** The value's elements; an error (incomplete, or eval for what is no list) where it has none. */
  elements(value: T): readonly T[] | BuiltinError;
  /** The value's default where it has one, else itself. */
  resolved(value: T): T;
}

/** A function that moves list elements about as they are, complete or not (`list.Concat`). */
export interface Rearrangement {
  readonly qualifiedName: string;
  readonly name: string;
  readonly params: readonly Param[];
  /** `subject` is the first argument; the others are ints. Gives the elements of the new closed list. */
  rearrange<T>(
    subject: T,
    numbers: readonly bigint[],
    view: ListView<T>,
    env: BuiltinEnv,
  ): readonly T[] | BuiltinError;
}

export interface StdPackage {
  /** The import path; its last element is the package's name in a file that imports it. */
  readonly path: string;
  readonly functions: readonly Builtin[];
  readonly rearrangements?: readonly Rearrangement[];
  readonly constants?: ReadonlyMap<string, Data>;
  /** Further fields of the package as a CUE struct (`path.Unix`, `list.Ascending`), to be compiled on first use. */
  readonly source?: string;
  /** Functions that look at open values or call back into the evaluator. */
  readonly evaluatorOwned?: readonly EvaluatorFunction[];
}

/** RE2 semantics in linear time; the pattern is RE2 syntax. A refused pattern is an error value. */
export interface RegexpLibrary {
  compile(pattern: string): Regexp | BuiltinError;
}
/** The offsets [start, end] of a match and of each group in it; [-1, -1] where a group took no part. UTF-16. */
export type MatchOffsets = readonly (readonly [number, number])[];
export interface Regexp {
  /** Names of the groups from the first on (the whole match is not listed); null for a group without a name. */
  readonly groupNames: readonly (string | null)[];
  /** Instructions of the compiled program; a search takes at most this times the length of the text. */
  readonly size: number;
  test(text: string): boolean;
  /** The leftmost match that begins at or after an offset; the text before it still counts for `^` and `\b`. */
  find(text: string, from: number): MatchOffsets | null;
}
/** As `crypto/hmac` names them. */
export type HashName =
  | 'MD5'
  | 'SHA1'
  | 'SHA224'
  | 'SHA256'
  | 'SHA384'
  | 'SHA512'
  | 'SHA512_224'
  | 'SHA512_256';
export interface HashLibrary {
  sum(name: HashName, data: Uint8Array): Uint8Array;
  hmac(name: HashName, key: Uint8Array, data: Uint8Array): Uint8Array;
}
export interface YamlLibrary {
  /** Parses a stream of documents as CUE's encoding/yaml does. */
  parse(text: string): readonly Data[] | BuiltinError;
  /** One document, ending in a newline, as the real CUE prints it. */
  stringify(value: Data): string;
}

export function evalError(message: string): BuiltinError {
  return { type: 'error', code: 'eval', message };
}

/** Whether an outcome (or a library's answer) is a refusal. */
export function isBuiltinError(value: unknown): value is BuiltinError {
  return typeTag(value) === 'error';
}

export function isStruct(value: Data): value is StructData {
  return typeTag(value) === 'struct';
}

export function isDecimalNumber(value: Data): value is DecimalNumber {
  const tag = typeTag(value);
  return tag === 'int' || tag === 'float';
}

/** A number in either form. */
export function isNumber(value: Data): value is CueNumber {
  return typeof value === 'bigint' || isDecimalNumber(value);
}

export function isList(value: Data): value is readonly Data[] {
  return Array.isArray(value);
}

type DataKind = 'null' | 'bool' | 'int' | 'float' | 'string' | 'bytes' | 'list' | 'struct';

export function kindOf(value: Data): DataKind {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'string') return 'string';
  if (value instanceof Uint8Array) return 'bytes';
  if (isList(value)) return 'list';
  return value.type;
}
