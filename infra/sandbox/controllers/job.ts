// Runs pods until enough of them have ended well, or too many badly.

import type { JsonObject } from '../json.ts';
import type { Client } from './client.ts';
import { type Condition, isOver, isReady, type Job, type Pod } from './kinds.ts';
import { controllerKey, type Owners } from './owners.ts';
import { createPod, withCondition } from './pods-of.ts';
import type { Controller } from './runtime.ts';

const JOBS = 'batch/jobs';
const PODS = '/pods';
const INDEX = 'batch.kubernetes.io/job-completion-index';

export function jobController(client: Client, owners: Owners): Controller {
  return {
    name: 'job',
    concerns: ({ type, resource, object }) => {
      if (resource === PODS) return controllerKey(object, 'Job');
      return resource === JOBS && type !== 'DELETED'
        ? [`${object.metadata.namespace}/${object.metadata.name}`]
        : [];
    },
    reconcile: (key) => {
      const job = client.get<Job>(JOBS, key);
      return job && job.metadata.deletionTimestamp === undefined ? reconcile(client, owners, job) : undefined;
    },
  };
}

function finished(job: Job): Condition | undefined {
  return job.status.conditions?.find(
    ({ type, status }) => (type === 'Complete' || type === 'Failed') && status === 'True',
  );
}

interface Progress {
  readonly startTime: string | undefined;
  readonly ending: Ending | undefined;
}

interface Ending {
  readonly type: 'Complete' | 'Failed';
  readonly reason: string;
  readonly message: string;
}

function reconcile(client: Client, owners: Owners, job: Job): number | undefined {
  if (finished(job)) return expire(client, job);
  const pods = owners.controlled<Pod>(job, PODS);
  const startTime = job.spec.suspend ? undefined : (job.status.startTime ?? client.now);
  const active = pods.filter((pod) => !isOver(pod) && pod.metadata.deletionTimestamp === undefined);
  const ending = job.spec.suspend ? undefined : endingOf(client, job, pods, startTime);
  if (ending || job.spec.suspend) for (const pod of active) client.delete(PODS, pod, undefined, 0);
  else startPods(client, job, pods, active);
  writeStatus(client, owners, job, { startTime, ending });
  const { activeDeadlineSeconds: limit } = job.spec;
  if (ending || limit === undefined || startTime === undefined) return undefined;
  return Math.max(0, Date.parse(startTime) + limit * 1000 - client.nowMs) + 1;
}

function succeededPods(pods: readonly Pod[]): Pod[] {
  return pods.filter((pod) => pod.status.phase === 'Succeeded');
}

function endingOf(
  client: Client,
  job: Job,
  pods: readonly Pod[],
  startTime: string | undefined,
): Ending | undefined {
  const { completions, backoffLimit, activeDeadlineSeconds } = job.spec;
  const succeeded = succeededPods(pods).length;
  const failed = pods.filter((pod) => pod.status.phase === 'Failed').length;
  const left = pods.filter((pod) => !isOver(pod)).length;
  if (failed > backoffLimit) {
    return {
      type: 'Failed',
      reason: 'BackoffLimitExceeded',
      message: 'Job has reached the specified backoff limit',
    };
  }
  if (
    activeDeadlineSeconds !== undefined &&
    startTime !== undefined &&
    client.nowMs >= Date.parse(startTime) + activeDeadlineSeconds * 1000
  ) {
    return {
      type: 'Failed',
      reason: 'DeadlineExceeded',
      message: 'Job was active longer than specified deadline',
    };
  }
  // without a count, one success is enough once the others have ended
  const done = completions === undefined ? succeeded > 0 && left === 0 : succeeded >= completions;
  return done
    ? { type: 'Complete', reason: 'CompletionsReached', message: 'Reached expected number of succeeded pods' }
    : undefined;
}

function startPods(client: Client, job: Job, pods: readonly Pod[], active: readonly Pod[]): void {
  const { parallelism, completions } = job.spec;
  const succeeded = succeededPods(pods).length;
  const wanted =
    completions === undefined
      ? succeeded > 0
        ? active.length
        : parallelism
      : Math.min(parallelism, completions - succeeded);
  const free = freeIndexes(job, pods);
  for (let i = active.length; i < wanted; i++) {
    const index = job.spec.completionMode === 'Indexed' ? free.shift() : undefined;
    if (job.spec.completionMode === 'Indexed' && index === undefined) return;
    const labels = index === undefined ? {} : { [INDEX]: String(index) };
    const prefix = index === undefined ? `${job.metadata.name}-` : `${job.metadata.name}-${index}-`;
    createPod(client, job, { generateName: prefix, labels, annotations: labels });
  }
}

