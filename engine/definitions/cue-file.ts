/**
 * Definitions in KubeVela's .cue format: one field named like the definition with its metadata and attributes,
 * and `template: {…}` (pkg/definition/definition.go FromCUEString). The template keeps the lines and columns that
 * it has in the file: everything else of the file is blanked.
 */
import type { Ast } from '../cue/index.ts';
import { compile, parse } from '../cue/index.ts';
import type { JsonDraft, JsonObject, JsonValue } from '../json.ts';
import { at, isObject, own, put } from '../json.ts';
import { nearestName } from '../oam/nearest.ts';
import type { Issue, Result, Span } from '../result.ts';
import { fail, ok, pointer } from '../result.ts';
import { literalValue } from './cue-literal.ts';
import type { Definition, TemplateText } from './definition.ts';
import { aliasAnnotation, cueFileType, descriptionAnnotation, systemNamespace } from './definition.ts';
import { libraries } from './libraries.ts';
import { readSpec } from './spec.ts';
import { specShapeIssues } from './spec-shape.ts';
import { withStatusTexts } from './status-text.ts';

/** Annotations and labels of a .cue file get this prefix unless they name an `oam.dev` key. */
const userPrefix = 'custom.definition.oam.dev/';

/** Reads one .cue file. `name` is what spans show; the namespace is the system's unless one is given. */
export function parseCueFile(
  text: string,
  name: string,
  namespace: string = systemNamespace,
): Result<Definition> {
  const parsed = parse({ name, text });
  if (!parsed.ok) {
    return fail(
      ...parsed.issues.map((i) => ({
        code: 'cue-syntax',
        path: '',
        message: `This is not CUE: ${i.message}.`,
        span: { source: name, line: i.line, column: i.column },
      })),
    );
  }
  const split = splitFile(parsed.value, text, name);
  return split.ok ? toDefinition(split.value, { text, name, namespace }) : split;
}

interface FileParts {
  /** The metadata's fields with what they refer to; status templates as text. */
  readonly metadata: readonly Ast.Field[];
  readonly definitionName: string;
  readonly start: number;
  readonly template: TemplateText;
}

/** What is no field (`let`, a comprehension) is passed over, as KubeVela does. */
function splitFile(file: Ast.File, text: string, source: string): Result<FileParts> {
  const metadata: Ast.Field[] = [];
  const bodies: Ast.StructLit[] = [];
  const problemAt = (code: string, message: string, offset: number) =>
    fail(problem(code, message, spanOf(text, source, offset)));
  for (const decl of file.decls) {
    if (decl.type !== 'field') continue;
    const label = labelText(decl.label);
    if (label === null)
      return problemAt('definition.unexpected', 'A definition file has named fields only.', decl.start);
    if (decl.label.type !== 'ident' || label !== 'template') {
      const read = withStatusTexts(decl.value, text);
      const [wrong] = read.problems;
      if (wrong !== undefined) return problemAt('definition.status', wrong.message, wrong.start);
      metadata.push({ ...decl, value: read.value });
    } else if (decl.value.type === 'struct') bodies.push(decl.value);
    else return problemAt('definition.template', '"template" must be a struct.', decl.value.start);
  }
  const names = metadata.filter(isNamed);
  const [first] = names;
  if (first === undefined)
    return fail(
      problem('definition.no-metadata', 'The file has no field with the definition’s name and type.'),
    );
  const name = labelText(first.label) ?? '';
  const second = names.find((field) => labelText(field.label) !== name);
  if (second !== undefined) {
    const both = `"${name}" and "${labelText(second.label)}"`;
    return problemAt('definition.two-names', `A file holds one definition, here are ${both}.`, second.start);
  }
  if (bodies.every(({ decls }) => decls.length === 0))
    return fail(problem('definition.no-template', 'The file has no "template", or an empty one.'));
  const imports = file.preamble.filter((p) => p.type === 'imports');
  const kept = [...imports, ...bodies.map(bodyOf)];
  const template = { text: blankOutside(text, kept), source, line: 1 };
  return ok({ metadata, definitionName: name, start: first.start, template });
}

