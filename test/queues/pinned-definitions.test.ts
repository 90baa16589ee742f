/** What a definition's change does to what was submitted before it: nothing, until somebody asks for it. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { newId } from '../../db/ids.ts';
import { StockDefinitions } from '../../engine/definitions/registry.ts';
import { stockFiles } from '../../engine/definitions/stock.generated.ts';
import type { JsonObject } from '../../engine/json.ts';
import { createApp } from '../../functions/app.ts';
import { MemoryWake } from '../../queues/transports/memory.ts';
import { openQueueSide, type QueueSide, type QueueSideOptions } from '../support/queue-side.ts';

const system = { kind: 'system', id: 'test' } as const;

const component = (said: string, version?: string) => `apiVersion: core.oam.dev/v1beta1
kind: ComponentDefinition
metadata: {name: note, namespace: vela-system}
spec:
  workload: {type: autodetects.core.oam.dev}
  ${version === undefined ? '' : `version: ${version}`}
  schematic:
    cue:
      template: |
        output: {
          apiVersion: "v1"
          kind: "ConfigMap"
          metadata: name: context.name
          data: {said: "${said}", text: parameter.text}
        }
        parameter: text: string
`;

const application = (text: string, more: { type?: string; annotations?: string } = {}) =>
  `apiVersion: core.oam.dev/v1beta1
kind: Application
metadata: {name: shop, namespace: default, annotations: {${more.annotations ?? ''}}}
spec:
  components:
    - {name: memo, type: "${more.type ?? 'note'}", properties: {text: ${text}}}
`;

class World {
  readonly side: QueueSide;
  private readonly app: ReturnType<typeof createApp>;
  private readonly key: string;

  private constructor(side: QueueSide, key: string) {
    this.side = side;
    this.key = key;
    this.app = createApp({
      stores: side.stores,
      submissions: side.jobs.submissions,
      queue: side.jobs.queue,
      wake: new MemoryWake(),
      clock: side.clock,
      hub: { id: 'hub-test', keys: [] },
      operatorKeyHash: '',
      egress: { allowedHosts: [], allowedPorts: [], allowHttp: false },
      log: () => undefined,
    });
  }

  static async open(options: QueueSideOptions = {}): Promise<World> {
    const side = await openQueueSide(options);
    const { secret } = await side.store.keys.create(system, {
      id: newId('key', side.clock.at),
      name: 'test',
      subject: { kind: 'user', id: 'test', roles: ['admin'] },
      scopes: [],
    });
    return new World(side, secret);
  }

  async call(method: string, path: string, body?: string, headers: Record<string, string> = {}) {
    const init = { method, headers: { authorization: `Bearer ${this.key}`, ...headers } };
    return this.app.request(`http://hub.test${path}`, body === undefined ? init : { ...init, body });
  }

  async define(text: string, definition = 'component/note'): Promise<void> {
    const path = `/v1/definitions/${definition}`;
    const present = await this.call('GET', path);
    const etag = present.headers.get('etag');
    const put = await this.call('PUT', path, text, etag === null ? {} : { 'if-match': etag });
    assert.ok(put.ok, await put.text());
  }

  /** Posts it and lets everything happen that follows; answers the outcome. */
  async post(text: string): Promise<unknown> {
    const answer = await this.call('POST', '/v1/applications', text);
    const body = (await answer.json()) as JsonObject;
    assert.ok(answer.ok, JSON.stringify(body));
    await this.settle();
    return body['outcome'];
  }

  /** A new run of the same revision. */
  async restart(): Promise<void> {
    const view = await this.side.store.applications.view('default', 'shop');
    assert.ok(view);
    const run = newId('run', this.side.clock.at);
    const started = await this.side.store.runs.restart(system, view.application.uid, run);
    this.side.send(started?.messages ?? []);
    await this.settle();
  }

  async rollback(revision: number): Promise<void> {
    const path = '/v1/namespaces/default/applications/shop/rollback';
    const answer = await this.call('POST', path, JSON.stringify({ revision }), {
      'content-type': 'application/json',
    });
    assert.ok(answer.ok, await answer.text());
    await this.settle();
  }

  /** What the one ConfigMap holds in the cluster; the newest run has succeeded. */
  async data(): Promise<JsonObject> {
    const view = await this.side.store.applications.view('default', 'shop');
    assert.equal(view?.run?.phase, 'succeeded', JSON.stringify(view?.run?.state));
    return this.side.agent.objects.get('/ConfigMap/default/memo')?.['data'] as JsonObject;
  }

  private async settle(): Promise<void> {
    for (let turn = 0; turn < 2; turn++) {
      await this.side.drain();
      await this.side.agent.sync();
      this.side.send(await this.side.agent.report());
      await this.side.drain();
    }
  }
}

