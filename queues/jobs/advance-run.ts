/**
 * Advances one run: takes its Application's lease, loads everything of one moment, asks `advance`, performs the
 * effects, and saves it all in one batch. Whoever is interrupted leaves nothing half done.
 */
import type { Lease, LoadedRun, RunSave, RunStep, Saved } from '../../db/model/run.ts';
import { BEAT_SECONDS, BEATS_UNTIL_UNREACHABLE } from '../../engine/delivery/protocol.ts';
import { Fault } from '../../engine/fault.ts';
import type { ApplicationUid, RunId, TenantId } from '../../engine/ids.ts';
import { jsonEqual } from '../../engine/json.ts';
import { type Advanced, advance } from '../../engine/workflow/advance.ts';
import { digest, type ServiceStatus } from '../../engine/workflow/digest.ts';
import { publicSummary } from '../../engine/workflow/public-status.ts';
import {
  type Effect,
  type NamedCluster,
  newRun,
  placementKey,
  progressOf,
  type Run,
  type RunEvent,
} from '../../engine/workflow/run.ts';
import { type StoredRun, stepStatus, storedRunOf } from '../../engine/workflow/status.ts';
import { announce } from '../announce.ts';
import type { JobDeps } from '../deps.ts';
import { inventoryOf, perform, renderingOf, type Work } from '../effects.ts';
import { LEASE_MS } from '../lease.ts';
import { type Announcement, messageOf } from '../messages.ts';
import { plain } from '../plain.ts';

/** After so many attempts without a save, a run that cannot be worked on is failed instead. */
const MAX_ATTEMPTS = 5;
/** Rounds of one job, where events come in faster than they are taken. */
const MAX_ROUNDS = 10;
const SILENT_MS = BEAT_SECONDS * BEATS_UNTIL_UNREACHABLE * 1000;

/** Advances a run as far as it goes now. Nothing to do, or somebody else at it, is an answer too. */
export async function advanceRun(deps: JobDeps, tenant: TenantId, run: RunId): Promise<void> {
  const { runs } = deps.stores.of(tenant);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const { worker: owner, perTenantCap } = deps;
    const lease = await runs.lease({ run, owner, now: deps.clock.now(), ttlMs: LEASE_MS, perTenantCap });
    if (lease === undefined) return;
    const saved = await underLease(deps, lease);
    await tell(deps, saved.messages);
    const { dueAt, finishedAt, application } = saved.run;
    if (finishedAt !== undefined) return hintAtNext(deps, tenant, application);
    if (dueAt === undefined || dueAt > deps.clock.now()) return;
  }
}

/** Clusters are told at once, since somebody waits for them; the rest goes through the queue. */
async function tell(deps: JobDeps, messages: readonly Announcement[]): Promise<void> {
  const wakes = messages.filter(({ kind }) => kind === 'agent.wake').map(messageOf);
  for (const message of wakes) {
    if (message.kind !== 'agent.wake') continue;
    const { tenant, cluster } = message;
    await deps.cluster.carry({ tenant, cluster }).catch((error: unknown) => {
      deps.log({
        level: 'warn',
        event: 'cluster.not_told',
        cluster,
        error: error instanceof Error ? error.message : '',
      });
    });
  }
  await announce(
    deps,
    messages.filter(({ kind }) => kind !== 'agent.wake'),
  );
}

/** A run waits for those before it, and its own hint may have come while it did. */
async function hintAtNext(deps: JobDeps, tenant: TenantId, application: ApplicationUid): Promise<void> {
  const { runs } = deps.stores.of(tenant);
  const { items } = await runs.list({ application, unfinished: true }, { limit: 100 });
  const next = items.at(-1);
  if (next !== undefined) await announce(deps, [{ kind: 'run.advance', tenant, subject: next.id }]);
}

async function underLease(deps: JobDeps, lease: Lease): Promise<Saved> {
  const { runs } = deps.stores.of(lease.tenant);
  try {
    const loaded = await runs.load(lease, deps.clock.now());
    return await advanceLoaded(deps, loaded);
  } catch (error) {
    // Others may go on at once; the run itself waits for its message to be tried again.
    const pauseMs = error instanceof Fault && error.retry === 'soon' ? 0 : 1000 * 2 ** lease.attempt;
    await runs.release(lease, deps.clock.now() + pauseMs).catch(() => undefined);
    throw error;
  }
}

async function advanceLoaded(deps: JobDeps, loaded: LoadedRun): Promise<Saved> {
  const store = deps.stores.of(loaded.lease.tenant);
  const now = deps.clock.now();
  const work: Work = {
    store,
    loaded,
    rendering: undefined,
    inventory: undefined,
    renderings: [],
    bundles: [],
    remove: false,
  };
  const before = runOf(loaded);
  const around = surroundings(loaded, now);
  const told = await reports(deps, work, before);
  const events = [...eventsOf(loaded), ...told.events, ...around];
  const result = await settle(deps, work, { first: advance(before, events, now), around, now });
  const services = told.services === undefined ? loaded.services : plain(told.services);
  return store.runs.save(loaded, saveOf(work, before, result, services), deps.clock.now());
}

interface Settling {
  readonly first: Advanced;
  readonly around: readonly RunEvent[];
  readonly now: number;
}

/** Performs effects until none is left. */
async function settle(deps: JobDeps, work: Work, { first, around, now }: Settling): Promise<Advanced> {
  let result = first;
  while (result.effects.length > 0) {
    const answers: RunEvent[] = [];
    for (const effect of result.effects) answers.push(...(await performOrGiveUp(deps, work, effect)));
    if (answers.length === 0) return { ...result, effects: [] };
    result = advance(result.run, [...answers, ...around], now);
  }
  return result;
}