/** Hidden fields and definitions are helpers that the metadata may refer to. */
function isNamed({ label, constraint }: Ast.Field): boolean {
  return constraint === 'regular' && (label.type !== 'ident' || !/^[_#]/.test(label.name));
}

/** The metadata's value: as written down, or by evaluating it where it is more than literals. */
function metadataValue({ metadata, definitionName }: FileParts, file: FileText): JsonValue | undefined {
  const struct: Ast.StructLit = { type: 'struct', decls: metadata, chained: false, start: 0, end: 0 };
  const written = literalValue(struct);
  if (isObject(written)) return own(written, definitionName);
  const compiled = compile(
    [
      {
        type: 'file',
        source: { name: file.name, text: file.text },
        packageName: null,
        imports: [],
        preamble: [],
        decls: metadata,
        start: 0,
        end: file.text.length,
      },
    ],
    { libraries },
  );
  if (!compiled.ok) return undefined;
  const json = compiled.value.evaluate().lookup([definitionName]).toJSONText();
  // JSON.parse gives JSON.
  return json.ok ? (JSON.parse(json.value) as JsonValue) : undefined;
}

/** Between the braces; `template: a: b` has none. */
function bodyOf(struct: Ast.StructLit): { readonly start: number; readonly end: number } {
  const { start, end } = struct;
  return struct.chained ? { start, end } : { start: start + 1, end: end - 1 };
}

/** The text with everything outside the ranges turned into spaces; line breaks stay. */
function blankOutside(
  text: string,
  ranges: readonly { readonly start: number; readonly end: number }[],
): string {
  const ordered = [...ranges].sort((a, b) => a.start - b.start);
  let out = '';
  let last = 0;
  for (const { start, end } of ordered) {
    out += text.slice(last, start).replace(/[^\n]/g, ' ') + text.slice(start, end);
    last = end;
  }
  return out.trimEnd();
}

function labelText(label: Ast.Label): string | null {
  if (label.type === 'ident') return label.name;
  return label.type === 'string' ? label.value : null;
}

interface FileText {
  readonly text: string;
  readonly name: string;
  readonly namespace: string;
}

function toDefinition(parts: FileParts, file: FileText): Result<Definition> {
  const span = spanOf(file.text, file.name, parts.start);
  const value = metadataValue(parts, file);
  if (!isObject(value)) {
    return fail(
      problem(
        'definition.metadata',
        `The metadata of "${parts.definitionName}" must be a struct of plain values.`,
        span,
      ),
    );
  }
  const type = value['type'];
  const kind = typeof type === 'string' ? cueFileType[type] : undefined;
  if (kind === undefined) return fail(unknownType(type, span));
  const spec = attributesOf(value);
  const shape = specShapeIssues(kind, spec);
  const read = readSpec(spec, file.name, parts.template);
  // A WorkloadDefinition's spec is not looked at.
  const issues = kind === 'workload' ? [] : [...shape.wrong, ...shape.unknown];
  if (!read.ok) issues.push(...read.issues.filter((i) => !issues.some((known) => known.path === i.path)));
  if (!read.ok || issues.length > 0) return fail(...issues.map((i) => ({ ...i, span })));
  const description = value['description'];
  const alias = value['alias'];
  const annotations: JsonDraft = prefixed(value['annotations']);
  if (typeof description === 'string') annotations[descriptionAnnotation] = description;
  if (typeof alias === 'string') annotations[aliasAnnotation] = alias;
  return ok({
    kind,
    name: parts.definitionName,
    namespace: file.namespace,
    labels: strings(prefixed(value['labels'])),
    annotations: strings(annotations),
    description: typeof description === 'string' ? description : '',
    ...read.value,
    spec,
  });
}

function attributesOf(metadata: JsonObject): JsonObject {
  const attributes = at(metadata, 'attributes');
  return isObject(attributes) ? attributes : {};
}

function unknownType(type: JsonValue | undefined, span: Span): Issue {
  const given = typeof type === 'string' ? type : '';
  const near = nearestName(given, Object.keys(cueFileType));
  return {
    code: 'definition.type',
    path: '/type',
    message: `"${given}" is not a type of definition.${near === null ? '' : ` Did you mean "${near}"?`}`,
    expected: Object.keys(cueFileType).join(', '),
    actual: given,
    span,
  };
}

function prefixed(value: JsonValue | undefined): JsonDraft {
  const out: JsonDraft = {};
  if (!isObject(value)) return out;
  for (const [key, v] of Object.entries(value)) put(out, key.includes('oam.dev') ? key : userPrefix + key, v);
  return out;
}

function strings(value: JsonObject): Readonly<Record<string, string>> {
  const pairs = Object.entries(value).filter((pair): pair is [string, string] => typeof pair[1] === 'string');
  return Object.fromEntries(pairs);
}

function problem(code: string, message: string, span?: Span): Issue {
  return span === undefined
    ? { code, path: pointer([]), message }
    : { code, path: pointer([]), message, span };
}

/** Line and column of an offset. */
export function spanOf(text: string, source: string, offset: number): Span {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { source, line: before.split('\n').length, column: offset - lineStart + 1 };
}
