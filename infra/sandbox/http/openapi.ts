// /openapi/v3: enough for clients that look up the types of fields and whether patches can be validated.

import type { Json, JsonObject } from '../json.ts';
import type { Cluster } from '../registry/cluster.ts';
import type { ResourceType } from '../registry/resource-type.ts';
import type { Field, MapNode, Node, ScalarFormat } from '../schema/node.ts';

/** The index without a path, a group version's document with one; undefined when there is none. */
export function openApi(cluster: Cluster, path: string): JsonObject | undefined {
  const types = cluster.resources.all();
  if (path === '') {
    const paths: JsonObject = {};
    for (const type of types) {
      const at = pathOf(type);
      paths[at] = { serverRelativeURL: `/openapi/v3/${at}` };
    }
    return { paths };
  }
  const found = types.filter((type) => pathOf(type) === path);
  return found.length > 0 ? documentOf(found) : undefined;
}

function pathOf(type: ResourceType): string {
  return type.group === '' ? `api/${type.version}` : `apis/${type.group}/${type.version}`;
}

function documentOf(types: readonly ResourceType[]): JsonObject {
  const schemas: JsonObject = {};
  const paths: JsonObject = {};
  for (const type of types) {
    const gvk = { group: type.group, version: type.version, kind: type.kind };
    const schema = mapSchema(type.node, schemas);
    schemas[schemaName(type.node)] = { ...schema, 'x-kubernetes-group-version-kind': [gvk] };
    const collection = `/${pathOf(type)}/${type.namespaced ? 'namespaces/{namespace}/' : ''}${type.plural}`;
    const parameters = ['dryRun', 'fieldManager', 'fieldValidation'].map((name) => ({
      name,
      in: 'query',
      schema: { type: 'string' },
    }));
    const action = (name: string) => ({
      'x-kubernetes-action': name,
      'x-kubernetes-group-version-kind': gvk,
      parameters,
    });
    paths[collection] = { get: action('list'), post: action('post') };
    paths[`${collection}/{name}`] = {
      get: action('get'),
      put: action('put'),
      patch: action('patch'),
      delete: action('delete'),
    };
  }
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes sandbox', version: 'v1.35.0+sandbox' },
    paths,
    components: { schemas },
  };
}

function schemaName(node: MapNode): string {
  return node.name.includes('.v1.') || node.name.startsWith('meta.') ? `io.k8s.api.${node.name}` : node.name;
}

function mapSchema(node: MapNode, schemas: JsonObject): JsonObject {
  const schema: JsonObject = { type: 'object' };
  const properties: JsonObject = {};
  for (const [key, field] of node.fields) properties[key] = fieldSchema(field, schemas);
  if (node.fields.size > 0) schema['properties'] = properties;
  const required = [...node.fields].filter(([, field]) => field.required).map(([key]) => key);
  if (required.length > 0) schema['required'] = required;
  if (node.rest)
    schema['additionalProperties'] =
      node.rest.kind === 'open' || node.rest.kind === 'any' ? true : nodeSchema(node.rest, schemas);
  if (node.atomic) schema['x-kubernetes-map-type'] = 'atomic';
  return schema;
}

function fieldSchema(field: Field, schemas: JsonObject): Json {
  const schema = nodeSchema(field.node, schemas);
  if (field.default !== undefined) schema['default'] = field.default;
  if (field.enum) schema['enum'] = [...field.enum];
  return schema;
}

function nodeSchema(node: Node, schemas: JsonObject): JsonObject {
  switch (node.kind) {
    case 'open':
    case 'any':
      return { 'x-kubernetes-preserve-unknown-fields': true };
    case 'scalar':
      return scalarSchema(node.format);
    case 'list': {
      const schema: JsonObject = {
        type: 'array',
        items: nodeSchema(node.item, schemas),
        'x-kubernetes-list-type': node.as,
      };
      if (node.as === 'map') schema['x-kubernetes-list-map-keys'] = [...node.keys];
      if (node.patch !== '') schema['x-kubernetes-patch-strategy'] = node.patch;
      if (node.patchKey !== '') schema['x-kubernetes-patch-merge-key'] = node.patchKey;
      return schema;
    }
    case 'map': {
      if (node.name === '') return mapSchema(node, schemas);
      const name = schemaName(node);
      if (schemas[name] === undefined) {
        schemas[name] = {}; // a type may contain itself
        schemas[name] = mapSchema(node, schemas);
      }
      return { allOf: [{ $ref: `#/components/schemas/${name}` }] };
    }
    default:
      return node satisfies never;
  }
}

function scalarSchema(format: ScalarFormat): JsonObject {
  switch (format) {
    case 'string':
    case 'boolean':
    case 'number':
      return { type: format };
    case 'int32':
    case 'int64':
      return { type: 'integer', format };
    case 'bytes':
      return { type: 'string', format: 'byte' };
    case 'time':
    case 'micro-time':
      return { type: 'string', format: 'date-time' };
    case 'quantity':
      return { oneOf: [{ type: 'string' }, { type: 'number' }] };
    case 'int-or-string':
      return { format: 'int-or-string', oneOf: [{ type: 'integer' }, { type: 'string' }] };
    default:
      return format satisfies never;
  }
}
