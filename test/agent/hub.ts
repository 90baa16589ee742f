/** A hub of a few lines for the tests of the agent: enrols, signs bundles, gives them out, takes reports. */
import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { encodeBase64url } from '../../engine/delivery/base64url.ts';
import { BUNDLE_TYPE, type BundleIndex, refKey, refOf } from '../../engine/delivery/bundle.ts';
import { addressOf, canonicalize } from '../../engine/delivery/canonical.ts';
import { preAuthEncoding } from '../../engine/delivery/dsse.ts';
import { ownerOf, stampOwner } from '../../engine/delivery/ownership.ts';
import {
  enrolRequestSchema,
  formatEnrolmentToken,
  header,
  type ObjectReport,
  type PlanAnswer,
  type PlanRequest,
  reportRequestSchema,
  requestText,
  syncRequestSchema,
} from '../../engine/delivery/protocol.ts';
import type { AgentId, ApplicationUid, ClusterId, TenantId } from '../../engine/ids.ts';
import type { JsonObject } from '../../engine/json.ts';

export const tenant = 'ten_test' as TenantId;
export const cluster = 'clu_test' as ClusterId;

interface Stored {
  readonly index: BundleIndex;
  readonly objects: Readonly<Record<string, JsonObject>>;
}

export interface Delivery {
  readonly application?: string;
  readonly objects: readonly JsonObject[];
  /** Names of those that go before the workloads. */
  readonly early?: readonly string[];
  readonly prune?: boolean;
  readonly drift?: 'heal' | 'report';
  readonly change?: Partial<BundleIndex>;
}

export class TestHub {
  readonly id = 'hub-test';
  private readonly server: http.Server;
  private readonly signing = generateKeyPairSync('ed25519');
  private readonly bundles = new Map<string, Stored>();
  private sequences = new Map<string, number>();
  private agentKey: string | undefined;
  accepted = true;
  /** Keys that the hub names beside its own. */
  moreKeys: readonly { keyId: string; publicKey: string }[] = [];
  /** Answers every request with this status while set. */
  down: number | undefined;
  readonly counters: number[] = [];
  readonly syncs: unknown[] = [];
  /** Newest word on each object, by application and key. */
  readonly said = new Map<string, ObjectReport & { sequence: number }>();
  readonly log: (ObjectReport & { application: string; sequence: number })[] = [];
  readonly complete = new Map<string, { sequence: number; left: readonly string[] | undefined }>();
  /** Given out at every sync until they are answered. */
  readonly plans: PlanRequest[] = [];
  readonly answers: PlanAnswer[] = [];

  constructor() {
    this.server = http.createServer((request, response) => void this.answer(request, response));
  }

