// Rolls a Deployment's template out over ReplicaSets.

import { equalJson, type JsonObject } from '../json.ts';
import type { Client } from './client.ts';
import type { Condition, Deployment, Workload, WorkloadStatus } from './kinds.ts';
import { controllerKey, type Owners, ownedBy } from './owners.ts';
import { adopt, templateHash, withCondition } from './pods-of.ts';
import { REPLICA_SETS } from './replica-set.ts';
import { type Bounds, boundsOf, scaleDown, scaleUp } from './rollout.ts';
import type { Controller } from './runtime.ts';

const DEPLOYMENTS = 'apps/deployments';
const REVISION = 'deployment.kubernetes.io/revision';
const HISTORY = 'deployment.kubernetes.io/revision-history';
const DESIRED = 'deployment.kubernetes.io/desired-replicas';
const MAXIMUM = 'deployment.kubernetes.io/max-replicas';
const HASH = 'pod-template-hash';

export function deploymentController(client: Client, owners: Owners): Controller {
  return {
    name: 'deployment',
    concerns: ({ type, resource, object }) => {
      if (resource === REPLICA_SETS) return controllerKey(object, 'Deployment');
      return resource === DEPLOYMENTS && type !== 'DELETED'
        ? [`${object.metadata.namespace}/${object.metadata.name}`]
        : [];
    },
    reconcile: (key) => {
      const deployment = client.get<Deployment>(DEPLOYMENTS, key);
      return deployment ? reconcile(client, owners, deployment) : undefined;
    },
  };
}

interface Sets {
  readonly current: Workload | undefined;
  readonly old: readonly Workload[];
}

function setsOf(owners: Owners, deployment: Deployment): Sets {
  const all = owners
    .controlled<Workload>(deployment, REPLICA_SETS)
    .filter((set) => set.metadata.deletionTimestamp === undefined);
  const current = all.find((set) => equalJson(bareTemplate(set), bareTemplate(deployment)));
  return { current, old: all.filter((set) => set !== current) };
}

/** A set's template without the hash that the controller put in. */
function bareTemplate({ spec: { template } }: Workload): JsonObject {
  const { [HASH]: _, ...labels } = template.metadata.labels ?? {};
  return { ...template, metadata: { ...template.metadata, labels } };
}

function reconcile(client: Client, owners: Owners, deployment: Deployment): number | undefined {
  if (deployment.metadata.deletionTimestamp !== undefined) {
    updateStatus(client, deployment, setsOf(owners, deployment));
    return undefined;
  }
  adopt(client, deployment, REPLICA_SETS);
  let sets = setsOf(owners, deployment);
  if (!deployment.spec.paused) {
    const revision = String(nextRevision(sets));
    if (!sets.current) createSet(client, deployment, revision, sets.old);
    else renumber(client, sets.current, revision);
    annotate(client, deployment, revision);
    sets = setsOf(owners, deployment);
    roll(client, deployment, sets);
    dropOld(client, deployment, sets);
  } else if (sets.current) scale(client, deployment, sets.current, deployment.spec.replicas);
  const live = client.get<Deployment>(
    DEPLOYMENTS,
    `${deployment.metadata.namespace}/${deployment.metadata.name}`,
  );
  return live && updateStatus(client, live, setsOf(owners, live));
}

function revisionOf(set: Workload | undefined): number {
  return Number(set?.metadata.annotations?.[REVISION] ?? 0);
}

function nextRevision({ current, old }: Sets): number {
  const highest = Math.max(0, ...old.map(revisionOf));
  return Math.max(revisionOf(current), highest + 1);
}

/** The revision on the Deployment goes with its status: it is no change of the specification. */
function annotate(client: Client, deployment: Deployment, revision: string): void {
  if (deployment.metadata.annotations?.[REVISION] === revision) return;
  const annotations = { ...deployment.metadata.annotations, [REVISION]: revision };
  client.writeStatus({ ...deployment, metadata: { ...deployment.metadata, annotations } });
}

/** A set that is current again gets a new number and remembers the old one. */
function renumber(client: Client, set: Workload, revision: string): void {
  const before = set.metadata.annotations?.[REVISION];
  if (before === revision) return;
  const history = [set.metadata.annotations?.[HISTORY], before].filter((one) => one !== undefined).join(',');
  const annotations = {
    ...set.metadata.annotations,
    [REVISION]: revision,
    ...(history === '' ? {} : { [HISTORY]: history }),
  };
  client.update({ ...set, metadata: { ...set.metadata, annotations } });
}

function sizes(deployment: Deployment): { [name: string]: string } {
  const { replicas, surge } = boundsOf(deployment);
  return { [DESIRED]: String(replicas), [MAXIMUM]: String(replicas + surge) };
}

function createSet(client: Client, deployment: Deployment, revision: string, old: readonly Workload[]): void {
  const { spec, metadata } = deployment;
  const hash = templateHash(spec.template);
  const labels = { ...spec.template.metadata.labels, [HASH]: hash };
  client.create(REPLICA_SETS, {
    metadata: {
      name: `${metadata.name}-${hash}`,
      namespace: metadata.namespace ?? '',
      labels,
      annotations: { ...metadata.annotations, ...sizes(deployment), [REVISION]: revision },
      ownerReferences: [ownedBy(deployment)],
    },
    spec: {
      replicas: scaleUp(boundsOf(deployment), undefined, old),
      selector: { ...spec.selector, matchLabels: { ...spec.selector.matchLabels, [HASH]: hash } },
      template: { ...spec.template, metadata: { ...spec.template.metadata, labels } },
    },
  });
}

