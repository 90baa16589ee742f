/**
 * Identifiers. All are `<prefix>_<26 characters of Crockford base32>`: 48 bits of milliseconds, then 80 random
 * bits, so they sort by time of making. They are made outside the engine (it has no clock and no random) and
 * passed in; this file only names and recognises them.
 */
declare const brand: unique symbol;
type Id<Name extends string> = string & { readonly [brand]: Name };

export type TenantId = Id<'tenant'>;
export type KeyId = Id<'key'>;
export type ApplicationUid = Id<'application'>;
export type RunId = Id<'run'>;
export type ClusterId = Id<'cluster'>;
export type AgentId = Id<'agent'>;
export type ReceiverId = Id<'receiver'>;
export type DeliveryId = Id<'delivery'>;
export type PlanId = Id<'plan'>;
/** The public name of an Application's status: `st_` and 128 random bits, not ordered by time. */
export type StatusId = Id<'status'>;

export const idPrefix = {
  tenant: 'ten',
  key: 'key',
  application: 'app',
  run: 'run',
  cluster: 'clu',
  agent: 'agt',
  receiver: 'rcv',
  delivery: 'dlv',
  plan: 'pln',
  status: 'st',
} as const;

export type IdKind = keyof typeof idPrefix;
export type IdOf<K extends IdKind> = Id<K>;

const body = /^[0-9abcdefghjkmnpqrstvwxyz]{26}$/;

/** Whether `text` has the form of an id of this kind. It says nothing about existence. */
export function isId<K extends IdKind>(kind: K, text: string): text is IdOf<K> {
  const prefix = `${idPrefix[kind]}_`;
  return text.startsWith(prefix) && body.test(text.slice(prefix.length));
}
