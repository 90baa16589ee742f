/**
 * The JSON schema of a definition's `parameter`, as KubeVela stores it (pkg/schema/schema.go): CUE's OpenAPI schema
 * with the field's name as title, the usage text as description, and `x-immutable`.
 */
import type { Libraries, Value } from '../cue/index.ts';
import { BudgetSpent, compile, parse } from '../cue/index.ts';
import { toOpenApi } from '../cue/openapi.ts';
import type { JsonDraft, JsonObject, JsonValue } from '../json.ts';
import { isArray, isObject, put } from '../json.ts';
import type { Issue, Result } from '../result.ts';
import { fail, ok } from '../result.ts';
import type { TemplateText } from './definition.ts';
import { rewriteTemplate } from './rewrite.ts';
import type { ImportPackages } from './stand-ins.ts';
import { standInPackages } from './stand-ins.ts';

/** What a template may know of its context while nothing is rendered. */
const contextText = `context: {
	name: string
	config?: [...{
		name:  string
		value: string
	}]
	...
}
`;

export interface SchemaOptions {
  readonly libraries: Libraries;
  readonly imports?: ImportPackages;
}

/** The schema. Issues: `compile`, `schema` where OpenAPI cannot express the parameter. */
export function parameterSchema(template: TemplateText, options: SchemaOptions): Result<JsonObject> {
  const rewritten = rewriteTemplate(template).template;
  const parsed = parse({ name: template.source, text: rewritten.text });
  if (!parsed.ok)
    return fail(...parsed.issues.map((i) => problem('compile', `The template is no CUE: ${i.message}.`)));
  const context = parse({ name: 'context', text: contextText });
  const files = context.ok ? [parsed.value, context.value] : [parsed.value];
  // What a step's packages do is of no concern for its parameter.
  const standIn = standInPackages(parsed.value);
  const imports: ImportPackages = (path) => options.imports?.(path) ?? standIn(path);
  const compiled = compile(files, { libraries: options.libraries, imports });
  if (!compiled.ok) {
    return fail(
      ...compiled.issues.map((i) => problem('compile', `The template does not compile: ${i.message}.`)),
    );
  }
  const root = compiled.value.evaluate({ budget: { bytes: schemaBytes } });
  const error = root.error();
  if (error !== null) return fail(problem('schema', error.message));
  const parameter = root.lookup(['parameter']);
  if (!parameter.exists() || parameter.incompleteKind() === '_|_') return ok({ type: 'object' });
  const made = openApiOf(parameter);
  if (!made.ok) return fail(problem('schema', `${['parameter', ...made.path].join('.')}: ${made.message}`));
  return ok(finished('', withoutNullDefaults(made.schema)));
}

/** A schema repeats what alternatives share, so it may be far larger than what it describes. */
const schemaBytes = 128 << 20;

/** Running out of the budget is an answer here. */
function openApiOf(parameter: Value): ReturnType<typeof toOpenApi> {
  try {
    return toOpenApi(parameter);
  } catch (error) {
    if (!(error instanceof BudgetSpent)) throw error;
    return { ok: false, path: [], message: `the schema needs more work than is allowed (${error.message})` };
  }
}

function problem(code: string, message: string): Issue {
  return { code, path: '', message };
}

/** KubeVela's OpenAPI library writes no default that is null. */
function withoutNullDefaults(schema: JsonObject): JsonObject {
  const out: JsonDraft = {};
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'default' && value === null) continue;
    if (key === 'properties' && isObject(value)) {
      const properties: JsonDraft = {};
      for (const [name, property] of Object.entries(value)) put(properties, name, inner(property));
      out[key] = properties;
    } else out[key] = schemaKeys.has(key) ? inner(value) : value;
  }
  return out;
}

const schemaKeys: ReadonlySet<string> = new Set([
  'items',
  'additionalProperties',
  'oneOf',
  'anyOf',
  'allOf',
  'not',
]);

function inner(value: JsonValue): JsonValue {
  if (isArray(value)) return value.map(inner);
  return isObject(value) ? withoutNullDefaults(value) : value;
}

/** Titles and descriptions, down through properties and the items of lists, and no further. */
function finished(name: string, schema: JsonObject): JsonObject {
  const out: JsonDraft = { ...schema };
  const properties = schema['properties'];
  if (schema['type'] === 'object' && isObject(properties)) {
    const finishedProperties: JsonDraft = {};
    for (const [key, value] of Object.entries(properties)) put(finishedProperties, key, below(key, value));
    out['properties'] = finishedProperties;
  }
  const items = schema['items'];
  if (schema['type'] === 'array' && items !== undefined) out['items'] = below('', items);
  if (name !== '') out['title'] = name;
  describe(out);
  return out;
}

function below(name: string, schema: JsonValue): JsonValue {
  return isObject(schema) ? finished(name, schema) : schema;
}

function describe(schema: JsonDraft): void {
  const given = schema['description'];
  if (typeof given !== 'string') return;
  const lines = given.split('\n');
  const kept = lines.filter((line) => line.trim() !== '+immutable');
  if (kept.length < lines.length) schema['x-immutable'] = true;
  const text = kept.length < lines.length ? kept.join('\n').trim() : given;
  const usage = text.includes('+usage=') ? (text.split('+usage=')[1] ?? '') : text;
  const description = usage.includes('+short') ? (usage.split('+short')[0] ?? '').trim() : usage;
  if (description === '') delete schema['description'];
  else schema['description'] = description;
}
