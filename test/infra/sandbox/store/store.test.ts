import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import type { StoredObject } from '../../../../infra/sandbox/kube-object.ts';
import { DEFAULT_LIMITS, Store, StoreFull } from '../../../../infra/sandbox/store/store.ts';

const folders: string[] = [];

after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function folder(): string {
  const made = mkdtempSync(path.join(tmpdir(), 'sandbox-store-'));
  folders.push(made);
  return made;
}

function object(name: string, value = ''): StoredObject {
  const metadata = {
    name,
    namespace: 'n',
    uid: name,
    resourceVersion: '',
    creationTimestamp: '2026-01-01T00:00:00Z',
  };
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { value } };
}

const MAPS = '/configmaps';

function names(store: Store): string[] {
  return store.list(MAPS).map(({ metadata }) => metadata.name);
}

test('a store opens as it was left, with its revision and its history', async () => {
  const dir = folder();
  const first = await Store.open(dir);
  first.put(MAPS, object('a'));
  const before = first.revision;
  first.put(MAPS, object('b', '1'));
  first.put(MAPS, object('b', '2'));
  first.delete(MAPS, 'n/a');
  await first.durable();
  await first.close();
  const second = await Store.open(dir);
  assert.deepEqual(names(second), ['b']);
  assert.equal(second.revision, 4);
  assert.deepEqual(
    second.since(before)?.map(({ type, revision }) => [type, revision]),
    [
      ['ADDED', 2],
      ['MODIFIED', 3],
      ['DELETED', 4],
    ],
  );
  await second.close();
});

test('a line that a kill tore off is cut away, and the store goes on behind it', async () => {
  const dir = folder();
  const first = await Store.open(dir);
  first.put(MAPS, object('a'));
  await first.durable();
  await first.close();
  const [journal = ''] = readdirSync(dir);
  appendFileSync(path.join(dir, journal), '{"rv":2,"r":"/configmaps","o":{"apiVer');
  const second = await Store.open(dir);
  assert.deepEqual(names(second), ['a']);
  second.put(MAPS, object('b'));
  await second.durable();
  await second.close();
  const third = await Store.open(dir);
  assert.deepEqual(names(third), ['a', 'b']);
  await third.close();
});

test('a damaged line in the middle is an error that names the file and the line', async () => {
  const dir = folder();
  const first = await Store.open(dir);
  first.put(MAPS, object('a'));
  first.put(MAPS, object('b'));
  await first.durable();
  await first.close();
  const [journal = ''] = readdirSync(dir);
  const file = path.join(dir, journal);
  writeFileSync(file, readFileSync(file, 'utf8').replace('"rv":1', '"rv":'));
  await assert.rejects(Store.open(dir), /journal-000001\.ndjson is damaged at line 1/);
});

test('a journal that has grown gives way to a snapshot without loss', { timeout: 120_000 }, async () => {
  const dir = folder();
  const store = await Store.open(dir);
  const value = 'x'.repeat(100_000);
  for (let i = 0; i < 400; i++) {
    store.put(MAPS, object(`m${i % 20}`, `${i}${value}`));
    if (i % 10 === 0) await store.durable();
  }
  store.delete(MAPS, 'n/m0');
  await store.durable();
  await store.close();
  const files = readdirSync(dir);
  assert.ok(
    files.some((file) => file.startsWith('snapshot-')),
    files.join(' '),
  );
  assert.ok(!files.includes('journal-000001.ndjson'));
  const again = await Store.open(dir);
  assert.equal(again.list(MAPS).length, 19);
  assert.equal(again.revision, 401);
  const last = again.get(MAPS, 'n/m19');
  assert.ok(JSON.stringify(last).includes('"399x'));
  await again.close();
});

test('more than it may hold is refused, and what is there can still shrink', async () => {
  const store = await Store.open(folder(), { ...DEFAULT_LIMITS, objectBytes: 2000 });
  store.put(MAPS, object('a', 'x'.repeat(1500)));
  assert.throws(() => store.put(MAPS, object('b', 'x'.repeat(1500))), StoreFull);
  store.put(MAPS, object('a', 'x'));
  store.put(MAPS, object('b', 'x'));
  assert.deepEqual(names(store), ['a', 'b']);
  await store.close();
});

test('a history that has grown forgets the oldest changes and says so', async () => {
  const store = await Store.open(folder(), { ...DEFAULT_LIMITS, historyChanges: 10 });
  for (let i = 0; i < 11; i++) store.put(MAPS, object('a', String(i)));
  assert.equal(store.since(1), undefined);
  assert.equal(store.since(10)?.length, 1);
  await store.close();
});

test('what is stored cannot be changed from outside', async () => {
  const store = await Store.open(folder());
  const stored = store.put(MAPS, object('a', '1'));
  assert.throws(() => {
    stored.metadata.name = 'b';
  }, TypeError);
  await store.close();
});
