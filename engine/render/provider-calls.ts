/**
 * Calls of provider functions in the templates of components, traits and policies (Resolve in kubevela/pkg's
 * cue/cuex/compiler.go): every value with a `#do` is carried out, and what it answers is filled in at `$returns`. What
 * computes is done here, HTTP is asked for as `processing.http` is, and what needs a cluster is an issue.
 */
import type { FieldEntry, Value } from '../cue/index.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { at, isObject } from '../json.ts';
import type { Issue, Result } from '../result.ts';
import { fail, ok } from '../result.ts';
import { decodeBase64, encodeBase64 } from './base64.ts';
import { dataOf } from './data.ts';
import type { HttpRequest } from './http-request.ts';
import { unifyByStrategy } from './strategy-unify.ts';
import type { RenderEnvironment } from './template.ts';
import type { TemplateUse } from './template-cache.ts';
import type { Subject } from './template-issues.ts';
import { errorIssues, explain } from './template-issues.ts';

/** A template that needs an answer before it can be evaluated to its end. */
export interface CallNeed {
  /** Where the call stands in the template. */
  readonly call: string;
  readonly request: HttpRequest;
}

export type ResolvedCalls =
  | { readonly state: 'resolved'; readonly value: Value }
  | { readonly state: 'needs'; readonly need: CallNeed };

export interface CallingTemplate {
  readonly subject: Subject;
  readonly use: TemplateUse;
  readonly environment: RenderEnvironment;
  /** The answer to a request, if it is there. */
  answer(need: CallNeed): JsonObject | undefined;
}

/** Of one evaluation; each is a walk through the whole value. */
const MAX_CALLS = 100;

/**
 * Carries out the calls, each once, until none is left or one has to be answered first. Issues `provider.unknown`,
 * `provider.cluster`, `provider.unsupported`, `provider.failed`, `provider.too-many`, and those of templates.
 */
export function resolveCalls(value: Value, template: CallingTemplate): Result<ResolvedCalls> {
  const done = new Set<string>();
  let resolved = value;
  for (;;) {
    const call = nextCall(resolved, done);
    if (call === null) return ok({ state: 'resolved', value: resolved });
    if (done.size === MAX_CALLS)
      return fail(problem(call, template, 'too-many', `is one of more than ${MAX_CALLS} calls`));
    const outcome = new Caller(template, resolved).call(call);
    if (!outcome.ok) return outcome;
    if (outcome.value.state === 'needs') return ok(outcome.value);
    resolved = outcome.value.value;
    done.add(call.path);
  }
}

interface Call {
  /** As CUE writes it. */
  readonly path: string;
  readonly value: Value;
  readonly provider: string;
  readonly name: string;
}

function nextCall(root: Value, done: ReadonlySet<string>): Call | null {
  for (const entry of inOrder(root.fields({ optional: true, hidden: true }) ?? [])) {
    // It is data, and large.
    if (entry.name === 'context') continue;
    const found = below(entry.value, labelOf(entry), done);
    if (found !== null) return found;
  }
  return null;
}

/** The first call not done yet: what is inside comes first. Nothing is looked for in definitions. */
function below(value: Value, path: string, done: ReadonlySet<string>): Call | null {
  if (path.includes('#')) return null;
  const elements = value.elements();
  const fields = elements === null ? (value.fields({ optional: true, hidden: true }) ?? []) : [];
  const inside: Iterable<readonly [string, Value]> =
    elements === null
      ? inOrder(fields).map((entry) => [labelOf(entry), entry.value] as const)
      : elements.map((element, i) => [String(i), element] as const);
  for (const [label, part] of inside) {
    const found = below(part, `${path}.${label}`, done);
    if (found !== null) return found;
  }
  if (elements !== null) return null;
  const name = value.lookup(['#do']);
  const text = name.exists() ? name.string() : null;
  if (text === null || text === '' || done.has(path)) return null;
  return { path, value, name: text, provider: value.lookup(['#provider']).string() ?? '' };
}

function labelOf({ label, constraint }: FieldEntry): string {
  return constraint === 'member' ? label : `${label}?`;
}

/** Those with `@step(n)` first, by their numbers. */
function inOrder(fields: readonly FieldEntry[]): readonly FieldEntry[] {
  const steps = new Map<FieldEntry, number>();
  for (const field of fields) {
    const step = field.value.attributes().find(({ name }) => name === 'step');
    if (step !== undefined && /^[+-]?[0-9]{1,10}$/.test(step.body)) steps.set(field, Number(step.body));
  }
  if (steps.size === 0) return fields;
  const stepOf = (field: FieldEntry) => steps.get(field) ?? Number.POSITIVE_INFINITY;
  return fields.toSorted((a, b) => (stepOf(a) === stepOf(b) ? 0 : stepOf(a) - stepOf(b)));
}

/** What needs the API of a cluster. */
const clusterFunctions: ReadonlySet<string> = new Set(['get', 'list', 'apply', 'patch']);
/** What reaches out in a way of its own. */
const unsupported: Readonly<Record<string, ReadonlySet<string>>> = {
  helm: new Set(['render']),
  config: new Set(['image-registry', 'helm-repository']),
};

class Caller {
  readonly #template: CallingTemplate;
  readonly #root: Value;

  constructor(template: CallingTemplate, root: Value) {
    this.#template = template;
    this.#root = root;
  }

