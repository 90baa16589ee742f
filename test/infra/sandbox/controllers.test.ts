import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { at } from '../../contract/cluster-field-ownership.ts';
import type { Answer, Json } from '../../contract/kube-http.ts';
import { type OpenSandbox, openSandbox, until } from './open-sandbox.ts';

type JsonObject = { [key: string]: Json };

let sandbox: OpenSandbox;

before(async () => {
  sandbox = await openSandbox();
});

after(() => sandbox.close());

const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments';
const SETS = '/apis/apps/v1/namespaces/default/statefulsets';
const JOBS = '/apis/batch/v1/namespaces/default/jobs';
const PODS = '/api/v1/namespaces/default/pods';

function deployment(name: string, image: string, spec: JsonObject = {}): JsonObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'c', image }] } },
      ...spec,
    },
  };
}

async function make(collection: string, body: JsonObject): Promise<void> {
  const made = await sandbox.http.ask('POST', collection, { body });
  assert.equal(made.code, 201, JSON.stringify(made.body));
}

function condition(answer: Answer, type: string): Json | undefined {
  const conditions = at(answer.body, 'status', 'conditions');
  return (Array.isArray(conditions) ? conditions : []).find((one) => at(one, 'type') === type);
}

async function podsOf(app: string): Promise<JsonObject[]> {
  const answer = await sandbox.http.ask('GET', PODS, { query: { labelSelector: `app=${app}` } });
  return at(answer.body, 'items') as JsonObject[]; // a list has items
}

test('a Deployment comes to Ready through a ReplicaSet and its pods', async () => {
  await make(DEPLOYMENTS, deployment('ready', 'app:1'));
  const answer = await until(
    sandbox.http,
    `${DEPLOYMENTS}/ready`,
    (one) => at(one.body, 'status', 'readyReplicas') === 2,
  );
  assert.deepEqual(
    { ...(at(answer.body, 'status') as JsonObject), conditions: '' },
    {
      observedGeneration: 1,
      replicas: 2,
      updatedReplicas: 2,
      readyReplicas: 2,
      availableReplicas: 2,
      terminatingReplicas: 0,
      conditions: '',
    },
  );
  assert.equal(at(condition(answer, 'Available'), 'status'), 'True');
  assert.equal(at(condition(answer, 'Progressing'), 'reason'), 'NewReplicaSetAvailable');
  assert.equal(at(answer.body, 'metadata', 'annotations', 'deployment.kubernetes.io/revision'), '1');
  const [pod] = await podsOf('ready');
  assert.equal(at(pod, 'spec', 'nodeName'), 'sandbox');
  assert.equal(at(pod, 'metadata', 'ownerReferences', 0, 'kind'), 'ReplicaSet');
});

test('an image’s tag says what comes of its pods', async () => {
  const waiting: Record<string, string | undefined> = {
    broken: 'ImagePullBackOff',
    crash: 'CrashLoopBackOff',
    fail: 'CrashLoopBackOff',
    unready: undefined,
  };
  for (const tag of Object.keys(waiting))
    await make(DEPLOYMENTS, deployment(`tag-${tag}`, `app:${tag}`, { replicas: 1 }));
  for (const [tag, reason] of Object.entries(waiting)) {
    const path = `${PODS}?labelSelector=app%3Dtag-${tag}`;
    const settled = (one: Answer) => {
      const state = at(one.body, 'items', 0, 'status', 'containerStatuses', 0, 'state');
      return reason === undefined
        ? at(state, 'running') !== undefined
        : at(state, 'waiting', 'reason') === reason;
    };
    await until(sandbox.http, path, settled);
    const answer = await sandbox.http.ask('GET', `${DEPLOYMENTS}/tag-${tag}`);
    assert.equal(at(answer.body, 'status', 'readyReplicas'), undefined);
    assert.equal(at(condition(answer, 'Available'), 'status'), 'False');
  }
});

