// Scheduler and kubelet in one: every pod goes to the one node, and its images' tags say what comes of it.
//
// `:broken` is never pulled, `:crash` crashes again and again, `:unready` runs and is never ready, `:fail` ends with
// exit code 1 (crashes where it is restarted), any other is ready; where nothing restarts it, it ends well. The
// annotations sandbox/start-delay and sandbox/run-for (or testcluster/…) are durations such as 3s: how long a pod
// waits, and how long one that ends runs.

import { equalJson, type JsonObject } from '../json.ts';
import type { Client } from './client.ts';
import { type Condition, isOver, type Pod, type PodStatus } from './kinds.ts';
import type { Controller } from './runtime.ts';

const PODS = '/pods';
export const NODE = 'sandbox';
const NODE_ADDRESS = '10.0.0.1';
const RUN_MS = 500;
const LAST_POD_ADDRESS = 64_000;

export function podController(client: Client, delayMs: number): Controller {
  registerNode(client);
  const address = addresses(client);
  const since = new Map<string, number>();
  return {
    name: 'pod',
    concerns: ({ type, resource, object }) => {
      if (resource !== PODS) return [];
      if (type === 'DELETED') since.delete(object.metadata.uid);
      return type === 'DELETED' ? [] : [`${object.metadata.namespace}/${object.metadata.name}`];
    },
    reconcile: (key) => {
      const pod = client.get<Pod>(PODS, key);
      if (!pod || placed(client, pod)) return undefined;
      const first = since.get(pod.metadata.uid) ?? startOf(pod) ?? client.nowMs;
      since.set(pod.metadata.uid, first);
      const { status, again } = outcome(pod, {
        age: client.nowMs - first,
        delayMs,
        now: client.now,
        address,
      });
      if (!equalJson(pod.status, status)) client.updateStatus(pod, status);
      return again;
    },
  };
}

/** Whether there is nothing more to do for the pod now: it goes, is over, waits, or was just given its node. */
function placed(client: Client, pod: Pod): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds: grace = 0, finalizers = [] } = pod.metadata;
  if (deletionTimestamp !== undefined) {
    if (grace > 0 || finalizers.length === 0) client.delete(PODS, pod, undefined, 0);
    return true;
  }
  const gates = pod.spec['schedulingGates'];
  if (isOver(pod) || (Array.isArray(gates) && gates.length > 0)) return true;
  if (pod.spec.nodeName) return false;
  client.put(PODS, { ...pod, spec: { ...pod.spec, nodeName: NODE } });
  return true;
}

/** Gives addresses that no pod has. */
function addresses(client: Client): () => string {
  let last = highestAddress(client);
  return () => {
    last = (last % LAST_POD_ADDRESS) + 1;
    return `10.244.${Math.floor(last / 254)}.${(last % 254) + 1}`;
  };
}

/** After a restart the sandbox goes on from when the pod was started. */
function startOf(pod: Pod): number | undefined {
  return pod.status.startTime === undefined ? undefined : Date.parse(pod.status.startTime);
}

function highestAddress(client: Client): number {
  let highest = 0;
  for (const pod of client.list<Pod>(PODS)) {
    const [, , high, low] = (pod.status.podIP ?? '0.0.0.1').split('.').map(Number);
    highest = Math.max(highest, (high ?? 0) * 254 + (low ?? 1) - 1);
  }
  return highest;
}

function registerNode(client: Client): void {
  if (client.get('/nodes', NODE)) return;
  const size = { cpu: '64', memory: '256Gi', 'ephemeral-storage': '1Ti', pods: '10000' };
  const time = client.now;
  client.create('/nodes', {
    metadata: {
      name: NODE,
      labels: { 'kubernetes.io/hostname': NODE, 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'amd64' },
    },
    status: {
      capacity: size,
      allocatable: size,
      addresses: [
        { type: 'InternalIP', address: NODE_ADDRESS },
        { type: 'Hostname', address: NODE },
      ],
      conditions: [
        {
          type: 'Ready',
          status: 'True',
          reason: 'KubeletReady',
          lastHeartbeatTime: time,
          lastTransitionTime: time,
        },
      ],
      nodeInfo: { kubeletVersion: 'v1.35.0+sandbox', operatingSystem: 'linux', architecture: 'amd64' },
    },
  });
}

interface Moment {
  /** how long the pod has been on its node */
  readonly age: number;
  readonly delayMs: number;
  readonly now: string;
  readonly address: () => string;
}

interface Outcome {
  readonly status: PodStatus;
  /** after how many milliseconds to look again */
  readonly again: number | undefined;
}

type Fate = 'waiting' | 'broken' | 'crashing' | 'done' | 'failed' | 'unready' | 'running';

function outcome(pod: Pod, { age, delayMs, now, address }: Moment): Outcome {
  const delay = durationOf(pod, 'start-delay') ?? delayMs;
  const ends = pod.spec.restartPolicy !== 'Always';
  const until = delay + (durationOf(pod, 'run-for') ?? RUN_MS);
  const phase = age < delay ? 'waiting' : ends && age >= until ? 'over' : 'up';
  const startTime = pod.status.startTime ?? now;
  const fates = pod.spec.containers.map(({ image }) => fateOf(image, phase, ends));
  const containerStatuses = pod.spec.containers.map((container, i) =>
    containerStatus(container.name, container.image, fates[i] ?? 'running', { startTime, now }),
  );
  const waiting = phase === 'waiting';
  const status: PodStatus = {
    ...pod.status,
    phase: phaseOf(fates),
    startTime,
    hostIP: NODE_ADDRESS,
    hostIPs: [{ ip: NODE_ADDRESS }],
    containerStatuses,
    conditions: conditionsOf(pod, fates, waiting, now),
  };
  if (!waiting && status.podIP === undefined) status.podIP = address();
  if (status.podIP !== undefined) status['podIPs'] = [{ ip: status.podIP }];
  const initial = pod.spec.initContainers ?? [];
  if (initial.length > 0) {
    status['initContainerStatuses'] = initial.map(({ name, image }) =>
      initStatus(name, image, waiting, startTime),
    );
  }
  const stays = fates.every((fate) => fate === 'broken' || fate === 'crashing');
  const again = waiting ? delay - age : ends && phase === 'up' && !stays ? until - age : undefined;
  return { status, again };
}

