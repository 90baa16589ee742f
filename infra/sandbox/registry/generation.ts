// When metadata.generation rises: with what the kind counts as its specification.

import { equalJson, type Json, type JsonObject } from '../json.ts';
import type { KubeObject } from '../kube-object.ts';
import type { ResourceType } from './resource-type.ts';

type Counted = (object: JsonObject) => Json;

const spec: Counted = (object) => object['spec'] ?? null;
const allButMetadata: Counted = ({ metadata: _, ...rest }) => rest;

const COUNTED: Readonly<Record<string, Counted>> = {
  '/Pod': spec,
  '/PodTemplate': (object) => object['template'] ?? null,
  '/ReplicationController': spec,
  // a Deployment's annotations are carried to its ReplicaSets
  'apps/Deployment': (object) => [spec(object), (object as KubeObject).metadata.annotations ?? null], // a decoded object
  'apps/ReplicaSet': spec,
  'apps/StatefulSet': spec,
  'apps/DaemonSet': spec,
  'batch/Job': spec,
  'batch/CronJob': spec,
  'discovery.k8s.io/EndpointSlice': allButMetadata,
  'networking.k8s.io/Ingress': spec,
  'networking.k8s.io/IngressClass': spec,
  'networking.k8s.io/NetworkPolicy': spec,
  'policy/PodDisruptionBudget': spec,
  'scheduling.k8s.io/PriorityClass': () => null,
  'apiextensions.k8s.io/CustomResourceDefinition': spec,
  'admissionregistration.k8s.io/MutatingWebhookConfiguration': (object) => object['webhooks'] ?? null,
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration': (object) => object['webhooks'] ?? null,
};

function countedOf(type: ResourceType): Counted | undefined {
  if (!type.custom) return COUNTED[`${type.group}/${type.kind}`];
  const hasStatus = type.subresources.has('status');
  return ({ metadata: _, status, ...rest }) => (hasStatus ? rest : { ...rest, status: status ?? null });
}

/** undefined: the kind has no generation. */
export function firstGeneration(type: ResourceType): number | undefined {
  return countedOf(type) ? 1 : undefined;
}

export function nextGeneration(type: ResourceType, next: KubeObject, live: KubeObject): number | undefined {
  const counted = countedOf(type);
  const before = live.metadata.generation;
  if (!counted || before === undefined) return before;
  return equalJson(counted(next), counted(live)) ? before : before + 1;
}