  async listen(port = 0): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(port, '127.0.0.1', resolve));
    return this.url;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  get publicKey(): string {
    return String(this.signing.publicKey.export({ format: 'jwk' }).x);
  }

  get token(): string {
    const raw = Buffer.from(this.publicKey, 'base64url');
    const hubKeySha256 = createHash('sha256').update(raw).digest('hex');
    return formatEnrolmentToken({ secret: 's'.repeat(43), hubKeySha256 });
  }

  ownerLabel(application = 'app_one'): string {
    return ownerOf(this.id, tenant, application as ApplicationUid).label;
  }

  /** Puts a new bundle; gives its sequence. */
  deliver({
    application = 'app_one',
    objects,
    early = [],
    prune = false,
    drift = 'heal',
    change = {},
  }: Delivery): number {
    const sequence = change.sequence ?? (this.sequences.get(application) ?? 0) + 1;
    this.sequences.set(application, sequence);
    const owner = ownerOf(this.id, tenant, application as ApplicationUid);
    const stamped = objects.map((object) => stampOwner(object, owner));
    const index: BundleIndex = {
      v: 1,
      keyId: 'k1',
      hub: this.id,
      tenant,
      cluster,
      application: { uid: application as ApplicationUid, namespace: 'default', name: application },
      revision: sequence,
      sequence,
      epoch: sequence,
      objects: stamped.map((object) => {
        const ref = refOf(object) ?? unreadable();
        return { ref, sha256: addressOf(object), ...(early.includes(ref.name) ? { stage: 0 } : {}) };
      }),
      prune,
      drift,
      ...change,
    };
    const byAddress = Object.fromEntries(stamped.map((object) => [addressOf(object), object]));
    this.bundles.set(application, { index, objects: byAddress });
    return sequence;
  }

  word(
    ref: { kind: string; name: string },
    application = 'app_one',
  ): (ObjectReport & { sequence: number }) | undefined {
    const entries = [...this.said].filter(([key]) => key.startsWith(`${application} `));
    return entries
      .map(([, report]) => report)
      .find((one) => one.ref.kind === ref.kind && one.ref.name === ref.name);
  }

  private async answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const reply = this.down === undefined ? this.reply(request, body) : { status: this.down, json: {} };
    response.writeHead(reply.status, { 'content-type': 'application/json' }).end(JSON.stringify(reply.json));
  }

  private reply(request: http.IncomingMessage, body: string): { status: number; json: unknown } {
    const path = request.url ?? '';
    if (request.method !== 'POST') return { status: 404, json: {} };
    if (path === '/agent/v1/enrol') return this.enrol(body);
    if (!this.isSigned(request, path, body)) return { status: 401, json: { code: 'auth.invalid' } };
    if (path === '/agent/v1/sync') return { status: 200, json: this.sync(body) };
    return { status: 200, json: this.report(body) };
  }

  private enrol(body: string): { status: number; json: unknown } {
    const { publicKey } = enrolRequestSchema.parse(JSON.parse(body));
    this.agentKey ??= publicKey;
    if (this.agentKey !== publicKey) return { status: 401, json: { code: 'auth.invalid' } };
    const state = this.accepted ? 'accepted' : 'pending';
    const keys = [{ keyId: 'k1', publicKey: this.publicKey }, ...this.moreKeys];
    const who = { agent: 'agt_test' as AgentId, tenant, cluster: { id: cluster, name: 'test' } };
    return { status: 200, json: { v: 1, state, ...who, hub: this.id, keys, retryAfter: 1 } };
  }

  private isSigned(request: http.IncomingMessage, path: string, body: string): boolean {
    const bodySha256 = createHash('sha256').update(body).digest('hex');
    const time = Number(request.headers[header.time]);
    const counter = Number(request.headers[header.counter]);
    const text = requestText({ method: request.method ?? '', path, time, counter, bodySha256 });
    if (counter > 0) this.counters.push(counter);
    const key: KeyObject = createPublicKey({
      key: { kty: 'OKP', crv: 'Ed25519', x: this.agentKey ?? '' },
      format: 'jwk',
    });
    return verify(
      null,
      Buffer.from(text),
      key,
      Buffer.from(String(request.headers[header.signature]), 'base64url'),
    );
  }

  private sync(body: string): unknown {
    const { have, capabilities } = syncRequestSchema.parse(JSON.parse(body));
    this.syncs.push({ have, capabilities: capabilities !== undefined });
    const held = new Map(have.map(({ application, sequence }) => [application as string, sequence]));
    const news = [...this.bundles].filter(([uid, { index }]) => (held.get(uid) ?? 0) < index.sequence);
    const open = this.plans.filter(({ id }) => !this.answers.some((answer) => answer.id === id));
    if (news.length + open.length === 0) return { v: 1, unchanged: true, beatSeconds: 0.1 };
    const bundles = news.map(([, { index, objects }]) => ({ index: this.envelope(index), objects }));
    return { v: 1, unchanged: false, beatSeconds: 0.1, bundles, more: false, plans: open };
  }

  envelope(index: BundleIndex): unknown {
    // An index is JSON all through.
    const payload = new TextEncoder().encode(canonicalize(index as unknown as JsonObject));
    const sig = sign(null, preAuthEncoding(BUNDLE_TYPE, payload), this.signing.privateKey).toString(
      'base64url',
    );
    return {
      payloadType: BUNDLE_TYPE,
      payload: encodeBase64url(payload),
      signatures: [{ keyid: 'k1', sig }],
    };
  }

  private report(body: string): unknown {
    const { counter, reports, plans = [] } = reportRequestSchema.parse(JSON.parse(body));
    this.answers.push(...plans);
    for (const { application, sequence, objects, complete, left } of reports) {
      if (complete) this.complete.set(application, { sequence, left });
      for (const object of objects) {
        this.log.push({ ...object, application, sequence });
        const key = `${application} ${refKey(object.ref)}`;
        const before = this.said.get(key);
        const outcome =
          object.outcome === 'observed' && before !== undefined ? before.outcome : object.outcome;
        this.said.set(key, { ...(before ?? {}), ...object, outcome, sequence });
      }
    }
    return { v: 1, counter };
  }
}

function unreadable(): never {
  throw new Error('an object of a test has no name');
}
