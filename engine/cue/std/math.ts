/**
 * Package `math`. Rounding, powers and logarithms work on exact decimals; what Go computes in float64 is float64
 * here. The hyperbolic functions may differ from Go in the last digit, as Go's own do between processors.
 * The error function, the gamma function and the Bessel functions are not there.
 */

import type { Decimal, NumberError } from '../number/decimal.ts';
import * as decimal from '../number/decimal.ts';
import * as functions from '../number/functions.ts';
import type { CueNumber } from '../number/number.ts';
import { makeNumber } from '../number/number.ts';
import type { Builtin, BuiltinEnv, BuiltinError, Data, StdPackage } from './builtin.ts';
import { evalError } from './builtin.ts';
import { fromDecimal, fromFloat64, functionsOf, overBudget } from './define.ts';
import * as float from './float-functions.ts';
import * as trigonometry from './trigonometry.ts';

const define = functionsOf('math');

/** What CUE makes of a decimal; a whole one becomes an int with all its digits. */
function result(value: Decimal | NumberError, env: BuiltinEnv): Data | BuiltinError {
  if (decimal.isNumberError(value)) return value;
  return env.charge(32 + Math.max(value.exponent, 0)) ? fromDecimal(value) : overBudget();
}

/** The int that Go takes from a decimal: its digits, whatever else it is. */
function wholeOf(value: Decimal | NumberError, env: BuiltinEnv): CueNumber | BuiltinError {
  if (decimal.isNumberError(value)) return value;
  if (value.form !== 'finite') return 0n;
  const whole = decimal.quantize(value, 0);
  if (decimal.isNumberError(whole)) return whole;
  if (!env.charge(32 + Math.max(value.exponent, 0))) return overBudget();
  return makeNumber('int', whole);
}

/** Floor and Ceil: CUE loses the value where it takes more than 34 digits, and gives 0. */
function bounded(value: Decimal | NumberError, env: BuiltinEnv): CueNumber | BuiltinError {
  const whole = wholeOf(value, env);
  if (typeof whole !== 'bigint') return whole;
  return decimal.digitCount(whole < 0n ? -whole : whole) > decimal.PRECISION ? 0n : whole;
}

function floor(x: Decimal): Decimal | NumberError {
  if (x.form !== 'finite') return x;
  const { whole, fraction } = decimal.split(x);
  return decimal.sign(fraction) < 0 ? decimal.sub(whole, decimal.ONE) : whole;
}

function ceil(x: Decimal): Decimal | NumberError {
  if (x.form !== 'finite') return x;
  const { whole, fraction } = decimal.split(x);
  return decimal.sign(fraction) > 0 ? decimal.add(whole, decimal.ONE) : whole;
}

function truncate(x: Decimal): Decimal {
  return x.form === 'finite' ? decimal.split(x).whole : x;
}

function multipleOf(x: Decimal, y: Decimal): boolean | BuiltinError {
  const quotient = decimal.quo(x, y);
  if (decimal.isNumberError(quotient)) return quotient;
  return quotient.form === 'finite' && decimal.isZero(decimal.split(quotient).fraction);
}

function dim(x: Decimal, y: Decimal): Decimal | NumberError {
  const difference = decimal.sub(x, y);
  return !decimal.isNumberError(difference) && difference.negative ? decimal.ZERO : difference;
}

function pow10(n: number): Decimal | NumberError {
  if (Math.abs(n) > decimal.MAX_EXPONENT) return decimal.numberError('exponent out of range');
  return decimal.finite(false, 1n, n);
}

/** The Jacobi symbol of x over an odd y. */
function jacobi(x: bigint, y: bigint): bigint | BuiltinError {
  if (y % 2n === 0n)
    return evalError(`big: invalid 2nd argument to Int.Jacobi: need odd integer but got ${y}`);
  let symbol = y < 0n && x < 0n ? -1n : 1n;
  let lower = y < 0n ? -y : y;
  let upper = x;
  for (;;) {
    if (lower === 1n) return symbol;
    upper = ((upper % lower) + lower) % lower;
    if (upper === 0n) return 0n;
    let twos = 0;
    for (; upper % 2n === 0n; upper /= 2n) twos++;
    if (twos % 2 === 1 && (lower % 8n === 3n || lower % 8n === 5n)) symbol = -symbol;
    if (lower % 4n === 3n && upper % 4n === 3n) symbol = -symbol;
    [upper, lower] = [lower, upper];
  }
}

const ROUNDING = [
  define('Floor', ['decimal'], 'int', ([x], env) => bounded(floor(x), env)),
  define('Ceil', ['decimal'], 'int', ([x], env) => bounded(ceil(x), env)),
  define('Trunc', ['decimal'], 'int', ([x], env) => wholeOf(truncate(x), env)),
  define('Round', ['decimal'], 'int', ([x], env) => wholeOf(decimal.quantize(x, 0), env)),
  define('RoundToEven', ['decimal'], 'int', ([x], env) => wholeOf(decimal.quantize(x, 0, 'half-even'), env)),
  define('MultipleOf', ['decimal', 'decimal'], 'bool', ([x, y]) => multipleOf(x, y)),
];

