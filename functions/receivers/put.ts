import { newId } from '../../db/ids.ts';
import { randomText } from '../../db/keys.ts';
import type { Receiver } from '../../db/model/access.ts';
import { allowsUrl } from '../../engine/egress/policy.ts';
import { Fault } from '../../engine/fault.ts';
import type { ReceiverId } from '../../engine/ids.ts';
import type { Deps } from '../deps.ts';
import type { Principal } from '../middleware/request-context.ts';

export interface PutReceiver {
  readonly name: string;
  readonly kind: 'github';
  readonly repository: string;
  readonly ref: string;
  readonly path: string;
  readonly namespace: string;
  readonly secret?: string | undefined;
  readonly token?: string | undefined;
}

/** Refuses a repository that the egress guard would not reach, before anything is stored. */
function checkRepository(deps: Deps, repository: string): void {
  const verdict = allowsUrl(new URL(repository), deps.egress);
  if (verdict.ok) return;
  throw new Fault('egress.refused', `This repository may not be called: ${verdict.reason}.`, {
    errors: [{ pointer: '/repository', detail: verdict.reason }],
  });
}

/** Makes a receiver. A webhook's secret that was made here is given back, once; Fault `resource.conflict` for a taken name. */
export async function createReceiver(
  deps: Deps,
  { tenant, actor }: Principal,
  { secret, token, ...receiver }: PutReceiver,
): Promise<{ receiver: Receiver; made?: string }> {
  checkRepository(deps, receiver.repository);
  const webhook = secret ?? randomText(40);
  const id = newId('receiver', deps.clock.now());
  const created = await deps.stores.of(tenant).receivers.create(actor, id, receiver, { webhook, token });
  return { receiver: created, ...(secret === undefined && { made: webhook }) };
}

/** Replaces a receiver; its secrets stay where none are sent. */
export async function updateReceiver(
  deps: Deps,
  { tenant, actor }: Principal,
  id: ReceiverId,
  { secret, token, ...receiver }: PutReceiver,
): Promise<Receiver | undefined> {
  checkRepository(deps, receiver.repository);
  const receivers = deps.stores.of(tenant).receivers;
  const present = await receivers.secret(id);
  if (present === undefined) return undefined;
  return receivers.update(actor, id, {
    receiver,
    secret: { webhook: secret ?? present.webhook, token: token ?? present.token },
  });
}
