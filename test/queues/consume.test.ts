/** What becomes of a message, by what its job came to. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { newId } from '../../db/ids.ts';
import { Fault, type FaultCode, faultTable } from '../../engine/fault.ts';
import { consume } from '../../queues/consume.ts';
import type { JobDeps } from '../../queues/deps.ts';
import { type Message, messageOf, messageSchema } from '../../queues/messages.ts';
import { openQueueSide } from '../support/queue-side.ts';

const now = 1_800_000_000_000;
const tenant = newId('tenant', now);
const wake: Message = { v: 1, kind: 'agent.wake', tenant, cluster: newId('cluster', now) };

async function depsFailing(error: unknown): Promise<JobDeps> {
  const { jobs } = await openQueueSide({
    change: (given) => ({
      ...given,
      cluster: {
        carry: async () => {
          throw error;
        },
      },
    }),
  });
  return jobs;
}

describe('a message whose job fails', () => {
  for (const [code, { retry }] of Object.entries(faultTable) as [
    FaultCode,
    (typeof faultTable)[FaultCode],
  ][]) {
    it(`with ${code} is ${retry === 'never' ? 'buried' : 'tried again'}`, async () => {
      const deps = await depsFailing(new Fault(code, 'no'));
      const [verdict] = await consume(deps, [{ body: wake, attempts: 1 }]);
      assert.equal(verdict?.kind, retry === 'never' ? 'bury' : 'retry');
      if (verdict?.kind === 'retry') assert.equal(verdict.delaySeconds, retry === 'soon' ? 1 : 2);
    });
  }

  it('with what nobody expected is tried again, later each time, and not for ever', async () => {
    const deps = await depsFailing(new TypeError('a bug'));
    const delays: unknown[] = [];
    for (let attempts = 1; attempts <= 8; attempts++) {
      const [verdict] = await consume(deps, [{ body: wake, attempts }]);
      delays.push(verdict?.kind === 'retry' ? verdict.delaySeconds : verdict?.kind);
    }
    assert.deepEqual(delays, [2, 4, 8, 16, 32, 64, 128, 'bury']);
  });

  it('takes no other with it', async () => {
    const deps = await depsFailing(new Error('no'));
    const flush: Message = { v: 1, kind: 'outbox.flush' };
    const verdicts = await consume(
      deps,
      [wake, flush, null, wake, flush].map((body) => ({ body, attempts: 1 })),
    );
    assert.deepEqual(
      verdicts.map(({ kind }) => kind),
      ['retry', 'ack', 'bury', 'retry', 'ack'],
    );
  });
});

describe('messages', () => {
  it('are made of outbox rows, one form each', () => {
    const subjects = {
      'run.advance': newId('run', now),
      'delivery.process': newId('delivery', now),
      'agent.wake': newId('cluster', now),
      'application.observe': newId('application', now),
      'audit.seal': '',
    } as const;
    for (const [kind, subject] of Object.entries(subjects) as [keyof typeof subjects, string][]) {
      const message = messageOf({ kind, tenant, subject });
      assert.deepEqual(messageSchema.parse(JSON.parse(JSON.stringify(message))), message);
      assert.ok(subject === '' || Object.values(message).includes(subject));
    }
  });

  it('carry ids of the right kind only', () => {
    const wrong = [
      { ...wake, cluster: newId('run', now) },
      { ...wake, tenant: 'ten_' },
      { ...wake, v: 2 },
      { v: 1, kind: 'run.explode', tenant },
    ];
    for (const body of wrong) assert.equal(messageSchema.safeParse(body).success, false);
  });
});
