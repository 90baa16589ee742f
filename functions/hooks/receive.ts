import { newId } from '../../db/ids.ts';
import type { StoredDelivery } from '../../db/model/access.ts';
import { Fault } from '../../engine/fault.ts';
import { isId } from '../../engine/ids.ts';
import { textOf } from '../body.ts';
import type { Deps } from '../deps.ts';
import { announce } from '../outbox.ts';
import { hintOf, payloadText, verifiesSignature } from './github.ts';

export interface Hook {
  readonly receiver: string;
  readonly event: string | undefined;
  readonly deliveryId: string | undefined;
  readonly signature: string | undefined;
  readonly contentType: string | undefined;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** An unknown receiver and a wrong signature answer alike: whoever has no secret learns nothing. */
const refused = () => new Fault('auth.invalid', 'The signature does not verify.');

const hex = (hash: ArrayBuffer) =>
  Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('');

/**
 * Verifies a webhook and puts it in the inbox, once. The work itself is the queue's. GitHub's delivery id is not
 * signed, so the same signed body within ten minutes is the same delivery where it names a commit.
 */
export async function receiveHook(deps: Deps, hook: Hook): Promise<StoredDelivery> {
  const id = isId('receiver', hook.receiver) ? hook.receiver : undefined;
  const tenant = id === undefined ? undefined : await deps.stores.directory.receiver(id);
  const store = tenant === undefined ? undefined : deps.stores.of(tenant);
  const secret = store === undefined || id === undefined ? undefined : await store.receivers.secret(id);
  const verified = await verifiesSignature(hook.signature, secret?.webhook ?? 'no such receiver', hook.body);
  if (!verified || store === undefined || id === undefined) throw refused();
  const { event, deliveryId } = hook;
  if (event === undefined || deliveryId === undefined || deliveryId.length > 200 || event.length > 100) {
    throw new Fault('request.malformed', 'X-GitHub-Event and X-GitHub-Delivery are required.');
  }
  const payload = hintOf(event, payloadText(hook.contentType, textOf(hook.body)));
  if (payload === null) throw new Fault('request.malformed', 'The payload is not a JSON object.');
  const stored = await store.deliveries.store({
    id: newId('delivery', deps.clock.now()),
    receiver: id,
    deliveryId,
    event,
    bodyHash: hex(await crypto.subtle.digest('SHA-256', hook.body)),
    dedupeBody: payload.commit !== null,
    payload: { ...payload },
  });
  if (stored === undefined) throw refused();
  await announce(deps, stored.messages);
  return stored;
}
