import type { ApplicationUid, RunId, StatusId } from '../../engine/ids.ts';
import type { LabelRequirement } from '../../engine/oam/label-selector.ts';
import type { InventoryDetail, InventoryItem, Target } from './cluster.ts';
import type { Run, RunStep } from './run.ts';
import type { Json, JsonObject, Millis } from './shared.ts';

/** Kinds of definition, as KubeVela's `definition.oam.dev` kinds. */
export type DefinitionKind = 'component' | 'trait' | 'policy' | 'workflow-step' | 'workload';
export type DefinitionFormat = 'cue' | 'yaml';

export interface DefinitionKey {
  readonly kind: DefinitionKind;
  readonly namespace: string;
  readonly name: string;
}

/** One version of a definition. Versions are never changed, only followed by another or hidden by a deletion. */
export interface Definition extends DefinitionKey {
  /** What `name@version` names: the definition's own `spec.version`, or the number of the put. */
  readonly version: string;
  /** Grows by one with each version of this (kind, namespace, name); never reused, also after a deletion. */
  readonly sequence: number;
  readonly format: DefinitionFormat;
  /** The text as it was put. */
  readonly source: string;
  /** What revisions pin. */
  readonly contentHash: string;
  readonly createdAt: Millis;
}

export interface PutDefinition extends DefinitionKey {
  /** Absent: the sequence number as text. */
  readonly version?: string | undefined;
  readonly format: DefinitionFormat;
  readonly source: string;
  readonly contentHash: string;
  /** The content hash that must be the newest one's (If-Match); `'none'`: there must be none yet. */
  readonly expect?: string | undefined;
}

/** What one type in a revision meant when it was submitted, so that it means the same whenever it is rendered. */
export interface DefinitionPin extends DefinitionKey {
  /** As the revision names it: `worker`, `worker@v1`. */
  readonly type: string;
  readonly origin: DefinitionOrigin;
  /** Of a tenant's definition; '' for a stock one, and for one that came with the submission and had no version. */
  readonly version: string;
  /** Of a tenant's definition: its row's. Of a stock one: the hash of its file's text. */
  readonly contentHash: string;
}

export const definitionOrigins = ['stock', 'tenant'] as const;
export type DefinitionOrigin = (typeof definitionOrigins)[number];

export type ApplicationState = 'active' | 'deleting';

export interface ApplicationHead {
  readonly uid: ApplicationUid;
  readonly namespace: string;
  readonly name: string;
  /** Grows with each change of the spec that is delivered. */
  readonly generation: number;
  /** Grows with every change of the row that a client can see; the strong ETag is made of it. */
  readonly resourceVersion: number;
  readonly state: ApplicationState;
  /** The revision that is wanted now: the newest one, or an older one after a rollback. */
  readonly revision: number;
  /** The highest number given out. */
  readonly latestRevision: number;
  /** Canonical spec hash of `revision`. */
  readonly specHash: string;
  /** The newest run. */
  readonly run: RunId;
  readonly status: StatusId;
  readonly statusVisibility: StatusVisibility;
  readonly createdAt: Millis;
  readonly updatedAt: Millis;
  readonly deletionRequestedAt?: Millis;
}

export interface Application extends ApplicationHead {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** The spec of `revision`, as it was submitted. */
  readonly spec: JsonObject;
}

/** One row of a list: no spec. */
export interface ApplicationListItem extends ApplicationHead {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface Revision {
  readonly application: ApplicationUid;
  readonly number: number;
  readonly spec: JsonObject;
  readonly specHash: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly pins: readonly DefinitionPin[];
  /** Version of the engine that parsed and checked it. */
  readonly engine: string;
  /** What else the submission layer needs to render it again (external policies, workflow, …). */
  readonly extra?: Json;
  readonly createdAt: Millis;
}

export type RevisionListItem = Pick<Revision, 'application' | 'number' | 'specHash' | 'engine' | 'createdAt'>;

/** What `applications.submit` takes for each Application of a submission. All ids are fresh: what exists keeps its own. */
export interface SubmitApplication {
  readonly uid: ApplicationUid;
  readonly run: RunId;
  readonly status: StatusId;
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: JsonObject;
  /** Canonical hash of everything that a revision is made of (spec, publishVersion, external objects). */
  readonly specHash: string;
  readonly pins: readonly DefinitionPin[];
  readonly engine: string;
  readonly extra?: Json | undefined;
  readonly statusVisibility: StatusVisibility;
  /** If-Match: the resourceVersion it must have; else Fault `request.precondition`. */
  readonly expectResourceVersion?: number | undefined;
  /** A new run even if the hash is the current revision's. It is of the same revision. */
  readonly rerun?: boolean | undefined;
}

export interface SubmittedApplication {
  readonly uid: ApplicationUid;
  readonly namespace: string;
  readonly name: string;
  readonly revision: number;
  readonly generation: number;
  readonly resourceVersion: number;
  /** The new run, or the newest one when nothing changed. */
  readonly run: RunId;
  readonly status: StatusId;
  readonly statusVisibility: StatusVisibility;
  /** `created`: first revision; `revised`: a further one; `rerun`; `relabelled`: labels or annotations alone; `unchanged`. */
  readonly outcome: 'created' | 'revised' | 'rerun' | 'relabelled' | 'unchanged';
}

export type StatusVisibility = 'public' | 'off';

/** What the public status of an Application says. Only plain, public values: it is stored unsealed. */
export interface PublicStatus {
  readonly id: StatusId;
  readonly application: ApplicationUid;
  /** Changes exactly when the summary does; made into the ETag. */
  readonly version: number;
  readonly summary: JsonObject;
  readonly updatedAt: Millis;
}

export interface ApplicationFilter {
  readonly namespace?: string | undefined;
  readonly labels?: readonly LabelRequirement[] | undefined;
}

/** What GET of an application is made of, of one moment. */
export interface ApplicationView {
  readonly application: Application;
  /** The newest run. */
  readonly run: Run | undefined;
  readonly steps: readonly RunStep[];
  readonly inventory: readonly InventoryItem[];
  readonly targets: readonly Target[];
  /** Health of the services as it was last saved or observed; null: never. */
  readonly services: Json;
}

/** What health after a run is evaluated from. */
export interface Observation extends Omit<ApplicationView, 'inventory'> {
  readonly revision: Revision;
  readonly inventory: readonly InventoryDetail[];
  /** Pass it back in `observed`. */
  readonly outboxVersion: number;
}
