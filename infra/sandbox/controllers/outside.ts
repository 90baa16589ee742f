// What a cluster gets from outside: addresses for load balancers and ingresses, volumes for claims.

import { isObject, type JsonObject, listOf, objectOf, stringOf, valueAt } from '../json.ts';
import type { StoredObject } from '../kube-object.ts';
import type { Client } from './client.ts';
import type { Pod } from './kinds.ts';
import type { Controller } from './runtime.ts';

const SERVICES = '/services';
const INGRESSES = 'networking.k8s.io/ingresses';
const CLAIMS = '/persistentvolumeclaims';
const PODS = '/pods';
const PROTECTION = 'kubernetes.io/pvc-protection';

export function outsideController(client: Client): Controller {
  return {
    name: 'outside',
    concerns: ({ type, resource, object }) => {
      const at = (one: string, name: string) => `${one} ${object.metadata.namespace}/${name}`;
      if (resource === PODS && type === 'DELETED')
        return claimsOf(object as Pod).map((name) => at(CLAIMS, name)); // a stored pod
      const known = resource === SERVICES || resource === INGRESSES || resource === CLAIMS;
      return known && type !== 'DELETED' ? [at(resource, object.metadata.name)] : [];
    },
    reconcile: (id) => {
      const [resource = '', key = ''] = id.split(' ');
      const object = client.get(resource, key);
      if (!object) return undefined;
      if (resource === CLAIMS) settleClaim(client, object);
      else if (resource === INGRESSES || objectOf(object['spec'])['type'] === 'LoadBalancer')
        settleAddress(client, object);
      return undefined;
    },
  };
}

function claimsOf(pod: Pod): string[] {
  const names = (pod.spec.volumes ?? []).map((volume) =>
    stringOf(valueAt(volume, 'persistentVolumeClaim', 'claimName')),
  );
  return names.filter((name) => name !== '');
}

/** From the object's own uid, so that it has the same address after a restart. */
function settleAddress(client: Client, object: StoredObject): void {
  const status = objectOf(object['status']);
  if (listOf(objectOf(status['loadBalancer'])['ingress']).length > 0) return;
  const digits = Number.parseInt(object.metadata.uid.replaceAll('-', '').slice(0, 6), 16);
  const ip = `192.0.${(digits >> 8) & 255}.${digits & 255 || 1}`;
  const ingress: JsonObject = object.kind === 'Service' ? { ip, ipMode: 'VIP' } : { ip };
  client.updateStatus(object, { ...status, loadBalancer: { ingress: [ingress] } });
}

function settleClaim(client: Client, claim: StoredObject): void {
  if (claim.metadata.deletionTimestamp !== undefined) {
    const used = client
      .list<Pod>(PODS, claim.metadata.namespace)
      .some((pod) => claimsOf(pod).includes(claim.metadata.name));
    if (!used && claim.metadata.finalizers?.includes(PROTECTION))
      client.removeFinalizer(CLAIMS, claim, PROTECTION);
    return;
  }
  const spec = objectOf(claim['spec']);
  const status = objectOf(claim['status']);
  if (status['phase'] === 'Bound') return;
  const requests = valueAt(spec, 'resources', 'requests');
  client.updateStatus(claim, {
    ...status,
    phase: 'Bound',
    accessModes: spec['accessModes'] ?? [],
    ...(isObject(requests) ? { capacity: requests } : {}),
  });
}
