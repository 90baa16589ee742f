// A bare HTTPS client of a Kubernetes API, for contracts that compare what servers answer.

import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import path from 'node:path';
import YAML from 'yaml';

export interface ClusterAccess {
  readonly url: string;
  /** PEM */
  readonly ca: string;
  readonly token: string;
}

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export interface Answer {
  readonly code: number;
  readonly body: Json;
  readonly warnings: readonly string[];
}

export interface Asked {
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Json | string;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const REQUEST_MS = 30_000;

export class KubeHttp {
  readonly #access: ClusterAccess;
  readonly #agent: Agent;

  constructor(access: ClusterAccess) {
    this.#access = access;
    this.#agent = new Agent({ keepAlive: true, ca: access.ca, maxSockets: 8 });
  }

  ask(
    method: string,
    at: string,
    { query = {}, body, contentType, headers = {} }: Asked = {},
  ): Promise<Answer> {
    const search = new URLSearchParams(query).toString();
    const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const call = request(
        `${this.#access.url}${at}${search === '' ? '' : `?${search}`}`,
        {
          method,
          agent: this.#agent,
          timeout: REQUEST_MS,
          headers: {
            authorization: `Bearer ${this.#access.token}`,
            'user-agent': 'contract/1.0',
            ...(text === undefined
              ? {}
              : {
                  'content-type': contentType ?? 'application/json',
                  'content-length': Buffer.byteLength(text),
                }),
            ...headers,
          },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => {
            const warning = response.headersDistinct['warning'] ?? [];
            const code = response.statusCode ?? 0;
            resolve({ code, body: parsed(Buffer.concat(chunks).toString('utf8')), warnings: warning });
          });
        },
      );
      call.on('timeout', () => call.destroy(new Error(`${method} ${at} took too long`)));
      call.on('error', reject);
      call.end(text);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json; // what JSON.parse gives is Json
  } catch {
    return text;
  }
}

/** The cluster and user of a kubeconfig's current context (token access only). */
export function accessFrom(file: string): ClusterAccess {
  const config = YAML.parse(readFileSync(file, 'utf8')) as Kubeconfig; // kubectl's own format
  const context = config.contexts.find((one) => one.name === config['current-context'])?.context;
  const cluster = config.clusters.find((one) => one.name === context?.cluster)?.cluster;
  const token = config.users.find((one) => one.name === context?.user)?.user.token;
  if (!cluster || !token) throw new Error(`${file} has no current context with a token`);
  const data = cluster['certificate-authority-data'];
  const caFile = path.resolve(path.dirname(file), cluster['certificate-authority'] ?? '');
  const ca = data === undefined ? readFileSync(caFile, 'utf8') : Buffer.from(data, 'base64').toString('utf8');
  return { url: cluster.server, ca, token };
}

interface Kubeconfig {
  'current-context': string;
  contexts: { name: string; context: { cluster: string; user: string } }[];
  clusters: {
    name: string;
    cluster: { server: string; 'certificate-authority-data'?: string; 'certificate-authority'?: string };
  }[];
  users: { name: string; user: { token?: string } }[];
}
