import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { newId } from '../../db/ids.ts';
import { hashKey, hashToken } from '../../db/keys.ts';
import type { TenantStore } from '../../db/stores.ts';
import { type TestApp, testApp } from '../support/http-app.ts';

interface Detail {
  readonly pointer: string;
  readonly detail: string;
  readonly code?: string;
}

const actor = { kind: 'operator', id: 'test' } as const;
const kind = (apiVersion: string, name: string) => {
  const [first, second] = apiVersion.split('/');
  const [group, version] = second === undefined ? ['', first] : [first, second];
  return { group, version, kind: name, plural: `${name.toLowerCase()}s`, namespaced: true, verbs: ['get'] };
};

interface Part {
  readonly type: string;
  readonly properties?: unknown;
}

const application = (
  components: readonly unknown[],
  more: Readonly<Record<string, unknown>> = {},
  name = 'site',
): string =>
  JSON.stringify({
    apiVersion: 'core.oam.dev/v1beta1',
    kind: 'Application',
    metadata: { name },
    spec: { components, ...more },
  });
const web = (...traits: readonly Part[]) => ({
  name: 'web',
  type: 'webservice',
  properties: { image: 'nginx:1' },
  traits,
});

async function addCluster(store: TenantStore, name: string, kinds: readonly unknown[]): Promise<void> {
  const now = Date.now();
  const tokenHash = await hashToken(`token of ${name}`);
  await store.clusters.invite(actor, { id: newId('cluster', now), name, tokenHash, expiresAt: now + 60_000 });
  const agent = newId('agent', now);
  await store.agents.enrol(
    { tokenHash, agent, publicKey: `key of ${name}`, version: '1', kubernetes: { version: 'v1.35.0' } },
    now,
  );
  await store.clusters.accept(actor, name, agent, {
    namespaces: [{ namespace: '*', serviceAccount: 'a/b' }],
  });
  if (kinds.length > 0) {
    // JSON of this file's own.
    const capabilities = JSON.parse(JSON.stringify({ kinds }));
    await store.agents.seen(agent, now + 60_000, { version: '1', capabilities });
  }
}

