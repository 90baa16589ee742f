// What the API server fills into pods and pod templates.

import { isObject, type JsonObject, listOf, objectOf, stringOf } from '../json.ts';

/** Sets a field that is not there (or empty text, where text is optional). */
export function fill(target: JsonObject, key: string, value: JsonObject[string]): void {
  const at = target[key];
  if (at === undefined || at === null || at === '') target[key] = value;
}

export function objects(value: JsonObject[string] | undefined): JsonObject[] {
  return listOf(value).filter(isObject);
}

/** The sub-object under a key, made if it is not there. */
export function within(target: JsonObject, key: string): JsonObject {
  const at = target[key];
  if (isObject(at)) return at;
  const made: JsonObject = {};
  target[key] = made;
  return made;
}

export function podSpecDefaults(spec: JsonObject): void {
  fill(spec, 'dnsPolicy', 'ClusterFirst');
  fill(spec, 'restartPolicy', 'Always');
  fill(spec, 'securityContext', {});
  fill(spec, 'terminationGracePeriodSeconds', 30);
  fill(spec, 'schedulerName', 'default-scheduler');
  // two names of one field: the old one is kept equal
  const account = stringOf(spec['serviceAccountName']) || stringOf(spec['serviceAccount']);
  if (account !== '') {
    spec['serviceAccountName'] = account;
    spec['serviceAccount'] = account;
  }
  for (const volume of objects(spec['volumes'])) volumeDefaults(volume);
  for (const key of ['initContainers', 'containers', 'ephemeralContainers']) {
    for (const container of objects(spec[key])) containerDefaults(container);
  }
  if (spec['hostNetwork'] === true) hostPorts(spec);
  for (const constraint of objects(spec['topologySpreadConstraints'])) {
    fill(constraint, 'whenUnsatisfiable', 'DoNotSchedule');
  }
}

/** A pod itself gets more than a template does. */
export function podDefaults(pod: JsonObject): void {
  const spec = within(pod, 'spec');
  podSpecDefaults(spec);
  for (const key of ['initContainers', 'containers']) {
    for (const container of objects(spec[key])) requestsFromLimits(container);
  }
  fill(spec, 'enableServiceLinks', true);
}

function requestsFromLimits(container: JsonObject): void {
  const resources = objectOf(container['resources']);
  const limits = resources['limits'];
  if (!isObject(limits)) return;
  resources['requests'] = { ...limits, ...objectOf(resources['requests']) };
}

function containerDefaults(container: JsonObject): void {
  fill(container, 'imagePullPolicy', pullPolicy(stringOf(container['image'])));
  fill(container, 'terminationMessagePath', '/dev/termination-log');
  fill(container, 'terminationMessagePolicy', 'File');
  for (const port of objects(container['ports'])) fill(port, 'protocol', 'TCP');
  for (const key of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    const probe = container[key];
    if (isObject(probe)) probeDefaults(probe);
  }
  for (const event of Object.values(objectOf(container['lifecycle']))) {
    if (isObject(event) && isObject(event['httpGet'])) httpGetDefaults(event['httpGet']);
  }
  for (const variable of objects(container['env'])) variableDefaults(variable);
}

function pullPolicy(image: string): string {
  const digest = image.includes('@');
  const name = image.slice(image.lastIndexOf('/') + 1);
  const tag = name.includes(':') ? name.slice(name.lastIndexOf(':') + 1) : '';
  return !digest && (tag === '' || tag === 'latest') ? 'Always' : 'IfNotPresent';
}

function probeDefaults(probe: JsonObject): void {
  for (const [key, value] of [
    ['timeoutSeconds', 1],
    ['periodSeconds', 10],
    ['successThreshold', 1],
    ['failureThreshold', 3],
  ] as const) {
    fill(probe, key, value);
  }
  if (isObject(probe['httpGet'])) httpGetDefaults(probe['httpGet']);
  if (isObject(probe['grpc'])) fill(probe['grpc'], 'service', '');
}

function httpGetDefaults(get: JsonObject): void {
  fill(get, 'path', '/');
  fill(get, 'scheme', 'HTTP');
}

function variableDefaults(variable: JsonObject): void {
  const from = objectOf(variable['valueFrom']);
  if (isObject(from['fieldRef'])) fill(from['fieldRef'], 'apiVersion', 'v1');
}

function volumeDefaults(volume: JsonObject): void {
  if (Object.keys(volume).every((key) => key === 'name')) volume['emptyDir'] = {};
  for (const key of ['secret', 'configMap', 'downwardAPI', 'projected']) {
    const source = volume[key];
    if (isObject(source)) fill(source, 'defaultMode', 420);
  }
  downwardDefaults(volume['downwardAPI']);
  for (const source of objects(objectOf(volume['projected'])['sources'])) {
    downwardDefaults(source['downwardAPI']);
    const token = source['serviceAccountToken'];
    if (isObject(token)) fill(token, 'expirationSeconds', 3600);
  }
  const path = volume['hostPath'];
  if (isObject(path)) fill(path, 'type', '');
  const claim = objectOf(volume['ephemeral'])['volumeClaimTemplate'];
  if (isObject(claim)) fill(within(claim, 'spec'), 'volumeMode', 'Filesystem');
  const image = volume['image'];
  if (isObject(image)) fill(image, 'pullPolicy', pullPolicy(stringOf(image['reference'])));
  iscsiDefaults(volume);
}

function iscsiDefaults(volume: JsonObject): void {
  const iscsi = volume['iscsi'];
  if (isObject(iscsi)) fill(iscsi, 'iscsiInterface', 'default');
  const rbd = volume['rbd'];
  if (!isObject(rbd)) return;
  for (const [key, value] of [
    ['pool', 'rbd'],
    ['user', 'admin'],
    ['keyring', '/etc/ceph/keyring'],
  ] as const)
    fill(rbd, key, value);
}

function downwardDefaults(source: JsonObject[string] | undefined): void {
  for (const item of objects(objectOf(source)['items'])) {
    const ref = item['fieldRef'];
    if (isObject(ref)) fill(ref, 'apiVersion', 'v1');
  }
}

function hostPorts(spec: JsonObject): void {
  for (const key of ['initContainers', 'containers']) {
    for (const container of objects(spec[key])) {
      for (const port of objects(container['ports'])) {
        if (port['hostPort'] === undefined) port['hostPort'] = port['containerPort'] ?? 0;
      }
    }
  }
}
