/** The health of one live object. */
import { isArray, isObject, type JsonObject, type JsonValue } from '../json.ts';

/**
 * `missing`: wanted and not there. `unknown`: there, and not to be read: it never counts as healthy.
 * `suspended`: somebody has asked it to rest.
 */
export type HealthStatus = 'healthy' | 'suspended' | 'progressing' | 'missing' | 'degraded' | 'unknown';

export interface Health {
  readonly status: HealthStatus;
  readonly message: string;
}

/** A rule of one kind. Undefined: the rule has nothing to say of this object, the general one decides. */
export type HealthRule = (object: JsonObject) => Health | undefined;

export const healthy = (message = ''): Health => ({ status: 'healthy', message });
export const progressing = (message: string): Health => ({ status: 'progressing', message });
export const degraded = (message: string): Health => ({ status: 'degraded', message });
export const suspended = (message: string): Health => ({ status: 'suspended', message });
export const unknown = (message: string): Health => ({ status: 'unknown', message });

const order: readonly HealthStatus[] = [
  'healthy',
  'suspended',
  'progressing',
  'missing',
  'degraded',
  'unknown',
];

/** Whether `a` is worse than `b`. */
export function isWorse(a: HealthStatus, b: HealthStatus): boolean {
  return order.indexOf(a) > order.indexOf(b);
}

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

export function objectAt(object: JsonObject, key: string): JsonObject {
  const value = object[key];
  return isObject(value) ? value : {};
}

export function numberAt(object: JsonObject, key: string, absent: number): number {
  const value = object[key];
  return typeof value === 'number' ? value : absent;
}

export function textAt(object: JsonObject, key: string): string {
  const value = object[key];
  return typeof value === 'string' ? value : '';
}

export function listAt(object: JsonObject, key: string): readonly JsonValue[] {
  const value = object[key];
  return isArray(value) ? value : [];
}

/** `status.conditions` as far as they have the usual form. */
export function conditionsOf(object: JsonObject): Condition[] {
  return listAt(objectAt(object, 'status'), 'conditions')
    .filter(isObject)
    .map((condition) => ({
      type: textAt(condition, 'type'),
      status: textAt(condition, 'status'),
      reason: textAt(condition, 'reason'),
      message: textAt(condition, 'message'),
    }));
}

export function conditionOf(object: JsonObject, type: string): Condition | undefined {
  return conditionsOf(object).find((condition) => condition.type === type);
}

/** Whether the controller has not yet looked at the newest spec. */
export function isStale(object: JsonObject): boolean {
  const generation = numberAt(objectAt(object, 'metadata'), 'generation', 0);
  return numberAt(objectAt(object, 'status'), 'observedGeneration', 0) < generation;
}

export const staleMessage = 'the newest change has not been looked at yet';
