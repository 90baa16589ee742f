import type { ClusterId, DeliveryId, KeyId, PlanId, ReceiverId, RunId } from '../engine/ids.ts';
import type {
  ApiKey,
  AuditRow,
  AuditVerification,
  Delivery,
  DeliveryState,
  IdempotencyClaim,
  IdempotencyStart,
  NewDelivery,
  NewKey,
  NewPlan,
  Plan,
  Receiver,
  ReceiverKind,
  ReceiverSecret,
  StoredDelivery,
  StoredResponse,
  Tenant,
} from './model/access.ts';
import type { StatusVisibility } from './model/application.ts';
import type { Actor, Json, JsonObject, Millis, OutboxMessage, Page, PageRequest } from './model/shared.ts';

export interface TenantRepository {
  get(): Promise<Tenant | undefined>;
  /** Fault `request.precondition`. */
  update(
    actor: Actor,
    change: {
      readonly displayName?: string | undefined;
      readonly statusDefault?: StatusVisibility | undefined;
      readonly settings?: JsonObject | undefined;
      readonly expectResourceVersion?: number | undefined;
    },
  ): Promise<Tenant | undefined>;
}

export interface KeyRepository {
  /** Makes a key. `secret` is its text, given here and never again; only its hash is stored. */
  create(actor: Actor, key: NewKey): Promise<{ readonly key: ApiKey; readonly secret: string }>;
  get(id: KeyId): Promise<ApiKey | undefined>;
  list(page: PageRequest): Promise<Page<ApiKey>>;
  /** `false`: unknown. Revoked at once, for good. */
  revoke(actor: Actor, id: KeyId): Promise<boolean>;
  /** Notes the use of a key; writes at most once a minute. */
  used(id: KeyId, now: Millis): Promise<void>;
}

export interface PutReceiver {
  readonly name: string;
  readonly kind: ReceiverKind;
  readonly repository: string;
  readonly ref: string;
  readonly path: string;
  readonly namespace: string;
}

export interface ReceiverRepository {
  get(id: ReceiverId): Promise<Receiver | undefined>;
  byName(name: string): Promise<Receiver | undefined>;
  secret(id: ReceiverId): Promise<ReceiverSecret | undefined>;
  list(page: PageRequest): Promise<Page<Receiver>>;
  /** A taken name: Fault `resource.conflict`. */
  create(actor: Actor, id: ReceiverId, receiver: PutReceiver, secret: ReceiverSecret): Promise<Receiver>;
  /** Fault `request.precondition`. `secret` absent: it stays. */
  update(
    actor: Actor,
    id: ReceiverId,
    change: {
      readonly receiver: PutReceiver;
      readonly secret?: ReceiverSecret | undefined;
      readonly expectResourceVersion?: number | undefined;
    },
  ): Promise<Receiver | undefined>;
  delete(actor: Actor, id: ReceiverId): Promise<boolean>;
}

export interface FinishDelivery {
  readonly state: Extract<DeliveryState, 'submitted' | 'ignored' | 'failed'>;
  readonly commit?: string | undefined;
  readonly runs?: readonly RunId[] | undefined;
  readonly problem?: JsonObject | undefined;
}

export interface DeliveryRepository {
  get(id: DeliveryId): Promise<Delivery | undefined>;
  payload(id: DeliveryId): Promise<Json | undefined>;
  /** Newest first. */
  list(receiver: ReceiverId, page: PageRequest): Promise<Page<Delivery>>;
  /**
   * Inbox: stored once a (receiver, delivery id), and once a body within ten minutes where `dedupeBody` says so.
   * `undefined`: no such receiver.
   */
  store(
    delivery: NewDelivery,
  ): Promise<(StoredDelivery & { readonly messages: readonly OutboxMessage[] }) | undefined>;
  /** Takes it for `ttlMs`. `undefined`: finished, unknown, or another worker has it. */
  start(
    id: DeliveryId,
    now: Millis,
    ttlMs: number,
  ): Promise<
    { readonly delivery: Delivery; readonly receiver: Receiver; readonly payload: Json } | undefined
  >;
  /** `false` when the attempt isn't the newest. Takes the outbox row away. */
  finish(id: DeliveryId, attempt: number, result: FinishDelivery): Promise<boolean>;
  /** A new row with the same payload, that points to the old one. */
  replay(
    actor: Actor,
    id: DeliveryId,
    replayed: DeliveryId,
  ): Promise<{ readonly delivery: Delivery; readonly messages: readonly OutboxMessage[] } | undefined>;
}

export interface PlanRepository {
  /** Without parts it is ready at once. Fault `rate.limited` where `maxPending` of the tenant wait already. */
  create(actor: Actor, plan: NewPlan): Promise<void>;
  /** An expired one is there, in state `expired`, until it is swept. */
  get(id: PlanId, now: Millis): Promise<Plan | undefined>;
  /** What waits for a cluster of this tenant, oldest first. */
  forCluster(
    cluster: ClusterId,
    now: Millis,
    limit: number,
  ): Promise<readonly { readonly id: PlanId; readonly request: Json }[]>;
  /**
   * A cluster's answer; with the last one the plan is ready, or failed where any has. `false`: nothing is asked of
   * this cluster, or not any more.
   */
  finish(
    id: PlanId,
    cluster: ClusterId,
    answer: { readonly state: 'ready' | 'failed'; readonly result: Json },
  ): Promise<boolean>;
}

export interface IdempotencyRepository {
  /**
   * Takes a key for a request. `key`: what the client sent, with whatever scopes it (subject, route); `requestHash`: over
   * method, path and body. A taken key that isn't completed within 60 s is free again for the same request.
   */
  begin(key: string, requestHash: string, now: Millis): Promise<IdempotencyStart>;
  /** For answers that no other batch stores. `false`: the claim ran out. */
  complete(claim: IdempotencyClaim, response: StoredResponse): Promise<boolean>;
  /** The request failed in a way that should be tried again: the key is free. */
  abandon(claim: IdempotencyClaim): Promise<void>;
}

export interface AuditRepository {
  /** Newest first. */
  list(page: PageRequest): Promise<Page<AuditRow>>;
  /** For what changes nothing else in the store (a refused key, a read of secrets). */
  note(
    actor: Actor,
    note: {
      readonly action: string;
      readonly subjectKind: string;
      readonly subject: string;
      readonly detail?: JsonObject;
    },
  ): Promise<void>;
  /** Seals up to `limit` rows in order, each over the seal before. Gives how many. */
  seal(limit: number): Promise<number>;
  /** Walks the whole chain. */
  verify(): Promise<AuditVerification>;
}
