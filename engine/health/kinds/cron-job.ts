import { type HealthRule, healthy, objectAt, suspended } from '../health.ts';

export const cronJob: HealthRule = (object) =>
  objectAt(object, 'spec')['suspend'] === true
    ? suspended('no job is started while it is suspended')
    : healthy();
