/**
 * An Application's status as KubeVela shows it (apis/core.oam.dev/common/types.go, kubevela.md §2.1): a projection
 * of its newest run, its inventory and the last verdicts on its services. Nothing of it is stored.
 */
import type { ObjectRef } from '../delivery/bundle.ts';
import type { JsonValue } from '../json.ts';
import { isArray } from '../json.ts';
import type { AppliedPolicy } from '../render/application-policies.ts';
import type { ServiceStatus } from './digest.ts';
import {
  currentObservation,
  isHealthy,
  type Progress,
  placementKey,
  progressOf,
  type RunState,
  type Stalled,
  type Step,
} from './run.ts';

/** What a run stores of itself, beside what its row says. */
export interface StoredRun {
  readonly startedAt: number | null;
  readonly progressedAt: number;
  readonly stalled: Stalled | null;
  readonly state: RunState;
}

/** What the projection reads; the store's view of an Application has this shape. */
export interface StatusSource {
  readonly application: {
    readonly namespace: string;
    readonly name: string;
    readonly generation: number;
    readonly revision: number;
    readonly specHash: string;
    readonly state: 'active' | 'deleting';
  };
  readonly run:
    | {
        readonly revision: number;
        /** A `StoredRun`; null before the first advance. */
        readonly state: JsonValue;
        readonly createdAt: number;
        readonly finishedAt?: number;
      }
    | undefined;
  readonly inventory: readonly {
    readonly cluster: { readonly id: string };
    readonly ref: string;
    readonly apiVersion: string;
    readonly wanted: 'yes' | 'leaving';
    readonly outcome: string;
    readonly reportedSequence: number;
  }[];
  readonly targets: readonly {
    readonly id: string;
    readonly name: string;
    readonly local: boolean;
    readonly kubernetes: { readonly [key: string]: JsonValue };
  }[];
  /** `ServiceStatus[]`, or null. */
  readonly services: JsonValue;
}

export type ApplicationPhase =
  | 'starting'
  | 'rendering'
  | 'runningWorkflow'
  | 'workflowSuspending'
  | 'workflowTerminated'
  | 'workflowFailed'
  | 'running'
  | 'unhealthy'
  | 'deleting';

export interface StatusCondition {
  readonly type: string;
  readonly status: 'True' | 'False';
  readonly reason: string;
  readonly message?: string;
  readonly lastTransitionTime: string;
}

export interface StepStatus {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly phase: 'pending' | 'running' | 'suspending' | 'succeeded' | 'failed' | 'skipped';
  readonly reason?: string;
  readonly message?: string;
  readonly firstExecuteTime?: string;
  readonly lastExecuteTime?: string;
}

export interface WorkflowStatus {
  readonly appRevision: string;
  readonly mode: string;
  readonly status: string;
  readonly message?: string;
  readonly suspend: boolean;
  readonly suspendState?: string;
  readonly terminated: boolean;
  readonly finished: boolean;
  readonly startTime?: string;
  readonly endTime?: string;
  readonly steps: readonly StepStatus[];
}

export interface AppliedResource extends ObjectRef {
  readonly cluster?: string;
  readonly creator: 'workflow';
}

export interface ApplicationStatus {
  readonly status: ApplicationPhase;
  readonly observedGeneration: number;
  readonly conditions: readonly StatusCondition[];
  readonly workflow?: WorkflowStatus;
  readonly services: readonly ServiceStatus[];
  readonly appliedResources: readonly AppliedResource[];
  readonly latestRevision: {
    readonly name: string;
    readonly revision: number;
    readonly revisionHash: string;
  };
  readonly appliedApplicationPolicies?: readonly AppliedPolicy[];
}

export function applicationStatus(source: StatusSource): ApplicationStatus {
  const { application } = source;
  const stored = storedRunOf(source.run?.state);
  const services = servicesOf(source.services);
  const workflow = source.run === undefined || stored === null ? undefined : workflowOf(source, stored);
  return {
    status: phaseOf(source, stored),
    observedGeneration: application.generation,
    conditions: conditionsOf(source, stored),
    ...(workflow !== undefined && { workflow }),
    services,
    appliedResources: appliedOf(source, stored),
    latestRevision: {
      name: `${application.name}-v${application.revision}`,
      revision: application.revision,
      revisionHash: application.specHash.slice(0, 16),
    },
    ...appliedPoliciesOf(stored),
  };
}

function appliedPoliciesOf(stored: StoredRun | null): Pick<ApplicationStatus, 'appliedApplicationPolicies'> {
  const applied = stored === null ? undefined : progressOf(stored)?.applied;
  return applied === undefined ? {} : { appliedApplicationPolicies: applied };
}

