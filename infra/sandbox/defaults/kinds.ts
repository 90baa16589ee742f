import type { JsonObject } from '../json.ts';
import * as other from './other.ts';
import { podDefaults, podSpecDefaults, within } from './pod.ts';
import * as workload from './workload.ts';

/** Fills in a decoded object, in place. */
export type Defaults = (object: JsonObject) => void;

const DEFAULTS: Readonly<Record<string, Defaults>> = {
  '/Pod': podDefaults,
  '/PodTemplate': (template) => podSpecDefaults(within(within(template, 'template'), 'spec')),
  '/Service': other.serviceDefaults,
  '/Secret': other.secretDefaults,
  '/Namespace': other.namespaceDefaults,
  '/PersistentVolumeClaim': other.claimDefaults,
  '/PersistentVolume': other.volumeDefaults,
  '/Endpoints': other.endpointsDefaults,
  '/ReplicationController': workload.replicationControllerDefaults,
  'apps/Deployment': workload.deploymentDefaults,
  'apps/ReplicaSet': workload.replicaSetDefaults,
  'apps/StatefulSet': workload.statefulSetDefaults,
  'apps/DaemonSet': workload.daemonSetDefaults,
  'batch/Job': workload.jobDefaults,
  'batch/CronJob': workload.cronJobDefaults,
  'discovery.k8s.io/EndpointSlice': other.endpointSliceDefaults,
  'networking.k8s.io/NetworkPolicy': other.networkPolicyDefaults,
  'networking.k8s.io/IngressClass': other.ingressClassDefaults,
  'rbac.authorization.k8s.io/RoleBinding': other.bindingDefaults,
  'rbac.authorization.k8s.io/ClusterRoleBinding': other.bindingDefaults,
  'storage.k8s.io/StorageClass': other.storageClassDefaults,
  'scheduling.k8s.io/PriorityClass': other.priorityClassDefaults,
  'autoscaling/HorizontalPodAutoscaler': other.autoscalerDefaults,
  'apiextensions.k8s.io/CustomResourceDefinition': other.definitionDefaults,
  'admissionregistration.k8s.io/MutatingWebhookConfiguration': other.webhookDefaults,
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration': other.webhookDefaults,
};

export function defaultsOf(group: string, kind: string): Defaults {
  return DEFAULTS[`${group}/${kind}`] ?? (() => undefined);
}