function scale(client: Client, deployment: Deployment, set: Workload, replicas: number): void {
  if (set.spec.replicas === replicas) return;
  const annotations = { ...set.metadata.annotations, ...sizes(deployment) };
  client.update({ ...set, metadata: { ...set.metadata, annotations }, spec: { ...set.spec, replicas } });
}

function roll(client: Client, deployment: Deployment, { current, old }: Sets): void {
  if (!current) return;
  const bounds: Bounds = boundsOf(deployment);
  const fresh = (set: Workload) =>
    client.get<Workload>(REPLICA_SETS, `${set.metadata.namespace}/${set.metadata.name}`) ?? set;
  scale(client, deployment, current, scaleUp(bounds, current, old));
  for (const [set, replicas] of scaleDown(bounds, fresh(current), old)) {
    scale(client, deployment, fresh(set), replicas);
  }
}

function dropOld(client: Client, deployment: Deployment, { old }: Sets): void {
  const idle = old.filter((set) => set.spec.replicas === 0 && (set.status.replicas ?? 0) === 0);
  const surplus = idle
    .sort((a, b) => revisionOf(a) - revisionOf(b))
    .slice(0, Math.max(0, idle.length - deployment.spec.revisionHistoryLimit));
  for (const set of surplus) client.delete(REPLICA_SETS, set);
}

function total(sets: readonly Workload[], field: keyof WorkloadStatus & string): number {
  return sets.reduce((sum, set) => sum + Number(set.status[field] ?? 0), 0);
}

/** Gives the milliseconds after which the deadline has to be looked at. */
function updateStatus(client: Client, deployment: Deployment, { current, old }: Sets): number | undefined {
  const all = current ? [current, ...old] : old;
  const replicas = total(all, 'replicas');
  const available = total(all, 'availableReplicas');
  const updated = current?.status.replicas ?? 0;
  const counts = { replicas, available, updated, wanted: deployment.spec.replicas };
  const { conditions, again } = conditionsOf(client, deployment, current, counts);
  client.updateStatus(deployment, {
    ...deployment.status,
    observedGeneration: deployment.metadata.generation ?? 1,
    replicas,
    updatedReplicas: updated,
    readyReplicas: total(all, 'readyReplicas'),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, replicas - available),
    terminatingReplicas: total(all, 'terminatingReplicas'),
    conditions,
  });
  return again;
}

interface Counts {
  readonly replicas: number;
  readonly available: number;
  readonly updated: number;
  readonly wanted: number;
}

interface Told {
  readonly conditions: Condition[];
  /** after how many milliseconds to look again */
  readonly again: number | undefined;
}

function conditionsOf(
  client: Client,
  deployment: Deployment,
  current: Workload | undefined,
  counts: Counts,
): Told {
  const before = deployment.status.conditions ?? [];
  const least = counts.wanted - boundsOf(deployment).unavailable;
  const available =
    counts.available >= least
      ? condition('Available', 'True', 'MinimumReplicasAvailable', 'Deployment has minimum availability.')
      : condition(
          'Available',
          'False',
          'MinimumReplicasUnavailable',
          'Deployment does not have minimum availability.',
        );
  const { next, again } = progress(client, deployment, current, counts);
  const conditions = withCondition(before, available, client.now);
  if (!next) return { conditions, again };
  const set = withCondition(conditions, next, client.now);
  // the deadline counts from the last progress
  const moved = again === deadline(deployment);
  const touched = set.map((one) =>
    moved && one.type === next.type ? { ...one, lastUpdateTime: client.now } : one,
  );
  return { conditions: touched, again };
}

/** Its times are set where it is taken in. */
function condition(type: string, status: string, reason: string, message: string): Condition {
  return { type, status, lastUpdateTime: '', lastTransitionTime: '', reason, message };
}

interface Progress {
  /** undefined: the condition stays as it is */
  readonly next: Condition | undefined;
  readonly again: number | undefined;
}

function progress(
  client: Client,
  deployment: Deployment,
  current: Workload | undefined,
  counts: Counts,
): Progress {
  const told = (status: string, reason: string, message: string, again?: number): Progress => ({
    next: condition('Progressing', status, reason, message),
    again,
  });
  const silent = (again?: number): Progress => ({ next: undefined, again });
  if (deployment.spec.paused) return told('Unknown', 'DeploymentPaused', 'Deployment is paused');
  if (!current) return silent();
  const { replicas, available, updated, wanted } = counts;
  const set = `ReplicaSet ${JSON.stringify(current.metadata.name)}`;
  if (updated === wanted && replicas === wanted && available === wanted) {
    return told('True', 'NewReplicaSetAvailable', `${set} has successfully progressed.`);
  }
  const before = deployment.status.conditions?.find(({ type }) => type === 'Progressing');
  const sameSet = String(before?.['message']).startsWith(set);
  // once complete, a lost pod is no rollout
  if (before?.['reason'] === 'NewReplicaSetAvailable' && sameSet) return silent();
  if (!before || !sameSet || progressed(deployment, counts)) {
    return told('True', 'ReplicaSetUpdated', `${set} is progressing.`, deadline(deployment));
  }
  // after the deadline only progress helps
  if (before['reason'] === 'ProgressDeadlineExceeded') return silent();
  const left = Date.parse(String(before['lastUpdateTime'])) + deadline(deployment) - client.nowMs;
  if (left > 0) return silent(left);
  return told('False', 'ProgressDeadlineExceeded', `${set} has timed out progressing.`);
}

function deadline(deployment: Deployment): number {
  return deployment.spec.progressDeadlineSeconds * 1000;
}

function progressed({ status }: Deployment, { available, updated }: Counts): boolean {
  return updated > (status.updatedReplicas ?? 0) || available > (status.availableReplicas ?? 0);
}
