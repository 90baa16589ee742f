/** `mainsheet definitions`: the stock definitions and those of files, listed, searched and shown, on this machine. */
import { parseArgs } from 'node:util';
import { stringify } from 'yaml';
import { toCustomResource } from '../engine/definitions/custom-resource.ts';
import {
  cueFileType,
  type Definition,
  type DefinitionKind,
  deprecatedLabel,
  templateOf,
} from '../engine/definitions/definition.ts';
import { definitionDocs, exampleOf } from '../engine/definitions/docs.ts';
import { libraries } from '../engine/definitions/libraries.ts';
import { StockDefinitions } from '../engine/definitions/registry.ts';
import { parameterSchema } from '../engine/definitions/schema.ts';
import { matchesWords } from '../engine/definitions/search.ts';
import { stockFiles } from '../engine/definitions/stock.generated.ts';
import type { JsonObject, JsonValue } from '../engine/json.ts';
import { nearestName } from '../engine/oam/nearest.ts';
import { parseSubmission } from '../engine/oam/parse.ts';
import { parseClusterVersion } from '../engine/render/context.ts';
import { readDefinitionFiles } from './definition-files.ts';
import type { CommandIo } from './main.ts';
import { renderOne, report } from './rendering.ts';

const kinds = Object.keys(cueFileType);
const views = ['docs', 'schema', 'example', 'source'] as const;
type View = (typeof views)[number];
const outputs = ['table', 'json', 'yaml'] as const;
type Output = (typeof outputs)[number];

const usage = `usage: mainsheet definitions [list] [WORD...] [options]
       mainsheet definitions show [KIND/]NAME [--view VIEW] [options]

  WORD                       words in name, alias or description; all of them
      --kind KIND            ${kinds.join(', ')}
      --deprecated           only the deprecated ones
      --view VIEW            of one definition: ${views.join(', ')}; all of it where absent
  -d, --definitions PATH     definitions of your own beside the stock ones: a file or a folder; may be repeated
  -o, --output FORMAT        table (default), json or yaml
`;

interface Options {
  readonly command: 'list' | 'show';
  readonly words: readonly string[];
  readonly kind: DefinitionKind | undefined;
  readonly deprecated: boolean;
  readonly view: View | undefined;
  readonly paths: readonly string[];
  readonly output: Output;
}

interface Entry {
  /** As files and the API spell it. */
  readonly kind: string;
  readonly origin: 'stock' | 'file';
  readonly definition: Definition;
  /** Null where it is made of the definition. */
  readonly source: string | null;
}

export async function definitions(args: readonly string[], io: CommandIo): Promise<number> {
  const options = readOptions(args);
  if (typeof options === 'string') {
    (options === '' ? io.out : io.err)(options === '' ? usage : `${options}\n\n${usage}`);
    return options === '' ? 0 : 2;
  }
  const own = readOwn(options.paths, io);
  if (own === null) return 1;
  const entries = [...own, ...stockEntries(own)].filter(
    ({ definition }) => options.kind === undefined || definition.kind === options.kind,
  );
  return options.command === 'list' ? list(entries, options, io) : show(entries, own, options, io);
}

function readOwn(paths: readonly string[], io: CommandIo): readonly Entry[] | null {
  try {
    const read = readDefinitionFiles(paths);
    if (report(read, io) !== 0 || !read.ok) return null;
    return read.value.map((definition) => ({
      kind: spelled(definition.kind),
      origin: 'file',
      definition,
      source: null,
    }));
  } catch (error) {
    // Files that are missing or may not be read.
    io.err(`error: ${error instanceof Error ? error.message : String(error)}\n`);
    return null;
  }
}

const spelled = (kind: DefinitionKind): string => kinds.find((one) => cueFileType[one] === kind) ?? kind;

/** Those that a file's definition of the same name does not hide. */
function stockEntries(own: readonly Entry[]): readonly Entry[] {
  const stock = new StockDefinitions(stockFiles);
  const hidden = new Set(own.map(({ definition: { kind, name } }) => `${kind}/${name}`));
  return Object.values(cueFileType).flatMap((kind) =>
    [...stock.names(kind)].sort().flatMap((name): readonly Entry[] => {
      const definition = hidden.has(`${kind}/${name}`) ? null : stock.find(kind, name);
      if (definition === null) return [];
      return [{ kind: spelled(kind), origin: 'stock', definition, source: stock.source(kind, name) }];
    }),
  );
}

function list(entries: readonly Entry[], { words, deprecated, output }: Options, io: CommandIo): number {
  const found = entries
    .filter(({ definition }) => matchesWords(definition, words.join(' ')))
    .filter(({ definition }) => !deprecated || isDeprecated(definition));
  const rows = found.map(({ kind, origin, definition: { name, description, ...rest } }) => ({
    kind,
    name,
    origin,
    deprecated: isDeprecated(rest),
    description,
  }));
  if (output === 'table') io.out(table(rows));
  else io.out(printed(rows, output));
  return found.length === 0 ? 1 : 0;
}

const isDeprecated = ({ labels }: Pick<Definition, 'labels'>): boolean => labels[deprecatedLabel] === 'true';

interface Row {
  readonly [column: string]: string | boolean;
  readonly kind: string;
  readonly name: string;
  readonly origin: string;
  readonly deprecated: boolean;
  readonly description: string;
}

