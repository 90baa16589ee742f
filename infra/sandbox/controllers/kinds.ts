// The parts of the kinds that the controllers read. What is stored was decoded by its type, so these shapes hold.

import type { Json, JsonObject } from '../json.ts';
import type { Metadata, StoredObject } from '../kube-object.ts';

export interface Condition extends JsonObject {
  type: string;
  status: string;
}

export interface PodTemplate extends JsonObject {
  metadata: Metadata;
  spec: PodSpec;
}

export interface Container extends JsonObject {
  name: string;
  image: string;
}

export interface PodSpec extends JsonObject {
  containers: Container[];
  initContainers?: Container[];
  restartPolicy: string;
  nodeName?: string;
  volumes?: JsonObject[];
}

export interface PodStatus extends JsonObject {
  phase: string;
  conditions?: Condition[];
  startTime?: string;
  podIP?: string;
}

export interface Pod extends StoredObject {
  spec: PodSpec;
  status: PodStatus;
}

export interface LabelSelector extends JsonObject {
  matchLabels?: { [name: string]: string };
}

export interface WorkloadSpec extends JsonObject {
  replicas: number;
  selector: LabelSelector;
  template: PodTemplate;
}

export interface WorkloadStatus extends JsonObject {
  replicas?: number;
  readyReplicas?: number;
  availableReplicas?: number;
  updatedReplicas?: number;
  observedGeneration?: number;
  conditions?: Condition[];
}

/** Deployment, ReplicaSet, StatefulSet or DaemonSet. */
export interface Workload extends StoredObject {
  spec: WorkloadSpec;
  status: WorkloadStatus;
}

export interface Deployment extends Workload {
  spec: WorkloadSpec & {
    strategy: {
      type: string;
      rollingUpdate?: { maxSurge: number | string; maxUnavailable: number | string };
    };
    revisionHistoryLimit: number;
    progressDeadlineSeconds: number;
    paused?: boolean;
  };
}

export interface StatefulSet extends Workload {
  spec: WorkloadSpec & {
    podManagementPolicy: string;
    updateStrategy: { type: string; rollingUpdate?: { partition?: number } };
    volumeClaimTemplates?: { metadata: Metadata; spec: JsonObject; [key: string]: Json }[];
  };
}

export interface JobStatus extends JsonObject {
  active?: number;
  succeeded?: number;
  failed?: number;
  startTime?: string;
  completionTime?: string;
  conditions?: Condition[];
}

export interface Job extends StoredObject {
  spec: JsonObject & {
    parallelism: number;
    completions?: number;
    backoffLimit: number;
    completionMode: string;
    suspend: boolean;
    template: PodTemplate;
    activeDeadlineSeconds?: number;
    ttlSecondsAfterFinished?: number;
  };
  status: JobStatus;
}

export function isReady(pod: Pod): boolean {
  return pod.status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
}

export function isOver(pod: Pod): boolean {
  return pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed';
}
