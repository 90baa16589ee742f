/**
 * The net under everything: runs whose hint was lost, messages that were never done, leases that ran out, rows past
 * their time. Whatever it finds it only hints at; the jobs check all of it again.
 */
import type { JobDeps } from '../deps.ts';
import type { Message } from '../messages.ts';
import { flushOutbox } from './flush-outbox.ts';

const DUE_RUNS = 200;
const AUDIT_TENANTS = 50;
const UNPACKED = 20;
const EXPIRE_ROWS = 200;

type SweepDeps = Pick<JobDeps, 'stores' | 'queue' | 'clock' | 'perTenantCap' | 'log'>;

/** One part that fails leaves the others to do theirs; the failure is thrown at the end. */
export async function sweep(deps: SweepDeps): Promise<void> {
  const results = await Promise.allSettled([flushOutbox(deps), hintAtDueRuns(deps), tidy(deps)]);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

async function hintAtDueRuns({ stores, queue, clock, perTenantCap }: SweepDeps): Promise<void> {
  const due = await stores.work.dueRuns(clock.now(), DUE_RUNS, perTenantCap);
  const tenants = await stores.work.unsealedTenants(AUDIT_TENANTS);
  const messages: Message[] = [
    ...due.map(({ tenant, run }) => ({ v: 1, kind: 'run.advance', tenant, run }) as const),
    ...tenants.map((tenant) => ({ v: 1, kind: 'audit.seal', tenant }) as const),
  ];
  if (messages.length > 0) await queue.send(messages);
}

async function tidy({ stores, clock }: SweepDeps): Promise<void> {
  for (const { tenant, run } of await stores.work.unpackedRuns(UNPACKED))
    await stores.of(tenant).journal.pack(run);
  await stores.work.expire(clock.now(), EXPIRE_ROWS);
}
