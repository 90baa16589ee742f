import type { ClusterId, DeliveryId, KeyId, PlanId, ReceiverId, RunId, TenantId } from '../../engine/ids.ts';
import type { StatusVisibility } from './application.ts';
import type { Actor, ClusterRef, Json, JsonObject, Millis } from './shared.ts';

export interface Tenant {
  readonly id: TenantId;
  /** Unique over the hub. */
  readonly name: string;
  readonly displayName: string;
  readonly statusDefault: StatusVisibility;
  readonly settings: JsonObject;
  /** The cluster that answers to `local`. */
  readonly localCluster?: ClusterRef;
  readonly resourceVersion: number;
  readonly createdAt: Millis;
  readonly updatedAt: Millis;
}

/** In a tenant's settings: what is a warning by default is an error. */
export const strictSetting = 'strict';

export const isStrict = ({ settings }: Pick<Tenant, 'settings'>): boolean => settings[strictSetting] === true;

export interface Subject {
  readonly kind: string;
  readonly id: string;
  readonly roles: readonly string[];
}

export interface ApiKey {
  readonly tenant: TenantId;
  readonly id: KeyId;
  readonly name: string;
  readonly subject: Subject;
  readonly scopes: readonly string[];
  /** The last four characters, to tell keys apart. */
  readonly hint: string;
  readonly createdAt: Millis;
  readonly expiresAt?: Millis;
  readonly revokedAt?: Millis;
  /** Exact to a minute. */
  readonly lastUsedAt?: Millis;
}

export interface NewKey {
  readonly id: KeyId;
  readonly name: string;
  readonly subject: Subject;
  readonly scopes: readonly string[];
  readonly expiresAt?: Millis | undefined;
}

export type ReceiverKind = 'github';

export interface Receiver {
  readonly id: ReceiverId;
  readonly name: string;
  readonly kind: ReceiverKind;
  readonly repository: string;
  /** Full ref, e.g. `refs/heads/main`. */
  readonly ref: string;
  /** Glob of the Application files. */
  readonly path: string;
  /** Namespace of Applications that name none. */
  readonly namespace: string;
  readonly resourceVersion: number;
  readonly createdAt: Millis;
  readonly updatedAt: Millis;
}

/** With the webhook's shared secret, and what reads a private repository. */
export interface ReceiverSecret {
  readonly webhook: string;
  readonly token?: string | undefined;
}

export const deliveryStates = ['received', 'processing', 'submitted', 'ignored', 'failed'] as const;
export type DeliveryState = (typeof deliveryStates)[number];

export interface Delivery {
  readonly id: DeliveryId;
  readonly receiver: ReceiverId;
  /** The sender's id of it. */
  readonly deliveryId: string;
  readonly event: string;
  readonly state: DeliveryState;
  readonly attempt: number;
  /** Set when it was made by a replay. */
  readonly replayOf?: DeliveryId;
  /** The commit that the ref resolved to. */
  readonly commit?: string;
  readonly runs: readonly RunId[];
  /** Why it failed or was ignored: a problem as RFC 9457, safe to show the tenant. */
  readonly problem?: JsonObject;
  readonly receivedAt: Millis;
  readonly finishedAt?: Millis;
}

export interface NewDelivery {
  readonly id: DeliveryId;
  readonly receiver: ReceiverId;
  readonly deliveryId: string;
  readonly event: string;
  /** Hex sha256 of the raw body. */
  readonly bodyHash: string;
  /** Whether the same body within ten minutes is the same delivery (its id is unsigned, and it names a commit or digest). */
  readonly dedupeBody: boolean;
  /** The parts of headers and body that processing needs, or all of it. Sealed. */
  readonly payload: Json;
}

export type StoredDelivery =
  | { readonly outcome: 'stored'; readonly delivery: DeliveryId }
  /** The first one, which this repeats. */
  | { readonly outcome: 'duplicate'; readonly delivery: DeliveryId };

export type PlanState = 'pending' | 'ready' | 'failed' | 'expired';

export interface Plan {
  readonly id: PlanId;
  readonly state: PlanState;
  readonly request: Json;
  readonly parts: readonly PlanPart[];
  readonly createdAt: Millis;
  readonly expiresAt: Millis;
}

/** What a plan asks of one cluster, and the answer once there is one. */
export interface PlanPart {
  readonly cluster: ClusterId;
  readonly state: Exclude<PlanState, 'expired'>;
  readonly request: Json;
  readonly result?: Json;
}

export interface NewPlan {
  readonly id: PlanId;
  readonly request: Json;
  /** Each for another cluster of the tenant itself. */
  readonly parts: readonly { readonly cluster: ClusterId; readonly request: Json }[];
  readonly expiresAt: Millis;
  /** How many may wait in this tenant at once. */
  readonly maxPending: number;
}

/** A finished answer, to be given again. */
export interface StoredResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A key of Idempotency-Key's, taken by a request that is being answered. */
export interface IdempotencyClaim {
  readonly key: string;
  readonly token: string;
}

export type IdempotencyStart =
  | { readonly outcome: 'begun'; readonly claim: IdempotencyClaim }
  | { readonly outcome: 'replay'; readonly response: StoredResponse }
  /** Another request with this key is being answered. */
  | { readonly outcome: 'in_progress' }
  /** The key was used with another request. */
  | { readonly outcome: 'mismatch' };

export interface AuditRow {
  /** Grows by one within the tenant, without gaps. */
  readonly seq: number;
  readonly at: Millis;
  readonly actor: Actor;
  /** `<aggregate>.<verb>`, e.g. `application.submit`. */
  readonly action: string;
  /** What it was done to: `<kind>` and id or name. */
  readonly subjectKind: string;
  readonly subject: string;
  readonly detail: JsonObject;
  readonly sealed: boolean;
}

export type AuditVerification =
  | { readonly outcome: 'intact'; readonly sealed: number; readonly pending: number }
  /** The first row that doesn't follow from the one before. */
  | { readonly outcome: 'broken'; readonly at: number; readonly sealed: number; readonly pending: number };
