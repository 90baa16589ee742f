/** JSON to what CUE takes as data: keys in byte order, numbers as KubeVela prints float64 values. */
import type { Data } from '../cue/index.ts';
import type { JsonValue } from '../json.ts';
import { isArray, isObject, own, sortedKeys } from '../json.ts';
import type { ContextUse } from './context-use.ts';

/**
 * The value as CUE data. A number without a fraction is an int, as its JSON text would be; from 1e21 on the text
 * has an exponent and CUE reads a float.
 */
export function dataOf(value: JsonValue): Data {
  if (typeof value === 'number') {
    // By its digits: above 2^53 they are not those of the float itself.
    return Number.isInteger(value) && Math.abs(value) < 1e21
      ? BigInt(String(value))
      : decimalData(String(value), 'float');
  }
  if (isArray(value)) return value.map(dataOf);
  if (!isObject(value)) return value;
  const fields = new Map<string, Data>();
  // The keys are the object's own.
  for (const key of sortedKeys(value)) fields.set(key, dataOf(value[key] as JsonValue));
  return { type: 'struct', fields };
}

/** As `dataOf`, with the fields of structs in the order in which they are. */
export function dataInOrder(value: JsonValue): Data {
  if (isArray(value)) return value.map(dataInOrder);
  if (!isObject(value)) return dataOf(value);
  const fields = Object.entries(value).map(([key, field]) => [key, dataInOrder(field)] as const);
  return { type: 'struct', fields: new Map(fields) };
}

/** The parts of a value that `use` names. */
export function dataFor(value: JsonValue, use: ContextUse): Data {
  if (use === 'all' || !isObject(value)) return dataOf(value);
  const fields = new Map<string, Data>();
  for (const [name, inner] of use) {
    const part = own(value, name);
    if (part !== undefined) fields.set(name, dataFor(part, inner));
  }
  return { type: 'struct', fields };
}

/** A number from its decimal text; null for what is none, such as an infinity. */
export function decimalData(text: string, type: 'int' | 'float'): Data {
  const match = /^(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([-+]?[0-9]+))?$/.exec(text);
  if (match === null) return null;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  if (type === 'int' && fraction === '' && exponent === '0') return BigInt(text);
  return {
    type,
    value: {
      form: 'finite',
      negative: sign === '-',
      coefficient: BigInt(whole + fraction),
      exponent: Number(exponent) - fraction.length,
    },
  };
}
