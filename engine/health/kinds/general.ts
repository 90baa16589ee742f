/** Kinds without a rule of their own: what most controllers write by convention. */
import type { JsonObject } from '../../json.ts';
import {
  type Condition,
  conditionsOf,
  degraded,
  type Health,
  healthy,
  numberAt,
  objectAt,
  progressing,
  staleMessage,
  textAt,
  unknown,
} from '../health.ts';

/** Conditions that say "all is well" when True. */
const good = [
  'Ready',
  'Available',
  'Healthy',
  'Established',
  'Succeeded',
  'Complete',
  'Programmed',
  'Accepted',
];
/** Conditions that say "something is wrong" when True (kstatus' Stalled, and what others call it). */
const bad = ['Stalled', 'Failed', 'Degraded', 'Failure'];
const goodPhases = new Set([
  'active',
  'available',
  'bound',
  'complete',
  'completed',
  'deployed',
  'healthy',
  'ready',
  'running',
  'succeeded',
]);
const badPhases = new Set(['degraded', 'error', 'failed', 'lost', 'unhealthy']);
const busyPhases = new Set([
  'creating',
  'deploying',
  'initializing',
  'installing',
  'pending',
  'progressing',
  'provisioning',
  'reconciling',
  'starting',
  'updating',
  'upgrading',
  'waiting',
]);

/**
 * Judges by the conventions of status.observedGeneration, conditions and phase. An object without status is as it
 * should be once it exists; a status that says nothing known is `unknown`.
 */
export function general(object: JsonObject): Health {
  const status = objectAt(object, 'status');
  if (Object.keys(status).length === 0) return healthy();
  const generation = numberAt(objectAt(object, 'metadata'), 'generation', 0);
  // Who writes no observedGeneration says nothing about it.
  if (numberAt(status, 'observedGeneration', generation) < generation) return progressing(staleMessage);
  const conditions = conditionsOf(object);
  return (
    byConditions(conditions) ?? byPhase(status) ?? (conditions.length === 0 ? withoutWords(status) : unread())
  );
}

function byConditions(conditions: readonly Condition[]): Health | undefined {
  const wrong = conditions.find(({ type, status }) => bad.includes(type) && status === 'True');
  if (wrong !== undefined) return degraded(wrong.message || wrong.reason || wrong.type);
  const busy = conditions.find(({ type, status }) => type === 'Reconciling' && status === 'True');
  if (busy !== undefined) return progressing(busy.message || 'is being worked on');
  for (const name of good) {
    const condition = conditions.find(({ type }) => type === name);
    if (condition === undefined) continue;
    const text = condition.message || condition.reason;
    return condition.status === 'True' ? healthy(condition.message) : progressing(text || `is not ${name}`);
  }
  return undefined;
}

function byPhase(status: JsonObject): Health | undefined {
  const phase = textAt(status, 'phase') || textAt(status, 'state');
  const word = phase.toLowerCase();
  if (goodPhases.has(word)) return healthy();
  if (badPhases.has(word)) return degraded(textAt(status, 'message') || `is ${phase}`);
  if (busyPhases.has(word)) return progressing(textAt(status, 'message') || `is ${phase}`);
  return word === '' ? undefined : unknown(`its phase ${phase.slice(0, 64)} is not known`);
}

/** A status of figures alone, as many simple controllers write it. */
function withoutWords(status: JsonObject): Health {
  return 'observedGeneration' in status ? healthy() : unread();
}

function unread(): Health {
  return unknown('its status says nothing that is known here');
}
