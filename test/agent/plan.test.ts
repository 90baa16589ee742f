/** What the agent says that a delivery would do, on the sandbox. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { runAgent } from '../../agent/agent.ts';
import { connect, type KubeApi, type KubeRequest } from '../../agent/kube/api.ts';
import { Discovery } from '../../agent/kube/discovery.ts';
import { dryRunOf, objectsOf } from '../../agent/kube/objects.ts';
import { planApplication } from '../../agent/plan.ts';
import { addressOf } from '../../engine/delivery/canonical.ts';
import { ownerOf, stampOwner } from '../../engine/delivery/ownership.ts';
import type { ObjectPlan, Wanted } from '../../engine/delivery/protocol.ts';
import { changeBudget } from '../../engine/diff/live.ts';
import type { ApplicationUid, PlanId } from '../../engine/ids.ts';
import type { JsonObject } from '../../engine/json.ts';
import { type Sandbox, startSandbox } from '../../infra/sandbox/sandbox.ts';
import { type KubeClient, kubeClient } from '../support/kube-client.ts';
import { until } from '../support/until.ts';
import { TestHub, tenant } from './hub.ts';

const uid = 'app_one' as ApplicationUid;
const owner = ownerOf('hub-test', tenant, uid);

const config = (name: string, data: JsonObject, namespace = 'default') =>
  stampOwner({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data }, owner);

describe('a plan of the agent', () => {
  let folder: string;
  let sandbox: Sandbox;
  let kube: KubeClient;
  let api: KubeApi;
  /** What was sent to the server, but reads. */
  const written: KubeRequest[] = [];

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mainsheet-plan-'));
    sandbox = await startSandbox({ directory: join(folder, 'sandbox') });
    kube = kubeClient(sandbox.kubeconfig);
    const real = connect({ kubeconfig: sandbox.kubeconfig });
    api = {
      server: real.server,
      lines: (request) => real.lines(request),
      close: () => real.close(),
      json(request) {
        if (request.method !== 'GET') written.push(request);
        return real.json(request);
      },
    };
  });
  after(async () => {
    api.close();
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function plan(
    objects: readonly JsonObject[],
    more: Partial<Wanted> & { readonly applied?: readonly JsonObject[] } = {},
  ): Promise<ObjectPlan[]> {
    const { applied = [], ...rest } = more;
    const wanted: Wanted = {
      application: { uid, namespace: 'default', name: 'one' },
      drift: 'heal',
      objects: [...objects],
      leaving: [],
      ...rest,
    };
    const addresses = new Map(
      applied.map((object) => [
        `/${String(object['kind'])}/default/${String((object['metadata'] as JsonObject)['name'])}`,
        addressOf(object),
      ]),
    );
    const cluster = { objects: dryRunOf(api), discovery: new Discovery(api) };
    return planApplication(cluster, {
      wanted,
      owner,
      budget: changeBudget(),
      applied: (key) => addresses.get(key),
    });
  }

  /** Applies for real, as a delivery does. */
  async function deliver(object: JsonObject, manager = owner.manager): Promise<void> {
    const kind = await new Discovery(api).find(String(object['apiVersion']), String(object['kind']));
    const { name, namespace } = object['metadata'] as JsonObject;
    assert.ok(kind !== undefined);
    const at = { kind, name: String(name), namespace: kind.namespaced ? String(namespace) : undefined };
    await objectsOf(api).apply(at, object, { manager, force: false });
  }

  it('sends nothing that is no dry run', async () => {
    await deliver(config('quiet', { a: '1' }));
    written.length = 0;
    const leaving = [{ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'quiet' }];
    await plan([config('quiet', { a: '2' }), config('new', {})], { leaving });
    assert.ok(written.length >= 2);
    for (const { method, query } of written) assert.deepEqual([method, query?.['dryRun']], ['PATCH', 'All']);
    assert.equal(await kube.get('v1', 'ConfigMap', 'default', 'new'), null);
  });

  it('shows what was changed by hand as healed, and whose it was', async () => {
    const object = config('healed', { a: '1', b: '1' });
    await deliver(object);
    await kube.edit('v1', 'ConfigMap', 'default', 'healed', { data: { a: 'theirs' } }, 'somebody');
    const [healed] = await plan([object], { applied: [object] });
    assert.deepEqual(healed, {
      ref: { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'healed' },
      action: 'update',
      changes: [{ path: '/data/a', from: 'theirs', to: '1' }],
      conflicts: [{ manager: 'somebody', field: '.data.a', kept: false }],
    });
    const [reported] = await plan([object], { applied: [object], drift: 'report' });
    assert.equal(reported?.action, 'drifted');
    // Another content is delivered under either rule.
    const [next] = await plan([config('healed', { a: '2', b: '1' })], { applied: [object], drift: 'report' });
    assert.deepEqual(
      [next?.action, next?.changes],
      ['update', [{ path: '/data/a', from: 'theirs', to: '2' }]],
    );
  });

  it("leaves another Application's fields, and says so", async () => {
    const object = config('shared', { a: '1' });
    await deliver(object);
    await kube.edit('v1', 'ConfigMap', 'default', 'shared', { data: { a: 'theirs' } }, 'mainsheet:app_two');
    const [shared] = await plan([config('shared', { a: '2', b: '2' })]);
    assert.deepEqual(shared?.changes, [{ path: '/data/b', to: '2' }]);
    assert.deepEqual(shared?.conflicts, [{ manager: 'mainsheet:app_two', field: '.data.a', kept: true }]);
  });

  it('tells nothing of what is not ours, but that it is there', async () => {
    const foreign = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'foreign', namespace: 'default' },
    };
    await kube.create({ ...foreign, data: { a: 'private' } } as never);
    const two = ownerOf('hub-test', tenant, 'app_two' as ApplicationUid);
    await deliver(
      stampOwner({ ...foreign, metadata: { ...foreign.metadata, name: 'two' } }, two),
      two.manager,
    );
    const ref = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name });
    const plans = await plan([config('foreign', { a: '1' }), config('two', {})], {
      leaving: [ref('foreign')],
    });
    assert.deepEqual(
      plans.map(({ action, reason, changes }) => [action, reason, changes]),
      [
        ['refused', 'not-managed', undefined],
        ['refused', 'managed-by-other', undefined],
        ['refused', 'not-managed', undefined],
      ],
    );
    assert.equal(
      plans[0]?.message,
      'ConfigMap default/foreign exists but not managed by any application now',
    );
    assert.doesNotMatch(JSON.stringify(plans), /private/);
  });

  it('lists what would go, and not what is gone already', async () => {
    await deliver(config('leaving', {}));
    const ref = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name });
    const plans = await plan([], { leaving: [ref('leaving'), ref('gone')] });
    assert.deepEqual(plans, [{ ref: ref('leaving'), action: 'delete' }]);
  });

  it("does not say what is in a Secret, and not what is wrong with it in the server's words", async () => {
    const secret = (data: JsonObject, part = 'data') =>
      stampOwner(
        { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'keys', namespace: 'default' }, [part]: data },
        owner,
      );
    await deliver(secret({ a: 'b25l' }));
    const [changed] = await plan([secret({ a: 'two' }, 'stringData')]);
    assert.deepEqual(changed?.changes, [{ path: '/data/a', from: '(hidden)', to: '(hidden)' }]);
    assert.deepEqual((await plan([secret({ a: 'one' }, 'stringData')]))[0]?.action, 'unchanged');
    const [wrong] = await plan([secret({ a: 'no base64!' })]);
    assert.equal(wrong?.action, 'refused');
    assert.doesNotMatch(JSON.stringify([changed, wrong]), /b25l|dHdv|two|base64!/);
  });

  it('makes what needs a namespace or a kind that the same plan makes, and refuses it otherwise', async () => {
    const space = stampOwner({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'fresh' } }, owner);
    const crd = stampOwner(
      {
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name: 'boats.example.com' },
        spec: {
          group: 'example.com',
          scope: 'Namespaced',
          names: { kind: 'Boat', plural: 'boats' },
          versions: [
            { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } },
          ],
        },
      },
      owner,
    );
    const boat = stampOwner(
      { apiVersion: 'example.com/v1', kind: 'Boat', metadata: { name: 'b', namespace: 'default' } },
      owner,
    );
    const inside = config('inside', {}, 'fresh');
    const actions = (plans: readonly ObjectPlan[]) => plans.map(({ action, reason }) => reason ?? action);
    assert.deepEqual(actions(await plan([inside, boat])), ['missing-namespace', 'missing-kind']);
    assert.deepEqual(actions(await plan([space, inside, crd, boat])), [
      'create',
      'create',
      'create',
      'create',
    ]);
  });

  it('is answered once, beside the bundles, by the active agent', async () => {
    const hub = new TestHub();
    await hub.listen();
    const stop = new AbortController();
    const state = join(folder, 'agent');
    const running = runAgent({
      hub: hub.url,
      token: hub.token,
      state,
      api,
      namespace: 'default',
      beatSeconds: 0.1,
      signal: stop.signal,
      log: () => undefined,
    });
    const [one, two] = ['pln_one', 'pln_two'].map((id) => id as PlanId);
    const wanted = (name: string): Wanted => ({
      application: { uid, namespace: 'default', name: 'one' },
      drift: 'heal',
      objects: [config(name, { a: '1' })],
      leaving: [],
    });
    hub.plans.push({ id: one ?? ('' as PlanId), applications: [wanted('asked')] });
    hub.deliver({ objects: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'kept' } }] });
    await until('the plan is answered', () => hub.answers.length > 0);
    await until('the bundle is delivered', () => hub.word({ kind: 'ConfigMap', name: 'kept' }));
    hub.plans.push({ id: two ?? ('' as PlanId), applications: [wanted('asked'), wanted('kept')] });
    await until('the next plan is answered', () => hub.answers.length > 1);
    const counted = hub.syncs.length;
    await until('some beats', () => hub.syncs.length > counted + 3);
    await sleep(50);
    assert.deepEqual(
      hub.answers.map((answer) => [
        answer.id,
        answer.state === 'ready' &&
          answer.applications.flatMap(({ objects }) => objects.map(({ action }) => action)),
      ]),
      [
        [one, ['create']],
        [two, ['create', 'update']],
      ],
    );
    assert.equal(await kube.get('v1', 'ConfigMap', 'default', 'asked'), null);
    for (const [i, counter] of hub.counters.entries())
      assert.ok(i === 0 || counter > (hub.counters[i - 1] ?? 0));
    stop.abort();
    await running;
    await hub.close();
  });
});
