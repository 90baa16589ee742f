/** Package `struct`. Both functions look at optional fields and openness, so they are the evaluator's. */
import type { StdPackage } from './builtin.ts';

export const struct: StdPackage = {
  path: 'struct',
  functions: [],
  evaluatorOwned: ['MaxFields', 'MinFields'],
};
