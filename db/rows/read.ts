/** Readers of columns. A value that can't be what its column holds is Fault `store.unreadable`. */
import { Fault } from '../../engine/fault.ts';
import { type IdKind, type IdOf, isId } from '../../engine/ids.ts';
import type { Row } from '../drivers/driver.ts';
import type { Json, JsonObject } from '../model/shared.ts';

export function unreadable(column: string, what: string): Fault {
  return new Fault('store.unreadable', 'A stored row could not be read.', {
    internal: `column ${column} ${what}`,
  });
}

export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw unreadable(column, 'is not text');
  return value;
}

export function optionalText(row: Row, column: string): string | undefined {
  const value = row[column];
  return value === null || value === undefined ? undefined : text(row, column);
}

export function whole(row: Row, column: string): number {
  const value = row[column];
  if (!Number.isSafeInteger(value)) throw unreadable(column, 'is not a whole number');
  return Number(value);
}

export function optionalWhole(row: Row, column: string): number | undefined {
  const value = row[column];
  return value === null || value === undefined ? undefined : whole(row, column);
}

export function oneOf<T extends string>(row: Row, column: string, values: readonly T[]): T {
  const value = text(row, column);
  const known = values.find((one) => one === value);
  if (known === undefined) throw unreadable(column, 'has an unknown value');
  return known;
}

export function json(row: Row, column: string): Json {
  try {
    return JSON.parse(text(row, column)) as Json;
  } catch {
    throw unreadable(column, 'is not JSON');
  }
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function object(value: Json | undefined, column: string): JsonObject {
  if (!isObject(value)) throw unreadable(column, 'is not an object');
  return value;
}

export function jsonObject(row: Row, column: string): JsonObject {
  return object(json(row, column), column);
}

export function texts(value: Json | undefined, column: string): readonly string[] {
  if (!Array.isArray(value) || !value.every((one) => typeof one === 'string'))
    throw unreadable(column, 'is not a list of texts');
  return value;
}

export function textMap(value: Json | undefined, column: string): Readonly<Record<string, string>> {
  const entries = Object.entries(object(value, column));
  if (!entries.every(([, one]) => typeof one === 'string')) throw unreadable(column, 'is not a map of texts');
  // every value was just seen to be text
  return Object.fromEntries(entries) as Record<string, string>;
}

/** `{[name]: value}`, or nothing where the value is absent: for exact optional properties. */
export function maybe<K extends string, V>(name: K, value: V | undefined): { readonly [P in K]?: V } {
  // a computed key is typed as a string index; it is exactly `name`
  return value === undefined ? {} : ({ [name]: value } as { [P in K]: V });
}

export function id<K extends IdKind>(kind: K, row: Row, column: string): IdOf<K> {
  const value = text(row, column);
  if (!isId(kind, value)) throw unreadable(column, `is no id of kind ${kind}`);
  return value;
}

export function optionalId<K extends IdKind>(kind: K, row: Row, column: string): IdOf<K> | undefined {
  const value = row[column];
  return value === null || value === undefined ? undefined : id(kind, row, column);
}