function durationOf(pod: Pod, name: string): number | undefined {
  const { annotations = {} } = pod.metadata;
  const text = annotations[`sandbox/${name}`] ?? annotations[`testcluster/${name}`] ?? '';
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text);
  return match
    ? Number(match[1]) * { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[match[2] as 'ms' | 's' | 'm' | 'h']
    : undefined;
}

function fateOf(image: string, phase: 'waiting' | 'up' | 'over', ends: boolean): Fate {
  const tag = image.slice(image.lastIndexOf(':') + 1);
  if (phase === 'waiting') return 'waiting';
  if (tag === 'broken') return 'broken';
  if (tag === 'crash' || (tag === 'fail' && !ends)) return 'crashing';
  if (phase === 'over') return tag === 'fail' ? 'failed' : 'done';
  return tag === 'unready' ? 'unready' : 'running';
}

function phaseOf(fates: readonly Fate[]): string {
  if (fates.some((fate) => fate === 'waiting' || fate === 'broken')) return 'Pending';
  if (fates.every((fate) => fate === 'done' || fate === 'failed'))
    return fates.includes('failed') ? 'Failed' : 'Succeeded';
  return 'Running';
}

interface Times {
  readonly startTime: string;
  readonly now: string;
}

function containerStatus(name: string, image: string, fate: Fate, times: Times): JsonObject {
  const imageID = fate === 'waiting' || fate === 'broken' ? '' : `sandbox://${image}`;
  const base = { name, image, imageID, restartCount: 0, started: false, ready: false, lastState: {} };
  const state = stateOf(name, image, fate, times);
  switch (fate) {
    case 'crashing':
      return {
        ...base,
        restartCount: 3,
        state,
        lastState: ended(1, 'Error', { ...times, now: times.startTime }),
      };
    case 'unready':
    case 'running':
      return { ...base, started: true, ready: fate === 'running', state };
    default:
      return { ...base, state };
  }
}

function stateOf(name: string, image: string, fate: Fate, times: Times): JsonObject {
  switch (fate) {
    case 'waiting':
      return { waiting: { reason: 'ContainerCreating' } };
    case 'broken':
      return {
        waiting: { reason: 'ImagePullBackOff', message: `Back-off pulling image ${JSON.stringify(image)}` },
      };
    case 'crashing': {
      const message = `back-off 40s restarting failed container=${name}`;
      return { waiting: { reason: 'CrashLoopBackOff', message } };
    }
    case 'done':
      return ended(0, 'Completed', times);
    case 'failed':
      return ended(1, 'Error', times);
    case 'unready':
    case 'running':
      return { running: { startedAt: times.startTime } };
    default:
      return fate satisfies never;
  }
}

function ended(exitCode: number, reason: string, { startTime, now }: Times): JsonObject {
  return { terminated: { exitCode, reason, startedAt: startTime, finishedAt: now } };
}

function initStatus(name: string, image: string, waiting: boolean, startTime: string): JsonObject {
  const state = waiting
    ? { waiting: { reason: 'PodInitializing' } }
    : { terminated: { exitCode: 0, reason: 'Completed', startedAt: startTime, finishedAt: startTime } };
  return {
    name,
    image,
    imageID: `sandbox://${image}`,
    restartCount: 0,
    ready: !waiting,
    started: false,
    state,
    lastState: {},
  };
}

function conditionsOf(pod: Pod, fates: readonly Fate[], waiting: boolean, now: string): Condition[] {
  const over = fates.every((fate) => fate === 'done' || fate === 'failed');
  const ready = fates.every((fate) => fate === 'running');
  const reason = over ? (fates.includes('failed') ? 'PodFailed' : 'PodCompleted') : 'ContainersNotReady';
  const bad = pod.spec.containers.filter((_, i) => fates[i] !== 'running').map(({ name }) => name);
  const message = over ? '' : `containers with unready status: [${bad.join(' ')}]`;
  const wanted: [string, boolean, string, string][] = [
    ['PodReadyToStartContainers', !waiting && !over, '', ''],
    ['Initialized', !waiting || (pod.spec.initContainers ?? []).length === 0, '', ''],
    ['Ready', ready, reason, message],
    ['ContainersReady', ready, reason, message],
    ['PodScheduled', true, '', ''],
  ];
  return wanted.map(([type, holds, why, text]) => {
    const before = pod.status.conditions?.find((one) => one.type === type);
    const status = holds ? 'True' : 'False';
    const condition: Condition = {
      type,
      status,
      lastProbeTime: null,
      lastTransitionTime: before?.status === status ? (before['lastTransitionTime'] ?? now) : now,
    };
    if (!holds && why !== '') condition['reason'] = why;
    if (!holds && text !== '') condition['message'] = text;
    return condition;
  });
}
