// The sandbox as a process: how it starts, how it ends, and what a kill leaves.

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { at } from '../../contract/cluster-field-ownership.ts';
import { widgetDefinition } from '../../contract/cluster-field-ownership-custom.ts';
import { accessFrom, KubeHttp } from '../../contract/kube-http.ts';
import { until } from '../../support/until.ts';

const MAIN = path.resolve(import.meta.dirname, '../../../infra/sandbox/main.ts');
const folders: string[] = [];
const started: ChildProcess[] = [];

after(() => {
  for (const child of started) child.kill('SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function folder(): string {
  const made = mkdtempSync(path.join(tmpdir(), 'sandbox-process-'));
  folders.push(made);
  return made;
}

interface Process {
  readonly child: ChildProcess;
  /** the first line of output; rejects when the process ends before it */
  readonly line: Promise<string>;
  readonly ended: Promise<number | null>;
  error(): string;
}

function start(...given: string[]): Process {
  const child = spawn(process.execPath, ['--no-warnings', MAIN, ...given], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  started.push(child);
  let output = '';
  let error = '';
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const line = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk;
      if (output.includes('\n')) resolve(output.slice(0, output.indexOf('\n')));
    });
    void ended.then(() => reject(new Error(`it ended: ${error}`)));
  });
  line.catch(() => undefined);
  child.stderr.on('data', (chunk: Buffer) => {
    error += chunk;
  });
  return { child, line, ended, error: () => error };
}

