/**
 * The store as the rest of the service sees it. `stores.of(tenant)` gives repositories that can reach that tenant's
 * rows only; `directory` and `work` are the only two that look over tenants. Every method that changes something
 * is one atomic batch which also holds its audit row; a lost race is an answer or Fault `store.conflict`,
 * never a half-done write. Rows of other tenants and rows that don't exist answer alike: `undefined`.
 *
 * Faults: `store.unavailable` (the database didn't answer; repeat), `store.conflict` (lost a race; repeat),
 * `store.unreadable` (a row is corrupt or was sealed with another key), and those that a method names.
 */
import type { AgentId, ReceiverId, RunId, StatusId, TenantId } from '../engine/ids.ts';
import type { Keyset, Listing } from './cursor.ts';
import type { ApiKey, Tenant } from './model/access.ts';
import type { PublicStatus } from './model/application.ts';
import type { Agent, Cluster } from './model/cluster.ts';
import type { Lease } from './model/run.ts';
import type { Actor, BlobAddress, Millis, OutboxMessage, PageRequest } from './model/shared.ts';
import type {
  AuditRepository,
  DeliveryRepository,
  IdempotencyRepository,
  KeyRepository,
  PlanRepository,
  ReceiverRepository,
  TenantRepository,
} from './stores-access.ts';
import type {
  ApplicationRepository,
  DefinitionRepository,
  RevisionRepository,
  StatusRepository,
} from './stores-application.ts';
import type {
  AgentRepository,
  BundleRepository,
  ClusterRepository,
  GrantRepository,
  InventoryRepository,
} from './stores-cluster.ts';
import type { EventRepository, JournalRepository, RunRepository } from './stores-run.ts';

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): Millis;
}

export interface StoresOptions {
  /** 32 bytes that wrap the tenants' data keys. */
  readonly dataKey: Uint8Array;
  /** Root keys from before a rotation, only to open with. */
  readonly formerDataKeys?: readonly Uint8Array[];
  readonly clock: Clock;
}

export interface Stores {
  /** Opens nothing by itself: a tenant that doesn't exist has no rows. */
  of(tenant: TenantId): TenantStore;
  readonly directory: Directory;
  readonly work: Work;
  /** Makes a tenant with a data key of its own. A taken name or id: Fault `resource.conflict`. */
  createTenant(actor: Actor, tenant: NewTenant): Promise<Tenant>;
  /** All tenants by name, for the operator. */
  listTenants(after: string | undefined, limit: number): Promise<readonly Tenant[]>;
}

export interface NewTenant {
  readonly id: TenantId;
  /** 1 to 63 of [a-z0-9-], unique over the hub. */
  readonly name: string;
  readonly displayName?: string | undefined;
  readonly statusDefault?: 'public' | 'off' | undefined;
}

export interface TenantStore {
  readonly id: TenantId;
  readonly tenant: TenantRepository;
  readonly keys: KeyRepository;
  readonly definitions: DefinitionRepository;
  readonly applications: ApplicationRepository;
  readonly revisions: RevisionRepository;
  readonly statuses: StatusRepository;
  readonly runs: RunRepository;
  readonly events: EventRepository;
  readonly journal: JournalRepository;
  readonly outbox: OutboxRepository;
  readonly clusters: ClusterRepository;
  readonly grants: GrantRepository;
  readonly agents: AgentRepository;
  readonly bundles: BundleRepository;
  readonly inventory: InventoryRepository;
  readonly receivers: ReceiverRepository;
  readonly deliveries: DeliveryRepository;
  readonly plans: PlanRepository;
  readonly idempotency: IdempotencyRepository;
  readonly audit: AuditRepository;
  readonly blobs: BlobStore;
  readonly cursors: Cursors;
}

