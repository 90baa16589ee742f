/** Jobs over the real store, where something fails or comes at the wrong time. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Driver, toQuery } from '../../db/drivers/driver.ts';
import { newId } from '../../db/ids.ts';
import { Fault } from '../../engine/fault.ts';
import { joinCluster, openQueueSide, type QueueSide } from '../support/queue-side.ts';

const system = { kind: 'system', id: 'test' } as const;

const view = async (side: QueueSide, name = 'shop') => {
  const found = await side.store.applications.view('default', name);
  assert.ok(found);
  return found;
};
const phase = async (side: QueueSide) => (await view(side)).run?.phase;
const sequence = async (side: QueueSide) => {
  const [head] = await side.store.bundles.heads((await view(side)).application.uid);
  return head?.sequence;
};

/** One turn of a healthy cluster: it fetches, applies, reports, and what that announces is worked off. */
async function turn(side: QueueSide): Promise<void> {
  await side.agent.sync();
  side.send(await side.agent.report());
  await side.drain();
}

describe('a run', () => {
  it('goes from submission to success with one bundle', async () => {
    const side = await openQueueSide();
    await side.submit('shop', { a: { v: '1' } });
    await side.drain();
    assert.equal(await phase(side), 'running');
    await turn(side);
    assert.equal(await phase(side), 'succeeded');
    assert.equal(await sequence(side), 1);
    assert.deepEqual([...side.agent.objects.keys()], ['/ConfigMap/default/a']);
  });

  it('is worked on by one of two workers that get the same message', async () => {
    const side = await openQueueSide();
    await side.submit('shop', { a: { v: '1' } });
    const [message] = side.messages.splice(0);
    assert.ok(message);
    await Promise.all([side.handle(message), side.handle(message), side.handle(message)]);
    await side.drain();
    assert.equal(await phase(side), 'running');
    assert.equal(await sequence(side), 1);
  });

  it('is taken up again where a worker died before it had saved', async () => {
    let dying = true;
    const side = await openQueueSide({
      wrap: (driver) =>
        onSave(driver, () => {
          if (dying) throw new Fault('store.unavailable', 'gone');
        }),
    });
    await side.submit('shop', { a: { v: '1' } });
    const [message] = side.messages.splice(0);
    assert.ok(message);
    assert.equal(await side.handle(message), 'retry');
    assert.equal(await phase(side), 'queued');
    assert.equal(await sequence(side), undefined);
    dying = false;
    side.clock.at += 61_000;
    await side.drain();
    assert.equal(await phase(side), 'running');
    assert.equal(await sequence(side), 1);
  });

  it('is not delivered twice where the answer to a save was lost', async () => {
    let losing = true;
    const side = await openQueueSide({
      wrap: (driver) =>
        afterSave(driver, () => {
          if (losing) throw new Fault('store.unavailable', 'gone');
        }),
    });
    await side.submit('shop', { a: { v: '1' } });
    const [message] = side.messages.splice(0);
    assert.ok(message);
    assert.equal(await side.handle(message), 'retry');
    losing = false;
    side.clock.at += 61_000;
    await side.drain();
    assert.equal(await phase(side), 'running');
    assert.equal(await sequence(side), 1);
  });

  it('does not save what a worker did whose lease ran out', async () => {
    const held: (() => void)[] = [];
    let waiting = true;
    const side = await openQueueSide({
      change: (jobs) => ({
        ...jobs,
        async render(loaded) {
          if (waiting) await new Promise<void>((resolve) => held.push(resolve));
          return jobs.render(loaded);
        },
      }),
    });
    await side.submit('shop', { a: { v: '1' } });
    const [message] = side.messages.splice(0);
    assert.ok(message);
    const slow = side.handle(message);
    while (held.length === 0) await new Promise((resolve) => setImmediate(resolve));
    waiting = false;
    side.clock.at += 61_000;
    await side.handle(message);
    assert.equal(await sequence(side), 1);
    held[0]?.();
    assert.equal(await slow, 'retry');
    side.messages.splice(0);
    assert.equal(await sequence(side), 1);
    await turn(side);
    assert.equal(await phase(side), 'succeeded');
  });

  it('that brings its worker down each time is failed in the end, with a reason', async () => {
    const side = await openQueueSide({
      change: (jobs) => ({
        ...jobs,
        render: async () => {
          throw new TypeError('a bug');
        },
      }),
    });
    await side.submit('shop', { a: { v: '1' } });
    side.messages.splice(0);
    for (let i = 0; i < 40 && (await phase(side)) !== 'failed'; i++) {
      side.clock.at += 120_000;
      await side.sweep();
      for (const message of side.messages.splice(0)) await side.handle(message);
    }
    const { run } = await view(side);
    assert.equal(run?.phase, 'failed');
    assert.match(JSON.stringify(run?.state), /render-gave-up/);
  });

  it('without a cluster waits, and goes on when one is accepted', async () => {
    const side = await openQueueSide({ cluster: false });
    await side.submit('shop', { a: { v: '1' } });
    await side.drain();
    assert.equal(await phase(side), 'waiting');
    const summary = (await side.store.statuses.ofApplication((await view(side)).application.uid))?.summary;
    assert.equal(summary?.['message'], 'The delivery waits for a cluster.');
    await joinCluster(side.store, side.clock.at, newId('cluster', side.clock.at));
    await side.sweep();
    await side.drain();
    assert.equal(await phase(side), 'running');
  });

  it('obeys suspend, resume and terminate', async () => {
    const side = await openQueueSide();
    await side.submit('shop', { a: { v: '1' }, b: { v: '1' } });
    await side.drain();
    const tell = async (command: string) => {
      const { run } = await view(side);
      assert.ok(run);
      const told = await side.store.runs.tell(system, run.id, { kind: 'command', payload: { command } });
      side.send(told?.messages ?? []);
      await side.drain();
    };
    await tell('suspend');
    assert.equal(await phase(side), 'suspended');
    await turn(side);
    assert.equal(await phase(side), 'suspended');
    await tell('resume');
    assert.equal(await phase(side), 'succeeded');
    await side.submit('shop', { a: { v: '2' } });
    await side.drain();
    await tell('terminate');
    assert.equal(await phase(side), 'terminated');
  });

  it('gives way to a newer one at once, without a sweep', async () => {
    const side = await openQueueSide();
    await side.submit('shop', { a: { v: '1' } });
    await side.drain();
    for (const v of ['2', '3', '4']) await side.submit('shop', { a: { v } });
    await side.drain();
    assert.equal((await view(side)).run?.revision, 4);
    assert.equal(await phase(side), 'running');
    await turn(side);
    assert.equal(await phase(side), 'succeeded');
    assert.deepEqual(side.agent.objects.get('/ConfigMap/default/a')?.['data'], { v: '4' });
  });

  it('that is too large to deliver fails with the reason', async () => {
    const side = await openQueueSide({
      change: (jobs) => ({
        ...jobs,
        async render(loaded) {
          const rendered = await jobs.render(loaded);
          if (!rendered.ok) return rendered;
          const [target] = rendered.value.targets;
          assert.ok(target);
          const objects = Array.from({ length: 501 }, (_, i) => ({
            role: 'auxiliary' as const,
            output: '',
            manifest: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `c${i}` } },
          }));
          return { ok: true, value: { ...rendered.value, targets: [{ ...target, objects }] } };
        },
      }),
    });
    await side.submit('shop', { a: { v: '1' } });
    await side.drain();
    assert.equal(await phase(side), 'failed');
    assert.match(JSON.stringify((await view(side)).run?.state), /501 objects are more than the 500/);
  });
});

