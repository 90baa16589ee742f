import assert from 'node:assert/strict';
import { newId } from '../../../db/ids.ts';
import type { ApplicationFilter } from '../../../db/model/application.ts';
import type { TenantStore } from '../../../db/stores.ts';
import { Fault } from '../../../engine/fault.ts';
import type { Cases } from './cases.ts';
import { finish, operator, submit } from './world.ts';

const malformed = (error: unknown) => error instanceof Fault && error.code === 'request.malformed';

async function names(store: TenantStore, filter: ApplicationFilter): Promise<readonly string[]> {
  return (await store.applications.list(filter, { limit: 100 })).items.map((item) => item.name);
}

export const pagingCases: Cases = {
  'what is there throughout appears exactly once, whatever comes and goes between pages': async (world) => {
    const { a, clock } = world;
    const stay: string[] = [];
    for (let n = 0; n < 12; n++) {
      clock.at += 1;
      const made = await submit(world, a, `app-${n}`, 'one', { labels: { n: String(n % 2) } });
      if (n % 3 !== 0) stay.push(`app-${n}`);
      else await finish(world, a, made.run);
    }
    const seen: string[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < 20; page++) {
      const { items, next } = await a.applications.list({}, { limit: 3, cursor });
      seen.push(...items.map((item) => item.name));
      clock.at += 1;
      await submit(world, a, `late-${page}`, 'one');
      const run = newId('run', clock.at);
      const goes = `app-${(page * 3) % 12}`;
      if (await a.applications.requestDeletion(operator, { namespace: 'default', name: goes, run })) {
        const application = await a.applications.get('default', goes);
        if (application?.run === run) await finish(world, a, run, { remove: true });
      }
      if (next === undefined) break;
      cursor = next;
    }
    for (const name of stay) assert.equal(seen.filter((one) => one === name).length, 1, name);
    assert.equal(new Set(seen).size, seen.length);
  },
  'a cursor of another list, filter or tenant, or one that was changed, is refused': async (world) => {
    const { a, b } = world;
    for (const name of ['one', 'two', 'three']) {
      await submit(world, a, name, 'spec');
      await submit(world, b, name, 'spec');
    }
    const { next } = await a.applications.list({}, { limit: 1 });
    assert(next !== undefined);
    await a.applications.list({}, { limit: 1, cursor: next });
    await assert.rejects(b.applications.list({}, { limit: 1, cursor: next }), malformed);
    await assert.rejects(
      a.applications.list({ namespace: 'default' }, { limit: 1, cursor: next }),
      malformed,
    );
    await assert.rejects(a.runs.list({}, { limit: 1, cursor: next }), malformed);
    for (const cursor of ['', '.', 'x', `${next}x`, `x${next}`, 'x'.repeat(5000)]) {
      await assert.rejects(a.applications.list({}, { limit: 1, cursor }), malformed, cursor.slice(0, 20));
    }
  },
  'a cursor of definitions fits what was asked besides, too': async ({ a, b }) => {
    for (const name of ['one', 'two'])
      await a.definitions.put(operator, {
        kind: 'trait',
        namespace: 'n',
        name,
        format: 'cue',
        source: '',
        contentHash: name,
      });
    const { next } = await a.definitions.list({ also: { q: 'x' } }, { limit: 1 });
    assert(next !== undefined);
    await a.definitions.list({ also: { q: 'x' } }, { limit: 1, cursor: next });
    await assert.rejects(a.definitions.list({ also: { q: 'y' } }, { limit: 1, cursor: next }), malformed);
    const own = await a.cursors.write({ list: 'mine', filter: 1 }, ['x', 2]);
    assert.deepEqual(await a.cursors.read({ list: 'mine', filter: 1 }, { cursor: own }), ['x', 2]);
    for (const [store, listing, cursor] of [
      [b, { list: 'mine', filter: 1 }, own],
      [a, { list: 'mine', filter: 2 }, own],
      [a, { list: 'other', filter: 1 }, own],
      [a, { list: 'mine', filter: 1 }, next],
      [a, { list: 'mine', filter: 1 }, own.replace('.', '..')],
    ] as const)
      await assert.rejects(store.cursors.read(listing, { cursor }), malformed);
  },
  'labels select as in Kubernetes': async (world) => {
    const { a } = world;
    await submit(world, a, 'front', 'x', { labels: { tier: 'front', env: 'prod' } });
    await submit(world, a, 'back', 'x', { labels: { tier: 'back' } });
    await submit(world, a, 'bare', 'x', { namespace: 'other' });
    const select = (labels: ApplicationFilter['labels']) => names(a, { labels });
    assert.deepEqual(await select([{ operator: 'in', name: 'tier', values: ['front', 'x'] }]), ['front']);
    assert.deepEqual((await select([{ operator: 'notin', name: 'tier', values: ['front'] }])).toSorted(), [
      'back',
      'bare',
    ]);
    assert.deepEqual((await select([{ operator: 'exists', name: 'tier' }])).toSorted(), ['back', 'front']);
    assert.deepEqual(await select([{ operator: 'absent', name: 'tier' }]), ['bare']);
    const both = [
      { operator: 'exists', name: 'tier' },
      { operator: 'absent', name: 'env' },
    ] as const;
    assert.deepEqual(await select(both), ['back']);
    assert.deepEqual(await names(a, { namespace: 'other' }), ['bare']);
    await submit(world, a, 'front', 'x', { labels: { tier: 'back' } });
    assert.deepEqual(await select([{ operator: 'in', name: 'tier', values: ['front'] }]), []);
  },
  'a selector over its bounds is refused': async ({ a }) => {
    const values = Array.from({ length: 33 }, (_, n) => String(n));
    const labels = [{ operator: 'in', name: 'x', values }] as const;
    await assert.rejects(a.applications.list({ labels }, { limit: 1 }), malformed);
    const none = [{ operator: 'in', name: 'x', values: [] }] as const;
    await assert.rejects(a.applications.list({ labels: none }, { limit: 1 }), malformed);
  },
  'every list gives all its items over pages of one': async (world) => {
    const { a, clock } = world;
    for (const name of ['x', 'y', 'z']) {
      clock.at += 1;
      await submit(world, a, name, 'one');
      await a.keys.create(operator, {
        id: newId('key', clock.at),
        name,
        subject: { kind: 'user', id: name, roles: [] },
        scopes: [],
      });
      await a.definitions.put(operator, {
        kind: 'trait',
        namespace: name,
        name,
        format: 'cue',
        source: '',
        contentHash: name,
      });
    }
    const lists = {
      applications: (cursor?: string) => a.applications.list({}, { limit: 1, cursor }),
      runs: (cursor?: string) => a.runs.list({}, { limit: 1, cursor }),
      keys: (cursor?: string) => a.keys.list({ limit: 1, cursor }),
      definitions: (cursor?: string) => a.definitions.list({}, { limit: 1, cursor }),
    };
    for (const [name, list] of Object.entries(lists)) {
      const seen = new Set<string>();
      let cursor: string | undefined;
      do {
        const page = await list(cursor);
        for (const item of page.items) seen.add(JSON.stringify(item));
        cursor = page.next;
      } while (cursor !== undefined);
      assert.equal(seen.size, 3, name);
    }
  },
};
