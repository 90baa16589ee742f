/**
 * Evaluating one template with its parameters and context, and telling what is wrong with it
 * (pkg/cue/definition/template.go Complete).
 */
import type { Budget, Data, Diagnostic, Value } from '../cue/index.ts';
import { CueError } from '../cue/index.ts';
import { explainParameter } from '../definitions/check-parameters.ts';
import type { TemplateText } from '../definitions/definition.ts';
import type { JsonObject } from '../json.ts';
import { at } from '../json.ts';
import type { Issue, Result, Span } from '../result.ts';
import { fail, ok } from '../result.ts';
import type { ContextUse } from './context-use.ts';
import { dataOf } from './data.ts';
import type { CallNeed } from './provider-calls.ts';
import { resolveCalls } from './provider-calls.ts';
import type { TemplateCache, TemplateUse } from './template-cache.ts';

/** What a rendering works with: compiled templates and how much work each evaluation may do. */
export interface RenderEnvironment {
  readonly cache: TemplateCache;
  /** Of each template; the engine's default where absent. */
  readonly budget?: Partial<Budget>;
}

/** Whose template is evaluated, for messages. */
export interface Subject {
  /** e.g. `component "web" of type webservice`. */
  readonly title: string;
  readonly type: string;
  /** JSON pointer to the properties. */
  readonly path: string;
  readonly properties: JsonObject | undefined;
}

export interface UncheckedTemplate {
  readonly value: Value;
  readonly use: TemplateUse;
}

export interface EvaluatedTemplate extends UncheckedTemplate {
  /** All of it is concrete, its defaults taken. */
  readonly concrete: boolean;
}

/** What is bound to the names that a template is given. */
export interface TemplateData {
  /** Undefined leaves the template's own declaration alone. */
  readonly parameter: JsonObject | undefined;
  /** The part of `context` that the template reads, or why there is none. */
  readonly context: (use: ContextUse) => Data | CueError;
  /** What was answered to a call that needs something from elsewhere. */
  readonly answer: (need: CallNeed) => JsonObject | undefined;
}

export type Outcome<T> =
  | { readonly state: 'evaluated'; readonly evaluated: T }
  /** Evaluate again with the answer. */
  | { readonly state: 'needs'; readonly need: CallNeed };

/** Evaluates, carries out calls of provider functions, and checks. */
export function evaluateTemplate(
  template: TemplateText,
  data: TemplateData,
  subject: Subject,
  environment: RenderEnvironment,
): Result<Outcome<EvaluatedTemplate>> {
  const outcome = evaluate(template, data, subject, environment);
  if (!outcome.ok) return outcome;
  if (outcome.value.state === 'needs') return ok(outcome.value);
  const { value, use } = outcome.value.evaluated;
  // What is concrete throughout has no error either, and most templates are.
  const concrete = value.validate({ concrete: true, final: true }) === null;
  const issues = check(value, concrete ? null : value.validate(), subject, use);
  return issues.length > 0
    ? fail(...issues)
    : ok({ state: 'evaluated', evaluated: { value, use, concrete } });
}

/** Evaluates and carries out calls. What is wrong with the values is left to be asked. */
export function evaluate(
  template: TemplateText,
  data: TemplateData,
  subject: Subject,
  environment: RenderEnvironment,
): Result<Outcome<UncheckedTemplate>> {
  const compiled = environment.cache.get(template);
  if (!compiled.ok)
    return fail(
      ...compiled.issues.map((i) => ({
        ...i,
        path: subject.path,
        message: `${subject.title}: ${i.message}`,
      })),
    );
  const { use } = compiled;
  const context = data.context(use.context);
  if (context instanceof CueError) return fail(...errorIssues('evaluate', context, subject, use));
  const bindings = {
    context,
    ...(data.parameter === undefined ? {} : { parameter: dataOf(data.parameter) }),
  };
  const value = compiled.template.evaluate({
    bindings,
    ...(environment.budget === undefined ? {} : { budget: environment.budget }),
  });
  if (!use.calls) return ok({ state: 'evaluated', evaluated: { value, use } });
  const resolved = resolveCalls(value, { subject, use, environment, answer: data.answer });
  if (!resolved.ok) return resolved;
  if (resolved.value.state === 'needs') return ok(resolved.value);
  return ok({ state: 'evaluated', evaluated: { value: resolved.value.value, use } });
}

/** The author's own `errs`, then CUE's errors. */
function check(value: Value, invalid: CueError | null, subject: Subject, use: TemplateUse): readonly Issue[] {
  const own = userErrors(value).map((text) => ({ code: 'user-error', path: subject.path, message: text }));
  if (invalid === null) return own;
  return [...own, ...explain(invalid, value, subject, use)];
}

/** `errs: [...string]`; a field of another form is ignored, as KubeVela does. */
function userErrors(value: Value): readonly string[] {
  const errs = value.lookup(['errs']);
  if (!errs.exists()) return [];
  const read = errs.toData();
  if (!read.ok || !Array.isArray(read.value)) return [];
  const texts: string[] = [];
  for (const item of read.value) {
    if (typeof item !== 'string') return [];
    texts.push(item);
  }
  return texts;
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
export function templateIssue(
  code: string,
  diagnostic: Diagnostic,
  subject: Subject,
  use: TemplateUse,
): Issue {
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
