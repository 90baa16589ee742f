/** Definitions from files and folders of the user's: .cue, YAML and JSON. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Definition } from '../engine/definitions/definition.ts';
import { formatOf, parseDefinitions } from '../engine/definitions/parse.ts';
import type { Issue, Result } from '../engine/result.ts';
import { fail, ok } from '../engine/result.ts';

const known = /\.(?:cue|ya?ml|json)$/;

/** Reads the given files, and all files of known kinds below the given folders, in the order of their names. */
export function readDefinitionFiles(paths: readonly string[]): Result<readonly Definition[]> {
  const definitions: Definition[] = [];
  const issues: Issue[] = [];
  const warnings: Issue[] = [];
  for (const file of paths.flatMap(filesBelow)) {
    const text = readFileSync(file, 'utf8');
    const parsed = parseDefinitions(text, formatOf(file), file);
    warnings.push(...(parsed.warnings ?? []));
    if (parsed.ok) definitions.push(...parsed.value);
    else issues.push(...parsed.issues);
  }
  return issues.length > 0 ? { ...fail(...issues), warnings } : ok(definitions, warnings);
}

function filesBelow(path: string): readonly string[] {
  if (!statSync(path).isDirectory()) return [path];
  const found = readdirSync(path, { recursive: true, withFileTypes: true });
  const files = found.filter((entry) => entry.isFile() && known.test(entry.name));
  return files.map((entry) => join(entry.parentPath, entry.name)).sort();
}
