/** The hub as the agent asks it: every request is signed by the agent's key, every answer is checked. */
import { createHash } from 'node:crypto';
import type { z } from 'zod';
import {
  type BundleReport,
  type Capabilities,
  type EnrolRequest,
  enrolAnswerSchema,
  header,
  type PlanAnswer,
  PROTOCOL_VERSION,
  reportAnswerSchema,
  requestText,
  syncAnswerSchema,
} from '../engine/delivery/protocol.ts';
import type { AgentId, ApplicationUid } from '../engine/ids.ts';
import type { AgentKey } from './identity.ts';

const TIMEOUT_MS = 30_000;
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/** The hub's answer was not 2xx, or was none. `code` is the problem's, as far as it said one. */
export class HubError extends Error {
  override readonly name = 'HubError';
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export interface Have {
  readonly application: ApplicationUid;
  readonly sequence: number;
}

export class Hub {
  private readonly base: URL;
  private readonly key: AgentKey;

  constructor(base: string, key: AgentKey) {
    this.base = new URL(base);
    this.key = key;
  }

  enrol(request: EnrolRequest): Promise<z.output<typeof enrolAnswerSchema>> {
    return this.post('/agent/v1/enrol', request, { agent: '', counter: 0 }, enrolAnswerSchema);
  }

  sync(
    agent: AgentId,
    have: readonly Have[],
    capabilities: Capabilities | undefined,
  ): Promise<z.output<typeof syncAnswerSchema>> {
    const body = { v: PROTOCOL_VERSION, have, ...(capabilities && { capabilities }) };
    return this.post('/agent/v1/sync', body, { agent, counter: 0 }, syncAnswerSchema);
  }

  /** Says what has become of bundles, or answers plans. */
  async report(
    agent: AgentId,
    counter: number,
    said: { readonly reports?: readonly BundleReport[]; readonly plans?: readonly PlanAnswer[] },
  ): Promise<void> {
    const { reports = [], plans } = said;
    const body = { v: PROTOCOL_VERSION, counter, reports, plans };
    await this.post('/agent/v1/report', body, { agent, counter }, reportAnswerSchema);
  }

  /** Address and headers of the wake socket. */
  wake(agent: AgentId): { readonly url: URL; readonly headers: Record<string, string> } {
    const url = this.at('/agent/v1/wake');
    const headers = this.sign('GET', url, '', { agent, counter: 0 });
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    return { url, headers };
  }

  private at(path: string): URL {
    return new URL(this.base.pathname.replace(/\/$/, '') + path, this.base);
  }

  private sign(
    method: string,
    url: URL,
    body: string,
    who: { agent: string; counter: number },
  ): Record<string, string> {
    const time = Date.now();
    const bodySha256 = createHash('sha256').update(body).digest('hex');
    const text = requestText({ method, path: url.pathname, time, counter: who.counter, bodySha256 });
    return {
      [header.agent]: who.agent,
      [header.time]: String(time),
      [header.counter]: String(who.counter),
      [header.signature]: this.key.sign(text),
    };
  }

  private async post<S extends z.ZodType>(
    path: string,
    body: unknown,
    who: { agent: string; counter: number },
    schema: S,
  ): Promise<z.output<S>> {
    const url = this.at(path);
    const text = JSON.stringify(body);
    const headers = { 'content-type': 'application/json', ...this.sign('POST', url, text, who) };
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body: text,
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).catch((cause: unknown) => {
      throw new HubError(0, '', `the hub cannot be reached (${causeOf(cause)})`);
    });
    const answer = await readJson(response);
    if (!response.ok) throw problemOf(response.status, answer);
    const parsed = schema.safeParse(answer);
    if (!parsed.success)
      throw new HubError(response.status, '', 'the hub answered what this agent cannot read');
    return parsed.data;
  }
}

function causeOf(cause: unknown): string {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  if (!(inner instanceof Error)) return 'unknown';
  return 'code' in inner ? String(inner.code) : inner.name;
}

async function readJson(response: Response): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES)
      throw new HubError(response.status, '', 'the answer of the hub is too large');
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return undefined;
  }
}

function problemOf(status: number, answer: unknown): HubError {
  const problem = typeof answer === 'object' && answer !== null ? answer : {};
  const code = 'code' in problem && typeof problem.code === 'string' ? problem.code : '';
  const detail = 'detail' in problem && typeof problem.detail === 'string' ? problem.detail : '';
  return new HubError(status, code, detail || `the hub answered ${status}`);
}