describe('a changed definition', () => {
  let world: World;
  before(async () => {
    world = await World.open();
    await world.define(component('first'));
    await world.post(application('a'));
    await world.define(component('second'));
  });

  it('changes nothing of a revision that is there, also when its run is started again', async () => {
    assert.deepEqual(await world.data(), { said: 'first', text: 'a' });
    assert.equal(await world.post(application('a')), 'unchanged');
    await world.restart();
    assert.deepEqual(await world.data(), { said: 'first', text: 'a' });
  });
  it('is what the next revision is rendered with', async () => {
    assert.equal(await world.post(application('b')), 'revised');
    assert.deepEqual(await world.data(), { said: 'second', text: 'b' });
  });
  it('does not reach what is rolled back to, and a restart after it neither', async () => {
    await world.rollback(1);
    assert.deepEqual(await world.data(), { said: 'first', text: 'a' });
    await world.restart();
    assert.deepEqual(await world.data(), { said: 'first', text: 'a' });
  });
  it('that is deleted still renders what was made with it, and nothing new', async () => {
    const removed = await world.call('DELETE', '/v1/definitions/component/note');
    assert.equal(removed.status, 204);
    await world.restart();
    assert.deepEqual(await world.data(), { said: 'first', text: 'a' });
    const refused = await world.call('POST', '/v1/applications', application('c'));
    assert.equal(refused.status, 422);
    assert.match(await refused.text(), /There is no component type \\"note\\"/);
  });
});

describe('an Application with autoUpdate', () => {
  const annotations = 'app.oam.dev/autoUpdate: "true"';

  it('takes the newest definitions whenever it is rendered', async () => {
    const world = await World.open();
    await world.define(component('first'));
    await world.post(application('a', { annotations }));
    await world.define(component('second'));
    await world.restart();
    assert.deepEqual(await world.data(), { said: 'second', text: 'a' });
  });
  it('is a new revision where a definition has changed and nothing else', async () => {
    const world = await World.open();
    await world.define(component('first'));
    assert.equal(await world.post(application('a', { annotations })), 'created');
    assert.equal(await world.post(application('a', { annotations })), 'unchanged');
    await world.define(component('second'));
    assert.equal(await world.post(application('a', { annotations })), 'revised');
    assert.deepEqual(await world.data(), { said: 'second', text: 'a' });
  });
  it('takes the newest version that a partial one names', async () => {
    const world = await World.open();
    for (const version of ['1.0.0', '1.2.0', '2.0.0']) await world.define(component(version, version));
    await world.post(application('a', { annotations, type: 'note@v1' }));
    assert.deepEqual(await world.data(), { said: '1.2.0', text: 'a' });
  });
});

describe('a policy of scope Application', () => {
  const policy = (said: string, more = '') => `apiVersion: core.oam.dev/v1beta1
kind: PolicyDefinition
metadata: {name: mark, namespace: vela-system}
spec:
  scope: Application
  ${more}
  schematic:
    cue:
      template: |
        output: components: [for one in context.appComponents {
          name: one.name
          type: one.type
          properties: text: "${said} \\(one.properties.text) as \\(context.policyRevisionName)"
        }]
`;

  it('changes what is rendered, as it was when the revision was made', async () => {
    const world = await World.open();
    await world.define(component('first'));
    await world.define(policy('marked'), 'policy/mark');
    const named = `${application('a')}  policies: [{name: m, type: mark, properties: {}}]\n`;
    await world.post(named);
    assert.deepEqual(await world.data(), { said: 'first', text: 'marked a as mark-v1' });
    const shown = await world.call('GET', '/v1/namespaces/default/applications/shop');
    const { status } = (await shown.json()) as { status: JsonObject };
    const [applied] = status['appliedApplicationPolicies'] as JsonObject[];
    assert.match(String(applied?.['revisionHash']), /^[0-9a-f]{16}$/);
    assert.deepEqual(applied, {
      name: 'm',
      type: 'mark',
      namespace: 'vela-system',
      applied: true,
      source: 'explicit',
      specModified: true,
      definitionRevisionName: 'mark-v1',
      revision: 1,
      revisionHash: applied?.['revisionHash'],
    });
    await world.define(policy('again'), 'policy/mark');
    await world.restart();
    assert.deepEqual(await world.data(), { said: 'first', text: 'marked a as mark-v1' });
    await world.post(named.replace('text: a', 'text: b'));
    assert.deepEqual(await world.data(), { said: 'first', text: 'again b as mark-v2' });
  });
  it('that is global holds from the next revision on, also for one that is deleted later', async () => {
    const world = await World.open();
    await world.define(component('first'));
    await world.post(application('a'));
    await world.define(policy('marked', 'global: true'), 'policy/mark');
    await world.restart();
    assert.deepEqual(await world.data(), { said: 'first', text: 'a' });
    await world.post(application('b'));
    assert.deepEqual(await world.data(), { said: 'first', text: 'marked b as mark-v1' });
    assert.equal((await world.call('DELETE', '/v1/definitions/policy/mark')).status, 204);
    await world.restart();
    assert.deepEqual(await world.data(), { said: 'first', text: 'marked b as mark-v1' });
    await world.post(application('c'));
    assert.deepEqual(await world.data(), { said: 'first', text: 'c' });
  });
  it('that is global and is named is refused', async () => {
    const world = await World.open();
    await world.define(component('first'));
    await world.define(policy('marked', 'global: true'), 'policy/mark');
    const text = `${application('a')}  policies: [{name: m, type: mark, properties: {}}]\n`;
    const refused = await world.call('POST', '/v1/applications', text);
    assert.equal(refused.status, 422);
    assert.match(await refused.text(), /"policy.global"/);
  });
});

