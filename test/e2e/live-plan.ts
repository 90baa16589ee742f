/** Live plans on a running stack: what each cluster says it would do, and that it does nothing. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { KubeReader } from '../support/kube.ts';
import { type Answer, call, eventually } from '../support/local-stack.ts';

/** What the suite around it has. */
export interface Scene {
  url(): string;
  key(): string;
  operatorKey(): string;
  cluster(): KubeReader;
  running(name: string): Promise<unknown>;
}

interface Planned {
  readonly action: string;
  readonly kind: string;
  readonly name: string;
  readonly reason?: string;
  readonly message?: string;
  readonly changes?: readonly { readonly path: string; readonly from?: unknown; readonly to?: unknown }[];
  readonly conflicts?: readonly { readonly field: string; readonly kept: boolean }[];
}

const configMap = (name: string) => `
          - apiVersion: v1
            kind: ConfigMap
            metadata: {name: ${name}}
            data: {greeting: hello}`;

/** `mainsheet.dev/drift: report`, so that what is changed by hand stays until it is planned. */
const application = (image: string, configs: readonly string[]) => `apiVersion: core.oam.dev/v1beta1
kind: Application
metadata:
  name: planned
  annotations: {mainsheet.dev/drift: report}
spec:
  components:
    - name: planned
      type: webservice
      properties: {image: "${image}", ports: [{port: 8080, expose: true}]}
${
  configs.length === 0
    ? ''
    : `    - name: configs
      type: k8s-objects
      properties:
        objects:${configs.map(configMap).join('')}
`
}`;

export function livePlanCases(scene: Scene): void {
  describe('a live plan', () => {
    const post = (path: string, body: string, key = scene.key()) =>
      call(`${scene.url()}${path}`, key, { method: 'POST', body });
    const plan = async (text: string): Promise<{ answer: Answer; objects: readonly Planned[] }> => {
      const asked = await post('/v1/plan?live=true', text);
      assert.equal(asked.status, 202, asked.text);
      const answer = await eventually(
        () => call(String(asked.headers.get('location')), scene.key()),
        ({ body }) => body['state'] !== 'pending',
        20_000,
      );
      const { applications } = answer.body as { applications: { objects: Planned[] }[] };
      return { answer, objects: applications.flatMap(({ objects }) => objects) };
    };
    const inShort = (objects: readonly Planned[]) =>
      Object.fromEntries(objects.map(({ kind, name, action }) => [`${kind}/${name}`, action]));
    const versions = async () => {
      const of = async (apiVersion: string, kind: string, name: string) =>
        (await scene.cluster().get(apiVersion, kind, 'default', name))?.metadata?.resourceVersion;
      return [
        await of('apps/v1', 'Deployment', 'planned'),
        await of('v1', 'Service', 'planned'),
        await of('v1', 'ConfigMap', 'planned-one'),
      ];
    };

    before(async () => {
      const submitted = await post('/v1/applications', application('nginx:1', ['planned-one']));
      assert.equal(submitted.status, 202, submitted.text);
      await scene.running('planned');
    });
    after(async () => {
      await call(`${scene.url()}/v1/namespaces/default/applications/planned`, scene.key(), {
        method: 'DELETE',
      });
      await scene
        .cluster()
        .remove('v1', 'ConfigMap', 'default', 'planned-foreign')
        .catch(() => undefined);
    });

    it('finds nothing to do for what is there', async () => {
      const { answer, objects } = await plan(application('nginx:1', ['planned-one']));
      assert.equal(answer.body['state'], 'ready', answer.text);
      assert.deepEqual(inShort(objects), {
        'Deployment/planned': 'unchanged',
        'Service/planned': 'unchanged',
        'ConfigMap/planned-one': 'unchanged',
      });
    });

    it('shows a changed image as one field, and writes nothing', async () => {
      const versionsBefore = await versions();
      const { objects } = await plan(application('nginx:2', ['planned-one']));
      const changes = objects.flatMap((one) => one.changes ?? []);
      assert.deepEqual(changes, [
        { path: '/spec/template/spec/containers/0/image', from: 'nginx:1', to: 'nginx:2' },
      ]);
      assert.deepEqual(await versions(), versionsBefore);
    });

    it('lists what would be made and what would go', async () => {
      const { objects } = await plan(application('nginx:1', ['planned-two']));
      assert.deepEqual(inShort(objects), {
        'Deployment/planned': 'unchanged',
        'Service/planned': 'unchanged',
        'ConfigMap/planned-two': 'create',
        'ConfigMap/planned-one': 'delete',
      });
      assert.equal(await scene.cluster().get('v1', 'ConfigMap', 'default', 'planned-two'), null);
      assert.notEqual(await scene.cluster().get('v1', 'ConfigMap', 'default', 'planned-one'), null);
    });

    it('refuses an object that nobody manages, and tells nothing of it', async () => {
      await scene.cluster().create({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'planned-foreign', namespace: 'default' },
        data: { theirs: 'private' },
      } as never);
      const { answer, objects } = await plan(application('nginx:1', ['planned-one', 'planned-foreign']));
      const foreign = objects.find(({ name }) => name === 'planned-foreign');
      assert.deepEqual(
        [foreign?.action, foreign?.reason, foreign?.message, foreign?.changes],
        [
          'refused',
          'not-managed',
          'ConfigMap default/planned-foreign exists but not managed by any application now',
          undefined,
        ],
      );
      assert.doesNotMatch(answer.text, /private/);
    });

    it('shows what somebody has changed by hand: left where only reported, healed by the next revision', async () => {
      await scene
        .cluster()
        .merge('v1', 'ConfigMap', 'default', 'planned-one', { data: { greeting: 'by hand' } });
      const change = [{ path: '/data/greeting', from: 'by hand', to: 'hello' }];
      const config = ({ objects }: { objects: readonly Planned[] }) =>
        objects.find(({ name }) => name === 'planned-one');
      const same = config(await plan(application('nginx:1', ['planned-one'])));
      assert.deepEqual([same?.action, same?.changes], ['drifted', change]);
      const next = config(await plan(application('nginx:2', ['planned-one'])));
      assert.deepEqual([next?.action, next?.changes], ['update', change]);
      assert.deepEqual(
        next?.conflicts?.map(({ field, kept }) => [field, kept]),
        [['.data.greeting', false]],
      );
    });

    it("is not there for another tenant, in the same bytes as one that isn't", async () => {
      const asked = await post('/v1/plan?live=true', application('nginx:1', []));
      const made = await call(`${scene.url()}/v1/tenants`, scene.operatorKey(), {
        method: 'POST',
        body: JSON.stringify({ name: 'onlooker' }),
        headers: { 'content-type': 'application/json' },
      });
      const theirs = String(made.body['key']);
      const look = async (id: string) => {
        const { status, text } = await call(`${scene.url()}/v1/plans/${id}`, theirs);
        return [status, text.replace(/"requestId":"[^"]*"/, '')];
      };
      const [status, text] = await look(String(asked.body['id']));
      assert.equal(status, 404);
      assert.deepEqual([status, text], await look(`pln_${'0'.repeat(26)}`));
    });
  });
}
