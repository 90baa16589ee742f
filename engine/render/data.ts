/** JSON to what CUE takes as data: keys in byte order, numbers as KubeVela prints float64 values. */
import type { Data } from '../cue/index.ts';
import type { JsonValue } from '../json.ts';
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

function numberData(value: number): Data {
  if (Number.isInteger(value) && Math.abs(value) < 1e21) return BigInt(value);
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
