/**
 * What a definition says of its live objects: details, health and message, each a CUE program over `context` and
 * `parameter` (pkg/cue/definition/health/health.go). What goes wrong is told, and never counts as healthy.
 */

import { FINAL_SYNTAX, formatNode, syntaxOf } from '../cue/format.ts';
import type { Budget, Libraries, Value } from '../cue/index.ts';
import type { JsonDraft, JsonObject, JsonValue } from '../json.ts';
import { isObject, put } from '../json.ts';
import { dataOf } from '../render/data.ts';
import { TemplateCache } from '../render/template-cache.ts';
import type { StatusEvaluator, StatusProblem, StatusQuestion } from './service.ts';

export interface EvaluatorOptions {
  readonly libraries: Libraries;
  readonly budget?: Partial<Budget>;
  /** Compiled templates that are kept; the one unused for longest goes first. */
  readonly size?: number;
}

interface Environment {
  readonly cache: TemplateCache;
  readonly budget: Partial<Budget>;
}

/**
 * Works out details first, then health, which sees them, then the message, which sees both. The evaluator holds compiled
 * templates; its owner decides how long it lives.
 */
export function statusEvaluator({ libraries, budget = {}, size = 500 }: EvaluatorOptions): StatusEvaluator {
  const environment = { cache: new TemplateCache({ libraries, size }), budget };
  return (question) => {
    const status = question.context['status'];
    const evaluation = new StatusEvaluation(question, environment, isObject(status) ? status : {});
    const details = evaluation.details();
    const healthy = evaluation.health();
    const message = evaluation.message(healthy);
    return { healthy, message, details, problems: evaluation.problems };
  };
}

/** Longer labels are left out, as KubeVela leaves them out. */
const maxLabel = 31;

class StatusEvaluation {
  readonly problems: StatusProblem[] = [];
  readonly #request: StatusQuestion;
  readonly #environment: Environment;
  #status: JsonObject;

  constructor(request: StatusQuestion, environment: Environment, status: JsonObject) {
    this.#request = request;
    this.#environment = environment;
    this.#status = status;
  }

  details(): Readonly<Record<string, string>> {
    const text = this.#request.templates.details;
    if (text === '') return {};
    const value = this.#evaluate(text, 'details');
    const fields = value?.fields();
    if (value === null || fields === null || fields === undefined) return {};
    const texts: Record<string, string> = {};
    const data: JsonDraft = {};
    for (const { name, value: field } of fields) {
      if (name.length > maxLabel || name === 'context' || name === 'parameter') continue;
      const json = jsonOf(field);
      const isPrivate = field.attributes().some((a) => a.name === 'local' || a.name === 'private');
      if (isPrivate && !name.startsWith('$')) continue;
      if (json !== undefined) put(data, name, json);
      if (!name.startsWith('$')) texts[name] = json === undefined ? '_|_' : detailText(field, json);
    }
    this.#status = { ...this.#status, details: data };
    return texts;
  }

  /** True without a policy; false where the policy gives no boolean. */
  health(): boolean {
    const text = this.#request.templates.healthPolicy;
    if (text === '') return true;
    const value = this.#evaluate(text, 'health');
    if (value === null) return false;
    const healthy = this.#field(value, 'isHealth', 'health');
    if (typeof healthy === 'boolean') return healthy;
    if (healthy !== undefined) this.#problem('health', 'isHealth is no boolean');
    return false;
  }

  message(healthy: boolean): string {
    const text = this.#request.templates.customStatus;
    if (text === '') return '';
    this.#status = { ...this.#status, healthy };
    const value = this.#evaluate(text, 'message');
    if (value === null) return '';
    const message = this.#field(value, 'message', 'message');
    if (typeof message === 'string') return message;
    if (message !== undefined) this.#problem('message', 'message is no string');
    return '';
  }

  /** The program's value, or null where it does not compile or is wrong as a whole. */
  #evaluate(text: string, part: StatusProblem['part']): Value | null {
    const { context, parameter } = this.#request;
    const compiled = this.#environment.cache.get({ text, source: part, line: 1 });
    if (!compiled.ok) {
      this.#problem(part, compiled.issues[0]?.message ?? 'it does not compile');
      return null;
    }
    const value = compiled.template.evaluate({
      bindings: { context: dataOf({ ...context, status: this.#status }), parameter: dataOf(parameter) },
      budget: this.#environment.budget,
    });
    const error = value.error();
    if (error === null) return value;
    this.#problem(part, error.message);
    return null;
  }

  #field(value: Value, name: string, part: StatusProblem['part']): JsonValue | undefined {
    const field = value.lookup([name]);
    const text = field.toJSONText();
    // The engine's text is JSON.
    if (text.ok) return JSON.parse(text.value) as JsonValue;
    this.#problem(part, text.error.message);
    return undefined;
  }

  #problem(part: StatusProblem['part'], message: string): void {
    this.problems.push({ part, message });
  }
}

function jsonOf(value: Value): JsonValue | undefined {
  if (value.validate({ concrete: true }) !== null) return undefined;
  const text = value.toJSONText();
  // The engine's text is JSON.
  return text.ok ? (JSON.parse(text.value) as JsonValue) : undefined;
}

function detailText(value: Value, json: JsonValue): string {
  if (typeof json === 'string' && value.incompleteKind() === 'string') return json;
  return formatNode(syntaxOf(value, FINAL_SYNTAX).expr);
}
