/** Compiled templates, kept by their content. The caller owns the cache; the engine has no state of its own. */
import type { Diagnostic, Libraries, Template } from '../cue/index.ts';
import { compile, parse } from '../cue/index.ts';
import type { TemplateText } from '../definitions/definition.ts';
import type { FieldShape } from '../definitions/parameter-shape.ts';
import { parameterShape } from '../definitions/parameter-shape.ts';
import type { RewriteId } from '../definitions/rewrite.ts';
import { rewriteTemplate } from '../definitions/rewrite.ts';
import type { ImportPackages } from '../definitions/stand-ins.ts';
import type { Issue } from '../result.ts';
import type { ContextUse } from './context-use.ts';
import { contextUse } from './context-use.ts';

export type CompiledTemplate =
  | { readonly ok: true; readonly template: Template; readonly use: TemplateUse }
  | { readonly ok: false; readonly issues: readonly Issue[] };

export interface TemplateUse {
  /** What of `context` the template reads. */
  readonly context: ContextUse;
  readonly rewrites: readonly RewriteId[];
  /** It may call provider functions. */
  readonly calls: boolean;
  /** Line of the definition's text on which the compiled text's first line stands. */
  readonly line: number;
  /** What `parameter` declares, for messages. */
  parameter(): FieldShape | null;
}

export interface TemplateCacheOptions {
  readonly libraries: Libraries;
  /** KubeVela's packages and the tenant's own. */
  readonly imports?: ImportPackages;
  /** How many templates are kept; the one unused for longest goes first. */
  readonly size?: number;
}

export class TemplateCache {
  readonly libraries: Libraries;
  readonly #imports: ImportPackages | undefined;
  readonly #size: number;
  readonly #templates = new Map<string, CompiledTemplate>();

  constructor(options: TemplateCacheOptions) {
    this.libraries = options.libraries;
    this.#imports = options.imports;
    this.#size = options.size ?? 1000;
  }

  /** The template compiled, with `context` and `parameter` as names that are given to it. */
  get(template: TemplateText): CompiledTemplate {
    const known = this.#templates.get(template.text);
    if (known !== undefined) {
      this.#templates.delete(template.text);
      this.#templates.set(template.text, known);
      return known;
    }
    const compiled = this.#compile(template);
    this.#templates.set(template.text, compiled);
    if (this.#templates.size > this.#size) {
      const [oldest] = this.#templates.keys();
      if (oldest !== undefined) this.#templates.delete(oldest);
    }
    return compiled;
  }

  #compile(original: TemplateText): CompiledTemplate {
    const { template, applied } = rewriteTemplate(original);
    const parsed = parse({ name: template.source, text: template.text });
    if (!parsed.ok) {
      return {
        ok: false,
        issues: parsed.issues.map((i) =>
          compileIssue(i.message, { source: template.source, line: i.line, column: i.column }, template),
        ),
      };
    }
    const compiled = compile([parsed.value], {
      libraries: this.libraries,
      declare: ['context', 'parameter'],
      ...(this.#imports === undefined ? {} : { imports: this.#imports }),
    });
    if (!compiled.ok) return { ok: false, issues: compiled.issues.map((d) => diagnosticIssue(d, template)) };
    let shape: FieldShape | null | undefined;
    const use: TemplateUse = {
      context: contextUse(parsed.value),
      rewrites: applied,
      calls:
        parsed.value.imports.some(({ path }) => path.startsWith('vela/')) || template.text.includes('#do'),
      line: template.line,
      parameter: () => {
        shape ??= parameterShape(original);
        return shape;
      },
    };
    return { ok: true, template: compiled.value, use };
  }
}

interface TextPosition {
  readonly source: string;
  readonly line: number;
  readonly column: number;
}

function diagnosticIssue(diagnostic: Diagnostic, template: TemplateText): Issue {
  return compileIssue(diagnostic.message, diagnostic.position, template);
}

function compileIssue(message: string, position: TextPosition | null, template: TemplateText): Issue {
  const issue = { code: 'compile', path: '', message: `The template does not compile: ${message}.` };
  if (position === null) return issue;
  return { ...issue, definition: { ...position, line: position.line + template.line - 1 } };
}
