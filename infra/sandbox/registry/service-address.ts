// Cluster addresses and node ports of Services.

import {
  equalJson,
  isObject,
  type Json,
  type JsonObject,
  listOf,
  numberOf,
  objectOf,
  stringOf,
} from '../json.ts';
import type { KubeObject } from '../kube-object.ts';
import type { Cluster } from './cluster.ts';
import { invalid, invalidValue } from './status-error.ts';

const RANGE = '10.96.0.0/16';
const FIRST_NODE_PORT = 30000;
const LAST_NODE_PORT = 32767;
const SERVICES = '/services';

/** Gives a new Service its addresses and ports, in place. */
export function allocateAddresses(cluster: Cluster, service: KubeObject): void {
  const spec = objectOf(service['spec']);
  if (spec['type'] === 'ExternalName') return;
  const given = stringOf(spec['clusterIP']) || stringOf(listOf(spec['clusterIPs'])[0]);
  if (given !== '' && given !== 'None') checkAddress(service, given);
  const address = given || freeAddress(cluster);
  spec['clusterIP'] = address;
  spec['clusterIPs'] = [address];
  const open = given === 'None' && Object.keys(objectOf(spec['selector'])).length === 0;
  if (spec['ipFamilies'] === undefined) spec['ipFamilies'] = open ? ['IPv4', 'IPv6'] : ['IPv4'];
  if (spec['ipFamilyPolicy'] === undefined)
    spec['ipFamilyPolicy'] = open ? 'RequireDualStack' : 'SingleStack';
  allocatePorts(cluster, spec);
}

function checkAddress(service: KubeObject, address: string): void {
  const name = service.metadata.name ?? '';
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(address)) {
    const text = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)';
    throw invalid({ group: '', name: 'Service' }, name, [invalidValue('spec.clusterIPs[0]', address, text)]);
  }
  if (address.startsWith('10.96.')) return;
  const text = `failed to allocate IP ${address}: the provided IP (${address}) is not in the valid range. The range of valid IPs is ${RANGE}`;
  throw invalid({ group: '', name: 'Service' }, name, [invalidValue('spec.clusterIPs', [address], text)]);
}

function freeAddress(cluster: Cluster): string {
  const used = new Set(
    cluster.store.list(SERVICES).map((service) => stringOf(objectOf(service['spec'])['clusterIP'])),
  );
  for (let n = 2; n < 65_000; n++) {
    const address = `10.96.${n >> 8}.${n & 255}`;
    if (!used.has(address)) return address;
  }
  return '10.96.255.254';
}

function allocatePorts(cluster: Cluster, spec: JsonObject): void {
  const wanted =
    spec['type'] === 'NodePort' ||
    (spec['type'] === 'LoadBalancer' && spec['allocateLoadBalancerNodePorts'] !== false);
  if (!wanted) return;
  const used = new Set<number>();
  for (const service of cluster.store.list(SERVICES)) {
    for (const port of ports(service['spec'])) used.add(numberOf(port['nodePort']));
  }
  let next = FIRST_NODE_PORT;
  for (const port of ports(spec)) {
    if (numberOf(port['nodePort']) !== 0) continue;
    while (used.has(next) && next < LAST_NODE_PORT) next++;
    used.add(next);
    port['nodePort'] = next;
  }
}

/** What only the former type had goes with it, unless the update says otherwise. */
function dropUnused(after: JsonObject, before: JsonObject): void {
  const [type, formerly] = [after['type'], before['type']];
  const drop = (...fields: string[]) => {
    for (const field of fields) if (equalJson(after[field], before[field])) delete after[field];
  };
  if (type === 'ExternalName' && formerly !== 'ExternalName') {
    drop('clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy', 'internalTrafficPolicy');
  }
  const external = (one: Json | undefined) => one === 'NodePort' || one === 'LoadBalancer';
  if (external(formerly) && !external(type)) {
    drop('externalTrafficPolicy');
    const former = ports(before);
    for (const [i, port] of ports(after).entries()) {
      if (port['nodePort'] === former[i]?.['nodePort']) delete port['nodePort'];
    }
  }
  if (formerly === 'LoadBalancer' && type !== 'LoadBalancer') {
    drop('allocateLoadBalancerNodePorts', 'loadBalancerClass', 'healthCheckNodePort');
  }
}

function ports(spec: Json | undefined): JsonObject[] {
  return listOf(objectOf(spec)['ports']).filter(isObject);
}

/** What an update leaves out of the addresses and ports stays as it was, in place. */
export function keepAddresses(next: KubeObject, live: KubeObject): void {
  const [after, before] = [objectOf(next['spec']), objectOf(live['spec'])];
  dropUnused(after, before);
  // one of the two names of an address was changed: it is the address
  if (
    !equalJson(after['clusterIP'], before['clusterIP']) &&
    equalJson(after['clusterIPs'], before['clusterIPs'])
  ) {
    if (after['clusterIP'] === undefined) delete after['clusterIPs'];
    else after['clusterIPs'] = [after['clusterIP']];
  }
  if (after['type'] === 'ExternalName') return;
  if (before['type'] !== 'ExternalName' && stringOf(after['clusterIP']) === '') {
    for (const field of ['clusterIP', 'clusterIPs'] as const) {
      if (before[field] !== undefined) after[field] = before[field];
    }
  }
  for (const field of ['ipFamilies', 'ipFamilyPolicy'] as const) {
    if (after[field] === undefined && before[field] !== undefined) after[field] = before[field];
  }
  if (after['type'] !== 'NodePort' && after['type'] !== 'LoadBalancer') return;
  for (const port of ports(after)) {
    const same = ports(before).find(
      (one) => one['port'] === port['port'] && one['protocol'] === port['protocol'],
    );
    if (numberOf(port['nodePort']) === 0 && same?.['nodePort'] !== undefined)
      port['nodePort'] = same['nodePort'];
  }
}
