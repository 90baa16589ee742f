/**
 * KubeVela's `vela/*` packages, which templates call: each call is a value of `#Name & {$params: …}`, or with its
 * parameters at the top in the older `vela/op` and `vela/ql`, and `#provider` and `#do` say what is called.
 */
import { type Ast, parse } from '../cue/index.ts';

import { packageFiles } from './packages.generated.ts';

/** A part of a package as the bundle holds it: a file's text. */
export interface PackageFile {
  /** Below engine/definitions/packages and without `.cue`: `<templates>/<package>` or `<templates>/<package>/<part>`. */
  readonly path: string;
  readonly source: string;
}

/**
 * Which templates import the packages. Workflow steps and queries (pkg/workflow/providers/compiler.go) have other
 * ones, and others of the same name, than components, traits and policies (pkg/cue/cuex/compiler.go).
 */
export type ImportingTemplates = 'step' | 'render';

/** Parts that a package has from elsewhere. */
const borrowed: Readonly<Record<string, string>> = {
  'step/ql': 'step/op/kube',
  'step/query': 'step/op/kube',
  'step/helm': 'render/helm',
};

/**
 * Finds packages by their import path, such as `vela/kube`; null where KubeVela has none. They are parsed when they
 * are first asked for: hold a resolver for as long as possible.
 */
export function velaPackages(templates: ImportingTemplates): (path: string) => readonly Ast.File[] | null {
  const parsed = new Map<string, readonly Ast.File[] | null>();
  return (path) => {
    const known = parsed.get(path);
    if (known !== undefined) return known;
    const result = parseParts(partsOf(templates, path));
    parsed.set(path, result);
    return result;
  };
}

/** The import paths of the packages that these templates can import, in byte order. */
export function velaPackagePaths(templates: ImportingTemplates): readonly string[] {
  const own = [...packageFiles.map((f) => f.path), ...Object.keys(borrowed)]
    .map((path) => path.split('/'))
    .filter(([side]) => side === templates)
    .map(([, name]) => `vela/${name}`);
  return [...new Set(own)].sort();
}

function partsOf(templates: ImportingTemplates, path: string): readonly PackageFile[] {
  const name = /^vela\/([a-z0-9]+)$/.exec(path)?.[1];
  if (name === undefined) return [];
  const own = `${templates}/${name}`;
  return packageFiles.filter(
    (f) => f.path === own || f.path.startsWith(`${own}/`) || f.path === borrowed[own],
  );
}

function parseParts(parts: readonly PackageFile[]): readonly Ast.File[] | null {
  const files: Ast.File[] = [];
  for (const { path, source } of parts) {
    const read = parse({ name: `vela/${path}.cue`, text: source });
    if (!read.ok) return null;
    files.push(read.value);
  }
  return files.length === 0 ? null : files;
}