function onDecimal(name: string, run: (x: Decimal) => Decimal | NumberError): Builtin {
  return define(name, ['decimal'], 'number', ([x], env) => result(run(x), env));
}

const EXACT = [
  define('Jacobi', ['bigint', 'bigint'], 'int', ([x, y]) => jacobi(x, y)),
  onDecimal('Abs', (x) => decimal.round(decimal.abs(x))),
  onDecimal('Cbrt', functions.cbrt),
  define('Copysign', ['decimal', 'decimal'], 'number', ([x, y], env) =>
    result({ ...x, negative: y.negative }, env),
  ),
  define('Dim', ['decimal', 'decimal'], 'number', ([x, y], env) => result(dim(x, y), env)),
  onDecimal('Exp', (x) => functions.exp(x)),
  onDecimal('Exp2', (x) => functions.pow(decimal.fromBigint(2n), x)),
  onDecimal('Log', (x) => functions.ln(x)),
  onDecimal('Log10', functions.log10),
  onDecimal('Log2', functions.log2),
  define('Pow', ['decimal', 'decimal'], 'number', ([x, y], env) => result(functions.pow(x, y), env)),
  define('Pow10', ['int32'], 'number', ([n], env) => result(pow10(n), env)),
  define('Signbit', ['decimal'], 'bool', ([x]) => x.negative),
];

function onFloat(name: string, run: (x: number) => number): Builtin {
  return define(name, ['float64'], 'number', ([x]) => fromFloat64(run(x)));
}

function onFloats(name: string, run: (x: number, y: number) => number): Builtin {
  return define(name, ['float64', 'float64'], 'number', ([x, y]) => fromFloat64(run(x, y)));
}

const FLOATING = [
  ...(
    [
      ['Acosh', Math.acosh],
      ['Asin', trigonometry.asin],
      ['Acos', trigonometry.acos],
      ['Asinh', Math.asinh],
      ['Atan', trigonometry.atan],
      ['Atanh', Math.atanh],
      ['Cos', trigonometry.cos],
      ['Cosh', Math.cosh],
      ['Expm1', Math.expm1],
      ['Log1p', Math.log1p],
      ['Logb', float.logb],
      ['Sin', trigonometry.sin],
      ['Sinh', Math.sinh],
      ['Sqrt', Math.sqrt],
      ['Tan', trigonometry.tan],
      ['Tanh', Math.tanh],
    ] as const
  ).map(([name, run]) => onFloat(name, run)),
  onFloats('Atan2', trigonometry.atan2),
  onFloats('Hypot', Math.hypot),
  onFloats('Mod', (x, y) => x % y),
  onFloats('Remainder', float.remainder),
  define('Ldexp', ['float64', 'int'], 'number', ([fraction, exponent]) =>
    fromFloat64(float.ldexp(fraction, exponent)),
  ),
  define('Ilogb', ['float64'], 'int', ([x]) => float.ilogb(x)),
];

function constant(text: string): Data {
  const value = decimal.fromString(text);
  return decimal.isNumberError(value) ? null : { type: 'float', value };
}

const CONSTANTS = new Map<string, Data>([
  ['MaxExp', 2147483647n],
  ['MinExp', -2147483648n],
  ['MaxPrec', 4294967295n],
  ['ToNearestEven', 0n],
  ['ToNearestAway', 1n],
  ['ToZero', 2n],
  ['AwayFromZero', 3n],
  ['ToNegativeInf', 4n],
  ['ToPositiveInf', 5n],
  ['Below', -1n],
  ['Exact', 0n],
  ['Above', 1n],
  ['MaxBase', 62n],
  ['E', constant('2.71828182845904523536028747135266249775724709369995957496696763')],
  ['Pi', constant('3.14159265358979323846264338327950288419716939937510582097494459')],
  ['Phi', constant('1.61803398874989484820458683436563811772030917980576286213544861')],
  ['Sqrt2', constant('1.41421356237309504880168872420969807856967187537694807317667974')],
  ['SqrtE', constant('1.64872127070012814684865078781416357165377610071014801157507931')],
  ['SqrtPi', constant('1.77245385090551602729816748334114518279754945612238712821380779')],
  ['SqrtPhi', constant('1.27201964951406896425242246173749149171560804184009624861664038')],
  ['Ln2', constant(functions.LN2.slice(0, 65))],
  ['Log2E', constant('1.442695040888963407359924681001892137426645954152985934135449408')],
  ['Ln10', constant('2.3025850929940456840179914546843642076011014886287729760333278')],
  ['Log10E', constant(functions.INVERSE_LN10.slice(0, 64))],
]);

export const math: StdPackage = {
  path: 'math',
  functions: [...ROUNDING, ...EXACT, ...FLOATING],
  constants: CONSTANTS,
};
