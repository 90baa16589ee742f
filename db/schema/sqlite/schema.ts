export * from './applications.ts';
export * from './clusters.ts';
export * from './receivers.ts';
export * from './runs.ts';
export * from './tenancy.ts';