describe('hints', () => {
  it('that were never sent are found by the sweep', async () => {
    const side = await openQueueSide();
    await side.submit('shop', { a: { v: '1' } });
    side.messages.splice(0);
    side.clock.at += 30_000;
    await side.sweep();
    await side.drain();
    assert.equal(await phase(side), 'running');
    await side.agent.sync();
    await side.agent.report();
    side.clock.at += 30_000;
    await side.sweep();
    await side.drain();
    assert.equal(await phase(side), 'succeeded');
  });

  it('that nobody can read are buried, and what they stood beside is done', async () => {
    const side = await openQueueSide();
    await side.submit('shop', { a: { v: '1' } });
    const { consume } = await import('../../queues/consume.ts');
    const bodies = [
      null,
      'x',
      { v: 2, kind: 'run.advance' },
      { v: 1, kind: 'run.advance', tenant: 'ten_x', run: 'r' },
      ...side.messages.splice(0),
    ];
    const verdicts = await consume(
      side.jobs,
      bodies.map((body) => ({ body, attempts: 1 })),
    );
    assert.deepEqual(
      verdicts.slice(0, 4).map(({ kind }) => kind),
      ['bury', 'bury', 'bury', 'bury'],
    );
    assert.ok(verdicts.slice(4).every(({ kind }) => kind === 'ack'));
    assert.equal(await phase(side), 'running');
  });

  it('for what is gone are acknowledged', async () => {
    const side = await openQueueSide();
    const now = side.clock.at;
    const { tenant } = side;
    assert.equal(await side.handle({ v: 1, kind: 'run.advance', tenant, run: newId('run', now) }), 'ack');
    const application = newId('application', now);
    assert.equal(await side.handle({ v: 1, kind: 'application.observe', tenant, application }), 'ack');
    assert.equal(await side.handle({ v: 1, kind: 'audit.seal', tenant }), 'ack');
    assert.equal(
      await side.handle({ v: 1, kind: 'delivery.process', tenant, delivery: newId('delivery', now) }),
      'ack',
    );
  });
});

describe('after success', () => {
  it('health that changes shows without a run, and comes back', async () => {
    const side = await openQueueSide();
    await side.submit('shop', { a: { v: '1' } });
    await side.drain();
    await turn(side);
    const summary = async () =>
      (await side.store.statuses.ofApplication((await view(side)).application.uid))?.summary['phase'];
    assert.equal(await summary(), 'running');
    const [key] = [...side.agent.objects.keys()];
    assert.ok(key);
    const object = side.agent.objects.get(key);
    assert.ok(object);
    side.agent.objects.delete(key);
    await turn(side);
    assert.equal(await summary(), 'unhealthy');
    side.agent.objects.set(key, object);
    await turn(side);
    assert.equal(await summary(), 'running');
    assert.equal((await view(side)).run?.phase, 'succeeded');
  });
});

/** Something that happens before a batch that saves a run, which is then not done. */
function onSave(driver: Driver, happens: () => void): Driver {
  return {
    ...driver,
    async batch(statements) {
      if (isSave(driver, statements)) happens();
      return driver.batch(statements);
    },
  };
}

/** Something that happens after it, when it is done. */
function afterSave(driver: Driver, happens: () => void): Driver {
  return {
    ...driver,
    async batch(statements) {
      const results = await driver.batch(statements);
      if (isSave(driver, statements)) happens();
      return results;
    },
  };
}

function isSave(driver: Driver, statements: Parameters<Driver['batch']>[0]): boolean {
  const [first] = statements;
  return first !== undefined && toQuery(first, driver.dialect).sql.startsWith('UPDATE run SET phase');
}
