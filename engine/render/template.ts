/** Evaluating one template with its parameters and context (pkg/cue/definition/template.go Complete). */
import type { Budget, Data, Value } from '../cue/index.ts';
import { CueError } from '../cue/index.ts';
import type { TemplateText } from '../definitions/definition.ts';
import type { JsonObject } from '../json.ts';
import type { Issue, Result } from '../result.ts';
import { fail, ok } from '../result.ts';
import type { ContextUse } from './context-use.ts';
import { dataOf } from './data.ts';
import type { CallNeed } from './provider-calls.ts';
import { resolveCalls } from './provider-calls.ts';
import type { TemplateCache, TemplateUse } from './template-cache.ts';
import type { Subject } from './template-issues.ts';
import { errorIssues, explain } from './template-issues.ts';

/** What a rendering works with: compiled templates and how much work each evaluation may do. */
export interface RenderEnvironment {
  readonly cache: TemplateCache;
  /** Of each template; the engine's default where absent. */
  readonly budget?: Partial<Budget>;
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
  /** What was answered to a call that needs something from elsewhere. Absent: no call is carried out. */
  readonly answer?: (need: CallNeed) => JsonObject | undefined;
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
  if (!use.calls || data.answer === undefined) return ok({ state: 'evaluated', evaluated: { value, use } });
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
