/**
 * What a definition says of its live objects: details, health and message, each a CUE program over `context` and
 * `parameter` (pkg/cue/definition/health/health.go). What goes wrong is told, and never counts as healthy.
 */

import { FINAL_SYNTAX, formatNode, syntaxOf } from '../cue/format.ts';
import type { Value } from '../cue/index.ts';
import type { StatusTemplates } from '../definitions/definition.ts';
import type { JsonDraft, JsonObject, JsonValue } from '../json.ts';
import { isObject, put } from '../json.ts';
import type { Issue } from '../result.ts';
import { dataOf } from './data.ts';
import type { RenderEnvironment } from './template.ts';

export interface StatusRequest {
  readonly templates: StatusTemplates;
  /** Name of the definition, for problems. */
  readonly source: string;
  /** With live `output` and `outputs`. */
  readonly context: JsonObject;
  /** As the user wrote it, without defaults; undefined where there is none. */
  readonly parameter: JsonObject | undefined;
}

export interface StatusVerdict {
  readonly healthy: boolean;
  readonly message: string;
  /** Texts; what is no string is CUE. */
  readonly details: Readonly<Record<string, string>>;
  /** Codes `status.details`, `status.health`, `status.message`: the part could not be worked out. */
  readonly problems: readonly Issue[];
}

/** Details first, then health, which sees them, then the message, which sees both. */
export function evaluateStatus(request: StatusRequest, environment: RenderEnvironment): StatusVerdict {
  const status = request.context['status'];
  const evaluation = new StatusEvaluation(request, environment, isObject(status) ? status : {});
  const details = evaluation.details();
  const healthy = evaluation.health();
  const message = evaluation.message(healthy);
  return { healthy, message, details, problems: evaluation.problems };
}

/** Longer labels are left out, as KubeVela leaves them out. */
const maxLabel = 31;

class StatusEvaluation {
  readonly problems: Issue[] = [];
  readonly #request: StatusRequest;
  readonly #environment: RenderEnvironment;
  #status: JsonObject;

  constructor(request: StatusRequest, environment: RenderEnvironment, status: JsonObject) {
    this.#request = request;
    this.#environment = environment;
    this.#status = status;
  }

  details(): Readonly<Record<string, string>> {
    const text = this.#request.templates.details;
    if (text === '') return {};
    const value = this.#evaluate(text, 'status.details');
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
    const value = this.#evaluate(text, 'status.health');
    if (value === null) return false;
    const healthy = this.#field(value, 'isHealth', 'status.health');
    if (typeof healthy === 'boolean') return healthy;
    if (healthy !== undefined) this.#problem('status.health', 'isHealth is no boolean');
    return false;
  }

  message(healthy: boolean): string {
    const text = this.#request.templates.customStatus;
    if (text === '') return '';
    this.#status = { ...this.#status, healthy };
    const value = this.#evaluate(text, 'status.message');
    if (value === null) return '';
    const message = this.#field(value, 'message', 'status.message');
    if (typeof message === 'string') return message;
    if (message !== undefined) this.#problem('status.message', 'message is no string');
    return '';
  }

  /** The program's value, or null where it does not compile or is wrong as a whole. */
  #evaluate(text: string, code: string): Value | null {
    const { source, context, parameter } = this.#request;
    const compiled = this.#environment.cache.get({ text, source: `${source} (${code})`, line: 1 });
    if (!compiled.ok) {
      this.#problem(code, compiled.issues[0]?.message ?? 'it does not compile');
      return null;
    }
    const { budget } = this.#environment;
    const value = compiled.template.evaluate({
      bindings: { context: dataOf({ ...context, status: this.#status }), parameter: dataOf(parameter ?? {}) },
      ...(budget === undefined ? {} : { budget }),
    });
    const error = value.error();
    if (error === null) return value;
    this.#problem(code, error.message);
    return null;
  }

  #field(value: Value, name: string, code: string): JsonValue | undefined {
    const field = value.lookup([name]);
    const text = field.toJSONText();
    // The engine's text is JSON.
    if (text.ok) return JSON.parse(text.value) as JsonValue;
    this.#problem(code, text.error.message);
    return undefined;
  }

  #problem(code: string, message: string): void {
    this.problems.push({ code, path: '', message: `${this.#request.source}: ${message}` });
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
