import type { AgentId, ApplicationUid, ClusterId, TenantId } from '../engine/ids.ts';
import type {
  Agent,
  Bundle,
  BundleHead,
  Cluster,
  ClusterReport,
  Grant,
  GrantedNamespace,
  InventoryDetail,
  InventoryItem,
  Taint,
  Target,
} from './model/cluster.ts';
import type {
  Actor,
  ClusterRef,
  JsonObject,
  Millis,
  OutboxMessage,
  Page,
  PageRequest,
} from './model/shared.ts';

export interface ClusterRepository {
  /** Own clusters only. */
  get(name: string): Promise<Cluster | undefined>;
  byId(id: ClusterId): Promise<Cluster | undefined>;
  list(page: PageRequest): Promise<Page<Cluster>>;
  /** Own and granted ones that this tenant may deliver to, in any state, by name. */
  targets(): Promise<readonly Target[]>;
  /**
   * Makes the cluster where there is none, in state `awaiting`, and an enrolment token for it (its hash; `hashToken` of
   * keys.ts) that is good until `expiresAt`. A further token for one that is there: a revoked cluster awaits an agent
   * again; an active one stays so until another agent is accepted in place of its own.
   */
  invite(
    actor: Actor,
    invitation: {
      readonly id: ClusterId;
      readonly name: string;
      readonly tokenHash: string;
      readonly expiresAt: Millis;
    },
  ): Promise<Cluster>;
  /**
   * Takes the agent that waits (its id guards against another one that came between), in place of one before, and grants
   * the owner its own cluster. The tenant's first accepted cluster becomes `local`; its waiting runs are due. Safe to repeat.
   * `undefined`: no such cluster. Fault `resource.conflict`: no such agent waits, or the name or a namespace is granted.
   */
  accept(actor: Actor, name: string, agent: AgentId, grant: OwnerGrant): Promise<Cluster | undefined>;
  update(
    actor: Actor,
    name: string,
    change: {
      readonly labels?: Readonly<Record<string, string>>;
      readonly taints?: readonly Taint[];
      readonly expectResourceVersion?: number;
    },
  ): Promise<Cluster | undefined>;
  setLocal(actor: Actor, name: string): Promise<boolean>;
  /** Revokes it and its agents; its bundles are given out no more. */
  revoke(actor: Actor, name: string): Promise<boolean>;
}

export interface OwnerGrant {
  readonly namespaces: readonly GrantedNamespace[];
  readonly clusterScopedAccount?: string | undefined;
}

export interface GrantRepository {
  /** Of one own cluster: who may use it, the owner too. */
  list(cluster: ClusterId): Promise<readonly Grant[]>;
  /**
   * Makes or replaces the grant of a cluster of this tenant. Fault `resource.conflict`: a namespace is granted to another,
   * or the grantee has another cluster of that name.
   */
  put(
    actor: Actor,
    cluster: ClusterId,
    grant: OwnerGrant & { readonly grantee: TenantId; readonly name: string },
  ): Promise<Grant | undefined>;
  delete(actor: Actor, cluster: ClusterId, grantee: TenantId): Promise<boolean>;
}

export interface Enrolment {
  readonly tokenHash: string;
  readonly agent: AgentId;
  readonly publicKey: string;
  readonly version: string;
  readonly kubernetes: JsonObject;
}

export interface AgentRepository {
  get(id: AgentId): Promise<Agent | undefined>;
  ofCluster(cluster: ClusterId): Promise<readonly Agent[]>;
  /**
   * Uses a token. The same token with the same public key answers the agent that it made before; with another key, or
   * when expired or unknown: `undefined`.
   */
  enrol(
    enrolment: Enrolment,
    now: Millis,
  ): Promise<{ readonly agent: Agent; readonly cluster: Cluster } | undefined>;
  /** `true` exactly once for each counter above all before it, and only for an agent that isn't revoked. */
  acceptCounter(id: AgentId, counter: number): Promise<boolean>;
  /** Notes a beat; writes at most every half minute, unless capabilities or versions changed. */
  seen(
    id: AgentId,
    now: Millis,
    said: { readonly version?: string; readonly kubernetes?: JsonObject; readonly capabilities?: JsonObject },
  ): Promise<void>;
  revoke(actor: Actor, id: AgentId): Promise<boolean>;
}

export interface BundleRepository {
  get(application: ApplicationUid, cluster: ClusterRef): Promise<Bundle | undefined>;
  heads(application: ApplicationUid): Promise<readonly BundleHead[]>;
  /** Of all tenants with a grant on this cluster of ours, for its agent: by tenant and application. */
  forCluster(cluster: ClusterId): Promise<readonly (BundleHead & { readonly tenant: TenantId })[]>;
}

export interface InventoryRepository {
  list(application: ApplicationUid): Promise<readonly InventoryItem[]>;
  /** With live objects. */
  details(application: ApplicationUid): Promise<readonly InventoryDetail[]>;
  /**
   * Stores what an agent says of one Application of this tenant; touches only the rows it names. `undefined`: no such bundle,
   * or a sequence that was never given out. Safe to repeat.
   */
  report(report: ClusterReport): Promise<{ readonly messages: readonly OutboxMessage[] } | undefined>;
}
