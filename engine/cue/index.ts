/**
 * CUE (v0.14.1, evaluator v3) in TypeScript: parse, compile, evaluate. Other code imports this file and those beside
 * it, error-text.ts (errors for people), format.ts (values as CUE text), language.ts (this file without a package),
 * openapi.ts (schemas of values) and packages.ts (all standard packages), and nothing else of this folder.
 *
 *     const parsed = parse({ name: 'in.cue', text: 'a: b + 1\nb: int' });
 *     if (!parsed.ok) return parsed.issues;
 *     const compiled = compile([parsed.value], { libraries });
 *     if (!compiled.ok) return compiled.issues;
 *     const value = compiled.value.evaluate({ bindings: { b: 2n } });
 *     value.lookup('a').toJSONText(); // { ok: true, value: '3' }
 */
import type { Compiled, CompileOptions } from './language.ts';
import { compile as compileLanguage } from './language.ts';
import { definitionPackages } from './std/index.ts';
import type { File } from './syntax/ast.ts';

/**
 * Resolves the names of parsed files. Issues: unknown names and packages, unused imports and lets, bad literals.
 * Programs may import the standard packages of `libraries.packages`, else those that KubeVela's definitions use.
 */
export function compile(files: readonly File[], options: CompileOptions): Compiled {
  const libraries = { packages: definitionPackages, ...options.libraries };
  return compileLanguage(files, { ...options, libraries });
}

export * from './language.ts';
