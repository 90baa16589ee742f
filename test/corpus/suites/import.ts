/**
 * Published definition files and whether the real KubeVela loads them. A case is a JSON beside the definition's file:
 * `{result, kind, name, imports, needsProviders, schematic, compile}`, and only `{result, imports, needsProviders}`
 * where it does not load. What counts is what is said; which of two words for it (`ok` or `loaded`, `component` or
 * `ComponentDefinition`, true or `ok`) is taken from the expectation.
 */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { customResourceKind } from '../../../engine/definitions/definition.ts';
import { type ImportedDocument, importFile } from '../../../engine/definitions/import.ts';
import { libraries } from '../../../engine/definitions/libraries.ts';
import { definitionCompiler } from '../../../engine/render/definition-compiler.ts';
import { compare } from '../compare.ts';
import type { CorpusCase, Outcome, Suite } from '../suite.ts';

type Plain = Readonly<Record<string, unknown>>;

const answerKeys = ['result', 'kind', 'name', 'imports', 'needsProviders', 'schematic', 'compile'] as const;
const endings = ['.cue', '.yaml', '.yml'];
const compile = definitionCompiler(libraries);

export const suite: Suite = {
  folder: 'import',
  cases(folder) {
    const paths = globSync('**/*.json', { cwd: folder }).map((path) => path.replaceAll('\\', '/'));
    return paths.sort().map((path): CorpusCase => ({ path, run: () => run(join(folder, path)) }));
  },
};

function run(file: string): Outcome {
  const expected = JSON.parse(readFileSync(file, 'utf8')) as Plain;
  const source = definitionBeside(file);
  const [document] = importFile({ path: source, text: readFileSync(source, 'utf8') }, compile);
  if (document === undefined) throw new Error('the file holds no definition');
  const got = answer(document, expected);
  const want = Object.fromEntries(
    answerKeys.filter((key) => key in expected).map((key) => [key, expected[key]]),
  );
  const { differences, information } = compare(counted(want), counted(got), {
    information: new Set(),
    // A case that says nothing of the schematic or of compiling asks nothing of them.
    mayBeMore: new Set(['schematic', 'compile', 'needsProviders', 'imports']),
  });
  const given = Object.entries(expected).filter(([key]) => !answerKeys.some((known) => known === key));
  return { differences, information, got: { ...Object.fromEntries(given), ...got } };
}

function definitionBeside(file: string): string {
  const stem = file.slice(0, -'.json'.length);
  const found = [stem, ...endings.map((ending) => stem + ending)].find(
    (path) => endings.some((ending) => path.endsWith(ending)) && existsSync(path),
  );
  if (found === undefined) throw new Error(`there is no definition file beside ${file}`);
  return found;
}

function answer(document: ImportedDocument, expected: Plain): Plain {
  const { imports } = document;
  const needsProviders = Array.isArray(expected['needsProviders'])
    ? imports.filter((path) => path.startsWith('vela/'))
    : document.needsProviders;
  const packages = { imports, needsProviders };
  const wordy = expected['result'] === 'loaded' || expected['result'] === 'refused';
  if (document.result === 'refused') return { result: wordy ? 'refused' : 'error', ...packages };
  return {
    result: wordy ? 'loaded' : 'ok',
    kind: kindAs(document.kind, expected['kind']),
    name: document.name,
    ...packages,
    schematic: document.schematic,
    compile: compileAs(document.compile, expected['compile']),
  };
}

function kindAs(kind: keyof typeof customResourceKind, example: unknown): string {
  if (typeof example === 'string' && example.endsWith('Definition')) return customResourceKind[kind];
  return typeof example === 'string' && example.includes('-') && kind === 'workflowstep'
    ? 'workflow-step'
    : kind;
}

function compileAs(compiled: 'ok' | 'failed' | 'none', example: unknown): unknown {
  if (typeof example === 'boolean') return compiled !== 'failed';
  if (compiled === 'none')
    return typeof example === 'string' && example !== 'ok' ? 'none' : (example ?? null);
  return compiled === 'ok' ? 'ok' : example === 'failed' ? 'failed' : 'error';
}

/** The order of packages does not count. */
function counted(answered: Plain): Plain {
  const sorted = (value: unknown) => (Array.isArray(value) ? [...new Set(value)].sort() : value);
  return Object.fromEntries(Object.entries(answered).map(([key, value]) => [key, sorted(value)]));
}
