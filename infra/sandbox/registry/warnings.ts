// What the API server warns of without refusing it.

import { isObject, type Json, type JsonObject, listOf, objectOf, stringOf, valueAt } from '../json.ts';
import type { KubeObject } from '../kube-object.ts';
import { podSpecPath, type ResourceType } from './resource-type.ts';

/** `live` is what an update changed: only a new generation is warned of again, and pods are not. */
export function warningsOf(type: ResourceType, object: KubeObject, live?: KubeObject): string[] {
  if (type.storage === '/endpoints') {
    return ['v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice'];
  }
  const path = podSpecPath(type);
  if (!path || (live && (type.kind === 'Pod' || live.metadata.generation === object.metadata.generation)))
    return [];
  return podWarnings(objectOf(valueAt(object, ...path)), path.join('.'));
}

function podWarnings(spec: JsonObject, path: string): string[] {
  const warnings: string[] = [];
  for (const [i, constraint] of objects(spec['topologySpreadConstraints']).entries()) {
    if (constraint['labelSelector'] !== undefined) continue;
    const at = `${path}.topologySpreadConstraints[${i}].labelSelector`;
    warnings.push(`${at}: a null labelSelector results in matching no pod`);
  }
  const all = ['initContainers', 'containers'].flatMap((key) =>
    objects(spec[key]).map((container, i) => ({ container, at: `${path}.${key}[${i}]` })),
  );
  for (const { container, at } of all) warnings.push(...hiddenVariables(container, `${at}.env`));
  return [...warnings, ...doublePorts(all), ...doublePortNames(all)];
}

interface Located {
  readonly container: JsonObject;
  readonly at: string;
}

function hiddenVariables(container: JsonObject, path: string): string[] {
  const warnings: string[] = [];
  const seen = new Set<string>();
  for (const [i, variable] of objects(container['env']).entries()) {
    const name = stringOf(variable['name']);
    // one that builds on the value before it hides nothing
    const reference = `$(${name})`;
    const value = stringOf(variable['value']);
    const hides = variable['valueFrom'] !== undefined || value === reference || !value.includes(reference);
    if (seen.has(name) && hides) {
      const text = `hides previous definition of ${JSON.stringify(name)}, which may be dropped when using apply`;
      warnings.push(`${path}[${i}]: ${text}`);
    }
    seen.add(name);
  }
  return warnings;
}

function portsOf(all: readonly Located[]): { port: JsonObject; at: string }[] {
  return all.flatMap(({ container, at }) =>
    objects(container['ports']).map((port, i) => ({ port, at: `${at}.ports[${i}]` })),
  );
}

function doublePorts(all: readonly Located[]): string[] {
  const warnings: string[] = [];
  const seen: { port: JsonObject; at: string }[] = [];
  for (const one of portsOf(all)) {
    for (const other of seen) {
      const [a, b] = [one.port, other.port];
      if (a['containerPort'] !== b['containerPort'] || a['protocol'] !== b['protocol']) continue;
      const same =
        (a['hostIP'] ?? '') === (b['hostIP'] ?? '') && (a['hostPort'] ?? 0) === (b['hostPort'] ?? 0);
      const open = (a['hostPort'] ?? 0) === 0 || (b['hostPort'] ?? 0) === 0;
      if (same) warnings.push(`${one.at}: duplicate port definition with ${other.at}`);
      else if (open) warnings.push(`${one.at}: overlapping port definition with ${other.at}`);
    }
    seen.push(one);
  }
  return warnings;
}

function doublePortNames(all: readonly Located[]): string[] {
  const warnings: string[] = [];
  const first = new Map<string, string>();
  for (const { port, at } of portsOf(all)) {
    const name = stringOf(port['name']);
    const other = first.get(name);
    if (name === '') continue;
    if (other === undefined) first.set(name, at);
    else {
      const text = `duplicate port name ${JSON.stringify(name)} with ${other}`;
      warnings.push(`${at}: ${text}, services and probes that select ports by name will use ${other}`);
    }
  }
  return warnings;
}

function objects(value: Json | undefined): JsonObject[] {
  return listOf(value).filter(isObject);
}
