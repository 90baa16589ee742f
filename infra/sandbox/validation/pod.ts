// Checks pod templates and pods: the fields that are most often wrong.

import { isObject, type Json, type JsonObject, listOf, numberOf, objectOf, stringOf } from '../json.ts';
import {
  duplicate,
  type FieldProblem,
  forbiddenField,
  invalidValue,
  required,
  unsupported,
} from '../registry/status-error.ts';
import { compareQuantities } from '../schema/quantity.ts';
import { labelProblems } from './metadata.ts';
import { dnsLabel, dnsSubdomain, envName, portName, qualifiedName } from './name.ts';

const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];
const PULL_POLICIES = ['Always', 'IfNotPresent', 'Never'];
const ENV_SOURCES = ['fieldRef', 'resourceFieldRef', 'configMapKeyRef', 'secretKeyRef', 'fileKeyRef'];
const HANDLERS = ['exec', 'httpGet', 'tcpSocket', 'grpc'];
const RESOURCES = new Set(['cpu', 'memory', 'ephemeral-storage']);

export function podTemplateProblems(template: JsonObject, path: string): FieldProblem[] {
  const labels = objectOf(objectOf(template['metadata'])['labels']);
  return [
    ...labelProblems(`${path}.labels`, labels),
    ...podSpecProblems(objectOf(template['spec']), `${path}.spec`),
  ];
}

export function podSpecProblems(spec: JsonObject, path: string): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const volumes = volumeProblems(listOf(spec['volumes']).filter(isObject), `${path}.volumes`, problems);
  const names = new Set<string>();
  if (listOf(spec['containers']).length === 0) problems.push(required(`${path}.containers`));
  for (const key of ['containers', 'initContainers'] as const) {
    for (const [i, container] of listOf(spec[key]).filter(isObject).entries()) {
      const at = `${path}.${key}[${i}]`;
      problems.push(...namedContainer(container, at, names));
      problems.push(...containerProblems(container, at, volumes));
    }
  }
  const policy = stringOf(spec['restartPolicy']);
  if (!['Always', 'OnFailure', 'Never'].includes(policy)) {
    problems.push(unsupported(`${path}.restartPolicy`, policy, ['Always', 'OnFailure', 'Never']));
  }
  problems.push(...labelProblems(`${path}.nodeSelector`, objectOf(spec['nodeSelector'])));
  const account = stringOf(spec['serviceAccountName']);
  if (account)
    for (const text of dnsSubdomain(account))
      problems.push(invalidValue(`${path}.serviceAccountName`, account, text));
  return problems;
}

function namedContainer(container: JsonObject, at: string, names: Set<string>): FieldProblem[] {
  const name = stringOf(container['name']);
  if (name === '') return [required(`${at}.name`)];
  const problems = dnsLabel(name).map((text) => invalidValue(`${at}.name`, name, text));
  if (names.has(name)) problems.push(duplicate(`${at}.name`, name));
  names.add(name);
  return problems;
}

function containerProblems(container: JsonObject, at: string, volumes: ReadonlySet<string>): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const image = stringOf(container['image']);
  if (image === '') problems.push(required(`${at}.image`));
  problems.push(
    ...portProblems(container, at),
    ...envProblems(container, at),
    ...mountProblems(container, at, volumes),
  );
  for (const key of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    const probe = container[key];
    if (isObject(probe)) problems.push(...probeProblems(probe, `${at}.${key}`));
  }
  const policy = stringOf(container['imagePullPolicy']);
  if (!PULL_POLICIES.includes(policy))
    problems.push(unsupported(`${at}.imagePullPolicy`, policy, PULL_POLICIES));
  problems.push(...resourceProblems(objectOf(container['resources']), `${at}.resources`));
  return problems;
}

export function portNumberProblem(field: string, port: Json): FieldProblem | undefined {
  const value = numberOf(port);
  if (value >= 1 && value <= 65535) return undefined;
  return invalidValue(field, port, 'must be between 1 and 65535, inclusive');
}

function portProblems(container: JsonObject, at: string): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const names = new Set<string>();
  for (const [i, port] of listOf(container['ports']).filter(isObject).entries()) {
    const path = `${at}.ports[${i}]`;
    const name = stringOf(port['name']);
    if (name !== '') {
      const found = portName(name).map((text) => invalidValue(`${path}.name`, name, text));
      problems.push(...found);
      if (found.length === 0 && names.has(name)) problems.push(duplicate(`${path}.name`, name));
      names.add(name);
    }
    if (numberOf(port['containerPort']) === 0) problems.push(required(`${path}.containerPort`));
    else
      problems.push(
        ...[portNumberProblem(`${path}.containerPort`, port['containerPort'] ?? 0)].filter(
          (one) => one !== undefined,
        ),
      );
    const protocol = stringOf(port['protocol']);
    if (!PROTOCOLS.includes(protocol)) problems.push(unsupported(`${path}.protocol`, protocol, PROTOCOLS));
  }
  return problems;
}