/** A rendering that has brought its worker down again and again is not tried for ever. */
async function performOrGiveUp(deps: JobDeps, work: Work, effect: Effect): Promise<readonly RunEvent[]> {
  if (effect.kind === 'render' && work.loaded.lease.attempt > MAX_ATTEMPTS) {
    const message = 'The revision could not be rendered in several attempts.';
    return [{ kind: 'unrenderable', issues: [{ code: 'render-gave-up', path: '', message }] }];
  }
  return perform(deps, work, effect);
}

/** The run as `advance` knows it. */
function runOf({ run, application }: LoadedRun): Run {
  const head = {
    tenant: run.tenant,
    id: run.id,
    application: { uid: application.uid, namespace: application.namespace, name: application.name },
    revision: run.revision,
    purpose: { kind: run.kind },
    createdAt: run.createdAt,
  };
  return { ...newRun(head), ...storedRunOf(run.state) };
}

function eventsOf({ events }: LoadedRun): RunEvent[] {
  return events.flatMap(({ kind, payload }): RunEvent[] => {
    if (kind === 'submitted') return [{ kind: 'submitted' }];
    if (kind === 'timer') return [{ kind: 'timer' }];
    if (kind !== 'command' || typeof payload !== 'object' || payload === null || !('command' in payload))
      return [];
    const { command } = payload;
    return command === 'suspend' || command === 'resume' || command === 'terminate'
      ? [{ kind, command }]
      : [];
  });
}

/** What `advance` is told of the world with every load. */
function surroundings({ targets, inventory, application, run }: LoadedRun, now: number): RunEvent[] {
  const clusters = targets
    .filter(({ state }) => state === 'active')
    .map(
      ({ id, name, local, lastSeenAt }): NamedCluster => ({
        id,
        name,
        local,
        silent: lastSeenAt === undefined || now - lastSeenAt > SILENT_MS,
      }),
    );
  const holding = new Set(inventory.map(({ cluster }) => cluster.id));
  return [
    { kind: 'clusters', clusters },
    { kind: 'holdings', clusters: clusters.filter(({ id }) => holding.has(id)) },
    { kind: 'newest', run: application.run ?? run.id },
  ];
}

interface Told {
  readonly events: readonly RunEvent[];
  readonly services?: readonly ServiceStatus[];
}

/** What the clusters have said, as observations; nothing where nobody has said anything since. */
async function reports(deps: JobDeps, work: Work, run: Run): Promise<Told> {
  const { loaded } = work;
  const progress = progressOf(run);
  if (progress === null || !loaded.events.some(({ kind }) => kind === 'report')) return { events: [] };
  const done = new Map(loaded.bundles.map(({ cluster, reportedSequence }) => [cluster.id, reportedSequence]));
  const inventory = await inventoryOf(work);
  const { destinations } = progress;
  const rendering = (await renderingOf(work)) ?? {
    v: 1,
    plan: { mode: progress.mode, steps: [] },
    templates: {},
    targets: [],
  };
  const counter = loaded.run.version;
  const seen = digest({ rendering, destinations, inventory, done, counter, evaluate: deps.evaluate });
  return { events: seen.reports.map((report) => ({ kind: 'report', ...report })), services: seen.services };
}

function saveOf(
  work: Work,
  before: Run,
  { run, dueAt, finished }: Advanced,
  services: LoadedRun['services'],
): RunSave {
  const { loaded } = work;
  const { startedAt, progressedAt, stalled, state } = run;
  const stored: StoredRun = { startedAt, progressedAt, stalled, state };
  const storedState = plain(stored);
  const steps = changedSteps(loaded.steps, stepRows(run));
  const last = loaded.events.at(-1)?.seq;
  const view = { ...loaded, run: { ...loaded.run, state: storedState }, services };
  return {
    phase: state.phase,
    state: storedState,
    dueAt,
    finished,
    steps,
    ...(last !== undefined && { consumedTo: last }),
    progress: before.state.phase === state.phase && steps.length === 0 ? [] : [noteOf(run, steps)],
    renderings: work.renderings,
    bundles: work.bundles,
    ...(services === loaded.services || jsonEqual(services, loaded.services) ? {} : { services }),
    publicStatus: plain(publicSummary(view)),
    release: true,
    remove: work.remove,
  };
}

/** What is told to those who watch the run. */
function noteOf({ state }: Run, steps: readonly RunStep[]) {
  return plain({
    phase: state.phase,
    steps: steps.map(({ step, phase, reason, message }) => ({ step, phase, reason, message })),
  });
}

/** The steps as rows for readers: one a step and place. */
function stepRows(run: Run): RunStep[] {
  const progress = progressOf(run);
  if (progress === null) return [];
  return progress.steps.flatMap((step, position) => {
    const { phase, reason = '', message = '', ...times } = stepStatus(step, progress);
    const { firstExecuteTime, lastExecuteTime } = times;
    const places = new Map(step.targets.map(({ placement }) => [placementKey(placement), placement]));
    return [...places.values()].map((placement) => ({
      step: step.name,
      placement,
      position,
      type: step.type,
      phase,
      reason,
      message,
      attempt: 1,
      ...(firstExecuteTime !== undefined && { firstAt: Date.parse(firstExecuteTime) }),
      ...(lastExecuteTime !== undefined && { lastAt: Date.parse(lastExecuteTime) }),
    }));
  });
}

function changedSteps(before: readonly RunStep[], after: readonly RunStep[]): RunStep[] {
  const key = ({ step, placement }: RunStep) => `${step}@${placementKey(placement)}`;
  const known = new Map(before.map((row) => [key(row), plain(row)]));
  return after.filter((row) => {
    const stored = known.get(key(row));
    return stored === undefined || !jsonEqual(stored, plain(row));
  });
}
