/**
 * Reading definitions by the folder: every document that is one is loaded, or refused with line and reason, and its
 * template is compiled. Loading does not compile, as in KubeVela: what a template refers to shows at compilation.
 */
import { parse } from '../cue/index.ts';
import { utf8Length } from '../json.ts';
import type { Manifest } from '../oam/read.ts';
import { readManifests } from '../oam/read.ts';
import { defaultTextLimits } from '../oam/text/tree.ts';
import type { Issue, Result, Span } from '../result.ts';
import { fail } from '../result.ts';
import { parseCueFile } from './cue-file.ts';
import { parseCustomResource, withoutChartActions } from './custom-resource.ts';
import type { Definition, DefinitionKind, Schematic } from './definition.ts';
import { cueFileType, customResourceKind, templateOf } from './definition.ts';

/** A file of an imported folder or archive. */
export interface DefinitionFile {
  /** Below the folder, with `/`. */
  readonly path: string;
  readonly text: string;
}

interface Document {
  readonly file: string;
  /** Of the file, counted from 1, where the document begins. */
  readonly line: number;
  /** Import paths of the template in the order in which they stand. */
  readonly imports: readonly string[];
  /** It imports a package of KubeVela's, whose calls something has to perform. */
  readonly needsProviders: boolean;
}

export interface LoadedDocument extends Document {
  readonly result: 'loaded';
  readonly kind: DefinitionKind;
  readonly name: string;
  readonly schematic: Schematic['type'];
  /** `none`: there is no CUE to compile. */
  readonly compile: 'ok' | 'failed' | 'none';
  /** Why it does not compile, with the line in the file. */
  readonly issues: readonly Issue[];
  readonly warnings: readonly Issue[];
  readonly definition: Definition;
}

export interface RefusedDocument extends Document {
  readonly result: 'refused';
  /** `outdated`: written for an API version before v1beta1. */
  readonly reason: 'outdated' | 'invalid';
  readonly issues: readonly Issue[];
}

export type ImportedDocument = LoadedDocument | RefusedDocument;

/** How definitions are compiled: the issues, none where it compiles. */
export type CompileDefinition = (definition: Definition) => readonly Issue[];

/** Whether a file can hold definitions, by its name. */
export function isDefinitionFile(path: string): boolean {
  return /\.(?:cue|ya?ml|json)$/.test(path);
}

/**
 * The definitions of one file, in its order. Documents and files that are something else (a CRD, an addon's
 * parameters) give nothing.
 */
export function importFile(file: DefinitionFile, compile: CompileDefinition): readonly ImportedDocument[] {
  return file.path.endsWith('.cue') ? importCue(file, compile) : importYaml(file, compile);
}

export interface ImportTotals {
  /** All but the outdated ones. */
  readonly documents: number;
  readonly loaded: number;
  readonly refused: number;
  readonly outdated: number;
  readonly compiled: number;
  readonly notCompiled: number;
  /** Loaded of all documents, in percent with one decimal. */
  readonly percentage: number;
}

export function importTotals(documents: readonly ImportedDocument[]): ImportTotals {
  const loaded = documents.filter((d) => d.result === 'loaded');
  const refused = documents.filter((d) => d.result === 'refused');
  const outdated = refused.filter((d) => d.reason === 'outdated').length;
  const counted = documents.length - outdated;
  return {
    documents: counted,
    loaded: loaded.length,
    refused: refused.length - outdated,
    outdated,
    compiled: loaded.filter((d) => d.compile === 'ok').length,
    notCompiled: loaded.filter((d) => d.compile === 'failed').length,
    percentage: counted === 0 ? 100 : Math.round((loaded.length / counted) * 1000) / 10,
  };
}

const types = Object.keys(cueFileType).join('|');
const cueCandidate = new RegExp(`^(?:template|"template")[ \\t]*:|\\btype:[ \\t]*"(?:${types})"`, 'm');

function importCue({ path, text }: DefinitionFile, compile: CompileDefinition): readonly ImportedDocument[] {
  if (!cueCandidate.test(text)) return [];
  const document = { file: path, line: 1, ...packagesOf(text) };
  if (utf8Length(text) > defaultTextLimits.bytes) {
    const message = `The file is larger than ${defaultTextLimits.bytes} bytes.`;
    return [refused(document, fail({ code: 'text-too-large', path: '', message }).issues)];
  }
  const parsed = parseCueFile(text, path);
  return [imported(document, parsed, compile, (span) => span)];
}

interface TextPart {
  readonly text: string;
  /** Of the file. */
  readonly line: number;
}

function importYaml(file: DefinitionFile, compile: CompileDefinition): readonly ImportedDocument[] {
  return yamlParts(file.text).flatMap((part) => importPart(file.path, part, compile));
}

