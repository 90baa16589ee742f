import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonValue } from '../../../engine/json.ts';
import { isObject } from '../../../engine/json.ts';
import type { Played } from './step-calls.ts';
import { play } from './step-calls.ts';

/** What the call at a place was given; fails where there is no such call. */
function given(played: Played, at: string): JsonValue {
  const call = played.calls.find((c) => c.at === at);
  assert.ok(call !== undefined, `no call ${at} in ${played.order}`);
  return call.params;
}

/** The object that a call applies. */
function applied(played: Played, at: string): JsonValue {
  const params = given(played, at);
  assert.ok(isObject(params), JSON.stringify(params));
  return params['value'] ?? null;
}

describe('deploy', () => {
  it('deploys at once by default, five components at a time', () => {
    const played = play('deploy', {});
    assert.equal(played.order, 'deploy multicluster.deploy');
    assert.deepEqual(given(played, 'deploy'), {
      policies: [],
      parallelism: 5,
      ignoreTerraformComponent: true,
      inlinePolicies: [],
    });
  });

  it('asks for an approval first when auto is false', () => {
    const played = play('deploy', { auto: false });
    assert.equal(played.order, 'suspend builtin.suspend, deploy multicluster.deploy');
    assert.deepEqual(given(played, 'suspend'), { message: 'Waiting approval to the deploy step "go"' });
  });
});

describe('apply-deployment', () => {
  it('goes on when all pods are ready', () => {
    const ready = (n: number) => ({ 'kube.apply': { value: { status: { readyReplicas: n } } } });
    assert.deepEqual(given(play('apply-deployment', { image: 'a', replicas: 2 }, ready(1)), 'wait'), {
      continue: false,
    });
    assert.deepEqual(given(play('apply-deployment', { image: 'a', replicas: 2 }, ready(2)), 'wait'), {
      continue: true,
    });
  });

  it('names the Deployment after the step and labels its pods', () => {
    const labels = { 'workflow.oam.dev/step-name': 'shop-go' };
    assert.deepEqual(applied(play('apply-deployment', { image: 'a', cmd: ['b'] }), 'output'), {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'go', namespace: 'prod' },
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: { containers: [{ name: 'go', image: 'a', command: ['b'] }] },
        },
      },
    });
  });
});

describe('depends-on-app', () => {
  const parameter = { name: 'db', namespace: 'prod' };
  it('waits for an Application that exists', () => {
    const running = { 'kube.read': { value: { status: { status: 'running' } } } };
    const played = play('depends-on-app', parameter, running);
    assert.equal(played.order, 'dependsOn kube.read, load.wait builtin.wait');
    assert.deepEqual(given(played, 'load.wait'), { continue: true });
  });

  it('applies one that does not exist from the ConfigMap of its name before it waits', () => {
    const played = play('depends-on-app', parameter, {
      'kube.read': [{ err: 'not found' }, { value: { data: { application: 'kind: Application' } } }],
      'kube.apply': { value: { status: { status: 'rendering' } } },
    });
    assert.equal(
      played.order,
      'dependsOn kube.read, load.configMap kube.read, load.apply kube.apply, load.wait builtin.wait',
    );
    assert.deepEqual(applied(played, 'load.apply'), { kind: 'Application' });
    assert.deepEqual(given(played, 'load.wait'), { continue: false });
  });
});

describe('export-data and export-service', () => {
  const placed = {
    'op.get-placements-from-topology-policies': {
      placements: [
        { cluster: 'east', namespace: 'a' },
        { cluster: 'west', namespace: 'b' },
      ],
    },
  };

  it('write one object in each cluster of the topology', () => {
    const played = play('export-data', { data: { k: 'v' }, kind: 'Secret', topology: 't' }, placed);
    assert.equal(
      played.order,
      'getPlacements op.get-placements-from-topology-policies, apply.east kube.apply, apply.west kube.apply',
    );
    assert.deepEqual(given(played, 'apply.west'), {
      cluster: 'west',
      value: {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'shop', namespace: 'prod' },
        stringData: { k: 'v' },
      },
    });
  });

  it('ask for the placement of no policy where none is named', () => {
    const asked = given(play('export-data', { data: {} }), 'getPlacements');
    assert.deepEqual(asked, { policies: [], placements: [] });
  });

  it('write a Service without a selector and its Endpoints', () => {
    const played = play('export-service', { ip: '10.0.0.1', port: 80, targetPort: 8080, name: 'db' }, placed);
    assert.equal(played.calls.length, 5);
    assert.deepEqual(applied(played, 'apply.east-Endpoints'), {
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata: { name: 'db', namespace: 'prod' },
      subsets: [{ addresses: [{ ip: '10.0.0.1' }], ports: [{ port: 8080 }] }],
    });
  });
});

