// Reads an object the way the API server decodes it into its Go type and writes it out again: wrong types are an
// error, unknown fields fall away, values take their canonical form, zero values go or stay as the type says.

import { isObject, type Json, type JsonObject, setKey } from '../json.ts';
import type { Field, ListNode, MapNode, Node, ScalarFormat } from './node.ts';
import { parseQuantity, printQuantity } from './quantity.ts';

export interface Decoding {
  /** the first thing that does not fit, in the decoder's words */
  problem: string | undefined;
  /** paths of fields that the type does not have */
  readonly unknown: string[];
  /** an empty list stays one where the store would keep null: what a request said counts for who owns it */
  readonly keepEmpty: boolean;
}

export function newDecoding(keepEmpty = false): Decoding {
  return { problem: undefined, unknown: [], keepEmpty };
}

interface At {
  readonly decoding: Decoding;
  /** Go's name of the struct that holds the field */
  readonly struct: string;
  /** field names without indexes, as Go's decoder prints them */
  readonly fields: string;
  /** with indexes, for unknown fields */
  readonly path: string;
}

export function decode(type: MapNode, value: Json, decoding: Decoding): JsonObject {
  return struct(type, isObject(value) ? value : {}, {
    decoding,
    struct: shortName(type.name),
    fields: '',
    path: '',
  });
}

/** A field's part of an object, such as the metadata of a custom resource. */
export function decodeField(type: MapNode, value: JsonObject, field: string, decoding: Decoding): JsonObject {
  return struct(type, value, { decoding, struct: shortName(type.name), fields: field, path: field });
}

