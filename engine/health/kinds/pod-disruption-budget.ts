import { conditionsOf, degraded, type HealthRule, healthy } from '../health.ts';

export const podDisruptionBudget: HealthRule = (object) => {
  // Too few pods is what a budget is there to notice, not a fault of the budget.
  const failed = conditionsOf(object).find(
    ({ status, reason }) => status === 'False' && reason !== 'InsufficientPods',
  );
  return failed === undefined ? healthy() : degraded(failed.message || failed.reason);
};
