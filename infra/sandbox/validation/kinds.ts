import type { JsonObject } from '../json.ts';
import { objectOf } from '../json.ts';
import type { FieldProblem } from '../registry/status-error.ts';
import { definitionProblems } from './definition.ts';
import * as network from './network.ts';
import * as other from './other.ts';
import { podSpecProblems } from './pod.ts';
import * as workload from './workload.ts';

export interface Validation {
  /** of an object as a whole, on create and on update */
  readonly check: (object: JsonObject) => FieldProblem[];
  /** of what an update may not change */
  readonly update: (next: JsonObject, live: JsonObject) => FieldProblem[];
}

const none = () => [];
const immutableSelector = workload.immutable('spec.selector');

const VALIDATIONS: Readonly<Record<string, Partial<Validation>>> = {
  '/ConfigMap': { check: other.configMapProblems, update: other.sealedProblems },
  '/Secret': { check: other.secretProblems, update: other.sealedProblems },
  '/Service': { check: network.serviceProblems, update: network.serviceUpdateProblems },
  '/PersistentVolumeClaim': { check: other.claimProblems, update: other.claimUpdateProblems },
  '/Pod': { check: (pod) => podSpecProblems(objectOf(pod['spec']), 'spec') },
  'apps/Deployment': { check: workload.deploymentProblems, update: immutableSelector },
  'apps/ReplicaSet': { check: workload.replicaSetProblems, update: immutableSelector },
  'apps/StatefulSet': { check: workload.statefulSetProblems, update: workload.statefulSetUpdateProblems },
  'apps/DaemonSet': { check: workload.daemonSetProblems, update: immutableSelector },
  'batch/Job': { check: workload.jobProblems, update: workload.jobUpdateProblems },
  'batch/CronJob': { check: workload.cronJobProblems },
  'networking.k8s.io/Ingress': { check: network.ingressProblems },
  'networking.k8s.io/NetworkPolicy': { check: network.networkPolicyProblems },
  'rbac.authorization.k8s.io/Role': { check: other.roleProblems },
  'rbac.authorization.k8s.io/ClusterRole': { check: other.roleProblems },
  'rbac.authorization.k8s.io/RoleBinding': {
    check: other.bindingProblems,
    update: other.bindingUpdateProblems,
  },
  'rbac.authorization.k8s.io/ClusterRoleBinding': {
    check: other.bindingProblems,
    update: other.bindingUpdateProblems,
  },
  'autoscaling/HorizontalPodAutoscaler': { check: other.autoscalerProblems },
  'policy/PodDisruptionBudget': { check: other.budgetProblems },
  'apiextensions.k8s.io/CustomResourceDefinition': { check: definitionProblems },
};

export function validationOf(group: string, kind: string): Validation {
  return { check: none, update: none, ...VALIDATIONS[`${group}/${kind}`] };
}
