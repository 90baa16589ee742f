import { degraded, type HealthRule, healthy, objectAt, progressing, textAt, unknown } from '../health.ts';

export const persistentVolumeClaim: HealthRule = (object) => {
  switch (textAt(objectAt(object, 'status'), 'phase')) {
    case 'Bound':
      return healthy();
    case 'Pending':
      return progressing('no volume is bound yet');
    case 'Lost':
      return degraded('the volume is lost');
    default:
      return unknown('the claim has no phase that can be read');
  }
};