describe('export2secret', () => {
  const login = {
    secretName: 's',
    kind: 'docker-registry',
    dockerRegistry: { username: 'u', password: 'p' },
  };
  const config = '{"auths":{"https://index.docker.io/v1/":{"username":"u","password":"p","auth":"dTpw"}}}';

  it('writes the login to a registry', () => {
    assert.deepEqual(applied(play('export2secret', { ...login, data: {} }), 'secret.apply'), {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's', namespace: 'prod' },
      type: 'kubernetes.io/dockerconfigjson',
      stringData: { '.dockerconfigjson': config },
    });
  });

  it('keeps a type and a namespace that are given', () => {
    const secret = applied(
      play('export2secret', { secretName: 's', data: { a: 'b' }, type: 'Opaque', namespace: 'n' }),
      'secret.apply',
    );
    assert.deepEqual(secret, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's', namespace: 'n' },
      type: 'Opaque',
      stringData: { a: 'b' },
    });
  });
});

describe('request', () => {
  const answered = (statusCode: number) => ({ 'http.do': { statusCode, body: '{"n":1}' } });

  it('gives the response as a value', () => {
    const played = play('request', { url: 'http://x' }, answered(200));
    assert.equal(played.order, 'req http.do, wait op.wait');
    assert.deepEqual(played.at('response.n'), 1);
  });

  it('lets 400 pass and fails above it', () => {
    assert.equal(play('request', { url: 'http://x' }, answered(400)).calls.length, 2);
    assert.deepEqual(given(play('request', { url: 'http://x' }, answered(404)), 'fail.requestFail'), {
      message: 'request of http://x is fail: 404',
    });
  });
});

describe('check-metrics', () => {
  it("uses KubeVela's server and durations where none are given", () => {
    assert.deepEqual(given(play('check-metrics', { query: 'up', condition: '>=1' }), 'check'), {
      query: 'up',
      condition: '>=1',
      metricEndpoint: 'http://prometheus-server.o11y-system.svc:9090',
      duration: '5m',
      failDuration: '2m',
    });
  });

  it('fails with the message of the check', () => {
    const failed = { 'metrics.promCheck': { result: false, failed: true, message: 'bad' } };
    const played = play('check-metrics', { query: 'up', condition: '>=1' }, failed);
    assert.deepEqual(given(played, 'fail.breakWorkflow'), { message: 'bad' });
    assert.deepEqual(given(played, 'wait'), { continue: false, message: 'bad' });
  });
});

describe('collect-service-endpoints', () => {
  const list = [
    { endpoint: { protocol: 'TCP', host: 'in', port: 80, portName: 'web', inner: true }, ref: {} },
    { endpoint: { protocol: 'TCP', host: 'out', port: 443 }, ref: {} },
  ];
  const collected = { 'query.collectServiceEndpoints': { list } };

  it('gives the first address and its URL', () => {
    assert.equal(play('collect-service-endpoints', {}, collected).at('value.url'), 'http://in:80');
  });

  it('leaves out what is reached from inside only when asked for outer addresses', () => {
    const played = play('collect-service-endpoints', { outer: true, protocal: 'https' }, collected);
    assert.equal(played.at('value.url'), 'https://out:443');
  });

  it('waits while no address matches', () => {
    const played = play('collect-service-endpoints', { port: 9 }, collected);
    assert.deepEqual(given(played, 'wait'), { continue: false });
  });

  it('passes over addresses without a port name when one is asked for', () => {
    const played = play(
      'collect-service-endpoints',
      { portName: 'web' },
      { 'query.collectServiceEndpoints': { list: list.toReversed() } },
    );
    assert.equal(played.at('value.endpoint.host'), 'in');
  });
});

describe('webhook', () => {
  it('posts the Application where no data are given', () => {
    const played = play(
      'webhook',
      { url: { value: 'http://x' } },
      { 'kube.read': { value: { kind: 'Application' } } },
    );
    assert.equal(played.order, 'data.read kube.read, webhook.req http.do');
    assert.deepEqual(given(played, 'webhook.req'), {
      method: 'POST',
      url: 'http://x',
      request: { header: { 'Content-Type': 'application/json' }, body: '{"kind":"Application"}' },
    });
  });

  it('takes the URL from a Secret', () => {
    const played = play(
      'webhook',
      { url: { secretRef: { name: 'hook', key: 'url' } }, data: { a: 1 } },
      { 'kube.read': { value: { data: { url: 'aHR0cDovL3M=' } } }, 'util.string': { str: 'http://s' } },
    );
    assert.equal(
      played.order,
      'webhook.read kube.read, webhook.stringValue util.string, webhook.req http.do',
    );
    assert.equal(played.at('webhook.req.$params.url'), 'http://s');
  });
});

