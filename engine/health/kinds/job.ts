import { conditionsOf, degraded, type HealthRule, healthy, progressing, suspended } from '../health.ts';

export const job: HealthRule = (object) => {
  const holds = conditionsOf(object).filter(({ status }) => status === 'True');
  const failed = holds.find(({ type }) => type === 'Failed');
  if (failed !== undefined) return degraded(failed.message || 'the job has failed');
  if (holds.some(({ type }) => type === 'Complete')) return healthy();
  return holds.some(({ type }) => type === 'Suspended')
    ? suspended('the job is suspended')
    : progressing('the job runs');
};
