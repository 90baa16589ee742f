import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Reporter } from '../../agent/reporter.ts';
import { turns } from '../../agent/turns.ts';
import type { BundleReport, ObjectReport } from '../../engine/delivery/protocol.ts';
import type { ApplicationUid } from '../../engine/ids.ts';
import { until } from '../support/until.ts';

const app = 'app_a' as ApplicationUid;
const object = (
  name: string,
  outcome: ObjectReport['outcome'],
  more: Partial<ObjectReport> = {},
): ObjectReport => ({
  ref: { apiVersion: 'v1', kind: 'ConfigMap', name },
  outcome,
  ...more,
});

function open(failures = 0) {
  const sent: BundleReport[][] = [];
  const acknowledged: string[] = [];
  let failing = failures;
  const reporter = new Reporter({
    async send(reports) {
      if (failing-- > 0) throw new Error('not now');
      sent.push([...reports]);
    },
    acknowledged: (_, refs) => void acknowledged.push(...refs.map(({ name }) => name)),
    sendPlan: async () => undefined,
    planSent: () => undefined,
    failed: () => undefined,
  });
  const running = reporter.run();
  const close = async () => {
    reporter.stop();
    await running;
  };
  return { reporter, sent, acknowledged, close };
}

describe('a reporter', () => {
  it('says once what is said twice before it is sent, and keeps what happened over what was seen', async () => {
    const { reporter, sent, close } = open();
    reporter.object(app, 1, object('a', 'created', { live: { v: 1 } }));
    reporter.object(app, 1, object('a', 'observed', { live: { v: 2 } }));
    reporter.complete(app, 1, []);
    await until('it is sent', () => sent.length > 0);
    assert.deepEqual(sent, [
      [
        {
          application: app,
          sequence: 1,
          complete: true,
          objects: [object('a', 'created', { live: { v: 2 } })],
          left: [],
        },
      ],
    ]);
    await close();
  });

  it('keeps sequences apart', async () => {
    const { reporter, sent, close } = open();
    reporter.object(app, 1, object('a', 'deleted'));
    reporter.object(app, 2, object('a', 'created'));
    reporter.complete(app, 2, undefined);
    await until('it is sent', () => sent.length > 0);
    assert.deepEqual(
      sent[0]?.map(({ sequence, complete }) => [sequence, complete]),
      [
        [1, false],
        [2, true],
      ],
    );
    await close();
  });

  it('loses nothing that could not be sent, and forgets only what the hub knows', async () => {
    const { reporter, sent, acknowledged, close } = open(2);
    reporter.object(app, 1, object('a', 'deleted'));
    reporter.object(app, 1, object('b', 'created'));
    reporter.complete(app, 1, ['x']);
    await until('it has tried', () => sent.length > 0);
    assert.deepEqual(acknowledged, ['a']);
    assert.deepEqual(
      sent[0]?.[0]?.objects.map(({ outcome }) => outcome),
      ['deleted', 'created'],
    );
    assert.deepEqual([sent[0]?.[0]?.complete, sent[0]?.[0]?.left], [true, ['x']]);
    await close();
  });

  it('splits what is too much for one request, and is complete only with the last part', async () => {
    const { reporter, sent, close } = open();
    const live = { data: 'x'.repeat(60_000) };
    for (let i = 0; i < 150; i++) reporter.object(app, 1, object(`c${i}`, 'created', { live }));
    reporter.complete(app, 1, undefined);
    await until('all is sent', () => sent.flat().flatMap(({ objects }) => objects).length === 150);
    assert.ok(sent.length >= 3);
    for (const batch of sent) assert.ok(JSON.stringify(batch).length < 4.5 * 1024 * 1024);
    assert.deepEqual(
      sent.flat().map(({ complete }) => complete),
      [...sent.slice(1).map(() => false), true],
    );
    await close();
  });
});

describe('turns', () => {
  it('let so many go on at once and forget nobody, also when one fails', async () => {
    const turn = turns(3);
    let [now, most, done] = [0, 0, 0];
    const work = Array.from({ length: 20 }, (_, i) =>
      turn(async () => {
        now += 1;
        most = Math.max(most, now);
        await new Promise((resolve) => setTimeout(resolve, 1));
        now -= 1;
        if (i % 5 === 0) throw new Error('one of them');
        done += 1;
      }).catch(() => undefined),
    );
    await Promise.all(work);
    assert.deepEqual([most, done], [3, 16]);
  });
});