/** The documents of a YAML stream, one by one: what is wrong with one does not take the others along. */
function yamlParts(text: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let from = 0;
  const lines = text.split('\n');
  const close = (end: number): void => {
    const part = lines.slice(from, end).join('\n');
    if (part.trim() !== '') parts.push({ text: part, line: from + 1 });
  };
  for (const [i, line] of lines.entries()) {
    if (!/^---(?:\s|$)/.test(line)) continue;
    close(i);
    from = i + 1;
  }
  close(lines.length);
  return parts;
}

const kinds: ReadonlySet<unknown> = new Set(Object.values(customResourceKind));
const kindLine = new RegExp(`^[ \\t]*"?kind"?:[ \\t]*["']?(?:${[...kinds].join('|')})\\b`, 'm');

function importPart(
  file: string,
  { text, line }: TextPart,
  compile: CompileDefinition,
): readonly ImportedDocument[] {
  const shift = (span: Span): Span => ({ ...span, source: file, line: span.line + line - 1 });
  const read = readManifests(withoutChartActions(text), { source: file });
  if (!read.ok) {
    if (!kindLine.test(text)) return [];
    const issues = read.issues.map((i) => shiftedIssue(i, shift));
    return [refused({ file, line: contentLine(text, line), ...packagesOf(text) }, issues)];
  }
  return read.value
    .filter((manifest) => kinds.has(manifest.value['kind']))
    .map((manifest) => importManifest(manifest, { file, compile, shift }));
}

interface Place {
  readonly file: string;
  readonly compile: CompileDefinition;
  readonly shift: (span: Span) => Span;
}

function importManifest(manifest: Manifest, { file, compile, shift }: Place): ImportedDocument {
  const start = shift(manifest.locate([])).line;
  const parsed = parseCustomResource(manifest);
  const template = parsed.ok ? templateOf(parsed.value) : null;
  const source = template?.text ?? JSON.stringify(manifest.value['spec'] ?? '').replaceAll('\\n', '\n');
  const document = { file, line: start, ...packagesOf(source.replaceAll('\\"', '"')) };
  // A block text begins on the line below its `|`.
  const at = shift(manifest.locate(['spec', 'schematic', 'cue', 'template']));
  const inTemplate = (span: Span): Span => ({ ...span, source: file, line: at.line + span.line });
  const shifted = parsed.ok
    ? parsed
    : { ...parsed, issues: parsed.issues.map((i) => shiftedIssue(i, shift)) };
  return imported(document, shifted, compile, inTemplate);
}

function shiftedIssue(issue: Issue, shift: (span: Span) => Span): Issue {
  return issue.span === undefined ? issue : { ...issue, span: shift(issue.span) };
}

function contentLine(text: string, line: number): number {
  const lines = text.split('\n');
  return (
    line +
    Math.max(
      0,
      lines.findIndex((l) => !/^\s*(?:#.*)?$/.test(l)),
    )
  );
}

function imported(
  document: Document,
  parsed: Result<Definition>,
  compile: CompileDefinition,
  inFile: (span: Span) => Span,
): ImportedDocument {
  if (!parsed.ok) return refused(document, parsed.issues);
  const definition = parsed.value;
  const hasTemplate = templateOf(definition) !== null;
  const issues = hasTemplate ? compile(definition) : [];
  return {
    result: 'loaded',
    ...document,
    kind: definition.kind,
    name: definition.name,
    schematic: definition.schematic.type,
    compile: hasTemplate ? (issues.length === 0 ? 'ok' : 'failed') : 'none',
    issues: issues.map((i) => (i.definition === undefined ? i : { ...i, span: inFile(i.definition) })),
    warnings: parsed.warnings ?? [],
    definition,
  };
}

function refused(document: Document, issues: readonly Issue[]): RefusedDocument {
  const outdated = issues.some(
    ({ code, actual }) =>
      code === 'definition.api-version' && /^core\.oam\.dev\/v1alpha\d$/.test(actual ?? ''),
  );
  return { result: 'refused', ...document, reason: outdated ? 'outdated' : 'invalid', issues };
}

/** What a CUE text imports; read off its lines where it does not parse. */
function packagesOf(text: string): { readonly imports: readonly string[]; readonly needsProviders: boolean } {
  const parsed = parse({ name: 'imports', text });
  const imports = parsed.ok ? parsed.value.imports.map(({ path }) => path) : importLines(text);
  return { imports, needsProviders: imports.some((path) => path.startsWith('vela/')) };
}

const importDeclaration = /^[ \t]*import[ \t]+(?:\(([^)]*)\)|(?:[\w$]+[ \t]+)?"([^"\n]+)")/gm;

function importLines(text: string): readonly string[] {
  return [...text.matchAll(importDeclaration)].flatMap(([, group, single]) => {
    if (single !== undefined) return [single];
    return [...(group ?? '').matchAll(/"([^"\n]+)"/g)].map(([, path]) => path ?? '');
  });
}