async function kubeconfig(one: Process): Promise<string> {
  const line = await one.line;
  assert.match(line, /^ready \//);
  return line.slice('ready '.length);
}

test('it says where its kubeconfig is, and keeps its keys to itself', async () => {
  const dir = folder();
  const one = start('--dir', dir);
  const file = await kubeconfig(one);
  assert.equal(file, path.join(dir, 'kubeconfig'));
  for (const name of ['ca.key', 'server.key', 'token', 'kubeconfig']) {
    assert.equal(statSync(path.join(dir, name)).mode & 0o777, 0o600, name);
  }
  const http = new KubeHttp(accessFrom(file));
  const version = await http.ask('GET', '/version');
  assert.equal(at(version.body, 'gitVersion'), 'v1.35.0+sandbox');
  http.close();
  one.child.kill('SIGTERM');
  assert.equal(await one.ended, 0);
});

test('it ends when the pipe to its standard input closes', async () => {
  const one = start('--dir', folder());
  await one.line;
  one.child.stdin?.end();
  assert.equal(await one.ended, 0);
});

test('it comes back under the same address with the same token', async () => {
  const dir = folder();
  const first = start('--dir', dir);
  const before = readFileSync(await kubeconfig(first), 'utf8');
  first.child.kill('SIGKILL');
  await first.ended;
  const second = start('--dir', dir);
  assert.equal(readFileSync(await kubeconfig(second), 'utf8'), before);
  second.child.kill('SIGINT');
  assert.equal(await second.ended, 0);
});

test('a folder in use, a taken port and a wrong option are one sentence each', async () => {
  const dir = folder();
  const first = start('--dir', dir);
  await first.line;
  const second = start('--dir', dir);
  assert.equal(await second.ended, 1);
  assert.match(second.error(), /^sandbox: the sandbox in .* is already running as process \d+\n$/);
  first.child.kill('SIGTERM');
  await first.ended;

  const taken = createServer();
  const port = await new Promise<number>((resolve) => {
    taken.listen(0, '127.0.0.1', () => {
      const address = taken.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  const third = start('--dir', folder(), '--port', String(port));
  assert.equal(await third.ended, 1);
  assert.match(third.error(), /^sandbox: port \d+ is taken: choose another, or 0 for any\n$/);
  taken.close();

  const fourth = start('--port', '0');
  assert.equal(await fourth.ended, 1);
  assert.equal(fourth.error(), 'sandbox: --dir is required\n');
});

test('what was acknowledged before a kill is there afterwards', async () => {
  const dir = folder();
  const acknowledged = new Map<string, string>();
  const deleted = new Set<string>();
  for (let round = 0; round < 3; round++) {
    const one = start('--dir', dir, '--pod-delay', '10');
    const http = new KubeHttp(accessFrom(await kubeconfig(one)));
    await check(http, acknowledged, deleted);
    let running = true;
    const writers = Array.from({ length: 6 }, (_, writer) =>
      write(http, `r${round}w${writer}`, () => running, { acknowledged, deleted }),
    );
    // cut it off in the middle, at no particular moment
    const before = acknowledged.size;
    await until(
      `${20 + round * 7} more writes are acknowledged`,
      () => acknowledged.size >= before + 20 + round * 7,
    );
    one.child.kill('SIGKILL');
    running = false;
    await one.ended;
    await Promise.all(writers);
    http.close();
  }
  const last = start('--dir', dir);
  const http = new KubeHttp(accessFrom(await kubeconfig(last)));
  await check(http, acknowledged, deleted);
  http.close();
  last.child.kill('SIGTERM');
  assert.equal(await last.ended, 0);
});

interface Known {
  /** name → the value that was acknowledged last */
  readonly acknowledged: Map<string, string>;
  readonly deleted: Set<string>;
}

/** Applies, applies again and deletes, and notes what was answered. What fails was not acknowledged. */
async function write(
  http: KubeHttp,
  prefix: string,
  goesOn: () => boolean,
  { acknowledged, deleted }: Known,
): Promise<void> {
  const query = { fieldManager: 'writer' };
  for (let i = 0; goesOn(); i++) {
    const name = `${prefix}-${i}`;
    const path = `/api/v1/namespaces/default/configmaps/${name}`;
    const put = (value: string) => {
      const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { value } };
      return http.ask('PATCH', path, { body, query, contentType: 'application/apply-patch+yaml' });
    };
    try {
      if ((await put('1')).code === 201) acknowledged.set(name, '1');
      // from here on the outcome is open until it is answered
      acknowledged.delete(name);
      if ((await put('2')).code === 200) acknowledged.set(name, '2');
      if (i % 3 !== 0) continue;
      acknowledged.delete(name);
      if ((await http.ask('DELETE', path)).code === 200) deleted.add(name);
    } catch {
      return;
    }
  }
}

async function check(
  http: KubeHttp,
  acknowledged: ReadonlyMap<string, string>,
  deleted: ReadonlySet<string>,
): Promise<void> {
  const answer = await http.ask('GET', '/api/v1/namespaces/default/configmaps');
  assert.equal(answer.code, 200);
  const items = at(answer.body, 'items');
  const found = new Map(
    (Array.isArray(items) ? items : []).map((item) => [
      String(at(item, 'metadata', 'name')),
      at(item, 'data', 'value'),
    ]),
  );
  for (const [name, value] of acknowledged) assert.equal(found.get(name), value, `${name} is lost`);
  for (const name of deleted) assert.ok(!found.has(name), `${name} has come back`);
}

test('a rollout that a kill cut off goes on', async () => {
  const dir = folder();
  const first = start('--dir', dir, '--pod-delay', '300');
  const http = new KubeHttp(accessFrom(await kubeconfig(first)));
  const container = { name: 'c', image: 'app:1' };
  const template = { metadata: { labels: { app: 'd' } }, spec: { containers: [container] } };
  const spec = { replicas: 3, selector: { matchLabels: { app: 'd' } }, template };
  const deployments = '/apis/apps/v1/namespaces/default/deployments';
  await http.ask('POST', deployments, {
    body: { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'd' }, spec },
  });
  await http.ask('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
    body: widgetDefinition('kill.example.com'),
  });
  first.child.kill('SIGKILL');
  await first.ended;
  http.close();
  const second = start('--dir', dir, '--pod-delay', '10');
  const again = new KubeHttp(accessFrom(await kubeconfig(second)));
  let ready = 0;
  for (let tries = 0; tries < 400 && ready !== 3; tries++) {
    ready = Number(at((await again.ask('GET', `${deployments}/d`)).body, 'status', 'readyReplicas') ?? 0);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  assert.equal(ready, 3);
  assert.equal((await again.ask('GET', '/apis/kill.example.com/v1/namespaces/default/widgets')).code, 200);
  again.close();
  second.child.kill('SIGTERM');
  await second.ended;
});
