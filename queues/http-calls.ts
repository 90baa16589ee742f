/**
 * The requests that templates ask for: sent through the egress guard, and written into the run's journal, so that a run
 * which is advanced again does not send them again. What answers `processing.http` must be a JSON object, as in KubeVela
 * (pkg/cue/task/process.go); other than there, its status must be one of success. `vela/http` takes any answer.
 */
import type { JournalEntry, LoadedRun } from '../db/model/run.ts';
import type { Clock, Stores } from '../db/stores.ts';
import { Fault } from '../engine/fault.ts';
import { isObject, type JsonObject, type JsonValue } from '../engine/json.ts';
import { textHash } from '../engine/oam/revision.ts';
import { type HttpNeed, type HttpRequest, requestHash } from '../engine/render/http-request.ts';
import type { Issue } from '../engine/result.ts';
import { LEASE_MS } from './lease.ts';
import type { Egress } from './ports.ts';

const LIMITS = { maxBytes: 1024 * 1024, timeoutMs: 10_000 } as const;
/** Requests of one rendering. */
const MAX_REQUESTS = 10;
/** An address that does not answer is tried again as often; then its silence is the answer. */
const ATTEMPTS = 3;

export interface HttpCallsOptions {
  readonly stores: Stores;
  readonly egress: Egress;
  readonly clock: Clock;
}

/** The calls of one rendering of a run. */
export class HttpCalls {
  /** By the need's key. */
  readonly responses = new Map<string, JsonObject>();
  readonly #options: HttpCallsOptions;
  readonly #loaded: LoadedRun;
  readonly #asked = new Set<string>();

  constructor(options: HttpCallsOptions, loaded: LoadedRun) {
    this.#options = options;
    this.#loaded = loaded;
    for (const { kind, path, hash, result } of loaded.journal)
      if (kind === 'http' && isObject(result)) this.responses.set(`${path}#${hash}`, result);
  }

