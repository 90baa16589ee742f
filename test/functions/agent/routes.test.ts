/** The agent's routes: who may ask, and what an answer holds. */
import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { before, describe, it } from 'node:test';
import { Hono } from 'hono';
import { newId } from '../../../db/ids.ts';
import { envelopeSchema } from '../../../engine/delivery/bundle.ts';
import { indexOf } from '../../../engine/delivery/pack.ts';
import { header, requestText, type SyncAnswer } from '../../../engine/delivery/protocol.ts';
import { agentRoutes } from '../../../functions/agent/routes.ts';
import { acceptAgent } from '../../../functions/clusters/accept.ts';
import { inviteCluster } from '../../../functions/clusters/invite.ts';
import { problemResponse } from '../../../functions/problem.ts';
import { MemoryWake } from '../../../queues/transports/memory.ts';
import { openQueueSide, type QueueSide } from '../../support/queue-side.ts';

const system = { kind: 'system', id: 'test' } as const;

interface Caller {
  id: string;
  readonly publicKey: string;
  readonly privateKey: KeyObject;
}

function caller(): Caller {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return { id: '', publicKey: String(publicKey.export({ format: 'jwk' }).x), privateKey };
}

interface Ask {
  readonly method?: string;
  readonly counter?: number;
  readonly time?: number;
  /** Replaces what was signed after signing. */
  readonly body?: unknown;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

describe('the routes of agents', () => {
  let side: QueueSide;
  let app: Hono;
  let counter = 0;
  const hub = { id: 'hub-test', keys: [{ keyId: 'k1', publicKey: caller().publicKey }] };

  before(async () => {
    side = await openQueueSide({ cluster: false });
    const { stores, clock } = side;
    const { queue, log } = side.jobs;
    app = new Hono()
      .route('/agent/v1', agentRoutes({ stores, queue, wake: new MemoryWake(), clock, hub, log }))
      .onError((error) => problemResponse(error, 'request'));
  });

  async function ask(who: Caller, path: string, said: unknown, change: Ask = {}): Promise<Response> {
    const { method = 'POST', time = side.clock.at } = change;
    const text = method === 'GET' ? '' : JSON.stringify(said);
    const bodySha256 = createHash('sha256').update(text).digest('hex');
    const parts = { method, path, time, counter: change.counter ?? 0, bodySha256 };
    const signature = sign(null, Buffer.from(requestText(parts)), who.privateKey).toString('base64url');
    const headers = {
      [header.agent]: who.id,
      [header.time]: String(time),
      [header.counter]: String(parts.counter),
      [header.signature]: signature,
      ...change.headers,
    };
    const body = method === 'GET' ? null : change.body === undefined ? text : JSON.stringify(change.body);
    return app.request(`http://hub${change.path ?? path}`, { method, headers, body });
  }

  const enrolment = (who: Caller, token: string) => ({
    v: 1,
    token,
    publicKey: who.publicKey,
    nonce: 'n',
    kubernetes: { version: 'v1.35.0', uid: 'u' },
  });

  const principal = () => ({ tenant: side.tenant, actor: system, scopes: new Set<never>(), name: 'test' });
  const invite = async (name: string) => (await inviteCluster({ ...side, hub }, principal(), name)).token;
  const accept = (name: string) =>
    acceptAgent({ ...side, hub }, principal(), name, {
      namespaces: [{ namespace: '*', serviceAccount: '' }],
      clusterScopedAccount: '',
    });

  async function joined(name: string): Promise<Caller> {
    const who = caller();
    const token = await invite(name);
    const answer = (await (await ask(who, '/agent/v1/enrol', enrolment(who, token))).json()) as {
      agent: string;
    };
    who.id = answer.agent;
    await accept(name);
    return who;
  }

  const sync = { v: 1, have: [] };
  const report = (n: number) => ({
    v: 1,
    counter: n,
    reports: [{ application: newId('application', side.clock.at), sequence: 1, complete: true, objects: [] }],
  });

  it('take an agent by its token, and let it do nothing before it is accepted', async () => {
    const who = caller();
    const token = await invite('one');
    const enrolled = await ask(who, '/agent/v1/enrol', enrolment(who, token));
    assert.equal(enrolled.status, 200);
    const answer = (await enrolled.json()) as { state: string; agent: string; keys: unknown; hub: string };
    assert.deepEqual([answer.state, answer.keys, answer.hub], ['pending', hub.keys, hub.id]);
    who.id = answer.agent;
    assert.equal((await ask(who, '/agent/v1/sync', sync)).status, 401);
    await accept('one');
    const again = (await (await ask(who, '/agent/v1/enrol', enrolment(who, token))).json()) as {
      state: string;
      agent: string;
    };
    assert.deepEqual([again.state, again.agent], ['accepted', who.id]);
    assert.equal((await ask(who, '/agent/v1/sync', sync)).status, 200);
  });

  it('refuse a token that is unknown, spent by another key, or shown without its key', async () => {
    const [first, second] = [caller(), caller()];
    const token = await invite('two');
    assert.equal((await ask(first, '/agent/v1/enrol', enrolment(first, token))).status, 200);
    assert.equal((await ask(second, '/agent/v1/enrol', enrolment(second, token))).status, 401);
    assert.equal((await ask(second, '/agent/v1/enrol', enrolment(first, token))).status, 401);
    const unknown = token.replace(/^mse\.[^.]+/, `mse.${'x'.repeat(43)}`);
    assert.equal((await ask(second, '/agent/v1/enrol', enrolment(second, unknown))).status, 401);
    assert.equal((await ask(second, '/agent/v1/enrol', enrolment(second, 'nonsense'))).status, 401);
  });

  it('answer alike whatever is wrong with a signature', async () => {
    const who = await joined('three');
    const stranger = { ...caller(), id: who.id };
    const nobody = { ...caller(), id: newId('agent', side.clock.at) };
    const answers = await Promise.all([
      ask(stranger, '/agent/v1/sync', sync),
      ask(nobody, '/agent/v1/sync', sync),
      ask({ ...who, id: 'agt_x' }, '/agent/v1/sync', sync),
      ask(who, '/agent/v1/sync', sync, { body: { v: 1, have: [], more: true } }),
      ask(who, '/agent/v1/report', sync, { path: '/agent/v1/sync' }),
      ask(who, '/agent/v1/sync', sync, { headers: { [header.signature]: '' } }),
      ask(who, '/agent/v1/sync', sync, { headers: { [header.time]: 'soon' } }),
      ask(who, '/agent/v1/sync', sync, { headers: { [header.counter]: '7' } }),
    ]);
    const bodies = new Set(await Promise.all(answers.map((answer) => answer.text())));
    assert.deepEqual(
      answers.map(({ status }) => status),
      answers.map(() => 401),
    );
    assert.equal(bodies.size, 1);
  });

  it('name a clock that is off, to an agent that is genuine', async () => {
    const who = await joined('four');
    const code = async (time: number) =>
      ((await (await ask(who, '/agent/v1/sync', sync, { time })).json()) as { code?: string }).code;
    assert.equal(await code(side.clock.at - 6 * 60_000), 'agent.clock');
    assert.equal(await code(side.clock.at + 6 * 60_000), 'agent.clock');
    assert.equal(await code(side.clock.at - 4 * 60_000), undefined);
  });

  it('take each counter of a write once, and only growing ones', async () => {
    const who = await joined('five');
    const send = async (n: number) => (await ask(who, '/agent/v1/report', report(n), { counter: n })).status;
    assert.equal(await send(5), 200);
    assert.equal(await send(5), 409);
    assert.equal(await send(4), 409);
    assert.equal(await send(0), 409);
    assert.equal(await send(6), 200);
  });

  it('refuse what is no message of the protocol, and what is too large', async () => {
    const who = await joined('six');
    assert.equal((await ask(who, '/agent/v1/sync', { v: 2, have: [] })).status, 400);
    counter += 100;
    assert.equal((await ask(who, '/agent/v1/report', { v: 1 }, { counter })).status, 400);
    const large = { v: 1, token: 'x'.repeat(70_000) };
    assert.equal((await ask(who, '/agent/v1/enrol', large)).status, 413);
  });

  it('stop an agent whose cluster was revoked', async () => {
    const who = await joined('seven');
    assert.equal((await ask(who, '/agent/v1/sync', sync)).status, 200);
    await side.store.clusters.revoke(system, 'seven');
    assert.equal((await ask(who, '/agent/v1/sync', sync)).status, 401);
  });

  it('open a socket only to a signed request, and say where there are none', async () => {
    const who = await joined('eight');
    const upgrade = { upgrade: 'websocket' };
    assert.equal((await ask(who, '/agent/v1/wake', null, { method: 'GET', headers: upgrade })).status, 501);
    assert.equal((await ask(who, '/agent/v1/wake', null, { method: 'GET' })).status, 400);
    const stranger = { ...caller(), id: who.id };
    assert.equal(
      (await ask(stranger, '/agent/v1/wake', null, { method: 'GET', headers: upgrade })).status,
      401,
    );
  });

  it('give a bundle until it is held, whole at first and then only what changed', async () => {
    const who = await joined('nine');
    await side.store.clusters.setLocal(system, 'nine');
    await side.submit('shop', { a: { v: '1' }, b: { v: '1' } });
    await side.drain();
    const ask_ = async (have: readonly object[]) =>
      (await (await ask(who, '/agent/v1/sync', { v: 1, have })).json()) as SyncAnswer;
    const first = await ask_([]);
    assert.ok(!first.unchanged);
    const [bundle] = first.bundles;
    assert.ok(bundle && first.bundles.length === 1 && !first.more);
    const index = indexOf(envelopeSchema.parse(bundle.index));
    assert.ok(index);
    assert.deepEqual(Object.keys(bundle.objects).sort(), index.objects.map(({ sha256 }) => sha256).sort());
    assert.equal((await ask_([{ application: index.application.uid, sequence: 1 }])).unchanged, true);
    await side.submit('shop', { a: { v: '2' }, b: { v: '1' } });
    await side.drain();
    const next = await ask_([{ application: index.application.uid, sequence: 1 }]);
    assert.ok(!next.unchanged);
    const values = Object.values(next.bundles[0]?.objects ?? {}).map(({ metadata, data }) => ({
      name: (metadata as { name: string }).name,
      data,
    }));
    assert.deepEqual(values.find(({ name }) => name === 'a')?.data, { v: '2' });
    const lost = await ask_([]);
    assert.ok(!lost.unchanged);
    assert.equal(Object.keys(lost.bundles[0]?.objects ?? {}).length, 2);
  });

  it("give no agent another cluster's bundles, and take no word on them", async () => {
    const who = await joined('ten');
    assert.equal(((await (await ask(who, '/agent/v1/sync', sync)).json()) as SyncAnswer).unchanged, true);
    const view = await side.store.applications.view('default', 'shop');
    assert.ok(view);
    const [row] = view.inventory;
    assert.ok(row);
    const [, kind = '', namespace = '', name = ''] = row.ref.split('/');
    const lie = {
      application: view.application.uid,
      sequence: 99,
      complete: true,
      left: [],
      objects: [{ ref: { apiVersion: 'v1', kind, namespace, name }, outcome: 'deleted' }],
    };
    assert.equal(
      (await ask(who, '/agent/v1/report', { v: 1, counter: 1, reports: [lie] }, { counter: 1 })).status,
      200,
    );
    const after = await side.store.applications.view('default', 'shop');
    assert.deepEqual(after?.inventory, view.inventory);
  });
});
