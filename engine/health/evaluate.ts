/**
 * A definition's status templates, evaluated as KubeVela does (pkg/cue/definition/health): `details`, then
 * `healthPolicy`, which sees the details, then `customStatus`, which sees both. What cannot be evaluated is not
 * healthy, has no message and no details.
 */
import { type Budget, compile, type Libraries, parse, type Template, type Value } from '../cue/index.ts';
import { rewriteTemplate } from '../definitions/rewrite.ts';
import type { JsonDraft, JsonObject, JsonValue } from '../json.ts';
import { isArray, isObject, put } from '../json.ts';
import { dataOf } from '../render/data.ts';
import type { StatusEvaluator, StatusQuestion, StatusVerdict } from './service.ts';

export interface EvaluatorOptions {
  readonly libraries: Libraries;
  readonly budget?: Partial<Budget>;
  /** Compiled templates that are kept; the one unused for longest goes first. */
  readonly size?: number;
}

/** Names of details are shorter than this, or they are left out (health.go). */
const MAX_LABEL = 32;

/** The evaluator holds compiled templates; its owner decides how long it lives. */
export function statusEvaluator(options: EvaluatorOptions): StatusEvaluator {
  const templates = new StatusTemplates(options);
  return (question) => evaluate(templates, question);
}

function evaluate(
  templates: StatusTemplates,
  { templates: texts, context, parameter }: StatusQuestion,
): StatusVerdict {
  const { healthPolicy, customStatus, details } = texts;
  if (healthPolicy === '' && customStatus === '' && details === '')
    return { healthy: true, message: '', details: {} };
  const base = isObject(context['status']) ? context['status'] : {};
  const shown = details === '' ? none : detailsOf(templates, details, context, parameter);
  const status = shown === undefined ? base : { ...base, details: shown.context };
  const detailed = { ...context, status };
  const healthy = healthPolicy === '' || isHealthy(templates, healthPolicy, detailed, parameter);
  const judged = { ...context, status: { ...status, healthy } };
  const message = customStatus === '' ? '' : messageOf(templates, customStatus, judged, parameter);
  return { healthy, message, details: shown?.texts ?? {} };
}

function isHealthy(
  templates: StatusTemplates,
  text: string,
  context: JsonObject,
  parameter: JsonObject,
): boolean {
  const data = templates.evaluate(text, context, parameter)?.lookup('isHealth').toData();
  return data?.ok === true && data.value === true;
}

function messageOf(
  templates: StatusTemplates,
  text: string,
  context: JsonObject,
  parameter: JsonObject,
): string {
  return templates.evaluate(text, context, parameter)?.lookup('message').string() ?? '';
}

interface Details {
  /** What later templates see as `context.status.details`. */
  readonly context: JsonObject;
  /** What people see: CUE source text of each. */
  readonly texts: Readonly<Record<string, string>>;
}

const none: Details = { context: {}, texts: {} };

/** Undefined where the template cannot be evaluated as a whole. */
function detailsOf(
  templates: StatusTemplates,
  text: string,
  context: JsonObject,
  parameter: JsonObject,
): Details | undefined {
  const fields = templates.evaluate(text, context, parameter)?.fields();
  if (fields === null || fields === undefined) return undefined;
  const seen: JsonDraft = {};
  const texts: Record<string, string> = {};
  for (const { name: label, value } of fields) {
    if (label.length >= MAX_LABEL || label === 'context' || label === 'parameter') continue;
    const hidden = value
      .attributes()
      .some(({ name: attribute }) => attribute === 'local' || attribute === 'private');
    if (hidden && !label.startsWith('$')) continue;
    const json = value.toJSONText();
    if (json.ok) put(seen, label, JSON.parse(json.value) as JsonValue);
    if (!label.startsWith('$')) texts[label] = json.ok ? textOf(value, json.value) : '_|_';
  }
  return { context: seen, texts };
}

/** A string as it is; anything else as CUE's formatter prints it. */
function textOf(value: Value, json: string): string {
  const parsed = JSON.parse(json) as JsonValue;
  return value.string() ?? (typeof parsed === 'object' && parsed !== null ? cueText(parsed, '') : json);
}

const identifier = /^[A-Za-z_$][A-Za-z0-9_$]*$/;

/** JSON data as CUE source: structs over several lines, lists in one. */
function cueText(value: JsonValue, indent: string): string {
  if (isArray(value)) return `[${value.map((item) => cueText(item, indent)).join(', ')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const entries = Object.entries(value);
  if (entries.length === 0) return '{}';
  const inner = `${indent}\t`;
  const lines = entries.map(([key, field]) => {
    const label = identifier.test(key) ? key : JSON.stringify(key);
    return `${inner}${label}: ${cueText(field, inner)}\n`;
  });
  return `{\n${lines.join('')}${indent}}`;
}

class StatusTemplates {
  readonly #options: EvaluatorOptions;
  readonly #compiled = new Map<string, Template | null>();

  constructor(options: EvaluatorOptions) {
    this.#options = options;
  }

  /** The evaluated template with `context` and `parameter` given; undefined where it cannot be. */
  evaluate(text: string, context: JsonObject, parameter: JsonObject): Value | undefined {
    const template = this.#get(text);
    if (template === null) return undefined;
    const bindings = { context: dataOf(context), parameter: dataOf(parameter) };
    const { budget } = this.#options;
    const value = template.evaluate({ bindings, ...(budget !== undefined && { budget }) });
    return value.error() === null ? value : undefined;
  }

  #get(text: string): Template | null {
    const known = this.#compiled.get(text);
    const template = known === undefined ? this.#compile(text) : known;
    this.#compiled.delete(text);
    this.#compiled.set(text, template);
    const [oldest] = this.#compiled.keys();
    if (this.#compiled.size > (this.#options.size ?? 500) && oldest !== undefined)
      this.#compiled.delete(oldest);
    return template;
  }

  #compile(original: string): Template | null {
    const { template } = rewriteTemplate({ text: original, source: 'status.cue', line: 1 });
    const parsed = parse({ name: template.source, text: template.text });
    if (!parsed.ok) return null;
    const declare = ['context', 'parameter'];
    const compiled = compile([parsed.value], { libraries: this.#options.libraries, declare });
    return compiled.ok ? compiled.value : null;
  }
}
