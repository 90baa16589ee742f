/**
 * `node infra/tasks/bundle-definitions.ts`: writes engine/definitions/stock.generated.ts and packages.generated.ts,
 * which hold the texts of the stock definitions and of the packages that they import, so that a Worker, a browser and
 * the CLI have them without a file system.
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { PackageFile } from '../../engine/definitions/packages.ts';
import type { StockFile } from '../../engine/definitions/registry.ts';

const folder = join(import.meta.dirname, '../../engine/definitions');

/** The file that holds the definitions. */
export const bundlePath: string = join(folder, 'stock.generated.ts');
/** The file that holds the packages. */
export const packageBundlePath: string = join(folder, 'packages.generated.ts');

const kinds = [
  'component',
  'trait',
  'policy',
  'workflowstep',
] as const satisfies readonly StockFile['kind'][];

/** The .cue files below engine/definitions: current ones first, then by kind and by name in bytewise order. */
export function stockFilesOnDisk(): StockFile[] {
  const rank = (f: StockFile) => `${f.deprecated ? 1 : 0}${kinds.indexOf(f.kind)}${f.name}`;
  return globSync('{deprecated/,}*/*.cue', { cwd: folder })
    .map((path) => fileAt(path.split(sep).join('/')))
    .sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
}

function fileAt(path: string): StockFile {
  const [, outdated, folderName, name] = /^(deprecated\/)?([a-z]+)\/([^/]+)\.cue$/.exec(path) ?? [];
  const kind = kinds.find((k) => k === folderName);
  if (kind === undefined || name === undefined)
    throw new Error(`${path}: a definition lies in [deprecated/]{${kinds.join(',')}}/<name>.cue`);
  return { kind, name, deprecated: outdated !== undefined, source: readFileSync(join(folder, path), 'utf8') };
}

/** The .cue files below engine/definitions/packages, in bytewise order of their paths. */
export function packageFilesOnDisk(): PackageFile[] {
  return globSync('**/*.cue', { cwd: join(folder, 'packages') })
    .map((path) => ({
      path: path
        .split(sep)
        .join('/')
        .replace(/\.cue$/, ''),
      source: readFileSync(join(folder, 'packages', path), 'utf8'),
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The module that exports the packages; the same files give the same bytes. */
export function packageBundleText(files: readonly PackageFile[]): string {
  const entries = files.map((f) => `  {\n    path: '${f.path}',\n    source: ${literal(f.source)},\n  },\n`);
  return [
    "/** KubeVela's packages. Written by infra/tasks/bundle-definitions.ts from the .cue files of packages/. */\n",
    "import type { PackageFile } from './packages.ts';\n\n",
    `export const packageFiles: readonly PackageFile[] = [\n${entries.join('')}];\n`,
  ].join('');
}

/** The module that exports the files; the same files give the same bytes. */
export function bundleText(files: readonly StockFile[]): string {
  const entries = files.map(
    (f) =>
      `  {\n    kind: '${f.kind}',\n    name: '${f.name}',\n    deprecated: ${f.deprecated},\n    source: ${literal(f.source)},\n  },\n`,
  );
  return [
    '/** The stock definitions. Written by infra/tasks/bundle-definitions.ts from the .cue files of this folder. */\n',
    "import type { StockFile } from './registry.ts';\n\n",
    `export const stockFiles: readonly StockFile[] = [\n${entries.join('')}];\n`,
  ].join('');
}

/** A template literal, so that a changed line of a definition is a changed line here. */
function literal(text: string): string {
  return `\`${text.replace(/\\|`|\$\{/g, '\\$&').replace(/\r/g, '\\r')}\``;
}

if (import.meta.main) {
  const files = stockFilesOnDisk();
  writeFileSync(bundlePath, bundleText(files));
  console.log(`${files.length} definitions written to engine/definitions/stock.generated.ts`);
  const packages = packageFilesOnDisk();
  writeFileSync(packageBundlePath, packageBundleText(packages));
  console.log(`${packages.length} package files written to engine/definitions/packages.generated.ts`);
}
