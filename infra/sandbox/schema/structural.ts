// The schema of a custom resource: read once, then used to prune, to fill in defaults and as the type of its fields.

import { isObject, type Json, type JsonObject, listOf, setKey, stringOf } from '../json.ts';
import { builtinType } from './builtin.ts';
import { ANY, type Field, type MapNode, type Node, OPEN, OPEN_MAP } from './node.ts';

export interface Structural {
  readonly type: string;
  readonly format: string;
  readonly properties: ReadonlyMap<string, Structural>;
  /** of keys that are no property; undefined: there are none */
  readonly additional: Structural | undefined;
  readonly items: Structural | undefined;
  readonly preserve: boolean;
  readonly intOrString: boolean;
  readonly embedded: boolean;
  readonly nullable: boolean;
  readonly default: Json | undefined;
  readonly listType: 'atomic' | 'set' | 'map';
  readonly listKeys: readonly string[];
  readonly atomicMap: boolean;
  /** the schema as given: what validation reads */
  readonly source: JsonObject;
}

const MAX_DEPTH = 100;

/** Reads `openAPIV3Schema`. Too deep a schema takes anything below the limit. */
export function readStructural(source: JsonObject, depth = 0): Structural {
  const properties = new Map<string, Structural>();
  const inner = (of: JsonObject) => readStructural(of, depth + 1);
  if (isObject(source['properties']) && depth < MAX_DEPTH) {
    for (const [name, of] of Object.entries(source['properties']))
      if (isObject(of)) properties.set(name, inner(of));
  }
  const additional = source['additionalProperties'];
  const items = source['items'];
  const listType = source['x-kubernetes-list-type'];
  return {
    type: stringOf(source['type']),
    format: stringOf(source['format']),
    properties,
    additional: isObject(additional) ? inner(additional) : additional === true ? inner({}) : undefined,
    items: isObject(items) ? inner(items) : undefined,
    preserve: source['x-kubernetes-preserve-unknown-fields'] === true || depth >= MAX_DEPTH,
    intOrString: source['x-kubernetes-int-or-string'] === true,
    embedded: source['x-kubernetes-embedded-resource'] === true,
    nullable: source['nullable'] === true,
    default: source['default'],
    listType: listType === 'set' || listType === 'map' ? listType : 'atomic',
    listKeys: listOf(source['x-kubernetes-list-map-keys']).map(stringOf),
    atomicMap: source['x-kubernetes-map-type'] === 'atomic',
    source,
  };
}

/** The type of a custom resource with this schema; without a schema everything is open. */
export function customNode(schema: Structural | undefined, name: string): MapNode {
  const fields = new Map<string, Field>();
  if (schema) for (const [key, of] of schema.properties) fields.set(key, fieldOf(of, schema.preserve));
  fields.set('apiVersion', plainField({ kind: 'scalar', format: 'string' }));
  fields.set('kind', plainField({ kind: 'scalar', format: 'string' }));
  fields.set('metadata', plainField(builtinType('meta.v1.ObjectMeta')));
  const rest = !schema || schema.preserve || schema.properties.size === 0 ? OPEN : undefined;
  return { kind: 'map', name, fields, rest, atomic: false };
}

function plainField(node: Node): Field {
  return { node, presence: 'set', default: undefined, enum: undefined, required: false };
}

function fieldOf(schema: Structural, preserve: boolean): Field {
  return { ...plainField(nodeOf(schema, preserve)), default: schema.default };
}

function nodeOf(schema: Structural, inherited: boolean): Node {
  const preserve = inherited || schema.preserve;
  switch (schema.type) {
    case 'object':
      return mapNode(schema, preserve);
    case 'array':
      return {
        kind: 'list',
        item: schema.items ? nodeOf(schema.items, preserve) : ANY,
        as: schema.listType,
        keys: schema.listKeys,
        patch: '',
        patchKey: '',
      };
    case 'integer':
    case 'number':
      return { kind: 'scalar', format: 'number' };
    case 'boolean':
      return { kind: 'scalar', format: 'boolean' };
    case 'string':
      // a string with a format takes any scalar, as the API server's converter has it
      return {
        kind: 'scalar',
        format: schema.format === '' || schema.format === 'byte' ? 'string' : 'int-or-string',
      };
    default:
      return OPEN;
  }
}

