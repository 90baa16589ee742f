/**
 * A run: one passage of one revision from submission to the clusters. It is plain data. What has happened is in
 * it, what may happen next is decided by `advance`, and what the world shall do is an `Effect`.
 */
import type { Refusal } from '../delivery/protocol.ts';
import type { ApplicationUid, ClusterId, RunId, TenantId } from '../ids.ts';
import type { AppliedPolicy } from '../render/application-policies.ts';
import type { Issue } from '../result.ts';

/** Why the run exists. */
export type RunPurpose =
  | { readonly kind: 'apply' }
  /** Delivers the stored rendering of the run's revision again, under a new sequence. */
  | { readonly kind: 'rollback' }
  /** Prunes all that the Application applied, then forgets it. */
  | { readonly kind: 'delete' };

/** What does not change while the run lives. */
export interface RunHead {
  readonly tenant: TenantId;
  readonly id: RunId;
  readonly application: { readonly uid: ApplicationUid; readonly namespace: string; readonly name: string };
  readonly revision: number;
  readonly purpose: RunPurpose;
  /** Milliseconds. */
  readonly createdAt: number;
}

export interface Placement {
  /** The cluster's name as the Application says it; `local` where it says nothing. */
  readonly cluster: string;
  readonly namespace: string;
  /** `''` where the component is not replicated. */
  readonly replicaKey: string;
}

export type StepMode = 'DAG' | 'StepByStep';

/** What a rendering says about the run: its steps and what each puts where. */
export interface Plan {
  readonly mode: { readonly steps: StepMode; readonly subSteps: StepMode };
  readonly steps: readonly PlannedStep[];
  /** Policies that have changed the Application; absent where there are none. */
  readonly applied?: readonly AppliedPolicy[];
}

export interface PlannedStep {
  /** Unique in the run. */
  readonly name: string;
  readonly type: string;
  readonly dependsOn: readonly string[];
  readonly timeoutMs?: number;
  readonly targets: readonly PlannedTarget[];
}

export interface TargetName {
  readonly component: string;
  readonly placement: Placement;
}

/** One component in one place. An `apply-component` step has one, a `deploy` step components × placements. */
export interface PlannedTarget extends TargetName {
  /** Components of the same step and placement that must be healthy before. */
  readonly dependsOn: readonly string[];
  /** Its traits of stage PostDispatch, where it has any; `rendered`: by an earlier run, which this one repeats. */
  readonly late?: 'awaited' | 'rendered';
}

/** When and of what something was observed. */
export interface Stamp {
  /** The bundle that it is about. */
  readonly sequence: number;
  /** Orders observations of one run. */
  readonly counter: number;
}

export interface ObjectProblem {
  /** `Kind namespace/name`. */
  readonly object: string;
  readonly reason: Refusal;
  readonly message: string;
}

export interface TraitObservation {
  readonly type: string;
  readonly healthy: boolean;
  readonly pending?: boolean;
  readonly message?: string;
}

/** What a cluster was last seen to make of a target. */
export type Observation = { readonly stamp: Stamp } & (
  | { readonly kind: 'refused'; readonly problems: readonly ObjectProblem[] }
  | {
      /** Everything is there; `healthy` is the verdict over workload and traits. */
      readonly kind: 'present';
      readonly healthy: boolean;
      readonly workloadHealthy: boolean;
      readonly message: string;
      readonly traits: readonly TraitObservation[];
      readonly details?: Readonly<Record<string, string>>;
      /** Hash of the live workload's status, where traits follow it. */
      readonly liveStatus?: string;
    }
  /** Not (or not wholly) applied yet, or gone again. */
  | { readonly kind: 'absent'; readonly message: string }
);

/**
 * Traits of stage PostDispatch: they are rendered when the workload is healthy, with its live status, and again when that
 * changes (kubevela.md §2.7, §10.7).
 */
export type LateTraits = {
  /** Hash of the live status with which they were last rendered, or could not be; null: they were not tried. */
  readonly tried: string | null;
  /** Why they could not be rendered with it; '' where they could. */
  readonly problem: string;
} & (
  | { readonly phase: 'awaited' }
  /** `delivered`: sequence of the bundle that first held them in this run. */
  | { readonly phase: 'rendered'; readonly delivered: number | null }
  /** They were delivered and are something else now. */
  | { readonly phase: 'changed'; readonly delivered: number }
);

export interface Target extends Omit<PlannedTarget, 'late'> {
  /** Sequence of the bundle that first held this target in this run; null: not delivered yet. */
  readonly delivered: number | null;
  readonly observed: Observation | null;
  /** Absent where it has no such traits. */
  readonly late?: LateTraits;
}

