// Takes out of an answer what differs between two servers that do the same: ids, revisions, times, generated names.

import type { Answer, Json } from './kube-http.ts';

type JsonObject = { [key: string]: Json };

const VOLATILE = new Set([
  'controller-uid',
  'batch.kubernetes.io/controller-uid',
  'uid',
  'resourceVersion',
  'creationTimestamp',
  'deletionTimestamp',
  'selfLink',
]);
const TIMES = new Set([
  'time',
  'lastTransitionTime',
  'lastUpdateTime',
  'lastProbeTime',
  'startTime',
  'lastPhaseTransitionTime',
  'completionTime',
]);
const ADDRESSES = new Set([
  'loadBalancer',
  'clusterIP',
  'clusterIPs',
  'nodePort',
  'healthCheckNodePort',
  'remainingItemCount',
  'continue',
]);

/** Managers that only watch over objects, on either server. */
const CONTROLLERS = new Set(['testcluster', 'kube-controller-manager', 'kubelet', 'kube-apiserver']);

export function normalised(answer: Answer): Json {
  return { code: answer.code, body: walk(answer.body, ''), warnings: [...answer.warnings] };
}

function walk(value: Json, key: string): Json {
  if (Array.isArray(value)) {
    if (key === 'managedFields') return managed(value);
    if (key === 'causes') return distinct(sorted(value.map((item) => walk(item, ''))));
    return value.map((item) => walk(item, ''));
  }
  if (typeof value === 'string') return key === 'message' ? messageOf(value) : tokenless(value);
  if (typeof value !== 'object' || value === null) return value;
  const result: JsonObject = {};
  const told = isWorkload(value) || hasManyCauses(value) ? { ...value, ...WITHHELD } : value;
  for (const [name, inner] of Object.entries(told).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (VOLATILE.has(name) && typeof inner === 'string') result[name] = inner === '' ? '' : '*';
    else if (TIMES.has(name) && typeof inner === 'string') result[name] = '*';
    else if (ADDRESSES.has(name) && inner !== 'None') result[name] = '*';
    else result[name] = walk(inner, name);
  }
  return result;
}

/** Of workloads the status, which comes in its own time; of many causes the sentence, which has them in any order. */
const WITHHELD = { status: '*', message: '*' };

const WORKLOADS = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job']);

function isWorkload(value: JsonObject): boolean {
  return WORKLOADS.has(String(value['kind'])) && value['metadata'] !== undefined;
}

function hasManyCauses(value: JsonObject): boolean {
  const { details } = value;
  const causes =
    typeof details === 'object' && details !== null && !Array.isArray(details) ? details['causes'] : [];
  return value['reason'] === 'Invalid' && Array.isArray(causes) && distinct(sorted(causes)).length > 1;
}

function tokenless(text: string): string {
  return text.replace(/kube-api-access-[a-z0-9]{5}/g, 'kube-api-access-*');
}

/** Uids, and the order of conflicts and type errors, which the API server does not fix. */
function messageOf(text: string): string {
  const plain = tokenless(text)
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<uid>')
    .replace(/ResourceVersion in record \(\d+\)/g, 'ResourceVersion in record (<rv>)')
    .replace(/(\\"resourceVersion\\":\\")\d+/g, '$1*')
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, '<time>')
    .replace(/current: \d+/g, 'current: <rv>')
    // an object that is quoted has its fields in any order
    .replace(/^( "" is invalid: patch: |)Invalid value: "\{.*\}": /s, '$1Invalid value: <object>: ');
  if (plain.includes(': errors:\n')) {
    const [first = '', ...problems] = plain.split('\n');
    return [first, ...problems.sort()].join('\n');
  }
  if (!plain.startsWith('Apply failed with')) return plain;
  const [head = '', ...lines] = plain.split('\n');
  return [
    head.replace(/conflicts with.*$/, ''),
    ...[head.replace(/^.*?(conflicts with)/, '$1'), ...lines].sort(),
  ].join('\n');
}

function sorted(list: readonly Json[]): Json[] {
  return [...list].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

/** The API server checks some things twice, and then says so twice. */
function distinct(list: readonly Json[]): Json[] {
  return list.filter((item, i) => JSON.stringify(item) !== JSON.stringify(list[i - 1]));
}

function managed(entries: readonly Json[]): Json {
  const kept = entries.filter((entry) => !CONTROLLERS.has(String((entry as JsonObject)['manager']))); // entries are objects
  return sorted(kept.map((entry) => walk(entry, '')));
}
