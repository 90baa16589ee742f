import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { type Sandbox, startSandbox } from '../../infra/sandbox/sandbox.ts';
import { runScenario, type Scenario } from './cluster-field-ownership.ts';
import { customScenarios, widgetDefinition } from './cluster-field-ownership-custom.ts';
import { type Kind, kindsOf, operationsFor, perform } from './cluster-field-ownership-random.ts';
import { builtinScenarios } from './cluster-field-ownership-scenarios.ts';
import { accessFrom, type ClusterAccess, type Json, KubeHttp } from './kube-http.ts';

const REAL = process.env['MAINSHEET_TEST_KUBECONFIG'];
const LONG = process.env['MAINSHEET_LONG'] !== undefined;
const RUNS = LONG ? 2000 : 40;
const SEED = 20260101;
const WITHOUT_REAL = 'MAINSHEET_TEST_KUBECONFIG is not set';

const scenarios: readonly Scenario[] = [...builtinScenarios, ...customScenarios];
// names that earlier runs on the same real cluster did not use
const mark = `${process.pid.toString(36)}${Date.now().toString(36).slice(-5)}`;

let directory: string;
let sandbox: Sandbox;
let access: ClusterAccess;

before(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'sandbox-contract-'));
  sandbox = await startSandbox({ directory, podDelayMs: 50 });
  access = accessFrom(sandbox.kubeconfig);
});

after(async () => {
  await sandbox.close();
  rmSync(directory, { recursive: true, force: true });
});

describe('field ownership', () => {
  for (const [i, scenario] of scenarios.entries()) {
    const namespace = `own-${mark}-${i}`;
    if (REAL === undefined) {
      test(`${scenario.name} (sandbox)`, async () => {
        await runScenario(access, scenario, namespace);
      });
    } else {
      test(`${scenario.name} (sandbox and API server alike)`, async () => {
        const [here, there] = await Promise.all([
          runScenario(access, scenario, namespace),
          runScenario(accessFrom(REAL), scenario, namespace),
        ]);
        assert.deepEqual(here, there);
      });
    }
  }
});

test('random writes are answered alike by the sandbox and a real API server', {
  skip: REAL === undefined ? WITHOUT_REAL : false,
  timeout: LONG ? 3_000_000 : 300_000,
}, async (t) => {
  const clusters = [new KubeHttp(access), new KubeHttp(accessFrom(REAL ?? ''))] as const;
  const namespace = `random-${mark}`;
  const group = `r${mark}.example.com`;
  try {
    await Promise.all(clusters.map((http) => prepare(http, namespace, group)));
    for (const kind of kindsOf(`${group}/v1`)) {
      await t.test(kind.name, () => compare(clusters, kind, namespace));
    }
  } finally {
    await Promise.all(clusters.map((http) => clear(http, namespace, group)));
  }
});

async function prepare(http: KubeHttp, namespace: string, group: string): Promise<void> {
  await http.ask('POST', '/api/v1/namespaces', {
    body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
  });
  await http.ask('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
    body: widgetDefinition(group),
  });
  for (let tries = 0; tries < 200; tries++) {
    if ((await http.ask('GET', `/apis/${group}/v1/namespaces/${namespace}/widgets`)).code === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the definition was never served');
}

async function clear(http: KubeHttp, namespace: string, group: string): Promise<void> {
  await http.ask('DELETE', `/api/v1/namespaces/${namespace}`);
  await http.ask('DELETE', `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.${group}`);
  http.close();
}

async function compare(
  clusters: readonly [KubeHttp, KubeHttp],
  kind: Kind,
  namespace: string,
): Promise<void> {
  let count = 0;
  const property = fc.asyncProperty(operationsFor(kind), async (operations) => {
    const place = { namespace, name: `${kind.name.toLowerCase()}-${count++}` };
    const [here, there] = await Promise.all(clusters.map((http) => perform(http, kind, place, operations)));
    assert.deepEqual(nameless(here ?? [], place.name), nameless(there ?? [], place.name));
  });
  await fc.assert(property, { numRuns: RUNS, seed: SEED });
}

function nameless(answers: readonly Json[], name: string): Json {
  return JSON.parse(JSON.stringify(answers).replaceAll(name, '<name>')) as Json; // what JSON.parse gives is Json
}

test('whatever was written before, a forced apply is what the sandbox then holds, and again changes nothing', async () => {
  const http = new KubeHttp(access);
  const [config] = kindsOf('v1');
  assert.ok(config);
  const namespace = 'default';
  let count = 0;
  const words = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('1', '2', 'x'), {
    minKeys: 1,
    maxKeys: 3,
  });
  const property = fc.asyncProperty(operationsFor(config), words, async (operations, data) => {
    const name = `forced-${count++}`;
    await perform(http, config, { namespace, name }, operations);
    const at = `/api/v1/namespaces/${namespace}/configmaps/${name}`;
    const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data };
    const asked = {
      body,
      contentType: 'application/apply-patch+yaml',
      query: { fieldManager: 'last', force: 'true' },
    };
    const first = (await http.ask('PATCH', at, asked)).body as {
      data: { [key: string]: string };
      metadata: { resourceVersion: string };
    };
    const again = (await http.ask('PATCH', at, asked)).body as typeof first; // both are ConfigMaps
    for (const [key, value] of Object.entries(data)) assert.equal(first.data[key], value);
    assert.equal(again.metadata.resourceVersion, first.metadata.resourceVersion);
  });
  await fc.assert(property, { numRuns: LONG ? 1000 : 60, seed: SEED });
  http.close();
});