function freeIndexes(job: Job, pods: readonly Pod[]): number[] {
  const taken = new Set(
    pods
      .filter((pod) => pod.status.phase !== 'Failed')
      .map((pod) => Number(pod.metadata.annotations?.[INDEX] ?? -1)),
  );
  return Array.from({ length: job.spec.completions ?? 0 }, (_, i) => i).filter((i) => !taken.has(i));
}

function writeStatus(client: Client, owners: Owners, job: Job, { startTime, ending }: Progress): void {
  const live = client.get<Job>(JOBS, `${job.metadata.namespace}/${job.metadata.name}`);
  if (!live) return;
  const pods = owners.controlled<Pod>(live, PODS);
  const active = pods.filter((pod) => !isOver(pod) && pod.metadata.deletionTimestamp === undefined);
  const { active: _, completionTime: __, startTime: ___, ...rest } = live.status;
  const status: JsonObject = {
    ...rest,
    ready: active.filter(isReady).length,
    terminating: pods.filter((pod) => !isOver(pod) && pod.metadata.deletionTimestamp !== undefined).length,
    uncountedTerminatedPods: {},
    succeeded: Math.max(succeededPods(pods).length, live.status.succeeded ?? 0),
    failed: Math.max(pods.filter((pod) => pod.status.phase === 'Failed').length, live.status.failed ?? 0),
  };
  if (job.spec.completionMode === 'Indexed') {
    const done = succeededPods(pods).map((pod) => Number(pod.metadata.annotations?.[INDEX] ?? 0));
    status['completedIndexes'] = ranges([...new Set(done)].sort((a, b) => a - b));
  }
  if (active.length > 0) status['active'] = active.length;
  if (startTime !== undefined) status['startTime'] = startTime;
  if (ending?.type === 'Complete') status['completionTime'] = client.now;
  status['conditions'] = conditionsOf(client, live, ending);
  client.updateStatus(live, status);
}

/** `0,1,3-5`: two in a row are written singly. */
function ranges(numbers: readonly number[]): string {
  const parts: string[] = [];
  for (let i = 0; i < numbers.length; ) {
    let end = i;
    while (numbers[end + 1] === (numbers[end] ?? 0) + 1) end++;
    parts.push(end - i < 2 ? numbers.slice(i, end + 1).join(',') : `${numbers[i]}-${numbers[end]}`);
    i = end + 1;
  }
  return parts.join(',');
}

function conditionsOf(client: Client, job: Job, ending: Ending | undefined): Condition[] {
  let conditions = job.status.conditions ?? [];
  const set = (type: string, status: string, reason: string, message: string) => {
    const condition = {
      type,
      status,
      lastProbeTime: client.now,
      lastTransitionTime: client.now,
      reason,
      message,
    };
    conditions = withCondition(conditions, condition, client.now);
  };
  const suspended = conditions.some(({ type }) => type === 'Suspended');
  if (job.spec.suspend) set('Suspended', 'True', 'JobSuspended', 'Job suspended');
  else if (suspended) set('Suspended', 'False', 'JobResumed', 'Job resumed');
  if (!ending) return conditions;
  const before = ending.type === 'Complete' ? 'SuccessCriteriaMet' : 'FailureTarget';
  set(before, 'True', ending.reason, ending.message);
  set(ending.type, 'True', ending.reason, ending.message);
  return conditions;
}

/** Gives the time until the finished job is removed, if it is to be. */
function expire(client: Client, job: Job): number | undefined {
  const { ttlSecondsAfterFinished: ttl } = job.spec;
  const end = finished(job)?.['lastTransitionTime'];
  if (ttl === undefined || typeof end !== 'string') return undefined;
  const left = Date.parse(end) + ttl * 1000 - client.nowMs;
  if (left > 0) return left;
  client.delete(JOBS, job, 'Foreground');
  return undefined;
}
