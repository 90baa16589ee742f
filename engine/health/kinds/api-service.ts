import { conditionOf, type HealthRule, healthy, progressing } from '../health.ts';

export const apiService: HealthRule = (object) => {
  const available = conditionOf(object, 'Available');
  return available?.status === 'True' ? healthy() : progressing(available?.message || 'is not available yet');
};