describe('notification', () => {
  it('sends to each channel that is given, and to no other', () => {
    const message = { msg_type: 'text', content: '{}' };
    const played = play('notification', {
      lark: { url: { value: 'http://l' }, message },
      slack: { url: { value: 'http://s' }, message: { text: 'hi' } },
    });
    assert.equal(played.order, 'lark.lark1 http.do, slack.slack1 http.do');
    assert.equal(played.at('slack.slack1.$params.request.body'), '{"text":"hi"}');
  });

  // KubeVela's own reads a field that is not there and never sends.
  it('sends an email with a password from a Secret', () => {
    const from = { address: 'a@x', host: 'mail', password: { secretRef: { name: 'n', key: 'k' } } };
    const played = play(
      'notification',
      { email: { from, to: ['b@x'], content: { subject: 's', body: 't' } } },
      { 'kube.read': { value: { data: { k: 'cHc=' } } }, 'util.string': { str: 'pw' } },
    );
    assert.deepEqual(given(played, 'email0.email2'), {
      from: { address: 'a@x', host: 'mail', password: 'pw', port: 587 },
      to: ['b@x'],
      content: { subject: 's', body: 't' },
    });
  });
});

describe('restart-workflow', () => {
  it('fails without applying anything unless exactly one time is given', () => {
    for (const parameter of [{}, { after: '1h', every: '2h' }]) {
      const played = play('restart-workflow', parameter);
      assert.equal(played.order, 'validateParams builtin.fail');
      assert.deepEqual(given(played, 'validateParams'), {
        message: `Exactly one of 'at', 'after', or 'every' parameters must be specified (found ${Object.keys(parameter).length})`,
      });
    }
  });

  it('is done when its Job has succeeded', () => {
    const succeeded = { 'kube.apply': { value: { status: { succeeded: 1 } } } };
    const played = play('restart-workflow', { every: '24h' }, succeeded);
    assert.deepEqual(given(played, 'wait'), { continue: true });
    assert.equal(played.at('job.$params.value.metadata.name'), 'shop-restart-workflow-abc123');
  });
});

describe('vela-cli', () => {
  it("runs in the platform's namespace under its own account, and in the Application's under another", () => {
    const namespace = (parameter: { command: string[]; serviceAccountName?: string }) =>
      play('vela-cli', parameter).at('job.$params.value.metadata.namespace');
    assert.equal(namespace({ command: ['vela'] }), 'vela-system');
    assert.equal(namespace({ command: ['vela'], serviceAccountName: 'robot' }), 'prod');
  });

  it('makes one volume for a Secret that is mounted twice, and a volume of the node', () => {
    const secret = { name: 'a', secretName: 's', mountPath: '/a' };
    const played = play('vela-cli', {
      command: ['vela'],
      storage: {
        secret: [secret, { ...secret, mountPath: '/b' }],
        hostPath: [{ name: 'h', path: '/p', mountPath: '/m' }],
      },
    });
    assert.deepEqual(played.at('job.$params.value.spec.template.spec.volumes'), [
      { name: 'secret-a', secret: { secretName: 's', defaultMode: 420 } },
      { name: 'hostpath-h', hostPath: { path: '/p', type: 'Directory' } },
    ]);
  });
});

describe('apply-terraform-provider', () => {
  it('gives each cloud its own variables', () => {
    const config = (parameter: Parameters<typeof play>[1]) =>
      play('apply-terraform-provider', parameter).at('cfg.$params');
    const keys = { accessKey: 'a', secretKey: 's', region: 'r' };
    assert.deepEqual(config({ type: 'aws', ...keys }), {
      name: 'shop-go',
      namespace: 'prod',
      template: 'terraform-aws',
      config: {
        name: 'aws-provider',
        AWS_ACCESS_KEY_ID: 'a',
        AWS_SECRET_ACCESS_KEY: 's',
        AWS_DEFAULT_REGION: 'r',
        AWS_SESSION_TOKEN: '',
      },
    });
    // KubeVela's own has no type azure.
    const azure = { subscriptionID: 's', tenantID: 't', clientID: 'c', clientSecret: 'x' };
    assert.deepEqual(config({ type: 'azure', ...azure }), {
      name: 'shop-go',
      namespace: 'prod',
      template: 'terraform-azure',
      config: {
        name: 'azure-provider',
        ARM_CLIENT_ID: 'c',
        ARM_CLIENT_SECRET: 'x',
        ARM_SUBSCRIPTION_ID: 's',
        ARM_TENANT_ID: 't',
      },
    });
  });
});

