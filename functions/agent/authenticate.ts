/**
 * Who an agent is: each request is signed by its key over method, path, time, counter and body. Whatever is wrong
 * with one, the answer is the same; only a clock that is off and a counter that was used are named, so that an
 * agent that is genuine can be mended.
 */
import type { Agent, Cluster } from '../../db/model/cluster.ts';
import { decodeBase64url } from '../../engine/delivery/base64url.ts';
import { header, MAX_CLOCK_SKEW_MS, requestText } from '../../engine/delivery/protocol.ts';
import { Fault } from '../../engine/fault.ts';
import { isId } from '../../engine/ids.ts';
import type { Deps } from '../deps.ts';

export type AgentDeps = Pick<Deps, 'stores' | 'queue' | 'wake' | 'clock' | 'hub' | 'log'>;

export interface AgentRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer>;
}

export interface AgentCaller {
  readonly agent: Agent;
  readonly cluster: Cluster;
  readonly counter: number;
}

const refused = () =>
  new Fault('auth.invalid', 'This agent is not known here, or its signature does not fit.');

/** The agent behind a request, active and of an active cluster. Faults `auth.invalid`, `agent.clock`. */
export async function authenticateAgent(deps: AgentDeps, request: AgentRequest): Promise<AgentCaller> {
  const id = request.headers.get(header.agent) ?? '';
  if (!isId('agent', id)) throw refused();
  const found = await deps.stores.directory.agent(id);
  if (found === undefined) throw refused();
  const { agent, cluster } = found;
  const counter = await verifySigned(deps, request, agent.publicKey);
  if (agent.state !== 'active' || cluster.state !== 'active') throw refused();
  return { agent, cluster, counter };
}

/** For requests that change something: the same, and a counter above all before it. Fault `agent.replayed`. */
export async function authenticateWrite(deps: AgentDeps, request: AgentRequest): Promise<AgentCaller> {
  const caller = await authenticateAgent(deps, request);
  const { agents } = deps.stores.of(caller.agent.tenant);
  if (caller.counter < 1 || !(await agents.acceptCounter(caller.agent.id, caller.counter))) {
    throw new Fault('agent.replayed', 'The counter of this request was used before.');
  }
  return caller;
}

/** Checks time and signature against a public key; gives the signed counter. */
export async function verifySigned(
  deps: Pick<AgentDeps, 'clock'>,
  request: AgentRequest,
  publicKey: string,
): Promise<number> {
  const time = numberOf(request.headers.get(header.time));
  const counter = numberOf(request.headers.get(header.counter));
  const signature = decodeBase64url(request.headers.get(header.signature) ?? '');
  const key = await importKey(publicKey);
  if (time === undefined || counter === undefined || signature?.length !== 64 || key === undefined)
    throw refused();
  const { method, path } = request;
  const text = requestText({ method, path, time, counter, bodySha256: await hexSha256(request.body) });
  const bytes = new TextEncoder().encode(text);
  if (!(await crypto.subtle.verify('Ed25519', key, signature, bytes))) throw refused();
  if (Math.abs(deps.clock.now() - time) > MAX_CLOCK_SKEW_MS) {
    throw new Fault('agent.clock', "The agent's clock is more than five minutes off.");
  }
  return counter;
}

function numberOf(text: string | null): number | undefined {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

async function importKey(
  publicKey: string,
): Promise<Awaited<ReturnType<typeof crypto.subtle.importKey>> | undefined> {
  const raw = decodeBase64url(publicKey);
  if (raw?.length !== 32) return undefined;
  return crypto.subtle.importKey('raw', raw, 'Ed25519', false, ['verify']);
}

async function hexSha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
