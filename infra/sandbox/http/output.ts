// Answers: JSON, or YAML where it is asked for; whole objects or only their metadata.

import type { ServerResponse } from 'node:http';
import YAML from 'yaml';
import { isObject, type Json, type JsonObject, listOf } from '../json.ts';
import { StatusError } from '../registry/status-error.ts';

export interface Output {
  readonly format: 'json' | 'yaml';
  readonly metadataOnly: boolean;
}

const JSON_OUTPUT: Output = { format: 'json', metadataOnly: false };

/** The first of the accepted types that can be served. Throws 406 when none can. */
export function outputOf(accept: string | undefined): Output {
  if (!accept) return JSON_OUTPUT;
  for (const part of accept.split(',')) {
    const [type, ...parameters] = part.split(';').map((one) => one.trim());
    const as = parameters.find((one) => one.startsWith('as='))?.slice(3);
    if (as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList') {
      if (type === 'application/json') return { format: 'json', metadataOnly: true };
      continue;
    }
    if (as !== undefined) continue;
    if (type === 'application/json' || type === '*/*' || type === 'application/*') return JSON_OUTPUT;
    if (type === 'application/yaml') return { format: 'yaml', metadataOnly: false };
  }
  throw new StatusError(
    406,
    'NotAcceptable',
    'only the following media types are accepted: application/json, application/yaml',
  );
}

export function shaped(value: JsonObject, output: Output): JsonObject {
  if (!output.metadataOnly || value['kind'] === 'Status') return value;
  if (Array.isArray(value['items'])) {
    const items = listOf(value['items']).filter(isObject).map(metadataOf);
    return {
      kind: 'PartialObjectMetadataList',
      apiVersion: 'meta.k8s.io/v1',
      metadata: value['metadata'] ?? {},
      items,
    };
  }
  return metadataOf(value);
}

function metadataOf(object: JsonObject): JsonObject {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object['metadata'] ?? {} };
}

export function send(
  response: ServerResponse,
  code: number,
  value: Json,
  output: Output = JSON_OUTPUT,
): void {
  const text = output.format === 'yaml' ? YAML.stringify(value) : `${JSON.stringify(value)}\n`;
  response.writeHead(code, {
    'content-type': output.format === 'yaml' ? 'application/yaml' : 'application/json',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-cache, private',
  });
  response.end(text);
}

export function sendText(response: ServerResponse, code: number, text: string): void {
  response.writeHead(code, {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

export function sendError(response: ServerResponse, error: StatusError): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const retry = error.details?.retryAfterSeconds;
  if (retry !== undefined) response.setHeader('retry-after', String(retry));
  send(response, error.code, error.body());
}
