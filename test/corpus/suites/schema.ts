/**
 * Definitions and the schema that KubeVela stores of their parameters. A case names a stock definition, or a file
 * beside it holds the definition: the case's name with .cue or .yaml.
 */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Definition, DefinitionKind } from '../../../engine/definitions/definition.ts';
import { templateOf } from '../../../engine/definitions/definition.ts';
import { libraries } from '../../../engine/definitions/libraries.ts';
import { formatOf, parseDefinitions } from '../../../engine/definitions/parse.ts';
import { StockDefinitions } from '../../../engine/definitions/registry.ts';
import { parameterSchema } from '../../../engine/definitions/schema.ts';
import { stockFiles } from '../../../engine/definitions/stock.generated.ts';
import { compare } from '../compare.ts';
import type { CorpusCase, Outcome, Suite } from '../suite.ts';

interface CaseFile {
  readonly kind: DefinitionKind;
  readonly name: string;
  readonly schema?: unknown;
  readonly error?: string;
}

const stock = new StockDefinitions(stockFiles);
const rules = { information: new Set<string>(), mayBeMore: new Set<string>() };

export const suite: Suite = {
  folder: 'schema',
  cases(folder) {
    const paths = globSync('**/*.json', { cwd: folder }).map((path) => path.replaceAll('\\', '/'));
    return paths.sort().map((path): CorpusCase => ({ path, run: () => run(join(folder, path)) }));
  },
};

function run(file: string): Outcome {
  const one: CaseFile = JSON.parse(readFileSync(file, 'utf8'));
  const definition = definitionOf(file, one);
  const template = templateOf(definition);
  const made = parameterSchema(template ?? { text: '', source: one.name, line: 1 }, { libraries });
  const got = made.ok ? { schema: made.value } : { error: made.issues.map((i) => i.message).join('\n') };
  const shape = (side: CaseFile | typeof got): unknown =>
    'schema' in side ? { schema: whatCounts(side.schema) } : { error: true };
  const { differences, information } = compare(shape(one), shape(got), rules);
  const { schema: _, error: __, ...given } = one;
  return { differences, information, got: { ...given, ...got } };
}

function definitionOf(file: string, one: CaseFile): Definition {
  for (const ending of ['.cue', '.yaml']) {
    const beside = file.replace(/\.json$/, ending);
    if (!existsSync(beside)) continue;
    const text = readFileSync(beside, 'utf8');
    const parsed = parseDefinitions(text, formatOf(beside), beside);
    if (!parsed.ok) throw new Error(parsed.issues[0]?.message);
    const [definition] = parsed.value;
    if (definition !== undefined) return definition;
  }
  const definition = stock.find(one.kind, one.name);
  if (definition === null) throw new Error(`there is no stock definition of the ${one.kind} ${one.name}`);
  return definition;
}

/** The order of `required` does not count, nor what is said in descriptions. */
function whatCounts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(whatCounts);
  if (typeof value !== 'object' || value === null) return value;
  const counted = Object.entries(value).filter(([key, v]) => key !== 'description' || typeof v !== 'string');
  const entries = counted.map(([key, v]) => {
    if (key === 'required' && Array.isArray(v)) return [key, v.toSorted()] as const;
    return [key, whatCounts(v)] as const;
  });
  return Object.fromEntries(entries);
}
