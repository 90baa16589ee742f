/** Package `text/template`: Go's templates over data. */
import type { StdPackage } from './builtin.ts';
import { functionsOf, overBudget } from './define.ts';
import { executeTemplate } from './template-exec.ts';
import { htmlEscaped, jsEscaped } from './template-functions.ts';

const define = functionsOf('text/template');

export const template: StdPackage = {
  path: 'text/template',
  functions: [
    define('Execute', ['string', 'any'], 'string', ([source, data], env) =>
      env.charge(source.length) ? executeTemplate(source, data, env) : overBudget(),
    ),
    define('HTMLEscape', ['string'], 'string', ([text], env) =>
      env.charge(text.length * 5) ? htmlEscaped(text) : overBudget(),
    ),
    define('JSEscape', ['string'], 'string', ([text], env) =>
      env.charge(text.length * 6) ? jsEscaped(text) : overBudget(),
    ),
  ],
};
