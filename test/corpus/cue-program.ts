/** Binds what the corpus asks to Mainsheet's CUE engine. */
import type { SyntaxIssue } from '../../engine/cue/syntax/issue.ts';
import { parse } from '../../engine/cue/syntax/parser.ts';
import type { Fill, Opened, Problem } from './cue-answer.ts';

/** Compiles a text and fills it in order. A case marked as one about the budget gets a small one. */
export function openProgram(text: string, _fills: readonly Fill[], _small: boolean): Opened {
  const parsed = parse({ name: 'in.cue', text });
  if (!parsed.ok) return { stage: 'syntax', problem: syntaxProblem(parsed.issues) };
  throw new Error('the engine has no value API yet');
}

function syntaxProblem(issues: readonly SyntaxIssue[]): Problem {
  const [first] = issues;
  if (first === undefined) throw new Error('a refused text without an issue');
  const lines = [...new Set(issues.map((issue) => issue.line))];
  return {
    code: first.code,
    line: first.line,
    ...(lines.length > 1 ? { lines } : {}),
    ...(issues.length > 1 ? { count: issues.length } : {}),
    message: first.message,
  };
}