/** What a run's row holds, as the queue side wrote it; null before it was ever advanced. */
export function storedRunOf(state: JsonValue | undefined): StoredRun | null {
  // Only `advance` makes these states, and only through JSON.
  return state === null || state === undefined ? null : (state as unknown as StoredRun);
}

export function servicesOf(services: JsonValue): readonly ServiceStatus[] {
  // Only `digest` makes these.
  return isArray(services) ? (services as unknown as readonly ServiceStatus[]) : [];
}

/** KubeVela's phase of the Application. */
export function phaseOf(
  source: Pick<StatusSource, 'application' | 'services'>,
  stored: StoredRun | null,
): ApplicationPhase {
  if (source.application.state === 'deleting') return 'deleting';
  if (stored === null) return 'starting';
  const { state } = stored;
  switch (state.phase) {
    case 'queued':
      return 'starting';
    case 'rendering':
      return 'rendering';
    case 'waiting':
    case 'running':
    case 'superseded':
      return 'runningWorkflow';
    case 'suspended':
      return 'workflowSuspending';
    case 'terminated':
      return 'workflowTerminated';
    case 'failed':
      return state.progress === null ? 'rendering' : 'workflowFailed';
    case 'succeeded':
      return servicesOf(source.services).every(({ healthy }) => healthy) ? 'running' : 'unhealthy';
    default:
      return state satisfies never;
  }
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

const order = ['Parsed', 'Revision', 'Policy', 'Render'] as const;

function conditionsOf({ run }: StatusSource, stored: StoredRun | null): StatusCondition[] {
  if (run === undefined || stored === null) return [];
  const at = iso(stored.startedAt ?? run.createdAt);
  const good = (type: string, time = at): StatusCondition => ({
    type,
    status: 'True',
    reason: type === 'Ready' ? 'ReconcileSuccess' : 'Available',
    lastTransitionTime: time,
  });
  const bad = (type: string, reason: string, message: string): StatusCondition => ({
    type,
    status: 'False',
    reason,
    ...(message !== '' && { message }),
    lastTransitionTime: iso(run.finishedAt ?? stored.progressedAt),
  });
  const { state } = stored;
  if (state.phase === 'queued' || state.phase === 'rendering') return [good('Parsed'), good('Revision')];
  if (state.phase === 'failed' && state.progress === null) {
    const message = state.issues.map((issue) => issue.message).join('; ');
    const failed = state.issues.some(({ code }) => /^(parse|definition)/.test(code)) ? 'Parsed' : 'Render';
    const before = order.slice(0, order.indexOf(failed)).map((type) => good(type));
    return [...before, bad(failed, 'ReconcileError', message), bad('Ready', 'ReconcileError', message)];
  }
  const rendered = order.map((type) => good(type));
  if (state.phase === 'succeeded')
    return [...rendered, good('Workflow', iso(state.endedAt)), good('Ready', iso(state.endedAt))];
  const held = heldUp(stored);
  return held === null ? rendered : [...rendered, bad('Workflow', held.reason, held.message)];
}

/** Why a run that should work does not get on. */
function heldUp({ state, stalled }: StoredRun): { reason: string; message: string } | null {
  if (state.phase === 'waiting') {
    return { reason: 'NoCluster', message: `no cluster answers to ${state.on.clusters.join(', ')} yet` };
  }
  if (stalled === null) return null;
  const silent = stalled.unreachable.map((name) => `; cluster ${name} is not heard of`).join('');
  return { reason: 'DeadlineExceeded', message: `nothing has moved since ${iso(stalled.since)}${silent}` };
}

const runStatus: Readonly<Record<RunState['phase'], string>> = {
  queued: 'initializing',
  rendering: 'initializing',
  waiting: 'initializing',
  running: 'executing',
  suspended: 'suspending',
  succeeded: 'succeeded',
  failed: 'failed',
  terminated: 'terminated',
  superseded: 'terminated',
};

function workflowOf({ application, run }: StatusSource, stored: StoredRun): WorkflowStatus | undefined {
  const { state } = stored;
  const progress = 'progress' in state ? state.progress : null;
  if (run === undefined || progress === null) return undefined;
  const { steps, subSteps } = progress.mode;
  const stalled = stored.stalled === null ? {} : { message: heldUp(stored)?.message ?? '' };
  const endedAt = 'endedAt' in state ? { endTime: iso(state.endedAt) } : {};
  return {
    appRevision: `${application.name}-v${run.revision}`,
    mode: `${steps}-${subSteps}`,
    status: runStatus[state.phase],
    ...stalled,
    suspend: state.phase === 'suspended',
    terminated: state.phase === 'terminated' || state.phase === 'failed',
    finished: 'endedAt' in state,
    ...(stored.startedAt !== null && { startTime: iso(stored.startedAt) }),
    ...endedAt,
    steps: progress.steps
      .filter((step) => isListed(step, progress))
      .map((step) => stepStatus(step, progress)),
  };
}

/** Steps that wait for the one before them are not listed, those that wait for a named one are. */
function isListed({ state, dependsOn }: Step, { mode }: Progress): boolean {
  return state.phase !== 'pending' || (mode.steps === 'DAG' && dependsOn.length > 0);
}

/** One step as KubeVela shows it. */
export function stepStatus(step: Step, progress: Progress): StepStatus {
  const { id, name, type, state } = step;
  const base = { id, name, type };
  switch (state.phase) {
    case 'pending':
      return { ...base, phase: 'pending', message: pendingMessage(step, progress) };
    case 'running':
      return { ...base, ...runningStatus(step), firstExecuteTime: iso(state.since) };
    case 'suspending':
      return { ...base, phase: 'suspending', reason: 'Suspend', firstExecuteTime: iso(state.since) };
    case 'succeeded':
      return {
        ...base,
        phase: 'succeeded',
        firstExecuteTime: iso(state.since),
        lastExecuteTime: iso(state.at),
      };
    case 'failed': {
      const { reason, message } = state;
      const text = message === '' ? {} : { message };
      const times = { firstExecuteTime: iso(state.since), lastExecuteTime: iso(state.at) };
      return { ...base, phase: 'failed', reason, ...text, ...times };
    }
    case 'skipped':
      return { ...base, phase: 'skipped', reason: 'Skip', lastExecuteTime: iso(state.at) };
    default:
      return state satisfies never;
  }
}

function pendingMessage({ dependsOn }: Step, { steps }: Progress): string {
  const open = dependsOn.find(
    (name) => steps.find((step) => step.name === name)?.state.phase !== 'succeeded',
  );
  return open === undefined ? '' : `Pending on DependsOn: ${open}`;
}

/**
 * A step that runs and whose objects are refused, or whose last traits cannot be rendered yet, is shown as KubeVela shows the attempt that failed: `failed` with
 * reason Execute, while the workflow goes on trying.
 */
function runningStatus(step: Step): Pick<StepStatus, 'phase' | 'reason' | 'message'> {
  const problems = step.targets.flatMap((target) => {
    const seen = currentObservation(target);
    return seen?.kind === 'refused' ? seen.problems : [];
  });
  const late = step.targets.flatMap((target) =>
    target.late?.phase === 'awaited' && target.late.problem !== '' ? [target.late.problem] : [],
  );
  const messages = [...problems.map((problem) => problem.message), ...late];
  if (messages.length > 0) {
    const message = [...new Set(messages)].join('; ');
    return { phase: 'failed', reason: 'Execute', message };
  }
  return { phase: 'running', reason: 'Wait', message: waitMessage(step) };
}

function waitMessage({ type, targets }: Step): string {
  const open = targets.find((target) => !isHealthy(target));
  if (open === undefined || type === 'apply-component') return 'wait healthy';
  const place = placementKey(open.placement);
  return open.delivered === null
    ? `${place}/${open.component} is waiting dependents`
    : `${place}/${open.component} is not healthy`;
}

function appliedOf({ inventory, targets }: StatusSource, stored: StoredRun | null): AppliedResource[] {
  const progress = stored !== null && 'progress' in stored.state ? stored.state.progress : null;
  const named = progress?.steps.some(({ type }) => type !== 'apply-component') ?? false;
  const applied = inventory.filter(
    ({ wanted, reportedSequence, outcome }) =>
      wanted === 'yes' && reportedSequence > 0 && outcome !== 'refused' && outcome !== 'pending',
  );
  const resources = applied.map(({ ref, apiVersion, cluster }): AppliedResource => {
    const [, kind = '', namespace = '', name = ''] = ref.split('/');
    const target = targets.find(({ id }) => id === cluster.id);
    return {
      apiVersion,
      kind,
      name,
      ...(namespace !== '' && { namespace }),
      ...(named && target !== undefined && { cluster: target.local ? 'local' : target.name }),
      creator: 'workflow',
    };
  });
  const key = ({ namespace = '', kind, name }: AppliedResource) => `${namespace}/${kind}/${name}`;
  return resources.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}
