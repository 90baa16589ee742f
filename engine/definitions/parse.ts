/** Definitions from a text of either form. */
import type { Result } from '../result.ts';
import { ok } from '../result.ts';
import { parseCueFile } from './cue-file.ts';
import { parseCustomResources } from './custom-resource.ts';
import type { Definition } from './definition.ts';

export type DefinitionFormat = 'cue' | 'yaml';

/** The form that a file's name tells; JSON is YAML. */
export function formatOf(fileName: string): DefinitionFormat {
  return fileName.endsWith('.cue') ? 'cue' : 'yaml';
}

/** One definition of a .cue text, one or more of a YAML or JSON text. `source` is what spans show. */
export function parseDefinitions(
  text: string,
  format: DefinitionFormat,
  source: string,
): Result<readonly Definition[]> {
  if (format === 'yaml') return parseCustomResources(text, { source });
  const parsed = parseCueFile(text, source);
  return parsed.ok ? ok([parsed.value], parsed.warnings) : parsed;
}