function table(rows: readonly Row[]): string {
  if (rows.length === 0) return 'No definition fits.\n';
  const cells = rows.map(({ kind, name, origin, deprecated, description }) => [
    kind,
    name,
    deprecated ? `${origin}, deprecated` : origin,
    description.replaceAll(/\s+/g, ' '),
  ]);
  const all = [['KIND', 'NAME', 'ORIGIN', 'DESCRIPTION'], ...cells];
  const widths = [0, 1, 2].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return `${all.map(line).join('\n')}\n`;
}

const printed = (value: JsonValue, output: Exclude<Output, 'table'>): string =>
  output === 'json'
    ? `${JSON.stringify(value, null, 2)}\n`
    : stringify(value, { aliasDuplicateObjects: false });

function show(
  entries: readonly Entry[],
  own: readonly Entry[],
  { words, view, output }: Options,
  io: CommandIo,
): number {
  const [wanted = ''] = words;
  const found = entries.filter(
    ({ kind, definition: { name } }) => wanted === name || wanted === `${kind}/${name}`,
  );
  const [entry, another] = found;
  if (entry === undefined || another !== undefined) {
    io.err(`error: ${entry === undefined ? unknown(wanted, entries) : ambiguous(wanted, found)}\n`);
    return 1;
  }
  const schema = schemaOf(entry);
  const example = exampleFor(entry, schema, own);
  const source = entry.source ?? stringify(toCustomResource(entry.definition));
  io.out(viewOf({ entry, schema, example, source }, view, output));
  return 0;
}

function unknown(wanted: string, entries: readonly Entry[]): string {
  const names = entries.flatMap(({ kind, definition: { name } }) =>
    wanted.includes('/') ? [`${kind}/${name}`] : [name],
  );
  const near = nearestName(wanted, names);
  return `There is no definition "${wanted}".${near === null ? '' : ` Did you mean "${near}"?`}`;
}

const ambiguous = (wanted: string, found: readonly Entry[]): string =>
  `Several definitions are called "${wanted}": ${found.map(({ kind, definition }) => `${kind}/${definition.name}`).join(', ')}.`;

function schemaOf({ definition }: Entry): JsonObject | null {
  const template = templateOf(definition);
  const schema = template === null ? null : parameterSchema(template, { libraries });
  return schema?.ok ? schema.value : null;
}

/** An Application made of the schema, where it renders: a schema does not tell every rule of a template. */
function exampleFor(
  { definition }: Entry,
  schema: JsonObject | null,
  own: readonly Entry[],
): JsonObject | null {
  const example = exampleOf(definition, schema ?? {});
  const parsed = example === null ? null : parseSubmission(JSON.stringify(example));
  const version = parseClusterVersion('1.31');
  if (parsed === null || !parsed.ok || version === null) return null;
  const [application] = parsed.value.applications;
  if (application === undefined) return null;
  const texts = { submission: parsed.value, definitions: own.map((one) => one.definition) };
  const clusters = ['local'];
  const rendered = renderOne(application, texts, { definitions: [], clusters, version, revision: 1 });
  return rendered.ok ? example : null;
}

interface Shown {
  readonly entry: Entry;
  readonly schema: JsonObject | null;
  readonly example: JsonObject | null;
  readonly source: string;
}

/** For people a page, its example as YAML and its text as it stands; else data. */
function viewOf({ entry, schema, example, source }: Shown, view: View | undefined, output: Output): string {
  const docs = definitionDocs(entry.definition, schema, example);
  const { kind, origin, definition } = entry;
  const { name, description } = definition;
  const whole = {
    kind,
    name,
    origin,
    deprecated: isDeprecated(definition),
    description,
    schema,
    example,
    source,
  };
  const data = { docs, schema, example, source };
  switch (view) {
    case undefined:
      return output === 'table' ? docs : printed(whole, output);
    case 'docs':
    case 'source':
      return output === 'table' ? ended(data[view]) : printed({ [view]: data[view] }, output);
    case 'schema':
      return printed(schema, output === 'table' ? 'json' : output);
    case 'example':
      return printed(example, output === 'table' ? 'yaml' : output);
    default:
      return view satisfies never;
  }
}

const ended = (text: string): string => (text.endsWith('\n') ? text : `${text}\n`);

/** The options, or why they are wrong; an empty text asks for help. */
function readOptions(args: readonly string[]): Options | string {
  let parsed: ReturnType<typeof parseFlags>;
  try {
    parsed = parseFlags(args);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const { values, positionals } = parsed;
  if (values.help) return '';
  const [first, ...rest] = positionals;
  const command = first === 'show' ? 'show' : 'list';
  const words = first === 'show' || first === 'list' ? rest : positionals;
  if (command === 'show' && words.length !== 1) return 'Name one definition to show.';
  const output = outputs.find((one) => one === values.output);
  if (output === undefined) return `"${values.output}" is no output format; there are ${outputs.join(', ')}.`;
  const view = views.find((one) => one === values.view);
  if (view === undefined && values.view !== undefined)
    return `"${values.view}" is no view; there are ${views.join(', ')}.`;
  const kind = values.kind === undefined ? undefined : cueFileType[values.kind];
  if (kind === undefined && values.kind !== undefined)
    return `"${values.kind}" is no kind; there are ${kinds.join(', ')}.`;
  const { deprecated, definitions: paths } = values;
  return { command, words, kind, deprecated, view, paths, output };
}

function parseFlags(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    options: {
      kind: { type: 'string' },
      deprecated: { type: 'boolean', default: false },
      view: { type: 'string' },
      definitions: { type: 'string', short: 'd', multiple: true, default: [] as string[] },
      output: { type: 'string', short: 'o', default: 'table' },
      help: { type: 'boolean', short: 'h', default: false },
    },
    allowPositionals: true,
  });
}