/** KubeVela's reasons of a step that ended or waits (kubevela.md §2.9). */
export type StepReason =
  | 'Execute'
  | 'Timeout'
  | 'Terminate'
  | 'Skip'
  | 'Wait'
  | 'Suspend'
  | 'Rendering'
  | 'Action';

export type StepPhase =
  | { readonly phase: 'pending' }
  | { readonly phase: 'running'; readonly since: number }
  | { readonly phase: 'suspending'; readonly since: number; readonly until?: number }
  | { readonly phase: 'succeeded'; readonly since: number; readonly at: number }
  | {
      readonly phase: 'failed';
      readonly since: number;
      readonly at: number;
      readonly reason: StepReason;
      readonly message: string;
    }
  | { readonly phase: 'skipped'; readonly at: number };

export interface Step extends Omit<PlannedStep, 'targets'> {
  /** 10 characters, derived from (run, step path): KubeVela's step id and `context.stepSessionID`. */
  readonly id: string;
  readonly targets: readonly Target[];
  readonly state: StepPhase;
}

/** A cluster that the run delivers to, or that still holds what the run has to take away. */
export interface Destination {
  readonly cluster: ClusterId;
  /** The names by which placements mean it: its own, `local`, or both. */
  readonly names: readonly string[];
  /** Newest bundle that this run delivered there; null: none yet. */
  readonly delivered: Delivered | null;
  /** Objects that left and that the cluster has not yet let go, as last reported. */
  readonly leftovers: { readonly stamp: Stamp; readonly objects: readonly string[] } | null;
}

export interface Delivered {
  readonly sequence: number;
  readonly prune: boolean;
  /** Objects in the bundle that are not of this run: they stay until a bundle prunes. */
  readonly surplus: number;
}

/** The part of a run that exists once it is rendered and its clusters are known. */
export interface Progress {
  readonly mode: Plan['mode'];
  readonly applied?: readonly AppliedPolicy[];
  readonly steps: readonly Step[];
  readonly destinations: readonly Destination[];
}

export type SuspendReason = 'Command' | 'Step' | 'Approval';

/** What a run waits for before it can start. */
export type WaitReason =
  /** The tenant has no accepted cluster of these names yet. */
  { readonly kind: 'NoCluster'; readonly clusters: readonly string[] };

/** A command that came before there was anything to suspend; it takes effect as soon as there is. */
interface Held {
  readonly hold?: 'suspend';
}

export type RunState =
  | ({ readonly phase: 'queued' } & Held)
  | ({ readonly phase: 'rendering' } & Held)
  | ({ readonly phase: 'waiting'; readonly on: WaitReason; readonly plan: Plan } & Held)
  | { readonly phase: 'running'; readonly progress: Progress }
  | {
      readonly phase: 'suspended';
      readonly reason: SuspendReason;
      /** Milliseconds; absent: until somebody resumes it. */
      readonly until?: number;
      readonly progress: Progress;
    }
  | { readonly phase: 'succeeded'; readonly endedAt: number; readonly progress: Progress }
  | {
      readonly phase: 'failed';
      readonly endedAt: number;
      readonly issues: readonly Issue[];
      readonly progress: Progress | null;
    }
  | { readonly phase: 'terminated'; readonly endedAt: number; readonly progress: Progress | null }
  | {
      readonly phase: 'superseded';
      readonly endedAt: number;
      /** The run that took its place. */
      readonly by: RunId;
      readonly progress: Progress | null;
    };

export type RunPhase = RunState['phase'];

export type Run = RunHead & {
  readonly startedAt: number | null;
  /** When anything last moved. */
  readonly progressedAt: number;
  /** While it should move and has not for ten minutes: shown as the reason DeadlineExceeded. */
  readonly stalled: Stalled | null;
  readonly state: RunState;
};

export interface Stalled {
  /** Milliseconds. */
  readonly since: number;
  /** Names of its clusters whose agents are silent. */
  readonly unreachable: readonly string[];
}

export type Command =
  | { readonly command: 'suspend' }
  | { readonly command: 'resume' }
  | { readonly command: 'terminate' };

/** A cluster as the tenant's directory names it. */
export interface NamedCluster {
  readonly name: string;
  readonly id: ClusterId;
  /** Whether it answers to `local`. */
  readonly local: boolean;
  /** Whether its agent has not been heard of for too long. */
  readonly silent: boolean;
}

/** A cluster's word on some targets of the run: the digest of one agent report. */
export interface ClusterReport {
  readonly cluster: ClusterId;
  readonly stamp: Stamp;
  readonly targets: readonly (TargetName & { readonly observed: Observation })[];
  /** What left and is still there; absent where the report says nothing about it. */
  readonly leftovers?: readonly string[];
}