function shortName(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

function struct(type: MapNode, value: JsonObject, at: At): JsonObject {
  const result: JsonObject = {};
  const name = shortName(type.name);
  for (const [key, field] of type.fields) {
    const given = Object.hasOwn(value, key) ? (value[key] ?? null) : null;
    const inner = { ...at, struct: name, fields: joined(at.fields, key), path: joined(at.path, key) };
    const decoded = present(field, given, inner);
    if (decoded !== undefined) result[key] = decoded;
  }
  for (const key of Object.keys(value)) {
    if (!type.fields.has(key)) at.decoding.unknown.push(joined(at.path, key));
  }
  return result;
}

function joined(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

function present(field: Field, given: Json, at: At): Json | undefined {
  const decoded = given === null ? null : decodeValue(field.node, given, at);
  switch (field.presence) {
    case 'null':
      return decoded;
    case 'set':
      return decoded === null ? undefined : decoded;
    case 'always':
      if (decoded !== null && (at.decoding.keepEmpty || !isEmptyCollection(decoded, field.node)))
        return decoded;
      return zeroOf(field.node, at);
    case 'filled':
      return isZero(decoded) ? undefined : decoded;
    default:
      return field.presence satisfies never;
  }
}

function isZero(value: Json): boolean {
  if (value === null || value === '' || value === 0 || value === false) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && Object.keys(value).length === 0;
}

function isEmptyCollection(value: Json, node: Node): boolean {
  return isZero(value) && (node.kind === 'list' || (node.kind === 'map' && node.fields.size === 0));
}

/** What Go's zero value of the type looks like in JSON. */
function zeroOf(node: Node, at: At): Json {
  switch (node.kind) {
    case 'scalar':
      return zeroScalar(node.format);
    case 'map':
      return node.fields.size > 0 ? struct(node, {}, at) : null;
    case 'list':
    case 'open':
    case 'any':
      return null;
    default:
      return node satisfies never;
  }
}

function zeroScalar(format: ScalarFormat): Json {
  switch (format) {
    case 'string':
      return '';
    case 'boolean':
      return false;
    case 'int32':
    case 'int64':
    case 'number':
    case 'int-or-string':
      return 0;
    case 'quantity':
      return '0';
    case 'bytes':
    case 'time':
    case 'micro-time':
      return null;
    default:
      return format satisfies never;
  }
}

function decodeValue(node: Node, value: Json, at: At): Json {
  switch (node.kind) {
    case 'open':
    case 'any':
      return value;
    case 'scalar':
      return scalar(node.format, value, at);
    case 'list':
      return list(node, value, at);
    case 'map':
      if (!isObject(value))
        return mismatch(value, node.fields.size > 0 ? goStruct(node.name) : 'map[string]string', at);
      return node.fields.size > 0 ? struct(node, value, at) : plainMap(node, value, at);
    default:
      return node satisfies never;
  }
}

function goStruct(name: string): string {
  const parts = name.split('.');
  return `${parts.at(-2) ?? ''}.${parts.at(-1) ?? ''}`;
}

function plainMap(node: MapNode, value: JsonObject, at: At): Json {
  const result: JsonObject = {};
  for (const [key, of] of Object.entries(value)) {
    const rest = node.rest ?? { kind: 'any' };
    const inner = { ...at, path: joined(at.path, key) };
    setKey(result, key, of === null ? (zeroOf(rest, inner) ?? '') : decodeValue(rest, of, inner));
  }
  return result;
}

function list(node: ListNode, value: Json, at: At): Json {
  if (!Array.isArray(value)) {
    const item = node.item.kind === 'map' && node.item.fields.size > 0 ? goStruct(node.item.name) : 'string';
    return mismatch(value, `[]${item}`, at);
  }
  return value.map((item, i) => {
    const inner = { ...at, path: `${at.path}[${i}]` };
    return item === null ? zeroOf(node.item, inner) : decodeValue(node.item, item, inner);
  });
}

function scalar(format: ScalarFormat, value: Json, at: At): Json {
  switch (format) {
    case 'string':
      return typeof value === 'string' ? value : mismatch(value, 'string', at);
    case 'boolean':
      return typeof value === 'boolean' ? value : mismatch(value, 'bool', at);
    case 'int32':
    case 'int64':
      return integer(format, value, at);
    case 'number':
      return typeof value === 'number' ? value : mismatch(value, 'float64', at);
    case 'bytes':
      return bytes(value, at);
    case 'quantity':
      return quantity(value, at);
    case 'int-or-string':
      if (typeof value === 'string') return value;
      return integer('int32', value, at);
    case 'time':
    case 'micro-time':
      return time(value, format === 'time' ? 0 : 6, at);
    default:
      return format satisfies never;
  }
}

function integer(format: 'int32' | 'int64', value: Json, at: At): Json {
  if (typeof value !== 'number') return mismatch(value, format, at);
  const fits = Number.isInteger(value) && (format === 'int64' || Math.abs(value) < 2 ** 31);
  if (fits) return value;
  return problem(
    at,
    `json: cannot unmarshal number ${value} into Go struct field ${at.struct}.${at.fields} of type ${format}`,
  );
}

function bytes(value: Json, at: At): Json {
  if (typeof value !== 'string') return mismatch(value, '[]uint8', at);
  const text = value.replace(/[\r\n]/g, '');
  const valid = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text);
  if (valid) return text;
  const bad = /[^A-Za-z0-9+/]/.exec(text);
  return problem(
    at,
    `illegal base64 data at input byte ${bad ? bad.index : Math.max(0, text.length - (text.length % 4))}`,
  );
}

function quantity(value: Json, at: At): Json {
  if (typeof value !== 'string' && typeof value !== 'number') return mismatch(value, 'resource.Quantity', at);
  const parsed = parseQuantity(String(value));
  if (parsed) return printQuantity(parsed);
  return problem(
    at,
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
  );
}

function time(value: Json, digits: number, at: At): Json {
  if (typeof value !== 'string') return mismatch(value, 'string', at);
  const valid = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.exec(value);
  const date = new Date(value);
  const layout = digits === 0 ? '2006-01-02T15:04:05Z07:00' : '2006-01-02T15:04:05.000000Z07:00';
  const unread = (rest: string, as: string) =>
    problem(
      at,
      `parsing time ${JSON.stringify(value)} as ${JSON.stringify(layout)}: cannot parse ${JSON.stringify(rest)} as "${as}"`,
    );
  if (!valid || Number.isNaN(date.getTime())) return unread(value, '2006');
  const fractionOf = valid[1] ?? '';
  if (digits > 0 && fractionOf.length !== digits + 1) return unread(`${fractionOf}${valid[2]}`, '.000000');
  const whole = date.toISOString().slice(0, 19);
  if (digits === 0) return `${whole}Z`;
  return `${whole}${fractionOf}Z`;
}

function mismatch(value: Json, type: string, at: At): Json {
  const kind = Array.isArray(value)
    ? 'array'
    : value === null
      ? 'null'
      : typeof value === 'boolean'
        ? 'bool'
        : typeof value;
  return problem(
    at,
    `json: cannot unmarshal ${kind} into Go struct field ${at.struct}.${at.fields} of type ${type}`,
  );
}

function problem(at: At, message: string): Json {
  at.decoding.problem ??= message;
  return null;
}
