/**
 * Definitions in KubeVela's .cue format: one field named like the definition with its metadata and attributes,
 * and `template: {…}` (pkg/definition/definition.go FromCUEString). The template keeps the lines and columns that
 * it has in the file: everything else of the file is blanked.
 */
import type { Ast } from '../cue/index.ts';
import { parse } from '../cue/index.ts';
import type { JsonDraft, JsonObject, JsonValue } from '../json.ts';
import { at, isObject, put } from '../json.ts';
import { nearestName } from '../oam/nearest.ts';
import type { Issue, Result, Span } from '../result.ts';
import { fail, ok, pointer } from '../result.ts';
import { literalValue } from './cue-literal.ts';
import type { Definition, TemplateText } from './definition.ts';
import { aliasAnnotation, cueFileType, descriptionAnnotation, systemNamespace } from './definition.ts';
import { readSpec } from './spec.ts';

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
  readonly metadata: Ast.Field;
  readonly definitionName: string;
  readonly template: TemplateText;
}

function splitFile(file: Ast.File, text: string, source: string): Result<FileParts> {
  const metadata: Ast.Field[] = [];
  const bodies: Ast.StructLit[] = [];
  for (const decl of file.decls) {
    if (decl.type !== 'field') continue;
    const label = labelText(decl.label);
    if (label === null)
      return fail(
        problem(
          'definition.unexpected',
          'A definition file has named fields only.',
          spanOf(text, source, decl.start),
        ),
      );
    if (label !== 'template') metadata.push(decl);
    else if (decl.value.type === 'struct') bodies.push(decl.value);
    else
      return fail(
        problem(
          'definition.template',
          '"template" must be a struct.',
          spanOf(text, source, decl.value.start),
        ),
      );
  }
  const [first, second] = metadata;
  if (first === undefined)
    return fail(
      problem('definition.no-metadata', 'The file has no field with the definition’s name and type.'),
    );
  if (second !== undefined) {
    const names = `"${labelText(first.label)}" and "${labelText(second.label)}"`;
    return fail(
      problem(
        'definition.two-names',
        `A file holds one definition, here are ${names}.`,
        spanOf(text, source, second.start),
      ),
    );
  }
  if (bodies.length === 0) return fail(problem('definition.no-template', 'The file has no "template".'));
  const imports = file.preamble.filter((p) => p.type === 'imports');
  const kept = [...imports, ...bodies.map(bodyOf)];
  return ok({
    metadata: first,
    definitionName: labelText(first.label) ?? '',
    template: { text: blankOutside(text, kept), source, line: 1 },
  });
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
  const span = spanOf(file.text, file.name, parts.metadata.start);
  const value = literalValue(withStatusText(parts.metadata.value, file.text));
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
  const read = readSpec(spec, file.name, parts.template);
  if (!read.ok) return fail(...read.issues.map((i) => ({ ...i, span })));
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

const statusFields = ['healthPolicy', 'customStatus', 'details'];

/**
 * `attributes.status.*` may be written as CUE in place; the fields become the text between their braces
 * (pkg/definition/ast EncodeMetadata).
 */
function withStatusText(value: Ast.Expr, text: string): Ast.Expr {
  return mapField(value, 'attributes', (attributes) =>
    mapField(attributes, 'status', (status) =>
      statusFields.reduce(
        (expr, field) => mapField(expr, field, (template) => structText(template, text)),
        status,
      ),
    ),
  );
}

function mapField(value: Ast.Expr, name: string, change: (value: Ast.Expr) => Ast.Expr): Ast.Expr {
  if (value.type !== 'struct') return value;
  const decls = value.decls.map((d) =>
    d.type === 'field' && labelText(d.label) === name ? { ...d, value: change(d.value) } : d,
  );
  return { ...value, decls };
}

function structText(value: Ast.Expr, text: string): Ast.Expr {
  if (value.type !== 'struct') return value;
  const inner = bodyOf(value);
  const body = text.slice(inner.start, inner.end);
  const { start, end } = value;
  return {
    type: 'string',
    value: body,
    raw: JSON.stringify(body),
    quote: { hashes: 0, multiline: false },
    start,
    end,
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