function envProblems(container: JsonObject, at: string): FieldProblem[] {
  const problems: FieldProblem[] = [];
  for (const [i, variable] of listOf(container['env']).filter(isObject).entries()) {
    const path = `${at}.env[${i}]`;
    const name = stringOf(variable['name']);
    if (name === '') problems.push(required(`${path}.name`));
    else for (const text of envName(name)) problems.push(invalidValue(`${path}.name`, name, text));
    const from = variable['valueFrom'];
    if (!isObject(from)) continue;
    const sources = ENV_SOURCES.filter((source) => from[source] !== undefined);
    if (stringOf(variable['value']) !== '' && sources.length > 0) {
      problems.push(invalidValue(`${path}.valueFrom`, '', 'may not be specified when `value` is not empty'));
    } else if (sources.length === 0) {
      const list = '`fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`';
      problems.push(invalidValue(`${path}.valueFrom`, '', `must specify one of: ${list}`));
    } else if (sources.length > 1) {
      problems.push(
        invalidValue(`${path}.valueFrom`, '', 'may not have more than one field specified at a time'),
      );
    }
  }
  return problems;
}

function mountProblems(container: JsonObject, at: string, volumes: ReadonlySet<string>): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const paths = new Set<string>();
  for (const [i, mount] of listOf(container['volumeMounts']).filter(isObject).entries()) {
    const path = `${at}.volumeMounts[${i}]`;
    const name = stringOf(mount['name']);
    const mountPath = stringOf(mount['mountPath']);
    if (name === '') problems.push(required(`${path}.name`));
    if (!volumes.has(name)) {
      problems.push({
        reason: 'FieldValueNotFound',
        field: `${path}.name`,
        message: `Not found: ${JSON.stringify(name)}`,
      });
    }
    if (mountPath === '') problems.push(required(`${path}.mountPath`));
    if (paths.has(mountPath)) problems.push(invalidValue(`${path}.mountPath`, mountPath, 'must be unique'));
    paths.add(mountPath);
  }
  return problems;
}

function probeProblems(probe: JsonObject, at: string): FieldProblem[] {
  const handlers = HANDLERS.filter((handler) => probe[handler] !== undefined);
  if (handlers.length === 0) return [required(at, 'must specify a handler type')];
  const problems: FieldProblem[] = [];
  for (const handler of handlers.slice(1)) {
    problems.push(forbiddenField(`${at}.${handler}`, 'may not specify more than 1 handler type'));
  }
  for (const handler of ['httpGet', 'tcpSocket'] as const) {
    const port = objectOf(probe[handler])['port'];
    if (typeof port !== 'number') continue;
    const found = portNumberProblem(`${at}.${handler}.port`, port);
    if (found) problems.push(found);
  }
  return problems;
}

function resourceProblems(resources: JsonObject, at: string): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const limits = objectOf(resources['limits']);
  for (const [key, quantities] of [
    ['limits', limits],
    ['requests', objectOf(resources['requests'])],
  ] as const) {
    for (const [name, value] of Object.entries(quantities)) {
      const path = `${at}.${key}[${name}]`;
      const limit = key === 'requests' ? limits[name] : undefined;
      if (limit !== undefined && compareQuantities(stringOf(value), stringOf(limit)) > 0) {
        problems.push(
          invalidValue(
            `${at}.${key}`,
            value,
            `must be less than or equal to ${name} limit of ${stringOf(limit)}`,
          ),
        );
      }
      problems.push(...resourceNameProblems(name, path));
      if (stringOf(value).startsWith('-'))
        problems.push(invalidValue(path, value, 'must be greater than or equal to 0'));
    }
  }
  return problems;
}

function resourceNameProblems(name: string, path: string): FieldProblem[] {
  const problems = qualifiedName(name).map((text) => invalidValue(path, name, text));
  if (problems.length > 0 || name.includes('/') || RESOURCES.has(name) || name.startsWith('hugepages-'))
    return problems;
  return [
    invalidValue(path, name, 'must be a standard resource type or fully qualified'),
    invalidValue(path, name, 'must be a standard resource for containers'),
  ];
}

/** Gives the names of the volumes, for the mounts to refer to. */
function volumeProblems(volumes: readonly JsonObject[], path: string, problems: FieldProblem[]): Set<string> {
  const names = new Set<string>();
  for (const [i, volume] of volumes.entries()) {
    const at = `${path}[${i}]`;
    const name = stringOf(volume['name']);
    const sources = Object.keys(volume)
      .filter((key) => key !== 'name')
      .sort();
    const first = sources.includes('secret') ? 'secret' : sources[0];
    for (const source of sources.filter((one) => one !== first)) {
      problems.push(forbiddenField(`${at}.${source}`, 'may not specify more than 1 volume type'));
    }
    if (name === '') problems.push(required(`${at}.name`));
    else for (const text of dnsLabel(name)) problems.push(invalidValue(`${at}.name`, name, text));
    if (name !== '' && names.has(name)) problems.push(duplicate(`${at}.name`, name));
    names.add(name);
  }
  return names;
}
