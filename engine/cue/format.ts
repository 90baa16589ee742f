/**
 * Values and syntax trees as CUE text: a second entry beside index.ts, for those who print.
 *
 *     formatNode(file); // as `cue fmt` lays it out
 *     formatNode(syntaxOf(value, FINAL_SYNTAX).expr); // an evaluated value
 */
export { FINAL_SYNTAX, syntaxOf } from './export/syntax.ts';
export { formatFile, formatNode } from './syntax/format.ts';
