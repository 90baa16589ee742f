/** What is wrong with a template, in the words of who uses it and of who wrote it. */
import type { CueError, Diagnostic, Value } from '../cue/index.ts';
import { explainParameter } from '../definitions/check-parameters.ts';
import type { JsonObject } from '../json.ts';
import { at } from '../json.ts';
import type { Issue, Span } from '../result.ts';
import type { TemplateUse } from './template-cache.ts';

/** Whose template is evaluated, for messages. */
export interface Subject {
  /** e.g. `component "web" of type webservice`. */
  readonly title: string;
  readonly type: string;
  /** JSON pointer to the properties. */
  readonly path: string;
  readonly properties: JsonObject | undefined;
}

/**
 * An error of a template as issues: wrong parameters each with their place, else what CUE says. What is merely
 * incomplete is told as well, since it is often the cause (FormatCUEError).
 */
export function explain(error: CueError, root: Value, subject: Subject, use: TemplateUse): readonly Issue[] {
  if (error.code === 'budget') return [budgetIssue(error, subject)];
  const incomplete = root.validate({ concrete: true });
  const all = [...error.diagnostics, ...(incomplete?.diagnostics ?? [])];
  const wrong = all.filter((d) => d.path[0] === 'parameter' && d.path.length > 1);
  if (wrong.length > 0) return parameterIssues(wrong, subject, use);
  return unique(error.diagnostics.map((d) => templateIssue('template', d, subject, use)));
}

/** What is wrong with a `parameter` that is looked at by itself, or missing in it. */
export function wrongParameters(parameter: Value, subject: Subject, use: TemplateUse): readonly Issue[] {
  const wrong = parameter.validate() ?? parameter.validate({ concrete: true });
  if (wrong === null) return [];
  if (wrong.code === 'budget') return [budgetIssue(wrong, subject)];
  const inside = wrong.diagnostics.filter(({ path }) => path[0] === 'parameter' && path.length > 1);
  return parameterIssues(inside, subject, use);
}

function parameterIssues(
  diagnostics: readonly Diagnostic[],
  subject: Subject,
  use: TemplateUse,
): readonly Issue[] {
  const issues = new Map<string, Issue>();
  for (const diagnostic of diagnostics) {
    const path = diagnostic.path.slice(1);
    const key = path.join('\n');
    if (issues.has(key)) continue;
    const given = at(subject.properties, ...path) !== undefined;
    const reason = diagnostic.message === 'field not allowed' ? 'not-allowed' : given ? 'wrong' : 'missing';
    const finding = { path, reason, message: diagnostic.message } as const;
    issues.set(
      key,
      explainParameter(finding, subject.properties, use.parameter(), {
        type: subject.type,
        path: subject.path,
      }),
    );
  }
  return [...issues.values()];
}

/** One of CUE's errors under a class (`template`, `evaluate`, `patch`), with the line of the definition. */
function templateIssue(code: string, diagnostic: Diagnostic, subject: Subject, use: TemplateUse): Issue {
  const where = diagnostic.pathText === '' ? '' : `${diagnostic.pathText}: `;
  const issue = { code, path: subject.path, message: `${subject.title}: ${where}${diagnostic.message}` };
  const position = diagnostic.position ?? diagnostic.positions[0];
  if (position === undefined || position === null) return issue;
  return { ...issue, definition: shifted(position, use.line) };
}

function shifted(position: Span, line: number): Span {
  return { ...position, line: position.line + line - 1 };
}

/** An error outside `parameter` under a class of its own. */
export function errorIssues(
  code: string,
  error: CueError,
  subject: Subject,
  use: TemplateUse,
): readonly Issue[] {
  if (error.code === 'budget') return [budgetIssue(error, subject)];
  return unique(error.diagnostics.map((d) => templateIssue(code, d, subject, use)));
}

function budgetIssue(error: CueError, subject: Subject): Issue {
  return {
    code: 'evaluate.budget',
    path: subject.path,
    message: `${subject.title}: the template needs more work than is allowed (${error.message}).`,
  };
}

function unique(issues: readonly Issue[]): readonly Issue[] {
  const seen = new Set<string>();
  return issues.filter((i) => !seen.has(i.message) && seen.add(i.message));
}
