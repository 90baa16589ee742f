/** Package `html`. */
import type { StdPackage } from './builtin.ts';
import { functionsOf, overBudget } from './define.ts';
import { escapeHtml, unescapeHtml } from './html-text.ts';

const define = functionsOf('html');

export const html: StdPackage = {
  path: 'html',
  functions: [
    define('Escape', ['string'], 'string', ([text], env) =>
      env.charge(text.length * 5) ? escapeHtml(text) : overBudget(),
    ),
    define('Unescape', ['string'], 'string', ([text], env) =>
      env.charge(text.length) ? unescapeHtml(text) : overBudget(),
    ),
  ],
};
