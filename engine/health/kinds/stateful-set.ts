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

export const statefulSet: HealthRule = (object) => {
  const spec = objectAt(object, 'spec');
  const status = objectAt(object, 'status');
  if (numberAt(status, 'observedGeneration', 0) === 0 || isStale(object)) return progressing(staleMessage);
  const wanted = numberAt(spec, 'replicas', 1);
  const ready = numberAt(status, 'readyReplicas', 0);
  if (ready < wanted) return progressing(`${ready} of ${wanted} replicas are ready`);
  const strategy = objectAt(spec, 'updateStrategy');
  // Pods are then replaced by hand: an old revision is no fault.
  if (textAt(strategy, 'type') === 'OnDelete') return healthy();
  const partition = numberAt(objectAt(strategy, 'rollingUpdate'), 'partition', 0);
  const updated = numberAt(status, 'updatedReplicas', 0);
  if (partition > 0) {
    const due = wanted - partition;
    return updated < due ? progressing(`${updated} of ${due} replicas are of the newest version`) : healthy();
  }
  return textAt(status, 'updateRevision') === textAt(status, 'currentRevision')
    ? healthy()
    : progressing(`${updated} of ${wanted} replicas are of the newest version`);
};
