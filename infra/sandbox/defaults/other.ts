// What the API server fills into the kinds that run nothing.

import { isObject, type JsonObject, listOf, numberOf, objectOf, stringOf } from '../json.ts';
import { fill, objects, within } from './pod.ts';

export function serviceDefaults(service: JsonObject): void {
  const spec = within(service, 'spec');
  fill(spec, 'sessionAffinity', 'None');
  if (spec['sessionAffinity'] === 'None') delete spec['sessionAffinityConfig'];
  if (spec['sessionAffinity'] === 'ClientIP') {
    fill(within(within(spec, 'sessionAffinityConfig'), 'clientIP'), 'timeoutSeconds', 10800);
  }
  fill(spec, 'type', 'ClusterIP');
  for (const port of objects(spec['ports'])) {
    fill(port, 'protocol', 'TCP');
    if (port['targetPort'] === 0 || port['targetPort'] === '') port['targetPort'] = numberOf(port['port']);
  }
  const type = stringOf(spec['type']);
  const external = listOf(spec['externalIPs']).length > 0;
  if (type === 'LoadBalancer' || type === 'NodePort' || (type === 'ClusterIP' && external)) {
    fill(spec, 'externalTrafficPolicy', 'Cluster');
  }
  if (type !== 'ExternalName') fill(spec, 'internalTrafficPolicy', 'Cluster');
  if (type !== 'LoadBalancer') return;
  fill(spec, 'allocateLoadBalancerNodePorts', true);
  for (const ingress of objects(objectOf(objectOf(service['status'])['loadBalancer'])['ingress'])) {
    if (ingress['ip']) fill(ingress, 'ipMode', 'VIP');
  }
}

/** `stringData` is a way to write `data`: it is never kept. */
export function secretDefaults(secret: JsonObject): void {
  fill(secret, 'type', 'Opaque');
  const plain = secret['stringData'];
  if (!isObject(plain)) return;
  const data = within(secret, 'data');
  for (const [key, value] of Object.entries(plain))
    data[key] = Buffer.from(stringOf(value)).toString('base64');
  delete secret['stringData'];
}

export function namespaceDefaults(namespace: JsonObject): void {
  const metadata = within(namespace, 'metadata');
  const name = stringOf(metadata['name']);
  if (name !== '') within(metadata, 'labels')['kubernetes.io/metadata.name'] = name;
  fill(within(namespace, 'status'), 'phase', 'Active');
}

export function claimDefaults(claim: JsonObject): void {
  fill(within(claim, 'spec'), 'volumeMode', 'Filesystem');
  fill(within(claim, 'status'), 'phase', 'Pending');
}

export function volumeDefaults(volume: JsonObject): void {
  const spec = within(volume, 'spec');
  fill(spec, 'persistentVolumeReclaimPolicy', 'Retain');
  fill(spec, 'volumeMode', 'Filesystem');
  fill(within(volume, 'status'), 'phase', 'Pending');
  const path = spec['hostPath'];
  if (isObject(path)) fill(path, 'type', '');
}

export function endpointsDefaults(endpoints: JsonObject): void {
  for (const subset of objects(endpoints['subsets'])) {
    for (const port of objects(subset['ports'])) fill(port, 'protocol', 'TCP');
  }
}

export function endpointSliceDefaults(slice: JsonObject): void {
  for (const port of objects(slice['ports'])) {
    if (port['name'] === undefined) port['name'] = '';
    fill(port, 'protocol', 'TCP');
  }
}

export function networkPolicyDefaults(policy: JsonObject): void {
  const spec = within(policy, 'spec');
  if (listOf(spec['policyTypes']).length === 0) {
    spec['policyTypes'] = listOf(spec['egress']).length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
  }
  for (const key of ['ingress', 'egress']) {
    for (const rule of objects(spec[key]))
      for (const port of objects(rule['ports'])) fill(port, 'protocol', 'TCP');
  }
}

export function ingressClassDefaults(ingressClass: JsonObject): void {
  const parameters = objectOf(ingressClass['spec'])['parameters'];
  if (isObject(parameters)) fill(parameters, 'scope', 'Cluster');
}

const RBAC = 'rbac.authorization.k8s.io';

export function bindingDefaults(binding: JsonObject): void {
  fill(within(binding, 'roleRef'), 'apiGroup', RBAC);
  for (const subject of objects(binding['subjects'])) {
    if (subject['kind'] === 'User' || subject['kind'] === 'Group') fill(subject, 'apiGroup', RBAC);
  }
}

export function storageClassDefaults(storageClass: JsonObject): void {
  fill(storageClass, 'reclaimPolicy', 'Delete');
  fill(storageClass, 'volumeBindingMode', 'Immediate');
}

export function priorityClassDefaults(priorityClass: JsonObject): void {
  fill(priorityClass, 'preemptionPolicy', 'PreemptLowerPriority');
}

export function autoscalerDefaults(autoscaler: JsonObject): void {
  const spec = within(autoscaler, 'spec');
  fill(spec, 'minReplicas', 1);
  if (autoscaler['apiVersion'] === 'autoscaling/v1') {
    fill(spec, 'targetCPUUtilizationPercentage', 80);
    return;
  }
  if (listOf(spec['metrics']).length === 0) {
    const target = { type: 'Utilization', averageUtilization: 80 };
    spec['metrics'] = [{ type: 'Resource', resource: { name: 'cpu', target } }];
  }
  if (isObject(spec['behavior'])) behaviourDefaults(spec['behavior']);
}

function behaviourDefaults(behaviour: JsonObject): void {
  const up = within(behaviour, 'scaleUp');
  fill(up, 'stabilizationWindowSeconds', 0);
  fill(up, 'selectPolicy', 'Max');
  fill(up, 'policies', [
    { type: 'Pods', value: 4, periodSeconds: 15 },
    { type: 'Percent', value: 100, periodSeconds: 15 },
  ]);
  const down = within(behaviour, 'scaleDown');
  fill(down, 'selectPolicy', 'Max');
  fill(down, 'policies', [{ type: 'Percent', value: 100, periodSeconds: 15 }]);
}

export function definitionDefaults(definition: JsonObject): void {
  const spec = within(definition, 'spec');
  const names = within(spec, 'names');
  const kind = stringOf(names['kind']);
  fill(names, 'singular', kind.toLowerCase());
  if (kind !== '') fill(names, 'listKind', `${kind}List`);
  fill(spec, 'conversion', { strategy: 'None' });
  const status = within(definition, 'status');
  if (listOf(status['storedVersions']).length > 0) return;
  const stored = objects(spec['versions']).find((version) => version['storage'] === true);
  status['storedVersions'] = stored ? [stringOf(stored['name'])] : null;
}

export function webhookDefaults(configuration: JsonObject): void {
  const mutating = configuration['kind'] === 'MutatingWebhookConfiguration';
  for (const webhook of objects(configuration['webhooks'])) {
    fill(webhook, 'failurePolicy', 'Fail');
    fill(webhook, 'matchPolicy', 'Equivalent');
    fill(webhook, 'namespaceSelector', {});
    fill(webhook, 'objectSelector', {});
    fill(webhook, 'timeoutSeconds', 10);
    if (mutating) fill(webhook, 'reinvocationPolicy', 'Never');
    for (const rule of objects(webhook['rules'])) fill(rule, 'scope', '*');
    const service = objectOf(webhook['clientConfig'])['service'];
    if (isObject(service)) fill(service, 'port', 443);
  }
}
