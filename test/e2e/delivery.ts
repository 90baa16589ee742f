/** The main job from end to end, as a suite for any cluster: `npm start` is run as a user runs it. */
import assert from 'node:assert/strict';
import { createHmac, randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type GitServer, gitMissing, startGitServer } from '../support/git-server.ts';
import { kubeReader } from '../support/kube.ts';
import {
  type Answer,
  call,
  commandOf,
  descendants,
  eventually,
  isAlive,
  type LocalStack,
  removeState,
  startStack,
  temporaryState,
} from '../support/local-stack.ts';
import { livePlanCases } from './live-plan.ts';

interface Container {
  readonly image: string;
}
interface Workload {
  readonly spec: {
    readonly template: { readonly spec: { readonly containers: readonly Container[] } };
    readonly replicas: number;
  };
}

const application = (name: string, image: string) => `apiVersion: core.oam.dev/v1beta1
kind: Application
metadata:
  name: ${name}
spec:
  components:
    - name: ${name}
      type: webservice
      properties:
        image: ${image}
        ports:
          - port: 8080
            expose: true
`;

/** `kubeconfig` absent: the sandbox. */
export function deliverySuite(title: string, kubeconfig: string | undefined): void {
  describe(title, { timeout: 600_000 }, () => {
    const stateDirectory = temporaryState();
    let stack: LocalStack;
    const sandboxConfig = (tenant: string) =>
      join(stateDirectory, 'tenants', tenant, 'sandbox', 'kubeconfig');
    const cluster = () => kubeReader(kubeconfig ?? sandboxConfig('demo'));
    const post = (
      path: string,
      body: string,
      key: string | null = stack.key,
      headers: Record<string, string> = {},
    ) => call(`${stack.url}${path}`, key, { method: 'POST', body, headers });
    const phaseOf = async (name: string, key = stack.key): Promise<string | undefined> => {
      const { body } = await call(`${stack.url}/v1/namespaces/default/applications/${name}`, key);
      return (body['status'] as { status?: string } | undefined)?.status;
    };
    const imageOf = async (name: string): Promise<string | undefined> => {
      const object = await cluster().get('apps/v1', 'Deployment', 'default', name);
      return (object as unknown as Workload | null)?.spec.template.spec.containers[0]?.image;
    };
    const running = (name: string, key?: string) =>
      eventually(
        () => phaseOf(name, key),
        (phase) => phase === 'running',
      );

    before(async () => {
      if (kubeconfig !== undefined) await removeDelivered(kubeconfig);
      stack = await startStack({ stateDirectory, kubeconfig });
    });
    after(async () => {
      await stack?.stop();
      if (kubeconfig !== undefined) await removeDelivered(kubeconfig);
      removeState(stateDirectory);
    });

    it('says which cluster it works on', () => {
      assert.equal(stack.cluster === 'sandbox', kubeconfig === undefined);
    });

    it("brings the README's example to running, and shows it in public", async () => {
      const text = readFileSync('examples/website.yaml', 'utf8');
      const submitted = await post('/v1/applications', text);
      assert.equal(submitted.status, 202, submitted.text);
      assert.match(submitted.headers.get('location') ?? '', /\/v1\/runs\/run_/);
      await running('website');
      const deployment = await cluster().get('apps/v1', 'Deployment', 'default', 'frontend');
      assert.equal((deployment as unknown as Workload).spec.replicas, 2);
      const statusUrl = String(submitted.body['statusUrl']);
      const status = await eventually(
        () => call(statusUrl, null),
        (answer: Answer) => answer.body['phase'] === 'running',
      );
      assert.equal(status.body['application'], 'website');
      const again = await call(statusUrl, null, {
        headers: { 'if-none-match': status.headers.get('etag') ?? '' },
      });
      assert.equal(again.status, 304);
      const html = await call(statusUrl, null, { headers: { accept: 'text/html' } });
      assert.match(html.text, /website: running/);
      assert.match((await call(`${statusUrl}.svg`, null)).text, /<svg .*website: running/s);
    });

    it('makes no new revision of the same spec', async () => {
      const again = await post('/v1/applications', readFileSync('examples/website.yaml', 'utf8'));
      assert.equal(again.status, 200, again.text);
      assert.equal(again.body['revision'], 1);
    });

    it('deploys what a signed push to a Git repository brings', {
      skip: gitMissing() || payloadMissing(),
    }, async () => {
      const payload = readFileSync(join(process.env['MAINSHEET_CORPUS'] ?? '', 'webhooks/github/push.json'));
      const { ref } = JSON.parse(payload.toString('utf8')) as { ref: string };
      const git: GitServer = await startGitServer(ref.replace('refs/heads/', ''));
      try {
        git.commit({ 'deploy/shop.yaml': application('shop', 'nginx:1.0') });
        const made = await post(
          '/v1/receivers',
          JSON.stringify({ name: 'shop', kind: 'github', repository: git.url, ref, path: 'deploy' }),
          stack.key,
          { 'content-type': 'application/json' },
        );
        assert.equal(made.status, 201, made.text);
        const { receiver, secret } = made.body as { receiver: { id: string; url: string }; secret: string };
        const deliver = (signature: string, delivery: string = randomUUID()) =>
          fetch(`${stack.url}${receiver.url}`, {
            method: 'POST',
            body: payload,
            headers: {
              'content-type': 'application/json',
              'x-github-event': 'push',
              'x-github-delivery': delivery,
              'x-hub-signature-256': `sha256=${signature}`,
            },
          });
        const signature = createHmac('sha256', secret).update(payload).digest('hex');
        assert.equal((await deliver('0'.repeat(64))).status, 401);
        assert.equal((await deliver(signature)).status, 202);
        await running('shop');
        assert.equal(await imageOf('shop'), 'nginx:1.0');

        git.commit({ 'deploy/shop.yaml': application('shop', 'nginx:2.0') });
        const listed = await call(`${stack.url}/v1/receivers/${receiver.id}/deliveries`, stack.key);
        const [first] = listed.body['items'] as { id: string }[];
        const replay = await post(`/v1/receivers/${receiver.id}/deliveries/${first?.id}/replay`, '');
        assert.equal(replay.status, 202, replay.text);
        await eventually(
          () => imageOf('shop'),
          (image) => image === 'nginx:2.0',
        );
        await running('shop');
      } finally {
        await git.close();
      }
    });

    it('shows a second tenant nothing of the first', async () => {
      const made = await call(`${stack.url}/v1/tenants`, stack.operatorKey, {
        method: 'POST',
        body: JSON.stringify({ name: 'other' }),
        headers: { 'content-type': 'application/json' },
      });
      assert.equal(made.status, 201, made.text);
      const other = String(made.body['key']);
      const withoutId = ({ status, text }: Answer) => [status, text.replace(/"requestId":"[^"]*"/, '')];
      const theirs = await call(`${stack.url}/v1/namespaces/default/applications/website`, other);
      const nothing = await call(`${stack.url}/v1/namespaces/default/applications/nothing`, other);
      assert.equal(theirs.status, 404);
      assert.deepEqual(withoutId(theirs), withoutId(nothing));
      const list = await call(`${stack.url}/v1/applications`, other);
      assert.deepEqual(list.body['items'], []);
      const own = await post('/v1/applications', application('website', 'nginx:9'), other);
      assert.equal(own.status, 202, own.text);
      await eventually(() => Promise.resolve(existsSync(sandboxConfig('other'))), Boolean);
      await running('website', other);
      assert.equal(await imageOf('frontend'), 'oamdev/testapp:v1');
    });

    it('finishes a run after every process was killed in the middle of it', async () => {
      const names = ['one', 'two', 'three'];
      for (const name of names) await post('/v1/applications', application(name, 'nginx:1'));
      for (const name of names) await post('/v1/applications', application(name, 'nginx:2'));
      await stack.kill();
      stack = await startStack({ stateDirectory, kubeconfig });
      for (const name of names) {
        await running(name);
        assert.equal(await imageOf(name), 'nginx:2');
      }
    });

    it('goes back to an older revision without rendering it again', async () => {
      for (const image of ['nginx:1', 'nginx:2']) {
        await post('/v1/applications', application('four', image));
        await running('four');
        assert.equal(await imageOf('four'), image);
      }
      const rolled = await post(
        '/v1/namespaces/default/applications/four/rollback',
        '{"revision": 1}',
        stack.key,
        {
          'content-type': 'application/json',
        },
      );
      assert.equal(rolled.status, 202, rolled.text);
      await eventually(
        () => imageOf('four'),
        (image) => image === 'nginx:1',
      );
      await running('four');
      const listed = await call(`${stack.url}/v1/namespaces/default/applications/four/revisions`, stack.key);
      assert.deepEqual(
        (listed.body['items'] as { number: number }[]).map(({ number }) => number),
        [2, 1],
      );
    });

    it('heals what somebody has changed by hand, and prunes what has left', async () => {
      await cluster().merge('apps/v1', 'Deployment', 'default', 'three', {
        spec: { replicas: 7 },
        metadata: { labels: { added: 'by-hand' } },
      });
      await cluster().remove('v1', 'Service', 'default', 'three');
      await eventually(
        () => cluster().get('v1', 'Service', 'default', 'three'),
        (service) => service !== null,
      );
      const without = application('three', 'nginx:2').replace('expose: true', 'expose: false');
      assert.equal((await post('/v1/applications', without)).status, 202);
      await eventually(
        () => cluster().get('v1', 'Service', 'default', 'three'),
        (service) => service === null,
      );
      await running('three');
    });

    livePlanCases({
      url: () => stack.url,
      key: () => stack.key,
      operatorKey: () => stack.operatorKey,
      cluster,
      running,
    });

    it('deletes what it applied, then itself', async () => {
      const removed = await call(`${stack.url}/v1/namespaces/default/applications/one`, stack.key, {
        method: 'DELETE',
      });
      assert.equal(removed.status, 202, removed.text);
      const gone = () => call(`${stack.url}/v1/namespaces/default/applications/one`, stack.key);
      await eventually(gone, ({ status }) => status === 404);
      assert.equal(await cluster().get('apps/v1', 'Deployment', 'default', 'one'), null);
    });

    it('leaves no process behind when it is interrupted', async () => {
      const fresh = temporaryState();
      const short = await startStack({ stateDirectory: fresh });
      const children = descendants(short.pid);
      assert.ok(children.length >= 3, 'workerd, sandbox and agent are there');
      assert.equal(await short.stop(), 0);
      // The last of them ends because we did, so it may outlive us by a moment.
      const left = async () => children.filter(isAlive).map(commandOf);
      await eventually(left, (commands) => commands.length === 0, 10_000).finally(() => removeState(fresh));
    });
  });
}

/** A cluster that outlives the test keeps nothing of earlier hubs, whose objects a new one must not touch. */
async function removeDelivered(kubeconfig: string): Promise<void> {
  const cluster = kubeReader(kubeconfig);
  for (const [apiVersion, kind] of [
    ['apps/v1', 'Deployment'],
    ['v1', 'Service'],
    ['v1', 'ConfigMap'],
  ] as const) {
    for (const name of await cluster.list(apiVersion, kind, 'default', 'mainsheet.dev/owner')) {
      await cluster.remove(apiVersion, kind, 'default', name);
    }
  }
}

function payloadMissing(): string | false {
  return process.env['MAINSHEET_CORPUS'] === undefined ? 'MAINSHEET_CORPUS is not set' : false;
}
