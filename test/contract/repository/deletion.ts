import assert from 'node:assert/strict';
import { newId } from '../../../db/ids.ts';
import { Fault } from '../../../engine/fault.ts';
import type { Cases } from './cases.ts';
import {
  asked,
  begin,
  bundle,
  delivered,
  finish,
  finishing,
  makeCluster,
  object,
  operator,
  saving,
  submit,
} from './world.ts';

const failsWith = (code: string) => (error: unknown) => error instanceof Fault && error.code === code;

export const deletionCases: Cases = {
  'an Application that is being deleted takes no submission, restart or rollback': async (world) => {
    const { a } = world;
    const made = await submit(world, a, 'web', 'one');
    const run = newId('run', world.clock.at);
    const deletion = { namespace: 'default', name: 'web', run };
    const started = await a.applications.requestDeletion(operator, deletion);
    assert.equal(started?.run, run);
    assert.equal((await a.runs.get(run))?.kind, 'delete');
    const again = await a.applications.requestDeletion(operator, { ...deletion, run: newId('run', 0) });
    assert.deepEqual([again?.run, again?.messages], [run, []]);
    const application = await a.applications.get('default', 'web');
    assert.deepEqual([application?.state, application?.deletionRequestedAt], ['deleting', world.clock.at]);
    const fresh = newId('run', world.clock.at);
    await assert.rejects(submit(world, a, 'web', 'two'), failsWith('resource.conflict'));
    await assert.rejects(a.runs.restart(operator, made.uid, fresh), failsWith('resource.conflict'));
    await assert.rejects(
      a.runs.startRollback(operator, { application: made.uid, revision: 1, run: fresh }),
      failsWith('resource.conflict'),
    );
    assert.equal(await a.applications.requestDeletion(operator, { ...deletion, name: 'none' }), undefined);
  },
  'a deletion with a stale resourceVersion changes nothing': async (world) => {
    const { a } = world;
    await submit(world, a, 'web', 'one');
    const deletion = { namespace: 'default', name: 'web', run: newId('run', 0), expectResourceVersion: 7 };
    await assert.rejects(
      a.applications.requestDeletion(operator, deletion),
      failsWith('request.precondition'),
    );
    assert.equal((await a.applications.get('default', 'web'))?.state, 'active');
  },
  'an Application is removed only when its inventory is empty, and its runs can still be read': async (
    world,
  ) => {
    const { a, stores, clock } = world;
    const { cluster } = await makeCluster(world, a, 'east');
    const made = await delivered(world, a, cluster);
    const run = newId('run', clock.at);
    await a.applications.requestDeletion(operator, { namespace: 'default', name: 'web', run });
    const loaded = await begin(world, a, run);
    const save = finishing({ remove: true, bundles: [await bundle(a, cluster, 2, [])], consumedTo: 99 });
    await assert.rejects(a.runs.save(loaded, save, clock.at), failsWith('store.conflict'));
    assert.equal((await a.applications.byUid(made.uid))?.state, 'deleting');
    assert.equal((await a.bundles.heads(made.uid))[0]?.sequence, 1);
    const waiting = saving({ phase: 'waiting', bundles: save.bundles, consumedTo: 99 });
    await a.runs.save(loaded, waiting, clock.at);
    assert.deepEqual(
      (await a.inventory.list(made.uid)).map((item) => item.wanted),
      ['leaving'],
    );
    const gone = { ref: object('one').ref, outcome: 'deleted' } as const;
    const where = { application: made.uid, cluster: { owner: a.id, id: cluster.id } };
    const told = await a.inventory.report({
      ...where,
      sequence: 2,
      complete: true,
      objects: [gone],
      event: {},
    });
    assert.deepEqual(
      told?.messages.map((message) => message.subject),
      [run],
    );
    await finish(world, a, run, { remove: true });
    assert.equal(await a.applications.get('default', 'web'), undefined);
    assert.equal(await a.applications.byUid(made.uid), undefined);
    assert.equal(await a.applications.viewByUid(made.uid), undefined);
    assert.deepEqual((await a.applications.list({}, { limit: 10 })).items, []);
    assert.equal(await stores.directory.status(asked(world, 'x', 'x', {}).status), undefined);
    assert.equal((await a.runs.get(run))?.phase, 'succeeded');
    assert.deepEqual(await a.outbox.list(10), []);
  },
  'the name of a removed Application is free for another': async (world) => {
    const { a, stores } = world;
    const first = await submit(world, a, 'web', 'one');
    const run = newId('run', world.clock.at);
    await a.applications.requestDeletion(operator, { namespace: 'default', name: 'web', run });
    await finish(world, a, first.run);
    await finish(world, a, run, { remove: true });
    assert.equal(await stores.directory.status(first.status), undefined);
    const second = await submit(world, a, 'web', 'one');
    assert.deepEqual([second.outcome, second.revision], ['created', 1]);
    assert.notEqual(second.uid, first.uid);
  },
};
