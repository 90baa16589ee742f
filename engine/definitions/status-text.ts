/**
 * The status templates in the metadata of a .cue file: written as text or as CUE in place, and checked before the
 * definition is taken (pkg/definition/ast EncodeMetadata): `healthPolicy` sets `isHealth`, `customStatus` sets
 * `message`, `details` has plain fields.
 */
import type { Ast } from '../cue/index.ts';
import { parse } from '../cue/index.ts';

type StatusField = 'healthPolicy' | 'customStatus' | 'details';
const statusFields: readonly StatusField[] = ['healthPolicy', 'customStatus', 'details'];

export interface StatusProblem {
  readonly message: string;
  /** Offset into the file's text. */
  readonly start: number;
}

export interface StatusTexts {
  /** The metadata with every status template as text. */
  readonly value: Ast.Expr;
  readonly problems: readonly StatusProblem[];
}

/** Takes the metadata's struct and the file's text. The attribute `@disableValidation()` leaves a field unchecked. */
export function withStatusTexts(metadata: Ast.Expr, text: string): StatusTexts {
  const problems: StatusProblem[] = [];
  const value = mapField(metadata, 'attributes', (attributes) =>
    withValue(
      attributes,
      mapField(attributes.value, 'status', (status) => {
        const changed = statusFields.reduce(
          (expr, name) => mapField(expr, name, (field) => readField(name, field, text, problems)),
          status.value,
        );
        return withValue(status, changed);
      }),
    ),
  );
  return { value, problems };
}

function mapField(value: Ast.Expr, name: string, change: (field: Ast.Field) => Ast.Field): Ast.Expr {
  if (value.type !== 'struct') return value;
  const decls = value.decls.map((d) => (d.type === 'field' && labelOf(d.label) === name ? change(d) : d));
  return { ...value, decls };
}

const withValue = (field: Ast.Field, value: Ast.Expr): Ast.Field => ({ ...field, value });

function readField(name: StatusField, field: Ast.Field, text: string, problems: StatusProblem[]): Ast.Field {
  const { value } = field;
  const unchecked = field.attributes.some((a) => a.name === 'disableValidation');
  if (!unchecked) {
    const message = problemOf(name, value);
    if (message !== null)
      problems.push({ message: `attributes.status.${name}: ${message}.`, start: value.start });
  }
  return value.type === 'struct' ? withValue(field, structText(value, text)) : field;
}

/** The text between the braces, as a string literal. */
function structText(value: Ast.StructLit, text: string): Ast.StringLit {
  const { start, end } = value;
  const body = value.chained ? text.slice(start, end) : text.slice(start + 1, end - 1);
  return {
    type: 'string',
    value: body,
    raw: JSON.stringify(body),
    quote: { hashes: 0, multiline: false },
    start,
    end,
  };
}

function problemOf(name: StatusField, value: Ast.Expr): string | null {
  const check = checks[name];
  if (value.type === 'struct') return check(value.decls);
  if (value.type !== 'string') return 'expected a text or a struct';
  const content = contentOf(value);
  if (content === '') return null;
  const parsed = parse({ name: 'status', text: content });
  if (!parsed.ok) return `the text is no CUE: ${parsed.issues[0]?.message ?? ''}`;
  return check(parsed.value.decls);
}

/** What KubeVela reads of a literal: escapes of a multi-line text stay, but tabs and doubled backslashes. */
function contentOf({ quote, raw, value }: Ast.StringLit): string {
  const delimiter = `${'#'.repeat(quote.hashes)}"""`;
  const plain = quote.multiline && quote.hashes <= 1;
  const inner = plain ? raw.slice(delimiter.length, raw.length - delimiter.length) : value;
  return inner.replaceAll('\t', '  ').replaceAll('\\t', '  ').replaceAll('\\\\', '\\');
}

type Decls = readonly Ast.Decl[];

