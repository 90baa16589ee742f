import { type HealthRule, healthy, objectAt, progressing, textAt } from '../health.ts';

export const namespace: HealthRule = (object) =>
  textAt(objectAt(object, 'status'), 'phase') === 'Terminating' ? progressing('is being deleted') : healthy();
