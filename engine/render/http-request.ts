/** The request that a trait asks for in `processing.http` (pkg/builtin/http/http.go): what to send, as plain data. */
import type { Value } from '../cue/index.ts';
import type { JsonValue } from '../json.ts';
import { contentHash } from '../oam/revision.ts';
import type { Issue, Result } from '../result.ts';
import { fail, ok } from '../result.ts';
import type { EvaluatedTemplate } from './template.ts';
import type { Subject } from './template-issues.ts';
import { errorIssues } from './template-issues.ts';

/** Trailers are left out: no platform's fetch sends them. */
export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly header: Readonly<Record<string, string>>;
  readonly body: HttpBody | null;
}

export interface HttpBody {
  readonly encoding: 'utf8' | 'base64';
  readonly text: string;
}

/** An HTTP request that something asks for before it can be rendered. */
export interface HttpNeed {
  /** Of the request, and of who and which place asks for it. */
  readonly key: string;
  readonly request: HttpRequest;
  /** What is given back: the JSON object that was answered, or `{statusCode, header, trailer, body}`. */
  readonly answer: 'object' | 'response';
  /** `''` for a policy. */
  readonly component: string;
  /** Who asks, for messages. */
  readonly title: string;
  /** JSON pointer to the properties. */
  readonly path: string;
}

/** Equal for equal requests: whoever keeps answers keeps them by this. */
export function requestHash({ method, url, header, body }: HttpRequest): string {
  return contentHash({ method, url, header, body: body === null ? null : { ...body } });
}

/** Reads `processing.http`. Issues `evaluate`, and `processing.tls` for certificates, which nothing here can use. */
export function readHttpRequest(
  http: Value,
  subject: Subject,
  evaluated: EvaluatedTemplate,
): Result<HttpRequest> {
  if (http.lookup('tls_config').exists()) {
    const message = `${subject.title}: processing.http.tls_config is not supported.`;
    return fail({ code: 'processing.tls', path: subject.path, message });
  }
  const reader = new Reader(subject, evaluated);
  const method = reader.text(http.lookup('method'), 'method');
  const url = reader.text(http.lookup('url'), 'url');
  const header = reader.headers(http.lookup(['request', 'header']));
  const body = reader.body(http.lookup(['request', 'body']));
  return reader.issues.length > 0
    ? fail(...reader.issues)
    : ok({ method: method === '' ? 'GET' : method.toUpperCase(), url, header, body });
}

class Reader {
  readonly issues: Issue[] = [];
  readonly #subject: Subject;
  readonly #evaluated: EvaluatedTemplate;

  constructor(subject: Subject, evaluated: EvaluatedTemplate) {
    this.#subject = subject;
    this.#evaluated = evaluated;
  }

  text(value: Value, name: string): string {
    const text = value.string();
    if (text !== null) return text;
    const data = value.toData();
    if (value.exists() && !data.ok)
      this.issues.push(...errorIssues('evaluate', data.error, this.#subject, this.#evaluated.use));
    else this.#wrong(name, 'a string');
    return '';
  }

  /** Without any, the body is taken for JSON. */
  headers(value: Value): Readonly<Record<string, string>> {
    if (!value.exists()) return { 'Content-Type': 'application/json' };
    const fields = value.fields();
    if (fields === null) this.#wrong('request.header', 'a struct');
    return Object.fromEntries(
      (fields ?? []).map((field) => [field.name, this.text(field.value, `request.header.${field.name}`)]),
    );
  }

  body(value: Value): HttpBody | null {
    if (!value.exists()) return null;
    const text = value.string();
    if (text !== null) return { encoding: 'utf8', text };
    const json = value.toJSONText();
    if (!json.ok) {
      this.issues.push(...errorIssues('evaluate', json.error, this.#subject, this.#evaluated.use));
      return null;
    }
    // Bytes print as a JSON string in base64.
    const printed = JSON.parse(json.value) as JsonValue;
    if (typeof printed === 'string') return { encoding: 'base64', text: printed };
    this.#wrong('request.body', 'a string or bytes');
    return null;
  }

  #wrong(name: string, expected: string): void {
    const message = `${this.#subject.title}: processing.http.${name} must be ${expected}.`;
    this.issues.push({ code: 'evaluate', path: this.#subject.path, message, expected });
  }
}
