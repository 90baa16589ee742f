// What the API server warns of without refusing it.

import { isObject, type Json, type JsonObject, listOf, objectOf, stringOf, valueAt } from '../json.ts';
import type { KubeObject } from '../kube-object.ts';
import type { ResourceType } from './resource-type.ts';

/** Where a kind has its pod template's spec. */
const POD_SPECS: Readonly<Record<string, readonly string[]>> = {
  '/Pod': ['spec'],
  'apps/Deployment': ['spec', 'template', 'spec'],
  'apps/ReplicaSet': ['spec', 'template', 'spec'],
  'apps/StatefulSet': ['spec', 'template', 'spec'],
  'apps/DaemonSet': ['spec', 'template', 'spec'],
  'batch/Job': ['spec', 'template', 'spec'],
  'batch/CronJob': ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
};

export function warningsOf(type: ResourceType, object: KubeObject): string[] {
  if (type.storage === '/endpoints') {
    return ['v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice'];
  }
  const path = POD_SPECS[`${type.group}/${type.kind}`];
  if (!path) return [];
  return podWarnings(objectOf(valueAt(object, ...path)), path.join('.'));
}

function podWarnings(spec: JsonObject, path: string): string[] {
  const warnings: string[] = [];
  for (const [i, constraint] of objects(spec['topologySpreadConstraints']).entries()) {
    if (constraint['labelSelector'] !== undefined) continue;
    const at = `${path}.topologySpreadConstraints[${i}].labelSelector`;
    warnings.push(`${at}: a null labelSelector results in matching no pod`);
  }
  for (const key of ['initContainers', 'containers']) {
    for (const [i, container] of objects(spec[key]).entries()) {
      warnings.push(...hiddenVariables(container, `${path}.${key}[${i}].env`));
    }
  }
  return warnings;
}

function hiddenVariables(container: JsonObject, path: string): string[] {
  const warnings: string[] = [];
  const seen = new Set<string>();
  for (const [i, variable] of objects(container['env']).entries()) {
    const name = stringOf(variable['name']);
    if (seen.has(name)) {
      const text = `hides previous definition of ${JSON.stringify(name)}, which may be dropped when using apply`;
      warnings.push(`${path}[${i}]: ${text}`);
    }
    seen.add(name);
  }
  return warnings;
}

function objects(value: Json | undefined): JsonObject[] {
  return listOf(value).filter(isObject);
}
