/** What the jobs may rely on of a queue, whatever carries it. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { newId } from '../../db/ids.ts';
import type { Message } from '../../queues/messages.ts';
import type { JobQueue, Received, Verdict } from '../../queues/ports.ts';
import { until } from '../support/until.ts';

export interface QueueUnderTest {
  readonly queue: JobQueue;
  close(): Promise<void>;
}

export type Judge = (received: readonly Received[]) => Promise<readonly Verdict[]>;

const message = (): Message => ({
  v: 1,
  kind: 'run.advance',
  tenant: newId('tenant', Date.now()),
  run: newId('run', Date.now()),
});

const ack: Verdict = { kind: 'ack' };

export function queueContract(name: string, open: (judge: Judge) => Promise<QueueUnderTest>): void {
  describe(`the queue contract on ${name}`, () => {
    let opened: QueueUnderTest | undefined;
    let seen: Received[] = [];

    /** Opens a queue whose messages are noted and judged one by one. */
    async function queueJudging(judge: (received: Received) => Verdict): Promise<JobQueue> {
      seen = [];
      opened = await open(async (received) => {
        seen.push(...received);
        return received.map(judge);
      });
      return opened.queue;
    }

    afterEach(async () => {
      await opened?.close();
      opened = undefined;
    });

    it('brings what was sent, as it was sent', async () => {
      const queue = await queueJudging(() => ack);
      const sent = [message(), { v: 1, kind: 'outbox.flush' } as const];
      await queue.send(sent);
      await until('both have come', () => seen.length >= 2);
      assert.deepEqual(
        new Set(seen.map(({ body }) => JSON.stringify(body))),
        new Set(sent.map((one) => JSON.stringify(one))),
      );
      assert.deepEqual(
        seen.map(({ attempts }) => attempts),
        [1, 1],
      );
    });

    it('does not bring again what was acknowledged or buried', async () => {
      let count = 0;
      const queue = await queueJudging(() => (count++ % 2 === 0 ? ack : { kind: 'bury', reason: 'no' }));
      await queue.send([message(), message(), message()]);
      await until('all have come', () => seen.length >= 3);
      await sleep(1500);
      assert.equal(seen.length, 3);
    });

    it('brings again what is to be tried again, counts, and leaves the others alone', async () => {
      const [failing, fine] = [message(), message()];
      const isFailing = ({ body }: Received) => JSON.stringify(body) === JSON.stringify(failing);
      const queue = await queueJudging((one) =>
        isFailing(one) && one.attempts < 3 ? { kind: 'retry', delaySeconds: 0 } : ack,
      );
      await queue.send([failing, fine]);
      await until('three attempts', () => seen.filter(isFailing).length === 3);
      assert.deepEqual(
        seen.filter(isFailing).map(({ attempts }) => attempts),
        [1, 2, 3],
      );
      assert.equal(seen.filter((one) => !isFailing(one)).length, 1);
    });

    it('brings again what nobody has judged, because the whole batch failed', async () => {
      let failures = 0;
      const counted: Received[] = [];
      opened = await open(async (received) => {
        if (failures++ === 0) throw new Error('the consumer fell over');
        counted.push(...received);
        return received.map(() => ack);
      });
      await opened.queue.send([message()]);
      await until('it has come', () => counted.length === 1);
      assert.ok((counted[0]?.attempts ?? 0) > 1);
    });

    it('keeps back what is to come later', async () => {
      const queue = await queueJudging(() => ack);
      const [later, now] = [message(), message()];
      await queue.send([later], { delaySeconds: 2 });
      await queue.send([now]);
      await until('the other has come', () => seen.length === 1);
      assert.deepEqual(seen[0]?.body, now);
      await until('it has come too', () => seen.length === 2);
      assert.deepEqual(seen[1]?.body, later);
    });

    it('takes more messages at once than fit into one batch', async () => {
      const queue = await queueJudging(() => ack);
      const many = Array.from({ length: 250 }, message);
      await queue.send(many);
      const runs = () => new Set(seen.map(({ body }) => (body as { run: string }).run)).size;
      await until('all have come', () => runs() === 250);
    });

    it('takes an empty list', async () => {
      const queue = await queueJudging(() => ack);
      await queue.send([]);
    });
  });
}