  /**
   * Sends what is needed, all at once, and keeps the answers. Issues `http.too-many`, `http.refused`, `http.failed`,
   * `http.status`, `http.answer`. Faults: `lease.lost`, and `egress.failed` where it is to be tried again.
   */
  async answer(needs: readonly HttpNeed[]): Promise<readonly Issue[]> {
    for (const { key } of needs) this.#asked.add(key);
    if (this.#asked.size > MAX_REQUESTS) return [tooMany(needs)];
    const { stores, clock } = this.#options;
    const { lease } = this.#loaded;
    const { runs, journal } = stores.of(lease.tenant);
    await runs.renew(lease, clock.now(), LEASE_MS);
    const calls = await Promise.allSettled(needs.map((need) => this.#call(need)));
    const answers = calls.flatMap((call) => (call.status === 'fulfilled' ? [call.value] : []));
    const entries = answers.flatMap((answer) => (answer.ok ? [answer.entry] : []));
    if (entries.length > 0) await journal.append(lease, entries, clock.now());
    for (const { path, hash, result } of entries)
      if (isObject(result)) this.responses.set(`${path}#${hash}`, result);
    const failed = calls.find((call) => call.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    return answers.flatMap((answer) => (answer.ok ? [] : [answer.issue]));
  }

  async #call(need: HttpNeed): Promise<Answer> {
    const { key, request, title, path } = need;
    const what = `${title}: ${request.method} ${shown(request.url)}`;
    const wrong = (code: string, text: string): Answer => ({
      ok: false,
      issue: { code, path, message: `${what} ${text}` },
    });
    const sent = requestOf(request, textHash(`${this.#loaded.run.id} ${key}`));
    if (typeof sent === 'string') return wrong('http.refused', `cannot be sent: ${sent}`);
    let response: Response;
    try {
      response = await this.#options.egress.fetch(sent, LIMITS);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      if (error.code === 'egress.refused') return wrong('http.refused', `is not sent: ${error.public}`);
      if (this.#loaded.lease.attempt < ATTEMPTS) throw error;
      return wrong('http.failed', `has no answer: ${error.public}`);
    }
    if (!response.ok && need.answer === 'object') {
      await response.body?.cancel().catch(() => undefined);
      return wrong('http.status', `was answered with ${response.status}.`);
    }
    const output = await (need.answer === 'object' ? outputOf(response) : responseOf(response));
    if (typeof output === 'string') return wrong('http.answer', `was answered with ${output}.`);
    return { ok: true, entry: this.#entryOf(need, output) };
  }

  #entryOf({ key, request }: HttpNeed, result: JsonObject): JournalEntry {
    const hash = requestHash(request);
    const path = key.slice(0, key.lastIndexOf('#'));
    return {
      step: 'render',
      path,
      hash,
      attempt: 1,
      kind: 'http',
      result,
      createdAt: this.#options.clock.now(),
    };
  }
}

type Answer =
  | { readonly ok: true; readonly entry: JournalEntry }
  | { readonly ok: false; readonly issue: Issue };

function tooMany(needs: readonly HttpNeed[]): Issue {
  const message = `The templates of this Application ask for more than ${MAX_REQUESTS} HTTP requests.`;
  return { code: 'http.too-many', path: needs[0]?.path ?? '', message };
}

/** Of headers that only whoever sends a request may set; Go's client leaves out the same. */
const senders: ReadonlySet<string> = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'trailer',
  'upgrade',
  'keep-alive',
  'expect',
]);
/** Sending them twice does no harm. */
const repeatable: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** The request, or why it is none. `once`: by which its receiver can tell that it comes a second time. */
function requestOf({ method, url, header, body }: HttpRequest, once: string): Request | string {
  if (!URL.canParse(url)) return 'its address is not a URL.';
  const { username, password } = new URL(url);
  if (username !== '' || password !== '') return 'its address holds a name or a password.';
  const content = body === null ? null : bytesOf(body);
  if (content !== null && content.length > 0 && (method === 'GET' || method === 'HEAD'))
    return `a ${method} request has no body.`;
  try {
    const headers = new Headers();
    for (const [name, value] of Object.entries(header))
      if (!senders.has(name.toLowerCase())) headers.append(name, value);
    if (!repeatable.has(method) && !headers.has('idempotency-key')) headers.set('idempotency-key', once);
    const carries = content !== null && content.length > 0;
    return new Request(url, { method, headers, body: carries ? content : null });
  } catch {
    return 'its method or a header is not one of HTTP.';
  }
}

function bytesOf({ encoding, text }: NonNullable<HttpRequest['body']>): Uint8Array<ArrayBuffer> {
  return encoding === 'utf8'
    ? new TextEncoder().encode(text)
    : Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}

/** An address without what may be secret in it. */
function shown(url: string): string {
  if (!URL.canParse(url)) return url;
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}

/** What lands at `$returns` of a call of `vela/http`, or what was answered instead. */
async function responseOf(response: Response): Promise<JsonObject | string> {
  const read = await textOf(response);
  if (!read.ok) return read.why;
  const header: Record<string, JsonValue> = {};
  for (const [name, value] of response.headers) header[canonical(name)] = [value];
  return { statusCode: response.status, header, trailer: {}, body: read.text };
}

/** A header's name as Go writes it. */
function canonical(name: string): string {
  return name.toLowerCase().replace(/(^|-)[a-z]/g, (start) => start.toUpperCase());
}

type Read = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly why: string };

async function textOf(response: Response): Promise<Read> {
  try {
    return { ok: true, text: await response.text() };
  } catch (error) {
    if (error instanceof Fault) return { ok: false, why: `too much: ${error.public}`.replace(/\.$/, '') };
    return { ok: false, why: 'something that could not be read to its end' };
  }
}

/** What lands at `processing.output`, or what was answered instead. */
async function outputOf(response: Response): Promise<JsonObject | string> {
  const read = await textOf(response);
  if (!read.ok) return read.why;
  let value: JsonValue;
  try {
    value = JSON.parse(read.text) as JsonValue;
  } catch {
    return 'something that is no JSON';
  }
  if (value === null) return {};
  return isObject(value) ? value : 'JSON that is no object';
}
