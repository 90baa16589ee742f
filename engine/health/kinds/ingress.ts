import { type HealthRule, healthy, listAt, objectAt, progressing } from '../health.ts';

export const ingress: HealthRule = (object) => {
  const assigned = listAt(objectAt(objectAt(object, 'status'), 'loadBalancer'), 'ingress');
  return assigned.length > 0 ? healthy() : progressing('no address is assigned yet');
};