describe('deploy2env', () => {
  const environment = {
    name: 'prod',
    placement: { clusterSelector: { name: 'east' } },
    selector: { components: ['a'] },
  };
  const answers = {
    'op.load-policies': {
      value: {
        first: { type: 'topology', properties: {} },
        second: { type: 'env-binding', properties: { envs: [{ name: 'test' }, environment] } },
      },
    },
    'op.make-placement-decisions': { outputs: { decisions: [{ cluster: 'east', namespace: 'n' }] } },
    'op.patch-application': { outputs: { spec: { components: [{ name: 'a', type: 'worker' }] } } },
  };

  // KubeVela's own can't find a policy without being told its name.
  for (const policy of ['', 'second'])
    it(`places and applies the environment of ${policy === '' ? 'the first env-binding policy' : 'a policy'}`, () => {
      const played = play('deploy2env', { env: 'prod', policy }, answers);
      assert.deepEqual(played.at('app.prepare.placementDecisions.inputs'), {
        policyName: 'second',
        envName: 'prod',
        placement: environment.placement,
      });
      assert.deepEqual(played.at('app.prepare.patchedApp.inputs'), {
        envName: 'prod',
        selector: { components: ['a'] },
      });
      assert.deepEqual(given(played, 'app.apply.outputs.east-n-0'), {
        cluster: 'east',
        namespace: 'n',
        env: 'prod',
        waitHealthy: true,
        value: { name: 'a', type: 'worker' },
      });
    });

  it('applies all components before it waits for any in parallel', () => {
    const played = play('deploy2env', { env: 'prod', parallel: true }, answers);
    assert.match(
      played.order,
      /app\.apply\.outputs\.east-n-0 op\.component-apply, app\.wait\.outputs\.east-n-0 op\.component-apply$/,
    );
    assert.equal(played.at('app.apply.outputs."east-n-0".waitHealthy'), false);
  });
});

describe('steps that pass their parameters on', () => {
  it('add the namespace of the Application to a config', () => {
    for (const [step, verb] of [
      ['read-config', 'output config.read'],
      ['delete-config', 'deploy config.delete'],
    ] as const) {
      const played = play(step, { name: 'db' });
      assert.equal(played.order, verb);
      assert.deepEqual(played.calls[0]?.params, { name: 'db', namespace: 'prod' });
    }
  });

  it('show what they are told', () => {
    const played = play('print-message-in-status', { message: 'hi' });
    assert.deepEqual(played.calls, [{ at: 'msg', verb: 'builtin.message', params: { message: 'hi' } }]);
    assert.deepEqual(given(play('suspend', { duration: '3s' }), 'suspend'), { duration: '3s' });
  });

  it('delete the Jobs and pods of this workflow by default', () => {
    const played = play('clean-jobs', {});
    assert.equal(played.order, 'cleanJobs kube.delete, cleanPods kube.delete');
    assert.deepEqual(given(played, 'cleanPods'), {
      cluster: '',
      value: { apiVersion: 'v1', kind: 'pod', metadata: { name: 'shop', namespace: 'prod' } },
      filter: { namespace: 'prod', matchingLabels: { 'workflow.oam.dev/name': 'shop' } },
    });
  });

  it('make a JDBC connection of a Secret', () => {
    const data = Object.fromEntries(
      ['HOST', 'PORT', 'NAME', 'USER', 'PASSWORD'].map((k) => [`DB_${k}`, 'eA==']),
    );
    const played = play(
      'generate-jdbc-connection',
      { name: 's' },
      { 'kube.read': { value: { data } }, 'util.string': ['h', 'p', 'n', 'u', 'w'].map((str) => ({ str })) },
    );
    assert.deepEqual(played.at('env'), [
      { name: 'url', value: 'jdbc://h:p/n?characterEncoding=utf8&useSSL=false' },
      { name: 'username', value: 'u' },
      { name: 'password', value: 'w' },
    ]);
  });
});
