/**
 * A webhook's delivery becomes submissions: the ref is resolved again, the Application files at its commit are read,
 * and each is submitted as if posted. What is wrong stays on the delivery, as a problem.
 */
import type { Delivery, Receiver } from '../../db/model/access.ts';
import type { Json, JsonObject, OutboxMessage } from '../../db/model/shared.ts';
import type { Clock, Stores } from '../../db/stores.ts';
import type { FinishDelivery } from '../../db/stores-access.ts';
import type { Submissions } from '../../db/submission/submit.ts';
import { Fault } from '../../engine/fault.ts';
import type { DeliveryId, RunId, TenantId } from '../../engine/ids.ts';
import type { Issue } from '../../engine/result.ts';
import type { GitFiles, GitReader } from '../ports.ts';

export interface DeliveryJob {
  readonly stores: Stores;
  readonly submissions: Submissions;
  readonly git: GitReader;
  readonly clock: Clock;
  /** Sends the hints of what was submitted. */
  readonly announce: (messages: readonly OutboxMessage[]) => Promise<void>;
}

/** How long one worker may take before another tries. */
const TTL_MS = 90_000;

interface Hint {
  readonly event: string;
  readonly ref: string | null;
}

function hintOf(payload: Json): Hint {
  const { event, ref } =
    typeof payload === 'object' && payload !== null && !Array.isArray(payload) ? (payload as JsonObject) : {};
  return { event: typeof event === 'string' ? event : '', ref: typeof ref === 'string' ? ref : null };
}

/** Why a delivery asks for nothing, null where it does. A replay is somebody's wish and is always processed. */
function ignored({ event, ref }: Hint, receiver: Receiver, delivery: Delivery): string | null {
  if (delivery.replayOf !== undefined) return null;
  if (event !== 'push') return `The event ${event} deploys nothing.`;
  if (ref !== null && ref !== receiver.ref)
    return `The push is to ${ref}, this receiver deploys ${receiver.ref}.`;
  return null;
}

const problem = (code: string, detail: string, errors: readonly Issue[] = []): JsonObject => ({
  code,
  detail,
  ...(errors.length === 0
    ? {}
    : {
        errors: errors.map(({ path, message, code: kind }) => ({
          pointer: path,
          detail: message,
          code: kind,
        })),
      }),
});

/** Processes one delivery; nothing to do is an answer too. A fault that passes by itself is thrown, to be tried again. */
export async function processDelivery(job: DeliveryJob, tenant: TenantId, id: DeliveryId): Promise<void> {
  const { deliveries } = job.stores.of(tenant);
  const started = await deliveries.start(id, job.clock.now(), TTL_MS);
  if (started === undefined) return;
  const { delivery, receiver, payload } = started;
  const reason = ignored(hintOf(payload), receiver, delivery);
  const result: FinishDelivery =
    reason === null
      ? await submitFiles(job, tenant, receiver)
      : { state: 'ignored', problem: problem('delivery.ignored', reason) };
  await deliveries.finish(id, delivery.attempt, result);
}

async function submitFiles(job: DeliveryJob, tenant: TenantId, receiver: Receiver): Promise<FinishDelivery> {
  let read: GitFiles;
  try {
    const secret = await job.stores.of(tenant).receivers.secret(receiver.id);
    const credentials =
      secret?.token === undefined ? null : `Basic ${btoa(`x-access-token:${secret.token}`)}`;
    const { repository: url, ref, path } = receiver;
    read = await job.git.read({ url, ref, path, credentials });
  } catch (error) {
    if (error instanceof Fault && error.retry === 'never')
      return { state: 'failed', problem: problem(error.code, error.public) };
    throw error;
  }
  const { commit, files } = read;
  if (files.length === 0) {
    return {
      state: 'ignored',
      commit,
      problem: problem('delivery.empty', `There is no Application file at ${receiver.path}.`),
    };
  }
  // One text: all files of a commit are taken together or not at all.
  const text = files.map((file) => file.text).join('\n---\n');
  const [only] = files;
  const source = files.length === 1 && only !== undefined ? only.path : receiver.path;
  const submitted = await job.submissions.submit({
    tenant,
    actor: { kind: 'receiver', id: receiver.id },
    text,
    namespace: receiver.namespace,
    strict: false,
    source,
  });
  if (!submitted.ok) {
    const [first] = submitted.issues;
    const detail = first?.message ?? 'The Applications are wrong.';
    return { state: 'failed', commit, problem: problem('application.invalid', detail, submitted.issues) };
  }
  await job.announce(submitted.value.messages);
  const runs: readonly RunId[] = submitted.value.applications.map(({ run }) => run);
  return { state: 'submitted', commit, runs };
}
