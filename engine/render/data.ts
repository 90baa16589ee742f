/** JSON to what CUE takes as data: keys in byte order, numbers as KubeVela prints float64 values. */
import type { Data } from '../cue/index.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { isArray, isObject, sortedKeys } from '../json.ts';

/**
 * The value as CUE data. A number without a fraction is an int, as its JSON text would be; from 1e21 on the text
 * has an exponent and CUE reads a float.
 */
export function dataOf(value: JsonValue): Data {
  if (typeof value === 'number') return numberData(value);
  if (isArray(value)) return value.map(dataOf);
  if (!isObject(value)) return value;
  const fields = new Map<string, Data>();
  // The keys are the object's own.
  for (const key of sortedKeys(value)) fields.set(key, dataOf(value[key] as JsonValue));
  return { type: 'struct', fields };
}

/** The context: what KubeVela has as Go structs keeps the order of their fields, everything else is sorted. */
export function contextData(context: JsonObject): Data {
  const fields = new Map<string, Data>();
  for (const key of sortedKeys(context)) {
    const value = context[key] as JsonValue;
    fields.set(key, structured.has(key) ? dataInOrder(value) : dataOf(value));
  }
  return { type: 'struct', fields };
}

const structured: ReadonlySet<string> = new Set([
  'components',
  'appComponents',
  'appWorkflow',
  'appPolicies',
]);

function dataInOrder(value: JsonValue): Data {
  if (isArray(value)) return value.map(dataInOrder);
  if (!isObject(value)) return dataOf(value);
  const fields = Object.entries(value).map(([key, field]) => [key, dataInOrder(field)] as const);
  return { type: 'struct', fields: new Map(fields) };
}

function numberData(value: number): Data {
  // By its digits: above 2^53 they are not those of the float itself.
  if (Number.isInteger(value) && Math.abs(value) < 1e21) return BigInt(String(value));
  const match = /^(-?)([0-9]+)(?:\.([0-9]+))?(?:e([-+]?[0-9]+))?$/.exec(String(value));
  if (match === null) return null;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  return {
    type: 'float',
    value: {
      form: 'finite',
      negative: sign === '-',
      coefficient: BigInt(whole + fraction),
      exponent: Number(exponent) - fraction.length,
    },
  };
}
