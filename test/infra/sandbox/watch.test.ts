import assert from 'node:assert/strict';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { at } from '../../contract/cluster-field-ownership.ts';
import { accessFrom, type Json } from '../../contract/kube-http.ts';
import { type OpenSandbox, openSandbox } from './open-sandbox.ts';

let sandbox: OpenSandbox;
const CONFIGS = '/api/v1/namespaces/default/configmaps';

before(async () => {
  sandbox = await openSandbox();
});

after(() => sandbox.close());

interface Watch {
  /** The next event that is none of the sandbox’s own objects. */
  next(): Promise<{ type: string; object: Json }>;
  /** Whether the server has ended it. */
  readonly ended: Promise<void>;
  stop(): void;
}

async function watch(path: string, query: Record<string, string>, of: OpenSandbox = sandbox): Promise<Watch> {
  const { url, ca, token } = accessFrom(of.kubeconfig);
  const search = new URLSearchParams({ watch: 'true', ...query });
  let call: ClientRequest | undefined;
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    call = request(`${url}${path}?${search}`, { ca, headers: { authorization: `Bearer ${token}` } }, resolve);
    call.on('error', reject);
    call.end();
  });
  assert.equal(response.statusCode, 200);
  const lines = createInterface({ input: response })[Symbol.asyncIterator]();
  const ended = new Promise<void>((resolve) => response.on('close', resolve));
  return {
    ended,
    next: async () => {
      for (;;) {
        const line = await lines.next();
        assert.ok(!line.done, 'the watch ended');
        const event = JSON.parse(String(line.value)) as { type: string; object: Json }; // the server's own line
        if (at(event.object, 'metadata', 'name') !== 'kube-root-ca.crt') return event;
      }
    },
    stop: () => call?.destroy(),
  };
}

function config(name: string, labels: { [name: string]: string } = {}): Json {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, labels } };
}

function put(name: string, labels: { [name: string]: string }): Promise<unknown> {
  const asked = {
    body: config(name, labels),
    contentType: 'application/apply-patch+yaml',
    query: { fieldManager: 'm', force: 'true' },
  };
  return sandbox.http.ask('PATCH', `${CONFIGS}/${name}`, asked);
}

test('a watch tells what is there and then every change', async () => {
  await put('w-a', {});
  const open = await watch(CONFIGS, { fieldSelector: 'metadata.name=w-a' });
  assert.equal((await open.next()).type, 'ADDED');
  await put('w-a', { x: '1' });
  assert.equal((await open.next()).type, 'MODIFIED');
  await sandbox.http.ask('DELETE', `${CONFIGS}/w-a`);
  const gone = await open.next();
  assert.equal(gone.type, 'DELETED');
  const list = await sandbox.http.ask('GET', CONFIGS);
  assert.equal(at(gone.object, 'metadata', 'resourceVersion'), at(list.body, 'metadata', 'resourceVersion'));
  open.stop();
});

test('a watch from a list’s revision tells what came after it, and nothing before', async () => {
  await put('w-b', {});
  const list = await sandbox.http.ask('GET', CONFIGS);
  const resourceVersion = String(at(list.body, 'metadata', 'resourceVersion'));
  await put('w-c', {});
  const open = await watch(CONFIGS, { resourceVersion });
  const first = await open.next();
  assert.deepEqual([first.type, at(first.object, 'metadata', 'name')], ['ADDED', 'w-c']);
  open.stop();
});

test('leaving a selection is a deletion, entering it an addition', async () => {
  const open = await watch(CONFIGS, { labelSelector: 'in=yes' });
  await put('w-d', { in: 'yes' });
  assert.equal((await open.next()).type, 'ADDED');
  await put('w-d', { in: 'no' });
  const left = await open.next();
  assert.equal(left.type, 'DELETED');
  assert.equal(at(left.object, 'metadata', 'labels', 'in'), 'yes');
  await put('w-d', { in: 'yes' });
  assert.equal((await open.next()).type, 'ADDED');
  open.stop();
});

test('the initial state ends with a bookmark where that is asked for', async () => {
  await put('w-e', { all: 'e' });
  const open = await watch(CONFIGS, {
    labelSelector: 'all=e',
    sendInitialEvents: 'true',
    allowWatchBookmarks: 'true',
    resourceVersionMatch: 'NotOlderThan',
  });
  assert.equal((await open.next()).type, 'ADDED');
  const mark = await open.next();
  assert.equal(mark.type, 'BOOKMARK');
  assert.equal(at(mark.object, 'metadata', 'annotations', 'k8s.io/initial-events-end'), 'true');
  open.stop();
});

test('a watch ends when its time is over', async () => {
  const open = await watch(CONFIGS, { timeoutSeconds: '1', resourceVersion: '999999' });
  await open.ended;
});

test('a revision that is forgotten is 410, after a restart too', async () => {
  const first = await openSandbox();
  for (let i = 0; i < 3; i++) await first.http.ask('POST', CONFIGS, { body: config(`a${i}`) });
  await first.stop();
  const second = await openSandbox({ directory: first.directory, limits: { historyChanges: 50 } });
  // the journal still knows every change
  const known = await watch(CONFIGS, { resourceVersion: '1' }, second);
  assert.equal((await known.next()).type, 'ADDED');
  known.stop();
  for (let i = 0; i < 60; i++) {
    const asked = { body: { data: { i: String(i) } }, contentType: 'application/merge-patch+json' };
    await second.http.ask('PATCH', `${CONFIGS}/a0`, asked);
  }
  const old = await watch(CONFIGS, { resourceVersion: '1' }, second);
  const event = await old.next();
  assert.equal(event.type, 'ERROR');
  assert.equal(at(event.object, 'code'), 410);
  assert.equal(at(event.object, 'reason'), 'Expired');
  await second.close();
  await first.remove();
});

test('many watches see every change in order', async () => {
  const open = await Promise.all(
    Array.from({ length: 20 }, () => watch(CONFIGS, { labelSelector: 'many=yes' })),
  );
  for (let i = 0; i < 30; i++) await put(`many-${i}`, { many: 'yes' });
  for (const one of open) {
    const revisions: number[] = [];
    for (let i = 0; i < 30; i++)
      revisions.push(Number(at((await one.next()).object, 'metadata', 'resourceVersion')));
    assert.deepEqual(
      revisions,
      [...revisions].sort((a, b) => a - b),
    );
    one.stop();
  }
});
