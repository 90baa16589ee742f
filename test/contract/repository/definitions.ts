import assert from 'node:assert/strict';
import type { PutDefinition } from '../../../db/model/application.ts';
import { Fault } from '../../../engine/fault.ts';
import type { Cases } from './cases.ts';
import { asked, operator } from './world.ts';

const failsWith = (code: string) => (error: unknown) => error instanceof Fault && error.code === code;

const key = { kind: 'component', namespace: 'vela-system', name: 'db' } as const;
const put = (content: string, more: Partial<PutDefinition> = {}): PutDefinition => ({
  ...key,
  format: 'cue',
  source: `source ${content}`,
  contentHash: content,
  ...more,
});

export const definitionCases: Cases = {
  'each content makes a version, the same one none': async ({ a }) => {
    const outcomes = [];
    for (const content of ['x', 'x', 'y', 'x'])
      outcomes.push((await a.definitions.put(operator, put(content))).outcome);
    assert.deepEqual(outcomes, ['created', 'unchanged', 'revised', 'revised']);
    const newest = await a.definitions.get(key);
    assert.deepEqual([newest?.version, newest?.sequence, newest?.source], ['3', 3, 'source x']);
    assert.equal((await a.definitions.get(key, '2'))?.contentHash, 'y');
    assert.deepEqual(
      (await a.definitions.versions(key)).map((one) => one.version),
      ['3', '2', '1'],
    );
  },
  'a named version keeps its content': async ({ a }) => {
    await a.definitions.put(operator, put('x', { version: '1.0.0' }));
    assert.equal((await a.definitions.put(operator, put('x', { version: '1.0.0' }))).outcome, 'unchanged');
    await assert.rejects(
      a.definitions.put(operator, put('y', { version: '1.0.0' })),
      failsWith('resource.conflict'),
    );
    assert.equal((await a.definitions.put(operator, put('y', { version: '1.1.0' }))).definition.sequence, 2);
    const older = await a.definitions.put(operator, put('x', { version: '1.0.0' }));
    assert.deepEqual([older.outcome, older.definition.sequence], ['unchanged', 1]);
    assert.equal((await a.definitions.get(key))?.version, '1.1.0');
  },
  'If-Match of a definition is its newest content': async ({ a }) => {
    await assert.rejects(
      a.definitions.put(operator, put('x', { expect: 'w' })),
      failsWith('request.precondition'),
    );
    await a.definitions.put(operator, put('x', { expect: 'none' }));
    await assert.rejects(
      a.definitions.put(operator, put('y', { expect: 'none' })),
      failsWith('request.precondition'),
    );
    await a.definitions.put(operator, put('y', { expect: 'x' }));
    await assert.rejects(a.definitions.delete(operator, key, 'x'), failsWith('request.precondition'));
    assert.equal(await a.definitions.delete(operator, key, 'y'), true);
    assert.equal(await a.definitions.delete(operator, key), false);
  },
  'a deleted definition is hidden, and found by what pinned it': async ({ a }) => {
    await a.definitions.put(operator, put('x', { version: '1.0.0' }));
    await a.definitions.delete(operator, key);
    assert.equal(await a.definitions.get(key), undefined);
    assert.equal(await a.definitions.get(key, '1.0.0'), undefined);
    assert.deepEqual(await a.definitions.versions(key), []);
    assert.deepEqual(await a.definitions.registry(['vela-system']), []);
    assert.deepEqual((await a.definitions.list({}, { limit: 10 })).items, []);
    assert.equal((await a.definitions.byContentHash(key, 'x'))?.source, 'source x');
    const again = await a.definitions.put(operator, put('z', { version: '1.0.0' }));
    assert.deepEqual([again.outcome, again.definition.sequence], ['created', 2]);
  },
  'two puts at once make two versions': async ({ a }) => {
    const made = await Promise.all(
      ['x', 'y', 'z'].map((content) => a.definitions.put(operator, put(content))),
    );
    assert.deepEqual(made.map((one) => one.definition.sequence).sort(), [1, 2, 3]);
  },
  'many puts are one batch, and what is refused keeps no other away': async ({ a }) => {
    await a.definitions.put(operator, put('x', { version: '1.0.0' }));
    await a.definitions.put(operator, put('same', { name: 'same' }));
    const many = Array.from({ length: 90 }, (_, n) => put(`c${n}`, { name: `many-${n}` }));
    const results = await a.definitions.putAll(operator, [
      put('y', { version: '1.0.0' }),
      put('same', { name: 'same' }),
      put('w', { name: 'gone', expect: 'v' }),
      ...many,
      put('z', { name: 'many-7' }),
      put('y2', { name: 'same' }),
    ]);
    const said = results.map((one) => (one.kind === 'put' ? one.outcome : one.fault.code));
    assert.deepEqual(said.slice(0, 3), ['resource.conflict', 'unchanged', 'request.precondition']);
    assert.ok(said.slice(3, 93).every((one) => one === 'created'));
    assert.deepEqual(said.slice(93), ['resource.conflict', 'resource.conflict']);
    assert.equal((await a.definitions.get(key))?.contentHash, 'x');
    assert.equal((await a.definitions.get({ ...key, name: 'many-89' }))?.source, 'source c89');
    const { items } = await a.audit.list({ limit: 100 });
    const puts = items.filter(({ action }) => action === 'definition.put');
    assert.equal(puts.length, 92);
    assert.equal(new Set(puts.map(({ seq }) => seq)).size, 92);
    assert.deepEqual(puts.find(({ subject }) => subject.endsWith('/many-3'))?.detail, {
      version: '1',
      contentHash: 'c3',
    });
  },
  'two batches of puts at once both come in, one after the other': async ({ a }) => {
    const batch = (content: string) =>
      a.definitions.putAll(operator, [put(content), put(content, { name: 'other' })]);
    await Promise.all(['x', 'y', 'z'].map(batch));
    assert.deepEqual(
      (await a.definitions.versions(key)).map((one) => one.sequence),
      [3, 2, 1],
    );
    assert.equal((await a.definitions.versions({ ...key, name: 'other' })).length, 3);
  },
  'a number that was given by hand is not given again': async ({ a }) => {
    await a.definitions.put(operator, put('x', { version: '2' }));
    await assert.rejects(a.definitions.put(operator, put('y')), failsWith('resource.conflict'));
    await a.definitions.put(operator, put('y', { version: '3' }));
  },
  'names are those of one namespace that are not deleted': async ({ a }) => {
    for (const content of ['x', 'y']) await a.definitions.put(operator, put(content));
    await a.definitions.put(operator, put('t', { kind: 'trait' }));
    await a.definitions.put(operator, put('n', { namespace: 'default', name: 'elsewhere' }));
    await a.definitions.put(operator, put('g', { name: 'gone' }));
    await a.definitions.delete(operator, { ...key, name: 'gone' });
    const names = (await a.definitions.names('vela-system')).map((one) => `${one.kind}/${one.name}`);
    assert.deepEqual(names.toSorted(), ['component/db', 'trait/db']);
  },
  'the registry of namespaces is the newest of each name': async ({ a }) => {
    await a.definitions.put(operator, put('x'));
    await a.definitions.put(operator, put('y'));
    await a.definitions.put(operator, put('t', { kind: 'trait', name: 'db' }));
    await a.definitions.put(operator, put('n', { namespace: 'default' }));
    await a.definitions.put(operator, put('o', { namespace: 'other' }));
    const registry = await a.definitions.registry(['default', 'vela-system']);
    assert.deepEqual(registry.map((one) => one.contentHash).sort(), ['n', 't', 'y']);
    const { items } = await a.definitions.list(
      { kind: 'component', namespace: 'vela-system' },
      { limit: 10 },
    );
    assert.deepEqual(
      items.map((one) => one.contentHash),
      ['y'],
    );
  },
  'the versions of names are all that are not deleted, the newest first': async ({ a }) => {
    for (const content of ['x', 'y']) await a.definitions.put(operator, put(content));
    await a.definitions.put(operator, put('t', { kind: 'trait' }));
    await a.definitions.put(operator, put('n', { namespace: 'default' }));
    await a.definitions.put(operator, put('o', { name: 'other' }));
    const of = async (namespaces: readonly string[], names: readonly string[]) =>
      (await a.definitions.versionsOf(namespaces, names)).map((one) => [one.source, one.version]);
    assert.deepEqual(await of(['vela-system'], ['db']), [
      ['source y', '2'],
      ['source x', '1'],
      ['source t', '1'],
    ]);
    assert.deepEqual(await of(['default', 'vela-system'], ['other', 'none']), [['source o', '1']]);
    assert.deepEqual(await of([], ['db']), []);
    await a.definitions.delete(operator, key);
    assert.deepEqual(await of(['vela-system'], ['db']), [['source t', '1']]);
  },
  'definitions of a submission are stored with its Applications': async (world) => {
    const { a } = world;
    const applications = [asked(world, 'web', 'one')];
    const stored = await a.applications.submit(operator, { applications, definitions: [put('x')] });
    assert.deepEqual(
      stored.definitions.map((one) => one.outcome),
      ['created'],
    );
    const refused = { applications: [asked(world, 'api', 'one')], definitions: [put('y', { expect: 'w' })] };
    await assert.rejects(a.applications.submit(operator, refused), failsWith('request.precondition'));
    assert.equal(await a.applications.get('default', 'api'), undefined);
    assert.equal((await a.definitions.get(key))?.contentHash, 'x');
  },
};
