import { conditionOf, degraded, type HealthRule, healthy, progressing } from '../health.ts';

export const customResourceDefinition: HealthRule = (object) => {
  const names = conditionOf(object, 'NamesAccepted');
  if (names?.status === 'False') return degraded(names.message || 'its names are taken');
  const schema = conditionOf(object, 'NonStructuralSchema');
  if (schema?.status === 'True') return degraded(schema.message || 'its schema is not structural');
  if (conditionOf(object, 'Terminating')?.status === 'True')
    return progressing('its objects are being deleted');
  const established = conditionOf(object, 'Established');
  if (established?.status === 'True') return healthy();
  if (established === undefined || established.reason === 'Installing')
    return progressing('is being installed');
  return degraded(established.message || 'is not established');
};
