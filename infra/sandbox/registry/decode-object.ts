// From a request's body to an object of the kind: types checked, unknown fields dropped, defaults filled in.

import { defaultsOf } from '../defaults/kinds.ts';
import { copyJson, isObject, type Json, type JsonObject, stringOf } from '../json.ts';
import type { KubeObject } from '../kube-object.ts';
import { builtinType } from '../schema/builtin.ts';
import { type Decoding, decode, decodeField, newDecoding } from '../schema/decode.ts';
import { dropNulls, fillDefaults, prune } from '../schema/structural.ts';
import type { ResourceType } from './resource-type.ts';
import { badRequest } from './status-error.ts';
import type { WriteOptions } from './target.ts';

export interface Decoded {
  readonly object: KubeObject;
  readonly problem: string | undefined;
  readonly unknown: readonly string[];
}

/** Takes any JSON object for one of the kind; what does not fit is reported, not thrown. */
export function decodeObject(type: ResourceType, body: JsonObject, keepEmpty = false): Decoded {
  const decoding = newDecoding(keepEmpty);
  const decoded = type.custom ? decodeCustom(type, body, decoding) : decode(type.node, body, decoding);
  // kind and apiVersion are set here, metadata by the type
  const object = { ...decoded, kind: type.kind, apiVersion: type.apiVersion } as JsonObject as KubeObject;
  if (decoding.problem === undefined && !type.custom) defaultsOf(type.group, type.kind)(object);
  return { object, problem: decoding.problem, unknown: decoding.unknown };
}

function decodeCustom(type: ResourceType, body: JsonObject, decoding: Decoding): JsonObject {
  const schema = type.custom?.schema;
  const given = isObject(body['metadata']) ? body['metadata'] : {};
  const inner = newDecoding();
  const metadata = decodeField(builtinType('meta.v1.ObjectMeta'), given, '', inner);
  decoding.problem ??= inner.problem;
  decoding.unknown.push(...inner.unknown.map((field) => `metadata.${field}`));
  if (!schema) return { ...copyJson(body), metadata };
  const pruned = dropNulls(prune({ ...body, metadata: {} }, schema, decoding.unknown), schema);
  return { ...(fillDefaults(pruned, schema) as JsonObject), metadata }; // an object stays one
}

/** A copy in the form and order in which the store keeps it. */
export function ordered(type: ResourceType, object: KubeObject): KubeObject {
  if (type.custom) return copyJson(object);
  const decoded = decode(type.node, object, newDecoding());
  return { ...decoded, kind: type.kind, apiVersion: type.apiVersion } as JsonObject as KubeObject; // the same object
}

/** Fills in an object that was put together here, such as the result of an apply. */
export function completed(type: ResourceType, object: JsonObject): Decoded {
  if (!type.custom) return decodeObject(type, object);
  const { metadata: given, ...rest } = object;
  const inner = newDecoding();
  const metadata = decodeField(builtinType('meta.v1.ObjectMeta'), isObject(given) ? given : {}, '', inner);
  const filled = fillDefaults(copyJson(rest), type.custom.schema) as JsonObject; // an object stays one
  const complete = { ...filled, metadata, kind: type.kind, apiVersion: type.apiVersion };
  return { object: complete as JsonObject as KubeObject, problem: inner.problem, unknown: [] }; // as above
}

/** Decodes the body of a create or a replace, or throws 400; unknown fields are warned of or refused. */
export function decodeBody(type: ResourceType, body: Json, { validation, warn }: WriteOptions): KubeObject {
  if (!isObject(body)) {
    throw badRequest(
      `the object provided is unrecognized (must be of type ${type.kind}): couldn't get version/kind`,
    );
  }
  checkKind(type, body);
  const { object, problem, unknown } = decodeObject(type, body, true);
  if (problem !== undefined) throw badRequest(cannotHandle(type, problem));
  const messages = unknown.map((field) => `unknown field ${JSON.stringify(field)}`);
  if (validation === 'Strict' && messages.length > 0) {
    throw badRequest(cannotHandle(type, `strict decoding error: ${messages.join(', ')}`));
  }
  if (validation === 'Warn') for (const message of messages) warn(message);
  return object;
}

function cannotHandle(type: ResourceType, problem: string): string {
  return `${type.kind} in version ${JSON.stringify(type.version)} cannot be handled as a ${type.kind}: ${problem}`;
}

function checkKind(type: ResourceType, body: JsonObject): void {
  const kind = stringOf(body['kind']);
  const apiVersion = stringOf(body['apiVersion']);
  if (type.custom && (kind === '' || apiVersion === '')) {
    const missing = kind === '' ? 'Kind' : 'apiVersion';
    const text = JSON.stringify(body);
    throw badRequest(
      `the object provided is unrecognized (must be of type ${type.kind}): Object '${missing}' is missing in '${text}' (${text.slice(0, 30)} ...)`,
    );
  }
  if (apiVersion !== '' && apiVersion !== type.apiVersion) {
    throw badRequest(
      `the API version in the data (${apiVersion}) does not match the expected API version (${type.apiVersion})`,
    );
  }
  if (kind !== '' && kind !== type.kind) {
    const group = type.group === '' ? 'core' : type.group;
    throw badRequest(
      `${kind} in version ${JSON.stringify(type.version)} cannot be handled as a ${type.kind}: converting (${type.version}.${kind}) to (${group}.${type.kind}): unknown conversion`,
    );
  }
}