/** The only global look-ups. Each is one query. */
export interface Directory {
  /** The key behind a presented secret (by `hashKey` of keys.ts), unless revoked or expired at `now`. */
  key(hash: string, now: Millis): Promise<{ readonly tenant: TenantId; readonly key: ApiKey } | undefined>;
  receiver(id: ReceiverId): Promise<TenantId | undefined>;
  /** A public status; `undefined` alike for unknown, disabled, and removed. */
  status(id: StatusId): Promise<(PublicStatus & { readonly tenant: TenantId }) | undefined>;
  /** The agent and its cluster, in any state; the caller looks at the state. */
  agent(id: AgentId): Promise<{ readonly agent: Agent; readonly cluster: Cluster } | undefined>;
  /** The tenant of an enrolment token's hash (`hashToken` of keys.ts). */
  enrolment(tokenHash: string): Promise<TenantId | undefined>;
  /** For the operator. */
  tenantByName(name: string): Promise<TenantId | undefined>;
}

export interface DueRun {
  readonly tenant: TenantId;
  readonly run: RunId;
  /** When it became due. */
  readonly dueAt: Millis;
}

/** Work of the queue side, over all tenants. */
export interface Work {
  /**
   * Due runs that could be leased now, at most `limit` and `perTenantCap` a tenant (counting live leases), the
   * longest waiting first within a tenant and every tenant's first before any tenant's second. A hint: whoever
   * works on one takes its lease by `runs.lease`, which checks all of it again.
   */
  dueRuns(now: Millis, limit: number, perTenantCap: number): Promise<readonly DueRun[]>;
  /** `dueRuns` and a lease on each, in one batch: what another worker was faster at is left out. */
  claimDueRuns(request: ClaimRequest): Promise<readonly Lease[]>;
  /**
   * Messages to send now: those that are overdue. Each is put off by `againAfterMs` (doubled with each attempt, up
   * to 15 minutes), so that two sweeps don't send the same.
   */
  takeOverdue(now: Millis, limit: number, againAfterMs: number): Promise<readonly OutboxMessage[]>;
  /** Tenants with unsealed audit rows. */
  unsealedTenants(limit: number): Promise<readonly TenantId[]>;
  /** Active clusters whose agent wasn't heard since `before`, and that have open runs or bundles. */
  silentClusters(
    before: Millis,
    limit: number,
  ): Promise<readonly { readonly tenant: TenantId; readonly cluster: Cluster }[]>;
  /** Finished runs whose journal isn't packed. */
  unpackedRuns(limit: number): Promise<readonly { readonly tenant: TenantId; readonly run: RunId }[]>;
  /**
   * Takes away what is past its time: consumed events after 30 days, deliveries after 14, expired plans, idempotency
   * rows and enrolments, removed Applications after 30 days, blobs that nothing names after a day. At most
   * `limit` rows of each; gives how many went, by table.
   */
  expire(now: Millis, limit: number): Promise<Readonly<Record<string, number>>>;
}

export interface ClaimRequest {
  readonly owner: string;
  readonly now: Millis;
  readonly ttlMs: number;
  readonly limit: number;
  readonly perTenantCap: number;
}

export interface OutboxRepository {
  /** All that wait, for tests and the operator. */
  list(limit: number): Promise<readonly OutboxMessage[]>;
  /** The work of a message needed no batch of its own (or is void): it is not sent again. */
  done(message: OutboxMessage): Promise<void>;
}

/** Signed cursors for lists that are not, or not wholly, of the store. */
export interface Cursors {
  write(listing: Listing, keyset: Keyset): Promise<string>;
  /** Undefined on the first page. Fault `request.malformed` for what `write` did not give for this tenant, list and filter. */
  read(listing: Listing, page: Pick<PageRequest, 'cursor'>): Promise<Keyset | undefined>;
}

export interface BlobStore {
  /**
   * Stores content once: equal bytes have one address. Up to 32 MiB (Fault `request.too_large`). It is kept while a
   * rendering, a bundle or a packed journal names it, else for a day after its last put.
   */
  put(content: Uint8Array): Promise<BlobAddress>;
  putJson(value: unknown): Promise<BlobAddress>;
  get(address: BlobAddress): Promise<Uint8Array | undefined>;
  /** Fault `store.unreadable` when it isn't JSON. */
  getJson(address: BlobAddress): Promise<unknown>;
}
