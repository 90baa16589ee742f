/**
 * The kinds that a definition makes, read off its template without evaluating it: objects under `output` and
 * `outputs`, or handed to `kube.#Apply` by a workflow step, whose apiVersion and kind are written out, in every branch.
 * What depends on parameters is not known.
 */
import type { Ast } from '../cue/index.ts';
import { parse } from '../cue/index.ts';
import { at, isObject } from '../json.ts';
import { appliedValues } from './applied-values.ts';
import type { Definition } from './definition.ts';
import { isTerraform, templateOf } from './definition.ts';

export interface EmittedKind {
  readonly apiVersion: string;
  readonly kind: string;
}

export interface EmittedKinds {
  /** In the template's order, each once. Where one object has several, they are alternatives. */
  readonly objects: readonly (readonly EmittedKind[])[];
  /** Whether there is more than the text tells: a kind that comes from a parameter. */
  readonly open: boolean;
}

/** The version in which Terraform's controller takes configurations. */
const terraformConfiguration = { apiVersion: 'terraform.core.oam.dev/v1beta2', kind: 'Configuration' };

export function emittedKinds(definition: Definition): EmittedKinds {
  if (isTerraform(definition)) return { objects: [[terraformConfiguration]], open: false };
  const template = templateOf(definition);
  if (template === null) return { objects: declaredWorkload(definition), open: false };
  const parsed = parse({ name: template.source, text: template.text });
  if (!parsed.ok) return { objects: [], open: true };
  const collector = new KindCollector(parsed.value.decls);
  const fields = fieldsOf(parsed.value.decls);
  const values =
    definition.kind === 'workflowstep'
      ? appliedValues(parsed.value)
      : [...(fields.get('output') ?? []), ...(fields.get('outputs') ?? [])];
  for (const value of values) collector.visit(value, 0);
  return { objects: collector.objects(), open: collector.open };
}

function declaredWorkload(definition: Definition): readonly (readonly EmittedKind[])[] {
  const declared = at(definition.spec, 'workload', 'definition');
  if (!isObject(declared)) return [];
  const { apiVersion, kind } = declared;
  return typeof apiVersion === 'string' && typeof kind === 'string' ? [[{ apiVersion, kind }]] : [];
}

const maxDepth = 12;

class KindCollector {
  open = false;
  readonly #found = new Map<string, readonly EmittedKind[]>();
  readonly #named = new Map<string, Ast.Expr>();

  constructor(decls: readonly Ast.Decl[]) {
    for (const decl of decls) {
      if (decl.type === 'let') this.#named.set(decl.name.name, decl.value);
      const name = decl.type === 'field' ? nameOf(decl.label) : null;
      if (decl.type === 'field' && name !== null) this.#named.set(name, decl.value);
    }
  }

  objects(): readonly (readonly EmittedKind[])[] {
    return [...this.#found.values()];
  }

  /** An object, or a struct of objects. */
  visit(expr: Ast.Expr, depth: number): void {
    if (depth > maxDepth) return;
    switch (expr.type) {
      case 'struct':
        this.#struct(expr, depth);
        return;
      case 'binary':
        this.visit(expr.left, depth + 1);
        this.visit(expr.right, depth + 1);
        return;
      case 'paren':
        this.visit(expr.inner, depth + 1);
        return;
      case 'unary':
        this.visit(expr.operand, depth + 1);
        return;
      case 'alias':
        this.visit(expr.value, depth + 1);
        return;
      case 'list':
        for (const element of expr.elements)
          for (const one of elementExprs(element)) this.visit(one, depth + 1);
        return;
      case 'ident': {
        const named = this.#named.get(expr.name);
        if (expr.name === 'parameter' || named === undefined) this.open = true;
        else this.visit(named, depth + 1);
        return;
      }
      default:
        this.open = true;
    }
  }

  #struct(struct: Ast.StructLit, depth: number): void {
    const fields = fieldsOf(struct.decls);
    const kinds = fields.get('kind');
    if (kinds !== undefined) {
      this.#object(kinds, fields.get('apiVersion') ?? []);
      return;
    }
    for (const values of fields.values()) for (const value of values) this.visit(value, depth + 1);
    for (const decl of struct.decls) if (decl.type === 'embedding') this.visit(decl.expr, depth + 1);
  }

  #object(kinds: readonly Ast.Expr[], versions: readonly Ast.Expr[]): void {
    const texts = (values: readonly Ast.Expr[]) => values.flatMap((value) => this.#texts(value, 0));
    const alternatives = texts(kinds).flatMap((kind) =>
      texts(versions).map((apiVersion) => ({ apiVersion, kind })),
    );
    if (alternatives.length === 0) this.open = true;
    else this.#found.set(JSON.stringify(alternatives), alternatives);
  }

  /** The texts that a value may come to: a literal, a choice, the picked element of a list of conditions. */
  #texts(expr: Ast.Expr, depth: number): readonly string[] {
    if (depth > maxDepth) return [];
    const inner = (one: Ast.Expr): readonly string[] => this.#texts(one, depth + 1);
    switch (expr.type) {
      case 'string':
        return [expr.value];
      case 'paren':
        return inner(expr.inner);
      case 'unary':
        return inner(expr.operand);
      case 'binary':
        return expr.op === '|' || expr.op === '&' ? [...inner(expr.left), ...inner(expr.right)] : [];
      case 'ident': {
        const named = this.#named.get(expr.name);
        return named === undefined ? [] : inner(named);
      }
      case 'index':
        return expr.operand.type === 'list'
          ? expr.operand.elements.flatMap((e) => elementExprs(e).flatMap(inner))
          : [];
      default:
        return [];
    }
  }
}

function elementExprs(element: Ast.ListLit['elements'][number]): readonly Ast.Expr[] {
  if (element.type === 'ellipsis') return [];
  if (element.type !== 'comprehension') return [element];
  return element.value.decls.flatMap((decl) => (decl.type === 'embedding' ? [decl.expr] : []));
}

/** The values that a struct's fields have in any of its branches. */
function fieldsOf(decls: readonly Ast.Decl[]): ReadonlyMap<string, readonly Ast.Expr[]> {
  const fields = new Map<string, Ast.Expr[]>();
  const visit = (inner: readonly Ast.Decl[]): void => {
    for (const decl of inner) {
      if (decl.type === 'comprehension') visit(decl.value.decls);
      if (decl.type !== 'field') continue;
      const name = nameOf(decl.label) ?? `\n${decl.start}`;
      fields.set(name, [...(fields.get(name) ?? []), decl.value]);
    }
  };
  visit(decls);
  return fields;
}

/** Null where the name is computed. */
function nameOf(label: Ast.Label): string | null {
  if (label.type === 'ident') return label.name;
  return label.type === 'string' ? label.value : null;
}
