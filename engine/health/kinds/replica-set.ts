import {
  conditionOf,
  degraded,
  type HealthRule,
  healthy,
  isStale,
  numberAt,
  objectAt,
  progressing,
  staleMessage,
} from '../health.ts';

export const replicaSet: HealthRule = (object) => {
  if (isStale(object)) return progressing(staleMessage);
  const failure = conditionOf(object, 'ReplicaFailure');
  if (failure?.status === 'True') return degraded(failure.message || 'replicas cannot be made');
  const wanted = numberAt(objectAt(object, 'spec'), 'replicas', 1);
  const available = numberAt(objectAt(object, 'status'), 'availableReplicas', 0);
  return available < wanted ? progressing(`${available} of ${wanted} replicas are available`) : healthy();
};
