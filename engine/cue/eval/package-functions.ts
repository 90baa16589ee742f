/** Functions of standard packages that look at open values or call back into the evaluator. */
import type { EvaluatorFunction } from './function.ts';

/** The functions of one package by their short name. */
export function evaluatorFunctions(_path: string): ReadonlyMap<string, EvaluatorFunction> {
  return new Map();
}
