/**
 * isomorphic-git's HTTP client over an Egress port: every request goes through the guard, answers are counted while
 * they stream, and a pack is looked through before it is handed on.
 */
import { Fault } from '../../engine/fault.ts';
import type { Egress } from '../ports.ts';
import { guardPack, type PackBudget, packOf } from './pack-guard.ts';

export interface GitBudget {
  /** Bytes that may be received in one read. */
  readonly receivedBytes: number;
  readonly pack: PackBudget;
  /** Milliseconds that one request may take. */
  readonly timeoutMs: number;
}

export const defaultGitBudget: GitBudget = {
  receivedBytes: 20 * 1024 * 1024,
  pack: { totalBytes: 64 * 1024 * 1024, objectBytes: 16 * 1024 * 1024, objects: 50_000 },
  timeoutMs: 20_000,
};

export interface GitRequest {
  readonly url: string;
  readonly method?: string | undefined;
  readonly headers?: Record<string, string> | undefined;
  readonly body?: AsyncIterable<Uint8Array> | readonly Uint8Array[] | undefined;
}

async function joined(
  parts: AsyncIterable<Uint8Array> | readonly Uint8Array[],
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  for await (const part of parts) chunks.push(part);
  const all = new Uint8Array(chunks.reduce((size, chunk) => size + chunk.byteLength, 0));
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.byteLength;
  }
  return all;
}

/** The whole answer; a longer one is the repository's fault. */
async function bounded(response: Response, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    if (error instanceof Fault && error.code === 'egress.failed') {
      throw new Fault('git.too_large', `The Git server sends more than ${maxBytes} bytes.`, { cause: error });
    }
    throw error;
  }
}

async function* once(bytes: Uint8Array): AsyncIterableIterator<Uint8Array> {
  yield bytes;
}

/** A client for one read of one repository; its budget is spent over all requests together. */
export function gitHttp(egress: Egress, budget: GitBudget, credentials: string | null) {
  let received = 0;
  return {
    async request({ url, method = 'GET', headers = {}, body }: GitRequest) {
      const request = new Request(url, {
        method,
        headers: credentials === null ? headers : { ...headers, authorization: credentials },
        ...(body === undefined ? {} : { body: await joined(body) }),
      });
      const maxBytes = budget.receivedBytes - received;
      const response = await egress.fetch(request, { maxBytes, timeoutMs: budget.timeoutMs });
      const bytes = await bounded(response, maxBytes);
      received += bytes.byteLength;
      const pack = method === 'POST' ? packOf(bytes) : null;
      if (pack !== null) guardPack(pack, budget.pack);
      return {
        url,
        method,
        statusCode: response.status,
        statusMessage: response.statusText,
        headers: Object.fromEntries(response.headers),
        body: once(bytes),
      };
    },
  };
}
