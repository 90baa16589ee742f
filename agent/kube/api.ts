/**
 * Requests to one Kubernetes API server. Credentials, CA and proxy are the kubeconfig's; connections are kept
 * open here, since the client library opens new ones for each request.
 */
import http from 'node:http';
import https from 'node:https';
import { KubeConfig } from '@kubernetes/client-node';
import type { JsonObject } from '../../engine/json.ts';
import { kubeError, unreachable } from './errors.ts';

const REQUEST_TIMEOUT_MS = 30_000;
const MAX_SOCKETS = 32;
/** An object is at most 1.5 MiB in etcd; a page of a list holds 500 of them. */
const MAX_ANSWER_BYTES = 256 * 1024 * 1024;

export interface KubeRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly contentType?: string;
  readonly accept?: string;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

export interface KubeApi {
  /** The answer's JSON. Throws KubeError. */
  json(request: KubeRequest): Promise<JsonObject>;
  /** The lines of an answer that does not end soon. Throws KubeError; ends when the server ends it. */
  lines(request: KubeRequest): AsyncIterable<string>;
  readonly server: string;
  close(): void;
}

/** The cluster of a kubeconfig's current context, or the one that this process runs in. */
export function connect(source: { readonly kubeconfig: string } | 'in-cluster'): KubeApi {
  const config = new KubeConfig();
  if (source === 'in-cluster') config.loadFromCluster();
  else config.loadFromFile(source.kubeconfig);
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw new Error('the kubeconfig names no current cluster');
  return new ServerApi(config, new URL(cluster.server), cluster.proxyUrl !== undefined);
}

class ServerApi implements KubeApi {
  private readonly config: KubeConfig;
  private readonly base: URL;
  private readonly proxied: boolean;
  private pool: https.Agent | http.Agent | undefined;

  constructor(config: KubeConfig, base: URL, proxied: boolean) {
    this.config = config;
    this.base = base;
    this.proxied = proxied;
  }

  get server(): string {
    return this.base.origin;
  }

  close(): void {
    this.pool?.destroy();
  }

  async json(request: KubeRequest): Promise<JsonObject> {
    const { response, status } = await this.send(request, REQUEST_TIMEOUT_MS);
    const body = await readAll(response);
    if (status < 200 || status > 299) throw kubeError(status, body);
    // Every 2xx of the API is a JSON object: a kind, a list or a Status.
    return JSON.parse(body) as JsonObject;
  }

  async *lines(request: KubeRequest): AsyncIterable<string> {
    const { response, status } = await this.send(request, 0);
    if (status < 200 || status > 299) throw kubeError(status, await readAll(response));
    let rest = '';
    try {
      response.setEncoding('utf8');
      for await (const chunk of response) {
        const parts = (rest + String(chunk)).split('\n');
        rest = parts.pop() ?? '';
        for (const line of parts) if (line !== '') yield line;
      }
    } catch (cause) {
      throw unreachable(cause);
    } finally {
      response.destroy();
    }
  }

  private async send(
    request: KubeRequest,
    timeoutMs: number,
  ): Promise<{ response: http.IncomingMessage; status: number }> {
    const payload = request.body === undefined ? undefined : JSON.stringify(request.body);
    const options = await this.options(request, payload);
    const secure = this.base.protocol === 'https:';
    return new Promise((resolve, reject) => {
      const sent = (secure ? https : http).request(options, (response) =>
        resolve({ response, status: response.statusCode ?? 0 }),
      );
      sent.on('error', (cause) => reject(unreachable(cause)));
      if (timeoutMs > 0) sent.setTimeout(timeoutMs, () => sent.destroy(new Error('timeout')));
      const { signal } = request;
      if (signal?.aborted) sent.destroy(new Error('aborted'));
      signal?.addEventListener('abort', () => sent.destroy(new Error('aborted')), { once: true });
      sent.end(payload);
    });
  }

  private async options(request: KubeRequest, payload: string | undefined): Promise<https.RequestOptions> {
    const options: https.RequestOptions = {};
    await this.config.applyToHTTPSOptions(options);
    const url = new URL(this.base.pathname.replace(/\/$/, '') + request.path, this.base);
    for (const [name, value] of Object.entries(request.query ?? {})) {
      if (value !== undefined) url.searchParams.set(name, value);
    }
    // Node gives a DELETE with a body neither length nor encoding, and the next request on the connection breaks.
    const length = payload === undefined ? {} : { 'content-length': Buffer.byteLength(payload) };
    const type = payload === undefined ? {} : { 'content-type': request.contentType ?? 'application/json' };
    return {
      ...options,
      agent: this.proxied ? options.agent : this.poolFor(options),
      method: request.method,
      hostname: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port,
      path: url.pathname + url.search,
      headers: {
        ...(options.headers ?? {}),
        accept: request.accept ?? 'application/json',
        ...type,
        ...length,
      },
    };
  }

  private poolFor(options: https.RequestOptions): https.Agent | http.Agent {
    if (this.pool !== undefined) return this.pool;
    const keep = { keepAlive: true, maxSockets: MAX_SOCKETS, keepAliveMsecs: 30_000 };
    const { ca, cert, key, pfx, passphrase, servername, rejectUnauthorized } = options;
    const tls = { ca, cert, key, pfx, passphrase, servername, rejectUnauthorized };
    const given = Object.fromEntries(Object.entries(tls).filter(([, value]) => value !== undefined));
    this.pool =
      this.base.protocol === 'https:' ? new https.Agent({ ...keep, ...given }) : new http.Agent(keep);
    return this.pool;
  }
}

async function readAll(response: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of response) {
      // A response without encoding gives Buffers.
      const bytes = chunk as Buffer;
      size += bytes.length;
      if (size > MAX_ANSWER_BYTES) throw new Error('the answer is too large');
      chunks.push(bytes);
    }
  } catch (cause) {
    throw unreachable(cause);
  }
  return Buffer.concat(chunks).toString('utf8');
}
