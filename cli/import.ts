/** `mainsheet import`: what of a folder's definitions loads, what does not and why, and which templates compile. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import type { ImportedDocument, ImportTotals } from '../engine/definitions/import.ts';
import { importFile, importTotals, isDefinitionFile } from '../engine/definitions/import.ts';
import { libraries } from '../engine/definitions/libraries.ts';
import { definitionCompiler } from '../engine/render/definition-compiler.ts';
import type { Issue } from '../engine/result.ts';
import type { CommandIo } from './main.ts';

const usage = `usage: mainsheet import DIR... [options]

  DIR                        files or folders of .cue, YAML (also of a Helm chart) and JSON
  -o, --output FORMAT        text (default) or json
`;

/** The exit status is 1 where a definition is refused. */
export async function importDefinitions(args: readonly string[], io: CommandIo): Promise<number> {
  const options = readOptions(args);
  if (typeof options === 'string') {
    (options === '' ? io.out : io.err)(options === '' ? usage : `${options}\n\n${usage}`);
    return options === '' ? 0 : 2;
  }
  const compile = definitionCompiler(libraries);
  const documents: ImportedDocument[] = [];
  try {
    for (const [root, file] of options.folders.flatMap(filesBelow)) {
      const path = relative(root, file) || file;
      documents.push(...importFile({ path, text: readFileSync(file, 'utf8') }, compile));
    }
  } catch (error) {
    // Folders that are missing or may not be read.
    io.err(`error: ${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  }
  const totals = importTotals(documents);
  io.out(options.output === 'json' ? jsonReport(documents, totals) : textReport(documents, totals));
  return totals.refused > 0 ? 1 : 0;
}

interface Options {
  readonly folders: readonly string[];
  readonly output: 'text' | 'json';
}

/** The options, or why they are wrong; an empty text asks for help. */
function readOptions(args: readonly string[]): Options | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        output: { type: 'string', short: 'o', default: 'text' },
        help: { type: 'boolean', short: 'h', default: false },
      },
      allowPositionals: true,
    });
    if (values.help) return '';
    if (positionals.length === 0) return 'Name a folder or a file.';
    const { output } = values;
    if (output !== 'text' && output !== 'json')
      return `"${output}" is no output format; there are text and json.`;
    return { folders: positionals, output };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The files that may hold definitions, each with the folder it was found below. */
function filesBelow(path: string): readonly (readonly [string, string])[] {
  if (!statSync(path).isDirectory()) return [[path, path]];
  const found = readdirSync(path, { recursive: true, withFileTypes: true });
  const files = found.filter((entry) => entry.isFile() && isDefinitionFile(entry.name));
  return files
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => [path, file]);
}

function jsonReport(documents: readonly ImportedDocument[], totals: ImportTotals): string {
  const items = documents.map((document) => {
    if (document.result === 'refused') return document;
    const { definition: _, ...said } = document;
    return said;
  });
  return `${JSON.stringify({ totals, items }, null, 2)}\n`;
}

function textReport(documents: readonly ImportedDocument[], totals: ImportTotals): string {
  const lines: string[] = [];
  for (const document of documents) {
    if (document.result === 'refused')
      lines.push(...reasons(document, document.reason === 'outdated' ? 'outdated' : 'refused'));
    else if (document.compile === 'failed') lines.push(...reasons(document, 'does not compile'));
  }
  const { loaded, refused, outdated, compiled, notCompiled, percentage } = totals;
  lines.push(
    `${loaded} of ${totals.documents} definitions loaded (${percentage} %), ${refused} refused, ${outdated} outdated;` +
      ` of the loaded, ${compiled} compile and ${notCompiled} do not.`,
  );
  return `${lines.join('\n')}\n`;
}

function reasons(document: ImportedDocument, what: string): readonly string[] {
  return document.issues.map(
    (issue) =>
      `${document.file}:${lineOf(issue) ?? document.line}: ${what}: ${issue.message} [${issue.code}]`,
  );
}

const lineOf = ({ span }: Issue): number | undefined => span?.line;
