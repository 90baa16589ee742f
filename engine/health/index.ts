/** Health of any live object, by kind. */
import { isObject, type JsonObject } from '../json.ts';
import { type Health, type HealthRule, progressing, textAt } from './health.ts';
import { apiService } from './kinds/api-service.ts';
import { cronJob } from './kinds/cron-job.ts';
import { customResourceDefinition } from './kinds/custom-resource-definition.ts';
import { daemonSet } from './kinds/daemon-set.ts';
import { deployment } from './kinds/deployment.ts';
import { general } from './kinds/general.ts';
import { horizontalPodAutoscaler } from './kinds/horizontal-pod-autoscaler.ts';
import { ingress } from './kinds/ingress.ts';
import { job } from './kinds/job.ts';
import { namespace } from './kinds/namespace.ts';
import { persistentVolumeClaim } from './kinds/persistent-volume-claim.ts';
import { pod } from './kinds/pod.ts';
import { podDisruptionBudget } from './kinds/pod-disruption-budget.ts';
import { replicaSet } from './kinds/replica-set.ts';
import { service } from './kinds/service.ts';
import { statefulSet } from './kinds/stateful-set.ts';

/** By `group/Kind`; '' is the core group. */
const rules: ReadonlyMap<string, HealthRule> = new Map([
  ['/Namespace', namespace],
  ['/PersistentVolumeClaim', persistentVolumeClaim],
  ['/Pod', pod],
  ['/ReplicationController', replicaSet],
  ['/Service', service],
  ['apiextensions.k8s.io/CustomResourceDefinition', customResourceDefinition],
  ['apiregistration.k8s.io/APIService', apiService],
  ['apps/DaemonSet', daemonSet],
  ['apps/Deployment', deployment],
  ['apps/ReplicaSet', replicaSet],
  ['apps/StatefulSet', statefulSet],
  ['autoscaling/HorizontalPodAutoscaler', horizontalPodAutoscaler],
  ['batch/CronJob', cronJob],
  ['batch/Job', job],
  ['extensions/Ingress', ingress],
  ['networking.k8s.io/Ingress', ingress],
  ['policy/PodDisruptionBudget', podDisruptionBudget],
]);

/** Judges a live object. One that is being deleted is progressing whatever else it says. */
export function healthOf(object: JsonObject): Health {
  const metadata = isObject(object['metadata']) ? object['metadata'] : {};
  if (metadata['deletionTimestamp'] !== undefined) return progressing('is being deleted');
  const apiVersion = textAt(object, 'apiVersion');
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  const rule = rules.get(`${group}/${textAt(object, 'kind')}`);
  return rule?.(object) ?? general(object);
}
