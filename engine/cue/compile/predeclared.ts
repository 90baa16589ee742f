/** The names every file knows without declaring them. */
import { LANGUAGE_FUNCTIONS } from '../eval/functions.ts';
import { BOOL_KIND, BYTES_KIND, FLOAT_KIND, INT_KIND, NUMBER_KIND, STRING_KIND } from '../eval/kind.ts';
import { matchIf, matchN } from '../eval/match.ts';
import type { Value } from '../eval/value.ts';
import { BoundValue, BuiltinValue, Conjunction, NumValue, TopValue, TypeValue } from '../eval/value.ts';
import { fromString, isNumberError } from '../number/decimal.ts';
import type { Place } from './ir.ts';

const MATCHERS = new Map([matchN, matchIf].map((fn) => [fn.name, fn]));

const KINDS: ReadonlyMap<string, number> = new Map([
  ['bool', BOOL_KIND],
  ['int', INT_KIND],
  ['float', FLOAT_KIND],
  ['number', NUMBER_KIND],
  ['string', STRING_KIND],
  ['bytes', BYTES_KIND],
]);

const INT_RANGES: ReadonlyMap<string, readonly [bigint, bigint | null]> = new Map<
  string,
  readonly [bigint, bigint | null]
>([
  ['uint', [0n, null]],
  ['rune', [0n, 0x10ffffn]],
  ...[8, 16, 32, 64, 128].flatMap((bits): [string, readonly [bigint, bigint]][] => {
    const n = BigInt(bits);
    return [
      [`uint${bits}`, [0n, (1n << n) - 1n]],
      [`int${bits}`, [-(1n << (n - 1n)), (1n << (n - 1n)) - 1n]],
    ];
  }),
]);

const FLOAT_RANGES: ReadonlyMap<string, string> = new Map([
  ['float32', '3.40282346638528859811704183484516925440e+38'],
  ['float64', '1.797693134862315708145274237317043567981e+308'],
]);

/** The value of a predeclared name (with or without the `__` in front), or null. */
export function predeclared(name: string, place: Place): Value | null {
  const plain = name.startsWith('__') ? name.slice(2) : name;
  if (plain === '_') return new TopValue(place);
  const kind = KINDS.get(plain);
  if (kind !== undefined) return new TypeValue(place, kind);
  const fn = LANGUAGE_FUNCTIONS.get(plain) ?? MATCHERS.get(plain);
  if (fn !== undefined) return new BuiltinValue(place, fn);
  const ints = INT_RANGES.get(plain);
  if (ints !== undefined) {
    const values: Value[] = [
      new TypeValue(place, INT_KIND),
      new BoundValue(place, '>=', new NumValue(place, ints[0]), NUMBER_KIND),
    ];
    if (ints[1] !== null) values.push(new BoundValue(place, '<=', new NumValue(place, ints[1]), NUMBER_KIND));
    return new Conjunction(values);
  }
  const float = FLOAT_RANGES.get(plain);
  if (float === undefined) return null;
  const high = fromString(float);
  const low = fromString(`-${float}`);
  if (isNumberError(high) || isNumberError(low)) return null;
  return new Conjunction([
    new BoundValue(place, '>=', new NumValue(place, { type: 'float', value: low }), NUMBER_KIND),
    new BoundValue(place, '<=', new NumValue(place, { type: 'float', value: high }), NUMBER_KIND),
  ]);
}
