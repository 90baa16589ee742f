/**
 * `node infra/tasks/bundle-definitions.ts`: writes engine/definitions/stock.generated.ts, which holds the texts of
 * the stock definitions, so that a Worker, a browser and the CLI have them without a file system.
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { StockFile } from '../../engine/definitions/registry.ts';

const folder = join(import.meta.dirname, '../../engine/definitions');

/** The file that holds the texts. */
export const bundlePath: string = join(folder, 'stock.generated.ts');

const kinds = [
  'component',
  'trait',
  'policy',
  'workflowstep',
] as const satisfies readonly StockFile['kind'][];

/** The .cue files below engine/definitions: current ones first, then by kind and by name in bytewise order. */
export function stockFilesOnDisk(): StockFile[] {
  const rank = (f: StockFile) => `${f.deprecated ? 1 : 0}${kinds.indexOf(f.kind)}${f.name}`;
  return globSync('**/*.cue', { cwd: folder })
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
}
