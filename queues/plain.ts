import type { JsonValue } from '../engine/json.ts';

type Plain<T> = T extends readonly (infer E)[]
  ? readonly Plain<E>[]
  : T extends object
    ? { readonly [key: string]: JsonValue }
    : T;

/** Data of the engine as the JSON that the store takes: what is undefined is left out. */
export function plain<T>(value: T): Plain<T> {
  // What JSON.parse gives is JSON; the engine's states hold nothing else.
  return JSON.parse(JSON.stringify(value)) as Plain<T>;
}
