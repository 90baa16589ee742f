// HorizontalPodAutoscaler between autoscaling/v1 and v2. v1 knows one metric, the CPU's utilization.

import { isObject, type Json, type JsonObject, listOf, objectOf, valueAt } from '../json.ts';

const OTHER_METRICS = 'autoscaling.alpha.kubernetes.io/metrics';

export function convertAutoscaler(object: JsonObject, apiVersion: string): JsonObject {
  if (object['apiVersion'] === apiVersion) return object;
  return apiVersion === 'autoscaling/v1' ? toV1(object) : toV2(object);
}

function isCpu(metric: Json): boolean {
  return (
    valueAt(metric, 'type') === 'Resource' &&
    valueAt(metric, 'resource', 'name') === 'cpu' &&
    valueAt(metric, 'resource', 'target', 'averageUtilization') !== undefined
  );
}

function toV1(object: JsonObject): JsonObject {
  const { metrics, behavior: _, ...spec } = objectOf(object['spec']);
  const list = listOf(metrics);
  const cpu = list.find(isCpu);
  const others = list.filter((metric) => metric !== cpu);
  const utilization = valueAt(cpu, 'resource', 'target', 'averageUtilization');
  const { currentMetrics: __, conditions: ___, ...status } = objectOf(object['status']);
  const metadata = objectOf(object['metadata']);
  const annotations = { ...objectOf(metadata['annotations']), [OTHER_METRICS]: JSON.stringify(others) };
  return {
    ...object,
    apiVersion: 'autoscaling/v1',
    metadata: others.length > 0 ? { ...metadata, annotations } : metadata,
    spec: utilization === undefined ? spec : { ...spec, targetCPUUtilizationPercentage: utilization },
    status: { currentReplicas: 0, ...status },
  };
}

function toV2(object: JsonObject): JsonObject {
  const { targetCPUUtilizationPercentage: utilization, ...spec } = objectOf(object['spec']);
  const metadata = objectOf(object['metadata']);
  const { [OTHER_METRICS]: text, ...annotations } = objectOf(metadata['annotations']);
  const target = { type: 'Utilization', averageUtilization: utilization ?? null };
  const cpu: Json[] =
    utilization === undefined ? [] : [{ type: 'Resource', resource: { name: 'cpu', target } }];
  const metrics = [...otherMetrics(text), ...cpu];
  const { currentCPUUtilizationPercentage: _, ...status } = objectOf(object['status']);
  return {
    ...object,
    apiVersion: 'autoscaling/v2',
    metadata: text === undefined ? metadata : { ...metadata, annotations },
    spec: metrics.length > 0 ? { ...spec, metrics } : spec,
    status: { currentMetrics: null, ...status },
  };
}

function otherMetrics(text: Json | undefined): Json[] {
  if (typeof text !== 'string') return [];
  try {
    return listOf(JSON.parse(text) as Json).filter(isObject); // what JSON.parse gives is Json
  } catch {
    return [];
  }
}
