// Checks Services, Ingresses and NetworkPolicies.

import { isObject, type JsonObject, listOf, numberOf, objectOf, stringOf } from '../json.ts';
import {
  duplicate,
  type FieldProblem,
  invalidValue,
  required,
  unsupported,
} from '../registry/status-error.ts';
import { dns1035Label, dnsLabel, dnsSubdomain, portName } from './name.ts';
import { portNumberProblem } from './pod.ts';

const SERVICE_TYPES = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];

export function serviceProblems(object: JsonObject): FieldProblem[] {
  const spec = objectOf(object['spec']);
  const type = stringOf(spec['type']);
  const ports = listOf(spec['ports']).filter(isObject);
  const headless = spec['clusterIP'] === 'None';
  const problems: FieldProblem[] = [];
  if (ports.length === 0 && !headless && type !== 'ExternalName') problems.push(required('spec.ports'));
  if (type === 'ExternalName' && stringOf(spec['externalName']) === '')
    problems.push(required('spec.externalName'));
  problems.push(...servicePortProblems(ports));
  if (!SERVICE_TYPES.includes(type)) problems.push(unsupported('spec.type', type, SERVICE_TYPES));
  if (!['None', 'ClientIP'].includes(stringOf(spec['sessionAffinity']))) {
    problems.push(unsupported('spec.sessionAffinity', spec['sessionAffinity'] ?? '', ['ClientIP', 'None']));
  }
  return [...problems, ...doublePorts(ports)];
}

function servicePortProblems(ports: readonly JsonObject[]): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const names = new Set<string>();
  for (const [i, port] of ports.entries()) {
    const at = `spec.ports[${i}]`;
    const name = stringOf(port['name']);
    if (name === '' && ports.length > 1) problems.push(required(`${at}.name`));
    else if (name !== '') {
      problems.push(...dnsLabel(name).map((text) => invalidValue(`${at}.name`, name, text)));
      if (names.has(name)) problems.push(duplicate(`${at}.name`, name));
      names.add(name);
    }
    const number = portNumberProblem(`${at}.port`, port['port'] ?? 0);
    if (number) problems.push(number);
    const protocol = stringOf(port['protocol']);
    if (!PROTOCOLS.includes(protocol)) problems.push(unsupported(`${at}.protocol`, protocol, PROTOCOLS));
    problems.push(...targetProblems(port, at));
  }
  return problems;
}

function targetProblems(port: JsonObject, at: string): FieldProblem[] {
  const target = port['targetPort'] ?? 0;
  if (typeof target === 'number') {
    const problem = portNumberProblem(`${at}.targetPort`, target);
    return problem ? [problem] : [];
  }
  return portName(stringOf(target)).map((text) => invalidValue(`${at}.targetPort`, target, text));
}

function doublePorts(ports: readonly JsonObject[]): FieldProblem[] {
  const seen = new Set<string>();
  const problems: FieldProblem[] = [];
  for (const [i, port] of ports.entries()) {
    const protocol = stringOf(port['protocol']);
    const number = numberOf(port['port']);
    const key = `${protocol}/${number}`;
    if (seen.has(key)) {
      const shown = {
        Name: '',
        Protocol: protocol,
        AppProtocol: null,
        Port: number,
        TargetPort: 0,
        NodePort: 0,
      };
      problems.push(duplicate(`spec.ports[${i}]`, shown));
    }
    seen.add(key);
  }
  return problems;
}

export function serviceUpdateProblems(next: JsonObject, live: JsonObject): FieldProblem[] {
  const [after, before] = [objectOf(next['spec']), objectOf(live['spec'])];
  const both = before['type'] !== 'ExternalName' && after['type'] !== 'ExternalName';
  if (!both || !before['clusterIP'] || before['clusterIP'] === after['clusterIP']) return [];
  return [invalidValue('spec.clusterIPs[0]', after['clusterIPs'] ?? null, 'may not change once set')];
}

const PATH_TYPES = ['Exact', 'Prefix', 'ImplementationSpecific'];

export function ingressProblems(object: JsonObject): FieldProblem[] {
  const spec = objectOf(object['spec']);
  const rules = listOf(spec['rules']).filter(isObject);
  if (rules.length === 0 && spec['defaultBackend'] === undefined) {
    return [invalidValue('spec', null, 'either `defaultBackend` or `rules` must be specified')];
  }
  const problems: FieldProblem[] = [];
  for (const [i, rule] of rules.entries()) {
    const at = `spec.rules[${i}]`;
    const host = stringOf(rule['host']);
    if (host !== '') {
      for (const text of dnsSubdomain(host.replace(/^\*\./, '')))
        problems.push(invalidValue(`${at}.host`, host, text));
    }
    if (!isObject(rule['http'])) continue;
    const paths = listOf(rule['http']['paths']).filter(isObject);
    if (paths.length === 0) problems.push(required(`${at}.http.paths`));
    for (const [j, path] of paths.entries()) problems.push(...pathProblems(path, `${at}.http.paths[${j}]`));
  }
  if (isObject(spec['defaultBackend']))
    problems.push(...backendProblems(spec['defaultBackend'], 'spec.defaultBackend'));
  return problems;
}

function pathProblems(path: JsonObject, at: string): FieldProblem[] {
  const type = path['pathType'];
  if (type === undefined || type === null) return [required(`${at}.pathType`, 'pathType must be specified')];
  const problems: FieldProblem[] = [];
  if (!PATH_TYPES.includes(stringOf(type))) problems.push(unsupported(`${at}.pathType`, type, PATH_TYPES));
  const text = stringOf(path['path']);
  if (type !== 'ImplementationSpecific' || text !== '') {
    if (!text.startsWith('/')) problems.push(invalidValue(`${at}.path`, text, 'must be an absolute path'));
  }
  return [...problems, ...backendProblems(objectOf(path['backend']), `${at}.backend`)];
}

function backendProblems(backend: JsonObject, at: string): FieldProblem[] {
  const service = backend['service'];
  const resource = backend['resource'];
  if (isObject(resource)) {
    if (!isObject(service)) return [];
    return [invalidValue(at, '', 'cannot set both resource and service backends')];
  }
  if (!isObject(service)) return [required(at, 'either service or resource is required')];
  const problems: FieldProblem[] = [];
  const name = stringOf(service['name']);
  if (name === '') problems.push(required(`${at}.service.name`));
  else for (const text of dns1035Label(name)) problems.push(invalidValue(`${at}.service.name`, name, text));
  const port = objectOf(service['port']);
  const named = stringOf(port['name']) !== '';
  const numbered = numberOf(port['number']) !== 0;
  if (named === numbered) {
    problems.push(
      required(at, named ? 'cannot set both port name & port number' : 'port name or number is required'),
    );
  }
  return problems;
}

export function networkPolicyProblems(object: JsonObject): FieldProblem[] {
  const spec = objectOf(object['spec']);
  const problems: FieldProblem[] = [];
  for (const [direction, peers] of [
    ['ingress', 'from'],
    ['egress', 'to'],
  ] as const) {
    for (const [i, rule] of listOf(spec[direction]).filter(isObject).entries()) {
      for (const [j, peer] of listOf(rule[peers]).filter(isObject).entries()) {
        const at = `spec.${direction}[${i}].${peers}[${j}]`;
        if (Object.keys(peer).length === 0) problems.push(required(at, 'must specify a peer'));
      }
    }
  }
  return problems;
}
