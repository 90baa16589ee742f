import { type HealthRule, healthy, listAt, objectAt, progressing, textAt } from '../health.ts';

export const service: HealthRule = (object) => {
  if (textAt(objectAt(object, 'spec'), 'type') !== 'LoadBalancer') return healthy();
  const assigned = listAt(objectAt(objectAt(object, 'status'), 'loadBalancer'), 'ingress');
  return assigned.length > 0 ? healthy() : progressing('no address is assigned yet');
};
