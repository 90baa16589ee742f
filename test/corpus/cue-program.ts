/** Binds what the corpus asks to Mainsheet's CUE engine. */

import { toOpenApi } from '../../engine/cue/export/openapi.ts';
import { FINAL_SYNTAX, syntaxOf } from '../../engine/cue/export/syntax.ts';
import { type CueError, compile, type Diagnostic, parse, type Value } from '../../engine/cue/index.ts';
import { formatNode } from '../../engine/cue/syntax/format.ts';
import type { SyntaxIssue } from '../../engine/cue/syntax/issue.ts';
import { libraries } from '../../engine/definitions/libraries.ts';
import type { AskedValue, Fill, JsonAnswer, Opened, Problem } from './cue-answer.ts';

const FILE = 'in.cue';
/** What a case about the budget may spend. */
const SMALL_BUDGET = { steps: 2_000_000, nodes: 300_000, bytes: 16 << 20 };

/** Compiles a text and fills it in order. `isTight`: with the budget of a case about budgets. */
export function openProgram(text: string, fills: readonly Fill[], isTight: boolean): Opened {
  const opened = evaluate(FILE, text, isTight);
  if ('stage' in opened) return opened;
  let { value } = opened;
  for (const fill of fills) value = value.fill(fill.path, fillValue(fill));
  return { value: new CorpusValue(value) };
}

type Evaluated =
  | { readonly stage: 'syntax' | 'compile'; readonly problem: Problem }
  | { readonly value: Value };

function evaluate(name: string, text: string, isTight: boolean): Evaluated {
  const parsed = parse({ name, text });
  if (!parsed.ok) return { stage: 'syntax', problem: syntaxProblem(parsed.issues) };
  const compiled = compile([parsed.value], { libraries });
  if (!compiled.ok) return { stage: 'compile', problem: problemOf('compile', compiled.issues) };
  return { value: compiled.value.evaluate(isTight ? { budget: SMALL_BUDGET } : {}) };
}

/** What is filled in: an expression, or JSON, which is CUE as well. */
function fillValue(fill: Fill): Value {
  const opened = evaluate('', fill.cue ?? JSON.stringify(fill.json), false);
  if ('stage' in opened) throw new Error(`cannot fill ${fill.path}: ${opened.problem.message}`);
  return opened.value;
}

function syntaxProblem(issues: readonly SyntaxIssue[]): Problem {
  const [first] = issues;
  if (first === undefined) throw new Error('a refused text without an issue');
  const lines = [...new Set(issues.map((issue) => issue.line))];
  return {
    code: first.code,
    line: first.line,
    ...(lines.length > 1 ? { lines } : {}),
    ...(issues.length > 1 ? { count: issues.length } : {}),
    message: first.message,
  };
}

function problemOf(code: string, diagnostics: readonly Diagnostic[]): Problem {
  const [first] = diagnostics;
  if (first === undefined) return { code, message: '' };
  const line = first.position?.line;
  const places = diagnostics.flatMap((one) => one.positions).filter((place) => place.source === FILE);
  const lines = [...new Set(places.map((place) => place.line))].sort((a, b) => a - b);
  const paths = [...new Set(diagnostics.map((one) => one.pathText).filter((path) => path !== ''))].sort();
  return {
    code,
    ...(first.pathText === '' ? {} : { path: first.pathText }),
    ...(line === undefined ? {} : { line }),
    ...(lines.length > 1 || (lines.length === 1 && line === undefined) ? { lines } : {}),
    ...(diagnostics.length > 1 ? { count: diagnostics.length } : {}),
    ...(paths.length > 1 ? { paths } : {}),
    message: first.message,
  };
}

function errorProblem(error: CueError | null): Problem | null {
  return error === null ? null : problemOf(error.code, error.diagnostics);
}

class CorpusValue implements AskedValue {
  private readonly value: Value;

  constructor(value: Value) {
    this.value = value;
  }

  exists(): boolean {
    return this.value.exists();
  }
  kind(): string {
    return this.value.kind();
  }
  incompleteKind(): string {
    return this.value.incompleteKind();
  }
  isConcrete(): boolean {
    return this.value.isConcrete();
  }
  error(): Problem | null {
    return errorProblem(this.value.error());
  }
  validate(options: { readonly concrete: boolean; readonly final: boolean }): Problem | null {
    return errorProblem(this.value.validate(options));
  }
  json(): JsonAnswer {
    const result = this.value.toJSONText();
    if (result.ok) return { text: result.value };
    return { problem: problemOf(result.error.code, result.error.diagnostics) };
  }
  default(): AskedValue | null {
    const value = this.value.default();
    return value === null ? null : new CorpusValue(value);
  }
  fields(): readonly string[] | null {
    const fields = this.value.fields({ optional: true, hidden: true, definitions: true });
    const marks = { member: '', required: '!', optional: '?' };
    return fields === null ? null : fields.map((field) => field.label + marks[field.constraint]);
  }
  length(): number | string {
    const length = this.value.length();
    if (length === null) return `_|_ // len not supported for type ${this.kind()}`;
    return length.isOpen ? `int & >=${length.count}` : length.count;
  }
  docs(): readonly string[] {
    return this.value.docs().map(docText);
  }
  allows(label: string): boolean {
    return this.value.allows(label);
  }
  syntax(form: 'docs' | 'final'): string {
    const { expr } = syntaxOf(this.value, form === 'docs' ? { docs: true } : FINAL_SYNTAX);
    return formatNode(expr, { simplify: true });
  }
  openapi(): unknown {
    // KubeVela describes an empty struct where there is no parameter, or one that cannot be worked out.
    if (this.value.incompleteKind() === '_|_') return { type: 'object' };
    const result = toOpenApi(this.value);
    return result.ok ? result.schema : { error: `${result.path.join('.')}: ${result.message}` };
  }
  lookup(path: string): AskedValue {
    return new CorpusValue(path === '' ? this.value : this.value.lookup(path));
  }
  regularFields(): readonly (readonly [string, AskedValue])[] | Problem {
    const fields = this.value.fields({ optional: false, hidden: false, definitions: false });
    if (fields !== null) return fields.map((field) => [field.name, new CorpusValue(field.value)] as const);
    return this.error() ?? { code: 'eval', message: 'no struct' };
  }
}

/** A comment's text: without the space that most lines begin with, and without empty lines around it. */
function docText(group: { readonly lines: readonly string[] }): string {
  const lines = group.lines.map((line) => line.replace(/^ /, '').trimEnd());
  return lines
    .join('\n')
    .replace(/^\n+|\n+$/g, '')
    .replace(/\n{3,}/g, '\n\n');
}
