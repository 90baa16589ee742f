/** Package `struct`. Both functions look at optional fields and openness, so they are the evaluator's. */
import { structFunctions } from '../eval/struct-functions.ts';
import type { StdPackage } from './builtin.ts';

export const struct: StdPackage = {
  path: 'struct',
  functions: [],
  evaluatorOwned: structFunctions,
};
