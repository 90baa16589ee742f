import { isArray, isObject, type JsonObject, type JsonValue } from '../../json.ts';
import {
  type Condition,
  conditionsOf,
  degraded,
  type HealthRule,
  healthy,
  objectAt,
  progressing,
  textAt,
} from '../health.ts';

/** Where autoscaling/v1 keeps its conditions, as JSON text. */
const conditionsAnnotation = 'autoscaling.alpha.kubernetes.io/conditions';

const failures: ReadonlySet<string> = new Set([
  'AbleToScale/FailedGetScale',
  'AbleToScale/FailedUpdateScale',
  'ScalingActive/FailedGetResourceMetric',
  'ScalingActive/FailedGetObjectMetric',
  'ScalingActive/FailedGetPodsMetric',
  'ScalingActive/FailedGetExternalMetric',
  'ScalingActive/FailedComputeMetricsReplicas',
  'ScalingActive/InvalidSelector',
]);

export const horizontalPodAutoscaler: HealthRule = (object) => {
  const conditions = [...conditionsOf(object), ...annotated(object)];
  const failed = conditions.find(
    ({ type, status, reason }) => status === 'False' && failures.has(`${type}/${reason}`),
  );
  if (failed !== undefined) return degraded(failed.message || failed.reason);
  const able = conditions.find(
    ({ type, status }) => status === 'True' && (type === 'AbleToScale' || type === 'ScalingLimited'),
  );
  return able === undefined ? progressing('waits for its first look') : healthy(able.message);
};

function annotated(object: JsonObject): Condition[] {
  const text = textAt(objectAt(objectAt(object, 'metadata'), 'annotations'), conditionsAnnotation);
  let parsed: JsonValue;
  try {
    parsed = text === '' ? [] : (JSON.parse(text) as JsonValue);
  } catch {
    parsed = [];
  }
  return (isArray(parsed) ? parsed : []).filter(isObject).map((condition) => ({
    type: textAt(condition, 'type'),
    status: textAt(condition, 'status'),
    reason: textAt(condition, 'reason'),
    message: textAt(condition, 'message'),
  }));
}
