// Request bodies: capped while they stream, then JSON or YAML.

import type { IncomingMessage } from 'node:http';
import YAML from 'yaml';
import type { Json } from '../json.ts';
import { badRequest, StatusError } from '../registry/status-error.ts';

export const MAX_BODY_BYTES = 3 * 1024 * 1024;
const MAX_DEPTH = 500;

export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length; // no encoding is set: Buffers
    if (bytes > MAX_BODY_BYTES) {
      throw new StatusError(
        413,
        'RequestEntityTooLarge',
        `Request entity too large: limit is ${MAX_BODY_BYTES}`,
      );
    }
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

export type BodyFormat = 'json' | 'yaml';

/** The value of a body; an empty one is null. Throws 400 with the parser's sentence. */
export function parseBody(text: string, format: BodyFormat, what: string): Json {
  if (text.trim() === '') return null;
  try {
    const value = format === 'json' ? parseJson(text) : parseYaml(text);
    checkDepth(value, 0);
    return value;
  } catch (error) {
    if (error instanceof StatusError) throw error;
    const message = error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'unreadable';
    throw badRequest(
      format === 'json' ? `${what}: json parse error: ${message}` : `error decoding YAML: ${message}`,
    );
  }
}

function parseJson(text: string): Json {
  return JSON.parse(text) as Json; // what JSON.parse gives is Json
}

/** YAML 1.1, dates left as text; JSON is YAML and is read as JSON, which is faster. */
function parseYaml(text: string): Json {
  if (/^\s*[{[]/.test(text)) {
    try {
      return parseJson(text);
    } catch {
      // flow style that is not JSON
    }
  }
  const value: unknown = YAML.parse(text, {
    version: '1.1',
    uniqueKeys: false,
    maxAliasCount: 100,
    customTags: (tags) => tags.filter((tag) => typeof tag === 'string' || !/timestamp|binary/.test(tag.tag)),
  });
  return JSON.parse(JSON.stringify(value ?? null)) as Json; // through JSON, so that nothing else is left in it
}

function checkDepth(value: Json, depth: number): void {
  if (depth > MAX_DEPTH) throw badRequest('the object is nested too deeply');
  if (typeof value !== 'object' || value === null) return;
  for (const inner of Object.values(value)) checkDepth(inner as Json, depth + 1);
}
