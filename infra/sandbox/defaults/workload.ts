// What the API server fills into Deployments, ReplicaSets, StatefulSets, DaemonSets, Jobs and CronJobs.

import { isObject, type JsonObject, objectOf, stringOf } from '../json.ts';
import { fill, objects, podSpecDefaults, within } from './pod.ts';

function templateDefaults(spec: JsonObject): void {
  const template = spec['template'];
  if (isObject(template)) podSpecDefaults(within(template, 'spec'));
}

export function deploymentDefaults(deployment: JsonObject): void {
  const spec = within(deployment, 'spec');
  templateDefaults(spec);
  fill(spec, 'replicas', 1);
  const strategy = within(spec, 'strategy');
  fill(strategy, 'type', 'RollingUpdate');
  if (strategy['type'] === 'RollingUpdate') {
    const rolling = within(strategy, 'rollingUpdate');
    fill(rolling, 'maxUnavailable', '25%');
    fill(rolling, 'maxSurge', '25%');
  }
  fill(spec, 'revisionHistoryLimit', 10);
  fill(spec, 'progressDeadlineSeconds', 600);
}

export function replicaSetDefaults(set: JsonObject): void {
  const spec = within(set, 'spec');
  templateDefaults(spec);
  fill(spec, 'replicas', 1);
}

export function replicationControllerDefaults(controller: JsonObject): void {
  const spec = within(controller, 'spec');
  templateDefaults(spec);
  fill(spec, 'replicas', 1);
  const labels = objectOf(objectOf(spec['template'])['metadata'])['labels'];
  if (!isObject(labels)) return;
  const metadata = within(controller, 'metadata');
  fill(spec, 'selector', { ...labels });
  fill(metadata, 'labels', { ...labels });
}

export function statefulSetDefaults(set: JsonObject): void {
  const spec = within(set, 'spec');
  templateDefaults(spec);
  fill(spec, 'podManagementPolicy', 'OrderedReady');
  const strategy = within(spec, 'updateStrategy');
  if (stringOf(strategy['type']) === '') {
    strategy['type'] = 'RollingUpdate';
    fill(strategy, 'rollingUpdate', {});
  }
  if (strategy['type'] === 'RollingUpdate' && isObject(strategy['rollingUpdate'])) {
    fill(strategy['rollingUpdate'], 'partition', 0);
  }
  const retention = within(spec, 'persistentVolumeClaimRetentionPolicy');
  fill(retention, 'whenDeleted', 'Retain');
  fill(retention, 'whenScaled', 'Retain');
  fill(spec, 'replicas', 1);
  fill(spec, 'revisionHistoryLimit', 10);
  for (const claim of objects(spec['volumeClaimTemplates'])) {
    // a template is an object of its kind, and has its type and first phase filled in
    fill(claim, 'kind', 'PersistentVolumeClaim');
    fill(claim, 'apiVersion', 'v1');
    fill(within(claim, 'spec'), 'volumeMode', 'Filesystem');
    fill(within(claim, 'status'), 'phase', 'Pending');
  }
}

export function daemonSetDefaults(set: JsonObject): void {
  fill(within(within(set, 'metadata'), 'annotations'), 'deprecated.daemonset.template.generation', '0');
  const spec = within(set, 'spec');
  templateDefaults(spec);
  const strategy = within(spec, 'updateStrategy');
  fill(strategy, 'type', 'RollingUpdate');
  if (strategy['type'] === 'RollingUpdate') {
    const rolling = within(strategy, 'rollingUpdate');
    fill(rolling, 'maxUnavailable', 1);
    fill(rolling, 'maxSurge', 0);
  }
  fill(spec, 'revisionHistoryLimit', 10);
}

export function jobDefaults(job: JsonObject): void {
  const spec = within(job, 'spec');
  jobSpecDefaults(spec);
  const labels = objectOf(objectOf(spec['template'])['metadata'])['labels'];
  const metadata = within(job, 'metadata');
  if (isObject(labels) && Object.keys(objectOf(metadata['labels'])).length === 0)
    metadata['labels'] = { ...labels };
}

function jobSpecDefaults(spec: JsonObject): void {
  templateDefaults(spec);
  if (spec['completions'] === undefined && spec['parallelism'] === undefined) spec['completions'] = 1;
  fill(spec, 'parallelism', 1);
  fill(spec, 'backoffLimit', spec['backoffLimitPerIndex'] === undefined ? 6 : 2 ** 31 - 1);
  fill(spec, 'completionMode', 'NonIndexed');
  fill(spec, 'suspend', false);
  fill(
    spec,
    'podReplacementPolicy',
    spec['podFailurePolicy'] === undefined ? 'TerminatingOrFailed' : 'Failed',
  );
  fill(spec, 'manualSelector', false);
  for (const rule of objects(objectOf(spec['podFailurePolicy'])['rules'])) {
    for (const pattern of objects(rule['onPodConditions'])) fill(pattern, 'status', 'True');
  }
}

export function cronJobDefaults(cron: JsonObject): void {
  const spec = within(cron, 'spec');
  fill(spec, 'concurrencyPolicy', 'Allow');
  fill(spec, 'suspend', false);
  fill(spec, 'successfulJobsHistoryLimit', 3);
  fill(spec, 'failedJobsHistoryLimit', 1);
  templateDefaults(within(within(spec, 'jobTemplate'), 'spec'));
}
