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
  suspended,
} from '../health.ts';

export const deployment: HealthRule = (object) => {
  const spec = objectAt(object, 'spec');
  const status = objectAt(object, 'status');
  if (spec['paused'] === true) return suspended('the rollout is paused');
  if (isStale(object)) return progressing(staleMessage);
  const rollout = conditionOf(object, 'Progressing');
  if (rollout?.reason === 'ProgressDeadlineExceeded') {
    return degraded(rollout.message || 'the rollout did not get on within its deadline');
  }
  const wanted = numberAt(spec, 'replicas', 1);
  const updated = numberAt(status, 'updatedReplicas', 0);
  const available = numberAt(status, 'availableReplicas', 0);
  if (updated < wanted) return progressing(`${updated} of ${wanted} replicas are of the newest version`);
  const old = numberAt(status, 'replicas', 0) - updated;
  if (old > 0) return progressing(`${old} old replicas have not ended yet`);
  if (available < updated) return progressing(`${available} of ${updated} replicas are available`);
  return healthy();
};
