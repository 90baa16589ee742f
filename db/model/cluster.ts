import type { Drift, Outcome, Refusal } from '../../engine/delivery/protocol.ts';
import type { AgentId, ApplicationUid, ClusterId, RunId, TenantId } from '../../engine/ids.ts';
import type { BlobAddress, ClusterRef, JsonObject, Millis } from './shared.ts';

export interface Taint {
  readonly key: string;
  readonly value: string;
  readonly effect: string;
}

/** `awaiting`: has a token, no agent; `pending`: an agent enrolled, not accepted; `active`; `revoked`. */
export type ClusterState = 'awaiting' | 'pending' | 'active' | 'revoked';

export interface Cluster {
  readonly owner: TenantId;
  readonly id: ClusterId;
  readonly name: string;
  readonly state: ClusterState;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
  /** What the agent said of the cluster: `{version, uid, …}`. */
  readonly kubernetes: JsonObject;
  readonly capabilities: JsonObject;
  readonly resourceVersion: number;
  readonly createdAt: Millis;
  readonly acceptedAt?: Millis;
  /** Of the agent's last accepted request, exact to half a minute. */
  readonly lastSeenAt?: Millis;
}

/** A cluster as one tenant may use it: its own, or granted. `name` is the tenant's name for it. */
export interface Target extends Cluster {
  /** Answers to `local`. */
  readonly local: boolean;
  readonly grant: Grant;
}

/** What a tenant may do in a cluster. */
export interface Grant {
  readonly cluster: ClusterRef;
  readonly grantee: TenantId;
  /** The grantee's name for the cluster. */
  readonly name: string;
  readonly namespaces: readonly GrantedNamespace[];
  /** Identity for objects without namespace; absent: none may be applied. */
  readonly clusterScopedAccount?: string;
  readonly createdAt: Millis;
}

export interface GrantedNamespace {
  /** `*`: every one that is not granted to another. */
  readonly namespace: string;
  /** `<namespace>/<name>` of the ServiceAccount that is impersonated. */
  readonly serviceAccount: string;
}

export type AgentState = 'pending' | 'active' | 'revoked';

export interface Agent {
  /** The cluster's owner. */
  readonly tenant: TenantId;
  readonly id: AgentId;
  readonly cluster: ClusterId;
  /** Raw Ed25519 public key, base64url. */
  readonly publicKey: string;
  readonly state: AgentState;
  /** The highest counter accepted from it. */
  readonly counter: number;
  readonly version: string;
  readonly createdAt: Millis;
  readonly lastSeenAt?: Millis;
}

/** The newest bundle of one (application, cluster), without its contents. */
export interface BundleHead {
  readonly application: ApplicationUid;
  readonly cluster: ClusterRef;
  readonly sequence: number;
  readonly run: RunId;
  readonly revision: number;
  readonly epoch: number;
  /** The highest sequence that the agent reported as done. */
  readonly reportedSequence: number;
  readonly createdAt: Millis;
}

export interface Bundle extends BundleHead {
  readonly tenant: TenantId;
  /** The signed index, as it goes to the agent (a DSSE envelope as text). */
  readonly envelope: string;
  /** All objects of it, as JSON: the caller's format. */
  readonly objects: BlobAddress;
  /** The one before, so that an agent that has it is sent what changed. */
  readonly previous?: { readonly sequence: number; readonly envelope: string; readonly objects: BlobAddress };
}

export interface BundleObject {
  /** `group/Kind/namespace/name`; group '' is the core one, namespace '' none. */
  readonly ref: string;
  readonly apiVersion: string;
  /** Hex sha256 over canonical JSON. */
  readonly sha256: string;
  readonly component?: string | undefined;
}

export interface PutBundle {
  readonly cluster: ClusterRef;
  /** Exactly one above the head's, 1 for the first. */
  readonly sequence: number;
  readonly envelope: string;
  readonly objects: BlobAddress;
  /** What the index lists. Inventory rows are made of it: these are wanted, all others of this cluster are leaving. */
  readonly refs: readonly BundleObject[];
}

export type Health = 'healthy' | 'progressing' | 'degraded' | 'suspended' | 'missing' | 'unknown';

export interface InventoryItem {
  readonly cluster: ClusterRef;
  readonly ref: string;
  readonly apiVersion: string;
  readonly component: string;
  /** In the newest bundle, or to be taken away. */
  readonly wanted: 'yes' | 'leaving';
  /** Of the bundle that last named it. */
  readonly sequence: number;
  readonly sha256: string;
  /** `pending`: it changed with the newest bundle, and nothing was reported of that. */
  readonly outcome: 'pending' | Outcome;
  /** With `refused`: why; else ''. */
  readonly reason: Refusal | '';
  readonly message: string;
  readonly health: Health;
  readonly healthMessage: string;
  /** The last drift; `outcome` tells whether it is healed. */
  readonly drift?: Drift;
  /** Sequence of the last report that told of it; 0: none yet. */
  readonly reportedSequence: number;
  readonly reportedAt?: Millis;
}

export interface InventoryDetail extends InventoryItem {
  /** The object as the agent last sent it. */
  readonly live?: JsonObject;
}

/** What an agent says of one object. `deleted` takes the row away, `observed` keeps the outcome before. */
export interface ReportedObject {
  readonly ref: string;
  readonly outcome: Outcome;
  readonly reason?: Refusal | undefined;
  readonly message?: string | undefined;
  /** Absent: keep the last, with its message. */
  readonly health?: Health | undefined;
  readonly healthMessage?: string | undefined;
  /** Absent: keep the last. */
  readonly drift?: Drift | undefined;
  /** Absent: keep the last. */
  readonly live?: JsonObject | undefined;
}

export interface ClusterReport {
  readonly application: ApplicationUid;
  readonly cluster: ClusterRef;
  /** The bundle it is about. One that was never given out is refused; an older one changes only what it still holds. */
  readonly sequence: number;
  /** Whether the agent is done with this sequence. */
  readonly complete: boolean;
  readonly objects: readonly ReportedObject[];
  /**
   * When set, each unfinished run of the Application gets a `report` event with it and is due at once; when there is none, the
   * Application is to be observed (`application.observe`).
   */
  readonly event?: JsonObject | undefined;
}
