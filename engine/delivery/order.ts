/** In which order the objects of a bundle are applied: what others need first, what intercepts others last. */
import type { ObjectRef } from './bundle.ts';

const first = [
  'Namespace',
  'CustomResourceDefinition',
  'PriorityClass',
  'StorageClass',
  'IngressClass',
  'RuntimeClass',
  'ResourceQuota',
  'LimitRange',
  'NetworkPolicy',
  'ServiceAccount',
  'ClusterRole',
  'ClusterRoleBinding',
  'Role',
  'RoleBinding',
  'Secret',
  'ConfigMap',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'PodDisruptionBudget',
  'Service',
  'DaemonSet',
  'Pod',
  'ReplicationController',
  'ReplicaSet',
  'Deployment',
  'StatefulSet',
  'HorizontalPodAutoscaler',
  'Job',
  'CronJob',
  'Ingress',
];
const last = [
  'APIService',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'MutatingWebhookConfiguration',
  'ValidatingWebhookConfiguration',
];

const ranks: ReadonlyMap<string, number> = new Map([
  ...first.map((kind, i) => [kind, i] as const),
  ...last.map((kind, i) => [kind, first.length + 1 + i] as const),
]);

/** Namespaces and definitions of kinds. */
const foundations = 2;
const turnsOfStage = first.length + last.length + 1;

/** Kinds of the Kubernetes API itself live in the core group, in groups without a dot, or in `*.k8s.io`. */
function isBuiltIn(apiVersion: string): boolean {
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  return !group.includes('.') || group.endsWith('.k8s.io');
}

/** Rank of a kind; custom resources come after all workloads that may be their controllers. */
function applyRank({ apiVersion, kind }: ObjectRef): number {
  return (isBuiltIn(apiVersion) ? ranks.get(kind) : undefined) ?? first.length;
}

interface Ordered {
  readonly ref: ObjectRef;
  readonly stage?: 0 | undefined;
}

/** Entries with equal turns are applied together. An early stage comes after what everything may need. */
export function applyTurn({ ref, stage }: Ordered): number {
  const rank = applyRank(ref);
  if (rank < foundations) return rank;
  return stage === undefined ? rank + turnsOfStage : rank;
}

/** In the order of applying; equal turns keep the order given. */
export function inApplyOrder<T extends Ordered>(entries: readonly T[]): T[] {
  return [...entries].sort((a, b) => applyTurn(a) - applyTurn(b));
}

/** In the order of pruning: the reverse. */
export function inPruneOrder<T extends Ordered>(entries: readonly T[]): T[] {
  return inApplyOrder(entries).reverse();
}