export type RunEvent =
  | { readonly kind: 'submitted' }
  | ({ readonly kind: 'command' } & Command)
  /** The rendering is stored and this is what it holds, or it cannot be made. */
  | { readonly kind: 'rendered'; readonly plan: Plan }
  | { readonly kind: 'unrenderable'; readonly issues: readonly Issue[] }
  | {
      readonly kind: 'delivered';
      readonly cluster: ClusterId;
      readonly bundle: Delivered;
      readonly targets: readonly TargetName[];
    }
  /** No bundle can be made of what was rendered. */
  | { readonly kind: 'undeliverable'; readonly cluster: ClusterId; readonly message: string }
  /** What became of `complete`; `status` is the hash that was asked with. */
  | { readonly kind: 'completed'; readonly targets: readonly CompletedTarget[] }
  | ({ readonly kind: 'report' } & ClusterReport)
  /** Read with every load: the tenant's accepted clusters. */
  | { readonly kind: 'clusters'; readonly clusters: readonly NamedCluster[] }
  /** Read with every load: the Application's newest run. */
  | { readonly kind: 'newest'; readonly run: RunId }
  /** Read with every load: the clusters whose newest bundle of the Application holds any object. */
  | { readonly kind: 'holdings'; readonly clusters: readonly NamedCluster[] }
  /** Says nothing but that time has passed. */
  | { readonly kind: 'timer' };

/** A target whose traits of stage PostDispatch are asked for. */
export interface DueTarget extends TargetName {
  /** Hash of the live status that they are to see. */
  readonly status: string;
}

export type CompletedTarget = DueTarget &
  ({ readonly outcome: 'rendered' | 'unchanged' } | { readonly outcome: 'failed'; readonly message: string });

export type Effect =
  /** Render the revision, store it, answer `rendered` or `unrenderable`. */
  | { readonly kind: 'render' }
  /** Look up the stored rendering of the revision, answer the same. */
  | { readonly kind: 'recall' }
  /**
   * Render the traits of stage PostDispatch of targets in a cluster with the live status of their workloads, store what
   * has changed, answer `completed`. It stands alone among effects: what it changes is delivered after it.
   */
  | { readonly kind: 'complete'; readonly cluster: ClusterId; readonly targets: readonly DueTarget[] }
  /**
   * Build, sign and store the next bundle of a cluster, answer `delivered` or `undeliverable`. `targets` are the components that
   * shall be there as this run has them; what else the last bundle held stays in it unless `prune`.
   */
  | {
      readonly kind: 'deliver';
      readonly cluster: ClusterId;
      readonly targets: readonly TargetName[];
      readonly prune: boolean;
    }
  /** The Application's objects are gone: remove its rows. */
  | { readonly kind: 'forget' };

const ended: ReadonlySet<RunPhase> = new Set(['succeeded', 'failed', 'terminated', 'superseded']);

/** Whether a run will never deliver again. It still takes reports, for health. */
export function hasEnded(run: Run): boolean {
  return ended.has(run.state.phase);
}

/** What a run has got done, where it has got as far. */
export function progressOf(run: Pick<Run, 'state'>): Progress | null {
  return 'progress' in run.state ? run.state.progress : null;
}

/** A run as a submission stores it. */
export function newRun(head: RunHead): Run {
  return {
    ...head,
    startedAt: null,
    progressedAt: head.createdAt,
    stalled: null,
    state: { phase: 'queued' },
  };
}

/** Whether `a` was made before `b`. */
export function isOlder(a: Stamp, b: Stamp): boolean {
  return a.counter < b.counter || (a.counter === b.counter && a.sequence < b.sequence);
}

/** The observation of a target that counts: one of a bundle in which this run had put it. */
export function currentObservation(target: Target): Observation | null {
  const { observed, delivered } = target;
  return observed !== null && delivered !== null && observed.stamp.sequence >= delivered ? observed : null;
}

export function isHealthy(target: Target): boolean {
  const observed = currentObservation(target);
  return observed?.kind === 'present' && observed.healthy && isWhole(target, observed.stamp);
}

/** Whether the bundle that was observed held the traits that wait for the workload too. */
function isWhole({ late }: Target, { sequence }: Stamp): boolean {
  if (late === undefined) return true;
  return late.phase !== 'awaited' && late.delivered !== null && sequence >= late.delivered;
}

export function placementKey(placement: Placement): string {
  return `${placement.cluster}/${placement.namespace}/${placement.replicaKey}`;
}

export function targetKey(target: TargetName): string {
  return `${target.component}@${placementKey(target.placement)}`;
}
