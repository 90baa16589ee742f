// What admission adds to a pod: its ServiceAccount with the token volume, tolerations, priority.

import { isObject, type JsonObject, listOf, objectOf, stringOf } from '../json.ts';
import type { KubeObject } from '../kube-object.ts';
import type { Cluster } from './cluster.ts';
import { generateName } from './generated-name.ts';
import { forbidden } from './status-error.ts';

const TOKEN_PATH = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Changes the pod in place; throws 403 without its ServiceAccount or PriorityClass. */
export function admitPod(cluster: Cluster, pod: KubeObject): void {
  const spec = objectOf(pod['spec']);
  const { namespace = '', name = '' } = pod.metadata;
  const account = stringOf(spec['serviceAccountName']) || 'default';
  const found = cluster.store.get('/serviceaccounts', `${namespace}/${account}`);
  if (!found) {
    const text = `error looking up service account ${namespace}/${account}: serviceaccount ${JSON.stringify(account)} not found`;
    throw forbidden({ group: '', name: 'pods' }, name, text);
  }
  spec['serviceAccountName'] = account;
  spec['serviceAccount'] = account;
  const mounts = spec['automountServiceAccountToken'] ?? found['automountServiceAccountToken'];
  if (mounts !== false) addToken(spec);
  addTolerations(spec);
  addPriority(cluster, spec, name);
}

function addToken(spec: JsonObject): void {
  const containers = [...listOf(spec['initContainers']), ...listOf(spec['containers'])].filter(isObject);
  const bare = containers.filter(
    (one) => !listOf(one['volumeMounts']).some((mount) => objectOf(mount)['mountPath'] === TOKEN_PATH),
  );
  if (bare.length === 0) return;
  const name = generateName('kube-api-access-');
  for (const container of bare) {
    const mount = { name, readOnly: true, mountPath: TOKEN_PATH };
    container['volumeMounts'] = [...listOf(container['volumeMounts']), mount];
  }
  const sources = [
    { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
    { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
    {
      downwardAPI: {
        items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
      },
    },
  ];
  spec['volumes'] = [...listOf(spec['volumes']), { name, projected: { sources, defaultMode: 420 } }];
}

function addTolerations(spec: JsonObject): void {
  const tolerations = listOf(spec['tolerations']).filter(isObject);
  for (const taint of ['not-ready', 'unreachable']) {
    const key = `node.kubernetes.io/${taint}`;
    const tolerated = tolerations.some(
      (one) =>
        (one['key'] === key || one['key'] === undefined) &&
        (one['effect'] === 'NoExecute' || one['effect'] === undefined),
    );
    if (tolerated) continue;
    tolerations.push({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 });
  }
  spec['tolerations'] = tolerations;
}

function addPriority(cluster: Cluster, spec: JsonObject, pod: string): void {
  const name = stringOf(spec['priorityClassName']);
  const found = name === '' ? undefined : cluster.store.get('scheduling.k8s.io/priorityclasses', name);
  if (name !== '' && !found && !name.startsWith('system-')) {
    throw forbidden({ group: '', name: 'pods' }, pod, `no PriorityClass with name ${name} was found`);
  }
  spec['priority'] = found?.['value'] ?? 0;
  spec['preemptionPolicy'] = found?.['preemptionPolicy'] ?? 'PreemptLowerPriority';
}

/** The first status of a pod, in place. */
export function preparePod(pod: KubeObject): void {
  pod['status'] = { phase: 'Pending', qosClass: qualityOf(objectOf(pod['spec'])) };
}

function qualityOf(spec: JsonObject): string {
  const containers = [...listOf(spec['initContainers']), ...listOf(spec['containers'])].filter(isObject);
  const resources = containers.map((one) => objectOf(one['resources']));
  const some = resources.some((one) => isObject(one['limits']) || isObject(one['requests']));
  if (!some) return 'BestEffort';
  const guaranteed = resources.every((one) => {
    const [limits, requests] = [objectOf(one['limits']), objectOf(one['requests'])];
    return ['cpu', 'memory'].every((name) => limits[name] !== undefined && limits[name] === requests[name]);
  });
  return guaranteed ? 'Guaranteed' : 'Burstable';
}
