import type { ApplicationUid, RunId, TenantId } from '../../engine/ids.ts';
import type { Application, Revision } from './application.ts';
import type { BundleHead, InventoryItem, PutBundle, Target } from './cluster.ts';
import type { BlobAddress, Json, JsonObject, Millis, OutboxMessage, Placement } from './shared.ts';

export const runPhases = [
  'queued',
  'rendering',
  'running',
  'suspended',
  'waiting',
  'succeeded',
  'failed',
  'terminated',
  'superseded',
] as const;
export type RunPhase = (typeof runPhases)[number];

/**
 * `apply` renders and delivers a revision; `rollback` delivers what `renderedBy` rendered, without rendering;
 * `delete` takes everything away.
 */
export type RunKind = 'apply' | 'rollback' | 'delete';

export interface Run {
  readonly tenant: TenantId;
  readonly id: RunId;
  readonly application: ApplicationUid;
  /** Counts the runs of the Application, from 1; a higher one is newer. */
  readonly number: number;
  readonly revision: number;
  readonly kind: RunKind;
  /** Of a rollback: the run whose renderings are delivered again. */
  readonly renderedBy?: RunId;
  readonly phase: RunPhase;
  /** The state of the reducer as it was saved; `null` before the first advance. */
  readonly state: Json;
  /** Grows with each save. */
  readonly version: number;
  /** When it wants to be advanced; absent: only an event wakes it. */
  readonly dueAt?: Millis;
  readonly createdAt: Millis;
  readonly startedAt?: Millis;
  readonly finishedAt?: Millis;
}

export type RunListItem = Omit<Run, 'state'>;

/** KubeVela's words. */
export type StepPhase = 'pending' | 'running' | 'suspending' | 'succeeded' | 'failed' | 'skipped';

export interface RunStep {
  /** Path of the step: `name` or `group/name`. */
  readonly step: string;
  readonly placement: Placement;
  /** Order within the run, from 0. */
  readonly position: number;
  readonly type: string;
  readonly phase: StepPhase;
  readonly reason: string;
  readonly message: string;
  readonly attempt: number;
  readonly firstAt?: Millis;
  readonly lastAt?: Millis;
}

/**
 * What a run is told, or tells (`progress`: consumed when written, for those who watch).
 * `submitted`: a run was made; one of another id means that a newer one exists. `command`: by a user.
 * `report`: by an agent. `timer`: by the sweep. `rendered`: by a worker.
 */
export const runEventKinds = ['submitted', 'command', 'report', 'timer', 'rendered', 'progress'] as const;
export type RunEventKind = (typeof runEventKinds)[number];

export interface RunEvent {
  /** Grows strictly within the Application, over all its runs. */
  readonly seq: number;
  readonly run: RunId;
  readonly kind: RunEventKind;
  readonly payload: Json;
  readonly createdAt: Millis;
  readonly consumedAt?: Millis;
}

export interface NewRunEvent {
  readonly kind: RunEventKind;
  readonly payload: Json;
}

/** One performed call of a step's template. The first five make its key; a second write of a key changes nothing. */
export interface JournalEntry {
  readonly step: string;
  readonly path: string;
  /** Hash of the call's parameters. */
  readonly hash: string;
  readonly attempt: number;
  readonly kind: string;
  readonly result: Json;
  readonly createdAt: Millis;
}

/** What a run rendered for one placement. The objects lie in a blob. */
export interface Rendering {
  readonly placement: Placement;
  readonly objects: BlobAddress;
  readonly count: number;
}

/**
 * The right to advance one Application until `until`. The epoch grows with each lease of the Application, so that
 * whatever a worker with an older one still writes is refused.
 */
export interface Lease {
  readonly run: RunId;
  readonly application: ApplicationUid;
  readonly tenant: TenantId;
  readonly owner: string;
  readonly epoch: number;
  readonly until: Millis;
  /** Leases of the run since its last save, this one too. Above 1: an advance failed or its worker died. */
  readonly attempt: number;
}

export interface LeaseRequest {
  readonly run: RunId;
  /** Names the worker; anything unique. */
  readonly owner: string;
  readonly now: Millis;
  readonly ttlMs: number;
  /** No lease when the tenant has this many live ones. */
  readonly perTenantCap: number;
}

/** Everything that an advance looks at, of one moment. */
export interface LoadedRun {
  readonly lease: Lease;
  readonly run: Run;
  readonly application: Application;
  /** The run's own revision; `application.spec` may be a newer one's. */
  readonly revision: Revision;
  readonly steps: readonly RunStep[];
  /** Pending ones, by seq. */
  readonly events: readonly RunEvent[];
  readonly journal: readonly JournalEntry[];
  readonly renderings: readonly Rendering[];
  /** Every cluster that the tenant may deliver to. */
  readonly targets: readonly Target[];
  readonly bundles: readonly BundleHead[];
  /** Without live objects. */
  readonly inventory: readonly InventoryItem[];
  /** As last saved or observed; null: never. */
  readonly services: Json;
  /** Pass it back in `save`. */
  readonly outboxVersion: number;
}

/** One advance. All of it is stored, or nothing. */
export interface RunSave {
  readonly phase: RunPhase;
  readonly state: Json;
  /** When to advance again; absent or null: only on an event. Ignored when finished. */
  readonly dueAt?: Millis | null | undefined;
  /** Whether the phase is a final one. */
  readonly finished: boolean;
  /** Steps that changed; others stay. */
  readonly steps?: readonly RunStep[] | undefined;
  /** Consume pending events up to and with this seq; a finished run consumes all. */
  readonly consumedTo?: number | undefined;
  readonly progress?: readonly Json[] | undefined;
  readonly journal?: readonly JournalEntry[] | undefined;
  readonly renderings?: readonly Rendering[] | undefined;
  readonly bundles?: readonly PutBundle[] | undefined;
  /** Health of the services, when it changed. */
  readonly services?: Json | undefined;
  /** The public status, when it changed. */
  readonly publicStatus?: JsonObject | undefined;
  /** Whether the lease is given back with it. */
  readonly release: boolean;
  /**
   * Of a finished `delete` run: take the Application away. It is refused (Fault `store.conflict`) while the
   * inventory holds anything.
   */
  readonly remove?: boolean | undefined;
}

export interface Saved {
  /** Due at once when events came since the load. */
  readonly run: Run;
  /** `agent.wake` for each cluster with a new bundle. */
  readonly messages: readonly OutboxMessage[];
}

export interface StartedRun {
  readonly run: RunId;
  readonly application: ApplicationUid;
  readonly revision: number;
  readonly resourceVersion: number;
  readonly messages: readonly OutboxMessage[];
}