test('a new template replaces the pods, and a broken one leaves those that work', async () => {
  await make(DEPLOYMENTS, deployment('rolled', 'app:1'));
  const path = `${DEPLOYMENTS}/rolled`;
  await until(sandbox.http, path, (one) => at(one.body, 'status', 'readyReplicas') === 2);
  const image = (tag: string) => ({
    spec: { template: { spec: { containers: [{ name: 'c', image: `app:${tag}` }] } } },
  });
  const patch = (tag: string) =>
    sandbox.http.ask('PATCH', path, {
      body: image(tag),
      contentType: 'application/strategic-merge-patch+json',
    });
  await patch('2');
  const done = (one: Answer) =>
    at(one.body, 'status', 'updatedReplicas') === 2 && at(one.body, 'status', 'replicas') === 2;
  await until(sandbox.http, path, (one) => done(one) && at(one.body, 'status', 'observedGeneration') === 2);
  assert.deepEqual(
    new Set((await podsOf('rolled')).map((pod) => at(pod, 'spec', 'containers', 0, 'image'))),
    new Set(['app:2']),
  );
  await patch('broken');
  const stuck = await until(sandbox.http, path, (one) => at(one.body, 'status', 'unavailableReplicas') === 1);
  assert.equal(at(stuck.body, 'status', 'readyReplicas'), 2);
  assert.equal(at(condition(stuck, 'Available'), 'status'), 'True');
  // back to what it was: the old ReplicaSet, under a new revision
  await patch('2');
  await until(sandbox.http, path, (one) => done(one) && at(one.body, 'status', 'observedGeneration') === 4);
  const back = await sandbox.http.ask('GET', path);
  assert.equal(at(back.body, 'metadata', 'annotations', 'deployment.kubernetes.io/revision'), '4');
});

test('a rollout that makes no progress says so after its deadline', async () => {
  await make(DEPLOYMENTS, deployment('late', 'app:broken', { progressDeadlineSeconds: 1 }));
  const answer = await until(
    sandbox.http,
    `${DEPLOYMENTS}/late`,
    (one) => at(condition(one, 'Progressing'), 'status') === 'False',
  );
  assert.equal(at(condition(answer, 'Progressing'), 'reason'), 'ProgressDeadlineExceeded');
});

test('a StatefulSet starts its pods in order, with claims of their own', async () => {
  const claim = {
    metadata: { name: 'data' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  };
  await make(SETS, {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'set' },
    spec: {
      serviceName: 'set',
      replicas: 2,
      selector: { matchLabels: { app: 'set' } },
      template: {
        metadata: { labels: { app: 'set' } },
        spec: { containers: [{ name: 'c', image: 'app:1' }] },
      },
      volumeClaimTemplates: [claim],
    },
  });
  const answer = await until(
    sandbox.http,
    `${SETS}/set`,
    (one) => at(one.body, 'status', 'readyReplicas') === 2,
  );
  assert.equal(at(answer.body, 'status', 'currentRevision'), at(answer.body, 'status', 'updateRevision'));
  assert.deepEqual(
    (await podsOf('set')).map((pod) => at(pod, 'metadata', 'name')),
    ['set-0', 'set-1'],
  );
  const bound = await sandbox.http.ask('GET', '/api/v1/namespaces/default/persistentvolumeclaims/data-set-1');
  assert.equal(at(bound.body, 'status', 'phase'), 'Bound');
});

test('a DaemonSet has one pod on the one node', async () => {
  const path = '/apis/apps/v1/namespaces/default/daemonsets';
  const { spec, ...rest } = deployment('daemon', 'app:1');
  const { replicas: _, ...bare } = spec as JsonObject; // made above
  await make(path, { ...rest, kind: 'DaemonSet', spec: bare });
  const answer = await until(
    sandbox.http,
    `${path}/daemon`,
    (one) => at(one.body, 'status', 'numberReady') === 1,
  );
  assert.equal(at(answer.body, 'status', 'desiredNumberScheduled'), 1);
});

function job(name: string, image: string, spec: JsonObject = {}): JsonObject {
  const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image }] } };
  return { apiVersion: 'batch/v1', kind: 'Job', metadata: { name }, spec: { template, ...spec } };
}

test('a Job completes with as many successes as it asks for', async () => {
  await make(JOBS, job('good', 'app:1', { completions: 3, parallelism: 2 }));
  const answer = await until(sandbox.http, `${JOBS}/good`, (one) => condition(one, 'Complete') !== undefined);
  assert.equal(at(answer.body, 'status', 'succeeded'), 3);
  assert.notEqual(at(answer.body, 'status', 'completionTime'), undefined);
});

test('a Job fails when its pods have failed too often', async () => {
  await make(JOBS, job('bad', 'app:fail', { backoffLimit: 1 }));
  const answer = await until(sandbox.http, `${JOBS}/bad`, (one) => condition(one, 'Failed') !== undefined);
  assert.equal(at(condition(answer, 'Failed'), 'reason'), 'BackoffLimitExceeded');
  assert.equal(at(answer.body, 'status', 'failed'), 2);
});

