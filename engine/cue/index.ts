/**
 * CUE (v0.14.1, evaluator v3) in TypeScript: parse, compile, evaluate. Other code imports this file and those beside
 * it, error-text.ts (errors for people), format.ts (values as CUE text),
 * openapi.ts (schemas of values) and packages.ts (all standard packages), and nothing else of this folder.
 *
 *     const parsed = parse({ name: 'in.cue', text: 'a: b + 1\nb: int' });
 *     if (!parsed.ok) return parsed.issues;
 *     const compiled = compile([parsed.value], { libraries });
 *     if (!compiled.ok) return compiled.issues;
 *     const value = compiled.value.evaluate({ bindings: { b: 2n } });
 *     value.lookup('a').toJSONText(); // { ok: true, value: '3' }
 *
 * A template is compiled once and evaluated any number of times; evaluation changes nothing in it. Several files are
 * one instance, as if their texts stood one after the other.
 */

import { MAX_ISSUES } from './bottom.ts';
import type { CompileIssue, Refusal } from './compile/compile.ts';
import { compileFiles } from './compile/compile.ts';
import type { Package } from './compile/ir.ts';
import { Field, StructLit } from './compile/ir.ts';
import { compiledPackage } from './compile/packages.ts';
import type { Diagnostic } from './diagnostic.ts';
import { pathText, positionOf } from './diagnostic.ts';
import { DataLiterals } from './eval/data.ts';
import type { Budget, CompiledPatterns, Libraries } from './eval/evaluation.ts';
import { DEFAULT_BUDGET, Evaluation } from './eval/evaluation.ts';
import { identifierLabel } from './eval/label.ts';
import { ARC_MEMBER, Conjunct, NO_CLOSE_INFO, Vertex } from './eval/value.ts';
import { nearestName } from './nearest.ts';
import type { Data } from './std/builtin.ts';
import { STANDARD_PATHS } from './std/paths.ts';
import type { File } from './syntax/ast.ts';
import { parse } from './syntax/parser.ts';
import { Value } from './value.ts';

export interface CompileOptions {
  readonly libraries: Libraries;
  /** Finds packages that are not standard ones, as parsed files. */
  readonly imports?: (path: string) => readonly File[] | null;
  /** Top-level names that come by `bindings` and that no file declares. */
  readonly declare?: readonly string[];
}

export type Compiled =
  | { readonly ok: true; readonly value: Template }
  | { readonly ok: false; readonly issues: readonly Diagnostic[] };

export interface EvaluateOptions {
  readonly budget?: Partial<Budget>;
  /** Values of top-level fields, unified as if `name: <json>` stood at the end of the text. */
  readonly bindings?: Readonly<Record<string, Data>>;
}

/** Resolves the names of parsed files. Issues: unknown names and packages, unused imports and lets, bad literals. */
export function compile(files: readonly File[], options: CompileOptions): Compiled {
  const loader = new PackageLoader(options);
  const result = compileFiles(files, {
    importPackage: (path) => loader.load(path),
    declare: options.declare ?? [],
    packageId: '',
  });
  const issues = [...(result.ok ? [] : result.issues), ...loader.issues].slice(0, MAX_ISSUES);
  if (!result.ok || issues.length > 0) return { ok: false, issues: issues.map(compileDiagnostic) };
  const { regexp } = options.libraries;
  const patterns = new Map([...result.patterns].map((p) => [p, regexp.compile(p)]));
  return { ok: true, value: new Template(result.root, options.libraries, patterns) };
}

class PackageLoader {
  readonly issues: CompileIssue[] = [];
  readonly #options: CompileOptions;
  readonly #loaded = new Map<string, Package | Refusal>();

  constructor(options: CompileOptions) {
    this.#options = options;
  }

  load(path: string): Package | Refusal {
    const known = this.#loaded.get(path);
    if (known !== undefined) return known;
    const shown = JSON.stringify(path);
    const absent = {
      refused: `package ${shown} not found`,
      nearest: STANDARD_PATHS.includes(path) ? null : nearestName(path, STANDARD_PATHS),
    };
    // A package that imports itself finds nothing.
    this.#loaded.set(path, absent);
    const lent = this.#options.libraries.packages?.find((pkg) => pkg.path === path);
    const pkg = lent
      ? compiledPackage(lent, (text) => this.#compileText(path, text))
      : (this.#external(path) ??
        (STANDARD_PATHS.includes(path)
          ? {
              refused: `package ${shown} is not lent: pass standardPackages of packages.ts as libraries.packages`,
              nearest: null,
            }
          : absent));
    this.#loaded.set(path, pkg);
    return pkg;
  }

  #compileText(path: string, text: string): StructLit | null {
    const parsed = parse({ name: path, text });
    return parsed.ok ? this.#compilePackage(path, [parsed.value]) : null;
  }

  #external(path: string): Package | null {
    const files = this.#options.imports?.(path) ?? null;
    if (files === null || files.length === 0) return null;
    const root = this.#compilePackage(path, files);
    return root === null ? null : { path, root, values: new Map(), constants: new Map() };
  }

  #compilePackage(path: string, files: readonly File[]): StructLit | null {
    const result = compileFiles(files, { importPackage: (p) => this.load(p), declare: [], packageId: path });
    if (result.ok) return result.root;
    this.issues.push(...result.issues);
    return null;
  }
}

function compileDiagnostic(issue: CompileIssue): Diagnostic {
  const position = positionOf(issue.place);
  return {
    code: 'compile',
    path: issue.path,
    pathText: pathText(issue.path),
    message: issue.message,
    position,
    positions: [position],
    ...(issue.nearest === null ? {} : { nearest: issue.nearest }),
  };
}

/** A compiled program: immutable, to be evaluated with different bindings. */
export class Template {
  readonly #root: StructLit;
  readonly #libraries: Libraries;

  /** The regular expressions written out in the program, compiled. */
  readonly #patterns: CompiledPatterns;

  constructor(root: StructLit, libraries: Libraries, patterns: CompiledPatterns) {
    this.#root = root;
    this.#libraries = libraries;
    this.#patterns = patterns;
  }

  /** Evaluates lazily: the root's fields are worked out when they are asked for, within one budget. */
  evaluate(options: EvaluateOptions = {}): Value {
    const budget = options.budget === undefined ? DEFAULT_BUDGET : { ...DEFAULT_BUDGET, ...options.budget };
    const ctx = new Evaluation(this.#libraries, budget, this.#patterns);
    const root = new Vertex('', null, ARC_MEMBER);
    root.addConjunct(new Conjunct(null, this.#root, NO_CLOSE_INFO, null));
    const bindings = Object.entries(options.bindings ?? {});
    if (bindings.length > 0) {
      const literals = new DataLiterals(this.#root.place.source);
      const place = literals.place();
      const fields = bindings.map(
        ([name, data]) =>
          new Field(literals.place(), identifierLabel(name, ''), ARC_MEMBER, literals.expr(data), null),
      );
      root.addConjunct(new Conjunct(null, new StructLit(place, fields, true, []), NO_CLOSE_INFO, null));
    }
    return new Value(ctx, root);
  }
}

export type { Diagnostic, Position } from './diagnostic.ts';
export type { Budget, Libraries } from './eval/evaluation.ts';
export { BudgetSpent } from './eval/evaluation.ts';
export type { Data, HashLibrary, RegexpLibrary, YamlLibrary } from './std/builtin.ts';
export type * as Ast from './syntax/ast.ts';
export { parse, parseExpr } from './syntax/parser.ts';
export type { FieldEntry, FieldOptions, PathStep, Result } from './value.ts';
export { CueError, Value } from './value.ts';
