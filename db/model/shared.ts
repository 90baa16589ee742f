import type { AgentId, ClusterId, KeyId, ReceiverId, TenantId } from '../../engine/ids.ts';

export type { JsonObject, JsonValue as Json } from '../../engine/json.ts';

/** Milliseconds since the epoch, by the clock of whoever calls. */
export type Millis = number;

/** Who changed something; stored with every change. */
export type Actor =
  | { readonly kind: 'key'; readonly id: KeyId }
  | { readonly kind: 'agent'; readonly id: AgentId }
  | { readonly kind: 'receiver'; readonly id: ReceiverId }
  | { readonly kind: 'operator'; readonly id: string }
  | { readonly kind: 'system'; readonly id: string };

export interface PageRequest {
  /** 1 to 100. */
  readonly limit: number;
  /** As the page before gave it; anything else is Fault `request.malformed`. */
  readonly cursor?: string | undefined;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Absent on the last page. Bound to the tenant, the list and its filters. */
  readonly next?: string;
}

/** A cluster by its owner: ids of clusters are unique, but a row is found by tenant and id only. */
export interface ClusterRef {
  readonly owner: TenantId;
  readonly id: ClusterId;
}

/** Where one copy of a component goes. Absent parts are ''. */
export interface Placement {
  readonly cluster: string;
  readonly namespace: string;
  readonly replicaKey: string;
}

declare const addressBrand: unique symbol;
/** Address of a blob: base64url of HMAC-SHA-256 over its content by the tenant's own key. */
export type BlobAddress = string & { readonly [addressBrand]: true };

/**
 * A hint that was written with the work it announces. Send it, with its three ids only; it needs no answer.
 * The row behind it stays until the batch that does the work takes it away, and is sent again when overdue.
 */
export interface OutboxMessage {
  readonly kind: OutboxKind;
  readonly tenant: TenantId;
  /** The id of the run, Application, delivery or cluster; '' for `audit.seal`. */
  readonly subject: string;
}

export type OutboxKind =
  | 'run.advance'
  | 'application.observe'
  | 'delivery.process'
  | 'agent.wake'
  | 'audit.seal';