const checks: Readonly<Record<StatusField, (decls: Decls) => string | null>> = {
  healthPolicy: (decls) => {
    const value = findField(decls, 'isHealth');
    if (value === null) return 'it must have a field "isHealth"';
    return booleans.has(value.type) ? null : '"isHealth" must be a boolean expression';
  },
  customStatus: (decls) => {
    const value = findField(decls, 'message');
    if (value === null) return 'it must have a field "message"';
    return texts.has(value.type) ? null : '"message" must be a text expression';
  },
  details: detailsProblem,
};

const operations = ['ident', 'selector', 'call', 'binary'] as const;
const booleans: ReadonlySet<Ast.Expr['type']> = new Set([...operations, 'bool', 'unary', 'paren']);
const texts: ReadonlySet<Ast.Expr['type']> = new Set([
  ...operations,
  'string',
  'bytes',
  'interpolation',
  'paren',
  'list',
  'index',
  'slice',
]);
const scalars: ReadonlySet<Ast.Expr['type']> = new Set([
  ...operations,
  'string',
  'bytes',
  'number',
  'bool',
  'null',
  'badLiteral',
  'unary',
  'interpolation',
  'index',
]);

/** The value of the first field of this name, also below `if`. */
function findField(decls: Decls, name: string): Ast.Expr | null {
  for (const d of decls) if (d.type === 'field' && labelOf(d.label) === name) return d.value;
  for (const d of decls) {
    if (d.type !== 'comprehension' || !d.clauses.some((c) => c.type === 'if')) continue;
    const found = findField(d.value.decls, name);
    if (found !== null) return found;
  }
  return null;
}

function detailsProblem(decls: Decls): string | null {
  const locals = new Map<string, Ast.StructLit>();
  for (const d of decls) {
    if (d.type !== 'field' || d.value.type !== 'struct') continue;
    if (labelOf(d.label).startsWith('$')) locals.set(labelOf(d.label), d.value);
  }
  for (const d of decls) {
    const problem = detailProblem(d, locals);
    if (problem !== null) return problem;
  }
  return null;
}

function detailProblem(decl: Ast.Decl, locals: ReadonlyMap<string, Ast.StructLit>): string | null {
  switch (decl.type) {
    case 'field':
      return labelOf(decl.label).startsWith('$') ? null : fieldProblem(decl);
    case 'comprehension':
      return comprehensionProblem(decl);
    case 'embedding':
      return embeddingProblem(decl.expr, locals);
    case 'let':
    case 'ellipsis':
    case 'attribute':
      return 'it may hold fields, comprehensions and embeddings only';
    default:
      return decl satisfies never;
  }
}

function fieldProblem(field: Ast.Field): string | null {
  return scalars.has(field.value.type) ? null : `"${labelOf(field.label)}" must be a plain value`;
}

function comprehensionProblem(comprehension: Ast.Comprehension): string | null {
  for (const d of comprehension.value.decls) {
    if (d.type !== 'field') return 'a comprehension must yield fields only';
    const problem = fieldProblem(d);
    if (problem !== null) return problem;
  }
  return null;
}

function embeddingProblem(expr: Ast.Expr, locals: ReadonlyMap<string, Ast.StructLit>): string | null {
  if (expr.type === 'ident') {
    if (!expr.name.startsWith('$')) return `an embedded name must begin with "$", unlike "${expr.name}"`;
    for (const d of locals.get(expr.name)?.decls ?? []) {
      const problem = d.type === 'field' ? fieldProblem(d) : null;
      if (problem !== null) return problem;
    }
    return null;
  }
  if (expr.type !== 'struct') return 'only a "$" name or a comprehension in braces may be embedded';
  for (const d of expr.decls) {
    if (d.type !== 'comprehension') return 'embedded braces may hold comprehensions only';
    const problem = comprehensionProblem(d);
    if (problem !== null) return problem;
  }
  return null;
}

/** A label's text; `''` where it is computed. */
export function labelOf(label: Ast.Label): string {
  if (label.type === 'ident') return label.name;
  if (label.type === 'string') return label.value;
  return label.type === 'number' ? label.raw : '';
}