function mapNode(schema: Structural, preserve: boolean): MapNode {
  const fields = new Map<string, Field>();
  for (const [key, of] of schema.properties) fields.set(key, fieldOf(of, preserve));
  if (schema.embedded) {
    fields.set('apiVersion', plainField({ kind: 'scalar', format: 'string' }));
    fields.set('kind', plainField({ kind: 'scalar', format: 'string' }));
    fields.set('metadata', plainField(builtinType('meta.v1.ObjectMeta')));
  }
  const rest = schema.additional
    ? nodeOf(schema.additional, preserve)
    : preserve || fields.size === 0
      ? OPEN
      : undefined;
  if (fields.size === 0 && rest === OPEN && !schema.atomicMap) return OPEN_MAP;
  return { kind: 'map', name: '', fields, rest, atomic: schema.atomicMap };
}

const META = new Set(['apiVersion', 'kind', 'metadata']);

/** The value without fields that the schema does not know; their paths go to `unknown`. */
export function prune(value: Json, schema: Structural | undefined, unknown: string[], path = ''): Json {
  if (Array.isArray(value)) return value.map((item, i) => pruneItem(item, schema, unknown, `${path}[${i}]`));
  if (!isObject(value)) return value;
  const result: JsonObject = {};
  for (const [key, of] of Object.entries(value)) {
    const at = path === '' ? key : `${path}.${key}`;
    if (META.has(key) && (path === '' || schema?.embedded)) {
      setKey(result, key, of);
      continue;
    }
    const property = schema?.properties.get(key) ?? schema?.additional;
    if (property) setKey(result, key, prune(of, property, unknown, at));
    else if (schema?.preserve) setKey(result, key, of);
    else unknown.push(at);
  }
  return result;
}

function pruneItem(item: Json, schema: Structural | undefined, unknown: string[], path: string): Json {
  // below what is preserved, lists without a schema of their own stay as they are
  if (schema?.preserve && !schema.items) return item;
  return prune(item, schema?.items, unknown, path);
}

/** The value without nulls where null is not allowed and no default stands by. */
export function dropNulls(value: Json, schema: Structural | undefined): Json {
  if (!schema) return value;
  if (Array.isArray(value)) return value.map((item) => dropNulls(item, schema.items));
  if (!isObject(value)) return value;
  const result: JsonObject = {};
  for (const [key, of] of Object.entries(value)) {
    const property = schema.properties.get(key) ?? schema.additional;
    if (of === null && property && !property.nullable && property.default === undefined) continue;
    setKey(result, key, dropNulls(of, property));
  }
  return result;
}

export function fillDefaults(value: Json, schema: Structural | undefined): Json {
  if (!schema) return value;
  if (Array.isArray(value)) {
    return value.map((item) =>
      fillDefaults(missing(item, schema.items) ? (schema.items?.default ?? null) : item, schema.items),
    );
  }
  if (!isObject(value)) return value;
  const result: JsonObject = {};
  for (const [key, of] of Object.entries(value)) {
    const property = schema.properties.get(key) ?? schema.additional;
    const filled = missing(of, property) && property?.default !== undefined ? property.default : of;
    setKey(result, key, fillDefaults(filled, property));
  }
  for (const [key, property] of schema.properties) {
    if (property.default !== undefined && !Object.hasOwn(result, key)) {
      setKey(result, key, fillDefaults(property.default, property));
    }
  }
  return result;
}

function missing(value: Json, schema: Structural | undefined): boolean {
  return value === null && schema !== undefined && !schema.nullable;
}