  call(call: Call): Result<ResolvedCalls> {
    const { provider, name } = call;
    switch (provider) {
      case 'base64':
        return name === 'encode' || name === 'decode' ? this.#base64(call) : this.#unknown(call);
      case 'cue':
        return name === 'strategyUnify' ? this.#strategyUnify(call) : this.#unknown(call);
      case 'http':
        return name === 'do' ? this.#http(call) : this.#unknown(call);
      case 'kube':
        return clusterFunctions.has(name) ? this.#cluster(call) : this.#unknown(call);
      default: {
        const known = Object.hasOwn(unsupported, provider) ? unsupported[provider] : undefined;
        if (known === undefined) return this.#fail(call, 'unknown', `has no provider of this name`);
        return known.has(name)
          ? this.#fail(call, 'unsupported', 'cannot be carried out by Mainsheet')
          : this.#unknown(call);
      }
    }
  }

  #base64(call: Call): Result<ResolvedCalls> {
    const parameters = this.#parameters(call);
    if (!parameters.ok) return parameters;
    const text = parameters.value ?? '';
    if (typeof text !== 'string') return this.#fail(call, 'failed', 'takes a string');
    const { libraries } = this.#template.environment.cache;
    if (call.name === 'encode') return this.#filled(call, encodeBase64(text, libraries));
    const decoded = decodeBase64(text, libraries);
    return decoded.ok ? this.#filled(call, decoded.value) : this.#fail(call, 'failed', decoded.message);
  }

  /** It works on values as they are: they need not be concrete. */
  #strategyUnify(call: Call): Result<ResolvedCalls> {
    const { value, path } = call;
    const base = value.lookup(['$params', 'value']);
    const patch = value.lookup(['$params', 'patch']);
    const unified = unifyByStrategy(base, patch, this.#template.environment.cache);
    if (!unified.ok) return this.#fail(call, 'failed', unified.message);
    return ok({ state: 'resolved', value: this.#root.fill(`${path}.$returns`, unified.value) });
  }

  #http(call: Call): Result<ResolvedCalls> {
    const parameters = this.#parameters(call);
    if (!parameters.ok) return parameters;
    const request = requestOf(parameters.value);
    if (request === null) return this.#fail(call, 'failed', 'takes a method, a url and a request');
    const need = { call: call.path, request };
    const answer = this.#template.answer(need);
    return answer === undefined ? ok({ state: 'needs', need }) : this.#filled(call, answer);
  }

  /** What is wrong with its parameters comes first: it is the author's to mend. */
  #cluster(call: Call): Result<ResolvedCalls> {
    const parameters = this.#parameters(call);
    if (!parameters.ok) return parameters;
    const text = (...path: readonly string[]) => {
      const found = at(parameters.value, 'resource', ...path);
      return typeof found === 'string' ? found : '';
    };
    const kind = text('kind') === '' ? 'an object' : text('kind');
    const name = [text('metadata', 'namespace'), text('metadata', 'name')].filter((part) => part !== '');
    const what = name.length === 0 ? kind : `${kind} ${name.join('/')}`;
    const does = call.name === 'get' || call.name === 'list' ? 'reads' : 'writes';
    return this.#fail(call, 'cluster', `${does} ${what} in a cluster, which a rendering here cannot do`);
  }

  /** `$params` as JSON. The whole call must be concrete, as in KubeVela. */
  #parameters(call: Call): Result<JsonValue | undefined> {
    const { subject, use } = this.#template;
    const text = call.value.toJSONText();
    if (!text.ok) {
      const issues = errorIssues('evaluate', text.error, subject, use);
      const causes = explain(text.error, this.#root, subject, use);
      return fail(...issues, ...causes.filter(({ code }) => code.startsWith('parameter.')));
    }
    // The engine's text is JSON.
    const json = JSON.parse(text.value) as JsonValue;
    return ok(isObject(json) ? json['$params'] : undefined);
  }

  #filled({ path }: Call, returns: JsonValue): Result<ResolvedCalls> {
    return ok({ state: 'resolved', value: this.#root.fill(`${path}.$returns`, dataOf(returns)) });
  }

  #unknown(call: Call): Result<never> {
    return this.#fail(call, 'unknown', 'has no function of this name');
  }

  #fail(call: Call, code: string, text: string): Result<never> {
    return fail(problem(call, this.#template, code, text));
  }
}

function problem(call: Call, { subject, use }: CallingTemplate, code: string, text: string): Issue {
  const message = `${subject.title}: ${call.path}: ${call.provider} "${call.name}" ${text}.`;
  const issue = { code: `provider.${code}`, path: subject.path, message };
  const position = call.value.position();
  if (position === null) return issue;
  return { ...issue, definition: { ...position, line: position.line + use.line - 1 } };
}

/** Null where a part has the wrong type. */
function requestOf(parameters: JsonValue | undefined): HttpRequest | null {
  const method = at(parameters, 'method') ?? '';
  const url = at(parameters, 'url') ?? '';
  const body = at(parameters, 'request', 'body') ?? '';
  const header = at(parameters, 'request', 'header') ?? {};
  if (typeof method !== 'string' || typeof url !== 'string' || typeof body !== 'string') return null;
  const headers = isObject(header) ? Object.entries(header) : [];
  if (headers.some(([, value]) => typeof value !== 'string')) return null;
  return {
    method: method === '' ? 'GET' : method.toUpperCase(),
    url,
    header: Object.fromEntries(headers.map(([name, value]) => [name, String(value)])),
    body: body === '' ? null : { encoding: 'utf8', text: body },
  };
}
