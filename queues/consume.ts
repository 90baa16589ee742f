/**
 * What becomes of a message: parsed, handed to its job, and then acknowledged, tried again, or buried. The one place
 * that turns a fault's retry class into something a transport understands.
 */
import { Fault } from '../engine/fault.ts';
import { announce } from './announce.ts';
import type { JobDeps } from './deps.ts';
import { advanceRun } from './jobs/advance-run.ts';
import { flushOutbox } from './jobs/flush-outbox.ts';
import { observeApplication } from './jobs/observe-application.ts';
import { processDelivery } from './jobs/process-delivery.ts';
import { sealAudit } from './jobs/seal-audit.ts';
import { type Message, messageSchema } from './messages.ts';
import type { Received, Verdict } from './ports.ts';

/** How many messages of one batch are worked on at once. */
const PARALLEL = 8;
/** After so many deliveries a message goes; what it announced stands in the store, and the sweep sees to it. */
const MAX_ATTEMPTS = 8;
const BACKOFF_CAP_SECONDS = 300;

/** Judges the messages of a batch, each by itself: one that fails takes no other with it. */
export async function consume(deps: JobDeps, received: readonly Received[]): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = [];
  const queue = [...received.entries()];
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [at, message] = next;
      verdicts[at] = await judge(deps, message);
    }
  };
  await Promise.all(Array.from({ length: Math.min(PARALLEL, received.length) }, worker));
  return verdicts;
}

async function judge(deps: JobDeps, { body, attempts }: Received): Promise<Verdict> {
  const parsed = messageSchema.safeParse(body);
  if (!parsed.success) return bury(deps, 'not a message of ours');
  try {
    await handle(deps, parsed.data);
    return { kind: 'ack' };
  } catch (error) {
    return afterFailure(deps, parsed.data, error, attempts);
  }
}

async function handle(deps: JobDeps, message: Message): Promise<void> {
  switch (message.kind) {
    case 'run.advance':
      return advanceRun(deps, message.tenant, message.run);
    case 'application.observe':
      return observeApplication(deps, message.tenant, message.application);
    case 'outbox.flush':
      return flushOutbox(deps);
    case 'delivery.process': {
      const sender = (messages: Parameters<typeof announce>[1]) => announce(deps, messages);
      return processDelivery({ ...deps, announce: sender }, message.tenant, message.delivery);
    }
    case 'agent.wake':
      return deps.cluster.carry({ tenant: message.tenant, cluster: message.cluster });
    case 'audit.seal':
      return sealAudit(deps, message.tenant);
    default:
      return message satisfies never;
  }
}

function afterFailure(deps: JobDeps, message: Message, error: unknown, attempts: number): Verdict {
  const fault = error instanceof Fault ? error : new Fault('internal', 'A job has failed.', { cause: error });
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const known = error instanceof Fault ? { code: fault.code, internal: fault.internal } : { error: text };
  deps.log({
    level: fault.retry === 'soon' ? 'info' : 'warn',
    event: 'job.failed',
    message,
    attempts,
    ...known,
  });
  if (fault.retry === 'never') return bury(deps, `${message.kind}: ${fault.code}`);
  if (attempts >= MAX_ATTEMPTS) return bury(deps, `${message.kind}: failed ${attempts} times`);
  return { kind: 'retry', delaySeconds: fault.retry === 'soon' ? 1 : delayAfter(attempts) };
}

/** 2, 4, 8 … seconds. */
function delayAfter(attempts: number): number {
  return Math.min(2 ** attempts, BACKOFF_CAP_SECONDS);
}

function bury(deps: JobDeps, reason: string): Verdict {
  deps.log({ level: 'error', event: 'message.buried', reason });
  return { kind: 'bury', reason };
}