describe('what a cluster can take', () => {
  let app: TestApp;
  let key: string;
  const submit = (body: string, query = '') =>
    app.request(`/v1/applications${query}`, { method: 'POST', key, body });
  const warnings = async (body: string): Promise<readonly Detail[]> => {
    const answer = await submit(body, '?dryRun=server');
    assert.equal(answer.status, 200, answer.text);
    return answer.body['warnings'] as Detail[];
  };

  before(async () => {
    app = await testApp();
    key = await app.tenant('demo');
    const found = await app.stores.directory.key((await hashKey(key)) ?? '', Date.now());
    assert.ok(found !== undefined);
    const store = app.stores.of(found.tenant);
    await addCluster(store, 'home', [
      kind('v1', 'Service'),
      kind('v1', 'ConfigMap'),
      kind('apps/v1', 'Deployment'),
      kind('apps/v1', 'DaemonSet'),
      kind('autoscaling/v2', 'HorizontalPodAutoscaler'),
      kind('batch/v1', 'CronJob'),
      kind('apiextensions.k8s.io/v1', 'CustomResourceDefinition'),
    ]);
    await addCluster(store, 'silent', []);
  });

  describe('is told for each definition', () => {
    type Item = {
      name: string;
      kind: string;
      available: string;
      kinds: { apiVersion: string; kind: string; available: string; served: string[]; provider?: string }[];
    };
    const items = async (query: string): Promise<readonly Item[]> => {
      const answer = await app.request(`/v1/capabilities?limit=100&${query}`, { key });
      assert.equal(answer.status, 200, answer.text);
      return answer.body['items'] as Item[];
    };
    it('with the kinds that it makes, their versions and what would bring them', async () => {
      const components = await items('cluster=home&kind=component');
      const of = (name: string) => components.find((one) => one.name === name);
      assert.equal(of('webservice')?.available, 'yes');
      assert.equal(of('statefulset')?.available, 'no');
      assert.deepEqual(
        of('statefulset')?.kinds.find((one) => one.kind === 'StatefulSet'),
        { apiVersion: 'apps/v1', kind: 'StatefulSet', available: 'no', served: [] },
      );
      const cron = of('cron-task');
      assert.equal(cron?.available, 'yes', JSON.stringify(cron));
      assert.deepEqual(cron?.kinds.map(({ apiVersion, available }) => [apiVersion, available]).sort(), [
        ['batch/v1', 'yes'],
        ['batch/v1beta1', 'no'],
      ]);
    });
    it('also for steps, by what their templates apply', async () => {
      const steps = await items('cluster=home&kind=workflow-step');
      const of = (name: string) => steps.find((one) => one.name === name);
      assert.deepEqual(
        of('apply-deployment')?.kinds.map(({ kind: one, available }) => [one, available]),
        [['Deployment', 'yes']],
      );
      assert.equal(of('export2secret')?.available, 'no');
    });
    it('and what is missing by itself', async () => {
      const missing = await items('available=no');
      assert.ok(missing.some(({ name }) => name === 'gateway'));
      assert.ok(missing.every(({ kinds }) => kinds.some(({ available }) => available === 'no')));
    });
    it('as unknown where the cluster has not reported', async () => {
      assert.ok((await items('cluster=silent')).every(({ available }) => available === 'unknown'));
    });
    it("in all of the tenant's namespaces, page by page, own ones before stock ones", async () => {
      const put = async (name: string, namespace: string, made: string) => {
        const answer = await app.request(`/v1/definitions/component/${name}?namespace=${namespace}`, {
          method: 'PUT',
          key,
          body: `"${name}": {type: "component"}\ntemplate: output: {apiVersion: "apps/v1", kind: "${made}"}\n`,
        });
        assert.ok(answer.status < 300, answer.text);
      };
      await put('served', 'team-a', 'Deployment');
      await put('unserved', 'team-a', 'StatefulSet');
      await put('daemon', 'team-b', 'StatefulSet');
      await put('task', 'vela-system', 'StatefulSet');
      const ofTeam = await items('cluster=home&namespace=team-a');
      assert.deepEqual(
        ofTeam.map(({ name, available }) => [name, available]),
        [
          ['served', 'yes'],
          ['unserved', 'no'],
        ],
      );
      const keyOf = (one: Item & { namespace: string; origin: string }) =>
        `${one.kind}/${one.namespace}/${one.name}/${one.origin}`;
      const paged: string[] = [];
      for (let cursor = ''; ; ) {
        const answer = await app.request(`/v1/capabilities?limit=3&kind=component${cursor}`, { key });
        assert.equal(answer.status, 200, answer.text);
        paged.push(...(answer.body['items'] as Parameters<typeof keyOf>[0][]).map(keyOf));
        if (typeof answer.body['next'] !== 'string') break;
        cursor = `&cursor=${answer.body['next']}`;
      }
      assert.deepEqual(paged.slice(0, 4), [
        'component/team-a/served/tenant',
        'component/team-a/unserved/tenant',
        'component/team-b/daemon/tenant',
        'component/vela-system/task/tenant',
      ]);
      assert.ok(paged.includes('component/vela-system/daemon/stock'));
      // Hidden by the tenant's own of the same name.
      assert.ok(!paged.includes('component/vela-system/task/stock'));
      assert.equal(new Set(paged).size, paged.length);
      for (const cursor of ['at.2', 'stock.2', 'x'])
        assert.equal((await app.request(`/v1/capabilities?cursor=${cursor}`, { key })).status, 400);
      await app.request('/v1/definitions/component/task', { method: 'DELETE', key });
    });
    it('for clusters of the tenant only, which are named where another is asked for', async () => {
      const unknown = await app.request('/v1/capabilities?cluster=hom', { key });
      assert.equal(unknown.status, 404);
      assert.deepEqual(unknown.body['errors'], [
        {
          pointer: '/cluster',
          detail: 'There is no cluster "hom".',
          expected: 'one of home, silent',
          actual: 'hom',
        },
      ]);
      const other = await app.tenant('other');
      assert.equal((await app.request('/v1/capabilities?cluster=home', { key: other })).status, 404);
    });
  });

  describe('keeps an Application out before anything is written', () => {
    const gatewayed = application([
      web({ type: 'gateway', properties: { domain: 'example.com', http: { '/': 80 } } }),
    ]);
    it('when it needs a kind that is missing, naming definition, kind and cluster', async () => {
      const answer = await submit(gatewayed);
      assert.equal(answer.status, 422, answer.text);
      assert.equal(answer.body['code'], 'cluster.missing_kind');
      const [error] = answer.body['errors'] as Detail[];
      assert.equal(error?.code, 'cluster.missing-kind');
      assert.equal(error?.pointer, '/spec/components/0/traits/0/type');
      assert.match(error?.detail ?? '', /"local".*Ingress.*networking\.k8s\.io\/v1.*"gateway"/);
      assert.equal((await app.request('/v1/namespaces/default/applications/site', { key })).status, 404);
    });
    const wantedKind = async (body: string): Promise<readonly (string | undefined)[]> => {
      const answer = await submit(body, '?dryRun=server');
      assert.equal(answer.status, 422, answer.text);
      const [error] = answer.body['errors'] as (Detail & { expected?: string })[];
      assert.equal(error?.code, 'cluster.missing-kind', answer.text);
      return [error.pointer, error.expected, /definition "([^"]*)"/.exec(error.detail)?.[1]];
    };
    it('also when a policy makes it', async () => {
      const put = await app.request('/v1/definitions/policy/quota', {
        method: 'PUT',
        key,
        body: 'quota: type: "policy"\ntemplate: {\n\toutput: {apiVersion: "v1", kind: "ConfigMap"}\n\toutputs: q: {apiVersion: "v1", kind: "ResourceQuota", spec: hard: pods: parameter.pods}\n\tparameter: pods: string\n}\n',
      });
      assert.ok(put.status < 300, put.text);
      const policies = [{ name: 'own', type: 'quota', properties: { pods: '5' } }];
      assert.deepEqual(await wantedKind(application([web()], { policies })), [
        '/spec/policies/0/type',
        'v1 ResourceQuota',
        'quota',
      ]);
    });
    it('also when a step of the workflow applies it, as far as its template tells before it runs', async () => {
      const step = (type: string, properties: object) =>
        application([web()], {
          workflow: {
            steps: [
              { type: 'apply-component', name: 'web', properties: { component: 'web' } },
              { type, name: 's', properties },
            ],
          },
        });
      const job = { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'j' } };
      assert.deepEqual(await wantedKind(step('apply-object', { value: job })), [
        '/spec/workflow/steps/1/type',
        'batch/v1 Job',
        'apply-object',
      ]);
      // Another cluster, which has not reported.
      const elsewhere = await submit(
        step('apply-object', { value: job, cluster: 'silent' }),
        '?dryRun=server',
      );
      assert.equal(elsewhere.status, 200, elsewhere.text);
      const data = await submit(
        step('export2config', { configName: 'c', data: { a: 'b' } }),
        '?dryRun=server',
      );
      assert.equal(data.status, 200, data.text);
      assert.deepEqual(await wantedKind(step('export2secret', { secretName: 'c', data: { a: 'b' } })), [
        '/spec/workflow/steps/1/type',
        'v1 Secret',
        'export2secret',
      ]);
    });
    it('but not when another cluster is the target, which has not reported', async () => {
      const elsewhere = JSON.parse(gatewayed) as { spec: Record<string, unknown> };
      elsewhere.spec['policies'] = [{ name: 't', type: 'topology', properties: { clusters: ['silent'] } }];
      assert.equal((await submit(JSON.stringify(elsewhere), '?dryRun=server')).status, 200);
    });
    it('nor when it brings the kind itself', async () => {
      const widget = { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'w' } };
      const crd = {
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name: 'widgets.example.com' },
        spec: { group: 'example.com', names: { kind: 'Widget' }, versions: [{ name: 'v1' }] },
      };
      const objects = (...list: readonly unknown[]) =>
        application([{ name: 'objects', type: 'k8s-objects', properties: { objects: list } }], {}, 'widgets');
      assert.equal((await submit(objects(widget), '?dryRun=server')).status, 422);
      const both = await submit(objects(crd, widget), '?dryRun=server');
      assert.equal(both.status, 200, both.text);
    });
  });

  describe('rules that KubeVela does not enforce', () => {
    const define = (name: string, attributes: string, template: string) =>
      app.request(`/v1/definitions/trait/${name}`, {
        method: 'PUT',
        key,
        body: `"${name}": {type: "trait", description: "x", labels: team: "a", attributes: ${attributes}}\ntemplate: {\n${template}\n}\n`,
      });
    const scale = { type: 'hpa', properties: { min: 1, max: 4 } };

    it('warn of a trait on a workload that it is not for', async () => {
      const [warning] = await warnings(
        application([
          { name: 'each', type: 'daemon', properties: { image: 'a' }, traits: [{ type: 'scaler' }] },
        ]),
      );
      assert.equal(warning?.code, 'rule.applies-to-workloads');
      assert.equal(warning?.pointer, '/spec/components/0/traits/0/type');
      assert.match(warning?.detail ?? '', /daemonsets\.apps/);
    });
    it('warn of two autoscalers on one target, naming both writers', async () => {
      await define(
        'night-hpa',
        '{}',
        'outputs: h: {apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler", metadata: name: "night", spec: scaleTargetRef: {apiVersion: "apps/v1", kind: "Deployment", name: context.name}}',
      );
      const text = application([web(scale, { type: 'night-hpa' })]);
      const found = (await warnings(text)).find(({ code }) => code === 'rule.two-autoscalers');
      assert.match(found?.detail ?? '', /"hpa" of component "web".*"night-hpa" of component "web"/);
      const strict = await submit(text, '?strict=true');
      assert.equal(strict.status, 422, strict.text);
      assert.ok((strict.body['errors'] as Detail[]).some(({ code }) => code === 'rule.two-autoscalers'));
    });
    it('warn of hpa beside a cron autoscaler, and of neither alone', async () => {
      await define(
        'cronhpa',
        '{appliesToWorkloads: ["deployments.apps"], conflictsWith: []}',
        'outputs: c: {apiVersion: "autoscaling.alibabacloud.com/v1beta1", kind: "CronHorizontalPodAutoscaler", metadata: name: context.name, spec: scaleTargetRef: {apiVersion: "apps/v1", kind: "Deployment", name: context.name}}',
      );
      const cron = { type: 'cronhpa' };
      const rules = [{ strategy: { path: ['spec.replicas'] } }];
      const policies = [
        { name: 'once', type: 'apply-once', properties: { enable: true, rules } },
        { name: 't', type: 'topology', properties: { clusters: ['silent'] } },
      ];
      const codes = async (...traits: readonly Part[]) =>
        (await warnings(application([web(...traits)], { policies })))
          .map(({ code }) => code)
          .filter((code) => code !== 'policy-not-enforced');
      assert.deepEqual(await codes(cron), []);
      assert.deepEqual(await codes(scale), []);
      assert.deepEqual(await codes(cron, scale), ['rule.two-autoscalers']);
      // Where the kind is missing as well, both are told.
      const here = await submit(application([web(cron, scale)]), '?strict=true');
      assert.equal(here.status, 422, here.text);
      const errors = (here.body['errors'] as Detail[]).map(({ code }) => code);
      assert.ok(
        errors.includes('cluster.missing-kind') && errors.includes('rule.two-autoscalers'),
        here.text,
      );
    });
    it('say nothing of traits that go together, as a Service, a VirtualService and a DestinationRule', async () => {
      for (const made of ['VirtualService', 'DestinationRule'])
        await define(
          made.toLowerCase(),
          '{appliesToWorkloads: ["*"]}',
          `outputs: o: {apiVersion: "networking.istio.io/v1", kind: "${made}", metadata: name: context.name, spec: host: context.name}`,
        );
      const traits = [
        { type: 'expose', properties: { port: [80] } },
        { type: 'virtualservice' },
        { type: 'destinationrule' },
      ];
      const policies = [{ name: 't', type: 'topology', properties: { clusters: ['silent'] } }];
      assert.deepEqual(await warnings(application([web(...traits)], { policies })), []);
    });
    it('are errors where the tenant says so, as are unknown parameters', async () => {
      const text = application([{ ...web({ type: 'scaler', properties: { replica: 2 } }) }], {}, 'strict');
      assert.ok((await warnings(text)).some(({ code }) => code === 'unknown-parameter'));
      const set = (strict: boolean) =>
        app.request('/v1/tenant', { method: 'PATCH', key, body: JSON.stringify({ strict }) });
      assert.equal((await set(true)).body['strict'], true);
      const answer = await submit(text);
      assert.equal(answer.status, 422, answer.text);
      const [error] = answer.body['errors'] as Detail[];
      assert.equal(error?.pointer, '/spec/components/0/traits/0/properties/replica');
      assert.equal((await app.request('/v1/tenant', { key })).body['strict'], true);
      assert.equal((await set(false)).body['strict'], false);
      assert.equal((await submit(text, '?dryRun=server')).status, 200);
    });
    it('warn of scaler beside hpa, but not with apply-once for the replicas', async () => {
      const components = [web({ type: 'scaler', properties: { replicas: 2 } }, scale)];
      const found = (await warnings(application(components))).find(
        ({ code }) => code === 'rule.fixed-replicas',
      );
      assert.match(found?.detail ?? '', /"scaler" of component "web".*"hpa" of component "web"/);
      const rules = [{ strategy: { path: ['spec.replicas'] } }];
      const policies = [{ name: 'once', type: 'apply-once', properties: { enable: true, rules } }];
      const left = await warnings(application(components, { policies }));
      assert.deepEqual(
        left.map(({ code, pointer }) => [code, pointer]),
        [['policy-not-enforced', '/spec/policies/0/type']],
      );
    });
    it('warn of two traits that write one field with different values', async () => {
      for (const [name, replicas] of [
        ['two', 2],
        ['three', 3],
      ] as const)
        await define(name, '{}', `// +patchStrategy=retainKeys\npatch: spec: replicas: ${replicas}`);
      const found = await warnings(application([web({ type: 'two' }, { type: 'three' })]));
      assert.deepEqual(
        found.map(({ code, pointer }) => [code, pointer]),
        [['rule.two-writers', '/spec/components/0/traits/1']],
      );
      assert.match(found[0]?.detail ?? '', /spec\.replicas.*"two".*"three"/);
    });
    it('warn of traits that exclude each other', async () => {
      await define('alone', '{conflictsWith: ["*"]}', 'patch: metadata: labels: a: "b"');
      const found = await warnings(application([web({ type: 'alone' }, { type: 'scaler' })]));
      assert.ok(
        found.some(({ detail }) =>
          detail.startsWith('trait "alone" of component "web" conflicts with all other traits'),
        ),
      );
      assert.deepEqual(await warnings(application([web({ type: 'alone' })])), []);
    });
  });
});