test('a suspended Job runs nothing', async () => {
  await make(JOBS, job('idle', 'app:1', { suspend: true }));
  const answer = await until(
    sandbox.http,
    `${JOBS}/idle`,
    (one) => condition(one, 'Suspended') !== undefined,
  );
  assert.equal(at(answer.body, 'status', 'startTime'), undefined);
});

test('a Job that is over goes when its time is up', async () => {
  await make(JOBS, job('brief', 'app:1', { ttlSecondsAfterFinished: 0 }));
  await until(sandbox.http, `${JOBS}/brief`, (one) => one.code === 404);
});

test('what a deleted Deployment owned goes with it, and comes along again when it was orphaned', async () => {
  await make(DEPLOYMENTS, deployment('gone', 'app:1'));
  await until(sandbox.http, `${DEPLOYMENTS}/gone`, (one) => at(one.body, 'status', 'readyReplicas') === 2);
  await sandbox.http.ask('DELETE', `${DEPLOYMENTS}/gone`, { body: { propagationPolicy: 'Orphan' } });
  await until(sandbox.http, `${DEPLOYMENTS}/gone`, (one) => one.code === 404);
  assert.equal((await podsOf('gone')).length, 2);
  const before = (await podsOf('gone')).map((pod) => at(pod, 'metadata', 'name'));
  await make(DEPLOYMENTS, deployment('gone', 'app:1'));
  await until(sandbox.http, `${DEPLOYMENTS}/gone`, (one) => at(one.body, 'status', 'readyReplicas') === 2);
  assert.deepEqual(
    (await podsOf('gone')).map((pod) => at(pod, 'metadata', 'name')),
    before,
  );
  await sandbox.http.ask('DELETE', `${DEPLOYMENTS}/gone`, { body: { propagationPolicy: 'Foreground' } });
  await until(sandbox.http, `${DEPLOYMENTS}/gone`, (one) => one.code === 404);
  assert.equal((await podsOf('gone')).length, 0);
});

test('load balancers and ingresses get addresses', async () => {
  const services = '/api/v1/namespaces/default/services';
  await make(services, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'lb' },
    spec: { type: 'LoadBalancer', ports: [{ port: 80 }] },
  });
  await until(
    sandbox.http,
    `${services}/lb`,
    (one) => at(one.body, 'status', 'loadBalancer', 'ingress', 0, 'ip') !== undefined,
  );
  const ingresses = '/apis/networking.k8s.io/v1/namespaces/default/ingresses';
  const spec = { defaultBackend: { service: { name: 'lb', port: { number: 80 } } } };
  await make(ingresses, {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'i' },
    spec,
  });
  await until(
    sandbox.http,
    `${ingresses}/i`,
    (one) => at(one.body, 'status', 'loadBalancer', 'ingress', 0, 'ip') !== undefined,
  );
});

test('a deleted namespace is emptied and goes', async () => {
  await make('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'doomed' } });
  const place = '/apis/apps/v1/namespaces/doomed/deployments';
  await until(sandbox.http, '/api/v1/namespaces/doomed/serviceaccounts/default', (one) => one.code === 200);
  await make(place, deployment('d', 'app:1'));
  await until(sandbox.http, `${place}/d`, (one) => at(one.body, 'status', 'readyReplicas') === 2);
  const config = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'held', finalizers: ['x.io/hold'] },
  };
  await make('/api/v1/namespaces/doomed/configmaps', config);
  const going = await sandbox.http.ask('DELETE', '/api/v1/namespaces/doomed');
  assert.equal(at(going.body, 'status', 'phase'), 'Terminating');
  const late = await sandbox.http.ask('POST', '/api/v1/namespaces/doomed/configmaps', {
    body: { ...config, metadata: { name: 'late' } },
  });
  assert.equal(late.code, 403);
  await until(sandbox.http, `${place}/d`, (one) => one.code === 404);
  const held = '/api/v1/namespaces/doomed/configmaps/held';
  assert.equal((await sandbox.http.ask('GET', held)).code, 200);
  await sandbox.http.ask('PATCH', held, {
    body: { metadata: { finalizers: null } },
    contentType: 'application/merge-patch+json',
  });
  await until(sandbox.http, '/api/v1/namespaces/doomed', (one) => one.code === 404);
});