describe('a type with a version', () => {
  it('is the definition as it was put then, through HTTP and the worker', async () => {
    const world = await World.open();
    for (const said of ['first', 'second', 'third']) await world.define(component(said));
    await world.post(application('a', { type: 'note@v1' }));
    assert.deepEqual(await world.data(), { said: 'first', text: 'a' });
    await world.post(application('a', { type: 'note@v2' }));
    assert.deepEqual(await world.data(), { said: 'second', text: 'a' });
    await world.post(application('a'));
    assert.deepEqual(await world.data(), { said: 'third', text: 'a' });
    const refused = await world.call('POST', '/v1/applications', application('a', { type: 'note@v9' }));
    assert.equal(refused.status, 422);
    assert.match(await refused.text(), /Versions: note@v3/);
  });
  it('and without one mean what each meant, though both are in one Application', async () => {
    const world = await World.open();
    await world.define(component('first'));
    await world.define(component('second'));
    const both = `${application('a', { type: 'note@v1' })}    - {name: other, type: note, properties: {text: b}}\n`;
    await world.post(both);
    // The same content as the first, as a third version: a content hash that two rows have.
    await world.define(component('first'));
    await world.restart();
    assert.deepEqual(await world.data(), { said: 'first', text: 'a' });
    const other = world.side.agent.objects.get('/ConfigMap/default/other')?.['data'];
    assert.deepEqual(other, { said: 'second', text: 'b' });
  });
  it('can come with the submission that uses it', async () => {
    const world = await World.open();
    await world.post(`${component('brought', '1.0.0')}---\n${application('a', { type: 'note@v1.0.0' })}`);
    assert.deepEqual(await world.data(), { said: 'brought', text: 'a' });
    await world.define(component('later'));
    await world.restart();
    assert.deepEqual(await world.data(), { said: 'brought', text: 'a' });
  });
});

/** The stock definitions of one version of the service, until they are those of another. */
class UpgradedStock extends StockDefinitions {
  now: StockDefinitions;

  constructor(first: StockDefinitions) {
    super([]);
    this.now = first;
  }

  override find(...asked: Parameters<StockDefinitions['find']>) {
    return this.now.find(...asked);
  }
  override source(...asked: Parameters<StockDefinitions['source']>) {
    return this.now.source(...asked);
  }
  override names(...asked: Parameters<StockDefinitions['names']>) {
    return this.now.names(...asked);
  }
}

describe('a stock definition that an upgrade has changed', () => {
  const text = (said: string) =>
    `note: {type: "component", description: "", attributes: workload: type: "autodetects.core.oam.dev"}
template: {
  output: {apiVersion: "v1", kind: "ConfigMap", metadata: name: context.name, data: {said: "${said}", text: parameter.text}}
  parameter: text: string
}
`;
  const stockOf = (said: string) =>
    new StockDefinitions([
      ...stockFiles,
      { kind: 'component', name: 'note', deprecated: false, source: text(said) },
    ]);

  it('delivers what was rendered before again, and is used for what was never rendered', async () => {
    const stock = new UpgradedStock(stockOf('before'));
    const world = await World.open({ stock });
    await world.post(application('a'));
    assert.deepEqual(await world.data(), { said: 'before', text: 'a' });
    stock.now = stockOf('after');
    await world.restart();
    assert.deepEqual(await world.data(), { said: 'before', text: 'a' });
    await world.post(application('b'));
    assert.deepEqual(await world.data(), { said: 'after', text: 'b' });
  });
  it('is used in its present text by a revision that was submitted before and never rendered', async () => {
    const stock = new UpgradedStock(stockOf('before'));
    const world = await World.open({ stock });
    const submitted = await world.call('POST', '/v1/applications', application('a'));
    assert.equal(submitted.status, 202);
    stock.now = stockOf('after');
    await world.restart();
    assert.deepEqual(await world.data(), { said: 'after', text: 'a' });
  });
});
