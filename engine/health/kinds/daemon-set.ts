import {
  type HealthRule,
  healthy,
  isStale,
  numberAt,
  objectAt,
  progressing,
  staleMessage,
  textAt,
} from '../health.ts';

export const daemonSet: HealthRule = (object) => {
  if (isStale(object)) return progressing(staleMessage);
  const status = objectAt(object, 'status');
  // Pods are then replaced by hand: an old version is no fault.
  if (textAt(objectAt(objectAt(object, 'spec'), 'updateStrategy'), 'type') === 'OnDelete') return healthy();
  const wanted = numberAt(status, 'desiredNumberScheduled', 0);
  const updated = numberAt(status, 'updatedNumberScheduled', 0);
  if (updated < wanted) return progressing(`${updated} of ${wanted} pods are of the newest version`);
  const available = numberAt(status, 'numberAvailable', 0);
  return available < wanted ? progressing(`${available} of ${wanted} pods are available`) : healthy();
};
